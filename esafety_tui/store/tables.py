"""The tables, declared once. `schema.py` makes the database from them; queries use the names in `columns.py`.

Only creating and checking a database loads this file: SQLModel costs a third of a second that opening need not pay.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BLOB, INTEGER, TEXT, CheckConstraint, Column, ForeignKey, Index, UniqueConstraint
from sqlmodel import Field, SQLModel


def _integer_key(name: str = "seq", target: str = "") -> Any:
    """An INTEGER PRIMARY KEY (SQLite's own row number), which also refers to `target` where one is given."""
    keys = (ForeignKey(target),) if target else ()
    return Field(sa_column=Column(name, INTEGER, *keys, primary_key=True, autoincrement=False))


def _blob(name: str, length: int | None = None) -> Any:
    """Bytes that may not be missing, of one length where one is given."""
    checks = (CheckConstraint(f"length({name}) = {length}"),) if length else ()
    return Field(sa_column=Column(name, BLOB, *checks, nullable=False))


def _text(name: str, key: bool = False, optional: bool = False) -> Any:
    return Field(sa_column=Column(name, TEXT, primary_key=key, nullable=optional))


def _integer(name: str, key: bool = False) -> Any:
    return Field(sa_column=Column(name, INTEGER, primary_key=key, nullable=False))


class Entry(SQLModel, table=True):
    """One link of the chain; never changes and never goes."""

    __tablename__ = "entry"
    seq: int = _integer_key()
    leaf: bytes = _blob("leaf", 32)
    chain: bytes = _blob("chain", 32)


class Record(SQLModel, table=True):
    """The canonical bytes of an entry, and their salt; goes only where `disposal` names the entry."""

    __tablename__ = "record"
    seq: int = _integer_key("seq", "entry.seq")
    salt: bytes = _blob("salt", 32)
    content: bytes = _blob("bytes")


class Disposal(SQLModel, table=True):
    """An entry whose record was disposed of, and the entry that ordered it (R16)."""

    __tablename__ = "disposal"
    seq: int = _integer_key("seq", "entry.seq")
    by_entry: int = Field(sa_column=Column("by_entry", INTEGER, ForeignKey("entry.seq"), nullable=False))


class Listing(SQLModel, table=True):
    """Copies of an entry's header for finding it; `verify` compares them with the record. n counts from 1."""

    __tablename__ = "listing"
    __table_args__ = (UniqueConstraint("stream", "n"), Index("listing_at", "at"))
    seq: int = _integer_key("seq", "entry.seq")
    stream: str = _text("stream")
    n: int = _integer("n")
    kind: str = _text("kind")
    at: str = _text("at")
    happened: str | None = _text("happened", optional=True)
    by: str = _text("by")


class Meta(SQLModel, table=True):
    """Facts of the file itself: schema version, vault id, epoch."""

    __tablename__ = "meta"
    key: str = _text("key", key=True)
    value: str = _text("value")


class Draft(SQLModel, table=True):
    """Something half typed, kept until its answer is confirmed."""

    __tablename__ = "draft"
    key: str = _text("key", key=True)
    body: str = _text("body")
    at: str = _text("at")


class Incident(SQLModel, table=True):
    """Projection: the row of an incident that the log shows. id is the number of its first entry.

    happened_key, due_key: one whole number each to sort by (projection.py). common: 0 where only some may know of it.
    """

    __tablename__ = "incident"
    __table_args__ = (
        UniqueConstraint("ref"),
        UniqueConstraint("stream"),
        Index("incident_opened", "opened_at"),
        Index("incident_happened", "happened_key"),
        Index("incident_due", "due_key"),
    )
    id: int = _integer_key("id")
    stream: str = _text("stream")
    ref: str = _text("ref")
    opened_at: str = _text("opened_at")
    happened_at: str = _text("happened_at")
    status: str = _text("status")
    class_: str = _text("class")
    branch: str = _text("branch")
    kinds: str = _text("kinds")
    lead: str = _text("lead")
    second: str = _text("second")
    police_referred: int = _integer("police_referred")
    next_due: str = _text("next_due")
    step: str = _text("step")
    title: str = _text("title")
    child_protection: int = _integer("child_protection")
    restricted: int = _integer("restricted")
    last_seq: int = _integer("last_seq")
    words_hash: bytes = _blob("words_hash")
    exhibits: int = _integer("exhibits")
    common: int = _integer("common")
    happened_key: int = _integer("happened_key")
    due_key: int = _integer("due_key")


class IncidentPerson(SQLModel, table=True):
    """Projection: who an incident is about. `who` is one person over all incidents, `party` their place in this one."""

    __tablename__ = "incident_person"
    __table_args__ = (Index("incident_person_who", "who"),)
    incident: int = _integer("incident", key=True)
    position: int = _integer("position", key=True)
    party: str = _text("party")
    who: str = _text("who")
    kind: str = _text("kind")
    role: str = _text("role")
    name: str = _text("name")
    group: str = _text("group")


class IncidentExcluded(SQLModel, table=True):
    """Projection: who of the program's own people may never see an incident (R10)."""

    __tablename__ = "incident_excluded"
    incident: int = _integer("incident", key=True)
    person: str = _text("person", key=True)


class Due(SQLModel, table=True):
    """Projection: what is due. `origin` is the number of the first entry of the stream it comes from."""

    __tablename__ = "due"
    __table_args__ = (Index("due_due", "due"),)
    origin: int = _integer("origin", key=True)
    id: str = _text("id", key=True)
    what: str = _text("what")
    owner: str = _text("owner")
    due: str = _text("due")
    ref: str = _text("ref")


class Tally(SQLModel, table=True):
    """Projection: how many incidents there are of a sort, so that nothing has to count them all."""

    __tablename__ = "tally"
    name: str = _text("name", key=True)
    count: int = _integer("count")


class EvidenceKey(SQLModel, table=True):
    """The key of one evidence file: wrapped for this log, and sealed to each pair of recovery sheets (R5).

    Neither a record nor a projection: it cannot be made again. Sealing takes `wrapped` away and nothing else.
    """

    __tablename__ = "evidence_key"
    __table_args__ = (CheckConstraint("state IN ('open', 'sealed') AND (state = 'open') = (wrapped IS NOT NULL)"),)
    id: str = Field(sa_column=Column("id", TEXT, CheckConstraint("length(id) = 32"), primary_key=True, nullable=False))
    state: str = _text("state")
    wrapped: bytes | None = Field(sa_column=Column("wrapped", BLOB, CheckConstraint("length(wrapped) = 60")))
    sheet_set: int = _integer("sheet_set")
    pair_ab: bytes = _blob("pair_ab", 80)
    pair_ac: bytes = _blob("pair_ac", 80)
    pair_bc: bytes = _blob("pair_bc", 80)


FIRST: tuple[type[SQLModel], ...] = (
    Entry,
    Record,
    Disposal,
    Listing,
    Meta,
    Draft,
    Incident,
    IncidentPerson,
    IncidentExcluded,
    Due,
)
#: What each later version of the schema added.
ADDED: dict[int, tuple[type[SQLModel], ...]] = {2: (EvidenceKey,), 3: (Tally,)}
#: Projections that a later version of the schema replaced: (what stood before it, as made then; what stands since).
REPLACED: dict[int, tuple[tuple[str, ...], tuple[type[SQLModel], ...]]] = {
    3: (
        (
            "CREATE TABLE incident (id INTEGER NOT NULL, stream TEXT NOT NULL, ref TEXT NOT NULL,"
            " opened_at TEXT NOT NULL, happened_at TEXT NOT NULL, status TEXT NOT NULL, class TEXT NOT NULL,"
            " branch TEXT NOT NULL, kinds TEXT NOT NULL, lead TEXT NOT NULL, second TEXT NOT NULL,"
            " police_referred INTEGER NOT NULL, next_due TEXT NOT NULL, step TEXT NOT NULL, title TEXT NOT NULL,"
            " child_protection INTEGER NOT NULL, restricted INTEGER NOT NULL, last_seq INTEGER NOT NULL,"
            " words_hash BLOB NOT NULL, PRIMARY KEY (id), UNIQUE (ref), UNIQUE (stream))",
            "CREATE INDEX incident_opened ON incident (opened_at)",
        ),
        (Incident,),
    )
}
#: Indexes that a later version gave to older tables. Entries are looked for by their kind at every unlocking: without
#: this all would be read for it.
INDEXED: dict[int, tuple[str, ...]] = {4: ("CREATE INDEX listing_kind ON listing (kind)",)}
TABLES: tuple[type[SQLModel], ...] = (*FIRST, *(model for models in ADDED.values() for model in models))
