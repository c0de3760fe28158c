"""The database as it must be: tables, append-only triggers, search index, and a fingerprint that `verify` compares."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

VERSION = 4
#: Which projections the rows are of; kept in `meta`, so that older ones are made anew (projection.py).
PROJECTIONS = 12
#: In `meta`, after a restore: the header's epoch. `epoch` there stays that in which the journal began.
RESTORED = "restored"
#: In `meta` of a copy that the school has gone on without: the note of it, as JSON ({"at", "epoch", "v"}).
SUPERSEDED = "superseded"
#: In `meta` of a compartment: the number after which its entries begin; in a log's own database there is none.
BASE = "base"
#: The newest version that replaced a projection.
REPLACED_LAST = 3

SEARCH = (
    # Contentless: the index alone, no second copy of the text. Its merges are left to quiet moments (search.tidy).
    "CREATE VIRTUAL TABLE words USING fts5(body, names, tags, content='', contentless_delete=1,"
    " prefix='1 2 3', tokenize='unicode61 remove_diacritics 2')",
    "INSERT INTO words(words, rank) VALUES('automerge', 0)",
)


def _never(table: str, event: str, rule: str = "") -> str:
    """A trigger that stops `event` on `table`, always or where `rule` holds."""
    name = f"{table}_no_{event.lower()}"
    when = f" WHEN {rule}" if rule else ""
    return (
        f"CREATE TRIGGER {name} BEFORE {event} ON {table}{when} BEGIN SELECT RAISE(ABORT, 'append-only: {table}'); END"
    )


def _any(*rules: str) -> str:
    return " OR ".join(rules)


_OLD_DISPOSED = "EXISTS (SELECT 1 FROM disposal WHERE seq = OLD.seq)"
_NEW_DISPOSED = "EXISTS (SELECT 1 FROM disposal WHERE seq = NEW.seq)"
_RECORD_THERE = "EXISTS (SELECT 1 FROM record WHERE seq = NEW.seq)"
_LISTING_THERE = "EXISTS (SELECT 1 FROM listing WHERE seq = NEW.seq)"
_FIRST_ENTRY = "coalesce(max(seq), 0) + 1 FROM entry"
_NEXT_ENTRY = f"(SELECT {_FIRST_ENTRY})"
_NEXT_PLACE = "(SELECT coalesce(max(n), 0) + 1 FROM listing WHERE stream = NEW.stream)"

# REPLACE walks past UPDATE and DELETE triggers, and past the authorizer: hence one on INSERT for every unique key too.
TRIGGERS = (
    _never("entry", "UPDATE"),
    _never("entry", "DELETE"),
    _never("entry", "INSERT", f"NEW.seq IS NOT {_NEXT_ENTRY}"),
    _never("record", "UPDATE"),
    _never("record", "DELETE", f"NOT {_OLD_DISPOSED}"),
    _never("record", "INSERT", _any(_NEW_DISPOSED, _RECORD_THERE)),
    _never("disposal", "UPDATE"),
    _never("disposal", "DELETE"),
    _never("disposal", "INSERT", _NEW_DISPOSED),
    _never("listing", "UPDATE"),
    _never("listing", "DELETE", f"NOT {_OLD_DISPOSED}"),
    _never(
        "listing",
        "INSERT",
        _any(_NEW_DISPOSED, _LISTING_THERE, f"NEW.n IS NOT {_NEXT_PLACE}"),
    ),
)


@lru_cache(maxsize=1)
def statements() -> tuple[str, ...]:
    """Every statement that makes an empty database, in order, but for the rows of `meta`."""
    from esafety_tui.store.tables import INDEXED, TABLES  # only here: see the note in tables.py

    return (*_declared(TABLES), *(one for made in INDEXED.values() for one in made), *TRIGGERS, *SEARCH)


@lru_cache
def added(version: int) -> tuple[str, ...]:
    """The statements that make a database of the version before into one of `version`. Never changes what is kept.

    Projections that are replaced are empty afterwards: the desk makes them again from the entries.
    """
    from esafety_tui.store.tables import ADDED, INDEXED, REPLACED

    made = (*_declared(ADDED.get(version, ())), *INDEXED.get(version, ()))
    if version not in REPLACED:
        return made
    before, since = REPLACED[version]
    gone = [f"DROP TABLE {_row(one)[1]}" for one in before if one.startswith("CREATE TABLE")]
    return (*gone, *_declared(since), *made)


def create(connection: Connection, facts: dict[str, str]) -> None:
    """Make the tables in an empty database and write `facts` into `meta`; the caller owns the transaction."""
    for statement in statements():
        connection.exec_driver_sql(_numbered(statement, int(facts.get(BASE, "0"))))
    rows = list({"schema": str(VERSION), "projections": str(PROJECTIONS), **facts}.items())
    connection.exec_driver_sql("INSERT INTO meta(key, value) VALUES (?, ?)", rows)


@lru_cache
def expected(version: int = VERSION, base: int = 0) -> bytes:
    """The fingerprint that a database of this version must have. base: the number after which its entries begin."""
    from esafety_tui.store.tables import REPLACED

    later = {statement for number in range(version + 1, VERSION + 1) for statement in added(number)}
    before = [one for number in range(version + 1, VERSION + 1) for one in REPLACED.get(number, ((),))[0]]
    made = [_numbered(one, base) for one in statements() if one.startswith("CREATE") and one not in later]
    return _digest([_row(one) for one in (*made, *before)])


def version(connection: Connection) -> int:
    """The version that the database at hand says it has."""
    return int(connection.exec_driver_sql("SELECT value FROM meta WHERE key = 'schema'").scalar() or 0)


def base(connection: Connection) -> int:
    """The number after which the entries of the database at hand begin: 0, but for a compartment."""
    return int(connection.exec_driver_sql("SELECT value FROM meta WHERE key = ?", (BASE,)).scalar() or 0)


def _numbered(statement: str, base: int) -> str:
    """The statement for a database whose first entry has the number `base` + 1."""
    return statement.replace(_FIRST_ENTRY, f"coalesce(max(seq), {base:d}) + 1 FROM entry") if base else statement


def found(connection: Connection) -> bytes:
    """The fingerprint of the database at hand, without the search index's own tables, which SQLite writes."""
    rows = connection.exec_driver_sql(
        "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL"
        " AND name NOT IN ('words_data', 'words_idx', 'words_docsize', 'words_config')"
    )
    return _digest([(str(kind), str(name), _plain(str(sql))) for kind, name, sql in rows.fetchall()])


