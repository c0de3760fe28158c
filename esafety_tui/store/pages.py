"""Pages of the log by key, in any order it can be sorted in, from any place: never OFFSET, never the whole of it.

Most orders are one whole number a row. By lead and by status the log stands in bands, newest first within each.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal

from sqlalchemy import Connection, Select, bindparam, func, literal_column, select
from sqlalchemy.sql.elements import ColumnElement

from esafety_tui.store import rows
from esafety_tui.store.access import RULES, Reader
from esafety_tui.store.columns import incident, tally, words
from esafety_tui.store.database import Database
from esafety_tui.store.filters import Narrowed, Wanted, conditions, narrowed
from esafety_tui.store.prepared import Prepared
from esafety_tui.store.projection import due_key, happened_key, happened_year
from esafety_tui.store.rows import Listed

Sort = Literal["opened", "happened", "due", "lead", "status"]
Direction = Literal["after", "before", "from"]
MOST = 500
COUNTED = 1000
#: Up to so many hits are put in order by sorting them; for more, the order is followed and each row looked up.
SORTED = 20_000
STATUSES = ("open", "halted", "awaiting-police", "waiting", "monitoring", "closed")
_KEY = re.compile(r"(-?\d{1,19})/(.*)", re.DOTALL)


@dataclass(frozen=True)
class Key:
    """A place in a sorted log: of a row, or between two. Worth nothing in another order."""

    number: int
    band: str = ""

    def __str__(self) -> str:
        return f"{self.number}/{self.band}"

    @classmethod
    def read(cls, text: str) -> Key | None:
        """The key that was written down as `str(key)`, or None."""
        found = _KEY.fullmatch(text)
        return cls(int(found[1]), found[2]) if found and abs(int(found[1])) < 1 << 63 else None


@dataclass(frozen=True)
class Slice:
    """A page in display order: rows with their keys, and whether there are more on either side."""

    rows: tuple[Listed, ...]
    keys: tuple[Key, ...]
    before: bool
    after: bool


NOTHING = Slice((), (), False, False)


class Pages:
    """Pages and counts over the projections of one open database. Any method may raise StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(
        self,
        reader: Reader,
        wanted: Wanted,
        sort: Sort = "opened",
        at: Key | None = None,
        direction: Direction = "after",
        limit: int = 50,
        reverse: bool = False,
        leads: Sequence[str] = (),
    ) -> Slice:
        """A page of what is wanted, `limit` rows (at most 500) after or before a key, or "from" it on with its own row.

        at: None is the top ("before": the end). leads: person ids in the order that "lead" sorts by; "" first.
        """
        limit = min(max(limit, 1), MOST)
        with self._database.reading() as connection:
            bands = _bands(connection, reader, wanted, sort, leads)
            if reverse:
                bands.reverse()
            walk = _Walk(connection, bands, sort, (sort == "due") == reverse, self._database)
            return walk.slice(at, direction, limit)

    def count(self, reader: Reader, wanted: Wanted, most: int = COUNTED) -> int:
        """How many rows there are, exact up to `most`; one more means more than that."""
        with self._database.reading() as connection:
            found = narrowed(reader, wanted, _years(connection, wanted), _happened(connection, wanted))
            return 0 if found is None else _counted(connection, found, most + 1)

    def total(self, reader: Reader, wanted: Wanted, most: int = SORTED) -> tuple[int, bool]:
        """How many rows there are, and whether that is exact: all by a counter, a selection bounded by `most`."""
        if wanted == Wanted() and reader.may_read_all and reader is not RULES:
            with self._database.reading() as connection:
                known = connection.execute(_COMMON).scalar() or 0
                found = narrowed(reader, wanted, (0, 0))
                assert found is not None
                rest = _in_rest(connection, found, most)
            return int(known) + rest, rest < most
        count = self.count(reader, wanted, most)
        return min(count, most), count <= most

    def key_of(self, reader: Reader, ref: str, sort: Sort = "opened") -> Key | None:
        """Where an incident stands in an order; None where it is missing or closed to this reader."""
        from esafety_tui.store.browse import one

        with self._database.reading() as connection:
            found = one(connection, reader, ref)
            if not found:
                return None
            (row,) = rows.listed(connection, found)
            id = int(found[0][0])
        if sort == "happened":
            return Key(happened_key(row.happened_at or row.opened_at, id))
        if sort == "due":
            return Key(due_key(row.next_due, id))
        return Key(id, {"lead": row.lead, "status": row.status}.get(sort, ""))

    def key_at(self, at: str, sort: Sort = "opened") -> Key:
        """The place in an order by time from which on everything is earlier than `at` (UTC ISO text; "due": a day, and
        everything is due then or later)."""
        if sort == "happened":
            return Key(happened_key(at, 0))
        if sort == "due":
            return Key(due_key(at, 0))
        with self._database.reading() as connection:
            return Key(int(connection.exec_driver_sql(_OPENED_BEFORE, (at,)).scalar() or 0))

    def span(self, sort: Sort = "opened") -> tuple[int, int]:
        """The lowest and the highest key of the whole log, for a scroll bar; (0, 0) where it is empty."""
        column = {"happened": "happened_key", "due": "due_key"}.get(sort, "id")
        query = f"SELECT (SELECT min({column}) FROM incident), (SELECT max({column}) FROM incident)"  # noqa: S608
        with self._database.reading() as connection:
            low, high = connection.exec_driver_sql(query).one()
        return int(low or 0), int(high or 0)


