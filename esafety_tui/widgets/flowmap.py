"""The flowchart drawn: the way taken lit, the present box marked, where each answer leads, what lies ahead.

`draw` is a pure function from boxes and a width to lines, so that it can be looked at without a screen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.widgets import Static

from esafety_tui.desk.asks import Box
from esafety_tui.widgets.prose import line, shortened

LANES = {
    "start": "First",
    "internal": "The school deals with it",
    "illegal": "It may be illegal",
    "after": "Afterwards",
}
SIGNS = {"done": "✓", "here": "►", "ahead": "·"}
TWO_LANES_FROM = 74


@dataclass(frozen=True)
class Drawing:
    """Lines of the chart, and the number of the line with the present box (0 where there is none)."""

    lines: tuple[Content, ...]
    here: int


def draw(boxes: Sequence[Box], width: int) -> Drawing:
    """The chart in `width` columns: one column of boxes, or from 74 on the two lanes side by side."""
    lit = {box.id for box in boxes if box.state != "ahead"}
    titles = {box.id: box.title for box in boxes}
    if width >= TWO_LANES_FROM:
        return _two_lanes(boxes, width, lit, titles)
    lines: list[Content] = []
    here = 0
    for lane in LANES:
        inside = [box for box in boxes if box.lane == lane]
        if not inside:
            continue
        drawn, at = _lane(lane, inside, width, lit, titles)
        here = len(lines) + at if at else here
        lines += [*drawn, Content("")]
    return Drawing(tuple(lines[:-1]), here)


def _lane(
    lane: str, boxes: Sequence[Box], width: int, lit: set[str], titles: dict[str, str]
) -> tuple[list[Content], int]:
    """The lines of one lane, and where in them the present box is (0: not here)."""
    red = lane == "illegal"
    # Red shows only once the case is there: a chart that warns all the time warns nobody.
    burning = red and any(box.id in lit for box in boxes)
    lines = [line((LANES[lane].upper(), "bold $illegal" if burning else "bold $quiet"))]
    here = 0
    for number, box in enumerate(boxes):
        following = boxes[number + 1] if number + 1 < len(boxes) else None
        if box.state == "here":
            here = len(lines) + 1
            lines += _present(box, width, red, titles)
        else:
            lines.append(_plain_box(box, width, red))
        if following is not None:
            lines.append(_between(box, following, lit, red, width))
    return lines, here


def _plain_box(box: Box, width: int, red: bool) -> Content:
    done = box.state == "done"
    style = ("$illegal" if red else "$accent") if done else "$quiet"
    return line(
        (f" {SIGNS[box.state]} ", f"bold {style}" if done else style),
        (shortened(box.title, width - 4), "" if done else "$quiet"),
    )


def _between(box: Box, following: Box, lit: set[str], red: bool, width: int) -> Content:
    if box.state == "here" or all(to != following.id for _, to in box.to):
        return Content("")
    taken = box.id in lit and following.id in lit and (not box.taken or (box.taken, following.id) in box.to)
    style = ("bold $illegal" if red else "bold $accent") if taken else "$quiet"
    # Two answers may lead to one box: the one that was recorded stands there, or none.
    label = f" {shortened(box.taken, width - 5)}" if taken and box.taken and len(box.to) > 1 else ""
    return line((f" {'┃' if taken else '│'}", style), (label, "italic $quiet"))


def _present(box: Box, width: int, red: bool, titles: dict[str, str]) -> Iterator[Content]:
    style = "bold $illegal" if red else "bold $accent"
    inner = width - 4
    words = list(_wrapped(box.title, inner - 2))
    yield line((f"┏{'━' * (width - 2)}┓", style))
    for number, words_here in enumerate(words):
        sign = SIGNS["here"] if number == 0 else " "
        yield line(("┃ ", style), (f"{sign} {words_here:<{inner - 2}}", "bold"), (" ┃", style))
    yield line((f"┗{'━' * (width - 2)}┛", style))
    for number, (label, to) in enumerate(box.to):
        corner = "└" if number == len(box.to) - 1 else "├"
        answer = shortened(label, max(8, width // 3))
        target = shortened(titles.get(to, to), max(6, width - 7 - len(answer)))
        yield line((f" {corner}─ ", style), (answer, "$quiet"), (" ▸ ", style), target)


def _wrapped(text: str, width: int) -> Iterator[str]:
    row = ""
    for word in shortened(text, width * 3).split():
        if row and len(row) + 1 + len(word) > width:
            yield row
            row = ""
        row = f"{row} {word}".strip()[:width]
    yield row


def _two_lanes(boxes: Sequence[Box], width: int, lit: set[str], titles: dict[str, str]) -> Drawing:
    half = (width - 3) // 2
    lines: list[Content] = []
    here = 0
    by_lane = {lane: [box for box in boxes if box.lane == lane] for lane in LANES}

    columns: list[tuple[list[Content], int]] = []
    for lanes in (("start", "internal"), ("illegal", "after")):
        column: list[Content] = []
        at = 0
        for lane in lanes:
            if by_lane[lane]:
                drawn, place = _lane(lane, by_lane[lane], half, lit, titles)
                at = len(column) + place if place else at
                column += [*drawn, Content("")]
        columns.append((column, at))

    here = max(at for _, at in columns)
    rows = max(len(column) for column, _ in columns)
    for row in range(rows):
        cells = [column[row] if row < len(column) else Content("") for column, _ in columns]
        lines.append(Content.assemble(_padded(cells[0], half), "   ", cells[1]))
    return Drawing(tuple(lines), here)


def _padded(cell: Content, width: int) -> Content:
    return cell.pad_right(max(0, width - cell.cell_length))


class FlowMap(VerticalScroll, can_focus=False):
    """Shows the chart and keeps the present box in view."""

    DEFAULT_CSS = """
    FlowMap { padding: 0 1; scrollbar-size-vertical: 0; }
    FlowMap > Static { width: 1fr; height: auto; text-wrap: nowrap; text-overflow: clip; }
    """

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._boxes: tuple[Box, ...] = ()
        self._drawn = Static()

    def compose(self) -> ComposeResult:
        yield self._drawn

    def show(self, boxes: Sequence[Box]) -> None:
        """Draw these boxes."""
        self._boxes = tuple(boxes)
        self._redraw(self.size)

    def on_resize(self) -> None:
        self._redraw(self.size)

    def _redraw(self, size: Size) -> None:
        width = self.scrollable_content_region.width
        if not self._boxes or width < 12:
            return
        drawing = draw(self._boxes, width)
        self._drawn.update(Content("\n").join(drawing.lines))
        self.call_after_refresh(self._keep_in_view, drawing.here)

    def _keep_in_view(self, here: int, again: bool = True) -> None:
        y = max(0, here - self.size.height // 3)
        self.scroll_to(y=y, animate=False)
        if again and self.max_scroll_y < y:
            # Fresh from the lock the drawing has no height yet.
            self.call_after_refresh(self._keep_in_view, here, False)
