"""To a place in the log: a day, a month, a year, or a reference."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from esafety_tui.desk import clock
from esafety_tui.desk.asks import Ask, Choice, Field, Reply
from esafety_tui.incident import reference
from esafety_tui.screens.form import FormDialog
from esafety_tui.widgets.logtable import Wish

_MONTHS = ("%Y-%m", "%m/%Y", "%B %Y", "%b %Y")
HELP = "Like 2 March, 2026-03, March 2026, yesterday, or a reference such as 7KQ2-M9X."


def go_to_dialog() -> FormDialog:
    """Asks where to. Dismissed with the Wish for the table, or None."""
    field = Field("place", "A day, a month, or a reference", "line", True, help=HELP)
    ask = Ask("go-to", "Go to", (Choice("go", "Go there", (field,)),), kind="task")
    dialog = FormDialog(ask, lambda reply: place_of(reply), "Go")
    dialog.NAME, dialog.ABOUT = "Go to a place in the log", "Type a day, a month or a reference; escape goes back."
    return dialog


def place_of(reply: Reply) -> Wish:
    """Where somebody wants to go. Raises UsageError where it is neither a day nor a reference."""
    typed = reply.fields.get("place", "").strip()
    if ref := reference.tidy(typed):
        return Wish("ref", ref)
    return Wish("day", (_month(typed) or date.fromisoformat(clock.parse_day(typed))).isoformat())


def _month(typed: str) -> date | None:
    """The last day of a month or a year that was typed, as the newest of it stands first; None for anything else."""
    if typed.isdecimal() and len(typed) == 4 and int(typed) >= clock.FIRST_YEAR:
        return date(int(typed), 12, 31)
    for pattern in _MONTHS:
        try:
            first = datetime.strptime(typed, pattern)
        except ValueError:
            continue
        return date(first.year + first.month // 12, first.month % 12 + 1, 1) - timedelta(days=1)
    return None
