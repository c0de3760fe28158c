"""Looking through the log. One access clause stands in every query here: lists, search, counts, due items, names.

Newest first in the order of opening, pages by key (never OFFSET), at most 500 rows, fetched whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, and_, bindparam, case, func, literal_column, select
from sqlalchemy.sql.elements import ColumnElement

from esafety_tui.errors import UsageError
from esafety_tui.store import access, search
from esafety_tui.store.access import Reader
from esafety_tui.store.columns import PERSON, SHOWN, due, incident, incident_person, words
from esafety_tui.store.database import Database
from esafety_tui.store.prepared import Prepared
from esafety_tui.store.projection import DueRow, IncidentRow, PersonRow, shown_status

MOST = 500
COUNTED = 1000
_NAMES = 20
_NAMED_CASES = 200

__all__ = ["Browse", "Earlier", "Listed", "NoSuchIncident", "Reader"]


class NoSuchIncident(UsageError):
    """A reference that is missing or closed to this reader: the same sentence for both."""

    def __init__(self) -> None:
        super().__init__("No such case", "There is no case with this reference that you can open.")


@dataclass(frozen=True)
class Listed(IncidentRow):
    """A row of the log as one reader may see it, with its people.

    reduced: the reader sees only reference, dates, whether it is open, and what is due (a child-protection case); the
    rest is empty. `excluded` is filled by `Browse.incident` alone.
    """

    people: tuple[PersonRow, ...] = ()
    reduced: bool = False


@dataclass(frozen=True)
class Earlier:
    """An earlier incident of a person: for the rules and for "has this happened before?"."""

    ref: str
    opened_at: str
    status: str
    class_: str
    kinds: tuple[str, ...]
    role: str
    stream: str


class Browse:
    """Queries over the projections of one open database. Any method may raise StoreError, none for its text."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def incidents(
        self,
        reader: Reader,
        search: str = "",
        status: str | None = None,
        branch: str | None = None,
        kind: str | None = None,
        since: str | None = None,
        until: str | None = None,
        person: str | None = None,
        limit: int = 50,
        after: str | None = None,
    ) -> list[Listed]:
        """A page of incidents, newest first.

        search: what somebody typed; each word must begin a word of the case. since, until: UTC ISO text compared with
        opened_at, `until` not included. person: somebody's `who`. after: the reference of the last row seen; raises
        NoSuchIncident where this reader has no such row.
        """
        shape, values = _narrowing(reader, search, status, branch, kind, since, until, person)
        if values is None:
            return []
        values["most"] = min(max(limit, 0), MOST)
        with self._database.reading() as connection:
            if after is not None:
                values["after"] = _position(connection, reader, after)
            page = _page(shape | {"after"} if after is not None else shape)
            return _listed(connection, page.rows(connection, values))

    def count(
        self,
        reader: Reader,
        search: str = "",
        status: str | None = None,
        branch: str | None = None,
        kind: str | None = None,
        since: str | None = None,
        until: str | None = None,
        person: str | None = None,
    ) -> int:
        """How many rows `incidents` would give in all, exact to 1,000; 1,001 means more."""
        shape, values = _narrowing(reader, search, status, branch, kind, since, until, person)
        if values is None:
            return 0
        with self._database.reading() as connection:
            return int(_count(shape).rows(connection, values)[0][0])

    def incident(self, reader: Reader, ref: str) -> Listed | None:
        """One incident, or None where it is missing or closed to this reader."""
        values = {**access.values(reader), "ref": _text(ref)}
        with self._database.reading() as connection:
            rows = _ONE.rows(connection, values)
            listed = _listed(connection, rows)
            if not listed or listed[0].reduced:
                return listed[0] if listed else None
            query = "SELECT person FROM incident_excluded WHERE incident = ? ORDER BY person"
            people = connection.exec_driver_sql(query, (rows[0][0],)).scalars().all()
        return replace(listed[0], excluded=tuple(str(person) for person in people))

    def due(self, reader: Reader, until: str | None = None) -> list[DueRow]:
        """What is due, soonest first, at most 500: the register's items, and those of cases this reader may see."""
        values = {**access.values(reader), "until": until}
        with self._database.reading() as connection:
            rows = _DUE.rows(connection, values)
        return [DueRow(*row) for row in rows]

    def people_matching(self, reader: Reader, text: str) -> list[PersonRow]:
        """People of earlier cases that this reader may read in full, each once, by the beginnings of their names."""
        typed = search.typed(text)
        if not typed:
            return []
        values = {**access.values(reader), "match": search.names_query(typed)}
        begins = search.folded(text).split()
        found: dict[str, PersonRow] = {}
        with self._database.reading() as connection:
            rows = _NAMED.rows(connection, values)
        for row in rows:
            person = PersonRow(*row)
            parts = search.folded(person.name).split()
            if len(found) < _NAMES and all(any(part.startswith(one) for part in parts) for one in begins):
                found.setdefault(person.who or person.party + person.name, person)
        return list(found.values())

    def earlier_incidents(self, who: str, before: str | None = None, reader: Reader | None = None) -> list[Earlier]:
        """The incidents in which this person has a part, newest first, at most 500.

        before: the reference of the case at hand, which is left out with all that were opened later. reader: None for
        the rules, which count and show nothing; somebody's own for what is shown to them.
        """
        values = {"who": _text(who), "before": _text(before or ""), **access.values(reader or access.RULES)}
        with self._database.reading() as connection:
            rows = _EARLIER.rows(connection, values)
        return [
            Earlier(ref, opened_at, status, class_, _kinds(kinds), role, stream)
            for ref, opened_at, status, class_, kinds, role, stream in rows
        ]


