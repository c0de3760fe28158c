"""What is asked about a change of the filter, for both doors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from esafety_tui.desk import clock
from esafety_tui.desk.asks import Ask, Choice, Field, Option
from esafety_tui.desk.forms.base import options, text
from esafety_tui.desk.papers.handing import READABLE
from esafety_tui.errors import UsageError
from esafety_tui.register import filtering as rules

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session

CHANGES = {"allow": "Let through what is blocked", "block": "Block what gets through"}
SORTS = {"site": "A site or page", "category": "A category of sites"}
WHOM = {"everyone": "Everybody", "pupils": "All pupils", "staff": "All staff", "user": "One user"}
ABOUT = {
    "what": "The site or category", "whom": "For whom", "reason": "The reason", "dates": "From when to when",
    "asked_by": "Who asked", "decision": "The decision", "done_by": "Who changed it, or when", "other": "Another part",
}  # fmt: skip
STAGE = "stage:"
PRINT, ZIP, EXPORT, PLAIN = "print", "zip", "export", "plain"
_NO_NAMES = "Write no pupil's name: the governor and the technician read this on paper."
_SECOND = (
    Field(
        "login",
        "Login of a second responsible person, who agrees (not empty)",
        "line",
        help="Somebody else than you: neither of you can do this alone.",
    ),
    Field("password", "Their password (not empty)", "secret"),
)
_WHEN = Field("when", "When", "when", help="Empty: now.")
_EARLIER = Field("when", "When, if it was before now", "when", help="It is then marked as recorded later. Empty: now.")


def whom_options(session: Session) -> tuple[Option, ...]:
    """For whom a filter can be changed: everybody, a stage, a group of the pack, one user."""
    tables = session.pack.tables
    stages = {STAGE + stage: stage for stage in tables.stages}
    groups = {group.id: group.title for group in tables.groups}
    one = {"user": WHOM["user"]}
    return options({**{key: said for key, said in WHOM.items() if key not in one}, **stages, **groups, **one})


def whom_title(session: Session, whom: str) -> str:
    """What one of these is called."""
    return next((option.label for option in whom_options(session) if option.id == whom), whom)


def request(session: Session) -> Ask:
    """Asking for a change."""
    fields = (
        Field("change", "What is asked for", "pick", True, options=options(CHANGES)),
        Field("what", "Which site or category", "line", True, "As it stands in the address line. Nothing is opened."),
        Field("sort", "That is", "pick", True, options=options(SORTS), value="site"),
        Field("whom", "For whom", "pick", True, options=whom_options(session)),
        Field("user", "If for one user: which", "line", help="It stays in this log and is on no paper."),
        Field("reason", "The reason: for learning, or why it has to be blocked", "text", True, _NO_NAMES),
        Field("asked_by", "Who asks", "line", True, value=session.person.name),
        Field("starts", "From which day", "line", help='Like "2026-03-02" or "tomorrow". Empty: today.'),
        Field("ends", "Until which day, if not for good", "line", help="The last day. It is shown as due before that."),
        Field("ref", "The incident that led to it, if one did", "line"),
        _EARLIER,
    )  # fmt: skip
    return Ask(
        "filter-request",
        "Ask for a change of the filter",
        (Choice("request", "Ask for it", fields),),
        ("Anybody may ask. Two responsible people decide, so that nobody changes the filter alone.",),
        acts="whoever is asked by a teacher, or needs it",
    )


def step(step: str, known: rules.Change, told: tuple[str, ...], why: Callable[[rules.Act], str], today: date) -> Ask:
    """The question of a step of a change that is there. Raises UsageError where there is no such step."""
    item = known.request.item
    choices: tuple[Choice, ...]
    two = rules.two_needed(known, "revert", today.isoformat())
    match step:
        case "decide":
            reason = Field("reason", "What speaks for it, or what was agreed about it", "text", help=_NO_NAMES)
            against = Field("reason", "Why not", "text", True, _NO_NAMES)
            choices = (
                Choice("agree", "Agreed by both of us", (reason, *_SECOND, _EARLIER), refused=why("agree")),
                Choice("refuse", "Refused: the filter stays as it is", (against, _EARLIER), refused=why("refuse")),
            )
            title, acts = "Decide about the filter", "two of the online-safety team, or one and a senior colleague"
        case "change":
            by = Field("done_by", "Who changed it", "line", True, "The technician's name or firm.")
            fields = (by, _WHEN, Field("note", "Anything to add", "line"))
            choices = (Choice("change", "The filter is changed as agreed", fields, refused=why("change")),)
            title, acts = "The filter was changed", ""
        case "revert" if known.status == "agreed":
            gone = (Field("reason", "Why", "text", True, _NO_NAMES),)
            choices = (Choice("drop", "It is given up: the filter was never changed", gone, refused=why("revert")),)
            title, acts = "Give the change up", ""
        case "revert":
            by = Field("done_by", "Who put it back", "line", True, "The technician's name or firm.")
            reason = Field("reason", "Why it ends now" if two else "Anything to add", "text", two, _NO_NAMES)
            fields = (by, _WHEN, reason, *(_SECOND if two else ()))
            choices = (Choice("revert", "The filter is as it was before", fields, refused=why("revert")),)
            title, acts = "The filter was put back", ""
        case "correct":
            fields = (
                Field("about", "What is wrong", "pick", True, options=options(_there(known))),
                Field("text", "How it is right", "text", True, _NO_NAMES),
                Field("reason", "How that is known", "line", True),
            )
            choices = (Choice("correct", "Put this beside it", fields, refused=why("correct")),)
            title, acts = "Correct the record of a change", ""
        case _:
            raise UsageError("There is no such step", "A change is decided, done and put back.", "Choose one of these.")
    return Ask(f"filter-{step}", f"{title}: {item}", choices, told, acts=acts)


def _there(known: rules.Change) -> dict[str, str]:
    """What of a change is recorded, and can be wrong."""
    gone = {"decision": known.decided is None, "done_by": known.changed is None}
    return {id: said for id, said in ABOUT.items() if not gone.get(id, False)}


def leaving(session: Session, today: date) -> Ask:
    """What can leave: the month on paper, or all of it as data (R19)."""
    month = Field("month", "Which month", "line", True, 'Like "2026-03".', value=f"{today:%Y-%m}")
    alone = session.person.senior
    by = Field("by", "Which senior colleague allowed it", "line", not alone, value=session.person.name * alone)
    where = Field("out", "Where to: a file that ends in", "line", True)
    zipped = replace(where, label=f"{where.label} .zip")
    to = (Field("medium", "What is written on the label of the stick", "line"), Field("to", "Who will get it", "line"))
    return Ask(
        "filter-leaving",
        "On paper, or as data",
        (
            Choice(PRINT, "The month on paper: into the private print folder", (month, by),
                   "The folder is emptied when the program locks or is left."),
            Choice(ZIP, "The month as an encrypted file", (month, zipped, *to, by)),
            Choice(EXPORT, "All of it as data, encrypted", (zipped, *to, by)),
            Choice(PLAIN, "All of it as data, plain",
                   (replace(where, label=f"{where.label} .csv or .jsonl"), *to, by, READABLE),
                   "It stands under what is due until it is destroyed."),
        ),
        ("The paper is for the safeguarding governor and whoever looks after the filter. No pupil is named on it.",
         "What leaves is written down."),
        kind="task",
    )  # fmt: skip


def days(fields: Mapping[str, str], today: date) -> tuple[str, str]:
    """The days of a request as ISO text, the second "" where it is to stay. Raises UsageError."""
    starts = clock.parse_due(text(fields, "starts") or "today", today)
    ends = clock.parse_due(text(fields, "ends"), today) if text(fields, "ends") else ""
    if ends and ends < starts:
        raise UsageError(
            "The end is before the start", "A change that ends has to begin first.", "Check both days."
        )  # fmt: skip
    if ends and ends < today.isoformat() and not text(fields, "when"):
        raise UsageError(
            "That time is over", f"It ended on {ends}, and is asked for now.",
            "Choose a later end; or, typing in what was agreed on paper, say when it was asked for.",
        )  # fmt: skip
    return starts, ends
