"""Time as people say it: days that exist, hours that come twice or never, what has not come yet. British time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date, datetime, tzinfo
from datetime import time as time_of_day
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esafety_tui.desk import clock
from esafety_tui.errors import UsageError
from tests.conftest import BRITISH_TIME
from tests.desk.plain import plainly

# A Wednesday in winter, ten in the morning.
NOW = datetime(2026, 11, 25, 10, 0)


@pytest.fixture(params=["Europe/London", BRITISH_TIME], autouse=True)
def british(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """By the machine's own time zone files where it has them, and by rules written out."""
    if request.param == "Europe/London" and not Path("/usr/share/zoneinfo/Europe/London").exists():
        pytest.skip("no time zone files on this machine")
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def parsed(text: str, now: datetime = NOW) -> tuple[str, int]:
    return clock.parse(text, now.astimezone())


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", "2026-11-25T10:00"),
        ("now", "2026-11-25T10:00"),
        ("  NOW ", "2026-11-25T10:00"),
        ("9:05", "2026-11-25T09:05"),
        ("9.05", "2026-11-25T09:05"),
        ("today 08:00", "2026-11-25T08:00"),
        ("today", "2026-11-25T00:00"),
        ("25/11/2026", "2026-11-25T00:00"),
        ("yesterday", "2026-11-24T12:00"),
        ("yesterday 9.30", "2026-11-24T09:30"),
        ("Yesterday at 23:59", "2026-11-24T23:59"),
        ("2026-03-02", "2026-03-02T12:00"),
        ("2026-03-02 14:05", "2026-03-02T14:05"),
        ("2026-03-02T14:05", "2026-03-02T14:05"),
        ("2/3/2026 14:05", "2026-03-02T14:05"),
        ("2.3.2026", "2026-03-02T12:00"),
        ("3 March 14:05", "2026-03-03T14:05"),
        ("3 Mar, 14:05", "2026-03-03T14:05"),
        ("2/3", "2026-03-02T12:00"),
        ("24 December", "2025-12-24T12:00"),
        ("29 February", "2024-02-29T12:00"),
        ("29/02/2024", "2024-02-29T12:00"),
        ("1900-01-01", "1900-01-01T12:00"),
    ],
)
def test_what_people_type(typed: str, kept: str) -> None:
    assert f"{clock.local(*parsed(typed)):%Y-%m-%dT%H:%M}" == kept


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("yesterday", "Tue 24 Nov 2026, time not given"), ("today", "Wed 25 Nov 2026, time not given"),
        ("2026-07-01", "Wed 1 Jul 2026, time not given"), ("yesterday 12:00", "Tue 24 Nov 2026, 12:00"),
        ("today 0:00", "Wed 25 Nov 2026, 00:00"),
    ],
)  # fmt: skip
def test_a_day_without_a_time_says_so_wherever_it_is_shown(typed: str, shown: str) -> None:
    assert clock.plain(*parsed(typed)) == shown
    iso = clock.iso(*parsed(typed))
    assert clock.day_only(datetime.fromisoformat(iso)) == shown.endswith("not given")
    assert clock.time_given(iso) != shown.endswith("not given")
    assert not clock.time_given("")


@pytest.mark.parametrize(
    "typed",
    [
        "soon", "29 February 2023", "29/02/2023", "31 April", "2026-13-01", "2026-00-00", "24:00", "12:60", "99/99",
        "10:01 tomorrow morning", "0001-01-01", "9999-12-31", "1899-12-31", "x" * 10_000, "\x00", "-1", "12", "2026",
        "14:05 2026-03-02", "[/x]", "٣٠ مارس",
    ],
)  # fmt: skip
def test_what_is_no_time_is_refused_plainly(typed: str) -> None:
    with pytest.raises(UsageError) as error:
        parsed(typed)
    plainly(error.value)


@pytest.mark.parametrize(
    "typed", ["10:02", "today 23:59", "tomorrow", "tomorrow 8:00", "2026-11-26", "26/11/2026", "2027-01-01"]
)
def test_what_has_not_come_yet_is_refused(typed: str) -> None:
    with pytest.raises(UsageError, match="not come yet"):
        parsed(typed)


def test_a_minute_of_difference_between_two_clocks_is_allowed() -> None:
    assert parsed("10:01")


