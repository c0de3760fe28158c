"""Which entries of a case its reader is shown: what is said about another case is for those who may read that one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from esafety_tui.incident import events as e
from esafety_tui.incident.case import Moment

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session


def readable(session: Session, moments: Iterable[Moment]) -> Iterator[Moment]:
    """The entries as whoever is signed in may read them (R10). A link to a case that they may not know of is not
    there: its reason tells of that case. Of one that they know only by its reference the reason is left out."""
    for moment in moments:
        event = moment.event
        if not isinstance(event, e.Linked | e.Unlinked):
            yield moment
            continue
        other = session.browse.incident(session.reader, event.ref)
        if other is not None:
            yield replace(moment, event=replace(event, reason="")) if other.reduced else moment
