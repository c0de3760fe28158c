"""Who looked, and through whose hands a device went: for the form and for page one of a bundle, with both times."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from esafety_tui.incident import events as e
from esafety_tui.incident import evidence_events as v
from esafety_tui.incident import wording
from esafety_tui.incident.addresses import said
from esafety_tui.incident.exhibits import Look, When
from esafety_tui.reports.papers import Handled
from esafety_tui.reports.values import moment

if TYPE_CHECKING:
    from esafety_tui.desk.papers.paperwork import Paperwork


def times(m: When) -> tuple[datetime | None, datetime | None]:
    """When something took place, and when it was written down where that is another time (R15)."""
    at = moment(m.at, m.off)
    happened = moment(m.happened, m.happened_off)
    return (happened, at) if happened and happened != at else (at, None)


def _look_times(look: Look) -> tuple[datetime | None, datetime | None]:
    """When a look began, and when that was written down where that is another time."""
    at, written = moment(look.at, look.off), moment(look.written, look.written_off)
    return at, None if written == at else written


def handled(work: Paperwork) -> Iterator[Handled]:
    """Who looked, who saw something by accident, and through whose hands a device went, as page one and form say it."""
    case = work.view.case
    for m, words in work.secured():
        did = f"Saw to the device: {words}"
        yield Handled(work.name(m.by), work.position(m.by), did, *times(m))
    for look in case.looks:
        id = look.started.driver
        did = f"Worked the keyboard while this was looked at: {said(look.started.what)}"
        yield Handled(work.name(id), work.position(id), did, *_look_times(look))
    for m in case.moments:
        match m.event:
            case e.RowAdded() if m.event.looked:
                for id in m.event.present:
                    did = f"Was there when this was looked at: {said(m.event.where)}"
                    yield Handled(work.name(id), work.position(id), did, *times(m))
            case v.CustodyTaken():
                did = f"Took {m.event.what} from {m.event.from_whom}"
                yield Handled(work.name(m.event.by), work.position(m.event.by), did, *times(m))
            case v.CustodyMoved():
                did = f"Moved {work.name(m.event.item)} to {m.event.to}: {m.event.why}"
                yield Handled(work.name(m.event.by), work.position(m.event.by), did, *times(m))
            case v.CustodyEnded():
                did = f"Wrote down: {wording.sentence(m.event, work.name)}"
                yield Handled(work.name(m.by), work.position(m.by), did, *times(m))
            case v.AccidentalView():
                did = f"Saw by accident: {said(m.event.what)}"
                yield Handled(work.name(m.event.who), "", did, *times(m))
            case v.ExceptionalView():
                did = f"Viewed it, decided by {work.name(m.event.decided_by)}: {m.event.why}"
                yield Handled(work.name(m.event.viewer), "", did, *times(m))
