"""At the door: a forgotten password, two recovery sheets, and then the three new sheets before anything else."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from esafety_tui.desk.school import recovering
from esafety_tui.screens.form import FormDialog, LongFormDialog

if TYPE_CHECKING:
    from esafety_tui.app import EsafetyApp


class RecoverDialog(LongFormDialog):
    """Asks for two sheets, a login and a new password. Dismissed with the open sitting, or None."""

    NAME = "A password is forgotten"
    ABOUT = (
        "Fetch two of the three envelopes. Type both sheets as they are printed: a slip is named by its group. Then "
        "the login, and the new password twice. Escape leaves without changing anything."
    )

    def __init__(self, home: Path) -> None:
        super().__init__(recovering.ask(), partial(recovering.reply, home), "Open the log with them")


def show_sheets(desk: EsafetyApp) -> None:
    """The new sheets over whatever is there, until somebody says that they are written down."""
    if desk.session is None or not desk.session.sheets.open:
        return
    sheets = desk.session.sheets
    desk.push_screen(FormDialog(sheets.ask(), sheets.reply), lambda said: show_sheets(desk))
