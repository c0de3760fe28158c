"""The draft of an anonymous report: which terms, what earlier reports told of them, and what may be told now (R12)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from esafety_tui import __version__
from esafety_tui.desk import clock
from esafety_tui.desk.account.facts import Facts
from esafety_tui.errors import RefusedError, UsageError
from esafety_tui.policy.tables import Tables
from esafety_tui.record import words
from esafety_tui.register import events as r
from esafety_tui.register.issued import IssuedReport, ReportIssued
from esafety_tui.reports import anonymous, periods
from esafety_tui.reports.anonymous import Anonymous
from esafety_tui.reports.cells import Cell, place
from esafety_tui.reports.disclosure import Answer, Question, Year, control
from esafety_tui.reports.facts import FilterFact, IncidentFact
from esafety_tui.reports.figures import INCIDENTS, Dimension, Tally, dimensions
from esafety_tui.reports.periods import Span
from esafety_tui.reports.plans import COLLATED, GOVERNORS, Plan, possible
from esafety_tui.reports.values import Head, Letterhead, moment
from esafety_tui.reports.world import Times

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session

PLANS = {"governors": GOVERNORS, "collated": COLLATED}
TITLES = {
    "governors": "Online safety: report to the governors",
    "collated": "Online-safety incidents, collated for the governors",
}
#: So many earlier school years stand beside one.
BACK = 2
DRAFT = (
    "Draft: not issued. Not to be handed on or kept: two drafts laid side by side can name a child. What is handed on "
    "is the issued report."
)


@dataclass(frozen=True)
class Draft:
    """A draft: its terms, the report as it would be printed, and what issuing it would tell for good. cost: what to say
    to whoever is about to issue it."""

    audience: str
    terms: tuple[Span, ...]
    up_to: int
    report: Anonymous
    cells: tuple[Cell, ...]
    covers: tuple[str, ...]
    threshold: int
    cost: tuple[str, ...] = ()

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
        self._kept_then(tables, terms)
        head = session.journal.head()
        issued = tuple(sorted(session.register.reports.issued.values(), key=lambda one: one.report.up_to))
        packs = [session.pack_of(sha256).tables for sha256 in session.register.packs]
        counted = _Counted(self.facts, tables, dimensions(tables, *packs), issued, terms)
        told = counted.told_before()
        answer, anew = counted.answer(PLANS[audience], False), True
        if told and not answer.tells_of(INCIDENTS):
            # What few came since the earlier reports cannot be told: what those counted can still be put together.
            as_told = counted.answer(PLANS[audience], True)
            answer, anew = (answer, True) if not as_told.tells_of(INCIDENTS) else (as_told, False)
        covers = tuple(one.key for one in (*terms, *counted.beside) if one.key not in counted.settled(anew))
        frozen = tuple(_frozen(tables, counted, anew))
        report = self._report(audience, terms, answer, head, (*self._begun_late(tables, terms), *frozen))
        cost = tuple(_cost(tables, terms, answer, told))
        return Draft(audience, terms, head[0], report, answer.cells(), covers, tables.threshold, cost)

    def _kept_then(self, tables: Tables, terms: Sequence[Span]) -> None:
        """Raise UsageError for a period that ended before this log was begun and of which nothing was entered late."""
        began = self._began()
        if terms[-1].last < began and not self.facts.between(terms[0].first, terms[-1].last):
            raise UsageError(
                "This log did not exist then",
                f"It was begun in the {periods.span_of(tables, began).title}: that nothing is entered for an earlier "
                "time does not say that nothing happened.",
                "Choose a later period.",
            )

    def _begun_late(self, tables: Tables, terms: Sequence[Span]) -> Iterator[str]:
        """That this log does not reach as far back as the period, said."""
        began = periods.span_of(tables, self._began())
        if self._session.kind == "demo":
            return  # its past is made up
        if terms[0].first < began.first:
            yield (
                f"This log was begun in the {began.title}; of the time before, it holds only what was entered later."
            )

    def _began(self) -> date:
        """The local day of the first entry."""
        first = next(iter(self._session.journal.read(r.STREAM)))
        return clock.local(first.at, first.off).date()

    def _report(
        self, audience: str, terms: tuple[Span, ...], answer: Answer, head: tuple[int, bytes], frozen: tuple[str, ...]
    ) -> Anonymous:
        since, until = terms[0].first.isoformat(), terms[-1].last.isoformat()
        roles = self._session.register.reports.roles_for(audience, since, until)
        return Anonymous(
            letterhead(self._session, ""), head_of(self._session, head), TITLES[audience],
            periods.period_title(self._session.pack.tables, terms), days_in_words(terms),
            DRAFT, False, head[0],
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

    def counted(self, key: str) -> bool:
        """Whether an issued report counted the term."""
        return key in self._ends

    def of(self, key: str, as_told: bool = False) -> Times:
        """The whole term, as it stands now; or as far as issued reports counted it, where there are any."""
        ends = len(self._ends.get(key, ()))
        return frozenset(f"{key}/{n}" for n in range(ends if as_told and ends else ends + 1))

    def told(self, key: str, report: ReportIssued) -> Times:
        """The term as far as an issued report counted it, or those before it did."""
        return frozenset(f"{key}/{n}" for n in range(sum(end <= report.up_to for end in self._ends[key])))

    def time_of(self, fact: IncidentFact | FilterFact) -> str:
        """The piece that an incident, or a step about the filter, falls into."""
        key = periods.span_of(self._tables, fact.day).key
        return f"{key}/{sum(end < fact.seq for end in self._ends.get(key, ()))}"


class _Counted:
    """What a report over some terms counts, and what earlier reports told of it. Raises RefusedError as `make` does."""

    def __init__(
        self, facts: Facts, tables: Tables, dims: dict[str, Dimension], issued: Sequence[IssuedReport],
        terms: tuple[Span, ...],
    ) -> None:  # fmt: skip
        self.terms, self._tables, self._dims, self._issued = terms, tables, dims, issued
        self.atoms = _Atoms(tables, issued)
        years = _years(tables, terms)
        self.earlier = _connected(self.atoms, issued, [*terms, *(span for year in years for span in year)])
        first, last = _reach(tables, [*terms, *(span for year in years for span in year)], self.earlier)
        self.found = facts.between(first, last, issued)
        oldest = min((fact.day for fact in self.found), default=last)
        # Only years of which the log knows.
        self._years = [year for year in years if year[-1].last >= oldest]
        self.tally = Tally(self.found, dims, self.atoms.time_of, facts.filters(first, last))
        _consistent(self.earlier, self.tally)

    @property
    def beside(self) -> tuple[Span, ...]:
        """The terms of the earlier school years that stand beside this one."""
        return tuple(span for year in self._years for span in year)

    def told_before(self) -> tuple[str, ...]:
        """The numbers of the issued reports that counted any of these terms."""
        keys = {span.key for span in self.terms}
        return tuple(one.report.report for one in self._issued if keys & set(one.report.covers))

    def settled(self, anew: bool) -> frozenset[str]:
        """The terms of which only what earlier reports counted is counted."""
        spans = self.beside if anew else (*self.beside, *self.terms)
        return frozenset(span.key for span in spans if self.atoms.counted(span.key))

    def answer(self, plans: tuple[Plan, ...], as_told: bool) -> Answer:
        """What may be told. as_told: of the terms that an earlier report counted, only what it counted."""
        terms = tuple((one.key, one.title, self.atoms.of(one.key, as_told)) for one in self.terms)
        years = [_year(year, [self.atoms.of(span.key, True) for span in year]) for year in self._years]
        if years:
            years.append(_year(self.terms, [times for _, _, times in terms]))
        question = Question(
            possible(plans, self._dims), terms, self._tables.threshold, tuple(years), tuple(self.earlier),
            tuple(_periods(self.atoms, self._issued, self.earlier)),
        )  # fmt: skip
        return control(question, self.tally)


def _years(tables: Tables, terms: tuple[Span, ...]) -> list[tuple[Span, ...]]:
    """The school years before this one that could stand beside it, where the terms are a whole school year."""
    if terms != periods.year_spans(tables, terms[0].year):
        return []
    found = [periods.year_spans(tables, terms[0].year - back) for back in range(BACK, 0, -1)]
    return [year for year in found if len(year) == len(terms)]


def _year(terms: Sequence[Span], times: Sequence[Times]) -> Year:
    title = periods.year_title(terms[0].year)
    named = tuple(
        (one.key, one.title.removesuffix(f" {title}"), when) for one, when in zip(terms, times, strict=True)
    )  # fmt: skip
    return Year(str(terms[0].year), title, named)


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


def _frozen(tables: Tables, counted: _Counted, anew: bool) -> Iterator[str]:
    """What is not counted anew, said."""
    keys = {periods.span_of(tables, fact.day).key for fact in counted.found if fact.frozen}
    settled = counted.settled(anew)
    for span in counted.terms:
        if span.key in settled:
            yield f"{span.title}: counted as an issued report counted it; what was entered since is not in it."
        elif span.key in keys:
            yield f"{span.title}: what an issued report counted stands as it did then; later changes are not shown."


def _cost(tables: Tables, terms: tuple[Span, ...], answer: Answer, told: Sequence[str]) -> Iterator[str]:
    """What whoever issues this should know first: what is left to tell, and what it takes from later reports."""
    left, every = sum(len(one.rows) > 1 for one in answer.grids), len(answer.grids) + len(answer.withheld)
    if told:
        yield f"Issued before of this time: {', '.join(told)}. What they told limits what this one can tell."
    if left * 2 < every:
        yield f"Little can be told: {left} of {every} tables have lines, the others only their total, or nothing."
    year = periods.year_spans(tables, terms[0].year)
    if terms != year and set(terms) < set(year):
        yield (
            f"Issued now, it takes from the report of the {periods.period_title(tables, year).lower()}: what lies "
            "between the two is hidden in both where it is small. If nobody needs this part, issue the whole year's "
            "report alone."
        )
    yield "Once issued, what it counted stands: a later report of the same time can only add to it."


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
