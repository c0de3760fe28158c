"""Disposal (R16): whole streams leave the log, and only what proves that they were there stays.

It is done in a copy that no header names yet: rows are taken out of it, and what is left is written row by row into a
fresh file under a new data key. So no page of the log ever held what is gone, and a kill at any instant leaves the old
log whole or the new one. `rekey.build` makes the copy; the header that names it puts it in force (desk/school).
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from esafety_tui.record import canonical
from esafety_tui.store import database as databases
from esafety_tui.store import disposal_check, recipe, rekey, search
from esafety_tui.store.database import Database
from esafety_tui.store.evidence import FOLDER, NAME, STORED
from esafety_tui.store.troubles import in_plain_words

_PAGE = 500


@dataclass(frozen=True)
class Gone:
    """What a disposal takes out.

    streams: every entry of these, and what the log shows of them; never the register. evidence: ids whose keys go too.
    drafts: keys of drafts; one that ends in "/" stands for all that begin with it.
    """

    streams: tuple[str, ...]
    evidence: tuple[str, ...] = ()
    drafts: tuple[str, ...] = field(default=(), repr=False)


def entries(database: Database, streams: Collection[str]) -> list[list[int]]:
    """The entries of these streams as [first, last] pairs, in order: the field `disposes` of the entry that orders it.

    Raises ValueError for a stream that has none, StoreError.
    """
    numbers: list[int] = []
    with database.reading() as connection:
        for stream in streams:
            rows = connection.exec_driver_sql("SELECT seq FROM listing WHERE stream = ?", (stream,)).fetchall()
            if not rows:
                raise ValueError("a stream without entries")
            numbers += [int(row[0]) for row in rows]
    return ranges(numbers)


def ranges(numbers: Iterable[int]) -> list[list[int]]:
    """Whole numbers as [first, last] pairs, in order."""
    found: list[list[int]] = []
    for number in sorted(set(numbers)):
        if found and found[-1][1] == number - 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return found


def evidence_of(database: Database, streams: Collection[str]) -> list[str]:
    """The ids of the evidence files that entries of these streams name and no other entry does. Raises StoreError."""
    inside: set[str] = set()
    outside: set[str] = set()
    last = 0
    while True:
        with database.reading() as connection:
            page = connection.exec_driver_sql(_EXHIBITED, (last, _PAGE)).fetchall()
        for _, stream, record in page:
            id = _names(record)
            if id:
                (inside if stream in streams else outside).add(id)
        if len(page) < _PAGE:
            return sorted(inside - outside)
        last = int(page[-1][0])


def mentions(database: Database, texts: Sequence[str], streams: Collection[str]) -> list[tuple[int, str]]:
    """Entries outside these streams whose records hold one of these texts, letter for letter: (number, stream).

    Looked for in the stored bytes by SQLite itself; at most 500. Raises StoreError.
    """
    wanted = [canonical.encode(text)[1:-1] for text in texts if text.strip()]
    if not wanted:
        return []
    found = " OR ".join("instr(r.bytes, ?) > 0" for _ in wanted)
    # What it is made of is fixed; every value is a parameter.
    query = (
        f"SELECT r.seq, l.stream FROM record r JOIN listing l ON l.seq = r.seq WHERE ({found})"  # noqa: S608
        f" AND l.stream NOT IN ({', '.join('?' * len(streams))}) ORDER BY r.seq LIMIT ?"
    )
    with database.reading() as connection:
        rows = connection.exec_driver_sql(query, (*wanted, *streams, _PAGE)).fetchall()
    return [(int(row[0]), str(row[1])) for row in rows]


def take_out(path: Path, key: bytes, gone: Gone, by_entry: int) -> int:
    """Take what goes out of a log that no header names and nobody has open, and leave it as a fresh file.

    Gives how many entries lost their records.

    key: the 32 bytes that open it. by_entry: the entry, already in it, that orders the disposal and names the entries.
    Raises StoreError: the file is then to be thrown away.
    """
    try:
        driver = recipe.connect(path, key)
        try:
            driver.execute("BEGIN IMMEDIATE")
            count = _strip(driver, gone, by_entry)
            driver.execute("COMMIT")
            _write_anew(driver, path, key)
        finally:
            driver.close()
        os.replace(_fresh(path), path)
        return count
    except dbapi2.Error as error:
        raise in_plain_words(error, saving=True) from error
    except OSError as error:
        raise in_plain_words(error, saving=True) from error
    finally:
        rekey.discard(_fresh(path))


def sound(path: Path, key: bytes, old: Database, head: tuple[int, bytes], gone: int) -> None:
    """Check the new file before a header may name it: every page, the head, that as many records are gone as were to go
    (`gone`), and that the entry which orders it names each of them. Raises StoreError."""
    made = databases.open(path, key, old.vault_id, old.header_epoch)
    try:
        with made.reading() as connection:
            damaged = connection.exec_driver_sql("PRAGMA cipher_integrity_check").fetchall()
            whole = connection.exec_driver_sql("PRAGMA quick_check").scalar() == "ok"
            row = connection.exec_driver_sql("SELECT seq, chain FROM entry ORDER BY seq DESC LIMIT 1").one()
            count, kept, listed, disposed = connection.exec_driver_sql(_COUNTS).one()
        unordered = disposal_check.check(made)
    finally:
        made.close()
    with old.reading() as connection:
        before = connection.exec_driver_sql("SELECT count(*) FROM disposal").scalar() or 0
    right = (int(row[0]), bytes(row[1])) == head and disposed - before == gone
    if damaged or unordered or not whole or not right or not kept == listed == count - disposed or count != head[0]:
        raise rekey.unsound()


def remove_files(home: Path, ids: Iterable[str]) -> int:
    """Delete evidence files whose keys a disposal took; those that are not there count as gone. Gives how many were
    deleted now. Raises nothing: what cannot be deleted cannot be opened either, and the next unlock tries again."""
    count = 0
    for id in ids:
        if is_id(id):
            path = home / FOLDER / f"{id}{STORED}"
            with suppress(OSError):
                path.unlink()
                count += 1
    return count


def is_id(id: str) -> bool:
    """Whether this is the id of an evidence file, and so safe as part of a path."""
    return NAME.fullmatch(id) is not None


def _strip(driver: dbapi2.Connection, gone: Gone, by_entry: int) -> int:
    count = 0
    for stream in gone.streams:
        first = driver.execute("SELECT seq FROM listing WHERE stream = ? AND n = 1", (stream,)).fetchone()
        if first is None:
            raise ValueError("a stream without entries")
        count += driver.execute(_DISPOSE, (by_entry, stream)).rowcount
        driver.execute("DELETE FROM record WHERE seq IN (SELECT seq FROM listing WHERE stream = ?)", (stream,))
        driver.execute("DELETE FROM listing WHERE stream = ?", (stream,))
        for statement in _SHOWN:
            driver.execute(statement, (first[0],))
    for key in gone.drafts:
        driver.execute(_DRAFTS if key.endswith("/") else "DELETE FROM draft WHERE key = ?", (key,))
    driver.executemany("DELETE FROM evidence_key WHERE id = ?", [(id,) for id in gone.evidence])
    driver.execute(search.PURGE)
    return count


def _write_anew(driver: dbapi2.Connection, path: Path, key: bytes) -> None:
    """Every table of the open file, row by row, into a new one: what free or half empty pages hold stays behind."""
    fresh = _fresh(path)
    rekey.discard(fresh)
    os.close(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    driver.execute(f"ATTACH DATABASE ? AS fresh KEY \"x'{key.hex()}'\"", (str(fresh.absolute()),))
    driver.execute("SELECT sqlcipher_export('fresh')").fetchall()
    driver.execute("DETACH DATABASE fresh")


def _fresh(path: Path) -> Path:
    return path.with_name(path.name + ".new")


def _names(record: bytes) -> str:
    try:
        whole: Any = canonical.decode(record)
        return str(whole["data"].get("evidence", ""))
    except (ValueError, KeyError, TypeError, AttributeError):
        return ""  # verify says which entry nobody can read


_DISPOSE = "INSERT INTO disposal(seq, by_entry) SELECT seq, ? FROM listing WHERE stream = ?"
_EXHIBITED = (
    "SELECT l.seq, l.stream, r.bytes FROM listing l JOIN record r ON r.seq = l.seq"
    " WHERE l.kind = 'exhibited' AND l.seq > ? ORDER BY l.seq LIMIT ?"
)
_COUNTS = (
    "SELECT (SELECT count(*) FROM entry), (SELECT count(*) FROM record), (SELECT count(*) FROM listing),"
    " (SELECT count(*) FROM disposal)"
)
#: What the log shows of a stream, by the number of its first entry.
_SHOWN = (
    "UPDATE tally SET count = count - 1 WHERE name = 'common'"
    " AND EXISTS (SELECT 1 FROM incident WHERE id = ? AND common = 1)",
    "DELETE FROM words WHERE rowid = ?",
    "DELETE FROM incident WHERE id = ?",
    "DELETE FROM incident_person WHERE incident = ?",
    "DELETE FROM incident_excluded WHERE incident = ?",
    "DELETE FROM due WHERE origin = ?",
)
_DRAFTS = "DELETE FROM draft WHERE substr(key, 1, length(?1)) = ?1"
