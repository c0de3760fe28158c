"""Calls and answers: whom to ring, what they said, until when to wait. R4, R6, R17 and R18 are decided elsewhere."""

from __future__ import annotations

from datetime import datetime

from esafety_tui.desk import clock
from esafety_tui.desk.asks import Choice, Field, Option
from esafety_tui.desk.forms.base import (
    HOWS,
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
    yes_no,
)  # fmt: skip
from esafety_tui.errors import UsageError
from esafety_tui.incident import commands as c
from esafety_tui.incident import events as e
from esafety_tui.incident.standing import reaches
from esafety_tui.policy.tables import Agency, school_days_after
from esafety_tui.record.moments import earlier, took_place

OUTCOMES = {"spoke": "Spoke to somebody", "message": "Left a message", "no-answer": "No answer"}
CHAIR = "chair"
IF_SPOKE = "needed if you spoke to somebody"
#: Whose advice, answer or release counts.
ANSWERING = ("police", "care", "authority")


def agencies(v: View, first: tuple[str, ...] = (), only: tuple[str, ...] = ()) -> tuple[Option, ...]:
    """Whom one can ring, those wanted here first: who answers now before who is closed, then in the order of `first`.

    The number stands in front, where no narrow screen cuts it off. only: the purposes that can be meant, where not all
    can. What was rung already changes nothing: the list stays where the eye left it.
    """
    now = clock.present().replace(tzinfo=None)

    def rank(agency: Agency) -> tuple[bool, bool, int, int]:
        wanted = agency.purpose in first
        place = first.index(agency.purpose) if wanted else 0
        return (not wanted, bool(_closed(agency, now)), place, agency.order)

    listed = [
        Option(agency.id, _label(v, agency, now))
        for agency in sorted(v.pack.tables.agencies, key=rank)
        if not only or agency.purpose in only
    ]
    if not only or CHAIR in only:
        listed.insert(0 if CHAIR in first else len(listed), Option(CHAIR, title_of(v, CHAIR)))
    return tuple(listed)


def _label(v: View, agency: Agency, now: datetime) -> str:
    number, closed = number_of(v, agency.id).removeprefix(", "), _closed(agency, now)
    return f"{number}{closed} · {agency.title}" if number else f"{agency.title}{closed}"


def _closed(agency: Agency, now: datetime) -> str:
    return "" if agency.answers(now.weekday(), now.hour * 60 + now.minute) else " (closed now)"


def number_of(v: View, agency: str) -> str:
    """ ", 101" for an agency with a telephone number; what the school confirmed wins."""
    confirmed = v.session.register.numbers.get((agency, "telephone"))
    found = v.pack.tables.agency(agency)
    numbers = [way.value for way in found.reach if way.kind == "telephone" and way.value] if found else []
    shown = confirmed or ", ".join(numbers)
    return f", {shown}" if shown else ""


def title_of(v: View, agency: str) -> str:
    """The title of an agency, or of the Chair."""
    found = v.pack.tables.agency(agency)
    if found:
        return found.title
    return next((role.title for role in v.pack.tables.roles if "chair" in role.may), "Chair of Governors")


def purpose_of(v: View, agency: str) -> str:
    """What the rules count an agency as."""
    found = v.pack.tables.agency(agency)
    return found.purpose if found else CHAIR


class Calls(Plain):
    """A call, or a try at one; and what was advised."""

    def choices(self, v: View) -> tuple[Choice, ...]:
        return (call_choice(v, v.node.calls), advice_choice(v))

    def take(self, v: View, choice: str, fields: Fields) -> list[Step] | None:
        if choice == "call":
            return [read_call(v, fields)]
        if choice == "advice":
            return [read_advice(v, fields)]
        return None


class Advice(Plain):
    """What an agency advised or agreed to, as a task."""

    def choices(self, v: View) -> tuple[Choice, ...]:
        return (advice_choice(v),)

    def take(self, v: View, choice: str, fields: Fields) -> list[Step] | None:
        return [read_advice(v, fields)]


class Call(Plain):
    """A call as a task."""

    def choices(self, v: View) -> tuple[Choice, ...]:
        return (call_choice(v, v.node.calls or ("police", "care")),)

    def take(self, v: View, choice: str, fields: Fields) -> list[Step] | None:
        return [read_call(v, fields)]


class CallChair(Call):
    """R10: the call without which nothing goes on."""

    def choices(self, v: View) -> tuple[Choice, ...]:
        wanted = (CHAIR, "authority")
        return (call_choice(v, wanted, wanted),)


def call_choice(v: View, first: tuple[str, ...], only: tuple[str, ...] = ()) -> Choice:
    """The choice that records a call."""
    return Choice(
        "call",
        "Record a call",
        (
            Field("agency", "Whom", "pick", True, options=agencies(v, first, only)),
            Field("outcome", "What came of it", "pick", True, options=options(OUTCOMES)),
            Field("who", f"Who you spoke to ({IF_SPOKE})", "line", help="Name or number, as they gave it."),
            Field("reference", f"Their reference ({IF_SPOKE})", "line", help='Or "none given".'),
            Field("said", "What they said", "text"),
            WHEN,
        ),
    )


