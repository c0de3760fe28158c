"""Reading the log: the list, one case, what is open and due. What the reader may not see is not there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from esafety_tui.desk import clock
from esafety_tui.desk.case import absent, before, excluded, kept
from esafety_tui.desk.case.readable import readable
from esafety_tui.desk.copies import withheld
from esafety_tui.desk.copies.backup_notices import left_there, missing, notices
from esafety_tui.desk.forms.base import View
from esafety_tui.desk.forms.taken_out import decider_title
from esafety_tui.desk.logbook import logfilter
from esafety_tui.desk.logbook.dues import DueLine, Dues
from esafety_tui.desk.logbook.logfilter import LogFilter
from esafety_tui.desk.logbook.paging import Paging
from esafety_tui.incident import entries, reference
from esafety_tui.incident import events as e
from esafety_tui.incident.case import Case, Moment
from esafety_tui.incident.corrections import corrected
from esafety_tui.incident.rules.deciders import title_of
from esafety_tui.people import person as people
from esafety_tui.store.browse import Listed, NoSuchIncident

if TYPE_CHECKING:
    from esafety_tui.desk.logbook.exporting import Exporting
    from esafety_tui.desk.logbook.link_reasons import LinkReasons
    from esafety_tui.desk.logbook.persons import Persons
    from esafety_tui.desk.session import Session


_NOT_CLOSED = ("open", "waiting", "halted", "awaiting-police", "monitoring")

#: Open incidents, and things due, that the first screen shows at most: it is no place to look through hundreds.
SHOWN = 100

#: Entries that add nothing to what was signed: somebody read it, signed it, or took it away on paper.
_ADD_NOTHING = (e.Viewed, e.Signed, e.Printed, e.Bundled, e.HandedOver)


@dataclass(frozen=True)
class HomeView:
    """The first screen: open cases with their present step, what is due, what has to be said. urgent: how many of the
    notices, from the first, stand above everything else: the log may not be the school's own, or may not be written, or
    is known to lack something. more_open, more_due: whether there are more than these, at most SHOWN, of each."""

    open: list[dict[str, Any]]
    due: list[DueLine]
    notices: list[str]
    urgent: int = 0
    more_open: bool = False
    more_due: bool = False


class Browsing(Paging):
    """Everything that is read."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._guests: dict[str, str] = {}

    def log(
        self,
        search: str = "",
        status: str | None = None,
        branch: str | None = None,
        kind: str | None = None,
        since: str | None = None,
        until: str | None = None,
        person: str | None = None,
        limit: int = 50,
        after: str | None = None,
    ) -> list[dict[str, Any]]:
        """A page of the log, newest first: the objects of `log --json`.

        since, until: days (ISO), `until` included. person: a `who` id or part of a name. after: the last ref seen.
        """
        wanted = LogFilter(search, status or "", branch=branch or "", kind=kind or "", person=person or "")
        return self.listed(replace(wanted, since=since or "", until=until or ""), limit, after)

    def listed(self, filter: LogFilter, limit: int = 50, after: str | None = None) -> list[dict[str, Any]]:
        """The same for any filter, at most 500 at once. Raises NoSuchIncident where `after` is not there to be seen."""
        session = self._session
        with session.lock:
            at = session.browse.pages.key_of(session.reader, reference.tidy(after) or after) if after else None
            if after and at is None:
                raise NoSuchIncident()
            wanted = logfilter.wanted(session, filter)
            rows = session.browse.pages.page(session.reader, wanted, "opened", at, limit=limit).rows
            return [self._row(row) for row in rows] if limit > 0 else []

    def _row(self, row: Listed) -> dict[str, Any]:
        session = self._session
        return {
            "ref": row.ref,
            "opened_at": _stored(row.opened_at),
            "happened_at": _stored(row.happened_at),
            "happened_time_given": clock.time_given(_stored(row.happened_at)),
            "happened_was": _stored(row.happened_was),
            "happened_corrected_by": row.happened_by or None,
            "status": row.status,
            "class": row.class_,
            "branch": row.branch,
            "kinds": list(row.kinds),
            "people": [
                {"id": p.who, "name": p.name, "kind": p.kind, "group": p.group, "role": p.role} for p in row.people
            ],
            "lead": session.name(row.lead) if row.lead else "",
            "second": self._second(row),
            # What a reader may not know is left out, never answered with "no".
            "police_referred": None if row.reduced else row.police_referred,
            "next_due": row.next_due,
            "step": row.step,
            "title": row.title,
            "title_corrected": row.title_corrected,
            "reduced": row.reduced,
        }

    def _second(self, row: Listed) -> str:
        """The second person's name; a guest's stands in the case alone."""
        name = self._session.name(row.second) if row.second else ""
        if name != row.second or not name:
            return name
        # Reading the case is slow, and a guest keeps their name: once a sitting is enough.
        if row.second not in self._guests:
            case = self._session.casework.case(row.ref, as_rules=True)
            self._guests[row.second] = self._session.casework.name(case)(row.second)
        return self._guests[row.second]

    def show(self, ref: str) -> dict[str, Any]:
        """One case: the object of `show --json`. Raises NoSuchIncident where it is missing or closed to this reader."""
        session = self._session
        with session.lock:
            ref = reference.tidy(ref) or ref
            row = session.browse.incident(session.reader, ref)
            if row is None:
                raise NoSuchIncident()
            if row.reduced:
                return {
                    **self._row(row),
                    "chronology": [],
                    **kept.nothing(),
                    "actions": [],
                    "signatures": [],
                    "conclusion": "",
                    "earlier_outcomes": [],
                    "pack": {},
                }
            session.casework.saw(ref)
            case = session.casework.case(ref)
            name = session.casework.name(case)
            shown = self._row(row)
            for seat in ("lead", "second"):
                id = getattr(case, seat)
                shown[seat] = name(id) if id else ""
            shown["kinds_was"], shown["kinds_corrected_by"] = case.kinds_was, case.kinds_by or None
            wrong = {party.who: before.wrongly(case, party) for party in case.parties.values() if party.was}
            shown["people"] = [{**one, "corrected": wrong.get(one["id"], "")} for one in shown["people"]]
            shown |= {
                "chronology": self.chronology(ref),
                **kept.kept(case, name, absent=absent.of(session, case), here=session.computer_id),
                "actions": self._actions(case, name),
                "entered_wrongly": [before.mistaken(party, name) for party in case.mistaken.values()],
                "signatures": self._signatures(case),
                "apart": session.compartments.of_ref(ref) is not None,
                "excluded": excluded.of_case(case, name),
                "conclusion": case.conclusion,
                "earlier_outcomes": before.endings(case, name),
                "step": case.standing.node,
                "question": session.casework.view(ref).node.title,
                "pack": {"name": case.pack, "version": case.pack_version},
                "judgements": before.judged(case, name),
            }
            return shown

    def _actions(self, case: Case, name: before.Name) -> list[dict[str, Any]]:
        pack = self._session.pack_of(case.pack_sha256)
        view, tables = View(self._session, case, pack), pack.tables
        found = []
        for action in (*case.actions.values(), *case.mistaken_actions.values()):
            first, last = case.put_off.get(action.id, ("", ""))
            moved = bool(last) and first == action.due
            decides = decider_title(view, action.decider) if not action.decision else title_of(tables, action.decider)
            found.append(
                {
                    "action": action.title,
                    "person": case.parties[action.party].name if action.party in case.parties else name(action.party),
                    "owner": action.owner,
                    "decided_by": action.decided_by or "",
                    "decider": decides,
                    "decision": action.decision,
                    "reason": action.reason,
                    "due": last if moved else action.due,
                    "due_first": action.due,
                    "done": action.done,
                    "done_at": clock.iso(action.done_at, action.done_off),
                    "done_was": clock.iso(*action.done_was),
                    "done_corrected_by": action.done_by or None,
                    "outcome": action.outcome,
                }
            )
        return found

    def _signatures(self, case: Case) -> list[dict[str, Any]]:
        from esafety_tui.record.signing import fingerprint

        name = self._session.casework.name(case)
        last = max((m.seq for m in case.moments), default=0)
        again = max((one.seq for one in case.earlier_ends), default=0)
        found = []
        for seq, signed in case.signatures:
            moment = next(m for m in case.moments if m.seq == seq)
            key = fingerprint(bytes.fromhex(signed.public_key)) if signed.public_key else ""
            later = any(m.seq > seq and not isinstance(m.event, _ADD_NOTHING) for m in case.moments)
            found.append(
                {
                    "seat": signed.seat,
                    "by": name(signed.person),
                    "how": signed.how,
                    "at": clock.iso(moment.at, moment.off),
                    "seq": seq,
                    "covers_up_to": signed.over_seq,
                    "entries_after": later and last > seq,
                    "earlier_outcome": seq < again,
                    "excluded": signed.person in case.excluded,
                    "statement": signed.statement,
                    "key": key,
                }
            )
        return found

    def chronology(self, ref: str) -> list[dict[str, Any]]:
        """Every entry of a case in order of writing, as sentences."""
        session = self._session
        with session.lock:
            case = session.casework.case(ref)
            name = session.casework.name(case)
            beside = corrected(case.moments)
            by = {seq: [one for one in beside if beside[one] == seq] for seq in beside.values()}
            return [
                {
                    "seq": m.seq,
                    "at": clock.iso(m.at, m.off),
                    "happened_at": clock.iso(m.happened or m.at, m.happened_off if m.happened else m.off),
                    "happened_time_given": clock.time_given(clock.iso(m.happened, m.happened_off)),
                    "by": name(m.by),
                    "witness": name(m.witness) if m.witness else "",
                    "kind": m.event.kind,
                    "text": entries.said(case, m, name),
                    "corrects": beside.get(m.seq),
                    "corrected_by": by.get(m.seq, []),
                    "late": m.late,
                    "clock_back": m.clock_back,
                    "taken_over": _taken_over(m, name),
                    "proof": m.proof,
                }
                for m in readable(session, case.moments)
            ]

    def due(self) -> list[DueLine]:
        """What is due, overdue first: `dues` has more."""
        return self.dues.lines()

    @cached_property
    def dues(self) -> Dues:
        """The due list: its kinds, done, put off."""
        return Dues(self._session)

    @cached_property
    def persons(self) -> Persons:
        """One person over all incidents, and what belongs together."""
        from esafety_tui.desk.logbook.persons import Persons

        return Persons(self._session)

    @cached_property
    def link_reasons(self) -> LinkReasons:
        """Finding cases by why they were linked."""
        from esafety_tui.desk.logbook.link_reasons import LinkReasons

        return LinkReasons(self._session)

    @cached_property
    def exporting(self) -> Exporting:
        """The log as a file."""
        from esafety_tui.desk.logbook.exporting import Exporting

        return Exporting(self._session)

    def row(self, listed: Listed) -> dict[str, Any]:
        """A row of the log as `log --json` has it."""
        return self._row(listed)

    def home(self) -> HomeView:
        """What the first screen shows."""
        session = self._session
        with session.lock:
            said = self._notices()
            urgent = self._urgent()
            first = [text for text in said if text in urgent]
            rest = [text for text in said if text not in urgent]
            cases, due = self._open(), self.due()
            return HomeView(
                [self._row(row) for row in cases[:SHOWN]], due[:SHOWN], [*first, *rest], len(first),
                len(cases) > SHOWN, len(due) > SHOWN,
            )  # fmt: skip

    def _open(self) -> list[Listed]:
        """The cases that are not closed, what may be illegal first and then newest first, however many closed ones came
        after them; the first of them, and one more than SHOWN where there are more."""
        session = self._session
        found: dict[str, Listed] = {}
        for status in _NOT_CLOSED:
            for branch, most in (("illegal", 500), (None, SHOWN + 1)):
                rows = session.browse.incidents(session.reader, status=status, branch=branch, limit=most)
                found.update((row.ref, row) for row in rows)
        return sorted(found.values(), key=lambda row: (row.branch == "illegal", row.opened_at), reverse=True)

    def _urgent(self) -> frozenset[str]:
        session = self._session
        held = withheld.why(session)
        return frozenset((*session.astray, str(held or ""), *missing(session), *left_there(session)))

    def _notices(self) -> list[str]:
        session = self._session
        found = list(session.warnings)
        if session.quiet_ref:
            found.append("This computer is kept as it is: nothing more is written until an agency releases it.")
            return found
        if session.register.provisional:
            found.append("The school is not set up yet: set-up is under people and settings (s), or esafety setup.")
        if session.sheets.missing():
            found.append("Nobody has confirmed the recovery sheets: make new ones (s, or esafety people sheets).")
        if not session.journal.head_kept:
            found.append("The entry's words could not be kept outside this folder: check this computer's disk.")
        found.extend(notices(session))
        seq, _ = session.journal.head()
        last = session.register.anchored
        since = seq - (last.head if last else 0)
        if last is None or since > 50:
            found.append(f"{since} entries since the words were last copied into the bound book (esafety anchor).")
        if not people.roles_with_login(session.pack.tables):
            found.append("No role of this policy has a login.")
        return found


def _taken_over(m: Moment, name: Callable[[str], str]) -> dict[str, Any] | None:
    """Who took an entry over from another log or copy; all else that is told of it is as it was there. late: whether it
    was recorded late there already."""
    if m.taken is None:
        return None
    one = m.taken
    return {
        "at": clock.iso(one.at, one.off), "by": name(one.by), "witness": name(one.witness) if one.witness else "",
        "entry": one.seq, "late": one.late,
    }  # fmt: skip


def _stored(at: str) -> str:
    """Stored UTC text as ISO 8601 with this place's offset."""
    if not at:
        return ""
    moment = clock.local(at).astimezone()
    return moment.isoformat(timespec="milliseconds")
