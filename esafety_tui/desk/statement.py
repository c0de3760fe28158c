"""The words that the reviewers sign: what they judged and what follows, short enough to read before signing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esafety_tui.incident.case import Case

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session


def statement(session: Session, case: Case) -> str:
    """The statement for both reviewers, from what is recorded so far."""
    standing = case.standing
    parts = [f"Case {case.ref}."]
    for seat in ("lead", "second", "third"):
        judged = case.judgements.get(seat)
        if judged:
            word = "substance" if judged.substance == "yes" else "no substance"
            parts.append(f"{session.name(judged.person)} judged: {word}.")
    if standing.answered:
        word = (
            "nothing illegal" if standing.answered == "no-crime" else "illegal, dealt with by the police or authority"
        )
        parts.append(f"The agencies answered: {word}.")
    for action in case.actions.values():
        who = case.parties[action.party].name if action.party in case.parties else ""
        state = "done" if action.done else "to be done" if action.decision == "do" else "not done"
        parts.append(f"{who}: {action.title}, {state}.")
    if case.exhibits:
        parts.append(f"Exhibits: {', '.join(one.mark for one in case.exhibits.values())}.")
    parts.append(f"{len(case.rows)} sites or devices are recorded. The record is complete and true as far as we know.")
    return " ".join(parts)