def _narrowing(
    reader: Reader,
    typed: str,
    status: str | None,
    branch: str | None,
    kind: str | None,
    since: str | None,
    until: str | None,
    person: str | None,
) -> tuple[frozenset[str], dict[str, Any] | None]:
    """The conditions that are set, and their values; None where nothing can match."""
    given = {"status": status, "branch": branch, "kind": kind, "since": since, "until": until, "person": person}
    values: dict[str, Any] = {name: _text(value) for name, value in given.items() if value is not None}
    tags = [search.tag(name[0], values[name]) for name in ("branch", "kind", "person") if name in values]
    matches = [search.tags_query(tags)] if tags else []
    if status is not None:
        # Somebody who sees a case only in part sees "open" or "closed", and may filter by no more than that.
        either = [search.tag("s", values["status"])]
        if status == shown_status(status):
            either.append(search.tag("r", status))
        matches.append(search.either(either))
    shape = set(values)
    if typed.strip():
        found = search.typed(typed)
        if not found:
            return frozenset(), None
        matches.append(search.words_query(found))
        shape.add("search")
    if matches:
        values["match"] = " AND ".join(matches)
        shape.add("match")
    return frozenset(shape), {**values, **access.values(reader)}


_ROW: tuple[ColumnElement[Any], ...] = (incident.c.id, *(incident.c[name] for name in SHOWN))


@lru_cache(maxsize=256)
def _page(shape: frozenset[str]) -> Prepared:
    """The page query for a set of conditions: built once, so that a page costs little more than SQLite itself."""
    query = select(*_ROW, access.WHOLE.label("full")).where(*_conditions(shape))
    newest = words.c.rowid if "match" in shape else incident.c.id
    if "after" in shape:
        query = query.where(newest < bindparam("after"))
    return Prepared(query.order_by(newest.desc()).limit(bindparam("most")))


@lru_cache(maxsize=256)
def _count(shape: frozenset[str]) -> Prepared:
    bounded = select(incident.c.id).where(*_conditions(shape)).limit(COUNTED + 1).subquery()
    return Prepared(select(func.count()).select_from(bounded))


def _conditions(shape: frozenset[str]) -> Iterable[ColumnElement[bool]]:
    """What a row must be. Anything that says more of a case than a reduced row shows needs full access to it."""
    if "match" in shape:
        yield literal_column("words.words").op("MATCH")(bindparam("match"))
        yield words.c.rowid == incident.c.id
    yield access.FULL if shape & {"search", "branch", "kind", "person"} else access.SEEN
    if "status" in shape:
        shown = case((incident.c.status == "closed", "closed"), else_="open")
        yield case((access.WHOLE, incident.c.status), else_=shown) == bindparam("status")
    if "branch" in shape:
        yield incident.c.branch == bindparam("branch")
    if "kind" in shape:
        lines: ColumnElement[str] = literal_column("char(10)")
        yield func.instr(lines + incident.c.kinds + lines, lines + bindparam("kind") + lines) > 0
    if "since" in shape:
        yield incident.c.opened_at >= bindparam("since")
    if "until" in shape:
        yield incident.c.opened_at < bindparam("until")
    if "person" in shape:
        mine = and_(incident_person.c.incident == incident.c.id, incident_person.c.who == bindparam("person"))
        yield select(incident_person.c.who).where(mine).exists()


