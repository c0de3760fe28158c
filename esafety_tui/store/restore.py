"""Putting a log back from a backup: into a folder that holds none, checked before it counts, under a new epoch."""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from esafety_tui.errors import StoreError
from esafety_tui.record.words import Head
from esafety_tui.store import backup, backup_apart, backup_files, copying, enclosed, generations, schema
from esafety_tui.store import database as databases
from esafety_tui.store import verify as checking
from esafety_tui.store.backup_apart import Copied
from esafety_tui.store.backup_files import Backup
from esafety_tui.store.copying import Meter, Progress
from esafety_tui.store.database import Database
from esafety_tui.store.evidence import FOLDER, NAME, PART, STORED
from esafety_tui.store.evidence_check import Where
from esafety_tui.vault import changes, files
from esafety_tui.vault import header as headers
from esafety_tui.vault.header import Header

#: There while a restore runs: what it left when it was killed may be cleared away, and nothing else.
UNDER_WAY = generations.RESTORING
_SAID = b"A backup is being put back here.\n"
#: In `meta`, beside schema.RESTORED: from what, as JSON, for the entry that two people make of it.
FROM = "restored_from"


@dataclass(frozen=True)
class Came:
    """From what a log was put back. backup: the folder's name. left_out: evidence ids whose files are sealed, so that
    no backup holds them (R5); missing: ids of files that were not whole on the stick."""

    backup: str
    seq: int
    chain: bytes
    left_out: tuple[str, ...]
    missing: tuple[str, ...]


def restore(one: Backup, home: Path, data_key: bytes, progress: Progress | None = None) -> tuple[Header, Came]:
    """Put a backup back into `home`, which must hold no log; the caller holds lock.home_lock(home).

    It is a home from the moment its header is in place, with a new epoch, so for reading only until two people record
    it. Raises StoreError (there is a log, no room, the backup is not sound, a disk fails) and Stopped; the backup is
    only read, and a folder in which it was broken off can be used again.
    """
    _nothing_there(home)
    data = headers.read_bytes(one.folder)
    header = changes.following(data, data_key)
    try:
        return _put_back(one, home, data_key, header, Meter(progress))
    except BaseException:
        if not headers.exists(home):
            _clear(home)
        raise


def _put_back(one: Backup, home: Path, data_key: bytes, header: Header, meter: Meter) -> tuple[Header, Came]:
    _begin(home)
    sealed = _sealed_since(one)
    wanted = [id for id in one.evidence if id not in sealed]
    sizes = sum(_size(backup_files.evidence_file(one.pool, id)) for id in wanted) + _apart_sizes(one)
    copying.room_for(home, one.size + sizes)
    meter.total = 2 * one.size + 2 * sizes
    path = home / header.database
    _same(copying.copy(one.database, path, meter), one)
    log = open_checked(path, data_key, one, meter)
    try:
        missing = [*_bring_evidence(log, one, home / FOLDER, sealed, meter), *_bring_apart(one, home, sealed, meter)]
        came = Came(one.name, one.seq, one.chain, tuple(sorted({*one.left_out, *sealed})), tuple(missing))
        _new_epoch(log, header, came)
    finally:
        log.close()
    databases.open(path, data_key, header.vault_id, header.epoch).close()
    meter.tell()
    changes.put_in_place(home, data_key, header)
    _done(home)
    return header, came


