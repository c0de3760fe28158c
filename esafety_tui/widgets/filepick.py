"""Choosing a file: the newest ones of the screenshot folder below the field, by arrow or mouse, or a path typed.

Nothing of a file is opened or shown here but its name, size and time.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

from esafety_tui.desk import clock
from esafety_tui.errors import UsageError
from esafety_tui.widgets.entry import SafeInput
from esafety_tui.widgets.kept import size
from esafety_tui.widgets.prose import line, shortened

if TYPE_CHECKING:
    from esafety_tui.desk.case.evidence import FileLine

#: Seconds between two looks at the folder.
AGAIN = 1.5
MOST_SHOWN = 6
#: Lines are never wrapped, so how many there are does not hang on the width.
WIDE = 80


class FileInput(SafeInput):
    """The path. Arrows choose from the list below it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "choose(-1)", "Up", show=False, id="file.up"),
        Binding("down", "choose(1)", "Down", show=False, id="file.down"),
    ]

    class Moved(Message):
        """An arrow was pressed."""

        def __init__(self, by: int) -> None:
            super().__init__()
            self.by = by

    def action_choose(self, by: int) -> None:
        self.post_message(self.Moved(by))


class Found(Message):
    """The folder was looked at: its files, or why it cannot be read."""

    def __init__(self, folder: Path, files: tuple[FileLine, ...], trouble: str = "") -> None:
        super().__init__()
        self.folder, self.files, self.trouble = folder, files, trouble


