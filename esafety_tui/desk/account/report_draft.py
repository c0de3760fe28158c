"""The draft of an anonymous report: which terms, what earlier reports told of them, and what may be told now (R12)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from esafety_tui import __version__
from esafety_tui.desk import clock
from esafety_tui.desk.account.facts import Facts
from esafety_tui.errors import RefusedError, UsageError
from esafety_tui.policy.tables import Tables
from esafety_tui.record import words
from esafety_tui.register.issued import IssuedReport, ReportIssued
from esafety_tui.reports import anonymous, periods
from esafety_tui.reports.anonymous import Anonymous
from esafety_tui.reports.cells import Cell, place
from esafety_tui.reports.disclosure import Answer, Question, control
from esafety_tui.reports.facts import FilterFact, IncidentFact
from esafety_tui.reports.figures import Tally, dimensions
from esafety_tui.reports.periods import Span
from esafety_tui.reports.plans import COLLATED, GOVERNORS, possible
from esafety_tui.reports.values import Head, Letterhead, moment
from esafety_tui.reports.world import Times

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session

PLANS = {"governors": GOVERNORS, "collated": COLLATED}
TITLES = {
    "governors": "Online safety: report to the governors",
    "collated": "Online-safety incidents, collated for the governors",
}


@dataclass(frozen=True)
class Draft:
    """A draft: its terms, the report as it would be printed, and what issuing it would tell for good."""

    audience: str
    terms: tuple[Span, ...]
    up_to: int
    report: Anonymous
    cells: tuple[Cell, ...]
    covers: tuple[str, ...]
    threshold: int

    @property
    def since(self) -> str:
        return self.terms[0].first.isoformat()

    @property
    def until(self) -> str:
        return self.terms[-1].last.isoformat()


def days_of(since: str, until: str) -> tuple[date, date]:
    """Two days as somebody typed them, both included. Raises UsageError where they are no days, or the wrong way."""
    first, last = date.fromisoformat(clock.parse_day(since)), date.fromisoformat(clock.parse_day(until))
    if last < first:
        raise UsageError("The period ends before it begins", "The second day is before the first.", "Turn them round.")
    return first, last


def terms_of(tables: Tables, since: str, until: str, today: date) -> tuple[Span, ...]:
    """The whole terms that a period touches, none that has not begun. Raises UsageError."""
    first, last = days_of(since, until)
    found = tuple(span for span in periods.spans(tables, first, min(last, today)) if span.first <= today)
    if not found:
        raise UsageError("That period has not begun", "There is nothing to count yet.", "Choose an earlier one.")
    if (last - first).days > 6 * 366:
        raise UsageError("That period is too long", "A report covers at most six years.", "Choose a shorter one.")
    return found


class Drafts:
    """Makes drafts for one sitting."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.facts = Facts(session)

    def make(self, audience: str, since: str, until: str) -> Draft:
        """The draft for "governors" or "collated". Raises UsageError (the period), RefusedError (R12)."""
        session = self._session
        tables = session.pack.tables
        terms = terms_of(tables, since, until, clock.local(*clock.now()).date())
        head = session.journal.head()
        issued = tuple(sorted(session.register.reports.issued.values(), key=lambda one: one.report.up_to))
        atoms = _Atoms(tables, issued)
        year = terms[0].year - 1
        beside = periods.year_spans(tables, year) if terms == periods.year_spans(tables, terms[0].year) else ()
        earlier = _connected(atoms, issued, [*terms, *beside])
        first, last = _reach(tables, [*terms, *beside], earlier)
        facts = self.facts.between(first, last, issued)
        if not any(fact.day < terms[0].first for fact in facts):
            beside = ()  # the log is not that old
        packs = [session.pack_of(sha256).tables for sha256 in session.register.packs]
        dims = dimensions(tables, *packs)
        tally = Tally(facts, dims, atoms.time_of, self.facts.filters(first, last))
        _consistent(earlier, tally)
        question = Question(
            possible(PLANS[audience], dims),
            tuple((one.key, one.title, atoms.of(one.key)) for one in terms), tables.threshold,
            _beside(beside, terms, atoms), tuple(earlier), tuple(_periods(atoms, issued, earlier)),
        )  # fmt: skip
        answer = control(question, tally)
        covers = tuple(one.key for one in (*terms, *beside))
        frozen = tuple(_frozen(tables, issued, terms, facts))
        report = self._report(audience, terms, answer, head, frozen)
        return Draft(audience, terms, head[0], report, answer.cells(), covers, tables.threshold)

    def _report(
        self, audience: str, terms: tuple[Span, ...], answer: Answer, head: tuple[int, bytes], frozen: tuple[str, ...]
    ) -> Anonymous:
        since, until = terms[0].first.isoformat(), terms[-1].last.isoformat()
        roles = self._session.register.reports.roles_for(audience, since, until)
        return Anonymous(
            letterhead(self._session, ""), head_of(self._session, head), TITLES[audience],
            periods.period_title(self._session.pack.tables, terms), days_in_words(terms),
            "Draft: not issued yet", False, head[0],
            titles(self._session, roles), anonymous.sentences(answer), anonymous.details(answer),
            anonymous.tables(answer), anonymous.key(answer.threshold), answer.coarsened, frozen,
        )  # fmt: skip


def cells_data(cells: Sequence[Cell]) -> list[Any]:
    """What a report told, for its entry: [unit, terms, {dimension: categories}, sign]."""
    return [
        [one.unit, sorted({atom.partition("/")[0] for atom in one.times}),
         {dim: sorted(cats) for dim, cats in one.where}, one.shown]
        for one in cells
    ]  # fmt: skip


