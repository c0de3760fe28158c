"""The coded facts of incidents for figures, out of the journal: as they stand, or as they stood when a report that
already counts them was issued. What has been issued is never counted anew, or two reports could be compared (R12)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from esafety_tui.desk import clock
from esafety_tui.desk.account import answerable
from esafety_tui.desk.case.casework import STREAM
from esafety_tui.desk.case.summary import moment
from esafety_tui.incident import events as e
from esafety_tui.incident.case import Case, Moment, fold
from esafety_tui.policy.tables import Tables
from esafety_tui.register import events as r
from esafety_tui.register.issued import IssuedReport
from esafety_tui.reports.facts import ActionFact, FilterFact, IncidentFact, PersonFact
from esafety_tui.reports.periods import span_of
from esafety_tui.store.access import RULES, Reader

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session

_PAGE = 500
_REACHED = frozenset({"police", "care", "authority"})


class Facts:
    """Facts of one sitting; what was folded once is kept until its case moves on."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._kept: dict[tuple[str, int, tuple[int, ...]], tuple[IncidentFact, frozenset[str]] | None] = {}

    def between(
        self, first: date, last: date, issued: Iterable[IssuedReport] = (), reader: Reader = RULES,
        check: Callable[[], None] = lambda: None,
    ) -> list[IncidentFact]:  # fmt: skip
        """The incidents that happened from one local day to another (both included), the newest record first.

        issued: the reports that may count some of them already. reader: whose eyes; the rules' own see everything but
        the cases that are kept apart (R10): a figure that depends on who makes it could be worked back. So what is
        closed to somebody who reads all the others is in nobody's figures, unless an issued report has counted it;
        neither is what was opened and holds nothing yet. check: called for each of them; it may raise, to stop.

        The session's lock is held for one incident at a time, so that nobody waits for the others; whoever needs all
        of them as of one entry holds it, or compares the head before and after.
        """
        shut_out = answerable.readers_of_all(self._session)
        counted, tables = sorted(one.report.up_to for one in issued), self._session.pack.tables
        covers = {one.report.up_to: frozenset(one.report.covers) for one in issued}
        found = []
        for ref, newest in self._refs(first, last, reader):
            check()
            with self._session.lock:
                fact = self._fact(ref, newest, counted, covers, tables, shut_out)
            if fact is not None and first <= fact.day <= last:
                found.append(fact)
        return found

    def filters(self, first: date, last: date) -> list[FilterFact]:
        """What was asked for, decided and put back about the filter from one local day to another."""
        found = []
        with self._session.lock:
            entries = list(self._session.journal.read(r.STREAM))
        for entry in entries:
            what = _filter_step(entry.kind, entry.data)
            day = clock.local(entry.at, entry.off).date()
            if what and first <= day <= last:
                found.append(FilterFact(entry.seq, day, what))
        return found

    def _refs(self, first: date, last: date, reader: Reader) -> Iterator[tuple[str, int]]:
        """Whatever was recorded since the first day, but for what happened after the last: nothing is recorded before
        it happened, and that it happened even earlier may be found out later. Where the time was put right, an issued
        report may have counted the incident by the time that was said first."""
        since = clock.midnight(first.isoformat())[0]
        until = clock.midnight((last + timedelta(days=1)).isoformat())[0]
        after: str | None = None
        while True:
            with self._session.lock:
                rows = self._session.browse.own.incidents(reader, since=since, limit=_PAGE, after=after)
            yield from (
                (row.ref, row.last_seq)
                for row in rows
                if not row.reduced and (row.happened_by or (row.happened_at or row.opened_at) < until)
            )
            if len(rows) < _PAGE:
                return
            after = rows[-1].ref

    def _fact(
        self, ref: str, newest: int, counted: list[int], covers: dict[int, frozenset[str]], tables: Tables,
        shut_out: set[str],
    ) -> IncidentFact | None:  # fmt: skip
        key = ref, newest, tuple(counted)
        if key not in self._kept:
            moments = [moment(entry) for entry in self._session.journal.read(STREAM + ref)]
            self._kept[key] = _known(moments, counted, covers, tables)
        known = self._kept[key]
        if known is None or (not known[0].frozen and known[1] & shut_out):
            return None
        return known[0]