_ONE = Prepared(select(*_ROW, access.WHOLE.label("full")).where(incident.c.ref == bindparam("ref"), access.SEEN))
_WHERE = Prepared(select(incident.c.id).where(incident.c.ref == bindparam("ref"), access.SEEN))
_DUE = Prepared(
    select(due.c.id, due.c.what, due.c.owner, due.c.due, due.c.ref)
    .select_from(due.outerjoin(incident, incident.c.id == due.c.origin))
    .where(incident.c.id.is_(None) | access.SEEN)
    .where(bindparam("until").is_(None) | (due.c.due < bindparam("until")))
    .order_by(due.c.due, due.c.origin, due.c.id)
    .limit(MOST)
)
_NEWEST_NAMED = (
    select(incident.c.id)
    .where(literal_column("words.words").op("MATCH")(bindparam("match")), incident.c.id == words.c.rowid, access.FULL)
    .order_by(words.c.rowid.desc())
    .limit(_NAMED_CASES)
)
_NAMED = Prepared(
    select(*(incident_person.c[name] for name in PERSON))
    .where(incident_person.c.incident.in_(_NEWEST_NAMED))
    .order_by(incident_person.c.incident.desc(), incident_person.c.position)
    .limit(MOST)
)
_OTHER = incident.alias("other")
_OPENED = select(_OTHER.c.id).where(_OTHER.c.ref == bindparam("before")).scalar_subquery()
_EARLIER = Prepared(
    select(
        *(incident.c[name] for name in ("ref", "opened_at", "status", "class", "kinds")),
        *(incident_person.c.role, incident.c.stream),
    )
    .where(incident_person.c.who == bindparam("who"), incident_person.c.incident == incident.c.id, access.FULL)
    .where(_OPENED.is_(None) | (incident.c.id < _OPENED))
    .order_by(incident.c.id.desc(), incident_person.c.position)
    .limit(MOST)
)
_PEOPLE_OF = (
    'SELECT incident, party, who, kind, role, name, "group" FROM incident_person'
    " WHERE incident >= ? AND incident <= ? AND incident IN (SELECT value FROM json_each(?))"
    " ORDER BY incident, position"
)


def _position(connection: Connection, reader: Reader, ref: str) -> int:
    found = _WHERE.rows(connection, {**access.values(reader), "ref": _text(ref)})
    if not found:
        raise NoSuchIncident()
    return int(found[0][0])


def _listed(connection: Connection, rows: list[tuple[Any, ...]]) -> list[Listed]:
    """Rows of `_page` with their people, cut down to what the reader may see."""
    people: dict[int, list[PersonRow]] = {}
    full = [int(row[0]) for row in rows if row[-1]]
    if full:
        values = (min(full), max(full), "[" + ",".join(map(str, full)) + "]")
        for found in connection.exec_driver_sql(_PEOPLE_OF, values).fetchall():
            people.setdefault(int(found[0]), []).append(PersonRow(*(str(value) for value in found[1:])))
    return [_row(row[1:-1], tuple(people.get(int(row[0]), ()))) if row[-1] else _reduced(row[1:-1]) for row in rows]


def _row(values: tuple[Any, ...], people: tuple[PersonRow, ...]) -> Listed:
    """A row in full, from the columns in the order of `columns.SHOWN`."""
    ref, opened_at, happened_at, status, class_, branch, kinds, lead, second, police, next_due, step = values[:12]
    title, protection, restricted, last_seq = values[12:]
    return Listed(
        *(ref, opened_at, happened_at, status, class_, branch, _kinds(kinds), lead, second, police == 1),
        *(next_due, step, title, protection == 1, (), restricted == 1, last_seq, people),
    )


def _reduced(values: tuple[Any, ...]) -> Listed:
    told = dict(zip(SHOWN, values, strict=True))
    return Listed(
        *(told["ref"], told["opened_at"], told["happened_at"], shown_status(told["status"])),
        branch="",
        next_due=told["next_due"],
        child_protection=True,
        reduced=True,
    )


def _kinds(lines: str) -> tuple[str, ...]:
    return tuple(lines.split("\n")) if lines else ()


def _text(value: str) -> str:
    """What can be handed to SQLite: half a surrogate pair cannot."""
    return value.encode("utf-8", "replace").decode("utf-8")
