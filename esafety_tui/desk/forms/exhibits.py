"""Exhibits and devices in keeping: the question, then the file; words alone; custody; R5. The rules are elsewhere."""

from __future__ import annotations

from esafety_tui.desk import clock
from esafety_tui.desk.asks import Choice, Field, Option
from esafety_tui.desk.case.plain_copies import in_its_place
from esafety_tui.desk.forms.base import WHEN, Fields, Plain, Step, View, happened, needed, new_id, options, record, text
from esafety_tui.desk.forms.looking import (
    both,
    clock_fields,
    clock_steps,
    could_answer,
    could_field,
    never_help,
    rows,
    seen_answer,
    seen_fields,
)
from esafety_tui.desk.forms.signing import own_password
from esafety_tui.errors import UsageError
from esafety_tui.incident import commands as c
from esafety_tui.incident import events as e
from esafety_tui.incident import evidence_commands as ec
from esafety_tui.incident.exhibits import Held
from esafety_tui.record.moments import earlier, took_place

ENDED = {
    "returned": "It was given back",
    "police": "The police took it",
    "destroyed-by-direction": "It was destroyed on a written direction of the police",
}
SIGNED = {"yes": "Yes, on paper", "no": "No", "later": "Not yet"}
DESCRIPTION = Field("description", "What it is, in neutral words", "text", True)


def producer_field(v: View) -> Field:
    """Whose exhibit mark it gets: whoever produces it in court."""
    return Field("producer", "Who produces it (their initials are the mark)", "pick", options=both(v),
                 value=v.session.person.id)  # fmt: skip


def again_field(v: View) -> tuple[Field, ...]:
    """Where something is kept already: what is to be done with the very same file."""
    if not any(one.copied for one in v.case.exhibits.values()):
        return ()
    found = {"no": "Do not keep it twice: tell me as what it is kept", "yes": "Keep it once more, beside that"}
    return (Field("again", "If this very file is kept already", "pick", options=options(found), value="no"),)


class Copying(Plain):
    """R3 again, then one file: the question is asked anew for each."""

    def choices(self, v: View) -> tuple[Choice, ...]:
        listed = rows(v)
        if not listed:
            return ()
        if v.standing.copy == "no" and v.session.evidence.asked_now(v.case, "copy"):
            row = next((o.label for o in listed if o.id == v.case.keeping.asked_row), "")
            found = Choice("copy", "Choose the file to keep", (
                Field("file", "The file: type its path or drag it here", "file", True,
                      help=f"Screenshots are usually in {v.session.evidence.folder()}."),
                DESCRIPTION, producer_field(v), *again_field(v),
            ), help=f"For row {row}")  # fmt: skip
            return (found,)
        ask = Choice(
            "copy-ask", "We want to keep a screenshot: the question before",
            (Field("row", "Of which row", "pick", True, options=listed, value=listed[0].id), could_field(v),
             *seen_fields(v), *clock_fields(v)),
            help=never_help(v),
        )  # fmt: skip
        return (ask,)

    def take(self, v: View, choice: str, fields: Fields) -> list[Step] | None:
        if choice == "copy-ask":
            row = next((one for one in v.case.rows if one.row == text(fields, "row")), None)
            if row is None:
                raise UsageError("Of which row?", "A screenshot belongs to a row.", "Choose one.")
            asked = ec.AskCopying(could_answer(fields), row.row, " ".join(row.where.split())[:200], seen_answer(fields))
            # Nothing else comes before an alarm.
            return [*(clock_steps(v, fields) if asked.answer == "no" else []), Step(asked)]
        if choice != "copy":
            return None
        needed(fields, "file", "The file")
        said = needed(fields, "description", "What it is")
        again = text(fields, "again") == "yes"
        return [v.session.evidence.file_step(v, fields["file"], said, text(fields, "producer"), again)]


