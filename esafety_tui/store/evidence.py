"""Evidence files: kept encrypted beside the log, opened while they may be, and sealed for good where they may not (R5).

A file's key is never in a record. It is a row of the log's database, wrapped under the data key and sealed to each pair
of recovery sheets; sealing an item takes the first away, and then nothing in this program can open it.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol

from sqlalchemy import Connection

from esafety_tui.errors import RefusedError, StoreError
from esafety_tui.store import evidence_file
from esafety_tui.store.database import Database
from esafety_tui.vault import files, keys, sheets
from esafety_tui.vault.header import PAIRS, Header

FOLDER = "evidence"
NAME = re.compile(r"[0-9a-f]{32}")
STORED, PART = ".bin", ".part"
OPEN, SEALED = "open", "sealed"
_BINARY = getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)


class Opened(Protocol):
    """An open vault: vault.home.Unlocked."""

    @property
    def header(self) -> Header: ...

    @property
    def data_key(self) -> bytes: ...


@dataclass(frozen=True)
class KeyRow:
    """The key of one file as it is kept. wrapped: None once the file is sealed. pairs: by name, "AB" and so on."""

    id: str
    sheet_set: int
    wrapped: bytes | None = field(repr=False)
    pairs: Mapping[str, bytes] = field(repr=False)


class Evidence:
    """The evidence files of an open home."""

    def __init__(self, home: Path, database: Database, opened: Opened) -> None:
        self.folder = home / FOLDER
        self._database, self._opened = database, opened

    # -- keys

    def new_key(self) -> tuple[bytes, bytes, KeyRow]:
        """A new file's id (16 bytes), its key (32 bytes), and the row that keeps the key."""
        evidence_id, key = keys.new_id(), keys.new_key()
        return evidence_id, key, self._row(evidence_id, key)

    def has(self, id: str) -> bool:
        """Whether this log keeps a key for the file. Raises StoreError."""
        with self._database.reading() as connection:
            return connection.exec_driver_sql("SELECT 1 FROM evidence_key WHERE id = ?", (id,)).first() is not None

    def row(self, id: str) -> KeyRow:
        """How the key of a file is kept. Raises StoreError where it has none."""
        with self._database.reading() as connection:
            row = connection.exec_driver_sql(
                "SELECT sheet_set, wrapped, pair_ab, pair_ac, pair_bc FROM evidence_key WHERE id = ?", (id,)
            ).first()
        if row is None:
            raise _no_key()
        wrapped = None if row[1] is None else bytes(row[1])
        return KeyRow(id, int(row[0]), wrapped, {p: bytes(one) for p, one in zip(PAIRS, row[2:], strict=True)})

    def row_from(self, other: Evidence, id: str) -> KeyRow:
        """The row for a file of another open log, whose entries are taken over into this one: wrapped and sealed anew,
        but for a sealed one (R5), which stays with the sheets of the log that sealed it. Raises StoreError."""
        row = other.row(id)
        if row.wrapped is None:
            return row
        return self._row(bytes.fromhex(id), other._file_key(id, row.wrapped))

    @property
    def vault_id(self) -> bytes:
        """The vault that new files are bound to."""
        return self._opened.header.vault_id

    def keep(self, connection: Connection, row: KeyRow) -> None:
        """Write a file's key, inside the transaction of the entry that names it (Journal.append, `also`)."""
        connection.exec_driver_sql(
            "INSERT INTO evidence_key(id, state, wrapped, sheet_set, pair_ab, pair_ac, pair_bc)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                row.id,
                OPEN if row.wrapped is not None else SEALED,
                row.wrapped,
                row.sheet_set,
                *(row.pairs[p] for p in PAIRS),
            ),
        )

    def seal(self, connection: Connection, ids: Collection[str]) -> dict[str, bytes]:
        """R5: give up the keys of these files but for the recovery pairs, inside the transaction of the entry that says
        so. Nothing is deleted, and what was sealed before stays so.

        Gives what was taken away, by id: still encrypted, for `give_back` alone, never to be written anywhere. Raises
        StoreError where a file has no key.
        """
        taken: dict[str, bytes] = {}
        for one in ids:
            row = connection.exec_driver_sql("SELECT wrapped, sheet_set FROM evidence_key WHERE id = ?", (one,)).first()
            if row is None:
                raise _no_key()
            if row[0] is None:
                continue
            taken[one] = bytes(row[0])
            if row[1] != self._opened.header.sheet_set:
                self._follow_sheets(connection, one, taken[one])
            connection.exec_driver_sql("UPDATE evidence_key SET state = ?, wrapped = NULL WHERE id = ?", (SEALED, one))
        return taken

    def _follow_sheets(self, connection: Connection, id: str, wrapped: bytes) -> None:
        """New recovery sheets were made since the file was taken in: seal its key to them while it can be reached."""
        made = self._row(bytes.fromhex(id), self._file_key(id, wrapped))
        connection.exec_driver_sql(
            "UPDATE evidence_key SET sheet_set = ?, pair_ab = ?, pair_ac = ?, pair_bc = ? WHERE id = ?",
            (made.sheet_set, *(made.pairs[p] for p in PAIRS), id),
        )

    def give_back(self, connection: Connection, taken: Mapping[str, bytes]) -> None:
        """Undo a `seal` that was a mistake, while its answer is still in memory, inside the entry that says so."""
        for one, wrapped in taken.items():
            self._file_key(one, wrapped)  # else it would not be the key that was taken away
            connection.exec_driver_sql(
                "UPDATE evidence_key SET state = ?, wrapped = ? WHERE id = ? AND state = ?",
                (OPEN, wrapped, one, SEALED),
            )

    def sealed(self) -> frozenset[str]:
        """The ids of all sealed files."""
        with self._database.reading() as connection:
            rows = connection.exec_driver_sql("SELECT id FROM evidence_key WHERE state = ?", (SEALED,)).fetchall()
        return frozenset(str(row[0]) for row in rows)

    def rewrap(self, connection: Connection, old_data_key: bytes) -> int:
        """After a new data key: wrap every open file's key under it, in one transaction. The files stay as they are."""
        rows = connection.exec_driver_sql("SELECT id, wrapped FROM evidence_key WHERE state = ?", (OPEN,)).fetchall()
        for one, wrapped in rows:
            key = _unwrapped(bytes(wrapped), old_data_key, self.vault_id, str(one))
            again = keys.wrap_evidence(key, self._opened.data_key, self.vault_id, bytes.fromhex(one))
            connection.exec_driver_sql("UPDATE evidence_key SET wrapped = ? WHERE id = ?", (again, one))
        return len(rows)

    # -- files

    def read(self, id: str) -> Iterator[bytes]:
        """The original's bytes, 1 MiB at a time; what was given before an error is not the whole.

        id: 32 hex digits, as the entry names it. Raises RefusedError (R5) for a sealed one, StoreError where the file
        is missing, damaged or has no key. The rules have to be asked before (R3, R10).
        """
        with self._database.reading() as connection:
            row = connection.exec_driver_sql("SELECT state, wrapped FROM evidence_key WHERE id = ?", (id,)).first()
        if row is None:
            raise _no_key()
        if row[0] == SEALED:
            raise RefusedError(
                "This item is sealed",
                "It may be something that must never be looked at or copied, so its key was given up. "
                "Nothing in this program can open it.",
                "Leave it where it is. Tell the police or the agency you rang that it is sealed in this log.",
                "R5",
            )
        return self._read(id, self._file_key(id, bytes(row[1])))

    def _read(self, id: str, key: bytes) -> Iterator[bytes]:
        try:
            with opened(self.path(id)) as file:
                yield from evidence_file.plain(file, key, bytes.fromhex(id))
        except OSError:
            raise StoreError(
                "The item cannot be read",
                "Its file in the evidence folder of this log is missing, or the disk did not answer.",
                "Check the disk and the folder, then run esafety verify.",
            ) from None
        except evidence_file.DamagedFileError as error:
            raise StoreError(
                "The item is damaged",
                f"Its file in the evidence folder was changed or is not whole: {error}.",
                "Leave the file as it is and run esafety verify. A backup may hold it whole.",
            ) from None

    def path(self, id: str) -> Path:
        """Where a file is kept. Raises ValueError for what is no id."""
        if not NAME.fullmatch(id):
            raise ValueError("not the id of an evidence file")
        return self.folder / f"{id}{STORED}"

    def discard(self, id: str) -> None:
        """Remove the file of an intake whose entry was not kept. Raises nothing, because it follows an error: what
        stays is named by `verify`.

        One whose key is kept stays, and so does every file while the log cannot be read: an entry may name it.
        """
        with suppress(StoreError, OSError):
            if not self.has(id):
                self.path(id).unlink(missing_ok=True)

    def tidy(self) -> int:
        """Remove what intakes left that were broken off by a crash; never a whole file. Gives how many."""
        count = 0
        for path in sorted(self.folder.glob(f"*{PART}")):
            if NAME.fullmatch(path.stem):
                try:
                    path.unlink(missing_ok=True)
                except OSError:
                    return count  # A medium that can only be read: verify names what is left.
                count += 1
        return count

    def writable(self) -> None:
        """Raise StoreError where the log can only be read: then no entry could name a file."""
        with self._database.reading():
            if self._database.read_only:
                raise self._database.why_not()

    def make_folder(self) -> None:
        """The folder, for this user alone; it lasts through a power cut. Raises OSError, and StoreError where something
        else stands there."""
        if not self.folder.is_dir() or self.folder.is_symlink():
            if os.path.lexists(self.folder):
                raise StoreError(
                    "The evidence folder is not a folder of this log",
                    "Something else has its name. Nothing was kept, and nothing was changed.",
                    "Look who put it there. Move it away, then try again.",
                )
            files.private_folder(self.folder)
            files.sync_folder(self.folder.parent)

    # -- inside

    def _row(self, evidence_id: bytes, key: bytes) -> KeyRow:
        header = self._opened.header
        public = sheets.public_keys(header.pairs)
        return KeyRow(
            id=evidence_id.hex(),
            sheet_set=header.sheet_set,
            wrapped=keys.wrap_evidence(key, self._opened.data_key, header.vault_id, evidence_id),
            pairs={p: keys.seal_evidence(key, public[p], header.vault_id, evidence_id, p) for p in PAIRS},
        )

    def _file_key(self, id: str, wrapped: bytes) -> bytes:
        return _unwrapped(wrapped, self._opened.data_key, self.vault_id, id)


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """A stored file, for reading; never through a link, and nothing but an ordinary file. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY | _NO_LINK | _BINARY | getattr(os, "O_NONBLOCK", 0))
    with open(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError("not an ordinary file")
        yield file


def _unwrapped(wrapped: bytes, data_key: bytes, vault_id: bytes, id: str) -> bytes:
    try:
        return keys.unwrap_evidence(wrapped, data_key, vault_id, bytes.fromhex(id))
    except keys.WrongKeyError:
        raise _no_key() from None


def _no_key() -> StoreError:
    return StoreError(
        "The item cannot be opened",
        "The log holds no key for it that fits.",
        "Run esafety verify; it says what is wrong with which entry.",
    )
