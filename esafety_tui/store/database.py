"""One encrypted database file: making it, opening it, reading and writing it, and what goes wrong, in plain words."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool
from sqlcipher3 import dbapi2

from esafety_tui.errors import StoreError
from esafety_tui.store import recipe, schema
from esafety_tui.store.troubles import NewerLog, NotThisLog, ReadOnly, Unsure, in_plain_words


class Database:
    """An open log file with one connection, which threads share one after the other.

    data_key: 32 bytes. vault_id, epoch: 16 bytes each; `epoch` is the header's, and once the file is open that in which
    the journal began: the same, until a restore. `base`: the number after which its entries begin (0, but for a
    compartment). `read_only` is True where the file or its folder cannot be written, or
    where it is withheld; reading then works and every write raises StoreError. `open` and `create` give one.
    """

    def __init__(
        self, path: Path, data_key: bytes, vault_id: bytes, epoch: bytes, cache_kib: int = recipe.CACHE_KIB
    ) -> None:
        self.path, self.vault_id, self.epoch = path, vault_id, epoch
        self.header_epoch = epoch
        self.base = 0
        self._withheld: StoreError | None = None
        self._key, self._cache_kib = data_key, cache_kib
        self._lock = threading.RLock()
        self._writing = False
        self._open: Connection | None = None
        self.read_only = False

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """The connection, for queries that are fetched whole before the block ends. Raises StoreError."""
        with self._lock:
            connection = self._connection()
            try:
                yield connection
            except (DBAPIError, dbapi2.Error) as error:
                raise in_plain_words(error) from error

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction that holds the write lock: kept when the block ends well, undone otherwise.

        Raises StoreError with nothing written, or Unsure where the file system failed while the transaction was being
        kept: the caller then looks whether it was.
        """
        with self._lock:
            if self._writing:
                raise RuntimeError("a transaction inside a transaction")
            connection = self._connection()
            if self.read_only:
                raise self.why_not()
            self._writing = True
            try:
                yield from self._transaction(connection)
            except (DBAPIError, dbapi2.Error) as error:
                raise in_plain_words(error, saving=True) from error
            finally:
                self._writing = False

    @contextmanager
    def roomy(self) -> Iterator[None]:
        """While the block runs, more of the file is in memory: for writing a great part of it. Raises StoreError."""
        with self._lock:
            self._keep_pages(recipe.ROOMY_KIB)
            try:
                yield
            finally:
                if self._open is not None:
                    self._keep_pages(self._cache_kib)

    def _keep_pages(self, kib: int) -> None:
        with self.reading() as connection:
            connection.exec_driver_sql(f"PRAGMA cache_size = -{kib:d}")

    @contextmanager
    def another(self) -> Iterator[Database]:
        """A second connection to the same file with a small memory, for work that takes seconds."""
        other = Database(self.path, self._key, self.vault_id, self.header_epoch, cache_kib=4096)
        try:
            yield other
        finally:
            other.close()

    @contextmanager
    def at_rest(self) -> Iterator[Path]:
        """The file itself, whole and with no connection to it, for as long as the block runs; then used as before.

        For copying it: closing a second handle on a file that is open would take SQLite's own locks away.
        """
        with self._lock:
            if self._writing:
                raise RuntimeError("a copy inside a transaction")
            self._connection()  # what a crash left is put right first
            self._drop()
            yield self.path

    def move_to(self, path: Path, data_key: bytes) -> None:
        """Go on with another file of the same log, under its key. Raises StoreError."""
        with self._lock:
            if self._writing:
                raise RuntimeError("another file inside a transaction")
            self._drop()
            self.path, self._key = path, data_key
            self._connection()

    def withhold(self, why: StoreError | None) -> None:
        """From now on nothing is written: every try raises `why`. None: it may be written again."""
        with self._lock:
            self._withheld = why
            self._drop()  # whether it can be written is found out again
            self._connection()

    def why_not(self) -> StoreError:
        """Why nothing may be written."""
        return self._withheld or ReadOnly()

    @property
    def withheld(self) -> bool:
        """Whether nothing is written although the file could be."""
        return self._withheld is not None

    def close(self) -> None:
        """Close the file; twice is harmless."""
        with self._lock:
            self._drop()
            self._key = b""

    def _transaction(self, connection: Connection) -> Iterator[Connection]:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            self._undo(connection)
            raise
        try:
            connection.exec_driver_sql("COMMIT")
        except DBAPIError as error:
            self._undo(connection)
            if in_plain_words(error).title == Unsure.TITLE:
                self._drop()  # what this connection remembers may not be what the disk holds
                raise Unsure() from error
            raise

    def _undo(self, connection: Connection) -> None:
        """Roll back; a connection that cannot do that is closed, and the next use opens a new one."""
        driver = connection.connection.dbapi_connection
        try:
            if driver is not None and driver.in_transaction:
                connection.exec_driver_sql("ROLLBACK")
        except DBAPIError:
            self._drop()

    def _connection(self) -> Connection:
        if self._open is None:
            if not self._key:
                raise StoreError("The log is closed", "The program has locked it.", "Unlock it again.")
            self._open = self._connect()
        return self._open

    def _connect(self) -> Connection:
        try:
            driver = recipe.connect(self.path, self._key, self._cache_kib)
        except dbapi2.Error as error:
            raise in_plain_words(error) from error
        try:
            self._bring_up(driver, self._check(driver))
            recipe.guard(driver)
        except dbapi2.Error as error:
            driver.close()
            raise in_plain_words(error) from error
        except BaseException:
            driver.close()
            raise
        return _engine(driver).connect()

    def _check(self, driver: dbapi2.Connection) -> int:
        """Is it this vault's log, of a version this program knows, and can it be written? Gives the version; changes
        nothing."""
        facts: dict[str, str] = {}
        if driver.execute("SELECT 1 FROM sqlite_schema WHERE name = 'meta'").fetchone():
            facts = dict(driver.execute("SELECT key, value FROM meta").fetchall())
        told = facts.get("schema", "")
        version = int(told) if told.isdecimal() else 0
        if version > schema.VERSION:
            raise NewerLog()
        if version < 1 or facts.get("vault") != self.vault_id.hex():
            raise NotThisLog()
        began = facts.get("epoch", "")
        if facts.get(schema.RESTORED, began) != self.header_epoch.hex():
            raise NotThisLog()
        self.epoch = bytes.fromhex(began)
        self.base = int(facts.get(schema.BASE, "0"))
        self.read_only = self._withheld is not None or not _can_write(driver, self.path)
        return version

    def _bring_up(self, driver: dbapi2.Connection, version: int) -> None:
        """Give an older log the tables it lacks, in one transaction; one that can only be read stays as it is."""
        if self.read_only or version == schema.VERSION:
            return
        driver.execute("BEGIN IMMEDIATE")
        for number in range(version + 1, schema.VERSION + 1):
            for statement in schema.added(number):
                driver.execute(statement)
        if version < schema.REPLACED_LAST:
            for statement in _EMPTIED:
                driver.execute(statement)
        driver.execute("UPDATE meta SET value = ? WHERE key = 'schema'", (str(schema.VERSION),))
        driver.execute("COMMIT")

    def _drop(self) -> None:
        if self._open is not None:
            connection, self._open = self._open, None
            with suppress(DBAPIError, dbapi2.Error):
                connection.close()
            connection.engine.dispose()


