"""Destroying records: what goes, the entry that orders it, and the new file of the log that never held them (R16)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from esafety_tui.desk import clock
from esafety_tui.desk.case.casework import STREAM
from esafety_tui.desk.case.summary import case_of
from esafety_tui.desk.compartments import ending
from esafety_tui.desk.compartments.keeping import exhibited
from esafety_tui.desk.retention.times import Line
from esafety_tui.desk.school import rekeying
from esafety_tui.errors import RefusedError
from esafety_tui.incident.case import Case, Party
from esafety_tui.people.person import Person
from esafety_tui.register import retention as rules
from esafety_tui.store import disposal
from esafety_tui.store.disposal import Gone
from esafety_tui.store.enclosed import Enclosed
from esafety_tui.store.journal import Stamp
from esafety_tui.vault import rekeying as new_keys

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session


@dataclass(frozen=True)
class Order:
    """What two people decided. sorts: the id of the rule of each line; proof: how the second was known."""

    lines: Sequence[Line]
    sorts: Sequence[str]
    second: Person
    proof: str
    reason: str
    direction: str = field(default="", repr=False)


def mentions(session: Session, lines: Sequence[Line]) -> list[int]:
    """Entries of the register, and of other cases that the reader may read in full, that hold a name of these cases'
    people letter for letter: their numbers. What the reader may not know of is not counted (R10)."""
    streams = [STREAM + one.ref for one in lines]
    names = {
        party.name
        for stream in streams
        for party in _everybody(case_of(session.journal.read(stream)))
        if len(party.name.strip()) > 2
    }
    found = disposal.mentions(session.database, sorted(names), streams)
    for room in session.compartments.all():
        if room.stream not in streams:
            found += disposal.mentions(room.database, sorted(names), streams)
    return [seq for seq, stream in found if _readable(session, stream)]


def _everybody(case: Case) -> Iterator[Party]:
    """Who the case is about, and who was entered wrongly."""
    yield from case.parties.values()
    yield from case.mistaken.values()


def _readable(session: Session, stream: str) -> bool:
    if not stream.startswith(STREAM):
        return True
    row = session.browse.incident(session.reader, stream.removeprefix(STREAM))
    return row is not None and not row.reduced


def destroy(session: Session, order: Order) -> int:
    """Do it; gives the number of the entry that ordered it. Raises RefusedError (sealed files without a direction),
    StoreError: everything is then as it was."""
    if any(one.sealed for one in order.lines) and not order.direction:
        raise RefusedError(
            "Something in it is sealed", "Sealed files are destroyed on a written direction of the police alone.",
            "Ask the officer for it in writing, and enter who gave it.", "R5",
        )  # fmt: skip
    if room := session.compartments.of_ref(order.lines[0].ref):
        return _destroy_apart(session, room, order)
    streams = tuple(STREAM + one.ref for one in order.lines)
    database = session.database
    evidence = tuple(disposal.evidence_of(database, streams))
    event = rules.RecordsDisposed(
        cases=[_left(session, one, sort, len(disposal.evidence_of(database, [STREAM + one.ref])))
               for one, sort in zip(order.lines, order.sorts, strict=True)],
        disposes=disposal.entries(database, streams),
        reason=order.reason, first=session.person.id, second=order.second.id, proof=order.proof,
        evidence=list(evidence), direction=order.direction,
    )  # fmt: skip
    gone = Gone(streams, evidence, tuple(f"{one.ref}/" for one in order.lines))
    made = new_keys.again(session.home, session.unlocked.data_key)
    at, off = clock.now()
    stamp = Stamp(at, off, session.person.id, order.second.id, order.proof, session.computer_id)
    rekeying.turn(session, made, [event], gone, stamp)
    for one in order.lines:
        session.casework.forget(one.ref)
    disposal.remove_files(session.home, evidence)
    return session.journal.head()[0]


def _destroy_apart(session: Session, room: Enclosed, order: Order) -> int:
    """The same for one case that is kept apart: it goes with its whole compartment."""
    evidence = sorted(set(exhibited(room.journal.entries())))
    first, last = room.database.base + 1, room.journal.head()[0]
    left = {**_left(session, order.lines[0], order.sorts[0], len(evidence)), "entries": last - first + 1}
    event = rules.RecordsDisposed(
        cases=[left], disposes=[[first, last]],
        reason=order.reason, first=session.person.id, second=order.second.id, proof=order.proof, evidence=evidence,
        direction=order.direction,
    )  # fmt: skip
    return ending.dispose(session, room, event)


def _left(session: Session, one: Line, sort: str, evidence: int) -> dict[str, Any]:
    """What stays of a case in the entry that orders its disposal."""
    stream = STREAM + one.ref
    return {
        "ref": one.ref, "class": sort, "title": one.rule, "years": one.years, "basis": one.basis,
        "basis_day": one.basis_day, "due": one.due, "entries": session.journal.count(stream),
        "evidence": evidence,
    }  # fmt: skip
