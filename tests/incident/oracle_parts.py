"""What the second account of the rules keeps of a case: where it stands with a crime, and its people."""

from __future__ import annotations

from dataclasses import dataclass

from esafety_tui.incident import events as e
from esafety_tui.incident.here import Here

#: What leaves a trace in a case, so that it was not only opened by mistake.
TOUCHING = (
    e.Answered, e.AgencyAnswered, e.ReferralNotMade, e.TriggersSet, e.PartyAdded, e.PartyIdentified,
    e.AskedBeforeLooking, e.RowAdded, e.Judged, e.Signed, e.SuspensionDecided, e.ActionProposed,
)  # fmt: skip
BINDING = ("police", "care", "authority", "chair")


@dataclass(frozen=True)
class Course:
    """Where the case stands with a crime: what a mistaken halt brings back."""

    suspected: bool = False
    answer: str = ""  # what an agency answered to this suspicion
    quiet: bool = False
    ordinary: bool = False
    trigger: int = 0  # 0 none, 1 advice first, 2 must
    ended: bool = False
    signed: frozenset[str] = frozenset()

    @property
    def unanswered(self) -> bool:
        return self.suspected and not self.answer

    @property
    def open(self) -> bool:
        return self.suspected and self.answer != "no-crime"

    @property
    def crime(self) -> bool:
        return self.answer == "crime"


@dataclass
class Person:
    kind: str = ""
    role: str = ""
    age: int | None = None
    decided: bool = False
    supported: bool = False
    parents: bool = False
    colleague: bool = False
    ended: bool = False


def two_fit(here: Here) -> bool:
    """R1: two different senior people, neither of them part of the case."""
    other = here.second
    if other is None or here.actor == other.person:
        return False
    return here.senior and other.senior and not here.conflict and not other.conflict
