"""The journal: entries are added, in one transaction with all that follows from them, and read. Nothing else.

A record is the canonical bytes of header and payload, made once here and never encoded again.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Connection

from esafety_tui.errors import StoreError
from esafety_tui.record import canonical, chain, origin
from esafety_tui.store import drafts, header, projection
from esafety_tui.store.database import Database
from esafety_tui.store.projection import Projection
from esafety_tui.store.troubles import StreamMoved, Unsure
from esafety_tui.vault import heads

PAGE = 500
DISPOSED = "disposed"
_LAST = 2**62
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


@dataclass(frozen=True)
class Draft:
    """An entry to be made. happened: when it took place, (UTC as in Stamp.at, local offset in minutes); late: R15."""

    kind: str
    data: dict[str, Any]
    pv: int = 1
    happened: tuple[str, int] | None = None
    late: bool = False


@dataclass(frozen=True)
class Stamp:
    """When, by whom and how proven entries are made.

    at: UTC, "2026-11-22T09:14:03.123Z"; off: local offset in minutes; by, witness: person ids; proof: "proven",
    "attested", "guest" or "none"; computer: this computer's id.
    """

    at: str
    off: int
    by: str
    witness: str | None = None
    proof: str = "none"
    computer: str = ""

    def __post_init__(self) -> None:
        _check_time(self.at)


@dataclass(frozen=True)
class Entry:
    """An entry as written; what is not named here is as in Stamp and Draft.

    seq counts over the journal, n within its stream, both from 1.

    clockback: the clock stood before the newest entry's. data: the payload as it was made canonical; empty, with
    kind "disposed", where the record was disposed of.
    """

    seq: int
    stream: str
    n: int
    kind: str
    pv: int
    at: str
    off: int
    happened: str | None
    hoff: int | None
    by: str
    witness: str | None
    proof: str
    computer: str
    late: bool
    clockback: bool
    data: dict[str, Any] = field(repr=False)  # names: not in a message, not in a crash
    leaf: bytes
    chain: bytes

    @property
    def origin(self) -> origin.Origin | None:
        """Who wrote it first and when, where it was taken over from another log or copy."""
        return origin.of(self.data)

    @property
    def author(self) -> str:
        """Who wrote it first; who wrote it here is `by`."""
        first = self.origin
        return first.author if first else self.by

    @property
    def second(self) -> str | None:
        """Who was there when it was written first; who was when it was taken over is `witness`."""
        first = self.origin
        return first.witness if first else self.witness

    @property
    def first_written(self) -> tuple[str, int]:
        """When it was written first: UTC as in Stamp.at, local offset."""
        first = self.origin
        return (first.at, first.off) if first else (self.at, self.off)


class Part(NamedTuple):
    """What one stream gets in a transaction. after: how many of its entries the caller has seen.

    projection: the stream's new one, or a function that makes it from the entries just written.
    """

    stream: str
    drafts: Sequence[Draft]
    after: int
    projection: Projection | Callable[[list[Entry]], Projection | None] | None = None


HeadWriter = Callable[[bytes, int, bytes], object]
Also = Callable[[Connection], object]


class Journal:
    """The entries of one open database. `head_kept` is False after the state folder could not be written."""

    def __init__(self, database: Database, write_head: HeadWriter = heads.write_head) -> None:
        self.database = database
        self.head_kept = True
        self._write_head = write_head
        #: In a compartment: the number by which its case stands in the log, beside those that lie in the log itself.
        self.place: int | None = None
        self._genesis = chain.genesis(database.vault_id, database.epoch)

    def append(
        self,
        stream: str,
        drafts: Sequence[Draft],
        stamp: Stamp,
        after: int,
        projection: Projection | Callable[[list[Entry]], Projection | None] | None = None,
        clear_draft: str | None = None,
        also: Also | None = None,
    ) -> list[Entry]:
        """Add entries to one stream; when this returns they are on the disk, and are given back as written.

        also: called inside the transaction, after the entries: what it writes is kept with them or not at all (the
        key of an evidence file). What it raises undoes everything.
        Raises StreamMoved where the stream has not exactly `after` entries, CanonicalError for a payload that has no
        canonical form, StoreError where it cannot be kept: the log is then as it was.
        """
        return self.append_many([Part(stream, drafts, after, projection)], stamp, clear_draft, also)[0]

    def append_many(
        self, parts: Sequence[Part], stamp: Stamp, clear_draft: str | None = None, also: Also | None = None
    ) -> list[list[Entry]]:
        """The same for several streams in one transaction: all of it is kept or none. Gives each part's entries.

        parts: Part, or a plain tuple of the same.
        """
        whole = [Part(*part) for part in parts]
        if not whole or not all(part.drafts for part in whole):
            raise ValueError("nothing to add")
        written: list[list[Entry]] = []
        try:
            with self.database.writing() as connection:
                for part in whole:
                    written.append(self._add(connection, part, stamp))
                if clear_draft is not None:
                    drafts.clear(connection, clear_draft)
                if also is not None:
                    also(connection)
        except Unsure:
            # The disk failed while keeping: what it now holds says whether the answer was saved.
            if not written or not self._holds(written[-1][-1]):
                raise
        newest = written[-1][-1]
        self.head_kept = self._write_head(self.database.vault_id, newest.seq, newest.chain) is not False
        return written

    def read(self, stream: str) -> list[Entry]:
        """Every entry of a stream in order; empty for one that is not there."""
        entries: list[Entry] = []
        while True:
            with self.database.reading() as connection:
                rows = connection.exec_driver_sql(_READ, (stream, entries[-1].n if entries else 0, PAGE)).fetchall()
            entries.extend(entry_of(tuple(row)) for row in rows)
            if len(rows) < PAGE:
                return entries

    def since(self, seq: int, limit: int = PAGE) -> list[Entry]:
        """The entries after number `seq` over all streams, in order, at most 500."""
        with self.database.reading() as connection:
            rows = connection.exec_driver_sql(_SINCE, (seq, min(max(limit, 0), PAGE))).fetchall()
        return [entry_of(tuple(row)) for row in rows]

    def of_kind(self, kind: str, after: int = 0) -> list[Entry]:
        """The entries of one kind after number `after`, over all streams, in order, at most 500."""
        with self.database.reading() as connection:
            rows = connection.exec_driver_sql(_OF_KIND, (kind, after, PAGE)).fetchall()
        return [entry_of(tuple(row)) for row in rows]

    def latest(self, kinds: Sequence[str], before: int = _LAST, limit: int = PAGE) -> list[Entry]:
        """The newest entries of these kinds whose number is below `before`, newest first, at most 500."""
        query = f"{COLUMNS}{_LATEST.format(', '.join('?' * len(kinds)))}"
        with self.database.reading() as connection:
            rows = connection.exec_driver_sql(query, (*kinds, before, min(max(limit, 0), PAGE))).fetchall()
        return [entry_of(tuple(row)) for row in rows]

    def naming(self, person: str, after: int) -> list[Entry]:
        """The entries after number `after` that name somebody as witness, as `person`, or as who wrote them first where
        they were taken over; in order, at most 500.

        Looked for in the stored bytes by SQLite itself, so that the others need not be read.
        """
        wanted = [f'"{key}":{canonical.encode(person).decode()}'.encode() for key in ("author", "person", "witness")]
        with self.database.reading() as connection:
            rows = connection.exec_driver_sql(_NAMING, (after, *wanted, PAGE)).fetchall()
        return [entry_of(tuple(row)) for row in rows]

    def chain_at(self, seq: int) -> bytes | None:
        """The chain value of an entry; None where there is no such entry."""
        if seq == self.database.base:
            return self._genesis
        with self.database.reading() as connection:
            value = connection.exec_driver_sql("SELECT chain FROM entry WHERE seq = ?", (seq,)).scalar()
        return None if value is None else bytes(value)

    def count(self, stream: str) -> int:
        """How many entries the stream has: what `after` must be."""
        with self.database.reading() as connection:
            return _count(connection, stream)

    def head(self) -> tuple[int, bytes]:
        """The newest entry's number and chain value; (0, genesis) for an empty journal (a compartment: its base)."""
        with self.database.reading() as connection:
            return self._head(connection)

    def streams(self) -> list[str]:
        """The names of all streams, the one that began first first."""
        with self.database.reading() as connection:
            rows = connection.exec_driver_sql("SELECT stream FROM listing WHERE n = 1 ORDER BY seq").fetchall()
        return [str(row[0]) for row in rows]

    def _head(self, connection: Connection) -> tuple[int, bytes]:
        row = connection.exec_driver_sql("SELECT seq, chain FROM entry ORDER BY seq DESC LIMIT 1").first()
        return (int(row[0]), bytes(row[1])) if row else (self.database.base, self._genesis)

    def _holds(self, entry: Entry) -> bool:
        try:
            with self.database.reading() as connection:
                value = connection.exec_driver_sql("SELECT chain FROM entry WHERE seq = ?", (entry.seq,)).scalar()
        except StoreError:
            return False
        return value == entry.chain

    def _add(self, connection: Connection, part: Part, stamp: Stamp) -> list[Entry]:
        """Write one part inside the transaction."""
        count = _count(connection, part.stream)
        if count != part.after:
            raise StreamMoved()
        seq, value = self._head(connection)
        newest = connection.exec_driver_sql("SELECT max(at) FROM listing").scalar()
        clockback = newest is not None and stamp.at < str(newest)
        entries: list[Entry] = []
        records: list[tuple[int, bytes, bytes]] = []
        for draft in part.drafts:
            seq += 1
            record = canonical.encode(_header(seq, part.stream, draft, stamp, clockback))
            salt = secrets.token_bytes(chain.SALT_BYTES)
            leaf = chain.leaf(salt, record)
            value = chain.link(value, seq, leaf)
            count += 1
            records.append((seq, salt, record))
            entries.append(entry_of((seq, leaf, value, record, part.stream, count)))
        _insert(connection, entries, records)
        made = part.projection(entries) if callable(part.projection) else part.projection
        if made is not None:
            projection.write(connection, part.stream, made, self.place)
        return entries


