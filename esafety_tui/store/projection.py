"""What the log shows of a stream, computed by the desk from its entries and kept for browsing. It can all be rebuilt.

The store knows no rule: the desk hands over a Projection, the store writes it in the answer's own transaction.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from esafety_tui.store import schema, search, sides
from esafety_tui.store.access import ABOUT_STAFF

if TYPE_CHECKING:
    from esafety_tui.store.database import Database
    from esafety_tui.store.journal import Entry, Journal

Maker = Callable[[str, "list[Entry]"], "Projection | None"]


@dataclass(frozen=True)
class IncidentRow:
    """The log's row of one incident.

    opened_at, happened_at, next_due: UTC ISO text, or empty. status, class_, branch, kinds: ids as in the contract.
    lead, second: person ids or empty. excluded: ids of those who may never see it. restricted: for its lead and second
    alone. about_staff: for those besides who read cases about colleagues. title: in the words of the report;
    title_corrected: what was put right in them; happened_was: when it was first said to have happened, where entry
    happened_by put that right. last_seq is set by the store: the number of
    the stream's newest entry. exhibits: how many there are. hosts: the web hosts it is about; links: references it was
    linked with; linked: whether it ever was, or was parted from one.
    """

    ref: str
    opened_at: str
    happened_at: str = ""
    status: str = "open"
    class_: str = ""
    branch: str = "undecided"
    kinds: tuple[str, ...] = ()
    lead: str = ""
    second: str = ""
    police_referred: bool = False
    next_due: str = ""
    step: str = ""
    title: str = ""
    child_protection: bool = False
    excluded: tuple[str, ...] = ()
    restricted: bool = False
    last_seq: int = 0
    exhibits: int = 0
    hosts: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    about_staff: bool = False
    title_corrected: str = ""
    happened_was: str = ""
    happened_by: int = 0
    linked: bool = False


#: Stands in the column of the title before each thing that was put right.
PUT_RIGHT = "\x1f"
#: The role of somebody who was entered wrongly: their page lists the incident, and its row does not name them.
NOT_THEM = "entered-wrongly"


@dataclass(frozen=True)
class PersonRow:
    """Somebody an incident is about. party: their place in this incident; who: the same person over all incidents."""

    party: str
    who: str
    kind: str
    role: str
    name: str
    group: str


@dataclass(frozen=True)
class DueRow:
    """Something due. id: its own within its stream; due: ISO date or time; ref: the incident's reference, or empty."""

    id: str
    what: str
    owner: str
    due: str
    ref: str


@dataclass(frozen=True)
class Projection:
    """All that is kept of one stream. incident: None for the register. text: the words a search should find it by."""

    incident: IncidentRow | None = None
    people: tuple[PersonRow, ...] = ()
    due: tuple[DueRow, ...] = ()
    text: str = ""


def write(connection: Connection, stream: str, projection: Projection, place: int | None = None) -> None:
    """Keep `projection` as that of `stream`, which has at least one entry; only what changed is written.

    place: the number an incident goes by, where that is not the one of its first entry. The caller owns the
    transaction.
    """
    found = connection.exec_driver_sql(
        "SELECT (SELECT seq FROM listing WHERE stream = ?1 AND n = 1),"
        " (SELECT seq FROM listing WHERE stream = ?1 ORDER BY n DESC LIMIT 1)",
        (stream,),
    ).one()
    if found[0] is None:
        raise ValueError("a projection of a stream without entries")
    first, last = int(found[0]), int(found[1])
    due = sorted(astuple(one) for one in projection.due)
    if projection.incident is not None:
        row = projection.incident
        if place is not None:
            # Who holds the key of a compartment reads its case: there is no narrower circle inside it but the excluded.
            first, row = place, replace(row, restricted=False, about_staff=False)
        people = [(i, *astuple(person)) for i, person in enumerate(projection.people)]
        excluded = [(person,) for person in sorted(set(projection.incident.excluded))]
        beside = sides.digest(people, excluded, due)
        _write_incident(connection, stream, projection, row, first, last, beside)
        _replace(connection, _PEOPLE, first, people)
        _replace(connection, _EXCLUDED, first, excluded)
    _replace(connection, _DUE, first, due)


