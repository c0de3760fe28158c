"""What the figures of a school year cost: out of the journal, and the proof that nothing hidden can be worked back."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from statistics import median

from esafety_tui.desk.policies import packs
from esafety_tui.reports import disclosure, periods
from esafety_tui.reports.figures import Tally, dimensions
from esafety_tui.reports.plans import GOVERNORS
from tests.bench import places
from tests.bench.measure import Result, clock
from tests.reports import made_facts

SECONDS = 5000.0
SCHOOLS = (40, 200, 600)


def bench(homes: Mapping[int, Path], runs: int) -> list[Result]:
    """The table "Figures": milliseconds, beside the five seconds that a proof may take."""
    found = [
        Result(f"disclosure control and proof, a year of {count} incidents", None,
               median(clock(lambda count=count: _proof(count)) for _ in range(min(runs, 3))), SECONDS)  # type: ignore[misc]
        for count in SCHOOLS
    ]  # fmt: skip
    for size, home in sorted(homes.items()):
        session = places.unlock(home)
        year = session.reporting.periods(1)[0]
        try:
            took = clock(lambda: session.reporting.monitoring(year.since, year.until))  # noqa: B023
        finally:
            session.close()
        found.append(Result(f"leadership's figures of the year, a log of {size:,}, all of it this year", None, took))
    return found


def _proof(count: int) -> None:
    tables = packs.load("spires").tables
    terms = periods.year_spans(tables, 2025)
    tally = Tally(made_facts.school(1, count, 200), dimensions(tables), lambda f: periods.span_of(tables, f.day).key)
    told = tuple((span.key, span.title, frozenset({span.key})) for span in terms)
    disclosure.control(disclosure.Question(GOVERNORS, told, tables.threshold), tally)
