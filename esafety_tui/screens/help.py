"""What this screen is for, and every key that works on it."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from esafety_tui.screens.base import BaseScreen, Dialog
from esafety_tui.widgets.lines import Lines, Marked
from esafety_tui.widgets.prose import line, plain

TYPING = (
    "Letters and digits are keys only while you are not typing in a field: escape leaves a field, Tab goes to the "
    "next one."
)


class HelpScreen(Dialog):
    """The help of another screen."""

    def __init__(self, of: BaseScreen) -> None:
        super().__init__()
        self._title, self._about, self._table = of.NAME, of.ABOUT, _keys(of)

    def body(self) -> ComposeResult:
        with VerticalScroll(id="help-page"):
            yield Static(line((self._title, "bold $accent")))
            yield Static(plain(self._about), classes="help-text")
            yield Lines([Marked(line(what), line((f"{key:<14}", "bold $accent"))) for key, what in self._table])
            yield Static(plain(TYPING), classes="help-text")

    def where(self) -> str:
        return self._title

    async def ready(self) -> None:
        self.query_one("#help-page").focus()

    def action_leave(self) -> None:
        self.dismiss(None)


def _keys(of: BaseScreen) -> list[tuple[str, str]]:
    """(keys, what they do) of everything with an explanation, each once, the screen's own first."""
    found: dict[str, tuple[list[str], str]] = {}
    for active in of.active_bindings.values():
        binding = active.binding
        if binding.tooltip:
            keys, _ = found.setdefault(binding.action, ([], binding.tooltip))
            shown = of.app.get_key_display(binding)
            if shown not in keys:
                keys.append(shown)
    return [(" ".join(keys), what) for keys, what in found.values()]
