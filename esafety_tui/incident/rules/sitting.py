"""R1, R2 and R15: who is present, at which computer, and whether its clock was compared, as looking needs it."""

from __future__ import annotations

from esafety_tui.incident import events as e
from esafety_tui.incident.here import Here, Refusal


def same_computer(here: Here) -> Refusal | None:
    """R2: why nothing is looked at here, where looking began at another computer."""
    fixed = here.kept.computer
    if not fixed or fixed == here.computer:
        return None
    return Refusal(
        "R2",
        "The review of this case began at another computer.",
        'Go on there. If that is not possible, both of you say why under "Go on at another computer".',
    )


def fix_computer(here: Here) -> tuple[e.Event, ...]:
    """R2: the first looking step names the designated computer."""
    if here.kept.computer or not here.computer:
        return ()
    return (e.ComputerFixed(here.computer, here.computer_name, here.computer_place),)


def compared(here: Here) -> Refusal | None:
    """R15: why nothing is looked at or kept before the clock was compared in this sitting."""
    if here.clock:
        return None
    return Refusal(
        "R15",
        "This computer's clock was not compared with another one yet in this sitting.",
        "Look at a telephone or a wall clock, and write down what it shows.",
    )


def present(here: Here) -> tuple[list[str], str]:
    """R1: the ids of those who are here, and how the second of them is proven."""
    beside = here.second
    return [id for id in (here.actor, beside.person if beside else "") if id], beside.proof if beside else "none"
