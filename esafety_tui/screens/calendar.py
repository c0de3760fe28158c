"""Marking something of the policy's calendar as done, in a box over the screen it came from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esafety_tui.desk.asks import Reply
from esafety_tui.desk.logbook.dues import DueLine
from esafety_tui.desk.session import Session
from esafety_tui.errors import EsafetyError
from esafety_tui.screens.base import Place
from esafety_tui.screens.form import FormDialog

if TYPE_CHECKING:
    from esafety_tui.app import EsafetyApp

OCCASION = "occasion"


class CalendarDialog(FormDialog):
    """One occasion. Dismissed with what the desk saved, or None."""

    NAME = "The policy's calendar"
    ABOUT = "Say what was done, or why it is not needed this time, and press Enter. Escape leaves it as it is."


def marking(session: Session, id: str) -> CalendarDialog:
    """The box for one occasion. Raises UsageError for what is not owed any more."""
    calendar = session.calendar

    def job(reply: Reply) -> object:
        return calendar.reply(id, reply)

    return CalendarDialog(calendar.ask(id), job, box=f"{OCCASION}/{id}")


def open_due(app: EsafetyApp, one: DueLine) -> bool:
    """Open what is due in no case: a change of the filter, something of the calendar, records whose time has come.
    False where it is none of these."""
    session = app.session
    if session is None or one.about not in ("filtering", "calendar", "retention"):
        return False
    if one.about == "retention":
        app.over(Place("retention"))
        return True
    if one.about == "filtering":
        app.over(Place("filtering", "", one.id))
        return True
    mark(app, one.id)
    return True


def mark(app: EsafetyApp, id: str) -> None:
    """Open the box for one occasion, or say why not."""
    try:
        if app.session is not None:
            app.push_screen(marking(app.session, id), app.recorded_over)
    except EsafetyError as error:
        app.tell(error)


def again(app: EsafetyApp, box: str) -> bool:
    """After a lock: open the box over home or what is due, if it is one of the calendar."""
    kind, _, id = box.partition("/")
    if kind == OCCASION:
        mark(app, id)
    return kind == OCCASION
