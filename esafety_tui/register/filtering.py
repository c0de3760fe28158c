"""Changes of the filter: asked for, decided by two, done, put back. The fold, and what may be done when. Pure.

The policies say that no one person looks after the filter alone, that a request carries its reason, and that the
online-safety team agrees to it (Spires: Technical, filtering and monitoring; Network manager. Woodside Park: 1, ICT
manager). This program's floor adds that the second is somebody else, and shows who they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from esafety_tui.register import events as r

Act = Literal["agree", "refuse", "change", "revert", "correct"]
Status = Literal["requested", "refused", "agreed", "in-force", "reverted", "dropped"]
ACTS: tuple[Act, ...] = ("agree", "refuse", "change", "revert", "correct")

POLICY = "your school's policy"
FLOOR = "a safeguard of this program"


@dataclass(frozen=True)
class Change:
    """One change of the filter. The numbers are those of the entries, 0 where there is none."""

    request: r.FilterRequested
    seq: int
    decided: r.FilterDecided | None = None
    decided_seq: int = 0
    changed: r.FilterChanged | None = None
    changed_seq: int = 0
    reverted: r.FilterReverted | None = None
    reverted_seq: int = 0
    corrections: tuple[tuple[int, r.FilterCorrected], ...] = ()

    @property
    def status(self) -> Status:
        """Where it stands."""
        if self.decided is None:
            return "requested"
        if self.decided.decision != "agreed":
            return "refused"
        if self.reverted is not None:
            return "reverted" if self.changed else "dropped"
        return "in-force" if self.changed else "agreed"

    @property
    def due(self) -> str:
        """Until when the next step is to be done, as an ISO day: decided and done before it starts, put back when it
        ends; "" where nothing is left to do or it is to stay."""
        match self.status:
            case "requested" | "agreed":
                return self.request.starts
            case "in-force":
                return self.request.ends
            case _:
                return ""


@dataclass(frozen=True)
class Somebody:
    """Who is here. decides: their role decides about the filter; responsible: it does, or they are senior."""

    person: str
    decides: bool = False
    responsible: bool = False


@dataclass(frozen=True)
class No:
    """Why something cannot be done now, and the way on. `whose` says who forbids it."""

    title: str
    what: str
    do: str
    whose: str = FLOOR

    @property
    def way_on(self) -> str:
        """What to do, and whose rule it is."""
        return f"{self.do} (This is {self.whose}.)"


def fold(changes: dict[str, Change], seq: int, event: r.RegisterEvent) -> None:
    """Take one event into the changes, by number. What belongs to none of them changes nothing."""
    if isinstance(event, r.FilterRequested):
        changes.setdefault(event.item, Change(event, seq))
        return
    item = getattr(event, "item", "")
    known = changes.get(item)
    if known is None:
        return
    # What came first stays: a later entry that contradicts it is in the journal, and changes nothing.
    match event:
        case r.FilterDecided() if known.decided is None:
            changes[item] = replace(known, decided=event, decided_seq=seq)
        case r.FilterChanged() if known.status == "agreed":
            changes[item] = replace(known, changed=event, changed_seq=seq)
        case r.FilterReverted() if known.status in ("agreed", "in-force"):
            changes[item] = replace(known, reverted=event, reverted_seq=seq)
        case r.FilterCorrected():
            changes[item] = replace(known, corrections=(*known.corrections, (seq, event)))


def next_step(change: Change) -> str:
    """What is to be done next about a change that is not at its end, in words."""
    step = {"requested": "Decide about the filter", "agreed": "Have the filter changed"}
    return f"{step.get(change.status, 'Put the filter back')}: {change.request.what} ({change.request.item})"


def two_needed(change: Change, act: Act, today: str) -> bool:
    """Whether two people have to agree: to the change itself, and to ending it otherwise than was agreed.

    today: an ISO day, of this place.
    """
    if act == "agree":
        return True
    # An end that both agreed to needs nobody's leave; a refusal leaves the filter as it is.
    agreed_end = bool(change.request.ends) and change.request.ends <= today
    return act == "revert" and change.status == "in-force" and not agreed_end


def refusal(change: Change, act: Act, today: str, first: Somebody, second: Somebody | None = None) -> No | None:
    """Why this may not be done now by these people; None where it may. today: an ISO day."""
    return (
        _out_of_turn(change, act) or _not_theirs(change, act, today, first) or _alone(change, act, today, first, second)
    )


_NEEDED: Mapping[Act, tuple[Status, ...]] = {
    "agree": ("requested",),
    "refuse": ("requested",),
    "change": ("agreed",),
    "revert": ("agreed", "in-force"),
}
_STANDS: Mapping[Status, str] = {
    "requested": "Nobody has decided about it yet.",
    "refused": "It was refused.",
    "agreed": "It was agreed, and is not done yet.",
    "in-force": "The filter is changed already.",
    "reverted": "The filter was put back already.",
    "dropped": "It was agreed, and given up before it was done.",
}


def _out_of_turn(change: Change, act: Act) -> No | None:
    if act == "correct" or change.status in _NEEDED[act]:
        return None
    stands = _STANDS[change.status]
    if act in ("agree", "refuse"):
        return No("This was decided already", stands, "A different answer is a new request.")
    if act == "change" and change.status == "requested":
        return No("This is not agreed yet", stands, "Two people decide first; then the filter is changed.")
    if act == "revert":
        return No("There is nothing to put back", stands, "Look at its record, and put a correction beside it.")
    return No("This cannot be done any more", stands, "Look at its record, and put a correction beside it.")


def _not_theirs(change: Change, act: Act, today: str, first: Somebody) -> No | None:
    if first.decides or act in ("change", "correct") or (act == "revert" and not two_needed(change, act, today)):
        return None
    return No(
        "Your role does not decide about the filter",
        "The online-safety team does.",
        "Ask one of its members to sign in.",
        POLICY,
    )


def _alone(change: Change, act: Act, today: str, first: Somebody, second: Somebody | None) -> No | None:
    if not two_needed(change, act, today):
        return None
    if second is None:
        return No(
            "Two people decide about the filter", "Nobody changes it alone.",
            "Ask a second responsible colleague to type their login and password.",
        )  # fmt: skip
    if second.person == first.person:
        return No(
            "Two people decide about the filter", "The second one has to be somebody else.", "Ask a colleague."
        )  # fmt: skip
    if not second.responsible:
        return No(
            "The second person is not responsible for this",
            "They have to belong to the online-safety team or be a senior member of staff.",
            "Ask another colleague.",
        )
    return None
