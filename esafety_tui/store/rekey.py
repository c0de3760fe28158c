"""The log under another data key: a new generation, built and checked beside the old one.

Nothing here puts it in force: that is done by the header that names it (vault/rekeying.py), in one rename.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from sqlcipher3 import dbapi2

from esafety_tui.errors import StoreError
from esafety_tui.store import database as databases
from esafety_tui.store import generations, recipe
from esafety_tui.store.copying import Meter, Progress
from esafety_tui.store.database import Database
from esafety_tui.store.evidence import Evidence, Opened
from esafety_tui.store.troubles import in_plain_words
from esafety_tui.vault import files

_BLOCK = 1 << 20
#: Writing every page under the new key takes so many times as long as copying it.
_REWRITING = 4


def build(old: Database, home: Path, old_key: bytes, opened: Opened, progress: Progress | None = None) -> Database:
    """Copy the whole log, row for row, to the file that the new header names, under its data key; open the copy.

    old_key: the 32 bytes that open `old`; opened: the new header and data key.

    The keys of open evidence files are wrapped under the new key there; the files, and what is sealed, stay as they
    are. Whoever puts it in force ends the note of its making (generations.done); who throws it away takes it back
    (generations.drop). Raises StoreError where it cannot be built, and Stopped where `progress` says so: nothing is
    then left of the copy, and the old log is untouched. The step that writes every page anew (most of the time) is
    told as a whole.
    """
    path = home / opened.header.database
    generations.begin(path)
    meter = Meter(progress)
    try:
        size = _copy(old, path, meter)
        _rekey(path, old_key, opened.data_key)
        meter.add(_REWRITING * size)
        made = databases.open(path, opened.data_key, old.vault_id, old.header_epoch)
        try:
            with made.writing() as connection:
                Evidence(home, made, opened).rewrap(connection, old_key)
            _same(old, made)
            meter.add(size)
        except BaseException:
            made.close()
            raise
    except BaseException:
        generations.drop(path)
        raise
    return made


def finish(path: Path) -> None:
    """Have the file and its name last through a power cut, before the header names it. Raises StoreError."""
    try:
        with path.open("rb+") as file:
            files.sync(file.fileno())
        files.sync_folder(path.parent)
    except OSError as error:
        raise in_plain_words(error, saving=True) from error


def discard(path: Path) -> None:
    """Remove a log that no header names, as far as the disk allows it."""
    for one in (path, path.with_name(path.name + "-journal")):
        with suppress(OSError):
            one.unlink(missing_ok=True)


def _copy(old: Database, path: Path, meter: Meter) -> int:
    """The file byte for byte, with no connection to it: the rollback journal leaves it whole. Gives its size."""
    with old.at_rest() as there:
        try:
            descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o600)
            with open(descriptor, "wb") as target, there.open("rb") as source:
                size = os.fstat(source.fileno()).st_size
                meter.total = (_REWRITING + 2) * size
                while block := source.read(_BLOCK):
                    target.write(block)
                    meter.add(len(block))
                return size
        except OSError as error:
            raise in_plain_words(error, saving=True) from error


def _rekey(path: Path, old_key: bytes, new_key: bytes) -> None:
    try:
        driver = recipe.connect(path, old_key)
        try:
            driver.execute(f"PRAGMA rekey = \"x'{new_key.hex()}'\"").fetchall()
        finally:
            driver.close()
    except dbapi2.Error as error:
        raise in_plain_words(error, saving=True) from error


def _same(old: Database, made: Database) -> None:
    """Every page of the copy is sound, and it ends where the old log ends. Raises StoreError."""
    with made.reading() as connection:
        damaged = connection.exec_driver_sql("PRAGMA cipher_integrity_check").fetchall()
        sound = connection.exec_driver_sql("PRAGMA quick_check").scalar() == "ok"
    if damaged or not sound or _ends(old) != _ends(made):
        raise unsound()


def unsound() -> StoreError:
    """The file that was built is not what it must be."""
    return StoreError(
        "The new copy of the log is not sound",
        "It was thrown away. The log is as it was, under its old key.",
        "Check the disk, then try again.",
    )


def _ends(database: Database) -> tuple[tuple[object, ...], ...]:
    asked = ("SELECT count(*), max(seq) FROM entry", "SELECT count(*) FROM record", "SELECT count(*) FROM evidence_key",
             "SELECT chain FROM entry ORDER BY seq DESC LIMIT 1")  # fmt: skip
    with database.reading() as connection:
        return tuple(tuple(connection.exec_driver_sql(one).fetchone() or ()) for one in asked)