def rebuild(journal: Journal, make: Maker) -> int:
    """Throw every projection away and compute it again from the entries; gives the number of streams. One transaction.

    make: gives the projection of a stream from its entries, or None for one that has none.
    """
    with journal.database.roomy(), journal.database.writing() as connection:
        for statement in _EMPTY:
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql(_MADE, (str(schema.PROJECTIONS),))
        search.forget_all(connection)
        streams = journal.streams()
        for stream in streams:
            made = make(stream, journal.read(stream))
            if made is not None:
                write(connection, stream, made, journal.place)
    return len(streams)


def stale(database: Database) -> bool:
    """Whether the projections are not there, or of an earlier version of this program: `rebuild` makes them."""
    with database.reading() as connection:
        found = connection.exec_driver_sql("SELECT value FROM meta WHERE key = 'projections'").scalar()
    return found != str(schema.PROJECTIONS)


_EMPTY = (
    *("DELETE FROM incident", "DELETE FROM incident_person", "DELETE FROM incident_excluded", "DELETE FROM due"),
    "DELETE FROM tally",
)
_MADE = "INSERT INTO meta(key, value) VALUES ('projections', ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value"
_KNOWN = "SELECT words_hash, common FROM incident WHERE id = ?"
_COUNT = "INSERT INTO tally(name, count) VALUES ('common', ?) ON CONFLICT(name) DO UPDATE SET count = count + ?"
_INCIDENT = (
    "INSERT INTO incident(id, stream, ref, opened_at, happened_at, status, class, branch, kinds, lead, second,"
    " police_referred, next_due, step, title, child_protection, restricted, last_seq, words_hash,"
    " exhibits, common, happened_key, due_key)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT(id) DO UPDATE SET ref = excluded.ref, opened_at = excluded.opened_at,"
    " happened_at = excluded.happened_at, status = excluded.status, class = excluded.class,"
    " branch = excluded.branch, kinds = excluded.kinds, lead = excluded.lead, second = excluded.second,"
    " police_referred = excluded.police_referred, next_due = excluded.next_due, step = excluded.step,"
    " title = excluded.title, child_protection = excluded.child_protection, restricted = excluded.restricted,"
    " last_seq = excluded.last_seq, words_hash = excluded.words_hash, exhibits = excluded.exhibits,"
    " common = excluded.common, happened_key = excluded.happened_key, due_key = excluded.due_key"
)


@dataclass(frozen=True)
class _Part:
    """The statements for the rows that hang on one stream."""

    read: str
    clear: str
    add: str


_PEOPLE = _Part(
    'SELECT position, party, who, kind, role, name, "group" FROM incident_person WHERE incident = ? ORDER BY position',
    "DELETE FROM incident_person WHERE incident = ?",
    "INSERT INTO incident_person VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
)
_EXCLUDED = _Part(
    "SELECT person FROM incident_excluded WHERE incident = ? ORDER BY person",
    "DELETE FROM incident_excluded WHERE incident = ?",
    "INSERT INTO incident_excluded VALUES (?, ?)",
)
_DUE = _Part(
    "SELECT id, what, owner, due, ref FROM due WHERE origin = ? ORDER BY id",
    "DELETE FROM due WHERE origin = ?",
    "INSERT INTO due VALUES (?, ?, ?, ?, ?, ?)",
)


def _replace(connection: Connection, part: _Part, first: int, rows: Sequence[tuple[object, ...]]) -> None:
    """Make the rows of the stream that begins at entry `first` these, and write nothing where they are already."""
    there = [tuple(row) for row in connection.exec_driver_sql(part.read, (first,)).fetchall()]
    if there == list(rows):
        return
    if there:
        connection.exec_driver_sql(part.clear, (first,))
    if rows:
        connection.exec_driver_sql(part.add, [(first, *row) for row in rows])


