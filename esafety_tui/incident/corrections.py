"""What was put right in a case: which entry each correction stands beside, and what it says now (R7). Pure."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence

from esafety_tui.incident import events as e
from esafety_tui.incident.case import Moment
from esafety_tui.incident.held_true import meant
from esafety_tui.incident.wording import stopped

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


def about(moments: Sequence[Moment], untold: Container[int] = (), longest: int | None = LONGEST) -> tuple[str, str]:
    """What a case is about in the words of its report, and what was put right in them since, or "": both are kept.

    untold: numbers of corrections that are not for every reader of the case. longest: letters of each; None: all.
    """
    reports = {m.seq: told for m in moments if (told := _told(m.event))}
    words = next(reversed(reports.values()), "")
    right = " ".join(
        stopped(m.event.text)
        for m in moments
        if isinstance(m.event, e.Corrected) and m.event.text.strip() and m.seq not in untold
        if (entry := meant(moments, m.event.seq)) is not None and reports.get(entry.seq) == words
    )
    return (words, right) if longest is None else (_shortened(words, longest), _shortened(right, longest))


def _told(event: e.Event) -> str:
    if isinstance(event, e.Reported):
        return event.summary
    return event.what if isinstance(event, e.OrdinaryRecorded) else ""


def _shortened(text: str, longest: int) -> str:
    """At most `longest` letters, cut between two words where there are some, with a sign that there is more."""
    if len(text) <= longest:
        return text
    cut = text[: longest - 2]
    return f"{cut.rpartition(' ')[0] or cut} …"
