"""What a correction puts right as a fact and not in words alone: when it happened, how it came. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from esafety_tui.incident import events as e

if TYPE_CHECKING:
    from esafety_tui.incident.case import Case, Moment

#: The entries that say when the incident happened.
REPORTS = (e.Reported, e.OrdinaryRecorded)


def meant(moments: Sequence[Moment], seq: int) -> Moment | None:
    """The entry that is corrected where number `seq` is: of a correction the one that it corrects. None: not there."""
    by_number = {moment.seq: moment for moment in moments}
    found = by_number.get(seq)
    while found is not None and isinstance(found.event, e.Corrected):
        # A correction stands behind what it corrects; anything else would go round in a ring.
        found = by_number.get(found.event.seq) if found.event.seq < found.seq else None
    return found


def told(case: Case, at: str, off: int) -> None:
    """A report says when it happened ("": it does not): the earliest counts until somebody puts it right."""
    if at and (not case.happened_at or at < case.happened_at):
        case.happened_at, case.happened_off = at, off
        case.happened_was, case.happened_by = "", 0


def put_right(case: Case, moment: Moment, event: e.Corrected) -> None:
    """Hold true from here on what a correction says of a report; the latest counts."""
    if not (event.occurred or event.how):
        return
    found = meant(case.moments, event.seq)
    if found is None or not isinstance(found.event, REPORTS):
        return
    if event.occurred:
        if not case.happened_by:
            case.happened_was, case.happened_was_off = case.happened_at, case.happened_off
        case.happened_at, case.happened_off, case.happened_by = event.occurred, event.occurred_off, moment.seq
    if event.how:
        case.how = event.how
