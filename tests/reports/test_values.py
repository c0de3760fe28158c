"""Times, spans and sizes as papers say them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esafety_tui.reports import values

SUMMER = timezone(timedelta(hours=1))
MORNING = datetime(2026, 6, 2, 9, 4, 3, tzinfo=SUMMER)


def test_an_entrys_time_is_the_local_one_of_then():
    found = values.moment("2026-06-02T08:04:03.123Z", 60)
    assert found is not None
    assert values.clock(found) == "2 Jun 2026, 09:04:03 +01:00"
    assert values.moment("", 0) is None


@pytest.mark.parametrize(("minutes", "said"), [(0, "+00:00"), (60, "+01:00"), (-90, "-01:30"), (345, "+05:45")])
def test_the_distance_from_utc_is_always_said(minutes, said):
    assert values.offset(MORNING.astimezone(timezone(timedelta(minutes=minutes)))) == said


def test_a_day_and_nothing():
    assert values.day(MORNING) == "2 June 2026"
    assert values.day(None) == values.clock(None) == values.span(None, None) == ""


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        (MORNING, MORNING + timedelta(minutes=2), "2 Jun 2026, 09:04:03 to 09:06:03 +01:00"),
        (MORNING, MORNING + timedelta(days=1), "2 Jun 2026, 09:04:03 +01:00 to 3 Jun 2026, 09:04:03 +01:00"),
        (MORNING, MORNING.astimezone(UTC), "2 Jun 2026, 09:04:03 +01:00 to 2 Jun 2026, 08:04:03 +00:00"),
        (MORNING, None, "2 Jun 2026, 09:04:03 +01:00"),
        (None, MORNING, "2 Jun 2026, 09:04:03 +01:00"),
    ],
)
def test_a_span_says_no_more_than_it_must_and_never_less(start, end, said):
    assert values.span(start, end) == said


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1_000, "1.0 kB (1,000 bytes)"),
        (1_398_101, "1.4 MB (1,398,101 bytes)"),
        (2 * 10**9, "2.0 GB (2,000,000,000 bytes)"),
    ],
)
def test_a_size_is_plain_and_exact(count, said):
    assert values.size(count) == said


@given(st.datetimes(datetime(1990, 1, 1), datetime(2199, 1, 1)), st.integers(-12 * 60, 14 * 60))
def test_no_time_loses_its_moment(naive, minutes):
    utc = naive.replace(microsecond=0, tzinfo=UTC)
    found = values.moment(f"{utc:%Y-%m-%dT%H:%M:%S}.000Z", minutes)
    assert found == utc
    assert found.utcoffset() == timedelta(minutes=minutes)


def test_every_way_to_be_known_has_its_words():
    assert set(values.PROOFS) == set(values.SIGNINGS)
    assert "not proven" in values.PROOFS["attested"]
    assert "not proven" in values.SIGNINGS["attested"]
