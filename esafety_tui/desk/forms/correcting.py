"""R7: a correction beside the entry that it corrects, in words and, of a time or of how it came, as a fact."""

from __future__ import annotations

from esafety_tui.desk import clock
from esafety_tui.desk.asks import Choice, Field, Option
from esafety_tui.desk.forms.base import Fields, Plain, Step, View, happened, needed, options, record, text
from esafety_tui.desk.forms.paper import DONE_NOW
from esafety_tui.errors import UsageError
from esafety_tui.incident import events as e
from esafety_tui.incident.case import Moment
from esafety_tui.incident.held_true import meant
from esafety_tui.incident.wording import HOW
from esafety_tui.record.moments import earlier, took_place

RIGHT_TIME = 'Empty: the time was right. Or "yesterday 9:30", "2026-03-02 14:05", or a day alone.'


class Correct(Plain):
    """What was recorded stays; what is right stands beside it, and is held true from then on."""

    def choices(self, v: View) -> tuple[Choice, ...]:
        labels = options({id: label.capitalize() for id, label in HOW.items()})
        fields = (
            Field("seq", "Number of the entry", "number", True),
            Field("text", "What is right, in words", "text"),
            Field("when", "When it happened, where that was wrong", "when", help=RIGHT_TIME),
            Field("how", "How it came, where that was wrong", "pick", options=(Option("", "As it is"), *labels)),
            Field("reason", "Why it is corrected", "text", True),
        )
        return (Choice("correct", "Correct an entry: both stay", fields),)

    def take(self, v: View, choice: str, fields: Fields) -> list[Step] | None:
        number = text(fields, "seq")
        if not number.isdecimal() or int(number) not in {m.seq for m in v.case.moments}:
            raise UsageError(
                "There is no such entry in this case", "Entries are numbered in the chronology.", "Look up its number."
            )
        said, how, when = text(fields, "text"), text(fields, "how"), happened(fields) or ("", 0)
        why = needed(fields, "reason", "Why")
        if not (said or how or when[0]):
            raise UsageError("What is right?", "Nothing was put right.", "Write it, or give the right time.")
        found = meant(v.case.moments, int(number))
        if when[0]:
            _may_be_then(v, found, when)
        if how and not (how in HOW and found is not None and isinstance(found.event, e.Reported)):
            raise UsageError(
                "That entry does not say how it came", "Only a report says that.",
                "Give the number of the report, which begins with how it came, or write it in words.",
            )  # fmt: skip
        return [record(e.Corrected(int(number), said, why, *when, how))]


def _may_be_then(v: View, found: Moment | None, when: clock.When) -> None:
    """What happened as it was written down has this computer's time; and nobody tells of what has not happened yet."""
    if found is None or isinstance(found.event, DONE_NOW):
        raise UsageError(
            "The time of that entry cannot be put right", "It was made by this program as it happened.",
            "Give the number of the entry that says when it happened, or write it in words.",
        )  # fmt: skip
    event = found.event
    told = took_place(found) if isinstance(event, e.Reported) and event.apart else (found.at, found.off)
    if earlier(told, when):
        raise UsageError(
            "It was told before it happened", f"Entry {found.seq} tells of it: {clock.plain(*told)}.",
            "Check the day and the time.",
        )  # fmt: skip