class FileRows(Widget):
    """The files, newest first, with the chosen one marked."""

    DEFAULT_CSS = """
    FileRows { height: auto; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    class Chosen(Message):
        """A file was clicked."""

        def __init__(self, at: int) -> None:
            super().__init__()
            self.at = at

    def __init__(self) -> None:
        super().__init__()
        self.files: tuple[FileLine, ...] = ()
        self.fresh: frozenset[Path] = frozenset()
        self.at: int | None = None
        self._folder, self._trouble, self._looked = "", "", False
        self._start = 0

    def show(self, found: Found, fresh: frozenset[Path], at: int | None) -> None:
        """Show what the folder holds now. fresh: files that were not there when the picker opened; at: the chosen."""
        self.files, self.fresh, self.at = found.files, fresh, at
        self._folder, self._trouble, self._looked = str(found.folder), found.trouble, True
        self.styles.height = len(self._lines(WIDE))
        # The same height is no reason to draw: what is clicked would then not be what is shown.
        self.refresh()
        # While the form is still being put together a first layout may come too early to count.
        self.call_after_refresh(self.fit)

    def fit(self) -> None:
        """Lay it out anew where it is not as high as its lines."""
        if self.size.height != len(self._lines(WIDE)):
            self.refresh(layout=True)

    def mark(self, at: int | None) -> None:
        """Mark the file at this place."""
        self.at = at
        self.refresh(layout=True)

    def render(self) -> Content:
        return Content("\n").join(self._lines(self.content_region.width or 60))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines(width))

    def _lines(self, width: int) -> list[Content]:
        if not self._looked:
            return [line(("Looking into the folder …", "$quiet"))]
        head = line(("Newest first in ", "$quiet"), _tail(self._folder, width - 16))
        if self._trouble:
            return [head, line(("! ", "bold $care"), self._trouble)]
        if not self.files:
            return [head, line(("Nothing is there yet. Take the screenshot: it appears here by itself.", "$quiet"))]
        self._start = min(max(0, (self.at or 0) - MOST_SHOWN + 1), max(0, len(self.files) - MOST_SHOWN))
        shown = self.files[self._start : self._start + MOST_SHOWN]
        rows = [self._line(self._start + n, one, width) for n, one in enumerate(shown)]
        left = len(self.files) - self._start - len(shown)
        return [head, *rows, *([line((f"    … and {left} older", "$quiet"))] if left else [])]

    def _line(self, at: int, one: FileLine, width: int) -> Content:
        here = at == self.at
        facts = f"{size(one.size):>9}  {_when(one.modified)}"
        new = "● new " if one.path in self.fresh else ""
        room = max(8, width - len(facts) - len(new) - 4)
        name = _tail(one.name, room)
        return line(
            ("▸ " if here else "  ", "bold $accent"), (f"{name:<{room}}  ", "bold $accent" if here else ""),
            (new, "bold $accent"), (facts, "$quiet"),
        )  # fmt: skip

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        at = self._start + offset.y - 1 if offset is not None else -1
        if offset is not None and offset.y and 0 <= at < min(len(self.files), self._start + MOST_SHOWN):
            event.stop()
            self.post_message(self.Chosen(at))


class FilePick(Vertical):
    """The path and the list. `entry` takes the focus; its value is the path, exactly as the file is called."""

    DEFAULT_CSS = """
    FilePick { height: auto; }
    """

    def __init__(self, value: str = "") -> None:
        super().__init__()
        self.entry = FileInput(value, placeholder="Choose with the arrows, or type a path")
        self._rows = FileRows()
        self._first: frozenset[Path] | None = None
        self._found: Found | None = None

    def compose(self) -> ComposeResult:
        yield self.entry
        yield self._rows

    def on_mount(self) -> None:
        self._look()
        self.set_interval(AGAIN, self._look)

    def on_resize(self) -> None:
        """The list is there, or longer: it is seen as a whole while somebody chooses."""
        if self.entry.has_focus:
            self.call_after_refresh(self.scroll_visible, animate=False)

    @work(thread=True, exclusive=True, group="files")
    def _look(self) -> None:
        from esafety_tui.desk.case import evidence

        folder = evidence.screenshot_folder()
        try:
            found = Found(folder, evidence.files_in(folder))
        except UsageError as error:
            found = Found(folder, (), f"{error.title}. Type the path of the file.")
        self.post_message(found)

    def on_found(self, found: Found) -> None:
        """Show the folder anew where something in it changed; what is chosen stays chosen."""
        found.stop()
        before = self._found
        if before and (before.files, before.trouble) == (found.files, found.trouble):
            self._rows.fit()
            return
        paths = frozenset(one.path for one in found.files)
        self._first = paths if self._first is None else self._first
        self._found = found
        self._rows.show(found, paths - self._first, self._place(found.files))

    def _place(self, files: Sequence[FileLine]) -> int | None:
        return next((at for at, one in enumerate(files) if str(one.path) == self.entry.value), None)

    def on_file_input_moved(self, event: FileInput.Moved) -> None:
        """An arrow: the next file of the list."""
        event.stop()
        at, last = self._rows.at, len(self._rows.files) - 1
        if last >= 0:
            self._choose(0 if at is None else min(max(0, at + event.by), last))

    def on_file_rows_chosen(self, event: FileRows.Chosen) -> None:
        """A click on a file."""
        event.stop()
        self.entry.focus()
        self._choose(event.at)

    def _choose(self, at: int) -> None:
        self.entry.value = str(self._rows.files[at].path)
        # How it ends is seen, also where it is as long as the one before.
        self.entry.cursor_position = 0
        self.entry.cursor_position = len(self.entry.value)
        self._rows.mark(at)

    def on_input_changed(self) -> None:
        """Typed: the mark goes to the file that is meant, or away."""
        self._rows.mark(self._place(self._rows.files))


def _tail(text: str, width: int) -> str:
    """A name or path cut in its middle, so that how it ends can be seen."""
    flat = shortened(text, 10_000)
    if len(flat) <= width:
        return flat
    end = max(4, width // 2)
    return f"{flat[: max(1, width - end - 1)]}…{flat[-end:]}"


def _when(modified: str) -> str:
    """A file's time as this computer's clock reads it."""
    if not modified:
        return "no time"
    moment = clock.local(modified).astimezone()
    return f"{moment.day:>2} {moment:%b %H:%M}"
