"""To a place in the log: a day, a month, a year, or a reference."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from esafety_tui.desk import clock
from esafety_tui.desk.asks import Ask, Choice, Field, Reply
from esafety_tui.errors import UsageError
from esafety_tui.incident import reference
from esafety_tui.screens.form import FormDialog
from esafety_tui.widgets.logtable import Wish

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session

_MONTHS = ("%Y-%m", "%m/%Y", "%B %Y", "%b %Y")
#: So many letters of a reference are enough.
LEAST = 3
HELP = "Like 2 March, 2026-03, March 2026, yesterday, or a reference such as 7KQ2-M9X."


def go_to_dialog(session: Session) -> FormDialog:
    """Asks where to. Dismissed with the Wish for the table, or None."""
    field = Field("place", "A day, a month, or a reference", "line", True, help=HELP)
    ask = Ask("go-to", "Go to", (Choice("go", "Go there", (field,)),), kind="task")
    dialog = FormDialog(ask, lambda reply: place_of(session, reply), "Go", "Go to a place in the log")
    dialog.ABOUT = "Type a day, a month or a reference; escape goes back."
    return dialog


def place_of(session: Session, reply: Reply) -> Wish:
    """Where somebody wants to go. Raises UsageError where it is neither a day nor a reference."""
    typed = reply.fields.get("place", "").strip()
    if ref := reference.tidy(typed) or _beginning(session, typed):
        return Wish("ref", ref)
    try:
        return Wish("day", (_month(typed) or date.fromisoformat(clock.parse_day(typed))).isoformat())
    except UsageError:
        raise UsageError(
            "That is no place in the log", "It is neither a day nor the beginning of a reference.", HELP
        ) from None


def _beginning(session: Session, typed: str) -> str:
    """The newest incident whose reference begins like this, "" where none does."""
    begins = "".join(typed.upper().split())
    found = session.browsing.suggest(typed) if len(begins) >= LEAST and begins.replace("-", "").isalnum() else ()
    return next((one.id for one in found if one.kind == "incident" and one.id.startswith(begins)), "")


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
