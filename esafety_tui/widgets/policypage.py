"""A page of the policy drawn: tables with numbered columns, entries with their source, the flowchart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from esafety_tui.desk.asks import Box
from esafety_tui.desk.policies.policy_pages import YES, Page, Part, Row
from esafety_tui.widgets import flowmap
from esafety_tui.widgets.lines import Marked, hang
from esafety_tui.widgets.prose import line

#: Places that a column of a table takes, widest first, and the text beside them at the least.
CELLS, LEAST = (4, 3), 22
GAPS = "filled in by this pack, to be confirmed"
MARKS = {YES: "$accent", "✗": "$care", "–": "$quiet"}


def draw(page: Page, width: int, boxes: Sequence[Box] = (), sources: bool = True) -> Iterator[Content]:
    """The lines of a page in `width` columns. sources: whether each entry says where it comes from."""
    for number, text in enumerate(page.intro):
        if text:
            yield from hang([Marked(line(text))], width)
            yield Content("")
        if page.chart and boxes and number == 0:
            yield from flowmap.draw(boxes, width).lines
            yield Content("")
    for part in page.parts:
        if part.rows:
            yield from _part(part, width, sources)


def _part(part: Part, width: int, sources: bool) -> Iterator[Content]:
    if part.title:
        yield from hang([Marked(line((part.title, "bold $accent")))], width)
    cell = next((one for one in CELLS if width >= LEAST + one * len(part.columns)), 0)
    if part.columns:
        yield from _heads(part.columns, width)
        if cell:
            numbers = "".join(f"{number:>{cell}}" for number in range(1, len(part.columns) + 1))
            yield line((" " * (width - len(numbers)) + numbers, "bold $accent"))
    for row in part.rows:
        if part.columns and cell:
            yield from _across(row, width, cell)
        else:
            yield from _entry(row, width, part.columns)
        yield from _origin(row, width, sources)
    yield Content("")


def _heads(columns: Sequence[str], width: int) -> Iterator[Content]:
    """What the numbers over the columns stand for."""
    yield from hang(
        [Marked(line(title), line((f"{number:>3}  ", "bold $accent"))) for number, title in enumerate(columns, 1)],
        width,
    )


def _across(row: Row, width: int, cell: int) -> Iterator[Content]:
    """A row of a table: its words at the left, its cells at the right of their first line."""
    room = width - cell * len(row.cells) - 1
    cells = [_cell(value, cell) for value in row.cells]
    said = [Marked(line((row.text, "bold" if row.more else ""))), *(Marked(line((more, "$care"))) for more in row.more)]
    for number, text in enumerate(hang(said, room)):
        if number:
            yield text
        else:
            yield Content.assemble(text.pad_right(max(0, room + 1 - text.cell_length)), *cells)


def _cell(value: str, wide: int) -> Content:
    return line((f"{value or '·':>{wide}}", f"bold {MARKS.get(value[:1], '$quiet')}" if value else "$quiet"))


def _entry(row: Row, width: int, columns: Sequence[str]) -> Iterator[Content]:
    """An entry below itself; of a table too wide for the screen, the numbers of the columns that are ticked."""
    rows = [Marked(line((row.text, "bold")), line(("• ", "$accent")))] if row.text else []
    rows += [Marked(line(text), line("  ")) for text in row.more if text]
    if columns:
        ticked = [f"{number}{_kind(cell)}" for number, cell in enumerate(row.cells, 1) if cell]
        rows.append(Marked(line((", ".join(ticked) or "none", "$accent")), line("  ")))
    yield from hang(rows, width)


def _kind(cell: str) -> str:
    return "" if cell == YES else f" {cell}"


def _origin(row: Row, width: int, sources: bool) -> Iterator[Content]:
    # What the program adds of its own is no gap in the school's paper.
    sure = row.confidence == "policy" or row.source.casefold().startswith("a safeguard of this program")
    if not sources or (not row.source and sure):
        return
    # What this pack filled in is marked by a sign and in words, not by colour alone.
    parts = [(row.source, "italic $quiet")] if row.source else []
    if not sure:
        parts.append((f"{'  ' if row.source else ''}◇ {GAPS}", "$care"))
    yield from hang([Marked(line(*parts), line("    "))], width)


class PolicyPage(Widget):
    """Shows a page; it is drawn anew when the width changes."""

    DEFAULT_CSS = """
    PolicyPage { height: auto; width: 1fr; max-width: 112; text-wrap: nowrap; text-overflow: clip; }
    """

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._page = Page("", "")
        self._boxes: Sequence[Box] = ()
        self._sources = True
        self._drawn: dict[int, list[Content]] = {}

    def show(self, page: Page, boxes: Sequence[Box], sources: bool) -> None:
        """Show this page instead."""
        self._page, self._boxes, self._sources = page, boxes, sources
        self._drawn.clear()
        self.refresh(layout=True)

    def _lines(self, width: int) -> list[Content]:
        if width not in self._drawn:
            self._drawn = {width: list(draw(self._page, width, self._boxes, self._sources))}
        return self._drawn[width]

    def render(self) -> Content:
        return Content("\n").join(self._lines(self.content_region.width or 60))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines(width))
