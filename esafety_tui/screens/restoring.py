"""Putting a log back from a backup where there is none: from the very first screen of another computer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import cast

from textual.app import ComposeResult

from esafety_tui.desk.asks import Ask, Reply
from esafety_tui.desk.copies import copy_asks, copy_replies, copy_words
from esafety_tui.desk.copies.copy_replies import Outcome
from esafety_tui.desk.copies.restoring import PutBack
from esafety_tui.screens.asking import Asking
from esafety_tui.screens.base import Dialog
from esafety_tui.screens.copies import outcome
from esafety_tui.screens.running import Progress
from esafety_tui.widgets.askpanel import AskPanel

NEXT = (
    "It is for reading only until two people record it. Open it, press b, and then r; or a if the computer was taken."
)
FIRST = "At the door press F4: the same two sheets give the first person a new password."


class RestoreDialog(Dialog, Asking):
    """Asks for the stick and what opens it, and puts the log back with its progress. Dismissed with what was put back,
    or None."""

    NAME = "Put a log back"
    ABOUT = (
        "For a new or another computer. It needs the stick, and a login and password of the day of the backup, or two "
        "of the three recovery sheets. Escape stops it with nothing left behind, and leaves."
    )
    DOING = "Putting the log back"

    def __init__(self, home: Path) -> None:
        super().__init__()
        self._home = home
        self._came: PutBack | None = None
        self._login = ""

    def body(self) -> ComposeResult:
        yield AskPanel(record="Go on")

    async def ready(self) -> None:
        await self.panel.show(copy_asks.restore_ask(self.desk.login))

    def send(self, ask: Ask, reply: Reply) -> Callable[[], object]:
        return lambda: self._came

    def send_long(self, ask: Ask, reply: Reply) -> Callable[[Progress], object] | None:
        home, self._login = self._home, reply.fields.get("login", "").strip()
        return None if self._came else lambda progress: copy_replies.restore(home, reply, progress)

    async def saved(self, result: object) -> None:
        if self._came is not None:
            self._go_on()
            return
        done = self._came = cast("PutBack", result)
        said = (f"{done.backup}, up to entry {done.head}.", *copy_words.put_back(done))
        after = (NEXT,) if self._login else (FIRST, NEXT)
        await self.panel.show(outcome(Outcome("The log is put back", (*said, *after))))

    def _go_on(self) -> None:
        self.desk.login = self._login or self.desk.login
        self.dismiss(self._came)

    def go_back(self) -> None:
        if self._came is not None:
            self._go_on()
        else:
            self.dismiss(None)