#: Projections that are made again from the entries go as a whole (projection.rebuild).
_EMPTIED = (
    *("DELETE FROM incident_person", "DELETE FROM incident_excluded", "DELETE FROM due"),
    "INSERT INTO words(words) VALUES ('delete-all')",
    "DELETE FROM meta WHERE key = 'projections'",
)


def create(
    path: Path, data_key: bytes, vault_id: bytes, epoch: bytes, base: int = 0, cache_kib: int = recipe.CACHE_KIB
) -> Database:
    """Make a new, empty log and open it; its first entry will have the number `base` + 1.

    Raises StoreError where something is at `path`, or nothing can be made.
    """
    _make_file(path)
    facts = {"vault": vault_id.hex(), "epoch": epoch.hex(), **({schema.BASE: str(base)} if base else {})}
    try:
        _make_tables(path, data_key, facts)
    except (DBAPIError, dbapi2.Error) as error:
        path.unlink(missing_ok=True)  # a file this call made, in which nothing was ever kept
        raise in_plain_words(error, saving=True) from error
    return open(path, data_key, vault_id, epoch, cache_kib)


def open(path: Path, data_key: bytes, vault_id: bytes, epoch: bytes, cache_kib: int = recipe.CACHE_KIB) -> Database:
    """Open a log. Raises StoreError where it is missing, damaged, another vault's, newer than this program, or busy."""
    try:
        empty = path.stat().st_size == 0
    except OSError as error:
        raise in_plain_words(error) from error
    if empty:
        raise NotThisLog()
    database = Database(path, data_key, vault_id, epoch, cache_kib)
    with database.reading():
        return database


def _engine(driver: dbapi2.Connection) -> Engine:
    """SQLAlchemy over one connection that is already set up."""
    return create_engine(
        "sqlite+pysqlite://",
        module=dbapi2,
        creator=lambda: driver,
        poolclass=StaticPool,
        isolation_level="AUTOCOMMIT",  # transactions are begun by name
        hide_parameters=True,
    )


def _make_tables(path: Path, data_key: bytes, facts: dict[str, str]) -> None:
    driver = recipe.connect(path, data_key)
    try:
        with _engine(driver).connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            schema.create(connection, facts)
            connection.exec_driver_sql("COMMIT")
    finally:
        driver.close()


def _make_file(path: Path) -> None:
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except OSError as error:
        raise in_plain_words(error, saving=True) from error


def _can_write(driver: dbapi2.Connection, path: Path) -> bool:
    """Whether a transaction could be kept: the folder too must be writable, for the journal file beside the log."""
    if not os.access(path.parent, os.W_OK):
        return False
    try:
        driver.execute("BEGIN IMMEDIATE")
        driver.execute("ROLLBACK")
    except dbapi2.OperationalError as error:
        if "readonly" not in str(error):
            raise
        return False
    return True
