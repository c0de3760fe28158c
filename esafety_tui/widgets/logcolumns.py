"""The columns of the log for the width there is: pure, from a row of the desk to one line of text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from textual.content import Content

from esafety_tui.desk.logbook import labels
from esafety_tui.widgets.lit import lit
from esafety_tui.widgets.rows import status

Row = dict[str, Any]

REDUCED = "Child protection: reference and dates only"
BRANCHES = {"internal": "internal", "illegal": "■ may be illegal", "undecided": "not decided"}
#: Where the words of a status or a branch do not fit.
SHORT = {"awaiting-police": "police", "monitoring": "monitored"}
SHORTEST = {**SHORT, "monitoring": "monitor"}
SHORT_BRANCHES = {**BRANCHES, "illegal": "■ illegal?"}


@dataclass(frozen=True)
class Look:
    """How a line is drawn: the search whose words are lit, today as ISO text."""

    typed: str = ""
    today: str = ""


@dataclass(frozen=True)
class Column:
    """A column: its heading, what it is sorted by ("" if it cannot be), its width (0: a share of what is left)."""

    id: str
    title: str
    sort: str
    width: int
    cell: Callable[[Row, int, Look], Content]
    share: int = 0


def short_day(text: str, today: str) -> str:
    """A day as narrow as can be: "3 Mar" within the last half year and the next, "Mar 2024" otherwise."""
    try:
        found, now = date.fromisoformat(text[:10]), date.fromisoformat(today)
    except ValueError:
        return ""
    return f"{found.day} {found:%b}" if abs((found - now).days) < 183 else f"{found:%b %Y}"


def long_day(text: str) -> str:
    """A day as "3 Mar 2026"; "" where there is none."""
    try:
        found = date.fromisoformat(text[:10])
    except ValueError:
        return ""
    return f"{found.day} {found:%b %Y}"


def who(row: Row) -> str:
    """Whom a case is about: names where they are known, else the group."""
    told = [p["name"] or p["group"] or "not known yet" for p in row["people"] if p["role"] in ("affected", "subject")]
    return ", ".join(told)


def what(row: Row) -> str:
    """What was told, or what kind of incident it is."""
    if row.get("reduced"):
        return REDUCED
    return str(
        labels.title(row) or ", ".join(row.get("kind_titles") or row.get("kinds") or ()) or row.get("step") or ""
    )


def overdue(row: Row, today: str) -> bool:
    """Whether the next thing due of a case is late."""
    return bool(row.get("next_due")) and str(row["next_due"])[:10] < today


def _status(row: Row, width: int, look: Look) -> Content:
    sign, words, style = status(row)
    words = words.partition(",")[0]
    if width < 17:
        words = (SHORT if width >= 11 else SHORTEST).get(row["status"], words)
    return Content.styled(f"{sign} {words}", style)


def _due(row: Row, width: int, look: Look) -> Content:
    until = str(row.get("next_due") or "")
    day = long_day(until) if width >= 13 else short_day(until, look.today)
    late = overdue(row, look.today)
    return Content.styled(f"! {day}" if late else f"  {day}" if day else "", "bold $care" if late else "")


def _day(field: str) -> Callable[[Row, int, Look], Content]:
    def cell(row: Row, width: int, look: Look) -> Content:
        text = str(row.get(field) or "")
        return Content(long_day(text) if width >= 11 else short_day(text, look.today))

    return cell


def _happened(row: Row, width: int, look: Look) -> Content:
    text = str(row.get("happened_at") or "")
    if not row.get("happened_corrected_by"):
        return _day("happened_at")(row, width, look)
    day = long_day(text) if width >= 13 else short_day(text, look.today)
    return Content.styled(f"✎ {day}", "$accent")


def _branch(row: Row, width: int, look: Look) -> Content:
    branch = str(row.get("branch") or "")
    if branch == "undecided" and row.get("class") == "ordinary":
        branch = ""
    words = BRANCHES if width >= 16 else SHORT_BRANCHES
    return Content.styled(words.get(branch, ""), "$illegal" if branch == "illegal" else "$quiet")


def _text(row: Row, width: int, look: Look) -> Content:
    return lit(what(row), look.typed, "$quiet" if row.get("reduced") else "")


def _both(row: Row, width: int, look: Look) -> Content:
    people, told = who(row), what(row)
    return lit(" · ".join(part for part in (people, told) if part), look.typed)


REF = Column("ref", "Incident", "", 8, lambda row, width, look: lit(row["ref"], look.typed, "bold"))
WHAT = Column("what", "What", "", 0, _text, 3)
WHO = Column("who", "Who", "", 0, lambda row, width, look: lit(who(row), look.typed), 2)
BOTH = Column("what", "Who and what", "", 0, _both, 1)


def _lead(width: int) -> Column:
    return Column("lead", "Lead", "lead", width, lambda row, width, look: lit(str(row.get("lead") or ""), look.typed))


def _opened(width: int) -> Column:
    return Column("opened", "Opened", "opened", width, _day("opened_at"))


def _when(width: int) -> Column:
    return Column("happened", "Happened", "happened", width, _happened)


def _state(width: int) -> Column:
    return Column("status", "Status", "status", width, _status)


def _until(width: int) -> Column:
    return Column("due", "Due", "due", width, _due)


_CLASS = Column("class", "Class", "", 9, lambda row, width, look: Content.styled(str(row.get("class") or ""), "$quiet"))


def _way(width: int) -> Column:
    return Column("branch", "Branch", "", width, _branch)


#: From which width on which columns are shown, and how many blanks stand between two of them. As long as what happened
#: is cut, no column is wider than what stands in it on most lines.
LAYOUTS: tuple[tuple[int, int, tuple[Column, ...]], ...] = (
    (190, 2, (REF, _opened(11), _when(13), WHAT, WHO, _CLASS, _way(16), _state(17), _lead(18), _until(13))),
    (150, 2, (REF, _opened(11), _when(11), WHAT, WHO, _CLASS, _way(11), _state(11), _lead(16), _until(13))),
    (116, 2, (REF, _opened(11), WHAT, WHO, _state(11), _lead(17), _until(10))),
    (108, 2, (REF, _opened(11), WHAT, WHO, _state(11), _lead(13), _until(10))),
    # What happened stands beside what is due, and goes on into its place where nothing is.
    (72, 1, (REF, _opened(8), _state(9), WHO, WHAT, _until(10))),
    (0, 1, (REF, _opened(8), BOTH, _state(9))),
)  # fmt: skip


@dataclass(frozen=True)
class Placed:
    """A column at its place on the line."""

    column: Column
    start: int
    width: int


#: What takes the place of the day of opening, where the log is sorted by it and it has no column of its own.
_SORTED = {"happened": _when(10), "lead": _lead(12), "due": _until(10)}


def placed(width: int, sort: str = "") -> tuple[Placed, ...]:
    """The columns for `width` letters, each with where it begins and how wide it is; what it is sorted by is there."""
    gap, columns = next((gap, columns) for least, gap, columns in LAYOUTS if width >= least)
    if sort in _SORTED and all(column.sort != sort for column in columns):
        columns = tuple(_SORTED[sort] if column.id == "opened" else column for column in columns)
    left = width - sum(column.width for column in columns) - gap * (len(columns) - 1)
    shares = sum(column.share for column in columns)
    found: list[Placed] = []
    start, spare = 0, max(left, 0)
    for column in columns:
        wide = column.width
        if column.share:
            wide = spare if shares == column.share else max(left, 0) * column.share // sum(c.share for c in columns)
            spare, shares = spare - wide, shares - column.share
        found.append(Placed(column, start, wide))
        start += wide + gap
    return tuple(found)


def cells(row: Row, columns: Sequence[Placed], look: Look) -> Content:
    """One line of the log. What happened goes on into the next column where that has nothing on this line."""
    found: list[Content] = []
    left = 0
    for one in reversed(columns):
        room = one.width + (left if one.column.id == "what" else 0)
        cell = one.column.cell(row, room, look)
        left = one.width + columns[1].start - columns[0].width if not cell.plain.strip() else 0
        if room > one.width:
            found.pop()
        found.append(_fitted(cell, room))
    return _between(columns).join(reversed(found))


def heading(columns: Sequence[Placed], sort: str, down: bool) -> Content:
    """The line of headings; the one it is sorted by has a sign."""
    parts = []
    for one in columns:
        mine = one.column.sort == sort and bool(sort)
        sign = " ▼" if mine and down else " ▲" if mine else ""
        parts.append(_fitted(Content.styled(one.column.title + sign, "bold $accent" if mine else "$quiet"), one.width))
    return _between(columns).join(parts)


def _between(columns: Sequence[Placed]) -> Content:
    return Content(" " * (columns[1].start - columns[0].width))


def _fitted(content: Content, width: int) -> Content:
    return content.truncate(width, ellipsis=True, pad=True) if width > 0 else Content("")