class _Walk:
    """Reading rows along one order, band by band."""

    def __init__(
        self,
        connection: Connection,
        bands: list[tuple[str, Narrowed]],
        sort: Sort,
        down: bool,
        database: Database,
    ) -> None:
        self._connection, self._bands, self._down = connection, bands, down
        self._column = sort if sort in ("happened", "due") else "opened"

    def slice(self, at: Key | None, direction: Direction, limit: int) -> Slice:
        forward = direction != "before"
        found = self._read(at, forward, direction == "from", limit + 1)
        more, found = len(found) > limit, found[:limit]
        if not found:
            other = at is not None and bool(self._read(None, True, False, 1))
            return Slice((), (), other and forward, other and not forward)
        ends = (found[0][1], found[-1][1])
        other = bool(at) and (bool(self._read(ends[0], not forward, False, 1)))
        if not forward:
            found.reverse()
        values = [row for row, _ in found]
        keys = tuple(key for _, key in found)
        before, after = (other, more) if forward else (more, other)
        return Slice(tuple(rows.listed(self._connection, values)), keys, before, after)

    def _read(self, at: Key | None, forward: bool, including: bool, limit: int) -> list[tuple[tuple[Any, ...], Key]]:
        names = [name for name, _ in self._bands]
        order = list(self._bands) if forward else list(reversed(self._bands))
        if at is not None and at.band in names:
            order = order[[name for name, _ in order].index(at.band) :]
        found: list[tuple[tuple[Any, ...], Key]] = []
        down = self._down == forward
        for name, band in order:
            wanted = limit - len(found)
            if wanted <= 0:
                break
            compare = ("<" if down else ">") + ("=" if including else "") if at and name == at.band else ""
            values = {**band.values, "match": band.match, "most": wanted, "at": at.number if at else 0}
            query = page_query(band.shape, self._column, compare, down, self._plan(band.match))
            for row in query.rows(self._connection, values):
                found.append((row, Key(int(row[-1]), name)))
        return found

    def _plan(self, match: str) -> str:
        """How the index is used: "" not at all, "found" in its own order, "sorted", or "looked-up" row by row."""
        if not match:
            return ""
        if self._column == "opened":
            return "found"
        return "sorted" if _hits(self._connection, match, SORTED + 1) <= SORTED else "looked-up"


_KEYS: dict[str, ColumnElement[Any]] = {
    "opened": incident.c.id,
    "happened": incident.c.happened_key,
    "due": incident.c.due_key,
}
_MATCH: ColumnElement[bool] = literal_column("words.words").op("MATCH")(bindparam("match"))


