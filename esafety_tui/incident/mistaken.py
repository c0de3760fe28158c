"""Somebody was entered wrongly and it was another: what was recorded for the first stays theirs (R7). Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from esafety_tui.incident import events as e

if TYPE_CHECKING:
    from esafety_tui.incident.case import Case, Party


def somebody_else(old: Party, event: e.PartyCorrected) -> bool:
    """Whether a correction says that it was another person, and not only what is true of the same one."""
    if event.wrong:
        return event.wrong == "person"
    return event.who != old.who and event.name != old.name  # written before it was asked


def keep_apart(case: Case, old: Party, seq: int) -> None:
    """Give all that was recorded for `old` an id of its own, in every entry before number `seq`, which corrects it."""
    wrong = replace(old, id=f"{old.id}/{seq}", corrected_by=seq)
    case.mistaken[wrong.id] = wrong
    for action in [one for one in case.actions.values() if one.party == old.id]:
        case.mistaken_actions[action.id] = replace(case.actions.pop(action.id), party=wrong.id)
    for at, moment in enumerate(case.moments):
        event = moment.event
        # Who they were entered as stands in the entry itself.
        if getattr(event, "party", "") == old.id and not isinstance(event, e.PartyAdded | e.PartyIdentified):
            case.moments[at] = replace(moment, event=replace(event, party=wrong.id))  # type: ignore[call-arg]


def called(party: Party) -> str:
    """What somebody who was entered wrongly is called wherever something was recorded for them."""
    name = party.name or "somebody not known"
    return f"{name} (entered wrongly: corrected by entry {party.corrected_by})"
