"""A list of rows that are drawn for the width there is, and drawn anew when it changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

#: For a width, the rows: each with what it stands for.
Draw = Callable[[int], Sequence[tuple[str, Content]]]

WIDE = 200


class RowList(OptionList):
    """Rows with a hidden name each; the marked place stays as far as it is still there."""

    def __init__(self, id: str) -> None:
        super().__init__(id=id, compact=True)
        self._draw: Draw = lambda width: ()
        self._drawn_for = 0

    def show(self, draw: Draw) -> None:
        """Show other rows."""
        self._draw = draw
        self._refill()

    def on_resize(self) -> None:
        if self._drawn_for != self.scrollable_content_region.width:
            self.call_after_refresh(self._refill)

    def _refill(self) -> None:
        # Before the first layout there is no width yet; the resize that comes with it draws the rows again.
        self._drawn_for = self.scrollable_content_region.width
        rows = self._draw(self._drawn_for or WIDE)
        at = self.highlighted or 0
        self.clear_options()
        self.add_options(Option(drawn, id=name) for name, drawn in rows)
        self.highlighted = min(at, len(rows) - 1) if rows else None