def read_call(v: View, fields: Fields) -> Step:
    """The call in the fields."""
    agency, outcome = text(fields, "agency"), text(fields, "outcome")
    if (v.pack.tables.agency(agency) is None and agency != CHAIR) or outcome not in OUTCOMES:
        raise UsageError("Whom did you ring, and what came of it?", "Both answers are needed.", "Choose both.")
    command = c.Contact(
        agency, title_of(v, agency), purpose_of(v, agency), outcome, text(fields, "who"), text(fields, "reference"),
        text(fields, "said"),
    )  # fmt: skip
    return Step(command, happened(fields))


def reply_fields(v: View, first: tuple[str, ...], only: tuple[str, ...] = ANSWERING) -> tuple[Field, ...]:
    """Who answered for which agency, how, with which reference, and whether people may be told. only: whose answer it
    can be."""
    return (
        Field("agency", "Which agency", "pick", True, options=agencies(v, first, only)),
        Field("who", "Who answered", "line", True),
        Field("how", "How", "pick", True, options=options(HOWS)),
        Field("reference", "Their reference", "line", True, help='Or "none given".'),
        Field("agreed", "Did they agree that people may be told now?", "pick", True, options=yes_no(), value="no"),
        Field("said", "What they said", "text"),
        WHEN,
    )


def read_reply(v: View, fields: Fields) -> c.AgencyReply:
    """The answer in the fields."""
    agency = text(fields, "agency")
    known = v.pack.tables.agency(agency) is not None or agency == CHAIR
    return c.AgencyReply(
        title_of(v, agency) if known else "", text(fields, "who"), text(fields, "how"), text(fields, "reference"),
        text(fields, "said"), text(fields, "agreed") == "yes", purpose_of(v, agency),
    )  # fmt: skip


def advice_choice(v: View) -> Choice:
    """The choice that records what an agency advised."""
    help = (
        "By telephone: record the call first. A letter, an e-mail or a meeting counts as having reached them;"
        " the police are told by a call or in person."
    )
    return Choice("advice", "Record what an agency advised or agreed to", reply_fields(v, v.node.calls), help)


def read_advice(v: View, fields: Fields) -> Step:
    """The advice in the fields."""
    agency, when = text(fields, "agency"), happened(fields)
    if when:
        after_the_call(v, purpose_of(v, agency), when)
    return Step(c.Advice(read_reply(v, fields), purpose_of(v, agency), agency), when)


def after_the_call(v: View, purpose: str, when: clock.When) -> None:
    """R15: nobody answered before the first call to them that is recorded. Raises UsageError."""
    times = [
        took_place(m)
        for m in v.case.moments
        if isinstance(m.event, e.Contacted) and m.event.purpose == purpose and reaches(m.event)
    ]
    if times and earlier(when, min(times)):
        raise UsageError(
            "That answer came before the call", f"By the record they were first reached on {clock.plain(*min(times))}.",
            "Check the time. If there was an earlier call, by them or by you, record it first with its own time.",
        )  # fmt: skip


class Answer(Plain):
    """Waiting for an agency: its answer, a call, or the day to ask again."""

    def choices(self, v: View) -> tuple[Choice, ...]:
        days = v.pack.tables.answer_review_school_days
        until = school_days_after(v.pack.tables, clock.today(), days).isoformat()
        again = Choice(
            "not-yet",
            "No answer yet: ask again later",
            (Field("on", "On which day", "line", True, value=until), Field("reason", "What you know so far", "text")),
        )
        return (again, call_choice(v, v.node.calls), advice_choice(v))

    def take(self, v: View, choice: str, fields: Fields) -> list[Step] | None:
        if choice == "not-yet":
            day = clock.parse_day_to_come(needed(fields, "on", "On which day"))
            return [record(e.ReviewSet(day, text(fields, "reason")))]
        return Calls().take(v, choice, fields)

    def edge_fields(self, v: View, choice: str) -> tuple[Field, ...]:
        return reply_fields(v, v.node.calls, v.node.calls or ("police",))


class NotReferred(Plain):
    """A referral that is not made."""

    def choices(self, v: View) -> tuple[Choice, ...]:
        fields = (
            Field("agency", "Who is not told", "pick", True, options=agencies(v, ("police",))),
            Field("reason", "Why", "text", True),
        )
        return (Choice("not-referred", "Record why an agency is not told", fields),)

    def take(self, v: View, choice: str, fields: Fields) -> list[Step] | None:
        return [Step(c.NotReferred(title_of(v, text(fields, "agency")), text(fields, "reason")))]


class EndQuiet(Plain):
    """R17: an agency released this computer."""

    def choices(self, v: View) -> tuple[Choice, ...]:
        return (Choice("released", "An agency released this computer", reply_fields(v, ("police",))[:4]),)

    def take(self, v: View, choice: str, fields: Fields) -> list[Step] | None:
        reply = read_reply(v, fields)
        return [Step(c.EndQuiet(reply.agency, reply.who, reply.how, reply.reference))]
