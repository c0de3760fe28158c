"""What was put right in a case: which entry each correction stands beside, and what it says now (R7). Pure."""

from __future__ import annotations

from collections.abc import Iterable

from esafety_tui.incident import events as e
from esafety_tui.incident.case import Moment

#: Of what a case is about, as much stands in its row.
LONGEST = 200


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
    """What a case is about in the words of the report, with what was put right in them behind: both are kept, and the
    sign says so from the first letter on."""
    summary, seq, right = "", 0, ""
    for moment in moments:
        event = moment.event
        told = event.summary if isinstance(event, e.Reported) else ""
        told = event.what if isinstance(event, e.OrdinaryRecorded) else told
        if told:
            summary, seq, right = told, moment.seq, ""
        elif isinstance(event, e.Corrected) and seq and event.seq == seq:
            right = event.text
    return _shortened(f"✎ {summary} (corrected: {right})" if right else summary)


def _shortened(text: str) -> str:
    """At most LONGEST letters, cut between two words where there are some, with a sign that there is more."""
    if len(text) <= LONGEST:
        return text
    cut = text[: LONGEST - 2]
    return f"{cut.rpartition(' ')[0] or cut} …"
