"""The leadership's report as pages."""

from __future__ import annotations

from dataclasses import dataclass

from esafety_tui.reports.typeset import typeset
from esafety_tui.reports.values import Head, Letterhead

TITLE = "Online safety: report to the leadership"


@dataclass(frozen=True)
class Compared:
    """A table. rows: (title, this period, the period before: None where the log is not that old)."""

    title: str
    unit: str
    rows: tuple[tuple[str, int, int | None], ...]


@dataclass(frozen=True)
class OpenCase:
    """A case that is not closed. days: since it was recorded; due: an ISO day, or ""."""

    ref: str
    status: str
    days: int
    due: str
    overdue: bool


@dataclass(frozen=True)
class Leadership:
    """beside: what the second number is of, as "of ...", or "" where there is none, and why: `alone`; made_by: the
    office of whoever wrote it; viewed: (S1, role, openings, incidents); referrals: (reference, who was told, what they
    answered); today: the day of which `open`, and what is in force, is true; without: why there are no figures and no
    openings in it, or ""."""

    letterhead: Letterhead
    head: Head
    period: str
    beside: str
    alone: str
    made_by: str
    today: str
    without: str
    tables: tuple[Compared, ...]
    open: tuple[OpenCase, ...]
    referrals: tuple[tuple[str, str, str], ...]
    viewed: tuple[tuple[str, str, int, int], ...]
    filtering: tuple[tuple[str, int], ...]


def render(report: Leadership) -> bytes:
    """The pages, as PDF/A-2b. Raises TypesetError."""
    values = {"title": TITLE, "sheet": report.letterhead, "head": report.head, "report": report}
    return typeset("report-leadership", values, report.letterhead.made_at)
