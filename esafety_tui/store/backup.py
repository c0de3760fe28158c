"""Making a backup: a consistent copy of the log, opened and checked before it counts, and the evidence files with it.

Sealed files never go along (R5). The copy is of the encrypted file itself: it opens with the same passwords and sheets.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from esafety_tui.errors import StoreError
from esafety_tui.register.copy_events import Restored
from esafety_tui.store import backup_apart, backup_files, copying, enclosed
from esafety_tui.store import database as databases
from esafety_tui.store import verify as checking
from esafety_tui.store.backup_apart import Apart, Copied
from esafety_tui.store.backup_files import Backup, Place
from esafety_tui.store.copying import Meter, Progress
from esafety_tui.store.database import Database
from esafety_tui.store.evidence import FOLDER, NAME, PART, SEALED, STORED
from esafety_tui.store.journal import PAGE, Entry, Journal
from esafety_tui.vault import files
from esafety_tui.vault import header as headers
from esafety_tui.vault.header import Header

#: Asked before each file goes: raises whatever forbids it by now (R5, R17).
Gate = Callable[[], object]


class Kept(NamedTuple):
    """An evidence file that entries name: id, SHA-256 and size of the stored file, and whether it is sealed."""

    id: str
    sha256: str
    size: int
    sealed: bool


def make(
    home: Path,
    database: Database,
    data_key: bytes,
    place: Place,
    at: str,
    gate: Gate,
    progress: Progress | None = None,
    aparts: Sequence[Apart] = (),
) -> Backup:
    """Make a backup of an open log at a place, with its compartments (`aparts`). at: UTC as in Stamp.at.

    The log is held still only while its file is copied. Raises StoreError (no room, a disk fails, the copy is not
    sound), Stopped, and whatever `gate` raises; nothing that counts is left then, and backups from before are as they
    were.
    """
    folder = place.of(database.vault_id)
    backup_files.clear(folder)
    meter = Meter(progress)
    with _under_way(place, folder, at) as part:
        header, sha256, copied = _copy_log(home, database, part, folder, meter, aparts)
        path = part / header.database
        seq, chain, kept = _checked(path, data_key, header, meter)
        made = Backup(
            part, header.vault_id, header.epoch, header.generation, at, seq, chain, path.stat().st_size, sha256,
            tuple(one.id for one in kept if not one.sealed), tuple(one.id for one in kept if one.sealed), (),
        )  # fmt: skip
        made = replace(made, missing=tuple(_copy_evidence(home / FOLDER, made.pool, kept, gate, meter)))
        earlier = backup_files.backups(folder, header.vault_id)
        # What a closed compartment holds is repeated from a list, if it can be from one that nobody wrote in.
        earlier.sort(key=lambda other: not backup_files.proven(other, data_key))
        pairs = zip(aparts, copied, strict=True)
        later = sealed_later(database)
        found = tuple(
            _with_evidence(one, there, home, folder, part, earlier, later, gate, meter) for one, there in pairs
        )
        made = replace(made, aparts=found)
        made = backup_files.write(made, data_key)
        gate()
        final = part.with_name(part.name.removesuffix(backup_files.UNDER_WAY))
        copying.rename(part, final)
    return replace(made, folder=final)


@contextmanager
def _under_way(place: Place, folder: Path, at: str) -> Iterator[Path]:
    part: Path | None = None
    try:
        part = backup_files.new_folder(folder, at)
        yield part
    except BaseException:
        if part is not None:
            shutil.rmtree(part, ignore_errors=True)  # what a failing disk keeps of it, the next backup clears
        backup_files.withdraw(place, folder)
        raise


def _with_evidence(
    one: Apart, there: Copied, home: Path, folder: Path, part: Path, earlier: list[Backup], later: frozenset[str],
    gate: Gate, meter: Meter,
) -> Copied:  # fmt: skip
    """A compartment of the backup with its evidence: what its entries name, or, where it is closed to whoever makes the
    backup, what the first of the earlier backups says that has it."""
    room = backup_apart.check(one, there, part)
    if room is None:
        before = next((a for other in earlier for a in other.aparts if a.id == one.id), None)
        return replace(there, evidence=before.evidence, left_out=before.left_out) if before else there
    try:
        kept = evidence_of(room.database, room.journal.of_kind, later)
    finally:
        room.database.close()
    source = enclosed.folder_of(home, one.id) / FOLDER
    missing = set(_copy_evidence(source, backup_apart.pool(folder, one.id), kept, gate, meter))
    evidence = {one.id: one.sha256 for one in kept if not one.sealed and one.id not in missing}
    return replace(there, evidence=evidence, left_out=tuple(one.id for one in kept if one.sealed))


def _copy_log(
    home: Path, database: Database, part: Path, folder: Path, meter: Meter, aparts: Sequence[Apart]
) -> tuple[Header, str, list[Copied]]:
    """Header, database and compartments of the same moment: nobody writes while all are copied."""
    with database.at_rest() as path:
        size, missing = _sizes(home, path, folder, aparts)
        copying.room_for(folder, size + missing)
        meter.total = 2 * size + 2 * missing
        data = headers.read_bytes(home)
        header = headers.parse(data)
        sha256 = copying.copy(path, part / header.database, meter)
        copied = backup_apart.copy(home, aparts, part, meter)
    try:
        files.replace(part / headers.FILE, data)
    except OSError as error:
        raise copying.not_written(error) from None
    return header, sha256, copied


def room_for_next(home: Path, database: Database, place: Place, on: Path, aparts: Sequence[Apart] = ()) -> None:
    """Raise StoreError where the next backup of an open log would not fit on the stick at the folder `on`, of which
    `place` need not be there yet."""
    copying.room_for(on, sum(_sizes(home, database.path, place.of(database.vault_id), aparts)))


def _sizes(home: Path, log: Path, folder: Path, aparts: Sequence[Apart]) -> tuple[int, int]:
    """How many bytes a backup takes on the stick: of the log and its compartments, and of evidence that is not there
    yet."""
    return log.stat().st_size + backup_apart.sizes(home, aparts), _to_copy(home / FOLDER, folder / FOLDER)


def _to_copy(evidence: Path, pool: Path) -> int:
    """How many bytes of evidence are not on the stick yet, at most."""
    try:
        with os.scandir(evidence) as there:
            return sum(one.stat().st_size for one in there if not (pool / one.name).exists())
    except OSError:
        return 0


def _checked(path: Path, data_key: bytes, header: Header, meter: Meter) -> tuple[int, bytes, list[Kept]]:
    """Open the copy and check every page and entry of it; its head, and the evidence files that it names."""
    copy = databases.open(path, data_key, header.vault_id, header.epoch)
    try:
        size = path.stat().st_size
        done = [0]

        def tell(count: int, total: int) -> None:
            so_far = size * count // max(total, 1)
            meter.add(so_far - done[0])
            done[0] = so_far

        report = checking.verify(copy, progress=tell, files=None, cost=checking.NO_WORDS)
        if not report.ok:
            raise StoreError(
                "The copy does not hold together",
                f"It was checked, and this was found: {report.findings[0].text} No backup was kept.",
                "Run esafety verify on the log itself. Keep the backups there are, and record on paper meanwhile.",
            )
        seq, chain = Journal(copy).head()
        return seq, chain, evidence_of(copy)
    finally:
        copy.close()


def sealed_later(log: Database) -> frozenset[str]:
    """What an open log knows as sealed after the backup that it was put back from, by the entries of its restores."""
    entries = Journal(log).of_kind(Restored.kind)
    return frozenset(str(id) for entry in entries for id in entry.data.get("sealed_later", ()))


def evidence_of(
    database: Database, of_kind: Callable[[str, int], list[Entry]] | None = None, later: frozenset[str] | None = None
) -> list[Kept]:
    """Every evidence file that the entries of an open log name, once each. of_kind: how they are read, where they are
    not read as a log's are; later: what is sealed besides, where it is not this log's own to say (sealed_later)."""
    later = sealed_later(database) if later is None else later
    with database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT id, state FROM evidence_key").fetchall()
    states = {str(id): str(state) for id, state in rows}
    read, after = of_kind or Journal(database).of_kind, 0
    found: dict[str, Kept] = {}
    while True:
        entries = read("exhibited", after)
        for entry in entries:
            data: dict[str, Any] = entry.data
            id = str(data.get("evidence") or "")
            if NAME.fullmatch(id):
                sealed = states.get(id) == SEALED or id in later
                found[id] = Kept(id, str(data.get("stored_sha256")), int(data.get("stored_size") or 0), sealed)
            after = entry.seq
        if len(entries) < PAGE:
            return list(found.values())


def _copy_evidence(evidence: Path, pool: Path, kept: list[Kept], gate: Gate, meter: Meter) -> Iterator[str]:
    """Copy what the stick does not hold yet; gives the ids of files that are not whole in the log itself."""
    for one in kept:
        there = backup_files.evidence_file(pool, one.id)
        if one.sealed or (there.is_file() and there.stat().st_size == one.size):
            continue
        gate()
        if not carry(evidence / f"{one.id}{STORED}", there, one, meter):
            yield one.id


def carry(source: Path, target: Path, one: Kept, meter: Meter) -> bool:
    """Copy one evidence file and compare what arrived with what its entry says; whether the source was whole.

    Raises StoreError where the other disk does not take it or does not give it back, Stopped. Nothing half is left.
    """
    part = target.with_suffix(PART)
    try:
        files.private_folder(target.parent)
        part.unlink(missing_ok=True)
    except OSError as error:
        raise copying.not_written(error) from None
    try:
        if not source.is_file() or copying.copy(source, part, meter) != one.sha256:
            return False
        try:
            arrived = copying.hashed(part, meter)
        except OSError as error:
            raise copying.not_written(error) from None
        if arrived != one.sha256:
            raise StoreError(
                "The stick did not keep what was written",
                "A file was read back and was not the same. It was not kept.",
                "Take another stick: this one can no longer be trusted.",
            )
        copying.rename(part, target)
        return True
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
