"""Time as people say it and as entries keep it: UTC text to the millisecond with the local offset in minutes (R15)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta

from esafety_tui.errors import UsageError
from esafety_tui.record.moments import DAY_ONLY_MS, NOON, day_only, local, plain

When = tuple[str, int]
__all__ = ["day_only", "local", "plain"]  # those of the record, beside what people type

DAY_MINUTES = 24 * 60
NOT_YET = "That time has not come yet"

_CLOCK = re.compile(r"(?P<hour>[01]?\d|2[0-3])[:.h](?P<minute>[0-5]\d)$")
#: As people here write it; the calendar of this computer knows "Sep" and "September".
_SEPTEMBER = re.compile(r"\bsept\b")
_DAYS = {"today": 0, "yesterday": -1, "tomorrow": 1}
_FULL = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d %B %Y", "%d %b %Y")
_WITHOUT_YEAR = ("%d/%m %Y", "%d %B %Y", "%d %b %Y")
#: Days that a case may name; beyond them no calendar of this computer is asked.
FIRST_YEAR, LAST_YEAR = 1900, 2199


class Telling:
    """The clock of a demonstration while it is told: it only goes forward, and never past the present. A local time."""

    def __init__(self, start: datetime) -> None:
        self.moment = min(start, datetime.now())

    def go(self, moment: datetime) -> None:
        """Go on to a later moment; to an earlier one it does not go back."""
        self.moment = min(max(self.moment, moment), datetime.now())

    def on(self, minutes: int) -> None:
        """Go on by so many minutes."""
        self.go(self.moment + timedelta(minutes=minutes))


_TELLING: ContextVar[Telling | None] = ContextVar("telling", default=None)


@contextmanager
def telling(start: datetime) -> Iterator[Telling]:
    """A demonstration is told at its own time, from `start` (local) on; no option and no variable does that."""
    told = Telling(start)
    before = _TELLING.set(told)
    try:
        yield told
    finally:
        _TELLING.reset(before)


def present() -> datetime:
    """The present moment, aware, in local time."""
    told = _TELLING.get()
    return (told.moment if told else datetime.now()).astimezone()


def today() -> date:
    """The day here."""
    return present().date()


def now() -> When:
    """This computer's time: (UTC ISO text with milliseconds and Z, local offset in minutes)."""
    return of(present())


def of(moment: datetime) -> When:
    """An aware time as entries keep it."""
    offset = moment.utcoffset() or timedelta()
    utc = moment.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z", int(offset.total_seconds() // 60)


def iso(at: str, off: int = 0) -> str:
    """ISO 8601 with offset, for JSON. Empty stays empty."""
    if not at:
        return ""
    sign = "-" if off < 0 else "+"
    moment = local(at, off).replace(tzinfo=None)
    return f"{moment.isoformat(timespec='milliseconds')}{sign}{abs(off) // 60:02d}:{abs(off) % 60:02d}"


def time_given(at: str) -> bool:
    """Whether somebody gave the time of what happened (ISO text with offset): not for a day alone, not for nothing."""
    return bool(at) and not day_only(datetime.fromisoformat(at).replace(tzinfo=None))


def understood(text: str) -> str:
    """What somebody typed, as it will be kept: "Tue 3 Mar 2026, 14:05". An hour that the clocks skip, or that comes
    twice, says so. Raises UsageError as `parse` does."""
    at, off = parse(text)
    return plain(at, off) + _changing(text, local(at, off).replace(tzinfo=None))


def _changing(text: str, kept: datetime) -> str:
    match = _CLOCK.match(text.strip().casefold().rpartition(" ")[2])
    if match and (int(match["hour"]), int(match["minute"])) != (kept.hour, kept.minute):
        return " (that hour was skipped: the clocks went forward)"
    try:
        twice = kept.astimezone().utcoffset() != kept.replace(fold=1).astimezone().utcoffset()
    except (OSError, OverflowError):
        return ""  # Some systems have no rules for days before 1970.
    return " (that hour came twice: the first is meant)" if twice else ""


def parse(text: str, base: datetime | None = None) -> When:
    """What somebody typed: "" or "now", "14:05", "yesterday 9.30", "2026-03-02", "2/3/2026 14:05", "3 March 14:05".

    Without a day it is today; without a time only the day is kept (`day_only`). Raises UsageError: not understood, or
    in the future.
    """
    here = base or present()
    words = " ".join(text.strip().casefold().split())
    if words in ("", "now"):
        return of(here.replace(microsecond=0))
    day_text, hour, minute = _split(words)
    day = _day(day_text, here.date())
    if hour is None and day <= here.date():
        early = day == here.date() and here.hour < NOON
        return of(_aware(datetime(day.year, day.month, day.day, 0 if early else NOON, 0, 0, DAY_ONLY_MS * 1000), here))
    moment = _aware(datetime(day.year, day.month, day.day, hour or 0, minute), here)
    if moment > here + timedelta(minutes=1):
        raise UsageError(NOT_YET, "What happened lies in the past.", "Check the day and the time.")
    return of(moment)


