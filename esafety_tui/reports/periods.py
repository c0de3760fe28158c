"""Terms and school years of a policy as spans of days: anonymous figures know no finer time (R12). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from esafety_tui.policy.tables import Tables


@dataclass(frozen=True)
class Span:
    """One term of one school year, both days included. key: "2025-autumn"; year: the one in which it began."""

    key: str
    title: str
    first: date
    last: date
    year: int


def year_title(year: int) -> str:
    """The school year that begins in `year`, as schools write it: `2025/26`."""
    return f"{year}/{(year + 1) % 100:02d}"


def year_of(tables: Tables, day: date) -> int:
    """The calendar year in which the school year of a day began."""
    return day.year - (f"{day:%m-%d}" < tables.school_year_starts)


def span_of(tables: Tables, day: date) -> Span:
    """The term that a day belongs to; holidays count with the term before them."""
    starts = sorted(
        (_on(year, term.starts), term.id, term.title)
        for year in (day.year - 1, day.year, day.year + 1)
        for term in tables.terms
    )
    at = max(i for i, start in enumerate(starts) if start[0] <= day)
    first, id, title = starts[at]
    year = year_of(tables, first)
    return Span(f"{year}-{id}", f"{title} {year_title(year)}", first, starts[at + 1][0] - timedelta(days=1), year)


def spans(tables: Tables, first: date, last: date) -> tuple[Span, ...]:
    """The terms from the one of `first` to the one of `last`, in order; none where the last day is before the first."""
    found: list[Span] = []
    day = first
    while day <= last:
        found.append(span_of(tables, day))
        day = found[-1].last + timedelta(days=1)
    return tuple(found)


def year_spans(tables: Tables, year: int) -> tuple[Span, ...]:
    """The terms of the school year that begins in `year`."""
    first = _on(year, tables.school_year_starts)
    found = spans(tables, first, _on(year + 1, tables.school_year_starts) - timedelta(days=1))
    return tuple(span for span in found if span.year == year)


def period_title(tables: Tables, terms: tuple[Span, ...]) -> str:
    """A period as people say it: a school year, one term, or from one term to another."""
    if not terms:
        return ""
    if len(terms) == 1:
        return terms[0].title
    if terms == year_spans(tables, terms[0].year):
        return f"School year {year_title(terms[0].year)}"
    return f"{terms[0].title} to {terms[-1].title}"


def _on(year: int, day: str) -> date:
    month, number = map(int, day.split("-"))
    try:
        return date(year, month, number)
    except ValueError:  # 29 February
        return date(year, month, 28)
