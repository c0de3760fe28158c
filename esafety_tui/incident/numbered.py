"""The numbers by which an entry names others, where it was taken over from another log or copy. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from esafety_tui.incident import events as e

if TYPE_CHECKING:
    from esafety_tui.incident.case import Moment


def numbered_here(before: Iterable[Moment], moment: Moment) -> Moment:
    """What was taken over names entries by the numbers that they had there: the same by those that they have here."""
    event, taken = moment.event, moment.taken
    if taken is None or taken.numbered or not isinstance(event, e.Corrected | e.Signed):
        return moment
    there = {m.taken.seq: m.seq for m in before if m.taken}
    if isinstance(event, e.Corrected):
        event = replace(event, seq=there.get(event.seq, event.seq))
        return replace(moment, event=event, taken=replace(taken, numbered=True))
    over = max((here for seq, here in there.items() if seq <= event.over_seq), default=0)
    taken = replace(taken, numbered=True, covers=event.over_seq)
    return replace(moment, event=replace(event, over_seq=over), taken=taken)
