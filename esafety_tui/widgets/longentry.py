"""The same for several lines. A file of its own: Textual's editor is large, and the password screen needs none."""

from __future__ import annotations

from rich.text import Text
from textual.widgets import TextArea

from esafety_tui.widgets.safe import safe


class SafeTextArea(TextArea):
    """A field of several lines. `text` is what was typed or pasted; only its picture is made safe."""

    #: Letters are text here, not keys of the screen.
    TAKES_TEXT = True

    def __init__(self, text: str = "", id: str | None = None) -> None:
        super().__init__(text, id=id, soft_wrap=True, tab_behavior="focus")
        self.cursor_blink = False

    def on_mount(self) -> None:
        """A text that was begun before goes on at its end."""
        self.move_cursor(self.document.end)

    def get_line(self, line_index: int) -> Text:
        return Text(safe(self.document.get_line(line_index)), end="", no_wrap=True)
