"""R4: a halt that was pressed by mistake, as something to be found without pressing it again."""

from __future__ import annotations

from esafety_tui.desk.asks import Choice
from esafety_tui.desk.forms.base import Fields, Plain, Step, View
from esafety_tui.desk.forms.present import Halt


class PressedByMistake(Plain):
    """The halt's own answer that takes it back, alone."""

    def choices(self, v: View) -> tuple[Choice, ...]:
        return tuple(choice for choice in Halt().choices(v) if choice.id == "mistake")

    def take(self, v: View, choice: str, fields: Fields) -> list[Step] | None:
        return Halt().take(v, choice, fields)
