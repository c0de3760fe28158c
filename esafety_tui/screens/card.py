"""The first-minute card, large."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll

from esafety_tui.desk import opening
from esafety_tui.screens.base import BaseScreen, Place
from esafety_tui.widgets.card import FirstMinute


class CardScreen(BaseScreen):
    """The card and nothing else; escape goes back."""

    NAME = "The first minute"
    ABOUT = "What to do and whom to ring in the first minute. It needs no password, and it is always behind F3."

    def body(self) -> ComposeResult:
        with VerticalScroll(id="card-page"):
            yield FirstMinute(*opening.first_card(self.desk.home))

    async def ready(self) -> None:
        self.query_one("#card-page").focus()

    def place(self) -> Place | None:
        return Place("card")

    def action_leave(self) -> None:
        self.dismiss(None)
