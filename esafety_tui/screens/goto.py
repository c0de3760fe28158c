"""To a place in the log: a day, a month, a year, or a reference."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime
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
_NAMES = ("%B", "%b")
#: What has the form of a reference, whether it is one or not.
_REFERENCE = re.compile(r"^[0-9A-Z]{4}-?[0-9A-Z]{3}$", re.IGNORECASE)
_SEPTEMBER = re.compile(r"^sept\b\.?", re.IGNORECASE)
#: So many letters of a reference are enough.
LEAST = 3
HELP = "Like 2 March, March, 2026-03, March 2026, yesterday, or a reference such as 7KQ2-M9X."


def go_to_dialog(session: Session) -> FormDialog:
    """Asks where to. Dismissed with the Wish for the table, or None."""
    field = Field("place", "A day, a month, or a reference", "line", True, help=HELP)
    ask = Ask("go-to", "Go to", (Choice("go", "Go there", (field,)),), kind="task")
    dialog = FormDialog(ask, lambda reply: place_of(session, reply), "Go", "Go to a place in the log")
    dialog.ABOUT = "Type a day, a month or a reference; escape goes back."
    return dialog


def place_of(session: Session, reply: Reply) -> Wish:
    """Where somebody wants to go. Raises UsageError where it is neither a day nor what can be a reference."""
    typed = reply.fields.get("place", "").strip()
    month = _month(typed)
    # What has a month's name is a month, also where a reference begins with the same letters.
    named = month is not None and typed[:1].isalpha()
    if ref := reference.tidy(typed) or ("" if named else _beginning(session, typed)):
        return Wish("ref", ref)
    try:
        return Wish("day", (month or date.fromisoformat(clock.parse_day(typed))).isoformat())
    except UsageError:
        if _REFERENCE.match(typed):
            raise UsageError("No such case", "There is no case with this reference that you can open.", HELP) from None
        raise UsageError(
            "That is no place in the log", "It is neither a day nor the beginning of a reference.", HELP
        ) from None


def _beginning(session: Session, typed: str) -> str:
    """The newest incident whose reference begins like this, "" where none does."""
    begins = "".join(typed.upper().split())
    found = session.browsing.suggest(typed) if len(begins) >= LEAST and begins.replace("-", "").isalnum() else ()
    return next((one.id for one in found if one.kind == "incident" and one.id.startswith(begins)), "")


def _month(typed: str) -> date | None:
    """The last day of a month or a year that was typed, as the newest of it stands first; None for anything else. Of a
    month without a year it is the last that has begun."""
    if typed.isdecimal() and len(typed) == 4 and int(typed) >= clock.FIRST_YEAR:
        return date(int(typed), 12, 31)
    words, today = _SEPTEMBER.sub("sep", typed), clock.today()
    for pattern in _MONTHS:
        if found := _read(words, pattern):
            return _end(found.year, found.month)
    for pattern in _NAMES:
        if found := _read(f"{words} 2000", f"{pattern} %Y"):
            return _end(today.year - (found.month > today.month), found.month)
    return None


def _read(text: str, pattern: str) -> date | None:
    try:
        return datetime.strptime(text, pattern).date()
    except ValueError:
        return None


def _end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])
