"""The page for the head of the school: how to get everything back on a new machine with two recovery sheets."""

from __future__ import annotations

from dataclasses import dataclass

from esafety_tui.reports.typeset import typeset
from esafety_tui.reports.values import Head, Letterhead

TITLE = "When the computer is gone"


@dataclass(frozen=True)
class Step:
    """What to do, and the command that does it. In capitals: what is to be put in its place."""

    what: str
    command: str


#: In this order; tests/desk follows them as they stand here.
STEPS = (
    Step("Put the log back into an empty folder. It asks for the two sheets.",
         "esafety --home NEW-FOLDER backup restore STICK --sheets"),
    Step("Give the first person a new password. It asks for the two sheets again, and shows three new ones: write them "
         "down. The old two go back into their envelopes.",
         "esafety --home NEW-FOLDER people recover"),
    Step("A second person who remembers their password needs nothing. Else repeat this with two of the new sheets.",
         "esafety --home NEW-FOLDER people recover"),
    Step("Both record what happened. From then on the log can be written again. Nobody took it? Then instead: esafety "
         "backup record --reason TEXT --witness OTHER.",
         "esafety --home NEW-FOLDER --as LOGIN away --officer NAME --number NUMBER --receipt NUMBER --witness OTHER"),
    Step("Check all of it.", "esafety --home NEW-FOLDER --as LOGIN verify"),
)  # fmt: skip
LATER = (
    "esafety --home NEW-FOLDER --as LOGIN verify --against OLD-FOLDER",
    "esafety --home NEW-FOLDER --as LOGIN away back OLD-FOLDER",
    "esafety --home NEW-FOLDER --as LOGIN away take-over OLD-FOLDER --witness OTHER",
)


@dataclass(frozen=True)
class AwayPage:
    """label: what is written on the stick, "" where none is set."""

    letterhead: Letterhead
    head: Head
    label: str = ""


def page(paper: AwayPage) -> bytes:
    """The page as PDF/A-2b."""
    values = {
        "title": TITLE, "sheet": paper.letterhead, "head": paper.head, "label": paper.label, "steps": STEPS,
        "later": LATER,
    }  # fmt: skip
    return typeset("away", values, paper.letterhead.made_at)
