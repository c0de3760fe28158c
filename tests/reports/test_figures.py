"""Figures are counts over facts, whatever way they are counted; and terms are spans without holes."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from esafety_tui.desk.policies import packs
from esafety_tui.reports import anonymous, periods
from esafety_tui.reports.cells import HIDDEN, SMALL
from esafety_tui.reports.figures import ACTIONS, FILTERS, INCIDENTS, PARTS, PUPILS, Tally, dimensions
from tests.reports import made_facts

TABLES = made_facts.tables()
DIMS = dimensions(TABLES)
ALL = frozenset(span.key for span in periods.year_spans(TABLES, 2025))


def tally(seed: int, count: int) -> Tally:
    facts = made_facts.bullied(seed, made_facts.school(seed, count))
    steps = made_facts.steps(seed, count // 3)
    return Tally(facts, DIMS, lambda fact: periods.span_of(TABLES, fact.day).key, steps)


@settings(max_examples=25)
@given(st.integers(0, 10**6), st.integers(0, 60))
def test_every_dimension_adds_up_to_its_total(seed: int, count: int) -> None:
    found = tally(seed, count)
    for dim in DIMS.values():
        total = found.value(dim.unit, ALL, {})
        assert sum(found.value(dim.unit, ALL, {dim.id: frozenset({cat})}) for cat, _ in dim.cats) == total
        if dim.broad:
            broad = [frozenset(fine for fine, to in dim.broad.items() if to == id) for id, _ in dim.broad_cats]
            assert sum(found.value(dim.unit, ALL, {dim.id: cats}) for cats in broad) == total
    for unit in (INCIDENTS, PARTS, ACTIONS, FILTERS):
        assert sum(found.value(unit, frozenset({key}), {}) for key in ALL) == found.value(unit, ALL, {})
    assert found.value(PUPILS, ALL, {}) <= found.value(PARTS, ALL, {})


@settings(max_examples=25)
@given(st.integers(0, 10**6), st.integers(0, 60))
def test_the_counts_are_those_of_a_plain_loop(seed: int, count: int) -> None:
    facts, found = made_facts.bullied(seed, made_facts.school(seed, count)), tally(seed, count)
    assert found.value(INCIDENTS, ALL, {}) == count
    kinds = Counter("other" if fact.about_staff else fact.kind or "other" for fact in facts)
    assert all(found.value(INCIDENTS, ALL, {"kind": frozenset({kind})}) == n for kind, n in kinds.items())
    for place, dim in enumerate(("motive", "method", "bullying")):
        said = Counter(fact.bullied[place] or "none" for fact in facts)
        assert all(found.value(INCIDENTS, ALL, {dim: frozenset({cat})}) == n for cat, n in said.items())
    asked = Counter(step.what for step in made_facts.steps(seed, count // 3))
    assert all(found.value(FILTERS, ALL, {"filter": frozenset({what})}) == n for what, n in asked.items())
    assert found.value(PUPILS, ALL, {}) == len(
        {(one.who, one.group) for fact in facts for one in fact.people if one.counted}
    )
    often = Counter((one.who, one.group) for fact in facts for one in fact.people if one.counted)
    more = sum(n > 1 for n in often.values())
    assert found.value(PUPILS, ALL, {"repeat": frozenset({"more"})}) == more


@given(st.dates(date(2001, 1, 1), date(2090, 1, 1)))
def test_every_day_is_in_one_term(day: date) -> None:
    for name in ("spires", "woodside-park"):
        tables = packs.load(name).tables
        span = periods.span_of(tables, day)
        assert span.first <= day <= span.last
        assert periods.span_of(tables, span.last + timedelta(days=1)).first == span.last + timedelta(days=1)
        assert span in periods.year_spans(tables, span.year)
        assert span.year == periods.year_of(tables, day)


def test_a_table_of_signs_alone_is_told_in_words() -> None:
    rows = (("Closed", (SMALL,)), ("Watched", (HIDDEN,)), ("Waiting", (SMALL,)), ("All", ("12",)))
    found = anonymous._drawn(anonymous.Shown("status", "Where they stand", "incidents", ("Number",), rows, True), 5)
    assert found.words == "Closed; Waiting: fewer than five of each. Watched: not shown."
    assert found.bars == ()
    some = (("Closed", ("9",)), *rows[1:])
    found = anonymous._drawn(anonymous.Shown("status", "Where they stand", "incidents", ("Number",), some, True), 5)
    assert (found.words, len(found.bars)) == ("", 3)
