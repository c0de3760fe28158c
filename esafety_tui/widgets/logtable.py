"""The table of the log: it draws the lines on the screen and holds a stretch of rows around them, never all of them.

Rows are read by key in a thread that touches nothing else; what belongs to an older question is thrown away.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import ClassVar, Literal

from textual import events
from textual.binding import Binding, BindingType
from textual.cache import LRUCache
from textual.content import Content
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from esafety_tui.errors import EsafetyError
from esafety_tui.widgets import logcolumns
from esafety_tui.widgets.logcolumns import Look, Placed
from esafety_tui.widgets.stretch import Chunk, Edge, Row, Stretch

#: Those that read. Seconds for which the screen waits for them before it paints: less than a frame.
_THREADS = ThreadPoolExecutor(2, thread_name_prefix="log-rows")
PATIENCE = 0.012

Where = Literal["top", "end", "before", "after", "day", "ref", "key", "share"]


@dataclass(frozen=True)
class Wish:
    """Which rows to read: from the top, from the end, before or after a key, around a day, a reference or a
    key, or so far down (0 to 1)."""

    where: Where = "top"
    value: object = None


#: Gives the rows of a wish; runs in a thread. May raise EsafetyError.
Read = Callable[[Wish], Chunk]


@dataclass(frozen=True)
class _Came:
    """What the thread read, for the question with this number."""

    number: int
    wish: Wish
    chunk: Chunk


class LogTable(ScrollView, can_focus=True):
    """Lines of incidents under a heading. One is marked; space puts a row into the selection."""

    DEFAULT_CSS = """
    LogTable { height: 1fr; overflow: hidden; background: $background; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"logtable--plain", "logtable--marked", "logtable--head"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home", "first", "First", show=False, tooltip="To the first row", id="first"),
        Binding("end", "last", "Last", show=False, tooltip="To the last row", id="last"),
        Binding("enter", "open", "Open", tooltip="The whole record of the marked incident", id="open-row"),
        Binding("space", "pick", "Select", tooltip="Put the marked row into the selection, or out of it", id="pick"),
    ]

    class Marked(Message):
        """Another row is marked, or none is there; `row` as it was read."""

        def __init__(self, row: Row | None) -> None:
            super().__init__()
            self.row = row

    class Opened(Message):
        """Enter, or a second click, on a row."""

        def __init__(self, ref: str) -> None:
            super().__init__()
            self.ref = ref

    class Picked(Message):
        """The selection changed."""

    class SortBy(Message):
        """A heading was clicked."""

        def __init__(self, sort: str) -> None:
            super().__init__()
            self.sort = sort

    class Trouble(Message):
        """Rows could not be read."""

        def __init__(self, error: EsafetyError) -> None:
            super().__init__()
            self.error = error

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self.stretch = Stretch()
        #: References in the selection, in the order in which they were put there.
        self.picked: dict[str, None] = {}
        self.loaded = False
        #: Whether the rows that were asked for last are still being read.
        self.waiting = False
        self._number = 0
        self._reading: Edge | None = None
        self._read: Read | None = None
        self._look, self._sort, self._down = Look(), "", True
        self._columns: tuple[Placed, ...] = ()
        self._strips: LRUCache[tuple[object, ...], Strip] = LRUCache(1000)
        self._told: object = None
        self._keep = 0

    # -- what is shown

    def show(self, read: Read, wish: Wish, sort: str, down: bool, look: Look, keep: int = 0) -> None:
        """Show other rows: `read` gives them. What is on the screen stays until they are there.

        keep: how many lines below the top the row that was asked for is put.
        """
        self._number += 1
        self.waiting = True
        self._read, self._reading, self._keep = read, None, keep
        self._sort, self._down, self._look = sort, down, look
        self._place_columns()
        self._ask(wish, PATIENCE)

    def jump(self, wish: Wish) -> None:
        """Go elsewhere in the same list."""
        if self._read is not None:
            self.show(self._read, wish, self._sort, self._down, self._look, self.lines_shown // 3)

    def _ask(self, wish: Wish, patience: float = 0.0) -> None:
        """Read rows in a thread; seconds of patience in which nothing is painted, so that what was pressed and the
        rows that it brings are painted at once."""
        assert self._read is not None
        number = self._number
        coming = _THREADS.submit(self._read_rows, self._read, number, wish)
        if wait((coming,), patience).done:
            self._put(coming.result())
        else:
            self.run_worker(self._put_later(coming), group="log-rows", exit_on_error=True)

    async def _put_later(self, coming: Future[_Came | Trouble | None]) -> None:
        self._put(await asyncio.wrap_future(coming))

    def _read_rows(self, read: Read, number: int, wish: Wish) -> _Came | Trouble | None:
        """In a thread: it reads, and touches nothing."""
        if number != self._number:
            return None
        try:
            return _Came(number, wish, read(wish))
        except EsafetyError as error:
            return self.Trouble(error)

    def _put(self, came: _Came | Trouble | None) -> None:
        """Rows are there: the first of a list, or more of it; or why there are none."""
        if isinstance(came, self.Trouble):
            self.post_message(came)
        if not isinstance(came, _Came) or came.number != self._number:
            return
        where, chunk = came.wish.where, came.chunk
        if where == "before" or where == "after":
            self._reading = None
            self.stretch.extend(where, chunk)
            self._moved()
        else:
            self.loaded, self.waiting = True, False
            self._strips.clear()
            self.stretch.begin(chunk, self._keep)
            self._moved(True)

    def on_log_table_trouble(self) -> None:
        """What was read before stays."""
        self.waiting = False
        self._reading = None

    def _moved(self, again: bool = False) -> None:
        """The marked row or the screen moved: draw, tell, and read on where an edge is near."""
        self.refresh()
        edge = self.stretch.wants()
        if edge is not None and self._reading is None and self.stretch.rows:
            self._reading = edge
            # First what is there is painted: reading beside it would take its time from it.
            self.call_after_refresh(self._read_on, self._number, edge)
        row = self.stretch.marked
        told = (row["ref"] if row else None, self._number)
        if again or told != self._told:
            self._told = told
            self.post_message(self.Marked(row))

    def _read_on(self, number: int, edge: Edge) -> None:
        if number == self._number and self.stretch.rows:
            self._ask(Wish(edge, self.stretch.rows[-1 if edge == "after" else 0]["key"]))

    @property
    def lines_shown(self) -> int:
        """Rows that fit under the heading."""
        return max(1, self.size.height - 1)

    # -- keys and mouse

    def action_move(self, by: int) -> None:
        self.stretch.move(by)
        self._moved()

    def action_page(self, pages: int) -> None:
        self.stretch.move(pages * max(1, self.stretch.height - 1), scroll=True)
        self._moved()

    def action_first(self) -> None:
        if self.stretch.before:
            self.jump(Wish("top"))
        else:
            self.stretch.move(-len(self.stretch.rows))
            self._moved()

    def action_last(self) -> None:
        if self.stretch.after:
            self.jump(Wish("end"))
        else:
            self.stretch.move(len(self.stretch.rows))
            self._moved()

    def action_open(self) -> None:
        if self.stretch.marked is not None:
            self.post_message(self.Opened(self.stretch.marked["ref"]))

    def action_pick(self) -> None:
        row = self.stretch.marked
        if row is None:
            return
        if row["ref"] in self.picked:
            del self.picked[row["ref"]]
        else:
            self.picked[row["ref"]] = None
        self.post_message(self.Picked())
        self.action_move(1)
        self.refresh()

    def pick_none(self) -> None:
        """Nothing is selected any more."""
        self.picked.clear()
        self.post_message(self.Picked())
        self.refresh()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.stretch.roll(3)
        self._moved()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.stretch.roll(-3)
        self._moved()

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None:
            return
        if offset.y == 0:
            for one in self._columns:
                if one.column.sort and one.start <= offset.x - 2 < one.start + one.width + 1:
                    self.post_message(self.SortBy(one.column.sort))
            return
        if offset.x >= self.size.width - 1:
            self.jump(Wish("share", (offset.y - 1) / max(1, self.lines_shown - 1)))
            return
        place = self.stretch.top + offset.y - 1
        if place < len(self.stretch.rows):
            again = place == self.stretch.at
            self.stretch.at = place
            if offset.x < 2:
                self.action_pick()
                return
            self._moved()
            if again:
                self.action_open()

    # -- drawing

    def on_resize(self) -> None:
        self.stretch.resize(self.lines_shown)
        self._place_columns()
        self._moved()

    def _place_columns(self) -> None:
        placed = logcolumns.placed(max(20, self.size.width - 3), self._sort)
        if placed != self._columns:
            self._columns = placed
            self._strips.clear()

    def notify_style_update(self) -> None:
        self._strips.clear()
        super().notify_style_update()

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line of the screen: the heading, a row, or nothing."""
        width = self.size.width
        if not self._columns:
            return Strip.blank(width, self.visual_style.rich_style)
        if y == 0:
            head = logcolumns.heading(self._columns, self._sort, self._down)
            return self._strip(Content.assemble("  ", head), "logtable--head", width)
        place = self.stretch.top + y - 1
        if place >= len(self.stretch.rows):
            return Strip.blank(width, self.visual_style.rich_style)
        row = self.stretch.rows[place]
        marked, picked = place == self.stretch.at, row["ref"] in self.picked
        key = (row["ref"], row["key"], marked, picked, marked and self.has_focus, width)
        strip = self._strips.get(key)
        if strip is None:
            strip = self._strips[key] = self._line(row, marked, picked, width - 1)
        return Strip.join([strip, self._bar(y - 1)])

    def _bar(self, y: int) -> Strip:
        """One cell of the bar that shows where in the list this is."""
        share = self.stretch.share()
        if share is None:
            return Strip.blank(1, self.visual_style.rich_style)
        here = round(share * (self.lines_shown - 1)) == y
        strip = self._strips.get(("bar", here))
        if strip is None:
            drawn = Content.styled("█" if here else "│", "$accent" if here else "$hairline")
            strip = self._strips[("bar", here)] = self._strip(drawn, "logtable--plain", 1)
        return strip

    def _line(self, row: Row, marked: bool, picked: bool, width: int) -> Strip:
        sign = Content.styled("►" if marked else " ", "bold $accent" if self.has_focus else "$quiet")
        tick = Content.styled("✓" if picked else " ", "bold $accent")
        content = Content.assemble(sign, tick, logcolumns.cells(row, self._columns, self._look))
        focus = marked and self.has_focus
        return self._strip(content, "logtable--marked" if focus else "logtable--plain", width)

    def _strip(self, content: Content, part: str, width: int) -> Strip:
        # Not as a Visual: that wraps and looks for links, which is most of what a page down would cost.
        style = self.get_visual_style(part)
        return Strip(content.render_segments(style)).adjust_cell_length(width, style.rich_style)
