"""The policy's calendar: what comes round, in which period it is to be done, and what is still owed. Pure.

An item that comes round every term is due once in each term, by its last school day, and so on. It is shown from its
lead time on. What was missed stays owed until it is marked as done, or as not needed, with a note.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from esafety_tui.policy.parts import Every
from esafety_tui.policy.tables import CalendarItem, Tables, is_school_day
from esafety_tui.register import events as r

#: Days before it is due from which an item is shown, where the pack does not say.
LEAD: dict[Every, int] = {"week": 2, "month": 7, "term": 21, "year": 42}
EACH: dict[Every, str] = {"week": "every week", "month": "every month", "term": "every term", "year": "every year"}
#: Periods looked at from the beginning on, at most: a log is not older than that.
_MOST = 2000


@dataclass(frozen=True)
class Period:
    """A stretch of the calendar, both days included; `named` as people say it."""

    starts: date
    ends: date
    named: str


@dataclass(frozen=True)
class Owed:
    """What is to be done next of an item. opens: the day from which it is shown; missed: earlier periods owed."""

    item: CalendarItem
    period: Period
    due: date
    opens: date
    missed: int = 0


def lead(item: CalendarItem) -> int:
    """Days before it is due from which it is shown."""
    return LEAD[item.every] if item.lead_days is None else item.lead_days


def owed(tables: Tables, done: Iterable[r.CalendarDone], begun: date, today: date) -> list[Owed]:
    """The next thing owed of each item, soonest first. begun: since when the school goes by this policy."""
    there = {(one.item, one.period) for one in done}
    found = [_next(tables, item, there, begun, today) for item in tables.calendar]
    return sorted(found, key=lambda one: (one.due, one.item.id))


def _next(tables: Tables, item: CalendarItem, done: set[tuple[str, str]], begun: date, today: date) -> Owed:
    missed = 0
    chosen: Period | None = None
    for period in _periods(tables, item.every, begun):
        open_still = (item.id, period.starts.isoformat()) not in done
        if open_still and chosen is None:
            chosen = period
        elif open_still and last_day(tables, period) < today:
            missed += 1
        if chosen is not None and period.ends >= today:
            break
    assert chosen is not None, "the calendar goes on for longer than a log does"
    due = last_day(tables, chosen)
    return Owed(item, chosen, due, due - timedelta(days=lead(item)), missed)


def _periods(tables: Tables, every: Every, begun: date) -> Iterator[Period]:
    period = period_of(tables, every, begun)
    for _ in range(_MOST):
        yield period
        period = period_of(tables, every, period.ends + timedelta(days=1))


def period_of(tables: Tables, every: Every, day: date) -> Period:
    """The week, month, term or school year that a day belongs to. A term goes on until the next one starts."""
    match every:
        case "week":
            monday = day - timedelta(days=day.weekday())
            return Period(monday, monday + timedelta(days=6), f"week of {monday.day} {monday:%b %Y}")
        case "month":
            first = day.replace(day=1)
            return Period(first, _month_after(first) - timedelta(days=1), f"{first:%B %Y}")
        case "term":
            return _term(tables, day)
        case _:
            return _year(tables, day)


def _month_after(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def _term(tables: Tables, day: date) -> Period:
    years = (day.year - 1, day.year, day.year + 1)
    starts = sorted({_on(term.starts, year): term.title for term in tables.terms for year in years}.items())
    at = max(place for place, (start, _) in enumerate(starts) if start <= day)
    start, title = starts[at]
    return Period(start, starts[at + 1][0] - timedelta(days=1), f"{title} {start.year}")


def _year(tables: Tables, day: date) -> Period:
    start = _on(tables.school_year_starts, day.year)
    if day < start:
        start = _on(tables.school_year_starts, day.year - 1)
    ends = _on(tables.school_year_starts, start.year + 1) - timedelta(days=1)
    return Period(start, ends, f"school year {start.year}/{(start.year + 1) % 100:02d}")


def _on(mark: str, year: int) -> date:
    """A month and day in a year; 29 February is the 28th where there is none."""
    month, day = int(mark[:2]), int(mark[3:])
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, month, 28)


def last_day(tables: Tables, period: Period) -> date:
    """The last school day of a period; its last day where the pack has no school day in it."""
    day = period.ends
    while day >= period.starts:
        if is_school_day(tables, day):
            return day
        day -= timedelta(days=1)
    return period.ends


def after_incidents(
    tables: Tables, done: Iterable[r.CalendarDone], serious: Iterable[str]
) -> list[tuple[CalendarItem, tuple[str, ...]]]:
    """What the pack brings forward after serious incidents (by reference): each such item with those that nobody has
    yet said it was done for, or is not needed for."""
    covered = {(one.item, ref) for one in done for ref in one.refs}
    wanted = list(serious)
    found = [
        (item, tuple(ref for ref in wanted if (item.id, ref) not in covered))
        for item in tables.calendar
        if item.after_incident
    ]
    return [(item, refs) for item, refs in found if refs]