def check(
    one: Backup,
    scratch: Path,
    data_key: bytes,
    progress: Progress | None = None,
    gone: frozenset[str] = frozenset(),
) -> checking.Report:
    """Prove that a backup can be put back: its log is restored into an empty folder, opened and checked there, and
    every evidence file is read where it lies and compared, but for those that the log itself goes on without (gone).
    Raises as `restore` does; what is in `scratch` is for the caller to remove."""
    header = headers.peek(one.folder)
    changes.following(headers.read_bytes(one.folder), data_key)
    copying.room_for(scratch, one.size)
    meter = Meter(progress, 2 * one.size)
    path = scratch / header.database
    _same(copying.copy(one.database, path, meter), one)
    for apart in one.aparts:
        _same_file(apart, copying.copy(apart.path(one.folder), _there(apart, scratch), meter))
    log = databases.open(path, data_key, header.vault_id, header.epoch)
    try:
        absent = frozenset((*one.left_out, *_sealed_since(one), *gone))
        report = checking.verify(
            log, head=Head(seq=one.seq, chain=one.chain), progress=lambda *_: meter.tell(),
            files=Where(one.pool, absent, shared=True), cost=checking.NO_WORDS,
        )  # fmt: skip
        report = _check_apart(one, absent, report, meter)
    finally:
        log.close()
    if report.ok and not backup_files.list_agrees(one, header.epoch, header.generation, gone):
        raise StoreError(
            "This backup is damaged",
            "Its list of contents does not agree with what lies beside it.",
            "Take the one before it: esafety backup list.",
        )
    return report


def _check_apart(one: Backup, absent: frozenset[str], report: checking.Report, meter: Meter) -> checking.Report:
    """With the evidence files of its compartments in the report: no key is needed for them."""
    found, count = [], 0
    for apart in one.aparts:
        pool = backup_apart.pool(one.folder.parent, apart.id)
        for id, sha256 in apart.evidence.items():
            if id in absent:
                continue
            count += 1
            try:
                wrong = "" if copying.hashed(backup_files.evidence_file(pool, id), meter) == sha256 else "was changed"
            except OSError:
                wrong = "is missing, or cannot be read"
            if wrong:
                found.append(checking.Finding(None, f"An evidence file of a case that is kept apart {wrong}."))
    return replace(
        report, ok=report.ok and not found, findings=[*report.findings, *found],
        evidence_checked=report.evidence_checked + count, evidence_bad=report.evidence_bad + len(found),
    )  # fmt: skip


def _same(sha256: str, one: Backup) -> None:
    """A page from an older copy passes every check of the database itself; it does not pass this."""
    if sha256 != one.sha256:
        raise StoreError(
            "This backup is damaged",
            "Its file is not the one that was written: a part of it was changed since.",
            "Take the one before it: esafety backup list.",
        )


def open_checked(path: Path, data_key: bytes, one: Backup, meter: Meter) -> Database:
    """Open a copied log and check all of it but the evidence. Raises StoreError, with nothing left of it."""
    log = databases.open(path, data_key, one.vault_id, one.epoch)
    try:
        head = Head(seq=one.seq, chain=one.chain)
        report = checking.verify(log, head=head, progress=lambda *_: meter.tell(), files=None, cost=checking.NO_WORDS)
        if not report.ok:
            raise StoreError(
                "This backup is damaged",
                f"It was checked before anything was put back: {report.findings[0].text}",
                "Take the one before it: esafety backup list.",
            )
    except BaseException:
        log.close()
        raise
    return log


def came_from(database: Database) -> Came | None:
    """From what an open log was put back last; None where it never was."""
    with database.reading() as connection:
        told = connection.exec_driver_sql("SELECT value FROM meta WHERE key = ?", (FROM,)).scalar()
    if told is None:
        return None
    try:
        found: Any = json.loads(str(told))
        return Came(
            str(found["backup"]), int(found["seq"]), bytes.fromhex(found["chain"]),
            tuple(map(str, found["left_out"])), tuple(map(str, found["missing"])),
        )  # fmt: skip
    except (ValueError, KeyError, TypeError):
        return None


def _nothing_there(home: Path) -> None:
    """Nothing is ever written over. What a killed restore left may be cleared: no header was in place then."""
    if headers.exists(home) or (generations.headless(home) and not _broken_off(home)):
        raise StoreError(
            "There is a log here already",
            "A backup is never put back over a log. Nothing was changed.",
            "Name an empty folder: --home FOLDER.",
        )
    _clear(home)


def _broken_off(home: Path) -> bool:
    """Whether a restore was broken off here. The file has to say so as this program writes it: any other beside a log
    is no leave to clear that log away (one that is left beside a header goes at the next unlocking)."""
    try:
        return files.read_small(home / UNDER_WAY, len(_SAID)) == _SAID
    except OSError:
        return False


