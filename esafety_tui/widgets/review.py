"""What can be done with the evidence of a case now, in the order in which two people need it, and which comes next.

Pure: from what the desk offers to numbered choices. It knows no rule: what is offered, the desk has decided.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from esafety_tui.desk.asks import Choice
from esafety_tui.desk.forms.base import View

#: Ids of the choices of the record's own question; the others are tasks of the case.
OF_THE_QUESTION = ("ask", "start", "looked", "words")
ON = "go-on"

#: Everything the page can offer, in the order of a review: id -> a short label.
LABELS = {
    "second": "The second person comes in",
    "ask": "Ask before we look",
    "start": "Start looking",
    "looked": "Write the row: what we saw",
    "look-stop": "We stopped looking",
    "words": "A row in words, no looking",
    "exhibit": "Keep a screenshot",
    "describe": "Describe something, no copy",
    "device": "Take a device into keeping",
    "device-moved": "A device moved, or has left",
    "source": "The plain copy was removed",
    "seen": "Somebody saw it by accident",
    "viewed": "It was viewed, exceptionally",
    "countersign": "Countersign what I attested",
    "computer": "Go on at another computer",
    ON: "Back to the procedure",
    "forbidden": "A kept item may be illegal",
}

#: The step that comes next: what to do, in a sentence or two.
NEXT = {
    "second": "Nobody looks alone. Ask a senior colleague to come over and sit beside you, then press Enter.",
    "ask": "Before anything is looked at comes one question. Press Enter and answer it together.",
    "start": "The answer was no: you may look, both of you together. Say first that you begin.",
    "looked": "Look together. Then write what it is and why it concerns you, in words.",
    "look-stop": "The row is written. Close the site or device, then say that you have stopped.",
    "choose": "The answer was no. Take the screenshot if you have not yet, and choose its file.",
    "exhibit": "The row stands. Is a screenshot needed? The question comes first, for each one.",
    "describe": "Nobody looks and nothing is copied. Describe in words what is known of it, and where it is.",
    ON: "Add what is missing, or go on with the procedure.",
    "early": "A row for a site or device is written at the procedure's step of the record, where the question before "
    "looking comes first. Go on with the procedure.",
    "": "Choose what you want to write down.",
}
QUIET = "Nothing more is written on this computer. Leave it on, as it is, and go on on paper."
ALARMED = "Stop. Nobody looks again and nothing is copied or printed. Words are enough."


@dataclass(frozen=True)
class Now:
    """The page's choices, the id of the one that comes next ("" where none does), and what to do in words."""

    choices: tuple[Choice, ...]
    next: str
    words: str
    alarmed: bool


def now(view: View, question: Collection[str], tasks: Collection[str]) -> Now:
    """What can be done. question: ids of the present question's own choices, where it is the record's; tasks: ids of
    the tasks that fit now."""
    offered = [id for id in LABELS if _offered(view, id, question, tasks)]
    keeping, standing = view.case.keeping, view.standing
    alarmed = standing.suspected and standing.lane == "illegal"
    chosen = _next(view, offered)
    words = NEXT.get("choose" if chosen == "exhibit" and _asked(view, "copy") else chosen, NEXT[""])
    if standing.quiet:
        chosen, words = "", QUIET
    elif alarmed:
        words = ALARMED
    elif keeping.looking and chosen == "second":
        words = "A look is going on, and nobody is beside you. Stop looking, or let the second person sign in."
    elif chosen == ON and view.node.form != "review" and standing.lane != "illegal" and not view.case.rows:
        words = NEXT["early"]
    labels = {**LABELS, **({"exhibit": "Choose the screenshot's file"} if _asked(view, "copy") else {})}
    return Now(tuple(Choice(id, labels[id], red=id == "forbidden") for id in offered), chosen, words, alarmed)


def _offered(view: View, id: str, question: Collection[str], tasks: Collection[str]) -> bool:
    if id == "second":
        return id in tasks and view.session.second is None
    if id == ON:
        return True
    return id in (question if id in OF_THE_QUESTION else tasks)


def _asked(view: View, what: str) -> bool:
    """R3's question before a "look" or a "copy" was answered "no", and in this sitting."""
    answer = view.standing.copy if what == "copy" else view.standing.r3
    return answer == "no" and view.session.evidence.asked_now(view.case, what)


def _next(view: View, offered: Collection[str]) -> str:
    """Which of them two people need next; the way on where nothing is missing."""
    keeping, standing = view.case.keeping, view.standing
    reviewing = view.node.form == "review" and standing.lane != "illegal"
    if not reviewing:
        wanted = "describe" if standing.lane == "illegal" and not keeping.exhibits else ON
    elif view.session.second is None:
        wanted = "second"
    elif _asked(view, "copy"):
        wanted = "exhibit"
    elif _asked(view, "look"):
        wanted = "looked" if keeping.looked else "look-stop" if keeping.looking else "start"
    elif keeping.looking:
        wanted = "look-stop"
    elif not view.case.rows:
        wanted = "ask"
    else:
        last = view.case.rows[-1]
        kept = any(one.row == last.row for one in keeping.exhibits.values())
        wanted = "exhibit" if last.looked and not kept else ON
    return wanted if wanted in offered else ON