@pytest.mark.parametrize(
    ("typed", "utc", "off"),
    [
        # Summer time ends: the hour from one to two comes twice, and the first is meant.
        ("2026-10-25 00:59", "2026-10-24T23:59", 60),
        ("2026-10-25 01:30", "2026-10-25T00:30", 60),
        ("2026-10-25 02:00", "2026-10-25T02:00", 0),
        # Summer time begins: the hour from one to two never comes.
        ("2026-03-29 00:59", "2026-03-29T00:59", 0),
        ("2026-03-29 01:30", "2026-03-29T01:30", 60),
        ("2026-03-29 02:00", "2026-03-29T01:00", 60),
        ("2026-07-01 12:00", "2026-07-01T11:00", 60),
    ],
)
def test_the_hours_that_come_twice_or_never(typed: str, utc: str, off: int) -> None:
    assert parsed(typed) == (f"{utc}:00.000Z", off)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("2026-03-29 01:30", "Sun 29 Mar 2026, 02:30 (that hour was skipped: the clocks went forward)"),
        ("2026-10-25 01:30", "Sun 25 Oct 2026, 01:30 (that hour came twice: the first is meant)"),
        ("2026-10-25 03:30", "Sun 25 Oct 2026, 03:30"), ("2026-10-25", "Sun 25 Oct 2026, time not given"),
    ],
)  # fmt: skip
def test_an_hour_that_comes_twice_or_never_is_said(typed: str, said: str) -> None:
    assert clock.understood(typed) == said


@given(st.datetimes(datetime(1971, 1, 1), datetime(2026, 11, 1)))
def test_a_minute_that_exists_comes_back_as_it_was_typed(moment: datetime) -> None:
    typed = f"{moment:%Y-%m-%d %H:%M}"
    at, off = parsed(typed)
    shown = f"{clock.local(at, off):%Y-%m-%d %H:%M}"
    assert shown == typed or clock.local(at, off).hour == moment.hour + 1
    assert clock.iso(at, off).startswith(f"{clock.local(at, off):%Y-%m-%dT%H:%M}")
    assert clock.plain(at, off)


@given(st.text(max_size=40))
def test_no_text_breaks_it(typed: str) -> None:
    for read in (parsed, clock.parse_day, clock.parse_day_to_come, clock.parse_loose, clock.minutes_ahead):
        try:
            read(typed)
        except UsageError as error:
            plainly(error)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("today", "2026-11-25"),
        ("tomorrow", "2026-11-26"),
        ("3 March", "2027-03-03"),
        ("26/11", "2026-11-26"),
        ("29 February", "2028-02-29"),
        ("2026-12-01", "2026-12-01"),
    ],
)
def test_a_day_to_come_is_the_next_of_its_name(typed: str, kept: str) -> None:
    assert clock.parse_day_to_come(typed, NOW.date()) == kept


@pytest.mark.parametrize("typed", ["yesterday", "2026-11-24", "24/11/2026", "29 February 2027"])
def test_a_day_gone_by_is_refused_where_one_to_come_is_asked(typed: str) -> None:
    with pytest.raises(UsageError) as error:
        clock.parse_day_to_come(typed, NOW.date())
    plainly(error.value)


def test_days_around_a_leap_day() -> None:
    assert clock.parse_day("29 February", date(2028, 1, 10)) == "2024-02-29"
    assert clock.parse_day("29 February", date(2028, 2, 29)) == "2028-02-29"
    assert clock.parse_day("29 February", date(2028, 3, 1)) == "2028-02-29"
    assert clock.parse_day("yesterday", date(2028, 3, 1)) == "2028-02-29"


def test_midnight_is_the_local_one() -> None:
    assert clock.midnight("2026-07-01") == ("2026-06-30T23:00:00.000Z", 60)
    assert clock.midnight("2026-12-31", 1) == ("2027-01-01T00:00:00.000Z", 0)


def test_an_entry_made_days_later_says_so(session: object) -> None:
    from esafety_tui.desk.session import Session
    from tests.desk.made_school import do

    assert isinstance(session, Session)
    ref = session.casework.begin()
    do(session, ref, "note", "add", text="Seen on Monday", when="2026-01-05 09:10")
    do(session, ref, "note", "add", text="Seen now")
    old, new = session.browsing.chronology(ref)[-2:]
    assert (old["late"], new["late"]) == (True, False)
    assert old["happened_at"].startswith("2026-01-05T09:10")
    assert not session.browsing.log()[0]["happened_at"], "a note does not say when the incident happened"


@pytest.mark.parametrize(
    ("here", "there", "ahead"),
    [
        ("00:01", "23:59", 2),
        ("23:59", "00:01", -2),
        ("10:00", "10:00", 0),
        ("10:00", "9:30", 30),
        ("10:00", "22:30", -750 + 1440),
    ],
)
def test_another_clock_shows_the_nearest_such_time(
    here: str, there: str, ahead: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Fixed(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Fixed:
            return cls.combine(date.today(), time_of_day.fromisoformat(here))

    monkeypatch.setattr(clock, "datetime", Fixed)
    assert clock.minutes_ahead(there) == ahead
