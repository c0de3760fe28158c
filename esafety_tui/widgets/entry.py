"""A text field that keeps exactly what was typed and shows it safely: Textual's own passes control characters on."""

from __future__ import annotations

from rich.text import Text
from textual.widgets import Input

from esafety_tui.widgets.safe import safe


class SafeInput(Input):
    """A field of one line. `value` is what was typed or pasted; only its picture is made safe."""

    def __init__(
        self, value: str = "", *, placeholder: str = "", password: bool = False, id: str | None = None
    ) -> None:
        super().__init__(value, placeholder=placeholder, password=password, id=id, select_on_focus=False)
        self.cursor_blink = False

    @property
    def _value(self) -> Text:
        shown = "•" * len(self.value) if self.password else safe(self.value, lines=False)
        return Text(shown, no_wrap=True, overflow="ignore", end="")