class InWords(Plain):
    """Something that is not copied: an exhibit in words, with a mark and no hash."""

    def choices(self, v: View) -> tuple[Choice, ...]:
        fields = (
            DESCRIPTION,
            Field("where", "Where it is now", "line", True, help="The device, its place, who has the key."),
            Field("row", "Of which row", "pick", options=(Option("", "None"), *rows(v)), value=""),
            Field("why", "Why it is not copied", "line", value=self._why(v)),
            producer_field(v),
        )
        return (Choice("words", "Describe it: nothing is copied and nothing is opened", fields),)

    @staticmethod
    def _why(v: View) -> str:
        return "It may be what must never be copied." if v.standing.suspected else ""

    def take(self, v: View, choice: str, fields: Fields) -> list[Step] | None:
        row, said, where, why, who = (text(fields, id) for id in ("row", "description", "where", "why", "producer"))
        return [v.session.evidence.words_step(v, row, said, where, why, who)]


class Forbidden(Plain):
    """R5: an item kept here may be what must never be copied. R17 is asked in the same answer, as for a halt."""

    def choices(self, v: View) -> tuple[Choice, ...]:
        listed = tuple(
            Option(one.id, f"{one.mark}: {' '.join(one.description.split())[:60]}")
            for one in v.case.exhibits.values()
            if one.copied and not one.sealed
        )
        if not listed:
            return ()
        fields = (
            Field("exhibit", "Which one", "pick", True, options=listed, value=only(listed)),
            Field("reason", "What makes you think so, in a few words", "line", True),
        )
        said = "Everything kept in this case is sealed at once and for good. Nobody opens it again."
        quiet = said + " The program then writes nothing more: leave this computer on."
        return (
            Choice("no", "It was seen on another device", fields, said, red=True),
            Choice("yes", "It was seen on this computer", fields, quiet, red=True),
            Choice("unsure", "Not sure where it was seen", fields, quiet, red=True),
        )

    def take(self, v: View, choice: str, fields: Fields) -> list[Step] | None:
        return [Step(ec.SayForbidden(text(fields, "exhibit"), text(fields, "reason"), choice))]


class SourceRemoved(Plain):
    """Two people removed the plain copy that an exhibit was made from. The program looks whether it is gone."""

    def choices(self, v: View) -> tuple[Choice, ...]:
        listed = plain_copies(v)
        if not listed or v.standing.suspected:
            return ()
        field = Field("exhibit", "Of which exhibit", "pick", True, options=listed, value=only(listed))
        return (Choice("removed", "We removed the plain copy together", (field,)),)

    def take(self, v: View, choice: str, fields: Fields) -> list[Step] | None:
        id = text(fields, "exhibit")
        one = v.case.exhibits.get(id)
        return [Step(ec.RemoveSource(id, in_its_place(one, v.session.computer_id) if one else ""))]


def only(listed: tuple[Option, ...]) -> str:
    """The one that stands there already: where there is no other."""
    return listed[0].id if len(listed) == 1 else ""


def plain_copies(v: View) -> tuple[Option, ...]:
    """The files that still lie where they were taken from, in the clear."""
    return tuple(
        Option(one.id, f"{one.mark}: {one.source_name}")
        for one in v.case.exhibits.values()
        if one.copied and not one.sealed and not one.source_removed
    )


class TakeDevice(Plain):
    """A device comes into the school's keeping. Alone is allowed (R1)."""

    def choices(self, v: View) -> tuple[Choice, ...]:
        fields = (
            Field("what", "The device: make, model, asset or serial number", "line", True),
            Field("from", "From whom", "line", True),
            Field("by", "Taken by", "line", True, value=v.session.person.name),
            Field("state", "In which state", "line", value="as it is", help="Do not unlock it or look through it."),
            Field("kept_at", "Where it is kept, and who has the key", "line", True),
            Field("seal", "Number of the bag or seal", "line"),
            Field("row", "Of which row", "pick", options=(Option("", "None"), *rows(v)), value=""),
            Field("signed", "Did a parent sign for it", "pick", options=options(SIGNED), value="later"),
            WHEN,
        )
        return (Choice("taken", "A device was taken into keeping", fields),)

    def take(self, v: View, choice: str, fields: Fields) -> list[Step] | None:
        event = e.CustodyTaken(
            new_id("d"), text(fields, "row"), text(fields, "what"), text(fields, "from"), text(fields, "by"),
            text(fields, "state") or "as it is", text(fields, "seal"), text(fields, "kept_at"),
            text(fields, "signed"),
        )  # fmt: skip
        return [record(event, happened(fields))]


