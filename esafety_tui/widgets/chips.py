"""What the log is narrowed to, as words that can be clicked away, and how many incidents that leaves."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from esafety_tui.widgets.prose import line, shortened

#: The longest words of one chip.
LONGEST = 34


class Chips(Widget):
    """One line: a chip for each filter, and at the right what is said of the list."""

    DEFAULT_CSS = """
    Chips { height: 1; padding: 0 1; text-wrap: nowrap; }
    """

    class Dropped(Message):
        """A chip was clicked away."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._chips: tuple[tuple[str, str], ...] = ()
        self._said, self._none = "", ""
        self._places: list[tuple[int, int, str]] = []

    def show(self, chips: Sequence[tuple[str, str]], said: str, none: str = "") -> None:
        """chips: (name, words) of each filter; said: at the right; none: what stands there without any filter."""
        self._chips, self._said, self._none = tuple(chips), said, none
        self.refresh()

    @property
    def text(self) -> str:
        """What it says, for tests and the title of an export."""
        return self.render().plain

    def render(self) -> Content:
        room = self.content_region.width or 80
        right = line((shortened(self._said, room // 2), "$quiet"))
        left = room - right.cell_length - 1
        self._places = []
        parts: list[Content] = []
        at = 0
        for number, (name, words) in enumerate(self._chips):
            part = line((f" {shortened(words, LONGEST)} × ", "reverse $accent"))
            more = line((f"+{len(self._chips) - number} (f)", "bold $accent"))
            last = number == len(self._chips) - 1
            if at + part.cell_length + (0 if last else more.cell_length + 1) > left:
                parts.append(more)
                at += more.cell_length + 1
                break
            self._places.append((at, at + part.cell_length, name))
            parts.append(part)
            at += part.cell_length + 1
        shown = Content(" ").join(parts) if parts else line((shortened(self._none, max(0, left)), "$quiet"))
        gap = max(1, room - shown.cell_length - right.cell_length)
        return Content.assemble(shown, " " * gap, right)

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        for start, end, name in self._places:
            if offset is not None and start <= offset.x < end:
                self.post_message(self.Dropped(name))
