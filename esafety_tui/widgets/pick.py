"""A list to pick one answer from: by number, by arrow, by mouse, and over nine by two digits or by typing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from esafety_tui.desk.asks import Option
from esafety_tui.widgets.prose import line, shortened

TWO_DIGITS_WITHIN = 1.2
MOST_SHOWN = 8
#: So few answers are shown even while the field has no focus.
SHOWN_AT_REST = 3


class Digits:
    """Puts a second digit to the first when it comes soon after: "1" then "2" is 12."""

    def __init__(self) -> None:
        self._last, self._at = "", 0.0

    def number(self, digit: str, most: int) -> int | None:
        """The number meant, 1 to `most`, or None. A digit that cannot go on from the one before starts afresh."""
        now = monotonic()
        both = self._last + digit if now - self._at < TWO_DIGITS_WITHIN else digit
        self._at = now
        for text in (both, digit):
            if text and 1 <= int(text) <= most:
                self._last = text
                return int(text)
        self._last = digit
        return None


@dataclass(frozen=True)
class _Row:
    number: int
    option: Option


class Pick(Widget, can_focus=True):
    """One answer out of `options`. Posts `Picked` whenever the answer changes and `Done` on enter.

    `value` is the id of the answer, or "" for none yet.
    """

    #: While it has the focus, letters and digits are its own.
    TAKES_TEXT = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Up", show=False, id="pick.up"),
        Binding("down", "move(1)", "Down", show=False, id="pick.down"),
        Binding("enter", "done", "Take it", show=False, id="pick.done"),
    ]
    DEFAULT_CSS = """
    Pick { height: auto; padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    value: reactive[str] = reactive("", layout=True)
    typed: reactive[str] = reactive("", layout=True)

    class Picked(Message):
        """The answer changed."""

    class Done(Message):
        """Enter was pressed: on to the next field."""

        def __init__(self, pick: Pick) -> None:
            super().__init__()
            self.pick = pick

    def __init__(self, options: Sequence[Option], value: str = "", id: str | None = None) -> None:
        super().__init__(id=id)
        self._options = tuple(options)
        self._digits = Digits()
        known = {option.id for option in self._options}
        self.set_reactive(Pick.value, value if value in known else "")
        self._rows_drawn: list[_Row] = []

    def watch_value(self) -> None:
        self.post_message(self.Picked())

    def on_focus(self) -> None:
        self.refresh(layout=True)

    def on_blur(self) -> None:
        self.typed = ""
        self.refresh(layout=True)

    def matching(self) -> list[_Row]:
        """The rows that hold what was typed; numbers stay those of the whole list."""
        rows = [_Row(number, option) for number, option in enumerate(self._options, 1)]
        wanted = self.typed.casefold()
        return [row for row in rows if wanted in row.option.label.casefold()]

    def render(self) -> Content:
        return Content("\n").join(self._lines())

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return max(1, sum(1 for _ in self._lines()))

    def _lines(self) -> Iterable[Content]:
        rows = self.matching()
        chosen = next((row for row in rows if row.option.id == self.value), None)
        self._rows_drawn = []
        if not self.has_focus and len(self._options) > SHOWN_AT_REST:
            yield (
                self._line(chosen)
                if chosen
                else line((f"Choose one of {len(self._options)}: Tab comes here", "$quiet"))
            )
            return
        window = self._window(rows, chosen)
        for row in window:
            self._rows_drawn.append(row)
            yield self._line(row)
        if hidden := len(rows) - len(window):
            yield line((f"    … and {hidden} more: arrows, two digits, or type a word", "$quiet"))
        if self.typed:
            yield line(
                ("    Only with: ", "$quiet"),
                (self.typed, "bold"),
                ("   (backspace takes it away)", "$quiet"),
            )

    def _window(self, rows: list[_Row], chosen: _Row | None) -> list[_Row]:
        if len(rows) <= MOST_SHOWN + 1:
            return rows
        at = rows.index(chosen) if chosen in rows else 0
        start = min(max(0, at - MOST_SHOWN // 2), len(rows) - MOST_SHOWN)
        return rows[start : start + MOST_SHOWN]

    def _line(self, row: _Row) -> Content:
        here = row.option.id == self.value
        width = max(12, (self.size.width or 60) - 6)
        style = "bold $accent" if here else ""
        return line(
            (f"{'▸' if here else ' '}{row.number:>2} ", style or "$quiet"),
            (shortened(row.option.label, width), style),
        )

    def action_move(self, by: int) -> None:
        rows = self.matching()
        if not rows:
            return
        at = next((index for index, row in enumerate(rows) if row.option.id == self.value), None)
        new = (0 if by > 0 else len(rows) - 1) if at is None else min(max(0, at + by), len(rows) - 1)
        self.value = rows[new].option.id

    def action_done(self) -> None:
        self.post_message(self.Done(self))

    def on_key(self, event: events.Key) -> None:
        if event.key == "backspace" and self.typed:
            self.typed = self.typed[:-1]
        elif event.character and event.is_printable:
            self._type(event.character)
        else:
            return
        event.stop()
        event.prevent_default()

    def _type(self, character: str) -> None:
        if character.isdecimal() and not self.typed:
            number = self._digits.number(character, len(self._options))
            if number is not None:
                self.value = self._options[number - 1].id
        elif len(self._options) > 9:
            self.typed += character
            rows = self.matching()
            if rows and self.value not in {row.option.id for row in rows}:
                self.value = rows[0].option.id

    def on_click(self, event: events.Click) -> None:
        row = event.get_content_offset(self)
        if row is not None and row.y < len(self._rows_drawn):
            self.value = self._rows_drawn[row.y].option.id
