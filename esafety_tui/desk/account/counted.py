"""What an anonymous report counts, in the pieces of time that issued reports leave, and what those told (R12)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Protocol

from esafety_tui.errors import RefusedError
from esafety_tui.policy.tables import Tables
from esafety_tui.register.issued import IssuedReport, ReportIssued
from esafety_tui.reports import periods
from esafety_tui.reports.cells import Cell, place
from esafety_tui.reports.disclosure import Answer, Question, control
from esafety_tui.reports.facts import FilterFact, IncidentFact
from esafety_tui.reports.figures import INCIDENTS, PARTS, Dimension, Tally
from esafety_tui.reports.periods import Span
from esafety_tui.reports.plans import Plan, possible
from esafety_tui.reports.world import Times
from esafety_tui.reports.years import Year

#: So many earlier school years stand beside one.
BACK = 2


class Known(Protocol):
    """Where coded facts come from."""

    def between(self, first: date, last: date, issued: Iterable[IssuedReport] = ()) -> list[IncidentFact]:
        """The incidents that happened from one local day to another."""

    def filters(self, first: date, last: date) -> list[FilterFact]:
        """The steps about the filter from one local day to another."""


class Atoms:
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


class Counted:
    """What a report over some terms counts, and what earlier reports told of it. Raises RefusedError as `make` does.

    check: called now and then while it counts; it may raise, to stop it.
    """

    def __init__(
        self, facts: Known, tables: Tables, dims: Mapping[str, Dimension], issued: Sequence[IssuedReport],
        terms: tuple[Span, ...], check: Callable[[], None] = lambda: None,
    ) -> None:  # fmt: skip
        self._check = check
        self.terms, self._tables, self._dims, self._issued = terms, tables, dims, issued
        self.atoms = Atoms(tables, issued)
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

    def best(self, plans: tuple[Plan, ...]) -> tuple[Answer, bool]:
        """What may be told, and whether what came since earlier reports is counted with it.

        Where few came since, not even the total could be told: then what those reports counted is put together. Whoever
        reads that it was learns of them what a star says: more than none, and fewer than the limit.
        """
        if self._few_since():
            as_told = self.answer(plans, True)
            if as_told.tells_of(INCIDENTS):
                return as_told, False
        return self.answer(plans, False), True

    def _few_since(self) -> bool:
        """Whether what came since the earlier reports is too little to be told of."""
        told = [span.key for span in self.terms if self.atoms.counted(span.key)]
        since = frozenset[str]().union(*(self.atoms.of(key) - self.atoms.of(key, True) for key in told))
        units = (self.tally.value(unit, since, {}) for unit in (INCIDENTS, PARTS))
        return any(1 <= count < self._tables.threshold for count in units)

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
        return control(question, self.tally, self._check)


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


def _cells(atoms: Atoms, report: ReportIssued) -> list[Cell]:
    return [
        Cell(
            unit, frozenset[str]().union(*(atoms.told(term, report) for term in terms)),
            place({dim: frozenset(cats) for dim, cats in where.items()}), shown, report.threshold,
        )
        for unit, terms, where, shown in report.cells
    ]  # fmt: skip


def _connected(atoms: Atoms, issued: Sequence[IssuedReport], spans: Sequence[Span]) -> list[Cell]:
    """Every cell of earlier reports that says something of this period, directly or by way of others."""
    reach = frozenset[str]().union(*(atoms.of(span.key) for span in spans))
    waiting = [cell for one in issued for cell in _cells(atoms, one.report)]
    found: list[Cell] = []
    while near := [cell for cell in waiting if cell.times & reach]:
        found += near
        waiting = [cell for cell in waiting if not cell.times & reach]
        reach = reach.union(*(cell.times for cell in near))
    return found


def _periods(atoms: Atoms, issued: Sequence[IssuedReport], earlier: Sequence[Cell]) -> list[Times]:
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
