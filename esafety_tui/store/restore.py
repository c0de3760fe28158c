"""Putting a log back from a backup: into a folder that holds none, checked before it counts, under a new epoch."""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from esafety_tui.errors import StoreError
from esafety_tui.record.words import Head
from esafety_tui.store import backup, backup_files, backup_plan, copying, enclosed, generations, schema
from esafety_tui.store import database as databases
from esafety_tui.store import verify as checking
from esafety_tui.store.backup_apart import Copied
from esafety_tui.store.backup_files import Backup
from esafety_tui.store.backup_plan import Plan
from esafety_tui.store.copying import Meter, Progress
from esafety_tui.store.database import Database
from esafety_tui.store.evidence import FOLDER, NAME, PART, STORED
from esafety_tui.vault import changes, files
from esafety_tui.vault import header as headers
from esafety_tui.vault.header import Header

#: There while a restore runs: what it left when it was killed may be cleared away, and nothing else.
UNDER_WAY = generations.RESTORING
#: In `meta`, beside schema.RESTORED: from what, as JSON, for the entry that two people make of it.
FROM = "restored_from"


@dataclass(frozen=True)
class Came:
    """From what a log was put back. backup: the folder's name. left_out: evidence ids whose files are sealed, so that
    no backup holds them (R5), as the log itself says; missing: ids of files that were not whole on the stick. later:
    what is sealed by what a later backup proved; claimed: of the missing, what a later list calls sealed that nothing
    here proves. changed: the list of contents is not as it was made, and the log decided; proven: it has its proof.
    """

    backup: str
    seq: int
    chain: bytes
    left_out: tuple[str, ...]
    missing: tuple[str, ...]
    later: tuple[str, ...] = ()
    changed: bool = False
    proven: bool = True
    claimed: tuple[str, ...] = ()


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
    # How much there is to bring only the log itself says; until it is open its list of contents has to do.
    named = sum(_size(backup_files.evidence_file(one.pool, id)) for id in one.evidence)
    copying.room_for(home, one.size + _apart_sizes(one) + named)
    meter.total = 2 * (one.size + named)
    path = home / header.database
    same(copying.copy(one.database, path, meter), one)
    log = open_checked(path, data_key, one, meter)
    try:
        plan = backup_plan.plan(one, log, headers.peek(one.folder), data_key)
        copying.room_for(home, _apart_sizes(one) + plan.size)
        meter.total = 2 * (one.size + plan.size) + _apart_sizes(one)
        bring_aparts(one, home, meter)
        came = _brought(plan, one, home, meter)
        _new_epoch(log, header, came)
    finally:
        log.close()
    databases.open(path, data_key, header.vault_id, header.epoch).close()
    meter.tell()
    changes.put_in_place(home, data_key, header)
    _done(home)
    return header, came


def _brought(plan: Plan, one: Backup, home: Path, meter: Meter) -> Came:
    """Copy the evidence files. What is not whole on the stick keeps no log from being put back: that matters more."""
    missing = {
        item.kept.id for item in plan.items if not backup.carry(item.source, home / item.target, item.kept, meter)
    }
    return Came(
        one.name, one.seq, one.chain, tuple(sorted(plan.sealed)),
        tuple(sorted((missing - plan.gone) | plan.nowhere | plan.claimed)),
        tuple(sorted(plan.later)), plan.changed, plan.proven, tuple(sorted(plan.claimed)),
    )  # fmt: skip


def same(sha256: str, one: Backup) -> None:
    """Raise StoreError where a copied database is not the one that was written. A page from an older copy passes every
    check of the database itself; it does not pass this."""
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
            tuple(map(str, found.get("later", ()))), bool(found.get("changed")), bool(found.get("proven", True)),
            tuple(map(str, found.get("claimed", ()))),
        )  # fmt: skip
    except (ValueError, KeyError, TypeError):
        return None


def _nothing_there(home: Path) -> None:
    """Nothing is ever written over. What a killed restore left may be cleared: no header was in place then."""
    if headers.exists(home) or (generations.headless(home) and not generations.restore_broken_off(home)):
        raise StoreError(
            "There is a log here already",
            "A backup is never put back over a log. Nothing was changed.",
            "Name an empty folder: --home FOLDER.",
        )
    _clear(home)


def _clear(home: Path) -> None:
    """Remove what a restore left that did not come to its end."""
    if generations.restore_broken_off(home):
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
        files.replace(home / UNDER_WAY, generations.RESTORING_SAID)
    except OSError as error:
        raise copying.not_written(error) from None


def _done(home: Path) -> None:
    with suppress(OSError):  # It means nothing beside a header.
        (home / UNDER_WAY).unlink(missing_ok=True)


def bring_aparts(one: Backup, home: Path, meter: Meter) -> None:
    """Copy the compartments, which need not be opened for it. Raises StoreError where one is not as it was written."""
    for apart in one.aparts:
        _same_file(apart, copying.copy(apart.path(one.folder), _there(apart, home), meter))


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
    return sum(apart.size for apart in one.aparts)


def _new_epoch(log: Database, header: Header, came: Came) -> None:
    told = {
        "backup": came.backup,
        "seq": came.seq,
        "chain": came.chain.hex(),
        "left_out": list(came.left_out),
        "missing": list(came.missing),
        "later": list(came.later),
        "changed": came.changed,
        "proven": came.proven,
        "claimed": list(came.claimed),
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
