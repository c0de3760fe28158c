"""A new case that is kept apart from its first entry on (R10): asked by both doors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esafety_tui.desk.asks import Ask, Choice, Field, Reply, chosen, filled_in

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session

WHY = Field("why", "Why it is kept apart", "line", True, help="For example: it may be about somebody with a login.")


def ask() -> Ask:
    """Why it is kept apart; the case asks everything else."""
    return Ask(
        "apart",
        "A new incident, kept apart",
        (Choice("start", "Begin it", (WHY,)),),
        (
            "It gets a file and a key of its own. Until you name others only you can open it; they find nothing of it.",
            "Is it about somebody who can open this program? Ring the Chair of Governors or the authority first.",
        ),
    )


def reply(session: Session, answer: Reply) -> str:
    """Begin it; gives its reference. Raises UsageError (no reason), RefusedError (a provisional log), StoreError."""
    fields = filled_in(chosen(ask().choices, answer.choice).fields, answer.fields)
    return session.casework.begin(fields["why"].strip())