def _known(
    moments: list[Moment], counted: list[int], covers: dict[int, frozenset[str]], tables: Tables
) -> tuple[IncidentFact, frozenset[str]] | None:
    """The facts of an incident, and to whom it is closed; None where it was disposed of, or holds nothing yet."""
    if not moments or not moments[0].at or not _begun(moments):
        return None
    frozen = next((one for one in counted if _counts(moments, one, covers[one], tables)), 0)
    told = [one for one in moments if not frozen or one.seq <= frozen]
    case = fold(told)
    return fact_of(case, told, tables, frozen), frozenset(case.excluded)


@dataclass(frozen=True)
class Watched:
    """Facts for one draft, which may be stopped: `check` raises once it is."""

    facts: Facts
    check: Callable[[], None]

    def between(self, first: date, last: date, issued: Iterable[IssuedReport] = ()) -> list[IncidentFact]:
        """As Facts does; raises what `check` raises."""
        return self.facts.between(first, last, issued, check=self.check)

    def filters(self, first: date, last: date) -> list[FilterFact]:
        """As Facts does."""
        return self.facts.filters(first, last)


def _filter_step(kind: str, data: Mapping[str, object]) -> str:
    """The step that an entry of the register is, or "" for none of them."""
    match kind:
        case r.FilterRequested.kind:
            return "asked-allow" if data.get("change") == "allow" else "asked-block"
        case r.FilterDecided.kind:
            return "agreed" if data.get("decision") == "agreed" else "refused"
        case r.FilterReverted.kind:
            return "reverted"
    return ""


def _counts(moments: list[Moment], up_to: int, covers: frozenset[str], tables: Tables) -> bool:
    """Whether a report issued after entry `up_to` counts the incident of these entries."""
    told = [one for one in moments if one.seq <= up_to]
    return bool(_begun(told)) and span_of(tables, day_of(fold(told))).key in covers


def _begun(moments: list[Moment]) -> int:
    """The first entry that records something: that a case was opened, or read, is nothing yet. 0: there is none."""
    return next((one.seq for one in moments if not isinstance(one.event, e.Opened | e.Viewed)), 0)


def day_of(case: Case) -> date:
    """The local day on which an incident happened, as it is held true now; where nobody said, when it was recorded."""
    if case.happened_at:
        return clock.local(case.happened_at, case.happened_off).date()
    return clock.local(case.opened_at, case.opened_off).date()


def fact_of(case: Case, moments: list[Moment], tables: Tables, frozen: int = 0) -> IncidentFact:
    """The facts of a folded case and its entries."""
    standing, begun = case.standing, moments[0]
    groups = {name.casefold(): one.id for one in tables.groups for name in (one.id, one.title)}
    sanctions = {one.id for whom in ("pupil", "staff") for one in tables.actions(whom) if one.sanction}
    people = tuple(
        PersonFact(party.who, party.kind, party.role, groups.get(party.group.strip().casefold(), ""))
        for party in case.parties.values()
    )
    actions = tuple(
        ActionFact(one.action, case.parties[one.party].kind, one.action in sanctions)
        for one in case.actions.values()
        if one.decision == "do" and one.party in case.parties
    )
    told = [m for m in moments if isinstance(m.event, e.Contacted)]
    reached = next((m for m in told if m.event.outcome == "spoke" and m.event.purpose in _REACHED), None)  # type: ignore[attr-defined]
    ended = next((m for m in reversed(moments) if isinstance(m.event, e.Closed)), None)
    bullied = case.bullying
    main = (bullied.motives[0], bullied.methods[0], bullied.outcome) if bullied else ("", "", "")
    return IncidentFact(
        case.ref, _begun(moments), day_of(case), case.kinds[0] if case.kinds else "",
        standing.klass if standing.klass != "unset" else "", standing.branch, case.how, standing.substance,
        standing.status, case.reached & _REACHED, standing.answered, _days(begun, reached),
        _days(begun, ended) if standing.status in ("closed", "monitoring") else None, main, people, actions, frozen,
    )  # fmt: skip


def _days(begun: Moment, then: Moment | None) -> int | None:
    if then is None:
        return None
    return (clock.local(then.at, then.off).date() - clock.local(begun.at, begun.off).date()).days
