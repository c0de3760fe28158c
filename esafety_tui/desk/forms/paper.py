"""Typing in what was written on a paper form while the machine was away: every entry is then marked recorded late."""

from __future__ import annotations

from esafety_tui.desk import clock
from esafety_tui.desk.asks import Choice, Field
from esafety_tui.desk.forms.base import Fields, Plain, Step, View, needed, record
from esafety_tui.incident import events as e


class FromPaper(Plain):
    """Begin or end typing in a paper form. Until then each answer took place when the form says, unless it has its
    own time."""

    def choices(self, v: View) -> tuple[Choice, ...]:
        if v.case.ref in v.session.paper:
            return (Choice("end", "The paper form is typed in"),)
        fields = (
            Field("number", "Number on the paper form", "line", True),
            Field("when", "When was it written?", "when", True, help='Like "yesterday 9:30" or "2026-03-02 14:05".'),
        )
        return (Choice("type-in", "Type in a paper form from here on", fields),)

    def take(self, v: View, choice: str, fields: Fields) -> list[Step] | None:
        ref, paper = v.case.ref, v.session.paper
        if choice == "end":
            return [Step(record(e.Noted("All of the paper form is typed in.")).command, then=lambda: _end(paper, ref))]
        number, when = needed(fields, "number", "Number on the paper form"), clock.parse(fields.get("when", ""))
        said = e.Noted(f"From here on typed in from the paper form {number}.")
        return [Step(record(said).command, when, lambda: paper.update({ref: when}))]


def _end(paper: dict[str, clock.When], ref: str) -> None:
    paper.pop(ref, None)
