"""What was put right in a case: which entry each correction stands beside, and what it says now (R7). Pure."""

from __future__ import annotations

from collections.abc import Iterable

from esafety_tui.incident import events as e
from esafety_tui.incident.case import Moment


def corrected(moments: Iterable[Moment]) -> dict[int, int]:
    """For each correction (its entry number) the entry that it stands beside: the one somebody named, or the latest
    that said who a person is."""
    found: dict[int, int] = {}
    said_who: dict[str, int] = {}
    for moment in moments:
        event = moment.event
        if isinstance(event, e.Corrected):
            found[moment.seq] = event.seq
        elif isinstance(event, e.PartyAdded | e.PartyIdentified):
            if isinstance(event, e.PartyCorrected) and event.party in said_who:
                found[moment.seq] = said_who[event.party]
            said_who[event.party] = moment.seq
    return found


def title(moments: Iterable[Moment]) -> str:
    """What a case is about in the words of the report, with what was put right in them first; both are kept."""
    summary, seq, right = "", 0, ""
    for moment in moments:
        event = moment.event
        told = event.summary if isinstance(event, e.Reported) else ""
        told = event.what if isinstance(event, e.OrdinaryRecorded) else told
        if told:
            summary, seq, right = told, moment.seq, ""
        elif isinstance(event, e.Corrected) and seq and event.seq == seq:
            right = event.text
    return f"Corrected: {right} (First written: {summary})" if right else summary
