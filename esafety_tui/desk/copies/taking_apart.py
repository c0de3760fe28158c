"""R10: what the copy that came back holds of cases that are kept apart, taken over by whoever may read them there.

A case that was moved apart there is kept apart here at once, whoever takes over. Of what somebody may not read only the
count is said, and it waits until somebody who may takes over again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from esafety_tui.desk.case.summary import case_of
from esafety_tui.desk.compartments.founding import founding
from esafety_tui.desk.compartments.keeping import STREAM, boxes_of
from esafety_tui.desk.copies import left_there as left
from esafety_tui.desk.copies.carried import known_by
from esafety_tui.desk.copies.left_there import Behind
from esafety_tui.desk.logbook.signatures import wrong
from esafety_tui.errors import StoreError
from esafety_tui.incident import events as e
from esafety_tui.record.payload import to_data
from esafety_tui.register import events as r
from esafety_tui.register.compartments import Known
from esafety_tui.register.retention import RecordsDisposed
from esafety_tui.store import compare, enclosed
from esafety_tui.store import verify as checking
from esafety_tui.store.enclosed import Enclosed, Key
from esafety_tui.store.evidence_check import Where
from esafety_tui.store.journal import Draft, Entry, Part
from esafety_tui.vault import boxes

if TYPE_CHECKING:
    from esafety_tui.desk.copies.taking_over import TakingOver

_WHY = "It was kept apart in the copy that came back."


@dataclass
class Apart:
    """What was taken over of cases that are kept apart. done: by the id of a compartment there of which more came, the
    number of its last entry that is here now."""

    entries: int = 0
    noted: int = 0
    done: dict[str, int] = field(default_factory=dict)


class TakingApart:
    """The part of a taking over that is about cases kept apart there."""

    def __init__(self, taking: TakingOver, second: str) -> None:
        self._taking, self._second, self._session = taking, second, taking.session
        self._found = Apart()

    def run(self) -> Apart:
        """Take over what whoever takes over may read; the rest is said. Raises StoreError."""
        for known in self._taking.theirs.register.compartments.values():
            if self._destroyed(known):
                continue
            last = known.anchors[-1].seq if known.anchors else known.opened.base
            here = self._here(known)
            more = last - here
            with self._opened(known) as room:
                if (room is None or not self._take(room, here)) and more > 0:
                    self._closed(known, more)
        return self._found

    def _destroyed(self, known: Known) -> bool:
        """Whether it was destroyed, here or there (R16): nothing is taken over. What stands here yet is said."""
        ours = self._session.register.compartments.get(known.id)
        if known.disposed and ((ours and not ours.disposed) or self._moved(known)):
            text = (
                "A case that is kept apart was destroyed there, and is here: whoever may read it decides about it here."
            )
            self._taking.behind.append(Behind(RecordsDisposed.kind, 1, text))
        return bool(known.disposed or (ours and ours.disposed))

    def _here(self, known: Known) -> int:
        """The number of the last entry there that this log has."""
        common = (one.seq for one in known.anchors if one.at <= self._taking.common)
        taken = (one.apart.get(known.id, 0) for one in self._session.register.copies.taken_over)
        return max([known.opened.base, *common, *taken])

    def _moved(self, known: Known) -> str:
        """The stream of a case that was moved apart there and stands open here; "" for any other."""
        firsts = [first for first, _ in known.opened.disposes]
        if known.id in self._session.register.compartments or not firsts or min(firsts) > self._taking.common:
            return ""
        with self._session.database.reading() as connection:
            query = "SELECT stream FROM listing WHERE seq = ?"
            found = connection.exec_driver_sql(query, (min(firsts),)).scalar()
        stream = str(found or "")
        lies_open = self._session.compartments.of(stream) is None and self._session.journal.count(stream)
        return stream if lies_open else ""

    def _closed(self, known: Known, count: int) -> None:
        """One that cannot be read by whoever takes over, or does not hold together."""
        if stream := self._moved(known):
            with founding(self._session, stream):
                self._restrict(stream)
            self._let_go(stream)
            text = "A case that stood open here is kept apart now, because it is in the other copy."
            self._taking.behind.append(Behind(left.APART, 0, text))
        many = "One entry" if count == 1 else f"{count} entries"
        text = f"{many} of a case that is kept apart there: whoever may read it takes over again."
        self._taking.behind.append(Behind(left.APART, count, text))

    def _restrict(self, stream: str) -> None:
        event = e.Restricted([], _WHY)
        part = self._taking.part_of(stream, [Draft(event.kind, to_data(event), event.version)])
        self._session.journal.append_many([part], self._taking.stamp(self._second))

    def _let_go(self, stream: str) -> None:
        """Whoever took over keeps no case open that they may not read."""
        room = self._session.compartments.of(stream)
        if room is None:
            return
        readers = self._session.compartments.readers(case_of(room.journal.read(stream)))
        if self._session.person.id not in readers:
            self._session.compartments.drop(room)

    @contextmanager
    def _opened(self, known: Known) -> Iterator[Enclosed | None]:
        """The compartment as it is in the other copy; None where whoever takes over has no key, or it does not hold
        together."""
        taking, id = self._taking, bytes.fromhex(known.id)
        header, sealed = taking.opened.header, boxes_of(known)
        found = boxes.opened(sealed, taking.opened.seed, header.vault_id, id) if sealed else None
        room = None
        if found is not None:
            key = Key(taking.opened, id, bytes.fromhex(known.opened.epoch), known.generation, found)
            try:
                room = enclosed.open(taking.home, key, known.opened.base)
            except StoreError:
                room = None
        try:
            yield room if room is not None and self._holds(room, known) else None
        finally:
            if room is not None:
                room.close()

    def _holds(self, room: Enclosed, known: Known) -> bool:
        gone = self._taking.theirs.register.copies.absent
        files = Where(shared=True, absent=compare.evidence_ids(room.database).union(gone))
        if not checking.verify(room.database, heads=known.anchors, files=files, cost=checking.NO_WORDS).ok:
            return False
        taking, log = self._taking, self._taking.journal
        for one in room.journal.of_kind(e.Signed.kind):
            journal = log if one.seq <= room.database.base else room.journal
            at = known.at(one.seq, log.head()[0])
            if wrong(taking.theirs.register, log.database.vault_id, one, journal, at):
                return False
        return True

    # -- what can be read

    def _take(self, room: Enclosed, here: int) -> bool:
        """Take over one case, of which `here` is the last entry that came before; False where it cannot be: it is kept
        apart here from whoever takes over, or nobody here could read it."""
        stream, session = room.stream, self._session
        entries = room.journal.read(stream)
        if ours := session.compartments.of(stream):
            common = compare.parting(ours.database, room.database).common if ours.id == room.id else self._taking.common
            self._note(stream, room, [one for one in entries if one.seq > common])
        elif session.journal.count(stream):
            with founding(session, stream):
                self._note(stream, room, [one for one in entries if one.seq > self._taking.common])
                if not case_of(session.journal.read(stream)).restricted:
                    self._restrict(stream)
            self._let_go(stream)
        elif room.id in session.register.compartments or min(one.seq for one in entries) <= self._taking.common:
            return False
        else:
            if not session.compartments.readers(case_of(entries)):
                return False
            self._whole(stream, room, entries)
            self._let_go(stream)
        last = room.journal.head()[0]
        if last > here:
            self._found.done[room.id] = last
        return True

    def _note(self, stream: str, room: Enclosed, entries: list[Entry]) -> None:
        """Entries of a case that is here: as notes, with what is noted of it in its own register."""
        taking, session, ref = self._taking, self._session, stream.removeprefix(STREAM)
        here, there = session.journal.read(stream), room.journal.read(stream)
        part = taking.notes(stream, taking.new(stream, there, entries, here, room.files))
        taking.only_told(ref, entries, here)
        own = self._register(stream, room)
        ours = session.compartments.of(stream)
        if part:
            ids = taking.present(part, room.files, ref)
            taking.append([part, *own], self._second, ids, room.files)
        elif own and ours:
            session.compartments.note_in(ours, own[0].drafts, taking.stamp(self._second))
        self._count([*([part] if part else []), *own], noted=True)

    def _register(self, stream: str, room: Enclosed) -> list[Part]:
        """What left of the case there, for its own register here."""
        ours = self._session.compartments.of(stream)
        here = ours.journal.read(r.STREAM) if ours else []
        had = set(map(known_by, here))
        new = [one for one in room.journal.read(r.STREAM) if one.kind in left.ABOUT and known_by(one) not in had]
        drafts = [self._taking.theirs.draft(one) for one in new]
        return [Part(r.STREAM, drafts, len(here))] if drafts else []

    def _whole(self, stream: str, room: Enclosed, entries: list[Entry]) -> None:
        taking = self._taking
        with founding(self._session, stream):
            part = taking.whole(stream, entries)
            ids = taking.present(part, room.files, stream.removeprefix(STREAM))
            parts = [part, *self._register(stream, room)]
            taking.append(parts, self._second, ids, room.files)
        self._count(parts)

    def _count(self, parts: list[Part], noted: bool = False) -> None:
        for part in parts:
            self._found.entries += len(part.drafts)
            if noted and part.stream != r.STREAM:
                self._found.noted += sum(one.kind != e.Exhibited.kind for one in part.drafts)
