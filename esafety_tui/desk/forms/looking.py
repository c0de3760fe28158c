"""Looking: the question before, who drives, what was reached, and the rows of the record. The rules are elsewhere."""

from __future__ import annotations

from esafety_tui.desk import clock
from esafety_tui.desk.asks import Choice, Field, Option
from esafety_tui.desk.forms.base import (
    Fields,
    Plain,
    Step,
    View,
    needed,
    new_id,
    no_two,
    options,
    record,
    text,
    yes_no,
)
from esafety_tui.errors import RefusedError, UsageError
from esafety_tui.incident import commands as c
from esafety_tui.incident import events as e
from esafety_tui.incident import evidence_commands as ec

#: Why a row that was looked at waits.
BEGIN_FIRST = 'First choose "We start looking now". What was seen without that is described in words, as not looked at.'
FORMS = {"site": "A web site, post or message", "device": "A device"}
FILTER = {"on": "On, as usual", "changed": "Changed for this, as recorded", "off": "Off", "unknown": "Not known"}
CLOCKS = {"same": "It shows the same time", "other": "It shows another time", "none": "There is no other clock here"}
ALREADY = "A look is going on already. End it first."
NEVER_HELP = '"Yes" and "not sure" mean: nobody looks, nothing is copied, and the illegal side begins.'

WHAT = Field(
    "what", "What do you want to look at", "line", True,
    "The address exactly, or the device (make, model, number): the answer counts for that alone.",
)  # fmt: skip


def never_copied(v: View) -> str:
    """What must never be copied, in the pack's words."""
    return "; ".join(item.title for item in v.pack.tables.never_copy)


def could_field(v: View) -> Field:
    """R3's question."""
    return Field("could", "Could it show what must never be copied?", "pick", True, "It is listed above.",
                 yes_no(unsure=True))  # fmt: skip


def never_help(v: View) -> str:
    """What the question asks about and what its answers mean: read before it is answered, in both doors."""
    return f"What must never be copied: {never_copied(v)}. {NEVER_HELP}"


def could_answer(fields: Fields) -> str:
    """Its answer. Raises UsageError for none."""
    could = text(fields, "could")
    if could not in ("yes", "no", "unsure"):
        raise UsageError("That question has to be answered", "It comes before anything else.", "Choose an answer.")
    return could


def seen_answer(fields: Fields) -> str:
    """R17's answer with "yes" or "not sure"; with "no" there is none."""
    return text(fields, "seen_here") if text(fields, "could") != "no" else ""


def seen_fields(v: View) -> tuple[Field, ...]:
    """R17's question, in the same answer: only where something was looked at or copied in this case already."""
    if not v.case.keeping.seen:
        return ()
    label = "If yes or not sure: was it seen on this computer?"
    help = "Empty counts as not sure. Unless it is no, the program then writes nothing more: leave this computer on."
    return (Field("seen_here", label, "pick", False, help, yes_no(unsure=True)),)


def clock_fields(v: View, required: bool = True) -> tuple[Field, ...]:
    """R15's question, once a sitting. Nobody's silence is taken for an answer."""
    if v.session.clock_compared:
        return ()
    help = "" if required else "Empty: not compared yet. It is asked again before anything is looked at."
    return (
        Field("clock", "What time does another clock show (a telephone)?", "pick", required, help, options(CLOCKS)),
        Field("clock_shows", "If it shows another time: which", "line", help='Like "14:05".'),
        Field("clock_why", "If there is no other clock here: why", "line"),
    )  # fmt: skip


def clock_steps(v: View, fields: Fields) -> list[Step]:
    """Its answer, before the step that rests on it; none where it was left open. Raises UsageError: half an answer."""
    answer, shows, why = text(fields, "clock"), text(fields, "clock_shows"), text(fields, "clock_why")
    if v.session.clock_compared or not (answer or shows):
        return []
    match answer:
        case "same":
            checked = e.ClockChecked("the same", 0)
        case "none":
            if not why:
                raise UsageError("Why is there no other clock?", "It was not compared.", "Write the reason.")
            checked = e.ClockChecked("", 0, why)
        case _:
            if not shows:
                raise UsageError("What does the other clock show?", "It shows another time.", "Write that time.")
            checked = e.ClockChecked(shows, clock.minutes_ahead(shows))
    return [Step(c.Record(checked), None, v.session.compared_clock)]


