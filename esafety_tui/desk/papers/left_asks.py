"""What is asked about something that left: that it left by another way, who took it, that it is back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esafety_tui.desk.asks import Ask, Choice, Field, Option, Reply, chosen, filled_in
from esafety_tui.desk.papers.leaving import Allowed, Recipient
from esafety_tui.errors import UsageError

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session

ADD, HAND, BACK = "add", "hand", "back"
_WHEN = Field("when", "When", "when", help="Empty: now.")
_SORTS = (Option("paper", "A print or another paper"), Option("device", "A device or a stick"), Option("other", "Else"))


def ask(session: Session, step: str, item: str = "", what: str = "") -> Ask:
    """The question of a step: "add", or "hand", "back" of an item (what: in words). Raises UsageError."""
    match step:
        case "add":
            alone = session.person.senior
            fields: tuple[Field, ...] = (
                Field("description", "What left, in words", "line", True),
                Field("kind", "That is", "pick", True, options=_SORTS, value="paper"),
                Field("ref", "The incident it belongs to, if it does", "line"),
                Field("medium", "What is written on its label", "line"),
                Field("to", "To whom", "line"),
                Field("by", "Which senior colleague allowed it", "line", not alone, value=session.person.name * alone),
                _WHEN,
            )
            return Ask(
                "left-add", "Something left by another way", (Choice(ADD, "Write it down", fields),), kind="task"
            )
        case "hand":
            fields = (
                Field("name", "Who took it", "line", True),
                Field("force", "The police force, or the organisation", "line"),
                Field("number", "The officer's number", "line"),
                Field("reference", "Their reference", "line"),
                Field("receipt", "How they signed for it (page one, by pen)", "line",
                      help="Empty: they have not yet. It stays in what is due until they have."),
                _WHEN,
            )  # fmt: skip
            return Ask(f"left-hand/{item}", f"Handed to somebody: {what}", (Choice(HAND, "Write it down", fields),),
                       kind="task")  # fmt: skip
        case "back":
            by = Field("by", "Who brought it back, or destroyed it", "line", True)
            note = Field("note", "Anything else", "line")
            return Ask(
                f"left-back/{item}", f"Where it ended: {what}",
                (Choice("returned", "It came back", (by, note, _WHEN)),
                 Choice("destroyed", "It was destroyed", (by, note, _WHEN))),
                kind="task",
            )  # fmt: skip
    raise UsageError("There is no such step", "It left, was handed over, or is back.", "Choose one of these.")


def reply(session: Session, step: str, given: Reply, item: str = "") -> str:
    """Do it; gives what to say. Raises UsageError, RefusedError, NoSuchIncident, StoreError as `Leaving` does."""
    leaving = session.leaving
    choice = chosen(ask(session, step, item).choices, given.choice)
    fields = filled_in(choice.fields, given.fields)
    match step:
        case "add":
            allowed = Allowed(fields["medium"], fields["to"], fields["by"])
            found = leaving.add(fields["kind"], fields["description"], allowed, fields["ref"], fields["when"])
            return f"Saved as {found}."
        case "hand":
            to = Recipient(fields["name"], fields["force"], fields["number"], fields["reference"])
            leaving.hand_over(item, to, fields["receipt"], fields["when"])
            return "Saved: it was handed over." + ("" if fields["receipt"] else " Nobody has signed for it yet.")
    leaving.back(item, choice.id, fields["by"], fields["note"], fields["when"])
    return "Saved: it is back." if choice.id == "returned" else "Saved: it was destroyed."