class _Atoms:
    """The pieces of time that issued reports leave: a term up to the first report that counts it, from there to the
    second, and so on."""

    def __init__(self, tables: Tables, issued: Sequence[IssuedReport]) -> None:
        self._tables = tables
        self._ends: dict[str, list[int]] = {}
        for one in issued:
            for key in dict.fromkeys(one.report.covers):
                self._ends.setdefault(key, []).append(one.report.up_to)

    def of(self, key: str) -> Times:
        """The whole term, as it stands now."""
        return frozenset(f"{key}/{n}" for n in range(len(self._ends.get(key, ())) + 1))

    def told(self, key: str, report: ReportIssued) -> Times:
        """The term as far as an issued report counted it."""
        return frozenset(f"{key}/{n}" for n in range(self._ends[key].index(report.up_to) + 1))

    def time_of(self, fact: IncidentFact | FilterFact) -> str:
        """The piece that an incident, or a step about the filter, falls into."""
        key = periods.span_of(self._tables, fact.day).key
        return f"{key}/{sum(end < fact.seq for end in self._ends.get(key, ()))}"


def _cells(atoms: _Atoms, report: ReportIssued) -> list[Cell]:
    return [
        Cell(
            unit, frozenset[str]().union(*(atoms.told(term, report) for term in terms)),
            place({dim: frozenset(cats) for dim, cats in where.items()}), shown, report.threshold,
        )
        for unit, terms, where, shown in report.cells
    ]  # fmt: skip


def _connected(atoms: _Atoms, issued: Sequence[IssuedReport], spans: Sequence[Span]) -> list[Cell]:
    """Every cell of earlier reports that says something of this period, directly or by way of others."""
    reach = frozenset[str]().union(*(atoms.of(span.key) for span in spans))
    waiting = [cell for one in issued for cell in _cells(atoms, one.report)]
    found: list[Cell] = []
    while near := [cell for cell in waiting if cell.times & reach]:
        found += near
        waiting = [cell for cell in waiting if not cell.times & reach]
        reach = reach.union(*(cell.times for cell in near))
    return found


def _periods(atoms: _Atoms, issued: Sequence[IssuedReport], earlier: Sequence[Cell]) -> list[Times]:
    """The time that each earlier report covers, as far as it matters."""
    reach = frozenset[str]().union(*(cell.times for cell in earlier))
    found = [
        frozenset[str]().union(*(atoms.told(key, one.report) for key in one.report.terms)) & reach for one in issued
    ]
    return list(dict.fromkeys(one for one in found if one))


def _reach(tables: Tables, spans: Sequence[Span], earlier: Sequence[Cell]) -> tuple[date, date]:
    """The days whose incidents have to be counted."""
    first, last = min(span.first for span in spans), max(span.last for span in spans)
    for key in {atom.partition("/")[0] for cell in earlier for atom in cell.times}:
        for span in periods.year_spans(tables, int(key.partition("-")[0])):
            if span.key == key:
                first, last = min(first, span.first), max(last, span.last)
    return first, last


def _consistent(earlier: Sequence[Cell], tally: Tally) -> None:
    """Raise RefusedError where an earlier report counted what cannot be counted so any more."""
    for cell in earlier:
        known = all(dim in tally.dims and cats <= {id for id, _ in tally.dims[dim].cats} for dim, cats in cell.where)
        if not known or not cell.fits(tally.value(cell.unit, cell.times, dict(cell.where))):
            raise RefusedError(
                "An earlier report counted this time in another way",
                "What both tell together could not be checked: the policy's terms or groups have changed since.",
                "Choose a period that the earlier report does not touch. This is a safeguard of this program.",
                "R12",
            )


def _beside(
    spans: Sequence[Span], terms: Sequence[Span], atoms: _Atoms
) -> tuple[tuple[str, str, Times], ...]:  # fmt: skip
    if not spans:
        return ()
    return tuple(
        (str(one[0].year), f"School year {periods.year_title(one[0].year)}",
         frozenset[str]().union(*(atoms.of(span.key) for span in one)))
        for one in (spans, terms)
    )  # fmt: skip


def _frozen(
    tables: Tables, issued: Sequence[IssuedReport], terms: Sequence[Span], facts: Sequence[IncidentFact]
) -> list[str]:
    """What is not counted anew, said."""
    keys = {periods.span_of(tables, fact.day).key for fact in facts if fact.frozen}
    return [
        f"{span.title}: what an issued report counted already stands as it did then; later changes are not shown."
        for span in terms
        if span.key in keys
    ]


def letterhead(session: Session, reference: str) -> Letterhead:
    """What stands at the edge of a report's pages."""
    made = moment(*clock.now())
    assert made is not None
    info = session.pack.tables.pack
    return Letterhead(
        session.school or "School not named yet", reference, f"{info.name} {session.pack.version}",
        f"esafety {__version__}", made, session.demo,
    )  # fmt: skip


def head_of(session: Session, head: tuple[int, bytes]) -> Head:
    """A head with its six words."""
    said = words.head_words(head[1], session.unlocked.header.vault_id)
    return Head(head[0], tuple(said.split()), head[1].hex())


def titles(session: Session, roles: Sequence[str]) -> tuple[str, ...]:
    """Roles by their titles; never names."""
    found = (session.pack.tables.role(role) for role in roles)
    return tuple(role.title for role in found if role is not None)


def days_in_words(terms: Sequence[Span]) -> str:
    """From the first day of the first term to the last of the last."""
    return f"From {_day(terms[0].first)} to {_day(terms[-1].last)}"


def _day(one: date) -> str:
    return f"{one.day} {one:%B %Y}"
