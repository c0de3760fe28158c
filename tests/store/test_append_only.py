"""The log only grows: every way round that is known is refused, by the guard, by a trigger, or by both."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from esafety_tui.errors import StoreError
from esafety_tui.store import recipe, schema
from esafety_tui.store.database import Database
from esafety_tui.store.journal import Journal
from tests.store.made_log import KEY, fill

KEPT = ("entry", "record", "disposal", "listing")

# What changes rows: refused by triggers as well, for a connection without the guard (another tool, a fault of ours).
CHANGES = (
    "UPDATE entry SET chain = leaf WHERE seq = 1",
    "UPDATE entry SET seq = 9 WHERE seq = 3",
    "UPDATE OR REPLACE entry SET seq = 2 WHERE seq = 1",
    "UPDATE OR IGNORE record SET bytes = x'00' WHERE seq = 1",
    "UPDATE record SET bytes = x'00'",
    "UPDATE listing SET kind = 'x'",
    "UPDATE OR REPLACE listing SET stream = 'incident/0', n = 1 WHERE seq = 2",
    "UPDATE disposal SET by_entry = 1",
    "DELETE FROM entry WHERE seq = 3",
    "DELETE FROM entry",
    "DELETE FROM record WHERE seq = 1",
    "DELETE FROM listing WHERE seq = 1",
    "DELETE FROM disposal",
    "INSERT INTO entry VALUES (1, zeroblob(32), zeroblob(32))",
    "INSERT OR REPLACE INTO entry VALUES (1, zeroblob(32), zeroblob(32))",
    "REPLACE INTO entry VALUES (3, zeroblob(32), zeroblob(32))",
    "INSERT OR IGNORE INTO entry VALUES (1, zeroblob(32), zeroblob(32))",
    "INSERT INTO entry VALUES (1, zeroblob(32), zeroblob(32)) ON CONFLICT(seq) DO UPDATE SET leaf = excluded.leaf",
    "INSERT INTO entry VALUES (99, zeroblob(32), zeroblob(32))",
    "INSERT INTO entry VALUES (0, zeroblob(32), zeroblob(32))",
    "INSERT INTO entry VALUES (-5, zeroblob(32), zeroblob(32))",
    "INSERT INTO entry(leaf, chain) SELECT leaf, chain FROM entry WHERE zeroblob(32) IS NULL OR seq = 1 LIMIT 0, 2",
    "REPLACE INTO record VALUES (1, zeroblob(32), x'00')",
    "INSERT INTO record VALUES (1, zeroblob(32), x'00') ON CONFLICT DO UPDATE SET bytes = excluded.bytes",
    "REPLACE INTO listing VALUES (1, 'incident/9', 1, 'k', 'at', NULL, 'x')",
    "REPLACE INTO listing VALUES (4, 'incident/0', 1, 'k', 'at', NULL, 'x')",  # by its other unique key
    "INSERT OR REPLACE INTO listing VALUES (2, 'incident/9', 1, 'k', 'at', NULL, 'x')",
    "REPLACE INTO disposal VALUES (2, 3)",
    "INSERT INTO disposal VALUES (2, 1)",
)
# What changes the guards themselves: the guard's own business.
UNDOING = (
    *(f"DROP TRIGGER {table}_no_{event}" for table in KEPT for event in ("update", "delete", "insert")),
    *(f"DROP TABLE {table}" for table in KEPT),
    *("DROP INDEX listing_at", "DROP TABLE words", "DROP TABLE incident"),
    *("ALTER TABLE entry RENAME TO old", "ALTER TABLE entry ADD COLUMN x", "ALTER TABLE record DROP COLUMN salt"),
    "CREATE TABLE entry2 AS SELECT * FROM entry",
    "CREATE TABLE x(y)",
    "CREATE TEMP TABLE entry(seq)",
    "CREATE TEMP TRIGGER t BEFORE INSERT ON entry BEGIN SELECT RAISE(IGNORE); END",
    "CREATE TRIGGER t AFTER INSERT ON entry BEGIN DELETE FROM draft; END",
    *("CREATE VIEW v AS SELECT 1", "CREATE TEMP VIEW entry AS SELECT 1", "CREATE INDEX i ON entry(leaf)"),
    *("CREATE VIRTUAL TABLE t USING fts5(a)", "REINDEX", "ANALYZE"),
    *("ATTACH ':memory:' AS m", "ATTACH 'other.db' AS m KEY ''", "DETACH main", "VACUUM", "VACUUM INTO 'copy.db'"),
    "UPDATE sqlite_schema SET sql = '' WHERE type = 'trigger'",
    "DELETE FROM sqlite_schema WHERE type = 'trigger'",
    "INSERT INTO sqlite_schema VALUES ('table', 'x', 'x', 0, 'CREATE TABLE x(y)')",
    "SELECT load_extension('x')",
    *(
        f"PRAGMA {pragma}"
        for pragma in (
            *("writable_schema = ON", "writable_schema = RESET", "recursive_triggers = OFF", "foreign_keys = OFF"),
            *("ignore_check_constraints = ON", "trusted_schema = ON", "synchronous = OFF", "journal_mode = WAL"),
            *("journal_mode = MEMORY", "journal_mode = OFF", "secure_delete = OFF", "temp_store = FILE"),
            *("rekey = 'x'", "key = 'x'", "cipher_memory_security = OFF", "cipher_log = 'log.txt'"),
            *("schema_version = 1", "user_version = 9", "locking_mode = EXCLUSIVE", "legacy_alter_table = ON"),
            *("temp_store_directory = '/'", "case_sensitive_like = ON", "incremental_vacuum", "optimize"),
            *("cipher_plaintext_header_size = 32", "wal_checkpoint", "cipher_export('x')", "defer_foreign_keys = ON"),
            *("query_only = ON", "mmap_size = 1", "cache_spill = OFF", "max_page_count = 1", "application_id = 1"),
        )
    ),
)


def contents(log: Database) -> list[object]:
    with log.reading() as connection:
        whole: list[object] = []
        for table in KEPT:
            whole += connection.exec_driver_sql(f"SELECT * FROM {table} ORDER BY 1").fetchall()  # noqa: S608
        return [*whole, schema.found(connection), connection.exec_driver_sql("PRAGMA recursive_triggers").scalar()]


@pytest.fixture
def filled(journal: Journal, log: Database) -> Database:
    """Three entries, of which the second was disposed of by the third."""
    fill(journal, 3)
    with log.writing() as connection:
        connection.exec_driver_sql("INSERT INTO disposal VALUES (2, 3)")
    return log


@pytest.mark.parametrize("statement", [*CHANGES, *UNDOING])
def test_it_is_refused_through_the_program(filled: Database, statement: str) -> None:
    before = contents(filled)
    with filled.reading() as connection:
        driver = connection.connection.dbapi_connection
        assert driver is not None
        with pytest.raises((dbapi2.DatabaseError, dbapi2.OperationalError, dbapi2.IntegrityError)):
            driver.execute(statement).fetchall()
        driver.rollback()
    assert contents(filled) == before


@pytest.mark.parametrize("statement", CHANGES)
def test_the_triggers_alone_refuse_it_too(filled: Database, path: Path, statement: str) -> None:
    before = contents(filled)
    bare = recipe.connect(path, KEY)
    with pytest.raises(dbapi2.IntegrityError, match="append-only"):
        bare.execute(statement)
    bare.close()
    assert contents(filled) == before


def test_a_refused_change_is_told_in_plain_words(filled: Database) -> None:
    with pytest.raises(StoreError, match="only grows") as told, filled.writing() as connection:
        connection.exec_driver_sql("DELETE FROM entry")
    assert told.value.exit_code == 5
    with pytest.raises(StoreError, match="only grows"), filled.writing() as connection:
        connection.exec_driver_sql("REPLACE INTO entry VALUES (1, zeroblob(32), zeroblob(32))")


def test_a_record_may_go_only_where_a_disposal_names_it(filled: Database, path: Path) -> None:
    bare = recipe.connect(path, KEY)
    bare.execute("DELETE FROM record WHERE seq = 2")
    bare.execute("DELETE FROM listing WHERE seq = 2")
    for back in (
        "INSERT INTO record VALUES (2, zeroblob(32), x'00')",
        "INSERT INTO listing VALUES (2, 'incident/9', 1, 'k', 'at', NULL, 'x')",
    ):
        with pytest.raises(dbapi2.IntegrityError, match="append-only"):
            bare.execute(back)
    bare.close()


def test_there_is_a_trigger_for_each_table_and_event() -> None:
    made = " ".join(schema.TRIGGERS)
    for table in KEPT:
        for event in ("UPDATE", "DELETE", "INSERT"):
            assert f"BEFORE {event} ON {table}" in made
