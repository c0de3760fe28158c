"""Typing in what was written on a paper form while the machine was away: what can stand on paper is dated as the form
is, and marked recorded late."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from esafety_tui.desk import clock
from esafety_tui.desk.asks import Choice, Field
from esafety_tui.desk.forms.base import Fields, Plain, Step, View, needed
from esafety_tui.errors import UsageError
from esafety_tui.incident import commands as c
from esafety_tui.incident import events as e
from esafety_tui.incident import reference
from esafety_tui.record.moments import day_only

if TYPE_CHECKING:
    from esafety_tui.incident.case import Case

NUMBERED = "BLANK"
#: The number of a printed blank form, as `desk/papers/blank_papers.py` makes it.
_NUMBER = re.compile(rf"{NUMBERED}-[0-9]{{6}}-[0-9]{{4}}-[{reference.ALPHABET}]{{4}}")
BEGUN = "From here on typed in from the paper form "
TYPED = "All of the paper form is typed in."
CUT_OFF = (
    "Typing in the paper form had not been ended when the log was closed. From here on nothing is typed in from it."
)

#: What the program does itself as it is recorded, or what is proven then: it cannot be as old as the paper (R15).
DONE_NOW = (
    e.Opened, e.Viewed, e.ClockChecked, e.SecondJoined, e.SecondLeft, e.LeadChanged, e.Exhibited, e.SourceRemoved,
    e.Sealed, e.SealUndone, e.Signed, e.Countersigned, e.Corrected, e.WentBack, e.ComputerFixed, e.ComputerChanged,
    e.Linked, e.Unlinked, e.Reopened, e.DuePostponed, e.Restricted, e.Excluded, e.Printed, e.Bundled,
)  # fmt: skip


class FromPaper(Plain):
    """Begin or end typing in a paper form. Until then each answer took place when the form says, unless it has its
    own time."""

    def choices(self, v: View) -> tuple[Choice, ...]:
        if v.case.ref in v.session.paper:
            return (Choice("end", "The paper form is typed in"),)
        fields = (
            Field("number", "Number on the paper form", "line", True,
                  "It stands on each page, like BLANK-260302-0905-K7QM."),
            Field("when", "When was it written?", "when", True, help='Like "yesterday 9:30" or "2026-03-02 14:05".'),
        )  # fmt: skip
        return (Choice("type-in", "Type in a paper form from here on", fields),)

    def take(self, v: View, choice: str, fields: Fields) -> list[Step] | None:
        ref, paper = v.case.ref, v.session.paper
        if choice == "end":
            return [Step(c.Record(e.Noted(TYPED)), then=lambda: _end(paper, ref), now=True)]
        number = _number(needed(fields, "number", "Number on the paper form"))
        when = clock.parse(fields.get("when", ""))
        _after_printing(number, when)
        said = e.Noted(f"{BEGUN}{number}, written {clock.plain(*when)}.")
        return [Step(c.Record(said), then=lambda: paper.update({ref: when}), now=True)]


def cut_off(case: Case) -> bool:
    """Whether a paper form was begun, and the log closed before anybody said that all of it is typed in."""
    said = [m.event.text for m in case.moments if isinstance(m.event, e.Noted)]
    last = next((text for text in reversed(said) if text.startswith(BEGUN) or text in (TYPED, CUT_OFF)), "")
    return last.startswith(BEGUN)


def _number(typed: str) -> str:
    """The number as it is printed. Raises UsageError for anything else."""
    number = "".join(typed.split()).upper()
    if not _NUMBER.fullmatch(number):
        raise UsageError(
            "That is not the number of a paper form",
            f"Number on the paper form: it begins with {NUMBERED}, then day, time and four letters or digits.",
            "Look at the top of the form. For a sheet without such a number, give each entry its own time instead.",
        )
    return number


def _after_printing(number: str, when: clock.When) -> None:
    """Raises UsageError where a form was written on before the minute of its number: that is when it was printed."""
    try:
        printed = datetime.strptime(number.split("-")[1] + number.split("-")[2], "%y%m%d%H%M")
    except ValueError:
        raise UsageError(
            "That is not the number of a paper form", "It names a day or a time that there is not.",
            "Look at the top of the form.",
        ) from None  # fmt: skip
    written = clock.local(*when).replace(tzinfo=None)
    before = written.date() < printed.date() if day_only(written) else written < printed
    if before:
        raise UsageError(
            "That was before the form was printed",
            f"By its number it was printed on {printed:%d.%m.%Y} at {printed:%H:%M}.",
            "Check the number and the time. Nothing is recorded yet.",
        )


def _end(paper: dict[str, clock.When], ref: str) -> None:
    paper.pop(ref, None)
