"""Made-up material for the tests of the store."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from esafety_tui.record.words import Cost
from esafety_tui.store import database, recipe, verify
from esafety_tui.store.browse import Reader
from esafety_tui.store.database import Database
from esafety_tui.store.journal import Draft, Entry, Journal, Stamp
from esafety_tui.store.projection import DueRow, IncidentRow, PersonRow, Projection

KEY = bytes(range(32))
VAULT = b"v" * 16
EPOCH = b"e" * 16
CHEAP = Cost(passes=1, memory_kib=8, lanes=1)
LEADER = Reader("lead-1", may_read_all=True, reads_child_protection=True)


def stamp(minute: int = 0, by: str = "lead-1") -> Stamp:
    hour, rest = divmod(minute, 60)
    return Stamp(at=f"2026-11-22T{hour % 24:02d}:{rest:02d}:00.000Z", off=0, by=by, computer="pc-1")


def draft(kind: str = "noted", **data: Any) -> Draft:
    return Draft(kind, data)


def fill(journal: Journal, entries: int, streams: int = 2) -> list[Entry]:
    """Write `entries` entries, one at a time, in turn over `streams` incidents."""
    written: list[Entry] = []
    counts = [0] * streams
    for i in range(entries):
        which = i % streams
        written += journal.append(f"incident/{which}", [draft(text=f"note {i}")], stamp(i), counts[which])
        counts[which] += 1
    return written


def incident(ref: str = "K7Q-2M", name: str = "Jamie Weir", text: str = "a phone", **more: Any) -> Projection:
    """An incident about one pupil."""
    person = PersonRow("P1", more.pop("who", "pupil-1"), "pupil", "subject", name, "9B")
    due = (DueRow("review", "Review the case", "lead-1", "2026-11-29", ref),)
    opened = more.pop("opened_at", "2026-11-22T09:00:00.000Z")
    row = IncidentRow(ref, opened, **{"lead": "lead-9", "kinds": ("bullying",), **more})
    return Projection(row, (person,), due, text)


@contextmanager
def fresh() -> Iterator[Database]:
    """A new, empty log that is gone afterwards: for tests that need many."""
    with tempfile.TemporaryDirectory() as folder:
        log = database.create(Path(folder) / "log-1.db", KEY, VAULT, EPOCH)
        try:
            yield log
        finally:
            log.close()


@contextmanager
def raw(path: Path, key: bytes = KEY) -> Iterator[dbapi2.Connection]:
    """The file in the hands of somebody who has the key and other tools: no guard, no triggers, no checks."""
    connection = recipe.connect(path, key)
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("PRAGMA ignore_check_constraints = ON")
    kept = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    connection.execute("BEGIN IMMEDIATE")
    for name, _ in kept:
        connection.execute(f"DROP TRIGGER {name}")
    yield connection
    for _, statement in kept:
        connection.execute(statement)
    connection.execute("COMMIT")
    connection.close()


def make_old(hands: dbapi2.Connection, version: int) -> None:
    """Turn a log in somebody's hands into one of an earlier version of the schema, its rows as they were then."""
    from esafety_tui.store.tables import REPLACED

    hands.execute("DROP INDEX listing_kind")
    hands.execute("UPDATE meta SET value = ? WHERE key = 'schema'", (str(version),))
    if version > 2:
        return
    kept = hands.execute("SELECT * FROM incident").fetchall()
    for table in ("tally", "incident", *(("evidence_key",) if version == 1 else ())):
        hands.execute(f"DROP TABLE {table}")
    for statement in REPLACED[3][0]:
        hands.execute(statement)
    width = len(hands.execute("PRAGMA table_info(incident)").fetchall())
    places = ", ".join("?" * width)
    hands.executemany(f"INSERT INTO incident VALUES ({places})", [row[:width] for row in kept])  # noqa: S608
    hands.execute("DELETE FROM meta WHERE key = 'projections'")


def check(log: Database, **more: Any) -> verify.Report:
    return verify.verify(log, cost=CHEAP, **more)
