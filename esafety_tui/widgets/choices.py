"""The large numbered choices of a question."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from esafety_tui.desk.asks import Choice
from esafety_tui.widgets.lines import Lines, Marked
from esafety_tui.widgets.prose import line

NOTHING = "Nothing here has that word. Take it away with backspace, or try another."
#: Up to this many choices one digit is enough and nothing has to be filtered.
ONE_DIGIT = 9


class ChoiceRow(Lines):
    """One choice with its number. A refused one stays readable and says why not."""

    class Pressed(Message):
        """The row was clicked. `again`: it was the chosen one already."""

        def __init__(self, row: ChoiceRow, again: bool) -> None:
            super().__init__()
            self.row, self.again = row, again

    def __init__(self, number: int, choice: Choice) -> None:
        super().__init__(classes="choice")
        self.number, self.choice = number, choice
        self.set_class(choice.red, "-red")
        self.set_class(bool(choice.refused), "-refused")
        self._draw()

    @property
    def chosen(self) -> bool:
        """Whether this row is marked."""
        return self.has_class("-chosen")

    @chosen.setter
    def chosen(self, chosen: bool) -> None:
        if chosen != self.chosen:
            self.set_class(chosen, "-chosen")
            self._draw()

    def _draw(self) -> None:
        mark = line(f"{'►' if self.chosen else ' '} ", (f"{self.number:>2}", "bold"), "  ")
        rows = [Marked(line((self.choice.label, "bold" if self.chosen else "")), mark)]
        indent = Content(" " * mark.cell_length)
        if self.choice.help:
            rows.append(Marked(line((self.choice.help, "$quiet")), indent))
        if self.choice.refused:
            rows.append(Marked(line((f"Not now: {self.choice.refused}", "italic $quiet")), indent))
        self.show(rows)

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.post_message(self.Pressed(self, self.chosen))


class Choices(Vertical):
    """The rows of a question's choices; `chosen` is the choice that is marked, or None."""

    class Changed(Message):
        """Another choice is marked."""

        def __init__(self, choice: Choice) -> None:
            super().__init__()
            self.choice = choice

    def __init__(self, choices: Sequence[Choice], chosen: str = "", fields: Widget | None = None) -> None:
        """fields: what the chosen choice asks for, to be shown below it."""
        super().__init__(classes="choices")
        self._fields = fields
        self.rows = [ChoiceRow(number, choice) for number, choice in enumerate(choices, 1)]
        self._filter = ""
        for row in self.rows:
            row.chosen = row.choice.id == chosen

    def compose(self) -> ComposeResult:
        for row in self.rows:
            yield row
            if row.chosen and self._fields is not None:
                yield self._fields
        nothing = Static(NOTHING, classes="choices-nothing")
        nothing.display = False
        yield nothing

    @property
    def chosen(self) -> Choice | None:
        """The marked choice, or None."""
        return next((row.choice for row in self.rows if row.chosen), None)

    @property
    def chosen_row(self) -> ChoiceRow | None:
        """The row of the marked choice, or None."""
        return next((row for row in self.rows if row.chosen), None)

    def choose(self, number: int) -> None:
        """Mark the choice with this number (from 1); numbers that do not exist change nothing."""
        if not 1 <= number <= len(self.rows) or self.rows[number - 1].chosen:
            return
        for row in self.rows:
            row.chosen = row.number == number
        self.post_message(self.Changed(self.rows[number - 1].choice))

    def move(self, by: int) -> None:
        """Mark the next (1) or previous (-1) choice of those shown."""
        shown = [row for row in self.rows if row.display]
        if not shown:
            return
        at = next((index for index, row in enumerate(shown) if row.chosen), None)
        new = (0 if by > 0 else len(shown) - 1) if at is None else min(max(0, at + by), len(shown) - 1)
        self.choose(shown[new].number)

    def filter(self, words: str) -> None:
        """Show only the choices that hold `words`, or that have this number; the first of them is marked."""
        wanted = words.strip().casefold()
        number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 4 else 0
        numbered = 1 <= number <= len(self.rows)
        for row in self.rows:
            fits = row.number == number or str(row.number).startswith(wanted) if numbered else None
            row.display = wanted in row.choice.label.casefold() if fits is None else fits
        fits = any(row.display for row in self.rows)
        self.query_one(".choices-nothing").display = not fits
        chosen = self.chosen_row
        if not fits and chosen is not None:
            chosen.chosen = False  # what is out of sight is never recorded
        elif wanted and (chosen is None or not chosen.display):
            self.move(1)
