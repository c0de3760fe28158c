"""Lines of lists: a case with its status in words and a sign, what is due, days and hours as people read them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Protocol

from textual.content import Content

from esafety_tui.desk import clock
from esafety_tui.desk.logbook import labels
from esafety_tui.widgets.lines import Marked
from esafety_tui.widgets.prose import line, shortened

#: status -> (sign, words, style). Red is for the illegal branch alone.
STATUS = {
    "open": ("●", "open", "$accent"),
    "waiting": ("◷", "waiting", "$care"),
    "halted": ("■", "halted", "bold $illegal"),
    "awaiting-police": ("▲", "awaiting police", "bold $illegal"),
    "monitoring": ("◐", "monitoring", "$accent"),
    "closed": ("✓", "closed", "$quiet"),
}


class Due(Protocol):
    """What the desk says is due."""

    @property
    def ref(self) -> str: ...
    @property
    def what(self) -> str: ...
    @property
    def owner(self) -> str: ...
    @property
    def due(self) -> str: ...
    @property
    def overdue(self) -> bool: ...


def status(row: dict[str, Any]) -> tuple[str, str, str]:
    """Sign, words and style of a case's status."""
    sign, words, style = STATUS.get(row["status"], ("?", str(row["status"]), "$quiet"))
    if row.get("branch") == "illegal" and row["status"] in ("open", "waiting"):
        return "■", f"{words}, may be illegal", "bold $illegal"
    return sign, words, style


def day(text: str) -> str:
    """An ISO time or day as "3 Mar 2026"; other text as it is."""
    try:
        found = date.fromisoformat(text[:10])
    except ValueError:
        return text
    return f"{found.day} {found:%b %Y}"


def clock_time(text: str) -> str:
    """The local hour and minute of an ISO time with offset; "" where there is none, or only the day was given."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return ""
    return "" if clock.day_only(moment) else f"{moment:%H:%M}"


def about(row: dict[str, Any]) -> str:
    """What a case is about in a few words: people first, then what was told."""
    names = ", ".join(p["name"] or "not known yet" for p in row["people"] if p["role"] in ("affected", "subject"))
    if row.get("reduced"):
        return "Child protection: reference and dates only"
    return " · ".join(part for part in (names, labels.title(row)) if part)


def case_row(row: dict[str, Any], width: int, number: int = 0) -> Content:
    """Two lines of a case: number, reference, status, step; then what it is about."""
    sign, words, style = status(row)
    count = f"{number:>2}  " if 0 < number < 10 else "    "
    step = row.get("step", "")
    head = line((count, "bold $accent"), (row["ref"], "bold"), "  ", (f"{sign} {words}", style),
                ("  at: " if step else "", "$quiet"), shortened(step, max(8, width - 34)))  # fmt: skip
    below = f"    {day(row['opened_at'])}  {about(row)}"
    return Content("\n").join([head, line((shortened_keep(below, width), "$quiet"))])


def shortened_keep(text: str, width: int) -> str:
    """Cut to `width` letters, but keep the blanks it begins with."""
    lead = len(text) - len(text.lstrip())
    return " " * lead + shortened(text[lead:], max(4, width - lead))


def due_row(item: Due) -> Marked:
    """What is due, until when, and by whom; what is overdue has a sign and says so."""
    when = f"{day(item.due)}  " if item.due else ""
    late = ("overdue  ", "bold $care") if item.overdue else ("", "")
    said = line(late, (when, "bold"), item.what, (f"  ({item.owner})" if item.owner else "", "$quiet"),
                (f"  {item.ref}" if item.ref else "", "$quiet"))  # fmt: skip
    return Marked(said, line(("! ", "bold $care") if item.overdue else ("• ", "$accent")))