def in_keeping(v: View) -> tuple[Option, ...]:
    """The devices that the school has."""
    return tuple(Option(held.id, held.what) for held in v.case.custody.values() if held.ended is None)


class MoveDevice(Plain):
    """A device in keeping was moved, or left."""

    def choices(self, v: View) -> tuple[Choice, ...]:
        listed = in_keeping(v)
        if not listed:
            return ()
        item = Field("item", "Which device", "pick", True, options=listed, value=listed[0].id)
        moved = (
            item,
            Field("to", "Where it is now, or who has it", "line", True),
            Field("by", "Moved by", "line", True, value=v.session.person.name),
            Field("why", "Why", "line"),
            WHEN,
        )
        ended = (
            item,
            Field("how", "How it left", "pick", True, options=options(ENDED)),
            Field("to", "To whom: full name", "line", True),
            Field("force", "If the police took it: which force", "line"),
            Field("number", "If the police took it: the officer's number", "line", help='Or "none given".'),
            Field("reference", "Reference or receipt", "line"),
            Field("signed", "Did a parent sign for it", "pick", options=options(SIGNED), value="no"),
            WHEN,
        )
        return (
            Choice("moved", "It was moved inside the school", moved),
            Choice("ended", "It left the school's keeping", ended),
        )

    def take(self, v: View, choice: str, fields: Fields) -> list[Step] | None:
        item, to, when = text(fields, "item"), text(fields, "to"), happened(fields)
        held = v.case.custody.get(item)
        if held:
            _in_time(held, choice, when or v.session.paper.get(v.case.ref))
        if choice == "moved":
            return [record(e.CustodyMoved(item, to, text(fields, "by"), text(fields, "why")), when)]
        said = (text(fields, id) for id in ("reference", "signed", "force", "number"))
        return [record(e.CustodyEnded(item, text(fields, "how"), to, *said), when)]


def _in_time(held: Held, choice: str, when: clock.When | None) -> None:
    """Nothing is moved before it was taken, and nothing leaves before it was moved last. Raises UsageError."""
    if when is None:
        return
    before = held.steps[0] if choice == "moved" else held.steps[-1]
    last = took_place(before)
    if earlier(when, last):
        what = "taken into keeping" if before is held.steps[0] else "moved last"
        raise UsageError(
            "That was before it came here" if before is held.steps[0] else "That was before its last move",
            f"By the record it was {what} on {clock.plain(*last)}.",
            'Check "When was that?". If the time in the record is the wrong one, leave it empty and write a note.',
        )


def owes(v: View) -> bool:
    """Whether whoever is signed in attested in this case on paper and has not countersigned since (R1)."""
    me = v.session.person.id
    attested = False
    for moment in v.case.moments:
        match moment.event:
            case e.SecondJoined(person=person, proof="attested") if person == me:
                attested = True
            case e.Countersigned(person=person) if person == me:
                attested = False
    return attested


class Countersign(Plain):
    """R1: whoever attested on paper countersigns with their own password."""

    def choices(self, v: View) -> tuple[Choice, ...]:
        field = Field("password", "Your own password", "secret", True)
        return (Choice("sign", "I was there, and what is recorded of it is right", (field,)),)

    def take(self, v: View, choice: str, fields: Fields) -> list[Step] | None:
        me = v.session.person
        with own_password(v, me, fields):
            return [Step(c.Record(e.Countersigned(me.id)))]