def _clear(home: Path) -> None:
    """Remove what a restore left that did not come to its end."""
    if _broken_off(home):
        for path in (*home.glob("log-*.db"), *home.glob("log-*.db-journal"), *(home / FOLDER).glob(f"*{PART}")):
            with suppress(OSError):
                path.unlink()
        for path in (home / FOLDER).glob(f"*{STORED}"):
            if NAME.fullmatch(path.stem):
                with suppress(OSError):
                    path.unlink()
        shutil.rmtree(home / enclosed.FOLDER, ignore_errors=True)
        _done(home)


def _begin(home: Path) -> None:
    try:
        files.private_folder(home)
        files.replace(home / UNDER_WAY, _SAID)
    except OSError as error:
        raise copying.not_written(error) from None


def _done(home: Path) -> None:
    with suppress(OSError):  # It means nothing beside a header.
        (home / UNDER_WAY).unlink(missing_ok=True)


def _sealed_since(one: Backup) -> frozenset[str]:
    """What was sealed by the time of any backup on the stick: an older one does not bring it back (R5)."""
    return frozenset(id for other in backup_files.backups(one.folder.parent, one.vault_id) for id in other.seals)


def _bring_evidence(log: Database, one: Backup, folder: Path, sealed: frozenset[str], meter: Meter) -> list[str]:
    """Copy the evidence files; gives the ids of those that are not whole on the stick: the log itself matters more."""
    missing = []
    for kept in backup.evidence_of(log):
        if kept.sealed or kept.id in sealed:
            continue
        source = backup_files.evidence_file(one.pool, kept.id)
        if not backup.carry(source, folder / f"{kept.id}{STORED}", kept, meter):
            missing.append(kept.id)
    return missing


def _bring_apart(one: Backup, home: Path, sealed: frozenset[str], meter: Meter) -> list[str]:
    """Copy the compartments, which need not be opened for it, and their evidence files; gives the ids of those that are
    not whole on the stick. Raises StoreError where a compartment itself is not."""
    missing = []
    for apart in one.aparts:
        _same_file(apart, copying.copy(apart.path(one.folder), _there(apart, home), meter))
        pool, folder = backup_apart.pool(one.folder.parent, apart.id), apart.path(home).parent / FOLDER
        for id, sha256 in apart.evidence.items():
            kept = backup.Kept(id, sha256, 0, False)
            source, target = backup_files.evidence_file(pool, id), folder / f"{id}{STORED}"
            if id not in sealed and not backup.carry(source, target, kept, meter):
                missing.append(id)
    return missing


def _there(apart: Copied, home: Path) -> Path:
    """Where its database file goes; the folder is made."""
    path = apart.path(home)
    try:
        files.private_folder(path.parent)
    except OSError as error:
        raise copying.not_written(error) from None
    return path


def _same_file(apart: Copied, sha256: str) -> None:
    if sha256 != apart.sha256:
        raise StoreError(
            "This backup is damaged",
            "The file of a case that is kept apart is not the one that was written.",
            "Take the one before it: esafety backup list.",
        )


def _apart_sizes(one: Backup) -> int:
    pools = (backup_files.evidence_file(backup_apart.pool(one.folder.parent, a.id), id)
             for a in one.aparts for id in a.evidence)  # fmt: skip
    return sum(apart.size for apart in one.aparts) + sum(map(_size, pools))


def _new_epoch(log: Database, header: Header, came: Came) -> None:
    told = {
        "backup": came.backup,
        "seq": came.seq,
        "chain": came.chain.hex(),
        "left_out": list(came.left_out),
        "missing": list(came.missing),
    }
    with log.writing() as connection:
        for key, value in ((schema.RESTORED, header.epoch.hex()), (FROM, json.dumps(told))):
            connection.exec_driver_sql(
                "INSERT INTO meta(key, value) VALUES (?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value",
                (key, value),
            )


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
