"""What was reported, who is involved, what it is about, in whose words; notes and the short record."""

from __future__ import annotations

from esafety_tui.desk import clock
from esafety_tui.desk.asks import Choice, Field, Option
from esafety_tui.desk.forms.base import (
    WHEN,
    Fields,
    Plain,
    Step,
    View,
    happened,
    needed,
    options,
    record,
    text,
)  # fmt: skip
from esafety_tui.errors import UsageError
from esafety_tui.incident import commands as c
from esafety_tui.incident import events as e
from esafety_tui.incident.wording import HOW
from esafety_tui.record.moments import earlier


class Reported(Plain):
    """How it came. A chart may ask twice (a halt half-way): what was recorded before need not be recorded again."""

    @staticmethod
    def _before(v: View) -> bool:
        return any(isinstance(moment.event, e.Reported) for moment in v.case.moments)

    def edge_fields(self, v: View, choice: str) -> tuple[Field, ...]:
        named = {"yes": "Yes", "no": "No", "ask": "Not asked yet"}
        first = not self._before(v)
        labels = {id: label.capitalize() for id, label in HOW.items()}
        return (
            Field("how", "How did it come?", "pick", first, options=options(labels)),
            Field("by", "Who reported it (leave empty if anonymous)", "line"),
            Field("named", "May they be named?", "pick", first, options=options(named), value="ask"),
            Field("told", "When were you told, or when was it found?", "when", help=WHEN.help),
            Field("when", "When did it happen, as far as you know?", "when", help=NOT_SAID),
            Field("place", "Where did it happen", "line"),
            Field("summary", f"What you were told, in one or two sentences{'' if first else AGAIN}", "text", first),
        )

    def edge(self, v: View, choice: str, fields: Fields) -> list[Step]:
        if self._before(v) and not text(fields, "how"):
            return []
        how = text(fields, "how")
        if how not in HOW:
            raise UsageError("How did it come to you?", "One of the answers is needed.", "Choose one.")
        told, when = happened(fields, "told"), happened(fields) or ("", 0)
        if when[0] and earlier(told or v.session.paper.get(v.case.ref) or clock.now(), when):
            raise UsageError(
                "It was told before it happened", "Nobody is told of what has not happened yet.", "Check both times."
            )
        event = e.Reported(
            how, text(fields, "by"), text(fields, "named") or "ask", text(fields, "place"),
            needed(fields, "summary", "What you were told"), True, *when,
        )  # fmt: skip
        return [record(event, told)]


#: It was recorded before: all of it may stay empty, or it is told anew.
AGAIN = " (empty where nothing is to be added to how it came)"
#: The record then says "not said when": what happened is not what is being written.
NOT_SAID = 'Empty: not said. Or "14:05", "yesterday 9:30", "2026-03-02 14:05".'


class Kinds(Plain):
    """What it is about, in neutral words; asked again half-way it may stay as it is."""

    def edge_fields(self, v: View, choice: str) -> tuple[Field, ...]:
        kinds = tuple(Option(kind.id, kind.title) for kind in v.pack.tables.kinds)
        return (
            Field("kind", "Mostly", "pick", not v.case.kinds, options=kinds),
            Field("also", "And also", "pick", options=(Option("", "Nothing else"), *kinds)),
        )

    def edge(self, v: View, choice: str, fields: Fields) -> list[Step]:
        if v.case.kinds and not text(fields, "kind"):
            return []
        ids = chosen_kinds(fields)
        found = [kind for id in ids if (kind := v.pack.tables.kind(id))]
        if not found or len(found) != len(ids):
            raise UsageError("What is it about?", "One of the answers is needed.", "Choose one.")
        return [record(e.KindSet([kind.id for kind in found], [kind.title for kind in found]))]


def chosen_kinds(fields: Fields) -> list[str]:
    """The ids of what it is mostly about, and also about."""
    return list(dict.fromkeys(id for id in (text(fields, "kind"), text(fields, "also")) if id))


