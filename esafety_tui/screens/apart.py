"""A new incident that is kept apart: why, and then the procedure as for any other."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from esafety_tui.desk.compartments import beginning
from esafety_tui.screens.form import FormDialog

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session


class ApartDialog(FormDialog):
    """Dismissed with the reference of the case that began."""

    NAME = "Kept apart"
    ABOUT = "The case gets a file and a key of its own. Only you can open it until you name others (t)."

    def __init__(self, session: Session) -> None:
        super().__init__(beginning.ask(), partial(beginning.reply, session), "Start it", box="apart")

    async def saved(self, result: object) -> None:
        self.dismiss(result)