@lru_cache(maxsize=512)
def page_query(shape: frozenset[str], column: str, compare: str, down: bool, plan: str) -> Prepared:
    """The page query for a set of conditions: built once, so that a page costs little more than SQLite itself."""
    key = words.c.rowid if plan == "found" else _KEYS[column]
    query: Select[Any] = select(*rows.ROW, key.label("key")).where(*conditions(shape))
    if plan == "found":
        query = query.where(_MATCH, words.c.rowid == incident.c.id)
    elif plan == "sorted":
        query = query.where(incident.c.id.in_(select(words.c.rowid).where(_MATCH)))
        key = literal_column(f"+incident.{key.name}")
    elif plan == "looked-up":
        query = query.where(select(words.c.rowid).where(_MATCH, words.c.rowid == incident.c.id).exists())
    if compare:
        query = query.where(key.op(compare)(bindparam("at")))
    return Prepared(query.order_by(key.desc() if down else key.asc()).limit(bindparam("most")))


def _bands(
    connection: Connection, reader: Reader, wanted: Wanted, sort: Sort, leads: Sequence[str]
) -> list[tuple[str, Narrowed]]:
    """The bands of an order, in it; one for most. Those in which nothing can be are left out."""
    years, happened = _years(connection, wanted), _happened(connection, wanted)
    names: Sequence[str | None] = (None,)
    if sort == "status":
        names = STATUSES if wanted.status is None else (wanted.status,)
    elif sort == "lead":
        names = tuple(dict.fromkeys(("", *leads))) if wanted.lead is None else (wanted.lead,)
    made = [
        (name or "", narrowed(reader, wanted if name is None else _banded(wanted, sort, name), years, happened))
        for name in names
    ]
    return [(name, found) for name, found in made if found is not None]


def _banded(wanted: Wanted, sort: Sort, name: str) -> Wanted:
    return replace(wanted, lead=name) if sort == "lead" else replace(wanted, status=name)


def _years(connection: Connection, wanted: Wanted) -> tuple[int, int]:
    """The first and the last year in which a case was opened, where somebody asks for a time."""
    if wanted.since is None and wanted.until is None:
        return 0, 0
    first, last = connection.exec_driver_sql(_OPENED).one()
    return _year(first), _year(last)


def _happened(connection: Connection, wanted: Wanted) -> tuple[int, int]:
    """The same of when cases happened."""
    if wanted.happened_since is None and wanted.happened_until is None:
        return 0, 0
    first, last = connection.exec_driver_sql(_FIRST_HAPPENED).one()
    return happened_year(int(first or 0)), happened_year(int(last or 0))


def _year(at: object) -> int:
    return int(str(at)[:4]) if str(at)[:4].isdecimal() else 1


def _counted(connection: Connection, found: Narrowed, most: int) -> int:
    if not found.plain:
        return _run(connection, found, most)
    known = _hits(connection, found.plain, most)
    return known if known >= most else known + _in_rest(connection, found, most - known)


def _in_rest(connection: Connection, found: Narrowed, most: int) -> int:
    # Mostly there is nothing of which only some may know: asking the index whether there is costs least.
    if not found.rest or not _hits(connection, found.rest, 1):
        return 0
    return _run(connection, replace(found, match=found.rest), most)


def _hits(connection: Connection, match: str, most: int) -> int:
    """How many cases the index finds, whoever may see them; counted up to `most`."""
    driver: Any = connection.connection.dbapi_connection
    return int(driver.execute(_HITS, (match, most)).fetchall()[0][0])


def _run(connection: Connection, found: Narrowed, most: int) -> int:
    values = {**found.values, "match": found.match, "most": most}
    return int(_count(found.shape, bool(found.match)).rows(connection, values)[0][0])


@lru_cache(maxsize=128)
def _count(shape: frozenset[str], match: bool) -> Prepared:
    bounded = select(incident.c.id).where(*conditions(shape))
    if match:
        bounded = bounded.where(_MATCH, words.c.rowid == incident.c.id)
    inner = bounded.limit(bindparam("most")).subquery()
    return Prepared(select(func.count()).select_from(inner))


_COMMON = select(tally.c.count).where(tally.c.name == "common")
_HITS = "SELECT count(*) FROM (SELECT 1 FROM words WHERE words MATCH ? LIMIT ?)"
_OPENED = "SELECT (SELECT min(opened_at) FROM incident), (SELECT max(opened_at) FROM incident)"
_FIRST_HAPPENED = "SELECT (SELECT min(happened_key) FROM incident), (SELECT max(happened_key) FROM incident)"
_OPENED_BEFORE = "SELECT id FROM incident WHERE opened_at < ? ORDER BY opened_at DESC, id DESC LIMIT 1"