COLUMNS = "SELECT e.seq, e.leaf, e.chain, r.bytes, l.stream, l.n "
_READ = (
    COLUMNS + "FROM listing l JOIN entry e ON e.seq = l.seq LEFT JOIN record r ON r.seq = l.seq"
    " WHERE l.stream = ? AND l.n > ? ORDER BY l.n LIMIT ?"
)
_SINCE = (
    COLUMNS + "FROM entry e LEFT JOIN record r ON r.seq = e.seq LEFT JOIN listing l ON l.seq = e.seq"
    " WHERE e.seq > ? ORDER BY e.seq LIMIT ?"
)
_OF_KIND = (
    COLUMNS + "FROM listing l JOIN entry e ON e.seq = l.seq LEFT JOIN record r ON r.seq = l.seq"
    " WHERE l.kind = ? AND l.seq > ? ORDER BY l.seq LIMIT ?"
)
# By the row number alone, which is the order asked for: what the index over the kinds gives would have to be sorted.
_LATEST = (
    "FROM listing l JOIN entry e ON e.seq = l.seq LEFT JOIN record r ON r.seq = l.seq"
    " WHERE +l.kind IN ({}) AND l.seq < ? ORDER BY l.seq DESC LIMIT ?"
)
_NAMING = (
    COLUMNS + "FROM record r JOIN entry e ON e.seq = r.seq JOIN listing l ON l.seq = r.seq"
    " WHERE r.seq > ? AND (instr(r.bytes, ?) > 0 OR instr(r.bytes, ?) > 0 OR instr(r.bytes, ?) > 0)"
    " ORDER BY r.seq LIMIT ?"
)


