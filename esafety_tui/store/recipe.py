"""How a connection is set up: the cipher, how it writes, and what may never be done through it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from esafety_tui.errors import StoreError

KEY_BYTES = 32
BUSY_SECONDS = 5.0
#: What one open log keeps of its pages: eight times as much makes no question quicker and takes 60 MB more. The other
#: is for writing a great part of the file in one transaction.
CACHE_KIB, ROOMY_KIB = 8 * 1024, 64 * 1024
# Before this version two connections could damage a database that uses a write-ahead log.
OLDEST_SQLITE = (3, 51, 3)

# What the file's safety rests on, with the value it must read back.
_SETTINGS: tuple[tuple[str, str, object], ...] = (
    ("journal_mode", "DELETE", "delete"),  # one whole file whenever the program is closed
    ("synchronous", "EXTRA", 3),
    ("secure_delete", "ON", 1),
    ("foreign_keys", "ON", 1),
    ("recursive_triggers", "ON", 1),  # else REPLACE deletes without asking the triggers
    ("trusted_schema", "OFF", 0),
    ("temp_store", "MEMORY", 2),
    ("cell_size_check", "ON", 1),
)
_MAC_SETTINGS: tuple[tuple[str, str, object], ...] = (("fullfsync", "ON", 1),)

# SQLite's numbers for what a statement does (sqlite3.h, "Authorizer Action Codes").
_DELETE, _PRAGMA, _READ, _SELECT, _TRANSACTION, _UPDATE, _INSERT = 9, 19, 20, 21, 22, 23, 18
_FUNCTION, _SAVEPOINT, _RECURSIVE = 31, 32, 33
_OK, _DENY = 0, 1

KEPT = frozenset({"entry", "record", "disposal", "listing"})
# Reading any setting is harmless; these may be given a value or do something, and undo nothing.
_PRAGMAS = frozenset({"cipher_integrity_check", "integrity_check", "quick_check", "foreign_key_check", "cache_size"})
_READABLE = frozenset(
    {
        *(name for name, _, _ in (*_SETTINGS, *_MAC_SETTINGS)),
        *("cipher_version", "data_version", "freelist_count", "page_count", "page_size"),
        *("read_uncommitted", "writable_schema", "ignore_check_constraints", "query_only", "user_version"),
    }
)


def allows(action: int, first: str | None, second: str | None, base: str | None, by: str | None) -> int:
    """The authorizer: answer SQLite whether a statement may do this (arguments as in sqlite3_set_authorizer).

    An allow-list, so that what nobody thought of is refused.
    """
    return _OK if _allowed(action, (first or "").lower(), second) else _DENY


def _allowed(action: int, first: str, second: str | None) -> bool:
    if action in (_READ, _SELECT, _TRANSACTION, _SAVEPOINT, _RECURSIVE):
        return True
    if action == _FUNCTION:
        return (second or "").lower() != "load_extension"
    if action == _INSERT:
        return not first.startswith("sqlite_")
    if action in (_UPDATE, _DELETE):
        return first not in KEPT and not first.startswith("sqlite_")
    if action == _PRAGMA:
        return first in _PRAGMAS or (first in _READABLE and second is None)
    return False


def connect(path: Path, data_key: bytes, cache_kib: int = CACHE_KIB) -> dbapi2.Connection:
    """Open an existing file under its raw key, in the recipe's order; the guard is not yet on.

    Raises the driver's errors, DatabaseError where a setting does not take, StoreError where SQLite is too old.
    """
    if len(data_key) != KEY_BYTES:
        raise ValueError(f"the data key has {KEY_BYTES} bytes")
    if dbapi2.sqlite_version_info < OLDEST_SQLITE:
        raise StoreError(
            "The log cannot be opened safely",
            "The database library of this installation is too old: it could damage a log. Nothing was changed.",
            "Install the program again, in the version that its instructions name.",
        )
    address = f"{path.absolute().as_uri()}?mode=rw"
    connection = dbapi2.connect(address, uri=True, isolation_level=None, check_same_thread=False, timeout=BUSY_SECONDS)
    try:
        connection.execute("PRAGMA cipher_log_level = NONE")  # else it writes on the screen
        connection.execute(f"PRAGMA key = \"x'{data_key.hex()}'\"")
        for name, value, reads in (*_SETTINGS, *(_MAC_SETTINGS if sys.platform == "darwin" else ())):
            _set(connection, name, value, reads)
        connection.execute(f"PRAGMA cache_size = -{cache_kib:d}")
    except BaseException:
        connection.close()
        raise
    return connection


def guard(connection: dbapi2.Connection) -> None:
    """Put the authorizer on: from now on the log can only grow."""
    connection.set_authorizer(allows)


def _set(connection: Any, name: str, value: str, reads: object) -> None:
    connection.execute(f"PRAGMA {name} = {value}").fetchall()
    row = connection.execute(f"PRAGMA {name}").fetchone()
    if row is None or row[0] != reads:
        raise dbapi2.DatabaseError(f"the setting {name} does not take")
