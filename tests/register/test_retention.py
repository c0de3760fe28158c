"""How long records are kept: which rule, from which day, and what a decision changes (R16)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esafety_tui.policy.tables import RetentionRule
from esafety_tui.register import register as registers
from esafety_tui.register import retention as r

OPENED, CLOSED = date(2026, 3, 3), date(2026, 5, 4)


def rule(id: str, basis: r.Basis, years: int, then: str = "review") -> RetentionRule:
    return RetentionRule(id=id, title=id.title(), basis=basis, years=years, then=then)  # type: ignore[arg-type]


def facts(klass: str = r.SUSPICION, ages: tuple[int | None, ...] = (), **more: bool) -> r.Facts:
    return r.Facts(klass, OPENED, CLOSED, ages, **more)


def due(facts: r.Facts, *rules: RetentionRule) -> date | None:
    return r.time_of(facts, r.rules(rules)).due


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (facts(r.ORDINARY), date(2032, 5, 4)),
        (facts(ages=(14,)), date(2037, 3, 3)),
        (facts(ages=(14, 9)), date(2042, 3, 3)),  # the youngest
        (facts(ages=(14, None)), date(2048, 3, 3)),  # not recorded: as young as a pupil can be
        (facts(), date(2051, 5, 4)),  # no child in it
        (facts(ages=(14,), staff=True), date(2037, 3, 3)),  # the later of two rules
        (facts(ages=(18,), staff=True), date(2036, 3, 3)),
        (facts(r.ORDINARY, protection=True, ages=(17,)), date(2034, 3, 3)),
        (facts("of-the-future"), date(2051, 5, 4)),
    ],
)
def test_the_rule_and_the_day(given: r.Facts, wanted: date) -> None:
    assert due(given) == wanted


def test_the_policy_wins_over_the_defaults_and_says_so() -> None:
    own = rule(r.ORDINARY, "closure", 10)
    time = r.time_of(facts(r.ORDINARY), r.rules([own]))
    assert (time.due, time.rule.confidence) == (date(2036, 5, 4), "policy")
    assert all(one.confidence == "reconstructed" and one.source for one in r.DEFAULTS)
    assert due(facts(r.ORDINARY), rule(r.ORDINARY, "closure", 10, "keep")) is None
    assert due(facts(ages=(9,), staff=True), rule(r.STAFF, "allegation", 10, "keep")) is None


def test_leap_days_and_the_end_of_time() -> None:
    assert r.years_after(date(2024, 2, 29), 1) == date(2025, 3, 1)
    assert r.years_after(date(2024, 2, 29), 4) == date(2028, 2, 29)
    assert r.years_after(date(9990, 1, 1), 100) == date(9999, 1, 1)
    assert r.years_before(date(50, 1, 1), 60) == date.min


def test_two_put_it_off_and_never_forward() -> None:
    time = r.time_of(facts(r.ORDINARY), r.rules([]))
    assert time.due == date(2032, 5, 4)
    for until, wanted in (("2035-01-01", date(2035, 1, 1)), ("2027-01-01", time.due), ("nonsense", time.due)):
        assert r.kept_until(time, r.RetentionKept("K7Q-2M", until, "x", "p-a", "p-b")) == wanted
    assert r.kept_until(time, None) == time.due


def test_the_fold_of_decisions() -> None:
    held, kept = r.RetentionHeld("A", "a claim"), r.RetentionKept("B", "2035-01-01", "x", "p", "q")
    gone = r.RecordsDisposed([{"ref": "B"}], [[1, 4]], "x", "p", "q", "proven")
    register = registers.fold(enumerate([held, kept, gone], 1))
    assert (list(register.retention.holds), register.retention.kept) == (["A"], {})
    assert list(register.retention.disposals) == [3]
    register = registers.fold(enumerate([held, r.RetentionReleased("A", "over", "p", "q")], 1))
    assert register.retention.holds == {}


@given(
    klass=st.sampled_from([r.ORDINARY, r.SUSPICION]),
    ages=st.lists(st.none() | st.integers(0, r.OLDEST), max_size=4),
    staff=st.booleans(),
    protection=st.booleans(),
    lasted=st.integers(0, 900),
)
def test_nothing_is_due_before_the_day_from_which_it_is_looked_for(
    klass: str, ages: list[int | None], staff: bool, protection: bool, lasted: int
) -> None:
    """The log is asked for cases that were opened long enough ago: no rule may be faster than that."""
    rules = r.rules([])
    one = r.Facts(klass, OPENED, OPENED + timedelta(days=lasted), tuple(ages), staff, protection)
    time = r.time_of(one, rules)
    assert time.due is not None
    assert time.due >= r.years_after(OPENED, r.soonest(rules)) - timedelta(days=1)
    more = r.time_of(r.Facts(klass, OPENED, one.closed, (*ages, 0), staff, protection), rules)
    assert more.due is not None
    if ages:
        assert more.due >= time.due  # one more child never shortens it
