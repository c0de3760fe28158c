"""Checking the whole log: every page, every entry, the chain, the copies used for finding, and the heads seen outside.

What cannot be found from inside, and is said so: a whole older file put back, by somebody who also put back this
computer's head file, or who rewrote the chain with the key. Only a head kept on paper, or elsewhere, tells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256 as _sha256
from typing import Any, Protocol

from sqlalchemy import Connection
from sqlcipher3 import dbapi2

from esafety_tui.errors import StoreError
from esafety_tui.record import chain, words
from esafety_tui.store import disposal_check, evidence_check, header, schema
from esafety_tui.store.database import Database

PAGE = 500
#: So many of SQLite's own steps pass before somebody may stop it.
_STEPS = 1_000_000
_MOST_FINDINGS = 200


class Seen(Protocol):
    """A head that was kept outside the journal: entry number and chain value."""

    @property
    def seq(self) -> int: ...

    @property
    def chain(self) -> bytes: ...


@dataclass(frozen=True)
class Finding:
    """Something that is not as it must be. seq: the entry, or None where it is about the file. left_over: nothing of
    the record is wrong; a broken-off intake left a file that no entry names and nobody can open."""

    seq: int | None
    text: str
    left_over: bool = False


@dataclass(frozen=True)
class Report:
    """What `verify` found. ok: nothing; first_bad: the lowest entry number of the findings, or None.

    epoch: hex. head: 64 hex digits of the newest entry's chain value. words: its number and six words. tombstones:
    entries whose record was disposed of. anchored: (last entry copied out, entries since), or None. findings: at most
    200. evidence_checked: files that entries name; evidence_bad: those of them that are missing or not as the entry
    says; evidence_absent: ids of others, which need not be there and are not.
    """

    ok: bool
    entries: int
    epoch: str
    head: str
    words: str
    first_bad: int | None
    findings: list[Finding]
    evidence_checked: int = 0
    evidence_bad: int = 0
    evidence_absent: tuple[str, ...] = ()
    tombstones: int = 0
    anchored: tuple[int, int] | None = None


Progress = Callable[[int, int], object]
#: For a check whose report nobody copies by hand: its six words cost nothing, and are none.
NO_WORDS = words.Cost(passes=1, memory_kib=8, lanes=1)


def verify(
    database: Database,
    head: words.Head | None = None,
    heads: Iterable[Seen] = (),
    *,
    anchored: int | None = None,
    progress: Progress | None = None,
    cost: words.Cost = words.HEAD_COST,
    files: evidence_check.Where | None = evidence_check.BESIDE,
) -> Report:
    """Check everything; memory does not grow with the log, but for a few words for each evidence file.

    head: copied from paper (record.words.parse_head). heads: seen by this computer (vault.heads.read_heads). anchored:
    the last entry number copied out. files: where the evidence files are; None: they are not checked. progress: called
    with (entries done, entries in all) after each page; what it raises ends the check. Raises StoreError where the file
    cannot even be opened.
    """
    with database.another() as other:
        run = _Run(other, [*_seen(heads), *_paper(head)], progress)
        run.pages()
        run.shape()
        run.entries(database.base, chain.genesis(database.vault_id, database.epoch))
        run.positions()
        run.whole()
        run.disposals()
        if files is not None:
            run.files(files)
        run.outside(database.vault_id, cost)
    bad = [finding.seq for finding in run.findings if finding.seq is not None]
    return Report(
        ok=not run.findings,
        entries=run.count,
        epoch=database.header_epoch.hex(),
        head=run.value.hex(),
        words=f"{run.last} {words.head_words(run.value, database.vault_id, cost)}",
        first_bad=min(bad, default=None),
        findings=run.findings,
        evidence_checked=len(run.exhibits.named) - len(run.absent),
        evidence_bad=run.files_bad,
        evidence_absent=run.absent,
        tombstones=run.tombstones,
        anchored=None if anchored is None else (anchored, max(run.last - anchored, 0)),
    )


def verify_tail(database: Database, heads: Iterable[Seen]) -> list[Finding]:
    """The quick check at unlock: every head this computer has seen is in the journal, and what follows hangs together.

    Reads only what was added since the newest of them. Raises StoreError.
    """
    seen = _seen(heads)
    run = _Run(database, seen, None)
    run.look_up()
    if not run.findings and seen:
        start = max(seen, key=lambda one: one.seq or 0)
        run.sought = []
        run.entries(start.seq or 0, start.chain or b"")
    return run.findings


def _seen(heads: Iterable[Seen]) -> list[words.Head]:
    return [words.Head(seq=one.seq, chain=one.chain) for one in heads]


def _paper(head: words.Head | None) -> list[words.Head]:
    return [] if head is None else [head]


# seq, leaf, chain, salt, record, stream, kind, at, happened, by: of one entry, as `_ROWS` gives it.
_Row = tuple[int, bytes, bytes, bytes | None, bytes | None, Any, Any, Any, Any, Any]

_ROWS = (
    'SELECT e.seq, e.leaf, e.chain, r.salt, r.bytes, l.stream, l.kind, l.at, l.happened, l."by"'
    " FROM entry e LEFT JOIN record r ON r.seq = e.seq LEFT JOIN listing l ON l.seq = e.seq"
    " WHERE e.seq > ? ORDER BY e.seq LIMIT ?"
)
# One pass over an index: positions must count from 1 in each stream, and go up with the entry numbers.
_POSITIONS = (
    "SELECT seq FROM (SELECT seq, n, lag(n, 1, 0) OVER stream_order AS n0, lag(seq, 1, 0) OVER stream_order AS seq0"
    " FROM listing WINDOW stream_order AS (PARTITION BY stream ORDER BY n))"
    " WHERE n <> n0 + 1 OR seq <= seq0 ORDER BY seq LIMIT 20"
)
_HALF_GONE = (
    "SELECT seq FROM disposal d WHERE EXISTS (SELECT 1 FROM record r WHERE r.seq = d.seq)"
    " OR EXISTS (SELECT 1 FROM listing l WHERE l.seq = d.seq) ORDER BY seq LIMIT 20"
)


@dataclass
class _Run:
    """One check under way."""

    database: Database
    sought: list[words.Head]
    progress: Progress | None
    findings: list[Finding] = field(default_factory=list)
    count: int = 0
    tombstones: int = 0
    last: int = 0
    value: bytes = b""
    met: dict[int, bytes] = field(default_factory=dict)
    exhibits: evidence_check.Exhibits = field(default_factory=evidence_check.Exhibits)
    files_bad: int = 0
    absent: tuple[str, ...] = ()

    def say(self, seq: int | None, text: str, left_over: bool = False) -> None:
        if len(self.findings) < _MOST_FINDINGS:
            self.findings.append(Finding(seq, text, left_over))

    def pages(self) -> None:
        """Every page of the file against its own seal."""
        with self.database.reading() as connection:
            broken = connection.exec_driver_sql("PRAGMA cipher_integrity_check").fetchmany(20)
        for row in broken:
            self.say(None, f"The file is damaged: {row[0]}.")

    def shape(self) -> None:
        """The tables and the triggers that only let the log grow."""
        try:
            with self.database.reading() as connection:
                expected = schema.expected(schema.version(connection), schema.base(connection))
                same = schema.found(connection) == expected
        except (StoreError, ValueError):
            self.say(None, "The list of tables cannot be read.")
            return
        if not same:
            self.say(None, "The tables, or the guards that let the log only grow, were changed from outside.")

    def entries(self, after: int, value: bytes) -> None:
        """Every entry after number `after`, whose chain value is `value`."""
        self.last, self.value = after, value
        wanted = {head.seq for head in self.sought if head.seq is not None}
        unnumbered = {head.chain for head in self.sought if head.seq is None}
        if after in wanted:
            self.met[after] = value
        try:
            for page in self._pages():
                for row in page:
                    self._link(row[0], row[1], row[2])
                    self._content(row)
                    if row[0] in wanted or row[2] in unnumbered:
                        self.met[row[0]] = row[2]
        except StoreError:
            self.say(self.last + 1, f"The file cannot be read beyond entry {self.last}.")
        self._ends()

    def _link(self, seq: int, leaf: bytes, value: bytes) -> None:
        """Does the entry follow from the one before it?"""
        if seq != self.last + 1:
            self.say(self.last + 1, _missing(self.last + 1, seq - 1))
        elif _sha256(b"".join((chain.CHAIN, self.value, seq.to_bytes(8, "big"), leaf))).digest() != value:
            self.say(seq, f"Entry {seq} does not follow from the entry before it.")
        self.count, self.last, self.value = self.count + 1, seq, value

    def _tell(self) -> None:
        if self.progress is not None:
            self.progress(self.count, self.last)

    def whole(self) -> None:
        """The file's own order: each row in each of its indexes, no page used twice. A genuine page of an older copy
        passes its own seal, but does not fit the rest."""
        stopped: list[Exception] = []

        def ask() -> int:
            try:
                self._tell()
            except Exception as error:  # noqa: BLE001 - raised below, when SQLite has let go
                stopped.append(error)
            return len(stopped)

        try:
            with self.database.reading() as connection:
                driver: Any = connection.connection.dbapi_connection
                driver.set_progress_handler(ask, _STEPS)
                try:
                    told = [str(row[0]) for row in driver.execute("PRAGMA integrity_check(20)").fetchall()]
                except dbapi2.OperationalError:
                    if not stopped:
                        raise
                finally:
                    driver.set_progress_handler(None, 0)
        except StoreError:
            told = ["it cannot be read"]
        if stopped:
            raise stopped[0]
        if told != ["ok"]:
            self.say(None, "The file does not hang together: a part of an older copy was put back, or the disk failed.")

    def positions(self) -> None:
        """The places of entries in their streams."""
        try:
            with self.database.reading() as connection:
                for row in connection.exec_driver_sql(_POSITIONS).fetchall():
                    self.say(int(row[0]), f"Entry {row[0]} is not at its place in its case.")
                for row in connection.exec_driver_sql(_HALF_GONE).fetchall():
                    self.say(int(row[0]), f"Entry {row[0]} is marked as disposed of, and is still there.")
        except StoreError:
            self.say(None, "The list of entries cannot be read.")

    def disposals(self) -> None:
        """Every disposal against the entry that ordered it."""
        try:
            for seq, text in disposal_check.check(self.database):
                self.say(seq, text)
        except StoreError:
            self.say(None, "The list of what was disposed of cannot be read.")

    def look_up(self) -> None:
        """The sought heads by their numbers, without reading the rest."""
        with self.database.reading() as connection:
            for head in self.sought:
                value = connection.exec_driver_sql("SELECT chain FROM entry WHERE seq = ?", (head.seq,)).scalar()
                if value is not None and head.seq is not None:
                    self.met[head.seq] = bytes(value)
            newest = connection.exec_driver_sql("SELECT max(seq) FROM entry").scalar()
        self.last = int(newest or 0)
        self.met[self.database.base] = chain.genesis(self.database.vault_id, self.database.epoch)
        self.outside(self.database.vault_id, words.HEAD_COST)

    def outside(self, vault_id: bytes, cost: words.Cost) -> None:
        """Every head kept outside must be in the journal; later entries are normal."""
        for head in self.sought:
            if head.seq is None:
                if head.chain not in self.met.values():
                    self.say(None, "No entry has the value given: it is not of this log, or the log was rewritten.")
            elif head.seq > self.last:
                self.say(
                    self.last + 1,
                    f"The log ends at entry {self.last}, and entry {head.seq} has been seen before: "
                    "an older copy was put back, or the end was cut off.",
                )
            elif head.seq in self.met and not head.matches(head.seq, self.met[head.seq], vault_id, cost):
                self.say(
                    head.seq,
                    f"Entry {head.seq} is not the one seen before: the log was rewritten there or earlier, "
                    "or the words were not copied exactly.",
                )

    def _pages(self) -> Iterator[Sequence[_Row]]:
        """All entries in order, a page at a time; where a page cannot be read, one at a time as far as it goes."""
        with self.database.reading() as connection:
            total = int(connection.exec_driver_sql("SELECT max(seq) FROM entry").scalar() or 0)
        most = PAGE
        while True:
            try:
                page = self._page(most)
            except StoreError:
                if most == 1:
                    raise
                most = 1
                continue
            yield page
            if self.progress is not None:
                self.progress(self.count, total)
            if len(page) < most:
                return

    def _page(self, most: int) -> list[_Row]:
        with self.database.reading() as connection:
            driver: Any = connection.connection.dbapi_connection  # its own tuples: there may be a million rows
            page: list[_Row] = driver.execute(_ROWS, (self.last, most)).fetchall()
            return page

    def _content(self, row: _Row) -> None:
        """The record against its leaf, and the copies against the record."""
        seq, leaf, _, salt, record, stream, kind, at, happened, by = row
        if record is None or salt is None:
            self._gone(seq)
        elif _sha256(b"".join((chain.ENTRY, salt, record))).digest() != leaf:
            self.say(seq, f"The record of entry {seq} was changed.")
        elif stream is None or not header.agrees(record, seq, stream, kind, at, happened, by):
            self.say(seq, f"The copies by which entry {seq} is found do not agree with its record.")
        elif kind in evidence_check.KINDS:
            self.exhibits.add(seq, kind, record)

    def files(self, where: evidence_check.Where) -> None:
        """Every evidence file against the entry that names it, and what no entry names."""
        whole = not self.findings
        self.files_bad, found, self.absent = evidence_check.check(
            self.database, self.exhibits, self._tell, where, whole
        )
        for one in found:
            self.say(one.seq, one.text, one.left_over)

    def _gone(self, seq: int) -> None:
        """An entry without its record: allowed where its disposal is recorded."""
        with self.database.reading() as connection:
            disposed = connection.exec_driver_sql("SELECT 1 FROM disposal WHERE seq = ?", (seq,)).first()
        if disposed:
            self.tombstones += 1
        else:
            self.say(seq, f"The record of entry {seq} is missing, and nobody recorded its disposal.")

    def _ends(self) -> None:
        """Records and copies that have no entry at the end of the log."""
        try:
            with self.database.reading() as connection:
                furthest = max(_furthest(connection))
        except StoreError:
            self.say(None, "The end of the log cannot be read.")
            return
        if furthest > self.last:
            self.say(self.last + 1, _missing(self.last + 1, furthest))


def _furthest(connection: Connection) -> Iterator[int]:
    for query in (
        "SELECT max(seq) FROM record",
        "SELECT max(seq) FROM listing",
        "SELECT max(max(seq), max(by_entry)) FROM disposal",
    ):
        yield int(connection.exec_driver_sql(query).scalar() or 0)


def _missing(first: int, last: int) -> str:
    return f"Entry {first} is missing." if first == last else f"Entries {first} to {last} are missing."