class Account(Plain):
    """Somebody's own words."""

    def choices(self, v: View) -> tuple[Choice, ...]:
        return (
            Choice(
                "add",
                "Write down what somebody said",
                (
                    Field("whose", "Whose words", "line", True),
                    Field("words", "Their words, exactly", "text", True),
                    Field("asked", "What they were asked, exactly (nothing is best)", "text"),
                    Field("asked_by", "Who listened", "line", value=v.session.person.name),
                    Field("place", "Where", "line"),
                    WHEN,
                ),
            ),
        )

    def take(self, v: View, choice: str, fields: Fields) -> list[Step] | None:
        if choice != "add":
            return None
        event = e.Account(
            needed(fields, "whose", "Whose words"), needed(fields, "words", "Their words"), text(fields, "asked_by"),
            text(fields, "asked"), text(fields, "place"),
        )  # fmt: skip
        return [record(event, happened(fields))]


class Note(Plain):
    """A note, with the time it is about."""

    def choices(self, v: View) -> tuple[Choice, ...]:
        return (Choice("add", "Add a note", (Field("text", "Note", "text", True), WHEN)),)

    def take(self, v: View, choice: str, fields: Fields) -> list[Step] | None:
        return [record(e.Noted(needed(fields, "text", "Note")), happened(fields))]


class Ordinary(Plain):
    """The end of an ordinary incident: what happened, what was done."""

    def choices(self, v: View) -> tuple[Choice, ...]:
        return (
            Choice(
                "close",
                "Record it and close",
                (
                    Field("what", "What happened", "text", True, value=v.case.summary),
                    Field("done", "What was done", "text", True),
                    Field("place", "Where", "line"),
                ),
            ),
        )

    def take(self, v: View, choice: str, fields: Fields) -> list[Step] | None:
        what, done = needed(fields, "what", "What happened"), needed(fields, "done", "What was done")
        return [record(e.OrdinaryRecorded(what, done, text(fields, "place"))), Step(c.Close("closed", done))]


class Exclude(Plain):
    """R10: somebody may no longer read the case."""

    def choices(self, v: View) -> tuple[Choice, ...]:
        others = tuple(
            Option(p.id, p.name)
            for p in v.session.register.people.values()
            if p.active and p.id not in v.case.excluded and p.id != v.session.person.id
        )
        fields = (
            Field("person", "Who may no longer read this case", "pick", True, options=others),
            Field("reason", "Why", "text", True),
        )
        return (Choice("exclude", "Exclude somebody from this case", fields),) if others else ()

    def take(self, v: View, choice: str, fields: Fields) -> list[Step] | None:
        person = text(fields, "person")
        if person not in v.session.register.people:
            raise UsageError("Nobody is chosen", "This is about one person.", "Choose who it is.")
        return [record(e.Excluded(person, needed(fields, "reason", "Why")))]


class KeepApart(Plain):
    """R10: the case is for its lead, its second person and those named alone, by a key of its own."""

    def choices(self, v: View) -> tuple[Choice, ...]:
        reason = Field("reason", "Why", "text", True)
        if not v.case.restricted:
            return (Choice("apart", "Keep it apart from now on", (reason,)),)
        people = {p.id: p.name for p in v.session.register.people.values() if p.active}
        more = {id: name for id, name in people.items() if id not in {*v.case.readers, *v.case.excluded, v.case.lead}}
        fewer = {id: people.get(id, v.session.name(id)) for id in v.case.readers}
        found = []
        if more:
            who = Field("person", "Who may open it from now on", "pick", True, options=options(more))
            found.append(Choice("add", "Somebody else may open it", (who, reason)))
        if fewer:
            who = Field("person", "Who may no longer open it", "pick", True, options=options(fewer))
            found.append(Choice("remove", "Somebody may no longer open it", (who, reason)))
        return tuple(found)

    def take(self, v: View, choice: str, fields: Fields) -> list[Step] | None:
        why, person = needed(fields, "reason", "Why"), text(fields, "person")
        readers = [one for one in v.case.readers if one != person]
        if choice == "add":
            if person not in v.session.register.people:
                raise UsageError("Nobody is chosen", "This is about one person.", "Choose who it is.")
            readers.append(person)
        return [record(e.Restricted(readers, why))]
