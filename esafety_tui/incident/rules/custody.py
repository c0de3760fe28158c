"""What a record of a device's custody, or of somebody having seen it, has to say. One person alone may make it (R1)."""

from __future__ import annotations

from esafety_tui.incident import events as e
from esafety_tui.incident.here import Here, Refusal

HOW_ENDED = ("returned", "police", "destroyed-by-direction")


def complete(here: Here, event: e.Event) -> Refusal | None:
    """Why a record of this kind is not enough yet, or None; None for every other kind too."""
    match event:
        case e.LookEnded():
            if event.look != here.kept.looking:
                return Refusal("R13", "No look is going on.", "Record when one begins.")
        case e.Bundled():
            if event.stick in here.kept.marks - here.kept.sticks:
                return Refusal(
                    "R7", "That exhibit mark was given to something else meanwhile.", "Make the bundle once more."
                )
        case e.CustodyTaken():
            return _needed(event.what, "Which device?", "Write make, model and number.") or _needed(
                event.kept_at, "Where is it kept?", "Write the place, and who has the key."
            )
        case e.CustodyMoved():
            return _kept(here, event.item) or _needed(event.to, "Where did it go?", "Write the place or the person.")
        case e.CustodyEnded():
            if event.how not in HOW_ENDED:
                return Refusal("R7", "How did it leave the school?", "Choose one of the answers.")
            if event.how == "destroyed-by-direction" and not (here.two and event.reference.strip()):
                return Refusal(
                    "R5",
                    "A device is destroyed only by two people, on a written direction of the police.",
                    "Keep it, or have a second person here (F2) and write the direction's reference.",
                )
            officer = event.how != "police" or event.number
            return (
                _kept(here, event.item)
                or _needed(event.to, "To whom did it go?", "Write their name.")
                or (None if officer else _needed("", "The officer's number is missing.", 'Write it, or "none given".'))
            )
        case e.AccidentalView():
            return _needed(event.who, "Who saw it?", "Write their name.") or _needed(
                event.what, "What did they see, in neutral words?", "Write it down; nobody looks again."
            )
        case e.ExceptionalView():
            texts = (event.decided_by, event.viewer, event.second, event.place, event.why)
            if not all(text.strip() for text in texts):
                return Refusal(
                    "R3",
                    "This record needs who decided, who viewed, who else was in the room, where, and why.",
                    "Fill in all of them.",
                )
    return None


def _needed(text: str, what: str, do: str) -> Refusal | None:
    return None if text.strip() else Refusal("R7", what, do)


def _kept(here: Here, item: str) -> Refusal | None:
    if item in here.kept.held:
        return None
    return Refusal("R7", "That device is not in the school's keeping.", "Choose one from the list.")
