"""Nothing at all: for the moment when a pupil walks in."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult

from esafety_tui.screens.base import BaseScreen


class BlankScreen(BaseScreen):
    """An empty screen. Any key or click leads to the password."""

    DEFAULT_CSS = "BlankScreen { background: black; }"

    def compose(self) -> ComposeResult:
        yield from ()

    def on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        self.desk.come_back()

    def on_click(self) -> None:
        self.desk.come_back()
