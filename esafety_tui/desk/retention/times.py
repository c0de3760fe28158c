"""Whose time has come: closed cases by the policy's rules, and what stands in the way of disposing of each (R16)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from esafety_tui.desk import boxes, clock
from esafety_tui.desk.case import bookmark
from esafety_tui.desk.case.casework import STREAM
from esafety_tui.desk.case.summary import case_of, project
from esafety_tui.desk.compartments.keeping import exhibited
from esafety_tui.incident import events as e
from esafety_tui.incident.case import Case
from esafety_tui.incident.standing import CHILD_KINDS, STAFF_KINDS
from esafety_tui.register import retention as rules
from esafety_tui.store.browse import NoSuchIncident
from esafety_tui.store.closed import ClosedRow, closed
from esafety_tui.store.merged import inside
from esafety_tui.store.pages import COUNTED

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session

#: Something half typed in a case holds its disposal up for so long; what is older goes with it, and that is said.
DRAFT_DAYS = 30
#: How the sentence begins that says until when the rule keeps a record.
KEPT_UNTIL = "It is kept until"


@dataclass(frozen=True)
class Line:
    """A record and its time. Days are ISO text.

    rule: what the policy calls this sort of record; due: the day on which it may go, "" for never; why: how that was
    counted; reconstructed: the policy itself gives no years. held: the reason of a legal hold, "" without one.
    blocked: what has to be done first; told: what else the two people should know. sealed: it holds sealed files (R5).
    """

    ref: str
    rule: str
    opened: str
    closed: str
    basis: str
    basis_day: str
    years: int
    due: str
    why: str
    then: str
    reconstructed: bool = False
    held: str = ""
    blocked: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    sealed: bool = False

    @property
    def ready(self) -> bool:
        """Whether two people may dispose of it now."""
        return not self.held and not self.blocked


class Times:
    """The retention rules over one open log, for whoever is signed in."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def due(self) -> list[Line]:
        """Every record whose time has come and that the reader may read in full, the longest due first."""
        with self._session.lock:
            return [self.line(ref) for _, ref in sorted(self._come())]

    def count(self) -> tuple[int, str]:
        """How many there are that no hold keeps, exact to 1,000 (1,001: there are more), and since when the first of
        those counted (an ISO day, "" for none)."""
        with self._session.lock:
            free = (day for day, ref in self._come() if ref not in self._session.register.retention.holds)
            found = list(islice(free, COUNTED + 1))
            return len(found), min(found).isoformat() if found else ""

    def held(self) -> list[Line]:
        """The records under a legal hold that the reader may read in full."""
        session = self._session
        with session.lock:
            return [self.line(ref) for ref in session.register.retention.holds if self._readable(ref)]

    def line(self, ref: str) -> Line:
        """One record, closed or not. Raises NoSuchIncident where it is missing or not to be read in full."""
        session = self._session
        with session.lock:
            if not self._readable(ref):
                raise NoSuchIncident()
            case = case_of(session.journal.read(STREAM + ref))
            time = self._time(case)
            kept = session.register.retention.kept.get(ref)
            due = rules.kept_until(time, kept)
            held = session.register.retention.holds.get(ref)
            why = time.why
            if kept is not None and due is not None and due.isoformat() == kept.until:
                why += f". Two people looked at it and kept it until then: {kept.reason}"
            ended = _closed(case).isoformat() if _ended(case) else ""
            return Line(
                ref, time.rule.title, _day(case.opened_at).isoformat(), ended,
                time.rule.basis, time.basis_day.isoformat(), time.rule.years, due.isoformat() if due else "", why,
                time.rule.then, time.rule.confidence == "reconstructed", held[1].reason if held else "",
                tuple(self._blocks(case, due)), tuple(self._told(case)),
                any(one.sealed for one in case.exhibits.values()),
            )  # fmt: skip

    def sort(self, ref: str) -> str:
        """The id of the rule that governs a record."""
        return self._time(case_of(self._session.journal.read(STREAM + ref))).rule.id

    @staticmethod
    def today() -> date:
        """The day here."""
        return clock.local(*clock.now()).date()

    # -- inside

    def _readable(self, ref: str) -> bool:
        row = self._session.browse.incident(self._session.reader, ref)
        return row is not None and not row.reduced

    def _time(self, case: Case) -> rules.Time:
        return rules.time_of(facts_of(case), rules.rules(self._session.pack.tables.retention))

    def _come(self) -> Iterator[tuple[date, str]]:
        """The records whose time has come: (since when, reference), those opened first before the others. Reads no
        case, and no more rows than are asked for."""
        session, today = self._session, self.today()
        rules_here = rules.rules(session.pack.tables.retention)
        earliest = rules.years_before(today, rules.soonest(rules_here)) + timedelta(days=2)
        for row in self._ended_before(earliest.isoformat()):
            time = rules.time_of(_facts(row), rules_here)
            due = rules.kept_until(time, session.register.retention.kept.get(row.ref))
            if due is not None and due <= today:
                yield due, row.ref

    def _ended_before(self, day: str) -> Iterator[ClosedRow]:
        """The closed cases that the reader may read in full and that began before a day, of open compartments too."""
        session = self._session
        yield from closed(session.database, session.reader, day)
        for room in session.compartments.all():
            yield from closed(room.database, inside(session.reader), day)

    def _blocks(self, case: Case, due: date | None) -> list[str]:
        """What has to be done before it can be disposed of, each as a sentence."""
        session, found = self._session, []
        if not _ended(case):
            found.append("It is not closed.")
        elif due is None:
            found.append("The rule keeps it for good.")
        elif due > self.today():
            found.append(f"{KEPT_UNTIL} {due.day} {due:%B %Y}.")
        if not case.writable:
            found.append("A newer version of this program wrote in it: only that can judge.")
        adopted = session.pack_of(case.pack_sha256)
        found += [f"Something is still due in it: {one.what}." for one in project(case, adopted).due]
        found += [f"A device is still in the school's keeping: {one.what}." for one in case.custody.values()
                  if one.ended is None]  # fmt: skip
        if self._drafts(case.ref, young=True):
            found.append("Somebody has typed something for it that is not recorded yet.")
        if any(self._open(ref) for ref in case.links):
            found.append("A case that it is linked with is not closed.")
        if session.compartments.of_ref(case.ref) and len(session.compartments.readers(case)) < 2:
            found.append("Only one person can open it, and two decide: name somebody else who may, in the case itself.")
        return found

    def _told(self, case: Case) -> list[str]:
        """What is no obstacle, and should be known."""
        session, found = self._session, []
        if room := session.compartments.of_ref(case.ref):
            count, files = room.journal.head()[0] - room.database.base, len(set(exhibited(room.journal.entries())))
            found.append(
                f"It is kept apart: its own folder goes whole, with {_counted(count, 'entry', 'entries')} "
                f"and {_counted(files, 'file', 'files')}. What stays of it is for those alone who can open it now."
            )
        if case.standing.adult != "none":
            found.append("About staff: if normal retirement age is later, put it off to that day.")
        if case.links:
            found.append("It is linked with another case, which stays and goes on naming this reference.")
        if self._drafts(case.ref, young=False):
            found.append("Something half typed long ago goes with it.")
        out = [one.left.item for one in session.register.gone.values() if one.left.ref == case.ref and one.end is None]
        if out:
            found.append(f"Papers or files of it left this computer and are not back: {', '.join(out)}.")
        return found

    def _drafts(self, ref: str, young: bool) -> bool:
        since = (self.today() - timedelta(days=DRAFT_DAYS)).isoformat()
        # What is half typed about its keeping itself holds nothing up.
        own = f"{ref}/{boxes.BOX}/"
        kept = self._session.drafts.beginning(f"{ref}/")
        typed = [at for key, at in kept if not (bookmark.of_reading(key) or key.startswith(own))]
        return any((at >= since or not at) == young for at in typed)

    def _open(self, ref: str) -> bool:
        """Whether a linked case goes on; nothing is said of which it is, so it may be one closed to the reader."""
        entries = self._session.journal.read(STREAM + ref)
        return bool(entries) and not _ended(case_of(entries))


