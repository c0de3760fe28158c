"""Which entries of a case its reader is shown: what is said about another case is for those who may read that one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from esafety_tui.incident import events as e
from esafety_tui.incident.case import Moment
from esafety_tui.incident.elsewhere import others

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session


def readable(session: Session, moments: Sequence[Moment]) -> Iterator[Moment]:
    """The entries of a case, given whole, as whoever is signed in may read them (R10). One that tells of a case that
    they may not know of is not there: a link, what corrects it, what names that case. Of a link to one that they know
    only by its reference the reason is left out."""
    told = others(moments)
    for moment in moments:
        event, found = moment.event, [session.browse.incident(session.reader, ref) for ref in told.get(moment.seq, ())]
        if None in found:
            continue
        if not any(other is not None and other.reduced for other in found):
            yield moment
        elif isinstance(event, e.Linked | e.Unlinked):
            yield replace(moment, event=replace(event, reason=""))
        elif not isinstance(event, e.Corrected):
            yield moment


def withheld(session: Session, moments: Sequence[Moment]) -> tuple[set[int], set[int]]:
    """The numbers of the entries that a reader is not shown, and of those that they are shown without a part."""
    shown = {moment.seq: moment for moment in readable(session, moments)}
    hidden = {moment.seq for moment in moments if moment.seq not in shown}
    return hidden, {m.seq for m in moments if m.seq in shown and shown[m.seq].event != m.event}