def _insert(connection: Connection, entries: list[Entry], records: list[tuple[int, bytes, bytes]]) -> None:
    run = connection.exec_driver_sql
    run("INSERT INTO entry(seq, leaf, chain) VALUES (?, ?, ?)", [(e.seq, e.leaf, e.chain) for e in entries])
    run("INSERT INTO record(seq, salt, bytes) VALUES (?, ?, ?)", records)
    run(
        'INSERT INTO listing(seq, stream, n, kind, at, happened, "by") VALUES (?, ?, ?, ?, ?, ?, ?)',
        [(e.seq, e.stream, e.n, e.kind, e.at, e.happened, e.by) for e in entries],
    )


def _count(connection: Connection, stream: str) -> int:
    query = "SELECT max(n) FROM listing WHERE stream = ?"
    return int(connection.exec_driver_sql(query, (stream,)).scalar() or 0)


def _header(seq: int, stream: str, draft: Draft, stamp: Stamp, clockback: bool) -> dict[str, Any]:
    """The record of an entry: header and payload, as FORMAT.md names them."""
    happened, hoff = draft.happened or (None, None)
    if happened is not None:
        _check_time(happened)
    return {
        "v": header.VERSION,
        "seq": seq,
        "stream": stream,
        "kind": draft.kind,
        "pv": draft.pv,
        "at": stamp.at,
        "off": stamp.off,
        "happened": happened,
        "hoff": hoff,
        "by": stamp.by,
        "witness": stamp.witness,
        "proof": stamp.proof,
        "computer": stamp.computer,
        "late": draft.late,
        "clockback": clockback,
        "data": draft.data,
    }


def entry_of(row: tuple[Any, ...]) -> Entry:
    """An Entry from (seq, leaf, chain, record or None, stream, n). Raises StoreError for a record nobody can read."""
    seq, leaf, value, record, stream, n = row
    if record is None:
        return _tombstone(seq, stream or "", n or 0, leaf, value)
    try:
        told: Any = canonical.decode(record)
        if (told["v"], told["seq"], told["stream"]) != (header.VERSION, seq, stream):
            raise ValueError("the record of another entry, or of a later program")
        return Entry(
            *(seq, stream, n, told["kind"], told["pv"], told["at"], told["off"]),
            *(told["happened"], told["hoff"], told["by"], told["witness"], told["proof"], told["computer"]),
            *(told["late"], told["clockback"], told["data"], leaf, value),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(
            f"Entry {seq} cannot be read",
            "Its record is damaged or was changed from outside.",
            "Do not write in this log; run esafety verify, and keep the file as it is.",
        ) from error


def _tombstone(seq: int, stream: str, n: int, leaf: bytes, value: bytes) -> Entry:
    """What is left of an entry whose record was disposed of."""
    return Entry(
        *(seq, stream, n, DISPOSED, 1, "", 0, None, None, "", None, "none", "", False, False),
        data={},
        leaf=leaf,
        chain=value,
    )


def _check_time(at: str) -> None:
    if not _TIME.fullmatch(at):
        raise ValueError("times are UTC, to the millisecond, like 2026-11-22T09:14:03.123Z")
