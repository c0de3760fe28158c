"""What was recorded so far, below the question: the last sentences of the record, and "Saved" when it was."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import Static

from esafety_tui.widgets.lines import Marked, hang
from esafety_tui.widgets.prose import line, shortened


class SoFar(Static):
    """The last lines of the record. "Saved" stands there only for what the desk has confirmed."""

    DEFAULT_CSS = """
    SoFar { height: auto; padding: 0 2; border-top: solid $hairline; color: $quiet; text-wrap: nowrap; }
    """

    def __init__(self, empty: str = "Nothing is recorded yet.") -> None:
        super().__init__(id="so-far")
        self._empty = empty
        self._sentences: tuple[str, ...] = ()
        self._said = ""

    def show(self, sentences: Sequence[str], said: str = "") -> None:
        """The sentences of the record, oldest first, and what was just said to be saved."""
        self._sentences, self._said = tuple(sentences), said
        self._draw()

    def on_resize(self) -> None:
        self._draw()

    def _draw(self) -> None:
        width = self.content_region.width or 60
        room = 1 if self.screen.size.height < 22 else 2 if self.screen.size.height < 30 else 5
        rows = [line(("✓ ", "$accent"), (shortened(text, width - 2), "$quiet")) for text in self._sentences[-room:]]
        if not rows and self._empty:
            rows = [line((self._empty, "$quiet"))]
        if self._said:
            # A warning is said whole, however long it is.
            said = Marked(line((self._said, "bold $accent")), line(("✓ ", "bold $accent")))
            rows = [*hang([said], width), *rows[:room]]
        self.update(Content("\n").join(rows))
