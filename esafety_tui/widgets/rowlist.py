"""A list of rows that are drawn for the width there is, and drawn anew when it changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.content import Content
from textual.strip import Strip
from textual.visual import Visual
from textual.widgets import OptionList
from textual.widgets.option_list import Option

#: For a width, the rows: each with what it stands for; "" for a heading, which cannot be marked.
Draw = Callable[[int], Sequence[tuple[str, Content]]]

WIDE = 200
SIGN = "► "


class RowList(OptionList):
    """Rows with a hidden name each; the marked place stays as far as it is still there.

    signed: before the marked row of the list that has the focus stands a sign, as in the log.
    """

    def __init__(self, id: str, signed: bool = False) -> None:
        super().__init__(id=id, compact=True)
        self._draw: Draw = lambda width: ()
        self._drawn_for = 0
        self._signed = signed

    def _get_left_gutter_width(self) -> int:
        return len(SIGN) if self._signed else 0

    def render_line(self, y: int) -> Strip:
        """One line; the first of the marked row with the sign before it."""
        line = super().render_line(y)
        width, at = self._get_left_gutter_width(), self.scroll_offset.y + y
        if not width:
            return line
        marked = self.has_focus and at < len(self._lines) and self._lines[at] == (self.highlighted, 0)
        style = self.get_visual_style("option-list--option", *(["option-list--option-highlighted"] if marked else []))
        sign = Content.styled(SIGN if marked else " " * width, "bold $accent")
        return Strip.join([Visual.to_strips(self, sign, width, 1, style)[0], line])

    def scroll_to_highlight(self, top: bool = False) -> None:
        """Show the marked row, the heading right above it, and below the last one all that cannot be marked."""
        super().scroll_to_highlight(top)
        at = self.highlighted
        if at is None or not self.is_mounted:
            return
        row = self._index_to_line.get(at, 0)
        if at and self.options[at - 1].disabled:
            heading = self._index_to_line.get(at - 1, 0)
            if self.scroll_offset.y > heading:
                self.scroll_to(y=heading, animate=False, force=True)
        elif at + 1 < self.option_count and all(one.disabled for one in self.options[at + 1 :]):
            end = len(self._lines) - self.scrollable_content_region.height
            if self.scroll_offset.y < min(end, row):
                self.scroll_to(y=min(end, row), animate=False, force=True)

    @property
    def marked(self) -> str:
        """The name of the marked row; "" where none is."""
        option = self.highlighted_option
        return (option.id if option is not None else "") or ""

    def show(self, draw: Draw) -> None:
        """Show other rows."""
        self._draw = draw
        self._refill()

    def on_resize(self) -> None:
        if self._drawn_for != self.scrollable_content_region.width:
            self.call_after_refresh(self._refill)
        else:  # higher or lower: the marked row stays in sight
            self.call_after_refresh(self.scroll_to_highlight)

    def _refill(self) -> None:
        # Before the first layout there is no width yet; the resize that comes with it draws the rows again.
        self._drawn_for = self.scrollable_content_region.width
        rows = self._draw((self._drawn_for or WIDE) - self._get_left_gutter_width())
        at = self.highlighted or 0
        self.clear_options()
        self.add_options(Option(drawn, id=name or None, disabled=not name) for name, drawn in rows)
        there = [place for place, (name, _) in enumerate(rows) if name]
        self.highlighted = min(there, key=lambda place: abs(place - at)) if there else None
