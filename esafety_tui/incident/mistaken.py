"""Somebody was entered wrongly: it was another, or it is the same person and something about them was wrong. Either way
what was recorded before stays as it was said then (R7). Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from esafety_tui.incident import events as e

if TYPE_CHECKING:
    from esafety_tui.incident.case import Case, Party


@dataclass(frozen=True)
class Replaced:
    """Whom a correction replaces, and by which entry (`was.entry`) they stood in the record. another: it is somebody
    else; renamed: the same person with another name; of_others: not the one of other cases who has this name."""

    was: Party
    another: bool = False
    renamed: bool = False
    of_others: bool = False


def somebody_else(old: Party, event: e.PartyCorrected) -> bool:
    """Whether a correction says that it was another person, and not only what is true of the same one."""
    if event.wrong:
        return event.wrong == "person"
    return event.who != old.who and event.name != old.name  # written before it was asked


def put_right(case: Case, old: Party, event: e.PartyCorrected, seq: int) -> Replaced:
    """Keep whom entry number `seq` replaces, and where it was somebody else all that was recorded for them."""
    another = somebody_else(old, event)
    renamed = event.name != old.name
    found = Replaced(old, another, renamed and not another, event.who != old.who and not renamed and not event.person)
    case.replaced[seq] = found
    if another:
        _keep_apart(case, old, seq)
    return found


def _keep_apart(case: Case, old: Party, seq: int) -> None:
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


def called_then(case: Case, id: str, seq: int) -> str:
    """What a person of the case was called when entry number `seq` was written, where their name was put right after
    it; else ""."""
    wrong = case.mistaken.get(id)
    party = id.partition("/")[0]
    until = wrong.corrected_by if wrong else None
    for at, one in case.replaced.items():
        if at <= seq or not one.renamed or one.was.id != party or (until is not None and at > until):
            continue
        if wrong:
            return called(replace(wrong, name=one.was.name))
        return f"{one.was.name or 'Somebody not known yet'} (name put right by entry {at})"
    return ""
