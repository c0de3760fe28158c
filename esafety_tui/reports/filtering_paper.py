"""The month of the filter on one page: for the safeguarding governor and the technician, without a pupil's name."""

from __future__ import annotations

from dataclasses import dataclass

from esafety_tui.reports.typeset import typeset
from esafety_tui.reports.values import Head, Letterhead


@dataclass(frozen=True)
class Row:
    """A change of the filter: its number, what was changed for whom, why, who agreed, and what became of it; corrected:
    what was put right afterwards, a sentence each (R7)."""

    item: str
    what: str
    whom: str
    reason: str
    days: str
    decided: str
    done: str
    status: str
    overdue: bool = False
    corrected: tuple[str, ...] = ()


@dataclass(frozen=True)
class Month:
    """letterhead.reference: the month. counts: (what, how many) for the line under the title. todo: what is still to
    be done, by number."""

    letterhead: Letterhead
    head: Head
    named: str
    counts: tuple[tuple[str, int], ...]
    rows: tuple[Row, ...]
    todo: tuple[str, ...] = ()


def month(paper: Month) -> bytes:
    """The page as PDF/A-2b. More pages where the rows need them; nothing is left out."""
    values = {"title": "Changes of the filter", "sheet": paper.letterhead, "head": paper.head, "month": paper}
    return typeset("filtering", values, paper.letterhead.made_at)
