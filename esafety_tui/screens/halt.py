"""R4: this may be illegal. First the stop instructions, at once and whatever else fails; then the one question."""

from __future__ import annotations

from dataclasses import replace

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from esafety_tui.errors import EsafetyError
from esafety_tui.screens.base import Place
from esafety_tui.screens.task import TaskDialog
from esafety_tui.widgets.askpanel import AskPanel
from esafety_tui.widgets.lines import Lines, Marked
from esafety_tui.widgets.prose import line

STOP_TITLE = "Stop. Do not look at it again."
STOP_LINES = (
    "See that the child is safe and not alone. Danger now: ring 999.",
    "Nobody copies, prints, forwards or deletes anything.",
    "Nobody questions the child.",
    "Leave the device as it is, and keep people away from it.",
)


class HaltScreen(TaskDialog):
    """The stop instructions over the whole screen, and where it was seen (R17) below them."""

    NAME = "This may be illegal"
    ABOUT = (
        "First do what the lines at the top say. Then press a number to say where it was seen: that is recorded, and "
        "the procedure goes on with whom to ring. If the key was pressed by mistake, press escape: nothing is recorded."
    )

    def __init__(self, ref: str) -> None:
        super().__init__(ref, "halt")

    def body(self) -> ComposeResult:
        with Vertical(id="stop"):
            yield Static(line((f"■ {STOP_TITLE}", "bold")), id="stop-title")
            yield Lines(
                [Marked(line(text), line((f"{number}  ", "bold"))) for number, text in enumerate(STOP_LINES, 1)]
            )
        yield AskPanel()

    async def ready(self) -> None:
        try:
            ask = self.session.casework.task_ask(self._ref, "halt")
        except EsafetyError as error:
            # The instructions stand whatever the log says.
            self.panel.refused(error)
            return
        await self.panel.show(replace(ask, lane="illegal", protective=True))

    def place(self) -> Place | None:
        return Place("halt", self._ref)
