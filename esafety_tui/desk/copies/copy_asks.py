"""What is asked about the copies of the log: backups, the continuity stick, a restore, a computer that was taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esafety_tui.desk.asks import Ask, Choice, Field
from esafety_tui.desk.copies import copy_words, withheld
from esafety_tui.desk.copies.copy_words import LEAVE_IT
from esafety_tui.desk.copies.left_there import in_words
from esafety_tui.errors import UsageError

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session

MAKE, PLACE, CHECK, RECORD, AWAY = "make", "place", "check", "record", "away"
SETTLE = "settle"
ON, NONE, CHECKED = "on", "none", "checked"
TAKEN, PAPER, COMPARE, BACK, TAKE_OVER, NOT_TAKEN = "taken", "paper", "compare", "back", "take-over", "not-taken"
PASSWORD, SHEETS = "password", "sheets"

_STICK = "The stick's folder as this computer shows it, like /media/stick or E:\\"
_LABEL = Field("label", "The name that is written on the stick", "line", help="Like: Stick A. Only for a new stick.")
_SECOND = (
    Field("login", "The second person's login", "line", True, "Somebody else who can open this log."),
    Field("password", "Their password, typed by themselves", "secret", True),
)
_NEWEST = Field(
    "newest", "The newest entry known from paper", "line",
    help="Number and six words from the bound book or a form. It shows what is missing.",
)  # fmt: skip
_OTHER = (
    Field("home", "The folder of the other copy", "line", True),
    Field("their", "Your password in that copy", "secret", True),
)
_TWO = "two people who can open this log"


def ask(session: Session, step: str, name: str = "") -> Ask:
    """The question of a step. name: of the backup that is to be checked. Raises UsageError: no such step."""
    match step:
        case "make":
            return _make(session)
        case "place":
            return _place(session)
        case "check":
            folder = Field("folder", "The stick's folder, if it is not the usual one", "line", help=_STICK)
            return Ask(
                "copies-check", f"Check the backup {name}" if name else "Check the newest backup",
                (Choice(CHECKED, "Check it", (folder,)),),
                ("It is put back into a scratch folder and all of it is read. The log itself is not touched.",),
                kind="task",
            )  # fmt: skip
        case "record":
            return _record()
        case "settle":
            return _settle(session)
        case "away":
            return _away(session)
        case _:
            raise UsageError("There is no such step", "It is about backups and copies.", "Choose one.")


def _make(session: Session) -> Ask:
    usual = session.copies.place
    folder = Field("folder", "Where to", "line", True, _STICK)
    choices = [Choice(ON, f"On {usual.label}, where they usually go")] if usual else []
    choices.append(Choice("other", "On another stick" if usual else "On a stick", (folder, _LABEL)))
    guidance = ("It is copied, opened and checked before it counts. Escape stops it, and nothing half made is left.",)
    return Ask("copies-make", "Make a backup now", tuple(choices), guidance, kind="task")


def _place(session: Session) -> Ask:
    usual = session.copies.place
    folder = Field("folder", "The folder", "line", True, _STICK)
    label = Field("label", "The name that is written on the stick", "line", help="Like: Stick A. Only for a new stick.")
    held = withheld.why(session)
    cannot = f"{held.title}: where backups go cannot be changed now." if held else ""
    nowhere = cannot or ("" if usual else "None is made by itself now.")
    return Ask(
        "copies-place", "Where backups go by themselves",
        (Choice(ON, "Onto this stick, after every sitting", (folder, label), refused=cannot),
         Choice(NONE, "Nowhere: none is made by itself any more", refused=nowhere)),
        (f"Now: {usual.label}, in {usual.folder}." if usual else "Now: nowhere.",
         "A stick of its own with a name on it, kept apart from this computer: who takes the one must not have the "
         "other."),
        kind="task",
    )  # fmt: skip


def _record() -> Ask:
    reason = Field("reason", "Why it was put back", "text", True)
    return Ask(
        "copies-record", "Record that this log was put back from a backup",
        (Choice(RECORD, "Record it, by two", (reason, _NEWEST, *_SECOND)),),
        ("What was written after that backup is not in it. When two people have said so, it can be written again.",
         "The computer was taken away? Then leave this, and press a: that records both."),
        acts=_TWO, kind="task",
    )  # fmt: skip


def _settle(session: Session) -> Ask:
    like = "Like: both incidents are written down again; of the third nothing is known but its date."
    reason = Field("reason", "What became of it", "text", True, like)
    restores = session.register.copies.missing
    left = session.register.copies.left_there.values()
    missing = (
        *(f"{copy_words.lost_entries(one)} not in this log." for one in restores),
        *(f"Not taken over from the other copy: {in_words(one.left or {})}." for one in left),
    )
    return Ask(
        "copies-settle", "What is missing since the log was put back",
        (Choice(SETTLE, "Nothing more is to be written down, by two", (reason, *_SECOND),
                refused="" if missing else "No entry is known to be missing from this log."),),
        (*missing, "It is said on the first screen until two people have said this. It can still be taken over when "
         "the other copy is here again; until then it is only there."),
        acts=_TWO, kind="task",
    )  # fmt: skip


def _away(session: Session) -> Ask:
    back = withheld.not_recorded(session)
    was_taken = session.computer_id in session.register.copies.away
    officer = (
        Field("officer", "Who took it", "line", True),
        Field("force", "The police force, or the organisation", "line"),
        Field("number", "The officer's number", "line"),
        Field("receipt", "The number of the receipt", "line"),
        Field("computer", "Which computer, if not the one that wrote last", "line"),
        Field("when", "When", "when"),
        Field("said", "Anything else", "line"),
    )
    taken = (*officer, _NEWEST, *_SECOND) if back else officer
    reason = Field("reason", "Why", "line", True)
    out = Field("out", "Where to: a file that ends in .pdf", "line", True)
    return Ask(
        "copies-away", "The computer was taken away",
        (
            Choice(TAKEN, "Record that it was taken", taken, refused=_already(session, was_taken)),
            Choice(PAPER, "The page for the head of the school: how to get everything back", (out,)),
            Choice(COMPARE, "Compare with another copy: where the two part", _OTHER),
            Choice(BACK, "The other copy is here again: for reading only from now on", _OTHER),
            Choice(TAKE_OVER, "Take over what was written on it meanwhile, by two", (*_OTHER, *_SECOND)),
            Choice(NOT_TAKEN, "It was not taken after all, by two", (reason, *_SECOND),
                   refused="" if was_taken else "Nothing in this log says that this computer was taken."),
        ),
        (*LEAVE_IT, "Go on on another computer: start esafety there and choose to put a log back from a backup. Until "
         "then write on the numbered paper forms."),
        acts=_TWO if back else "", kind="task",
    )  # fmt: skip


def _already(session: Session, was_taken: bool) -> str:
    if withheld.goes_on_elsewhere(session):
        return "This copy is for reading only: write in the one that goes on."
    return "It is recorded that this computer was taken." if was_taken else ""


def restore_ask(login: str = "") -> Ask:
    """Putting a log back where there is none: the stick, and what opens the backup."""
    where = (
        Field("folder", "The stick's folder", "line", True, _STICK),
        Field("name", "Which backup, if not the newest", "line", help="Its name, like 20260302-150405."),
    )
    return Ask(
        "restore", "Put a log back from a backup",
        (
            Choice(PASSWORD, "With a login and password", (
                *where,
                Field("login", "Your login", "line", True, value=login),
                Field("password", "Your password", "secret", True),
            )),
            Choice(SHEETS, "With two recovery sheets", (
                *where,
                Field("first", "One recovery sheet, as it is printed", "secret", True),
                Field("second", "Another one, with another letter", "secret", True),
            )),
        ),
        ("Put the stick in. Nothing on it is changed, and nothing is ever written over here.",
         "The log is for reading only until two people have recorded that it was put back."),
        kind="task",
    )  # fmt: skip