def both(v: View) -> tuple[Option, ...]:
    """The two who are here, the one signed in first."""
    beside = v.session.second
    return tuple(Option(p.id, p.name) for p in (v.session.person, *([beside.person] if beside else [])))


def driver_field(v: View) -> Field:
    """Who works the keyboard."""
    return Field("driver", "Who works the keyboard?", "pick", True, options=both(v))


def rows(v: View) -> tuple[Option, ...]:
    """The rows of the record, the newest first: the address or device, and when it was written."""
    written = [(m.event, clock.plain(m.at, m.off)) for m in v.case.moments if isinstance(m.event, e.RowAdded)]
    return tuple(
        Option(row.row, f"{number}. {' '.join(row.where.split())[:60]}, {at}")
        for number, (row, at) in reversed(list(enumerate(written, 1)))
    )


class Review(Plain):
    """The record's box: R3's question, the look, the row in words; then an item to keep for a row."""

    def choices(self, v: View) -> tuple[Choice, ...]:
        from esafety_tui.desk.forms.exhibits import Copying

        words = Choice("words", "Describe it in words without looking", self._row_fields())
        found: list[Choice] = []
        if v.standing.r3 == "no" and v.session.evidence.asked_now(v.case, "look"):
            found += self._looking(v)
            ask = "We want to look at something else: the question before"
        else:
            ask = "We want to look at something: the question before"
        found.append(Choice("ask", ask, (WHAT, could_field(v), *seen_fields(v)), help=never_help(v)))
        found.append(words)
        if v.case.keeping.looking:
            found.append(LookEnd().choices(v)[0])
        return (*found, *Copying().choices(v))

    @staticmethod
    def _row_fields(what: str = "") -> tuple[Field, ...]:
        label = "Web site address, exactly, or the device (make, model, number)"
        return (
            Field("form", "What is it", "pick", True, options=options(FORMS)),
            Field("where", label, "text", True, value=what),
            Field("concern", "Reason for concern, in words", "text", True),
            Field("seen", "When was it seen there, as far as you know?", "line"),
        )

    def _looking(self, v: View) -> list[Choice]:
        """After "no": looking begins, and the row comes once it has begun: its times are those of the look."""
        label = "We looked together: write the row"
        if v.case.keeping.looked:
            row = self._row_fields(v.case.keeping.asked_what)
            return [Choice("looked", label, row, refused=no_two(v, "look at a site or a device"))]
        return [
            Choice("start", "We start looking now", (
                Field("what", "What do you look at", "line", True, value=v.case.keeping.asked_what), driver_field(v),
                *clock_fields(v),
                Field("connection", "By which connection", "line", help="The school's network, a telephone ..."),
                Field("filter", "Is the filter on", "pick", True, options=options(FILTER)),
                Field("told", "Which provider or technician was told beforehand", "line"),
            ), help="Each look is recorded from start to stop: it protects the two of you.",
                refused=ALREADY if v.case.keeping.looking else no_two(v, "look at a site or a device")),
            Choice("looked", label, self._row_fields(v.case.keeping.asked_what), refused=BEGIN_FIRST),
        ]  # fmt: skip

    def take(self, v: View, choice: str, fields: Fields) -> list[Step] | None:
        match choice:
            case "ask":
                what = needed(fields, "what", "What do you want to look at")
                return [Step(c.AskLooking(could_answer(fields), what, seen_answer(fields)))]
            case "start":
                return [*clock_steps(v, fields), Step(ec.StartLook(self._look(v, fields, text(fields, "what"))))]
            case "looked" | "words":
                return self._row(v, choice, fields)
            case "stop":
                return LookEnd().take(v, choice, fields)
        from esafety_tui.desk.forms.exhibits import Copying

        return Copying().take(v, choice, fields)

    @staticmethod
    def _look(v: View, fields: Fields, what: str) -> e.LookStarted:
        return e.LookStarted(
            new_id("k"), what, text(fields, "driver"), text(fields, "connection"),
            FILTER.get(text(fields, "filter"), ""), text(fields, "told"),
        )  # fmt: skip

    def _row(self, v: View, choice: str, fields: Fields) -> list[Step]:
        form, where = text(fields, "form"), fields.get("where", "").strip("\r\n")
        if form not in FORMS:
            raise UsageError("What is it?", "A web site or a device.", "Choose one.")
        keeping = v.case.keeping
        if choice == "looked" and not keeping.looked:
            raise RefusedError("Looking was not recorded", "Its times would be made up.", BEGIN_FIRST, "R13")
        row = c.AddRow(new_id("r"), form, where, text(fields, "concern"), choice == "looked", text(fields, "seen"))
        return [Step(row)]


