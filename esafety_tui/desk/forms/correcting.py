"""R7: a correction beside the entry that it corrects, in words and as a fact: a time, how it came, what it is about."""

from __future__ import annotations

from esafety_tui.desk import clock
from esafety_tui.desk.asks import Choice, Field, Option
from esafety_tui.desk.forms.base import Fields, Plain, Step, View, happened, needed, options, record, text
from esafety_tui.desk.forms.paper import DONE_NOW
from esafety_tui.desk.forms.telling import chosen_kinds
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
        why = Field("reason", "Why it is corrected", "text", True)
        found = [
            Choice("correct", "Correct an entry: both stay", (
                Field("seq", "Number of the entry", "number", True),
                Field("text", "What is right, in words", "text"),
                Field("when", "When it happened, where that was wrong", "when", help=RIGHT_TIME),
                why,
            )),
        ]  # fmt: skip
        if _latest(v, e.Reported):
            labels = options({id: label.capitalize() for id, label in HOW.items()})
            how = Field("how", "How did it come?", "pick", True, options=labels)
            found.append(Choice("how", "Put right how it came: both stay", (how, why)))
        if _latest(v, e.KindSet):
            kinds = tuple(Option(kind.id, kind.title) for kind in v.pack.tables.kinds)
            mostly = Field("kind", "Mostly", "pick", True, options=kinds)
            also = Field("also", "And also", "pick", options=(Option("", "Nothing else"), *kinds))
            found.append(Choice("kinds", "Put right what it is about: both stay", (mostly, also, why)))
        return tuple(found)

    def take(self, v: View, choice: str, fields: Fields) -> list[Step] | None:
        why = needed(fields, "reason", "Why")
        if choice == "how":
            return _how(v, text(fields, "how"), why)
        return _kinds(v, fields, why) if choice == "kinds" else _entry(v, fields, why)


def _entry(v: View, fields: Fields, why: str) -> list[Step]:
    number = text(fields, "seq")
    if not number.isdecimal() or int(number) not in {m.seq for m in v.case.moments}:
        raise UsageError(
            "There is no such entry in this case", "Entries are numbered in the chronology.", "Look up its number."
        )
    said, when = text(fields, "text"), happened(fields) or ("", 0)
    if not (said or when[0]):
        raise UsageError("What is right?", "Nothing was put right.", "Write it, or give the right time.")
    if when[0]:
        _may_be_then(v, meant(v.case.moments, int(number)), when)
    return [record(e.Corrected(int(number), said, why, *when))]


def _how(v: View, how: str, why: str) -> list[Step]:
    report = _latest(v, e.Reported)
    if report is None or how not in HOW:
        raise UsageError("How did it come?", "One of the answers is needed.", "Choose one.")
    if how == v.case.how:
        raise _as_it_is()
    return [record(e.Corrected(report.seq, "", why, how=how))]


def _kinds(v: View, fields: Fields, why: str) -> list[Step]:
    said, ids = _latest(v, e.KindSet), chosen_kinds(fields)
    found = [kind for id in ids if (kind := v.pack.tables.kind(id))]
    if said is None or not found or len(found) != len(ids):
        raise UsageError("What is it about?", "One of the answers is needed.", "Choose one.")
    if ids == v.case.kinds:
        raise _as_it_is()
    return [record(e.Corrected(said.seq, "", why, kinds=ids, titles=[kind.title for kind in found]))]


def _as_it_is() -> UsageError:
    return UsageError("Nothing was put right", "It stands in the record like that.", "Choose what is right.")


def _latest(v: View, kind: type[e.Event]) -> Moment | None:
    return next((m for m in reversed(v.case.moments) if isinstance(m.event, kind)), None)


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
