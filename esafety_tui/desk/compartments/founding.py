"""A compartment for a case: from its first entry on, or for one that lay in the log until now.

It is built whole first. What puts it in force is one step of the log: the entry that names it and, for a case that is
moved, the disposal of what the log had of it. Killed before that step, everything is as it was, and the folder without
a name is removed at the next unlocking.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from esafety_tui.desk.case.summary import case_of
from esafety_tui.desk.compartments.keeping import SEALED_TO, STREAM, anchor_of, exhibited, nobody
from esafety_tui.desk.school import rekeying
from esafety_tui.errors import RefusedError, StoreError
from esafety_tui.register.compartments import CompartmentOpened
from esafety_tui.store import disposal, enclosed, generations
from esafety_tui.store.disposal import Gone
from esafety_tui.store.enclosed import Enclosed, Key
from esafety_tui.store.evidence_join import brought
from esafety_tui.store.journal import Entry
from esafety_tui.vault import files, keys
from esafety_tui.vault import rekeying as new_keys

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from esafety_tui.desk.session import Session

#: Entry numbers of compartments begin at a random one of these millions: far above the log's own.
_FIRST, _LAST, _STEP = 100, 999, 1_000_000


@contextmanager
def founding(session: Session, stream: str) -> Iterator[Enclosed]:
    """A compartment for the case of this stream. Inside the block everything of the case is written there; at its end
    it is in force. Raises RefusedError (a provisional log), StoreError; nothing has changed then."""
    if session.kind == "provisional":
        raise RefusedError(
            "A case is kept apart once the school is set up",
            "This log has one reader, who reads everything in it.",
            "Set the school up first (esafety setup), or write about it on paper.",
            "R10",
        )
    with session.database.writing():
        pass  # a log that may not be written says why before anything is built
    room = _built(session, stream)
    rooms = session.compartments
    rooms.add(room)
    rooms.under_way = room
    try:
        yield room
        built = True
    except BaseException:
        built = False
        raise
    finally:
        if not built:
            _give_up(session, room)
    try:
        _put_in_force(session, room)
        enclosed.mark(room.folder)
        generations.done(room.folder / enclosed.FIRST)
    except BaseException:
        # Whether the log names it is found out at the next unlocking: nothing is deleted before.
        rooms.drop(room)
        raise
    finally:
        rooms.under_way = None


def _give_up(session: Session, room: Enclosed) -> None:
    session.compartments.under_way = None
    session.compartments.drop(room)
    shutil.rmtree(room.folder, ignore_errors=True)


def _built(session: Session, stream: str) -> Enclosed:
    """The folder and the file, with all that the log has of the case in it."""
    id, epoch = keys.new_id(), keys.new_id()
    key = Key(session.unlocked, id, epoch, 1, keys.new_key())
    folder = enclosed.folder_of(session.home, id.hex())
    entries = session.journal.read(stream)
    place = entries[0].seq if entries else session.journal.head()[0] + 1
    try:
        files.private_folder(folder)
        files.sync_folder(folder.parent)
        files.sync_folder(session.home)
    except OSError as error:
        raise files.plain_error(error, "make a folder for the case") from None
    try:
        generations.begin(folder / enclosed.FIRST)
        room = enclosed.create(session.home, key, _new_base(session), place, stream)
        try:
            if entries:
                _bring(session, room, entries)
        except BaseException:
            room.close()
            raise
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return room


def _new_base(session: Session) -> int:
    taken = {known.opened.base for known in session.register.compartments.values()}
    while True:
        base = (_FIRST + secrets.randbelow(_LAST - _FIRST + 1)) * _STEP
        if base not in taken:
            return base


def _bring(session: Session, room: Enclosed, entries: list[Entry]) -> None:
    """What the log has of the case, as it is: entries, evidence files with their keys, drafts."""
    drafts = [enclosed.wrapped(one) for one in enclosed.raw(session.database, [entry.seq for entry in entries])]
    ours, theirs = room.files, session.evidence.files
    ids = [id for id in exhibited(entries) if theirs.has(id)]
    there = [id for id in ids if theirs.path(id).exists()]
    with brought(ours, theirs, there) as rows:
        rows = rows + [ours.row_from(theirs, id) for id in ids if id not in there]

        def also(connection: Connection) -> None:
            for row in rows:
                ours.keep(connection, row)

        room.journal.append(room.stream, drafts, session.stamp(), 0, also=also)
    ref = room.stream.removeprefix(STREAM)
    kept = session.drafts.keys()
    for draft_key in kept:
        if draft_key.startswith(f"{ref}/") and (body := session.drafts.load(draft_key)) is not None:
            room.drafts.save(draft_key, body)


def _put_in_force(session: Session, room: Enclosed) -> None:
    rooms = session.compartments
    readers = rooms.readers(case_of(room.journal.read(room.stream)))
    if not readers:
        raise StoreError("Nobody could open the case", "Its lead has no login here.", "Hand the lead over first.")
    with room.database.writing() as connection:
        enclosed.set_fact(connection, SEALED_TO, rooms.sealed_for(readers))
    seq, chain = room.journal.head()
    header = room.key.header
    people, sheet_set, pairs = rooms.sealed(room.key, readers)
    opened = CompartmentOpened(room.id, header.epoch.hex(), room.database.base, people, sheet_set, pairs)
    anchor = anchor_of(room, seq, chain)
    moved = [one.seq for one in room.journal.entries() if one.seq <= room.database.base]
    if not moved:
        if session.journal.head()[0] + 1 != room.journal.place:
            raise RuntimeError("the log moved while a compartment was made")
        rooms.note(opened, anchor)
        return
    ids = disposal.evidence_of(session.database, [room.stream])
    gone = Gone((room.stream,), tuple(ids), (f"{room.stream.removeprefix(STREAM)}/",))
    opened = CompartmentOpened(
        opened.compartment, opened.epoch, opened.base, people, sheet_set, pairs, disposal.ranges(moved)
    )
    made = new_keys.again(session.home, session.unlocked.data_key)
    rekeying.turn(session, made, [opened, anchor], gone, nobody())
    disposal.remove_files(session.home, ids)
