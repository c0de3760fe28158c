"""Rules' refusals as the errors that both doors show."""

from __future__ import annotations

from esafety_tui.errors import RefusedError
from esafety_tui.incident.here import Refusal

QUIET_ELSEWHERE = Refusal(
    "R17",
    "Something illegal was seen on this computer, so this program writes nothing more on it.",
    "Leave the computer on and as it is. Go on on paper or on the second copy until an agency releases it.",
)


def refuse(refusal: Refusal) -> RefusedError:
    """A rule's refusal: what it says, the way on, and whose rule it is."""
    return RefusedError(refusal.what.rstrip("."), refusal.do, f"This is {refusal.whose}.", refusal.rule)
