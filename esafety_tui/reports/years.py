"""School years that stand beside each other in a report. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from esafety_tui.reports.figures import INCIDENTS
from esafety_tui.reports.plans import TOTAL, Grid, Plan, Shape
from esafety_tui.reports.world import Times

#: Its columns are school years, so that `beside` makes its grid.
BESIDE = Plan("years", "Incidents by term, beside earlier school years", INCIDENTS,
              (Shape(what="term by term"), Shape(what="year by year")))  # fmt: skip


@dataclass(frozen=True)
class Year:
    """A school year to stand beside others. terms: (key, title of the term without the year, time atoms), in order."""

    key: str
    title: str
    terms: tuple[tuple[str, str, Times], ...]

    @property
    def times(self) -> Times:
        return frozenset[str]().union(*(times for _, _, times in self.terms))


def beside(years: tuple[Year, ...], level: int) -> Grid:
    """Earlier school years and this one: term by term, or each as a whole."""
    if level:
        rows = tuple((year.key, year.title) for year in years)
        cells = {(year.key, TOTAL): (INCIDENTS, year.times, ()) for year in years}
        return Grid(BESIDE, BESIDE.ladder[level], rows, ((TOTAL, "All"),), cells)
    names = [title for _, title, _ in years[-1].terms]
    rows = (*((str(n), name) for n, name in enumerate(names)), (TOTAL, "All"))
    cells = {}
    for year in years:
        cells[TOTAL, year.key] = INCIDENTS, year.times, ()
        for n, (_, _, times) in enumerate(year.terms):
            cells[str(n), year.key] = INCIDENTS, times, ()
    return Grid(BESIDE, BESIDE.ladder[0], rows, tuple((year.key, year.title) for year in years), cells)
