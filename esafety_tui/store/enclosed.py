"""A compartment: the file, chain, drafts and evidence of one restricted case, by the same code as the log's own (R10).

Its key is not the log's. What the case had before it was moved here stands in it as it was made: an entry of the kind
"moved" holds the old entry's number, leaf, chain value, salt and record.
"""

from __future__ import annotations

import base64
import os
import re
import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from esafety_tui.errors import StoreError
from esafety_tui.record import chain
from esafety_tui.store import database as databases
from esafety_tui.store import generations
from esafety_tui.store.browse import Browse
from esafety_tui.store.database import Database
from esafety_tui.store.drafts import Drafts
from esafety_tui.store.evidence import Evidence, Opened
from esafety_tui.store.journal import Draft, Entry, Journal, entry_of
from esafety_tui.vault.header import Header

FOLDER = "compartments"
NAME = re.compile(r"[0-9a-f]{32}")
MOVED = "moved"
#: An empty file beside the database, once the log names the compartment. A folder without it is what a kill left.
IN_FORCE = "in-force"
#: The first file of every compartment.
FIRST = "log-1.db"
#: In `meta`: the number by which its case stands in the log.
PLACE = "place"
CACHE_KIB = 4096
#: An entry of the log as it was: number, leaf, chain value, salt, record.
Raw = tuple[int, bytes, bytes, bytes, bytes]


class Key:
    """What opens a compartment, in the shape of an open vault (evidence.Opened): its own ids and key, and the recovery
    sheets of the log's header as it is now."""

    def __init__(self, home: Opened, id: bytes, epoch: bytes, generation: int, key: bytes) -> None:
        self._home, self._id, self._epoch, self._generation = home, id, epoch, generation
        self.data_key = key

    @property
    def header(self) -> Header:
        """The log's header, with the compartment's ids and generation."""
        return replace(self._home.header, vault_id=self._id, epoch=self._epoch, generation=self._generation)

    def next(self, key: bytes) -> Key:
        """The same for its next file, under another key."""
        return Key(self._home, self._id, self._epoch, self._generation + 1, key)

    def __repr__(self) -> str:
        return "Key()"


class EnclosedJournal(Journal):
    """The entries of a compartment, with what was moved here as it was."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, lambda vault_id, seq, chain: True)
        self._read: tuple[int, list[Entry]] = (-1, [])

    def read(self, stream: str) -> list[Entry]:
        """Every entry of a stream in order; those moved here under their old numbers."""
        return [unwrapped(entry) for entry in self.stored(stream)]

    def stored(self, stream: str) -> list[Entry]:
        """The same as they are stored: what was moved here inside the entries that hold it."""
        return super().read(stream)

    def entries(self) -> list[Entry]:
        """All entries of all streams, the oldest number first. Kept until something is added: a case is small."""
        head = self.head()[0]
        if self._read[0] != head:
            found = [entry for stream in self.streams() for entry in self.read(stream)]
            self._read = (head, sorted(found, key=lambda entry: entry.seq))
        return self._read[1]

    def of_kind(self, kind: str, after: int = 0) -> list[Entry]:
        """The entries of one kind after number `after`, in order: all of them."""
        return [entry for entry in self.entries() if entry.kind == kind and entry.seq > after]


class Enclosed:
    """An open compartment. stream: of its one case."""

    def __init__(self, home: Path, key: Key, database: Database, stream: str) -> None:
        self.home, self.key, self.database, self.stream = home, key, database, stream
        self.id = database.vault_id.hex()
        self.folder = folder_of(home, self.id)
        self.journal = EnclosedJournal(database)
        self.journal.place = place_of(database)
        self.drafts = Drafts(database)
        self.browse = Browse(database)

    @property
    def files(self) -> Evidence:
        """Its evidence files: a folder and keys of its own."""
        return Evidence(self.folder, self.database, self.key)

    def close(self) -> None:
        """Close the file and forget the key."""
        self.database.close()
        self.key.data_key = b""


def create(home: Path, key: Key, base: int, place: int, stream: str) -> Enclosed:
    """A new compartment for a case that stands at number `place`; its entries begin after `base`. Raises StoreError."""
    folder = folder_of(home, key.header.vault_id.hex())
    header = key.header
    database = databases.create(folder / header.database, key.data_key, header.vault_id, header.epoch, base, CACHE_KIB)
    with database.writing() as connection:
        set_fact(connection, PLACE, str(place))
    return Enclosed(home, key, database, stream)


def open(home: Path, key: Key, base: int) -> Enclosed:
    """Open a compartment. Raises StoreError where it is missing, damaged, or not the one that the log names."""
    header = key.header
    path = folder_of(home, header.vault_id.hex()) / header.database
    database = databases.open(path, key.data_key, header.vault_id, header.epoch, CACHE_KIB)
    try:
        with database.reading() as connection:
            # A page that is damaged must not be met later, by whoever looks through the log.
            damaged = connection.exec_driver_sql("PRAGMA cipher_integrity_check").fetchmany(1)
        if damaged:
            raise _not_itself()
        streams = [one for one in Journal(database).streams() if one.startswith("incident/")]
        if len(streams) != 1 or database.base != base:
            raise _not_itself()
        return Enclosed(home, key, database, streams[0])
    except BaseException:
        database.close()
        raise


def folder_of(home: Path, id: str) -> Path:
    """The folder of a compartment. Raises ValueError for what is no id."""
    if not NAME.fullmatch(id):
        raise ValueError("not the id of a compartment")
    return home / FOLDER / id


def mark(folder: Path) -> None:
    """The log names the compartment in this folder. Where that cannot be written, the next unlocking does."""
    if not (folder / IN_FORCE).exists():
        with suppress(OSError):
            (folder / IN_FORCE).touch(0o600)


def broken_off(folder: Path) -> bool:
    """Whether this folder is of a founding that did not come to its end: its note is there, or nothing at all."""
    noted = generations.noted(folder / FIRST) and not (folder / IN_FORCE).exists()
    return noted or not any(folder.iterdir())


def remove(home: Path, id: str) -> bool:
    """Delete the folder of a compartment that was destroyed; whether nothing is left of it. Raises nothing: what cannot
    be deleted now, the next unlocking tries again. A link is taken away, and what it leads to stays."""
    folder = folder_of(home, id)
    if folder.is_symlink() or folder.is_file():
        with suppress(OSError):
            folder.unlink()
    else:
        shutil.rmtree(folder, ignore_errors=True)
    return not os.path.lexists(folder)


def fact(database: Database, key: str) -> str:
    """A row of `meta`; "" where there is none."""
    with database.reading() as connection:
        return str(connection.exec_driver_sql("SELECT value FROM meta WHERE key = ?", (key,)).scalar() or "")


def set_fact(connection: Connection, key: str, value: str) -> None:
    """Write a row of `meta`, inside the caller's transaction."""
    connection.exec_driver_sql(
        "INSERT INTO meta(key, value) VALUES (?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value", (key, value)
    )