def _declared(models: Sequence[type]) -> list[str]:
    """Tables of tables.py, with their indexes, as statements."""
    made: list[str] = []
    for model in models:
        table: Table = getattr(model, "__table__")  # noqa: B009, made by SQLModel
        made.append(str(CreateTable(table).compile(dialect=sqlite.dialect())).strip())
        indexes = sorted(table.indexes, key=lambda index: str(index.name))
        made.extend(str(CreateIndex(index).compile(dialect=sqlite.dialect())).strip() for index in indexes)
    return made


def _row(statement: str) -> tuple[str, str, str]:
    """(type, name, plain statement) as sqlite_schema would have it."""
    match = re.match(r'CREATE (VIRTUAL TABLE|UNIQUE INDEX|TABLE|INDEX|TRIGGER) "?(\w+)', statement)
    if match is None:
        raise ValueError(f"not a CREATE statement: {statement[:40]}")
    return match[1].split()[-1].lower(), match[2], _plain(statement)


def _plain(statement: str) -> str:
    """The statement without what may differ and mean nothing: white space, quotes round names, case."""
    return re.sub(r"\s+", "", statement).replace('"', "").casefold()


def _digest(rows: Iterable[tuple[str, str, str]]) -> bytes:
    return hashlib.sha256("\n".join("\t".join(row) for row in sorted(rows)).encode()).digest()
