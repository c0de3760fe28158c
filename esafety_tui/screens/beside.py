"""A list, and beside or below it what is known of the marked row: what left, records whose time has come."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import OptionList, Static

from esafety_tui.screens.base import BaseScreen, Told
from esafety_tui.widgets.lines import Lines
from esafety_tui.widgets.rowlist import RowList


class BesideScreen(BaseScreen):
    """Reads in a thread. Where it could not be read even once, the screen goes back with the reason."""

    def __init__(self) -> None:
        super().__init__()
        self._read = False

    def body(self) -> ComposeResult:
        yield Static(id="keep-count")
        with Horizontal(id="keep"):
            yield RowList("keep-list")
            with VerticalScroll(id="keep-page", can_focus=False):
                yield Lines(id="keep-told")
        yield Static(id="keep-nothing")

    async def ready(self) -> None:
        self.renew()
        self.query_one("#keep-list").focus()

    def renew(self) -> None:
        """Read anew."""
        raise NotImplementedError

    def on_told(self, event: Told) -> None:
        """What was read came from the thread."""
        event.stop()
        if event.error is not None:
            self.desk.tell(event.error)
            if not self._read:
                self.dismiss(None)
            return
        self._read = True
        self.take(event.result)

    def take(self, result: object) -> None:
        """Show what was read."""
        raise NotImplementedError

    def _tell(self) -> None:
        raise NotImplementedError

    @property
    def _at(self) -> int | None:
        return self.query_one("#keep-list", RowList).highlighted

    @on(OptionList.OptionHighlighted, "#keep-list")
    def _highlighted(self) -> None:
        self._tell()

    def action_leave(self) -> None:
        self.dismiss(None)
