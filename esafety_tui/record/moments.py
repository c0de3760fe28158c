"""A moment as entries keep it (UTC text with milliseconds, local offset in minutes), read and said. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol


class Entered(Protocol):
    """What has the time when it was written and, where that was another, the time when it happened ("": none)."""

    @property
    def at(self) -> str: ...
    @property
    def off(self) -> int: ...
    @property
    def happened(self) -> str: ...
    @property
    def happened_off(self) -> int: ...


NOON = 12
#: A day without a time is kept as noon (midnight, where noon is still to come) and so many milliseconds: no time that
#: somebody types has them.
DAY_ONLY_MS = 1


def local(at: str, off: int = 0) -> datetime:
    """The local time of an entry, as it was then and there."""
    utc = datetime.fromisoformat(at.replace("Z", "+00:00"))
    return utc + timedelta(minutes=off)


def plain(at: str, off: int = 0) -> str:
    """As a person reads it: "Tue 3 Mar 2026, 14:05"."""
    if not at:
        return ""
    moment = local(at, off)
    day = f"{moment:%a} {moment.day} {moment:%b %Y}"
    return f"{day}, time not given" if day_only(moment) else f"{day}, {moment:%H:%M}"


def day_only(moment: datetime) -> bool:
    """Whether only the day of a local time was given."""
    return moment.hour in (0, NOON) and (moment.minute, moment.second, moment.microsecond) == (0, 0, DAY_ONLY_MS * 1000)


def took_place(one: Entered) -> tuple[str, int]:
    """When something took place: when it happened, or else when it was written (R15)."""
    return (one.happened, one.happened_off) if one.happened else (one.at, one.off)


def earlier(one: tuple[str, int], other: tuple[str, int]) -> bool:
    """Whether a moment is certainly before another: by the day where of either only the day was given, else by the
    minute, which is what people type."""
    first, second = local(*one), local(*other)
    if day_only(first) or day_only(second):
        return first.date() < second.date()
    return one[0][:16] < other[0][:16]