def _write_incident(
    connection: Connection, stream: str, projection: Projection, row: IncidentRow, first: int, last: int, beside: bytes
) -> None:
    names = " ".join(person.name for person in projection.people)
    tags = incident_tags(row, projection.people)
    body = " ".join((row.ref, row.title, projection.text))
    digest = hashlib.sha256("\0".join((body, names, *tags)).encode("utf-8", "replace")).digest()[: sides.OF_WORDS]
    known = connection.exec_driver_sql(_KNOWN, (first,)).first()
    if known is None or bytes(known[0])[: sides.OF_WORDS] != digest:
        search.keep(connection, first, body, names, tags, known=known is not None)
    common = int(is_common(row))
    if known is None or known[1] != common:
        more = common - (known[1] if known else 0)
        connection.exec_driver_sql(_COUNT, (more, more))
    values = (
        *(first, stream, row.ref, row.opened_at, row.happened_at, row.status, row.class_, row.branch),
        *("\n".join(row.kinds), row.lead, row.second, int(row.police_referred), row.next_due, row.step, _title(row)),
        *(int(row.child_protection), 1 if row.restricted else ABOUT_STAFF * row.about_staff, last, digest + beside),
        *(row.exhibits, common, happened_key(row.happened_at or row.opened_at, first), due_key(row.next_due, first)),
    )
    connection.exec_driver_sql(_INCIDENT, values)


def _title(row: IncidentRow) -> str:
    """What one column keeps of the title: the words, and behind them what was put right, where something was."""
    parts = (row.title, row.title_corrected, row.happened_was, str(row.happened_by or ""))
    kept = [part.replace(PUT_RIGHT, " ") for part in parts]
    return PUT_RIGHT.join(kept) if any(kept[1:]) else kept[0]


def is_common(row: IncidentRow) -> bool:
    """Whether everybody who keeps or reads the log may know of it: the counter counts these."""
    return not (row.restricted or row.about_staff or row.excluded)


def happened_key(at: str, id: int) -> int:
    """The number by which incidents stand in order of what happened: the minute, then the incident's own number.

    at: UTC ISO text, of any time or day; one that cannot be read stands before all others.
    """
    try:
        moment = datetime.fromisoformat(at.replace("Z", "+00:00"))
    except ValueError:
        return id
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return ((moment - _EPOCH) // timedelta(minutes=1)) << _ID_BITS | id


def happened_year(key: int) -> int:
    """The year of a happened_key."""
    return (_EPOCH + timedelta(minutes=key >> _ID_BITS)).year


def due_key(day: str, id: int) -> int:
    """The number by which incidents stand in order of what is due next, soonest first; nothing due: behind all."""
    try:
        return date.fromisoformat(day[:10]).toordinal() << _ID_BITS | id
    except ValueError:
        return _NEVER << _ID_BITS | id


_EPOCH = datetime(1, 1, 2, tzinfo=UTC)
_ID_BITS = 32
_NEVER = 1 << 23


def shown_status(status: str) -> str:
    """What somebody is told who may know only that a case exists: open or closed."""
    return "closed" if status == "closed" else "open"


def incident_tags(row: IncidentRow, people: Sequence[PersonRow]) -> list[str]:
    """The words by which filters narrow the search index to this incident (the letters are those of filters.py)."""
    values = {("a", ""), ("s", row.status), ("b", row.branch), ("c", row.class_), ("l", row.lead), ("j", row.second)}
    values |= {("k", kind) for kind in row.kinds} | {("u", host) for host in row.hosts}
    values |= {("n", ref) for ref in row.links}
    happened = row.happened_at or row.opened_at
    values |= {("y", row.opened_at[:4]), ("m", row.opened_at[:7]), ("t", happened[:4]), ("q", happened[:7])}
    for person in people:
        values |= {("p", person.who)}
        if person.role != NOT_THEM:
            values |= {("w", person.kind), ("g", person.group.casefold())}
    flags = (
        *(("d", row.next_due), ("o", row.police_referred), ("x", row.exhibits), ("r", row.linked)),
        *(("h", row.child_protection), ("z", not is_common(row))),
    )
    values |= {(name, "1") for name, there in flags if there}
    return sorted(search.tag(about, value) for about, value in values if value or about in "al")