def parse_loose(text: str) -> datetime:
    """A local time, which may lie ahead (another clock's). Raises UsageError where it is not understood."""
    day_text, hour, minute = _split(" ".join(text.strip().casefold().split()))
    day = _day(day_text, today())
    return datetime(day.year, day.month, day.day, NOON if hour is None else hour, minute)


def minutes_ahead(other: str) -> int:
    """By how many minutes this computer is ahead of another clock that shows `other` now. Raises UsageError.

    A time without a day is the nearest such time: at 00:01 a clock that shows 23:59 is two minutes behind.
    """
    here = present().replace(second=0, microsecond=0, tzinfo=None)
    gap = round((here - parse_loose(other)).total_seconds() / 60)
    day_given = bool(_split(" ".join(other.strip().casefold().split()))[0])
    return gap if day_given else (gap + DAY_MINUTES // 2) % DAY_MINUTES - DAY_MINUTES // 2


def parse_day(text: str, base: date | None = None) -> str:
    """A day, of the past where no year says otherwise, as ISO text. Raises UsageError where it is not understood."""
    return _day(" ".join(text.strip().casefold().split()), base or today()).isoformat()


def parse_due(text: str, base: date | None = None) -> str:
    """A day by which something is due, as ISO text: to come where no year says otherwise. It may have passed, for what
    is written down late. Raises UsageError where it is not understood."""
    return _day(" ".join(text.strip().casefold().split()), base or today(), ahead=True).isoformat()


def parse_day_to_come(text: str, base: date | None = None) -> str:
    """Today or a day to come as ISO text. Raises UsageError where it is not understood or has passed."""
    first = base or today()
    day = parse_due(text, first)
    if day < first.isoformat():
        raise UsageError("That day has passed", "It has to be today or later.", "Choose another day.")
    return day


def _aware(naive: datetime, present: datetime) -> datetime:
    # The system's own rules for the day in question; an hour that the clocks skip moves forward, one that comes
    # twice is the first.
    if present.tzinfo is None or hasattr(present.tzinfo, "key"):
        return naive.replace(tzinfo=present.tzinfo)
    try:
        moment = naive.astimezone()
        if moment.replace(tzinfo=None) != naive:
            moment = max(moment, naive.replace(fold=1).astimezone())
        return moment
    except (OSError, OverflowError):
        return naive.replace(tzinfo=present.tzinfo)  # Some systems have no rules for days before 1970.


def _split(words: str) -> tuple[str, int | None, int]:
    """The words for the day, the hour (None where no time was given) and the minute."""
    head, _, tail = words.rpartition(" ")
    match = _CLOCK.match(tail)
    if match:
        return head.removesuffix(" at").removesuffix(","), int(match["hour"]), int(match["minute"])
    if "t" in words and re.match(r"\d{4}-\d\d-\d\dt\d\d:\d\d", words):
        return words[:10], int(words[11:13]), int(words[14:16])
    return words, None, 0


def _day(words: str, today: date, ahead: bool = False) -> date:
    """The day that words name. Without a year: the last such day, or with `ahead` the next, that the calendar has."""
    if words in ("", "at"):
        return today
    words = _SEPTEMBER.sub("sep", words)
    if words in _DAYS:
        return today + timedelta(days=_DAYS[words])
    years = [today.year + step if ahead else today.year - step for step in range(9)]
    dated = [(words, pattern) for pattern in _FULL]
    dated += [(f"{words} {year}", pattern) for year in years for pattern in _WITHOUT_YEAR]
    for i, (text, pattern) in enumerate(dated):
        try:
            found = datetime.strptime(text, pattern).date()
        except ValueError:
            continue
        in_time = i < len(_FULL) or (found >= today if ahead else found <= today)
        if in_time and FIRST_YEAR <= found.year <= LAST_YEAR:
            return found
    raise UsageError(
        "That day or time is not understood",
        "It has to be a day that exists, with a time if you know it.",
        'Write it like "14:05", "yesterday 9:30" or "2026-03-02 14:05".',
    )


def midnight(day: str, ahead: int = 0) -> When:
    """The beginning of a local day (as somebody typed it), or of the one `ahead` days later. Raises UsageError."""
    found = date.fromisoformat(parse_day(day)) + timedelta(days=ahead)
    return of(datetime(found.year, found.month, found.day).astimezone())