def facts_of(case: Case) -> rules.Facts:
    """What the rules have to know of a case; one that is not closed counts as closed on the day of its last entry."""
    standing = case.standing
    return rules.Facts(
        standing.klass if standing.klass != "unset" else rules.SUSPICION,
        _day(case.opened_at),
        _closed(case),
        tuple(party.age for party in case.parties.values() if party.is_child),
        staff=standing.adult != "none",
        protection=standing.branch == "illegal" or standing.suspected,
    )


def _facts(row: ClosedRow) -> rules.Facts:
    """The same from the row of a closed case, without reading the case."""
    people = {one.party: one for one in row.named}.values()  # as they were recorded last
    ages = tuple(one.age for one in people if one.kind in CHILD_KINDS)
    staff = any(one.role == "subject" and (one.reserved or one.kind in STAFF_KINDS) for one in row.named)
    return rules.Facts(row.klass, _day(row.opened_at), _day(row.closed_at), ages, staff, row.protection)


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _ended(case: Case) -> bool:
    return case.standing.status == "closed"


def _closed(case: Case) -> date:
    ends = [m.at for m in case.moments if isinstance(m.event, e.Closed)] or [case.moments[-1].at]
    return _day(ends[-1])


def _day(at: str) -> date:
    """The day here of a stored time."""
    return datetime.fromisoformat(at.replace("Z", "+00:00")).astimezone().date()
