"""Lines with a hanging indent: a mark (a number, a sign, a time) and the text beside it, wrapped under itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget


@dataclass(frozen=True)
class Marked:
    """A mark and its text. Without a mark the text begins at the left edge."""

    text: Content
    mark: Content = field(default_factory=Content)


def hang(rows: Sequence[Marked], width: int, gap: int = 0) -> Iterator[Content]:
    """The rows wrapped to `width`, each continued under its own text, with `gap` empty lines between them."""
    for place, row in enumerate(rows):
        if place:
            yield from (Content("") for _ in range(gap))
        indent = row.mark.cell_length
        wrapped = row.text.wrap(max(8, width - indent)) if row.text.plain else [row.text]
        for number, text in enumerate(wrapped):
            yield Content.assemble(row.mark if number == 0 else Content(" " * indent), text)


class Lines(Widget):
    """Shows marked lines; they wrap anew when the width changes."""

    DEFAULT_CSS = """
    Lines { height: auto; width: 1fr; text-wrap: nowrap; }
    """

    def __init__(self, rows: Sequence[Marked] = (), id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._rows = tuple(rows)

    def show(self, rows: Sequence[Marked]) -> None:
        """Show these rows instead."""
        self._rows = tuple(rows)
        self.refresh(layout=True)

    @property
    def gap(self) -> int:
        """Empty lines between the rows."""
        return 0

    def render(self) -> Content:
        return Content("\n").join(hang(self._rows, self.content_region.width or 60, self.gap))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return sum(1 for _ in hang(self._rows, width, self.gap))
