"""Who looked, and through whose hands a device went: for the form and for page one of a bundle, with both times."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from esafety_tui.desk.case.presence import look_of, not_proven
from esafety_tui.incident import events as e
from esafety_tui.incident import evidence_events as v
from esafety_tui.incident import wording
from esafety_tui.incident.addresses import said
from esafety_tui.incident.case import Moment
from esafety_tui.incident.evidence_wording import taken_as
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


def handled(work: Paperwork) -> list[Handled]:
    """Who looked, who saw something by accident, and through whose hands a device went, as page one and form say it,
    in the order in which it took place."""
    return sorted(_handled(work), key=lambda one: one.at.timestamp() if one.at else 0.0)


def _handled(work: Paperwork) -> Iterator[Handled]:
    case = work.view.case
    for m, words in work.secured():
        did = f"Saw to the device: {words}"
        yield Handled(work.name(m.by), work.position(m.by), did, *times(m))
    for look in case.looks:
        yield from _of_look(work, look)
    for m in case.moments:
        match m.event:
            case e.RowAdded() if m.event.looked:
                yield from _of_row(work, m, m.event)
            case v.CustodyTaken():
                did = f"Took {m.event.what} from {m.event.from_whom}. {taken_as(m.event)}"
                yield Handled(work.name(m.event.by), work.position(m.event.by), did, *times(m))
            case v.CustodyMoved():
                did = f"Moved {work.name(m.event.item)} to {m.event.to}" + (f": {m.event.why}" if m.event.why else "")
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


def _of_look(work: Paperwork, look: Look) -> Iterator[Handled]:
    """Everybody who was there while it was looked at, whether or not a row was written of it (R13)."""
    what, driver = said(look.started.what), look.started.driver
    reached = "; ".join(map(said, look.ended.reached)) if look.ended else ""
    more = f". Reached on the way: {reached}" if reached else ""
    more += "" if look.ended else ". The record holds no end of it"
    unproven = not_proven(work.view.case, look.people, look.proof, look.seq)
    for id in dict.fromkeys((driver, *look.people)):
        did = "Worked the keyboard while this was looked at" if id == driver else "Was there when this was looked at"
        how = _in_brackets(unproven, id, look.people)
        yield Handled(
            work.name(id), work.position(id), f"{did}: {what}{how}{more if id == driver else ''}", *_look_times(look)
        )


def _of_row(work: Paperwork, m: Moment, row: e.RowAdded) -> Iterator[Handled]:
    """Whoever was there when a row was written and is not named with its look."""
    case, look = work.view.case, look_of(work.view.case, m)
    unproven = not_proven(case, row.present, row.proof, m.seq)
    for id in row.present:
        if look is None or id not in (look.started.driver, *look.people):
            did = f"Was there when the row of this was written: {said(row.where)}"
            yield Handled(work.name(id), work.position(id), did + _in_brackets(unproven, id, row.present), *times(m))


def _in_brackets(how: str, id: str, people: Sequence[str]) -> str:
    """How the second of them is known, where that is not by their own password."""
    return f" ({how})" if how and id in people[1:] else ""
