"""One out of several, in a box: which person, which incident, which order."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.widgets import OptionList, Static

from esafety_tui.screens.base import Dialog
from esafety_tui.widgets.prose import line, shortened
from esafety_tui.widgets.rowlist import RowList


class ChooseDialog(Dialog):
    """Dismissed with the id of what was chosen, or None. options: (id, words)."""

    NAME = "Choose"
    ABOUT = "Arrows and Enter, a number, or a click; escape goes back without choosing."
    BINDINGS = [  # noqa: RUF012
        *(Binding(str(number), f"number({number})", show=False, id=f"choose.{number}") for number in range(1, 10)),
    ]

    def __init__(self, title: str, options: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._title, self._options = title, tuple(options)

    def body(self) -> ComposeResult:
        yield Static(line((self._title, "bold $accent")), id="choosing-title")
        yield RowList("choosing")

    def where(self) -> str:
        return self._title

    async def ready(self) -> None:
        rows = self.query_one("#choosing", RowList)
        rows.show(
            lambda width: [
                (id, line((f"{number:>2}  " if number < 10 else "    ", "bold $accent"), shortened(words, width - 5)))
                for number, (id, words) in enumerate(self._options, 1)
            ]
        )
        rows.focus()

    def action_number(self, number: int) -> None:
        if number <= len(self._options):
            self.dismiss(self._options[number - 1][0])

    @on(OptionList.OptionSelected, "#choosing")
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option.id)

    def action_leave(self) -> None:
        self.dismiss(None)
