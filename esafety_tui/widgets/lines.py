"""Lines with a hanging indent: a mark (a number, a sign, a time) and the text beside it, wrapped under itself.

A page of them stays at the row that is read, however wide the window becomes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from textual.containers import VerticalScroll
from textual.content import Content
from textual.events import Resize
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
        yield from wrapped(row, width)


def wrapped(row: Marked, width: int) -> Iterator[Content]:
    """One row wrapped to `width`."""
    indent = row.mark.cell_length
    parts = row.text.wrap(max(8, width - indent)) if row.text.plain else [row.text]
    for number, text in enumerate(parts):
        yield Content.assemble(row.mark if number == 0 else Content(" " * indent), text)


def starts(rows: Sequence[Marked], width: int, gap: int = 0) -> list[int]:
    """On which line each row begins where `hang` wraps them."""
    found, line = list[int](), 0
    for row in rows:
        found.append(line)
        line += sum(1 for _ in wrapped(row, width)) + gap
    return found


class Rows(Widget):
    """Rows that are as many lines high as they need at the width there is."""

    def starts(self) -> Sequence[int]:
        """On which of its lines each row begins, as it is laid out now."""
        raise NotImplementedError


class Lines(Rows):
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

    def starts(self) -> Sequence[int]:
        return starts(self._rows, self.content_region.width or 60, self.gap)


@dataclass(frozen=True)
class _At:
    """What stands at the top of a page: its section, from 0; the row of that, -1 above the first; lines below that."""

    section: int
    row: int
    below: int


class RowsPage(VerticalScroll):
    """A page of sections (class "section") with rows in them. What is at its top stays there when it is laid out for
    another width, until somebody goes elsewhere."""

    def __init__(self, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._at: _At | None = None
        self._laid_out = 0
        self._put: int | None = None

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if self.size.width == self._laid_out and round(new_value) != self._put:
            self._at, self._put = self._what_is(round(new_value)), None

    def on_resize(self, event: Resize) -> None:
        if event.size.width != self._laid_out:
            self.call_after_refresh(self._hold)

    def _hold(self) -> None:
        self._laid_out = self.size.width
        if self._at is not None:
            self._put = min(self._line_of(self._at), round(self.max_scroll_y))
            self.scroll_to(y=self._put, animate=False, immediate=True)

    def _what_is(self, line: int) -> _At | None:
        sections = self.query(".section").results(Widget)
        begin = [section.virtual_region.y for section in sections]
        number = bisect_right(begin, line) - 1
        if number < 0:
            return None
        below = line - begin[number]
        lines, top = self._rows_of(number)
        row = bisect_right(lines, below - top) - 1
        return _At(number, row, below - top - lines[row] if row >= 0 else below)

    def _line_of(self, at: _At) -> int:
        sections = list(self.query(".section").results(Widget))
        if at.section >= len(sections):
            return 0
        begin = sections[at.section].virtual_region.y
        lines, top = self._rows_of(at.section)
        if at.row < 0 or at.row >= len(lines):
            return begin + at.below
        longest = lines[at.row + 1] - lines[at.row] - 1 if at.row + 1 < len(lines) else at.below
        return begin + top + lines[at.row] + min(at.below, longest)

    def _rows_of(self, section: int) -> tuple[Sequence[int], int]:
        """Where the rows of a section begin, counted from the first line of them, and where that is in the section."""
        inside = self.query(".section")[section].query(Rows)
        return (inside.first().starts(), inside.first().virtual_region.y) if inside else ((), 0)
