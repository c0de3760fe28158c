"""The proof itself: what is found for one draft serves the next and changes no answer, and no short way says other than
the long one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy
import pytest

from esafety_tui.reports import periods
from esafety_tui.reports.cells import HIDDEN, SMALL, Cell, Where, place
from esafety_tui.reports.feasible import Prover
from esafety_tui.reports.figures import INCIDENTS, Tally, dimensions
from esafety_tui.reports.search import Search
from esafety_tui.reports.suppress import primary
from esafety_tui.reports.world import Secret, World, world
from tests.reports import made_facts

THRESHOLD = 5
TABLES = made_facts.tables()
DIMS = dimensions(TABLES)
YEAR = frozenset(span.key for span in periods.year_spans(TABLES, 2025))
AUTUMN = frozenset({"2025-autumn"})
WAYS: dict[str, list[Where]] = {
    dim: [place({dim: frozenset({cat})}) for cat, _ in DIMS[dim].cats] for dim in ("kind", "branch", "substance", "how")
}
EVERY: list[Where] = [(), *(way for ways in WAYS.values() for way in ways)]


def tally(seed: int) -> Tally:
    return Tally(made_facts.school(seed, 45), DIMS, lambda fact: periods.span_of(TABLES, fact.day).key)


def told(counted: Tally, dims: Sequence[str], times: frozenset[str] = YEAR) -> list[Cell]:
    """Tables with their small numbers hidden, and nothing else."""
    ways = [(), *(way for dim in dims for way in WAYS[dim])]
    values = [(way, counted.value(INCIDENTS, times, dict(way))) for way in ways]
    return [Cell(INCIDENTS, times, way, primary(n, THRESHOLD), THRESHOLD) for way, n in values]


def small(counted: Tally) -> list[Secret]:
    found = [(times, way) for times in (AUTUMN, YEAR) for way in EVERY]
    return [
        Secret(INCIDENTS, times, way, 1, THRESHOLD - 1)
        for times, way in found
        if 1 <= counted.value(INCIDENTS, times, dict(way)) < THRESHOLD
    ]


def imagined(counted: Tally) -> World:
    return world(counted, (), [(INCIDENTS, times, way) for times in (AUTUMN, YEAR) for way in EVERY])


def drafts(counted: Tally) -> list[list[Cell]]:
    every = told(counted, list(WAYS))
    hidden = [Cell(*cell.bare, HIDDEN if cell.shown == SMALL or not cell.where else cell.shown, 5) for cell in every]
    return [every, told(counted, ["kind", "how"]), hidden, told(counted, ["substance"], AUTUMN), every]


@pytest.mark.parametrize("seed", [2, 3])
def test_what_was_found_for_other_drafts_changes_no_answer(seed: int) -> None:
    counted = tally(seed)
    secrets, used = small(counted), Prover(imagined(counted))
    found = [used.failing(cells, secrets, 3) for cells in drafts(counted)]
    assert found == [Prover(imagined(counted), seed=9).failing(cells, secrets, 3) for cells in drafts(counted)]
    assert any(found)
    assert [used.safe(cells, secrets) for cells in drafts(counted)] == [not one for one in found]


def test_those_that_fail_are_given_in_their_order_and_no_more_than_asked_for() -> None:
    counted = tally(2)
    secrets = small(counted)
    cells = [
        Cell(*one, str(counted.value(*one[:2], dict(one[2]))), 5)
        for one in dict.fromkeys((INCIDENTS, times, way) for times in (AUTUMN, YEAR) for way in EVERY)
    ]
    every = Prover(imagined(counted)).failing(cells, secrets, len(secrets))
    assert len(every) > 2
    assert every == [secret for secret in secrets if secret in every]
    assert Prover(imagined(counted)).failing(cells, secrets, 2) == every[:2]


@pytest.mark.parametrize("seed", [2, 3])
def test_of_what_fractions_rule_out_no_school_is_found(seed: int) -> None:
    counted = tally(seed)
    whole, cells = imagined(counted), drafts(counted)[0]
    ways = [(secret, high) for secret in small(counted) for high in (False, True)]
    search, ruled_out = Search(whole, cells), 0
    for secret, high in ways:
        form, edge = whole.secret(secret), secret.high if high else secret.low
        school = search.school(form, high, None, edge)
        if search.rules_out(form, high, edge):
            ruled_out += 1
            assert school is None
        if school is not None:
            value = sum(factor * school[0, var] for var, factor in form.items())
            assert value >= edge if high else value <= edge
            assert search.fits(school).tolist() == [True]
    assert ruled_out


def test_a_school_that_contradicts_what_was_told_does_not_fit() -> None:
    counted = tally(2)
    whole = imagined(counted)
    search = Search(whole, drafts(counted)[0])
    true = numpy.array([whole.truth], dtype=numpy.int64)
    more, less = true.copy(), true.copy()
    more[0, 0] += 1
    less[0, -1] = -1
    assert search.fits(numpy.concatenate([true, more, less])).tolist() == [True, False, False]


def test_what_an_earlier_report_told_already_does_not_fail_once_more() -> None:
    counted = tally(2)
    secrets, cells = small(counted), drafts(counted)[0]
    assert Prover(imagined(counted)).failing(cells, secrets)
    assert Prover(imagined(counted), cells).failing(cells, secrets) == []
    assert Prover(imagined(counted), cells).safe(cells, secrets)
