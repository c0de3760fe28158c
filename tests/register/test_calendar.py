"""The policy's calendar: periods, what is owed, lead times, and what is brought forward."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esafety_tui.desk.policies import packs
from esafety_tui.policy.parts import Every
from esafety_tui.policy.tables import Tables, is_school_day
from esafety_tui.register import calendar as c
from esafety_tui.register import events as r

SPIRES = packs.load("spires").tables
WOODSIDE = packs.load("woodside-park").tables
DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
PERIODS = st.sampled_from(["week", "month", "term", "year"])


def owed(id: str, today: date, *done: r.CalendarDone, begun: date = date(2026, 1, 10)) -> c.Owed:
    return next(one for one in c.owed(SPIRES, done, begun, today) if one.item.id == id)


@given(st.sampled_from([SPIRES, WOODSIDE]), PERIODS, DAYS)
def test_every_day_belongs_to_one_period_and_they_follow_each_other(tables: Tables, every: Every, day: date) -> None:
    period = c.period_of(tables, every, day)
    assert period.starts <= day <= period.ends
    for inside in (period.starts, period.ends):
        assert c.period_of(tables, every, inside) == period
    assert c.period_of(tables, every, period.ends + timedelta(days=1)).starts == period.ends + timedelta(days=1)
    last = c.last_day(tables, period)
    assert period.starts <= last <= period.ends
    assert is_school_day(tables, last) or last == period.ends


def test_the_school_year_ends_before_the_summer() -> None:
    year = c.period_of(SPIRES, "year", date(2026, 3, 3))
    assert (year.starts, year.ends, year.named) == (date(2025, 9, 1), date(2026, 8, 31), "school year 2025/26")
    assert c.last_day(SPIRES, year) == date(2026, 6, 30)


def test_a_day_that_only_leap_years_have() -> None:
    tables = SPIRES.model_copy(update={"school_year_starts": "02-29"})
    assert c.period_of(tables, "year", date(2027, 2, 28)).starts == date(2027, 2, 28)
    assert c.period_of(tables, "year", date(2028, 2, 28)).starts == date(2027, 2, 28)
    assert c.period_of(tables, "year", date(2028, 2, 29)).starts == date(2028, 2, 29)


def test_what_is_done_comes_again_in_the_next_period_and_what_was_missed_stays() -> None:
    today = date(2026, 3, 3)
    first = owed("leadership-report", today)
    assert (first.period.named, first.due, first.missed) == ("Spring term 2026", date(2026, 3, 31), 0)
    assert first.opens == date(2026, 3, 10)
    done = r.CalendarDone("leadership-report", first.period.starts.isoformat(), "Told on 2 March")
    assert owed("leadership-report", today, done).period.named == "Summer term 2026"
    later = owed("leadership-report", date(2026, 12, 1))
    assert (later.period.named, later.missed) == ("Spring term 2026", 1)


@given(DAYS, st.integers(0, 900), st.lists(st.integers(0, 12), max_size=6))
def test_done_as_often_as_owed_nothing_is_late(begun: date, later: int, which: list[int]) -> None:
    today = begun + timedelta(days=later)
    done: list[r.CalendarDone] = []
    for number in which:  # somebody works through some of it, in whatever order it is shown
        one = c.owed(SPIRES, done, begun, today)[number % len(SPIRES.calendar)]
        done.append(r.CalendarDone(one.item.id, one.period.starts.isoformat(), ""))
    found = c.owed(SPIRES, done, begun, today)
    assert sorted(one.item.id for one in found) == sorted(item.id for item in SPIRES.calendar)
    assert [one.due for one in found] == sorted(one.due for one in found)
    for one in found:
        assert (one.item.id, one.period.starts.isoformat()) not in {(d.item, d.period) for d in done}
        assert one.opens <= one.due
        assert one.period.ends >= begun
        if one.missed:
            assert one.due < today


def test_the_pack_may_say_how_long_before() -> None:
    item = SPIRES.calendar[0].model_copy(update={"lead_days": 3})
    assert (c.lead(item), c.lead(SPIRES.calendar[0])) == (3, c.LEAD[SPIRES.calendar[0].every])


@pytest.mark.parametrize("tables", [SPIRES, WOODSIDE], ids=["spires", "woodside-park"])
def test_a_review_is_proposed_after_a_serious_incident_until_somebody_says_so(tables: Tables) -> None:
    ((item, refs),) = c.after_incidents(tables, [], ["AAA-AAA", "BBB-BBB"])
    assert refs == ("AAA-AAA", "BBB-BBB")
    done = r.CalendarDone(item.id, "", "Talked about", ["AAA-AAA"])
    assert c.after_incidents(tables, [done], ["AAA-AAA", "BBB-BBB"]) == [(item, ("BBB-BBB",))]
    other = r.CalendarDone("something-else", "", "", ["BBB-BBB"])
    assert c.after_incidents(tables, [done, other], ["AAA-AAA", "BBB-BBB"]) == [(item, ("BBB-BBB",))]
    assert c.after_incidents(tables, [], []) == []
