"""Reports one after another over the same log, as it grows: whatever was issued before, the next one is made, and tells
what is so."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from esafety_tui.desk.account.counted import Counted
from esafety_tui.desk.account.report_draft import PLANS, cells_data
from esafety_tui.register.issued import IssuedReport, ReportIssued
from esafety_tui.reports import anonymous, periods
from esafety_tui.reports.cells import Cell
from esafety_tui.reports.facts import FilterFact, IncidentFact
from esafety_tui.reports.figures import INCIDENTS, dimensions
from tests.reports import made_facts

TABLES = made_facts.tables()
DIMS = dimensions(TABLES)
TERMS = periods.year_spans(TABLES, 2025)
#: The terms of a report: each of them, the year to date, and the whole year.
SPANS = (TERMS[:1], TERMS[1:2], TERMS[2:], TERMS[:2], TERMS)
EXAMPLES = 60 if os.environ.get("ESAFETY_TORTURE") else 3


class Log:
    """Incidents and steps, as far as they were recorded up to an entry."""

    def __init__(self, facts: Sequence[IncidentFact], steps: Sequence[FilterFact], up_to: int) -> None:
        self._facts, self._steps, self._up_to = facts, steps, up_to

    def between(self, first: date, last: date, issued: Iterable[IssuedReport] = ()) -> list[IncidentFact]:
        return [one for one in self._facts if one.seq <= self._up_to and first <= one.day <= last]

    def filters(self, first: date, last: date) -> list[FilterFact]:
        return [one for one in self._steps if one.seq <= self._up_to and first <= one.day <= last]


def issue(counted: Counted, audience: str, up_to: int, number: int) -> tuple[IssuedReport, tuple[Cell, ...]]:
    """A report as its entry keeps it, and what it told."""
    answer, anew = counted.best(PLANS[audience])
    settled = counted.settled(anew)
    covers = [one.key for one in (*counted.terms, *counted.beside) if one.key not in settled]
    first, last = counted.terms[0].first.isoformat(), counted.terms[-1].last.isoformat()
    cells = answer.cells()
    assert anonymous.tables(answer) is not None
    assert anonymous.sentences(answer)
    assert all(isinstance(line, str) for line in anonymous.details(answer))
    event = ReportIssued(
        f"G{number}", audience, first, last, [one.key for one in counted.terms], covers, up_to, TABLES.threshold,
        "who", "principal", "", up_to, "", "", "", cells_data(cells),
    )  # fmt: skip
    return IssuedReport(event, up_to + 1), cells


@settings(max_examples=EXAMPLES)
@given(
    st.integers(0, 10**6), st.integers(0, 45),
    st.lists(st.tuples(st.sampled_from(sorted(PLANS)), st.sampled_from(SPANS), st.integers(0, 12)),
             min_size=2, max_size=3),
)  # fmt: skip
def test_no_sequence_of_reports_fails(
    seed: int, count: int, asked: list[tuple[str, tuple[periods.Span, ...], int]]
) -> None:
    facts, steps = made_facts.bullied(seed, made_facts.school(seed, count + 20)), made_facts.steps(seed, count // 3)
    issued: list[IssuedReport] = []
    up_to = count
    for number, (audience, terms, more) in enumerate(asked):
        counted = Counted(Log(facts, steps, up_to), TABLES, DIMS, tuple(issued), terms)
        report, cells = issue(counted, audience, up_to, number)
        assert all(cell.fits(counted.tally.value(cell.unit, cell.times, dict(cell.where))) for cell in cells)
        issued.append(report)
        up_to += 1 + more


def test_after_a_report_of_each_term_that_of_the_year_tells_their_sum_although_one_slip_came_late() -> None:
    early = made_facts.school(6, 60)  # each of its terms has enough to be told of
    facts = [*early, replace(early[-1], ref="late", seq=90)]
    issued: list[IssuedReport] = []
    for number, terms in enumerate(SPANS[:3]):
        counted = Counted(Log(facts, (), 60), TABLES, DIMS, tuple(issued), terms)
        issued.append(issue(counted, "governors", 60 + number, number)[0])
    counted = Counted(Log(facts, (), 99), TABLES, DIMS, tuple(issued), TERMS)
    answer, anew = counted.best(PLANS["governors"])
    assert not anew
    total = [sign for (unit, _, where), sign in answer.shown.items() if unit == INCIDENTS and not where]
    assert str(len(early)) in total
    assert str(len(facts)) not in total
    assert sum(len(one.rows) > 1 for one in answer.grids) > 5
