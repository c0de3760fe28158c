"""A new data key for an open log, with the entries that say why: all of it in one step, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from esafety_tui.desk.logbook.register_due import register_projection
from esafety_tui.errors import StoreError
from esafety_tui.record.payload import to_data
from esafety_tui.register import events as r
from esafety_tui.register import register as registers
from esafety_tui.store import disposal, generations, rekey
from esafety_tui.store.copying import Progress
from esafety_tui.store.database import Database
from esafety_tui.store.disposal import Gone
from esafety_tui.store.journal import Draft, Entry, Journal, Stamp
from esafety_tui.store.projection import Projection
from esafety_tui.vault import header as headers
from esafety_tui.vault import heads, rekeying
from esafety_tui.vault.rekeying import NewKey

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session


def turn(
    session: Session,
    made: NewKey,
    events: Sequence[r.RegisterEvent],
    gone: Gone | None = None,
    stamp: Stamp | None = None,
    progress: Progress | None = None,
) -> None:
    """Build the next generation with these entries in it, have the header name it, and go on with it.

    gone: what is disposed of in the same step (R16); the first of the events orders it and names the entries in its
    field `disposes` (store/disposal.py `entries`). Evidence files are deleted afterwards, by whom ordered it.
    stamp: with whom, where that is not the second person of the sitting.
    progress: told how far it is, and asked whether to stop. Raises StoreError, Stopped: before the header was replaced
    everything is as it was.
    """
    home, database, old_key = session.home, session.database, session.unlocked.data_key
    with session.lock:
        with database.writing():
            pass  # a log that may not be written now says why, before anything is built
        before, path = database.path, home / made.header.database
        seq, chain = _build(session, made, events, gone, stamp or session.stamp(), progress)
        _put_in_force(home, old_key, made, path)
        generations.done(path)
        heads.write_head(made.header.vault_id, seq, chain, seq - len(events))
        session.unlocked.follow(made.header, made.data_key)
        database.move_to(path, made.data_key)
        rekey.discard(before)
        session.refresh()
        session.compartments.tend()


def _build(
    session: Session,
    made: NewKey,
    events: Sequence[r.RegisterEvent],
    gone: Gone | None,
    stamp: Stamp,
    progress: Progress | None,
) -> tuple[int, bytes]:
    """The new file, with the entries in it; gives its head. Nothing is left of it where that fails."""
    path = session.home / made.header.database
    # Not inside what follows: where it refuses, what lies there is not this program's to throw away.
    copy = rekey.build(session.database, session.home, session.unlocked.data_key, made, progress)
    try:
        try:
            head = _enter(copy, events, stamp)
        finally:
            copy.close()
        if gone is not None:
            count = disposal.take_out(path, made.data_key, gone, head[0] - len(events) + 1)
            disposal.sound(path, made.data_key, session.database, head, count)
        rekey.finish(path)
    except BaseException:
        generations.drop(path)
        raise
    return head


def _enter(copy: Database, events: Sequence[r.RegisterEvent], stamp: Stamp) -> tuple[int, bytes]:
    # Its head is not this computer's to remember before the header names the file.
    journal = Journal(copy, lambda vault_id, seq, chain: True)

    def due(_: list[Entry]) -> Projection:
        entries = journal.read(r.STREAM)
        return register_projection(registers.fold((e.seq, registers.from_data(e.kind, e.pv, e.data)) for e in entries))

    drafts = [Draft(event.kind, to_data(event), event.version) for event in events]
    written = journal.append(r.STREAM, drafts, stamp, after=journal.count(r.STREAM), projection=due)
    return written[-1].seq, written[-1].chain


def _put_in_force(home: Path, old_key: bytes, made: NewKey, path: Path) -> None:
    try:
        rekeying.put_in_force(home, old_key, made)
    except StoreError:
        # The disk may fail after the rename: what the header now says is what holds.
        if headers.peek(home).generation != made.header.generation:
            generations.drop(path)
            raise
