"""What a correction puts right as a fact and not in words alone: when it happened or was done, how it came,
what it is about. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
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
    """Hold true from here on what a correction says of the entry that it corrects; the latest counts."""
    found = meant(case.moments, event.seq)
    if found is None or not (event.occurred or event.how or event.kinds):
        return
    if event.occurred and isinstance(found.event, REPORTS):
        if not case.happened_by:
            case.happened_was, case.happened_was_off = case.happened_at, case.happened_off
        case.happened_at, case.happened_off, case.happened_by = event.occurred, event.occurred_off, moment.seq
    if said_again(case.moments, found):
        return  # what was recorded anew since then counts as it is
    if event.occurred and isinstance(found.event, e.ActionFinished):
        _done(case, found.event, moment.seq, (event.occurred, event.occurred_off))
    if event.how and isinstance(found.event, e.Reported):
        case.how = event.how
    if event.kinds and isinstance(found.event, e.KindSet):
        if not case.kinds_by:
            case.kinds_was = case.kind_titles
        case.kinds, case.kind_titles, case.kinds_by = list(event.kinds), list(event.titles), moment.seq


def said_again(moments: Sequence[Moment], found: Moment) -> bool:
    """Whether a later entry says the same thing anew: how it came, what it is about, that an action was done."""
    about = getattr(found.event, "id", "")
    return any(
        m.seq > found.seq and type(m.event) is type(found.event) and getattr(m.event, "id", "") == about
        for m in moments
    )


def _done(case: Case, finished: e.ActionFinished, seq: int, when: tuple[str, int]) -> None:
    """An action was done at another time than was said."""
    for actions in (case.actions, case.mistaken_actions):
        action = actions.get(finished.id)
        if action is not None and action.done is not None:
            was = action.done_was if action.done_by else (action.done_at, action.done_off)
            actions[action.id] = replace(action, done_at=when[0], done_off=when[1], done_was=was, done_by=seq)
