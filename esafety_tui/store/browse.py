"""Looking through the log. One access clause stands in every query here: lists, search, counts, due items, names.

Newest first in the order of opening, pages by key (pages.py), at most 500 rows, fetched whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, bindparam, literal_column, select

from esafety_tui.errors import UsageError
from esafety_tui.store import access, search
from esafety_tui.store.access import Reader
from esafety_tui.store.columns import PERSON, due, incident, incident_person, words
from esafety_tui.store.database import Database
from esafety_tui.store.filters import Wanted
from esafety_tui.store.pages import COUNTED, MOST, Pages
from esafety_tui.store.prepared import Prepared
from esafety_tui.store.projection import DueRow, PersonRow
from esafety_tui.store.rows import ROW, Listed, kinds_of, listed

_NAMES = 20
_NAMED_CASES = 200

__all__ = ["COUNTED", "Browse", "Earlier", "Listed", "NoSuchIncident", "Reader"]


class NoSuchIncident(UsageError):
    """A reference that is missing or closed to this reader: the same sentence for both."""

    def __init__(self) -> None:
        super().__init__("No such case", "There is no case with this reference that you can open.")


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
        self.pages = Pages(database)

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
        wanted = _wanted(search, status, branch, kind, since, until, person)
        at = self.pages.key_of(reader, after) if after is not None else None
        if after is not None and at is None:
            raise NoSuchIncident()
        return list(self.pages.page(reader, wanted, "opened", at, limit=limit).rows) if limit > 0 else []

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
        return self.pages.count(reader, _wanted(search, status, branch, kind, since, until, person))

    def incident(self, reader: Reader, ref: str) -> Listed | None:
        """One incident, or None where it is missing or closed to this reader."""
        with self._database.reading() as connection:
            found = one(connection, reader, ref)
            shown = listed(connection, found)
            if not shown or shown[0].reduced:
                return shown[0] if shown else None
            query = "SELECT person FROM incident_excluded WHERE incident = ? ORDER BY person"
            people = connection.exec_driver_sql(query, (found[0][0],)).scalars().all()
        return replace(shown[0], excluded=tuple(str(person) for person in people))

    def due(self, reader: Reader, until: str | None = None) -> list[DueRow]:
        """What is due, soonest first, at most 500: the register's items, and those of cases this reader may see.

        Of a case that the reader may only know of, what it says and whose it is are empty (R10).
        """
        values = {**access.values(reader), "until": until}
        with self._database.reading() as connection:
            rows = _DUE.rows(connection, values)
        return [DueRow(*row[:5]) if row[5] else DueRow(row[0], "", "", row[3], row[4]) for row in rows]

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
            if len(found) < _NAMES and search.means(begins, person.name):
                found.setdefault(person.who or person.party + person.name, person)
        return list(found.values())

    def person(self, reader: Reader, who: Iterable[str]) -> PersonRow | None:
        """Somebody as they stand in the newest case of theirs that this reader may read in full; None: in none."""
        found: list[tuple[Any, ...]] = []
        with self._database.reading() as connection:
            for one in who:
                found += _NEWEST_OF.rows(connection, {**access.values(reader), "who": _text(one)})
        return PersonRow(*max(found)[1:]) if found else None

    def earlier_incidents(self, who: str, before: str | None = None, reader: Reader | None = None) -> list[Earlier]:
        """The incidents in which this person has a part, newest first, at most 500.

        before: the reference of the case at hand, which is left out with all that were opened later. reader: None for
        the rules, which count and show nothing; somebody's own for what is shown to them.
        """
        values = {"who": _text(who), "before": _text(before or ""), **access.values(reader or access.RULES)}
        with self._database.reading() as connection:
            rows = _EARLIER.rows(connection, values)
        return [
            Earlier(ref, opened_at, status, class_, kinds_of(kinds), role, stream)
            for ref, opened_at, status, class_, kinds, role, stream in rows
        ]


def one(connection: Connection, reader: Reader, ref: str) -> list[tuple[Any, ...]]:
    """The row of an incident that begins with rows.ROW; none where it is missing or closed to this reader."""
    return _ONE.rows(connection, {**access.values(reader), "ref": _text(ref)})


_ONE = Prepared(select(*ROW).where(incident.c.ref == bindparam("ref"), access.SEEN))
_DUE = Prepared(
    select(due.c.id, due.c.what, due.c.owner, due.c.due, due.c.ref, (incident.c.id.is_(None) | access.WHOLE))
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
_NEWEST_OF = Prepared(
    select(incident.c.id, *(incident_person.c[name] for name in PERSON))
    .where(incident_person.c.who == bindparam("who"), incident_person.c.incident == incident.c.id, access.FULL)
    .order_by(incident.c.id.desc())
    .limit(1)
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


def _wanted(
    search: str,
    status: str | None,
    branch: str | None,
    kind: str | None,
    since: str | None,
    until: str | None,
    person: str | None,
) -> Wanted:
    people = None if person is None else (person,)
    return Wanted(search, status, branch=branch, kind=kind, people=people, since=since, until=until)


def _text(value: str) -> str:
    """What can be handed to SQLite: half a surrogate pair cannot."""
    return value.encode("utf-8", "replace").decode("utf-8")