def place_of(database: Database) -> int | None:
    """The number by which the case of a compartment stands in the log."""
    found = fact(database, PLACE)
    return int(found) if found.isdecimal() else None


# -- moving a case here


def raw(database: Database, seqs: Sequence[int]) -> list[Raw]:
    """Entries of the log with all that proves them. Raises StoreError where one is not there in full."""
    found: list[Raw] = []
    with database.reading() as connection:
        for seq in seqs:
            row = connection.exec_driver_sql(_RAW, (seq,)).first()
            if row is None:
                raise _not_itself()
            found.append((int(row[0]), *(bytes(one) for one in row[1:])))  # type: ignore[arg-type]
    return found


_RAW = "SELECT e.seq, e.leaf, e.chain, r.salt, r.bytes FROM entry e JOIN record r ON r.seq = e.seq WHERE e.seq = ?"


def wrapped(one: Raw) -> Draft:
    """The entry that holds an old one."""
    seq, leaf, value, salt, record = one
    data = {
        "seq": seq,
        "leaf": leaf.hex(),
        "chain": value.hex(),
        "salt": salt.hex(),
        "record": base64.b64encode(record).decode("ascii"),
    }
    return Draft(MOVED, data)


def unwrapped(entry: Entry) -> Entry:
    """The old entry that one of the kind "moved" holds, at that one's place; any other as it is. Raises StoreError."""
    if entry.kind != MOVED:
        return entry
    seq, leaf, value, _, record = held(entry)
    return entry_of((seq, leaf, value, record, entry.stream, entry.n))


def held(entry: Entry) -> Raw:
    """What an entry of the kind "moved" holds. Raises StoreError."""
    try:
        data: dict[str, Any] = entry.data
        leaf, value, salt = (bytes.fromhex(data[name]) for name in ("leaf", "chain", "salt"))
        return int(data["seq"]), leaf, value, salt, base64.b64decode(data["record"], validate=True)
    except (KeyError, TypeError, ValueError):
        raise _not_itself() from None


def wrong(entry: Entry, log: Database) -> str:
    """What is wrong with an entry of the kind "moved", as a sentence; "" where it is the entry that the log had."""
    seq, leaf, value, salt, record = held(entry)
    with log.reading() as connection:
        row = connection.exec_driver_sql("SELECT leaf, chain FROM entry WHERE seq = ?", (seq,)).first()
        gone = connection.exec_driver_sql("SELECT 1 FROM disposal WHERE seq = ?", (seq,)).first()
    if chain.leaf(salt, record) != leaf or row is None or (bytes(row[0]), bytes(row[1])) != (leaf, value):
        return f"Entry {entry.seq} does not hold entry {seq} as the log had it."
    return "" if gone else f"Entry {seq} was moved, and still stands in the log too."


def _not_itself() -> StoreError:
    return StoreError(
        "A case that is kept apart cannot be read",
        "Its file is not whole, or was changed from outside.",
        "Do not write in this log; run esafety verify, and keep the files as they are.",
    )
