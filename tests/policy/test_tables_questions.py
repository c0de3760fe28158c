"""What other rooms ask of the tables: who answers now, which term, which school day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esafety_tui.policy.parts import Agency, Break, Hours, Reach
from esafety_tui.policy.tables import (
    Tables,
    agency_now,
    confirmed,
    is_school_day,
    school_days_after,
    term_of,
)

OFFICE = (Hours.model_validate({"days": ("Mon", "Tue"), "from": "09:00", "to": "17:00"}),)
NUMBER = (Reach(kind="telephone", value="0", needs_confirming=True),)
NO_NUMBER = (Reach(kind="telephone", value="", needs_confirming=True),)
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


def _agency(id: str, **changes: object) -> Agency:
    values = {
        "id": id, "title": id, "purpose": "care", "what_for": "x", "reach": NUMBER, "hours": OFFICE, "order": 1,
    }  # fmt: skip
    return Agency.model_validate({**values, **changes})


def _asked(spires: Tables, *agencies: Agency, weekday: int = 0, minute: int = 600) -> str | None:
    found = agency_now(spires.model_copy(update={"agencies": agencies}), "care", weekday, minute)
    return found.id if found else None


def test_order_decides_among_those_open(spires: Tables) -> None:
    assert _asked(spires, _agency("b", order=2), _agency("a", order=1)) == "a"
    assert _asked(spires, _agency("a", order=2), _agency("b", order=1, hours="always")) == "b"


def test_hours_end_with_the_minute_named(spires: Tables) -> None:
    assert _asked(spires, _agency("a"), minute=9 * 60 - 1) is None
    assert _asked(spires, _agency("a"), minute=9 * 60) == "a"
    assert _asked(spires, _agency("a"), minute=17 * 60 - 1) == "a"
    assert _asked(spires, _agency("a"), minute=17 * 60) is None
    assert _asked(spires, _agency("a"), weekday=2) is None


def test_another_of_the_same_purpose_comes_before_instead(spires: Tables) -> None:
    other = _agency("p", purpose="police", hours="always")
    closed = _agency("a", instead="p")
    assert _asked(spires, closed, other, minute=0) == "p"
    assert _asked(spires, closed, other, _agency("b", order=9, hours="always"), minute=0) == "b"


def test_instead_is_followed_as_far_as_it_goes(spires: Tables) -> None:
    chain = [
        _agency("a", instead="b"),
        _agency("b", purpose="authority", instead="c"),
        _agency("c", purpose="police", hours="always"),
    ]
    assert _asked(spires, *chain, minute=0) == "c"
    assert _asked(spires, *chain[:2], minute=0) is None


def test_a_ring_ends(spires: Tables) -> None:
    # load refuses such a pack; a search over broken packs must still come to an end.
    assert _asked(spires, _agency("a", instead="b"), _agency("b", order=2, instead="a"), minute=0) is None


def test_nobody_is_rung_without_a_number(spires: Tables) -> None:
    police = _agency("p", purpose="police", hours="always")
    silent = _agency("a", reach=NO_NUMBER, instead="p")
    assert _asked(spires, silent, police) == "p"
    assert _asked(spires, silent, police, _agency("b", order=2)) == "b"


def test_no_agency_of_that_purpose(spires: Tables) -> None:
    assert _asked(spires, _agency("p", purpose="police", hours="always")) is None


def test_confirmed_numbers(woodside: Tables) -> None:
    before = agency_now(woodside, "care", 0, 600)
    assert before is not None
    assert before.id == "police"
    after = confirmed(woodside, {"social-care": NUMBER, "gone": NUMBER})
    found = agency_now(after, "care", 0, 600)
    assert found is not None
    assert (found.id, found.reach) == ("social-care", NUMBER)
    assert confirmed(woodside, {"social-care": ()}) == woodside


def test_outside_the_week(spires: Tables) -> None:
    with pytest.raises(IndexError):
        agency_now(spires, "care", 7, 0)


def test_terms(spires: Tables) -> None:
    day_and_term = {
        date(2025, 8, 31): "summer",
        date(2025, 9, 1): "autumn",
        date(2025, 12, 31): "autumn",
        date(2026, 1, 1): "spring",
        date(2026, 3, 31): "spring",
        date(2026, 4, 1): "summer",
        date(2028, 2, 29): "spring",
    }
    assert {day: term_of(spires, day).id for day in day_and_term} == day_and_term


@given(DAYS)
def test_a_year_that_does_not_begin_with_a_term(spires: Tables, day: date) -> None:
    # Without a term from 1 January the autumn term runs on until the summer term.
    two = spires.model_copy(update={"terms": tuple(term for term in spires.terms if term.id != "spring")})
    expected = "summer" if (4, 1) <= (day.month, day.day) < (9, 1) else "autumn"
    assert term_of(two, day).id == expected


def test_school_days(spires: Tables) -> None:
    assert is_school_day(spires, date(2026, 1, 5))
    assert not is_school_day(spires, date(2026, 1, 10))
    for closed in (date(2025, 12, 22), date(2026, 1, 1), date(2026, 1, 2), date(2026, 7, 1), date(2026, 8, 31)):
        assert not is_school_day(spires, closed)
    assert is_school_day(spires, date(2025, 12, 19))
    assert is_school_day(spires, date(2026, 6, 30))


def test_five_school_days_on(spires: Tables) -> None:
    assert school_days_after(spires, date(2026, 3, 2), 5) == date(2026, 3, 9)
    # From a Friday to the last day before Christmas, and from there to the first day back.
    assert school_days_after(spires, date(2026, 12, 18), 1) == date(2026, 12, 21)
    assert school_days_after(spires, date(2026, 12, 21), 1) == date(2027, 1, 4)


@given(DAYS, st.integers(1, 30))
def test_school_days_are_counted_one_by_one(spires: Tables, day: date, count: int) -> None:
    found = school_days_after(spires, day, count)
    between = [day + timedelta(days=ahead) for ahead in range(1, (found - day).days + 1)]
    assert sum(is_school_day(spires, one) for one in between) == count
    assert is_school_day(spires, found)


def test_no_school_day_at_all(spires: Tables) -> None:
    ever = Break(id="ever", title="x", starts="01-01", ends="12-31")
    closed = spires.model_copy(update={"breaks": (ever,)})
    with pytest.raises(ValueError, match="no school day"):
        school_days_after(closed, date(2026, 1, 1), 1)
    with pytest.raises(ValueError, match="at least 1"):
        school_days_after(spires, date(2026, 1, 1), 0)
