"""R10: what somebody had of a case before they were excluded: what they read, printed, recorded, signed, and what they
were beside."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from esafety_tui.desk import clock
from esafety_tui.incident import events as e
from esafety_tui.incident.case import Case, Moment
from esafety_tui.store.disposal import ranges

Name = Callable[[str], str]


def of_case(case: Case, name: Name) -> list[dict[str, Any]]:
    """For each who is excluded: {person, read, printed, joined, beside, signed, recorded}; times as ISO text, entries
    by number. joined: when they came as the second person; beside: entries that somebody else made with them."""
    return [
        {
            "person": name(id),
            "read": [clock.iso(m.at, m.off) for m in _by(case, id) if isinstance(m.event, e.Viewed)],
            "printed": [clock.iso(m.at, m.off) for m in _by(case, id) if isinstance(m.event, e.Printed | e.Bundled)],
            "joined": [clock.iso(m.at, m.off) for m in _joined(case, id)],
            "beside": [m.seq for m in _beside(case, id)],
            "signed": [seq for seq, signed in case.signatures if signed.person == id],
            "recorded": [m.seq for m in _by(case, id) if not isinstance(m.event, e.Viewed | e.Printed | e.Bundled)],
        }
        for id in sorted(case.excluded)
    ]


def said(case: Case, id: str, name: Name) -> Iterator[str]:
    """The same of one person, in sentences, for whoever excludes them."""
    read = [clock.plain(m.at, m.off) for m in _by(case, id) if isinstance(m.event, e.Viewed)]
    if read:
        yield f"{name(id)} opened it on {'; '.join(read)}."
    written = [m.seq for m in _by(case, id) if not isinstance(m.event, e.Viewed)]
    if written:
        yield f"{name(id)} made the entries {_numbers(written)}, and so knows them."
    joined, beside = [clock.plain(m.at, m.off) for m in _joined(case, id)], [m.seq for m in _beside(case, id)]
    if joined:
        yield f"{name(id)} came as the second person on {'; '.join(joined)}."
    if beside:
        yield f"{name(id)} was there when the entries {_numbers(beside)} were made, and so knows the case up to them."
    if not (read or written or joined or beside):
        yield f"{name(id)} has not opened it, as far as it is recorded here."
    if any(signed.person == id for _, signed in case.signatures):
        yield f"The signature of {name(id)} stays in the record, and is marked from now on."


def _by(case: Case, id: str) -> list[Moment]:
    return [m for m in case.moments if m.by == id]


def _joined(case: Case, id: str) -> list[Moment]:
    return [m for m in case.moments if isinstance(m.event, e.SecondJoined) and m.event.person == id]


def _beside(case: Case, id: str) -> list[Moment]:
    """What somebody else recorded while they were there: as the entry's second, or named in it as somebody who was."""
    return [m for m in case.moments if m.by != id and not isinstance(m.event, e.SecondJoined) and id in _there(m)]


def _there(m: Moment) -> Iterable[str]:
    yield m.witness
    match m.event:
        case e.RowAdded():
            yield from m.event.present
        case e.LookStarted():
            yield m.event.driver
        case e.AccidentalView():
            yield m.event.who
        case e.ExceptionalView():
            yield from (m.event.viewer, m.event.second)
        case e.Signed():
            yield m.event.person


def _numbers(seqs: Iterable[int]) -> str:
    return ", ".join(str(first) if first == last else f"{first} to {last}" for first, last in ranges(seqs))
