"""The flowchart of a case with the way taken, as a part of its page: as wide as there is room, all of it."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from esafety_tui.desk.asks import Box
from esafety_tui.widgets.flowmap import draw

LEAST = 24


class Way(Widget):
    """Draws the boxes."""

    DEFAULT_CSS = """
    Way { height: auto; width: 1fr; text-wrap: nowrap; text-overflow: clip; }
    """

    def __init__(self, boxes: Sequence[Box], classes: str | None = None) -> None:
        super().__init__(classes=classes)
        self._boxes = tuple(boxes)

    def render(self) -> Content:
        return Content("\n").join(draw(self._boxes, max(LEAST, self.content_region.width)).lines)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(draw(self._boxes, max(LEAST, width)).lines)
