"""The compartments of a sitting (R10): which are open, and what keeps each true: its anchor, its readers, its key.

A compartment is written first, its anchor in the log after it. A kill between the two leaves entries that no anchor
names yet; the next reader who comes in writes the anchor. Whoever may no longer read gets no new key, at once if a
reader is signed in, else at the next reader's unlocking.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from esafety_tui.desk import clock
from esafety_tui.desk.case.summary import case_of, project
from esafety_tui.desk.compartments import told
from esafety_tui.errors import RefusedError, StoreError
from esafety_tui.incident import events as e
from esafety_tui.incident.case import Case
from esafety_tui.record.payload import to_data
from esafety_tui.register import events as r
from esafety_tui.register.compartments import CompartmentAnchored, CompartmentKeyed, Known
from esafety_tui.register.retention import RecordsDisposed
from esafety_tui.store import disposal, enclosed, generations, projection, rekey
from esafety_tui.store.backup_apart import Apart
from esafety_tui.store.browse import Browse
from esafety_tui.store.enclosed import Enclosed, Key
from esafety_tui.store.evidence import STORED
from esafety_tui.store.journal import Draft, Entry, Part, Stamp
from esafety_tui.vault import boxes, keys
from esafety_tui.vault.boxes import Boxes
from esafety_tui.vault.header import Header

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    from esafety_tui.desk.session import Session

STREAM = "incident/"
#: In a compartment's `meta`: for whom its key was last sealed, as JSON: {"people": {id: reading key}, "set": number}.
SEALED_TO = "sealed_to"
UNNAMED = (
    "A case that is kept apart lies in this folder, and this log does not name it: perhaps an older log was put back "
    "beside it. Nothing was removed. Write no more until you know why: run esafety verify."
)
FORGED = (
    "The log says that a case which is kept apart was destroyed, and nobody who could open it wrote that. Write no "
    "more until you know why: run esafety verify, and look for it in the backups."
)


class Compartments:
    """The compartments whose keys the person signed in holds."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._open: dict[str, Enclosed] = {}
        #: The one that is being made, and is not in force yet.
        self.under_way: Enclosed | None = None

    # -- which there are

    def of(self, stream: str) -> Enclosed | None:
        """The open compartment of a case's stream; None for a case of the log itself."""
        return self._open.get(stream) if self._open else None

    def of_ref(self, ref: str) -> Enclosed | None:
        """The same by the case's reference."""
        return self._open.get(STREAM + ref) if self._open else None

    def all(self) -> list[Enclosed]:
        """Every open compartment."""
        return list(self._open.values())

    def browses(self) -> list[Browse]:
        """Their rows, for the list and everything that is looked up."""
        return [room.browse for room in self._open.values() if room is not self.under_way]

    def to_copy(self) -> list[Apart]:
        """Every compartment of the log, for a backup: those that are closed too."""
        rooms = {room.id: room for room in self.all()}
        known = self._session.register.compartments.values()
        return [Apart(one.id, f"log-{one.generation}.db", rooms.get(one.id)) for one in known if not one.disposed]

    def destroyed(self) -> list[tuple[int, RecordsDisposed]]:
        """What stays of those that were destroyed, for whoever could open them: with the log's entry that says so."""
        gone = [known for known in self._session.register.compartments.values() if known.disposed]
        return [(known.disposed, said.order) for known in gone if (said := self._told(known))]

    def _told(self, known: Known) -> told.Told | None:
        key = self._key_to(known)
        return told.opened(known, key, self._session.unlocked.header.vault_id) if key else None

    def forged(self, known: Known) -> bool:
        """Whether the log says that one was destroyed, and it was not one of its readers who wrote that: as far as the
        person signed in can tell, who has its key."""
        return bool(known.disposed) and self.should_open(known) and self._told(known) is None

    def known(self, room: Enclosed) -> Known:
        """What the log says of a compartment."""
        return self._session.register.compartments[room.id]

    def add(self, room: Enclosed) -> None:
        """It is open in this sitting."""
        self._open[room.stream] = room

    def drop(self, room: Enclosed) -> None:
        """Close one: it is not there any more."""
        self._open.pop(room.stream, None)
        self._session.casework.forget(room.stream.removeprefix(STREAM))
        room.close()

    @staticmethod
    def not_named() -> RefusedError:
        """R10: a case that is kept apart is named nowhere else in the log."""
        return RefusedError(
            "That case is kept apart",
            "What is written outside it, others read: it must not name it.",
            "Write it in that case itself.",
            "R10",
        )

    def close(self) -> None:
        """Close all: their keys are gone."""
        for room in self.all():
            room.close()
        self._open.clear()

    # -- coming in

    def open(self) -> None:
        """Open every compartment that the person signed in has a key to. One that cannot be opened is said, to them."""
        session = self._session
        there = {room.id for room in self.all()}
        for known in session.register.compartments.values():
            if self.forged(known):
                session.warn(FORGED)
            if known.disposed or known.id in there or (key := self._key_to(known)) is None:
                continue
            try:
                room = enclosed.open(session.home, key, known.opened.base)
            except StoreError as error:
                session.warn(f"A case that is kept apart cannot be opened. {error}")
                continue
            self.add(room)
            self._check(room, known)
            if projection.stale(room.database) and not (room.database.read_only or session.database.read_only):
                projection.rebuild(room.journal, self._made)
        if self._open:
            session.refresh()  # with what left of these cases

    def _key_to(self, known: Known) -> Key | None:
        session = self._session
        header, id = session.unlocked.header, bytes.fromhex(known.id)
        sealed = boxes_of(known)
        found = boxes.opened(sealed, session.unlocked.seed, header.vault_id, id) if sealed else None
        if found is None:
            return None
        return Key(session.unlocked, id, bytes.fromhex(known.opened.epoch), known.generation, found)

    def should_open(self, known: Known) -> bool:
        """Whether the person signed in has a key to a compartment, whatever became of its file."""
        return self._key_to(known) is not None

    def _check(self, room: Enclosed, known: Known) -> None:
        """It must hold every head that the log has of it: an older file put back is not written in."""
        session = self._session
        if any(room.journal.chain_at(one.seq) != one.chain for one in known.anchors[-1:]):
            error = StoreError(
                "A case that is kept apart is not as it was",
                "Its file is an older one, or another.",
                "Write no more in it until you know why: run esafety verify.",
            )
            session.warn(str(error))
            room.database.withhold(error)

    def _made(self, stream: str, entries: list[Entry]) -> projection.Projection | None:
        case = case_of(entries) if stream.startswith(STREAM) else None
        return project(case, self._session.pack_of(case.pack_sha256)) if case and case.pack_sha256 else None

    def tend(self) -> None:
        """After coming in: what a kill left undone is done, whoever may no longer read loses the key. What cannot be
        written now is said and tried again."""
        session = self._session
        if session.quiet_ref or session.database.read_only:
            return
        for room in self.all():
            self.written(room)
            self._sweep_moved(room)
        for known in session.register.compartments.values():
            if known.disposed and known.sheet_set != session.unlocked.header.sheet_set:
                self._reseal_told(known)

    def written(self, room: Enclosed) -> None:
        """Something was written in a compartment: anchor it, and have its key fit its readers. Raises nothing: the
        entry is kept, and the rest is made up for later."""
        if room is self.under_way or room.database.read_only or self._session.database.read_only:
            return
        try:
            self._anchor(room)
            self._fit(room)
        except StoreError as error:
            self._session.warn(f"What was recorded is kept, but its anchor or its new key could not be. {error}")

    def note_in(self, room: Enclosed, drafts: Sequence[Draft], stamp: Stamp) -> None:
        """Write into the register of a compartment: what is noted of its case alone. Raises StoreError."""
        with self._session.database.writing():
            pass
        room.journal.append(r.STREAM, drafts, stamp, room.journal.count(r.STREAM))
        self.written(room)

    def apart_first(self, parts: Sequence[Part], stamp: Stamp) -> list[Part]:
        """Write those parts that are of cases kept apart, each into its own file; gives the others, which follow in one
        step of the log. Raises StoreError."""
        apart = [part for part in parts if self.of(part.stream)]
        for part in apart:
            self._session.journal.append_many([part], stamp)
        return [part for part in parts if part not in apart]

    # -- the anchor

    def _anchor(self, room: Enclosed) -> None:
        seq, chain = room.journal.head()
        anchors = self.known(room).anchors
        if not anchors or anchors[-1].seq != seq:
            self.note(anchor_of(room, seq, chain))

    def note(self, *events: r.RegisterEvent) -> None:
        """Write into the log's register, in nobody's name: whose case it is must not be told by the anchor."""
        session = self._session
        drafts = [Draft(event.kind, to_data(event), event.version) for event in events]
        session.journal.append(r.STREAM, drafts, nobody(), after=session.register.entries)
        session.refresh()

    # -- readers and keys

    def readers(self, case: Case, header: Header | None = None) -> dict[str, str]:
        """Who is to hold the key: person id -> public reading key in hex. The lead, who was ever the second, and who
        was named; not who is excluded, or has no login. header: another
        than the one in force."""
        seconds = {m.event.person for m in case.moments if isinstance(m.event, e.SecondJoined)}
        return self.holders({case.lead, *seconds, *case.readers} - case.excluded, header)

    def holders(self, wanted: Collection[str], header: Header | None = None) -> dict[str, str]:
        """Those of these people who have a login: person id -> public reading key in hex."""
        session = self._session
        people = session.register.people
        slots = {slot.person_id: slot.read.hex() for slot in (header or session.unlocked.header).slots}
        return {id: slots[id] for id in sorted(wanted) if id in slots and id in people and people[id].active}

    def sealed_for(self, readers: dict[str, str]) -> str:
        """For whom a key is sealed, as it is kept in the compartment."""
        return json.dumps({"people": readers, "set": self._session.unlocked.header.sheet_set}, sort_keys=True)

    def _fit(self, room: Enclosed) -> None:
        wanted = self.readers(case_of(room.journal.read(room.stream)))
        before = enclosed.fact(room.database, SEALED_TO)
        if not wanted or before == self.sealed_for(wanted):
            return
        had: dict[str, str] = json.loads(before)["people"] if before else {}
        if any(wanted.get(id) != key for id, key in had.items()):
            self._rekey(room, wanted)
        else:
            self._reseal(room, wanted)
        if self._session.unlocked.person_id not in wanted:
            self.drop(room)

    def _reseal(self, room: Enclosed, wanted: dict[str, str]) -> None:
        """The same key, for others too. The log's entry comes first: killed after it, this is done once more."""
        self.note(self.keyed(room.key, wanted))
        with room.database.writing() as connection:
            enclosed.set_fact(connection, SEALED_TO, self.sealed_for(wanted))

    def _rekey(self, room: Enclosed, wanted: dict[str, str]) -> None:
        """Another key, and so another file: built beside the one there is, and in force by the log's entry."""
        following = room.key.next(keys.new_key())
        path = room.folder / following.header.database
        made = rekey.build(room.database, room.folder, room.key.data_key, following)
        try:
            with made.writing() as connection:
                enclosed.set_fact(connection, SEALED_TO, self.sealed_for(wanted))
        finally:
            made.close()
        rekey.finish(path)
        self.note(self.keyed(following, wanted))
        generations.done(path)
        before, room.key = room.database.path, following
        room.database.move_to(path, following.data_key)
        rekey.discard(before)

    def _reseal_told(self, known: Known) -> None:
        """What stays of one that was destroyed, for the recovery sheets in force."""
        key, said = self._key_to(known), self._told(known)
        if key and said:
            with suppress(StoreError):  # the older sheets open it until then
                self.note(self.keyed(key, self.holders(said.readers)))

    def for_sheets(self, pair: str, private: X25519PrivateKey, header: Header) -> list[CompartmentKeyed]:
        """With two recovery sheets: the entries that seal every compartment's key to its readers and sheets as they are
        in a header that is about to be in force. One that was last sealed to other sheets is left as it is."""
        session = self._session
        vault_id, found = session.unlocked.header.vault_id, []
        for known in session.register.compartments.values():
            sealed, id = boxes_of(known), bytes.fromhex(known.id)
            opened = boxes.opened_by_sheets(sealed, pair, private, vault_id, id) if sealed else None
            if opened is None:
                session.warn("A case that is kept apart could not be sealed to the new sheets: keep the old ones.")
                continue
            key = Key(session.unlocked, id, bytes.fromhex(known.opened.epoch), known.generation, opened)
            if known.disposed:
                if said := told.opened(known, key, vault_id):
                    found.append(self.keyed(key, self.holders(said.readers, header), header))
                continue
            room = enclosed.open(session.home, key, known.opened.base)
            try:
                readers = self.readers(case_of(room.journal.read(room.stream)), header)
                found.append(self.keyed(key, readers, header))
            finally:
                room.close()
        return found

    def keyed(self, key: Key, readers: dict[str, str], header: Header | None = None) -> CompartmentKeyed:
        """The entry that seals a key to these readers and to the recovery sheets in force (or those of `header`)."""
        mine = key.header
        people, sheet_set, pairs = self.sealed(key, readers, header)
        return CompartmentKeyed(mine.vault_id.hex(), mine.generation, people, sheet_set, pairs)

    def sealed(
        self, key: Key, readers: dict[str, str], other: Header | None = None
    ) -> tuple[list[str], int, dict[str, str]]:
        """A key, sealed: the boxes of readers, the set of sheets, and its boxes by pair, in hex."""
        header = other or self._session.unlocked.header
        made = boxes.shut(key.data_key, header, key.header.vault_id, map(bytes.fromhex, readers.values()))
        return [one.hex() for one in made.people], made.sheet_set, {p: one.hex() for p, one in made.pairs.items()}

    # -- what is left over

    def sweep(self) -> None:
        """Remove what no entry names: a compartment that was never in force, the files of earlier keys. Only where the
        log holds every head that this computer has seen. Any other stays and is said: the log may be an older one."""
        session = self._session
        for folder in sorted((session.home / enclosed.FOLDER).glob("*")):
            if not enclosed.NAME.fullmatch(folder.name) or folder.is_symlink() or not folder.is_dir():
                continue
            known = session.register.compartments.get(folder.name)
            if known is not None and known.disposed:
                if not self.forged(known):
                    enclosed.remove(session.home, known.id)
            elif known is None and enclosed.broken_off(folder):
                shutil.rmtree(folder, ignore_errors=True)
            elif known is None:
                session.warn(UNNAMED)
            else:
                enclosed.mark(folder)
                generations.tidy(folder, f"log-{known.generation}.db")
        for room in self.all():
            room.files.tidy()

    def _sweep_moved(self, room: Enclosed) -> None:
        """Evidence files that came along when the case was moved here, and still lie in the log's own folder."""
        ours = self._session.evidence.files
        for id in exhibited(room.journal.entries()):
            with suppress(ValueError):
                if room.files.path(id).exists() and (ours.folder / f"{id}{STORED}").exists() and not ours.has(id):
                    disposal.remove_files(self._session.home, [id])


def exhibited(entries: list[Entry]) -> Iterator[str]:
    """The ids of the evidence files that these entries name."""
    for entry in entries:
        if entry.kind == "exhibited" and entry.data.get("evidence"):
            yield str(entry.data["evidence"])


def anchor_of(room: Enclosed, seq: int, chain: bytes) -> CompartmentAnchored:
    """The entry of a head: a count and a value, and nothing else."""
    return CompartmentAnchored(room.id, seq - room.database.base, chain.hex())


def boxes_of(known: Known) -> Boxes | None:
    """A compartment's key as the log holds it; None where the entry was not made by this program."""
    try:
        pairs = {name: bytes.fromhex(box) for name, box in known.pairs.items()}
        return Boxes(tuple(bytes.fromhex(box) for box in known.people), known.sheet_set, pairs)
    except ValueError:
        return None


def nobody() -> Stamp:
    """Now, in nobody's name and at no computer."""
    at, off = clock.now()
    return Stamp(at, off, "")