class LookEnd(Plain):
    """Looking ended, with what was reached on the way."""

    def choices(self, v: View) -> tuple[Choice, ...]:
        if v.case.keeping.looking is None:
            return ()
        fields = (
            Field("reached", "Sites that were reached on the way, one a line", "text"),
            Field("note", "Anything else about this look", "text"),
        )
        return (Choice("stop", "We stopped looking", fields),)

    def take(self, v: View, choice: str, fields: Fields) -> list[Step] | None:
        look = v.case.keeping.looking
        if look is None:
            raise UsageError("No look is going on", "It has ended.", "Go on.")
        reached = [line.strip() for line in fields.get("reached", "").splitlines() if line.strip()]
        return [record(e.LookEnded(look.started.look, reached, text(fields, "note")))]


class OtherComputer(Plain):
    """R2: looking goes on at another computer."""

    def choices(self, v: View) -> tuple[Choice, ...]:
        first = v.case.keeping.computer
        if first is None or first.id == v.session.computer_id:
            return ()
        why = Field("reason", "Why not at the first one, as both of you see it", "text", True)
        return (Choice("change", f"Go on at {v.session.computer}", (why,)),)

    def take(self, v: View, choice: str, fields: Fields) -> list[Step] | None:
        return [Step(ec.ChangeComputer(text(fields, "reason")))]


class Seen(Plain):
    """Somebody saw it by accident: a record of what has happened."""

    def choices(self, v: View) -> tuple[Choice, ...]:
        fields = (
            Field("who", "Who saw it", "line", True),
            Field("what", "What they saw, in neutral words and no more than needed", "text", True),
            Field("seen", "When and where", "line"),
            Field("support", "Support that was offered to them", "text"),
        )
        return (Choice("seen", "Write it down", fields),)

    def take(self, v: View, choice: str, fields: Fields) -> list[Step] | None:
        return [
            record(e.AccidentalView(*(text(fields, id) for id in ("who", "what", "seen", "support"))))
        ]  # fmt: skip


class Viewed(Plain):
    """Somebody viewed it on a decision taken outside this program: a record of what has happened."""

    def choices(self, v: View) -> tuple[Choice, ...]:
        fields = (
            Field("decided_by", "Who decided that it was viewed", "line", True),
            Field("viewer", "Who viewed it", "line", True),
            Field("second", "Who else was in the room", "line", True),
            Field("place", "Where", "line", True),
            Field("why", "Why nothing else would do", "text", True),
            Field("outcome", "What followed", "text"),
        )
        return (Choice("viewed", "Write down what has happened", fields),)

    def take(self, v: View, choice: str, fields: Fields) -> list[Step] | None:
        names = ("decided_by", "viewer", "second", "place", "why", "outcome")
        return [record(e.ExceptionalView(*(text(fields, id) for id in names)))]
