"""Rows of the log as one reader may see them, from the columns of a query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.sql.elements import ColumnElement

from esafety_tui.store import access
from esafety_tui.store.access import ABOUT_STAFF
from esafety_tui.store.columns import SHOWN, incident
from esafety_tui.store.projection import PUT_RIGHT, IncidentRow, PersonRow, shown_status


@dataclass(frozen=True)
class Listed(IncidentRow):
    """A row of the log as one reader may see it, with its people.

    reduced: the reader sees only reference, dates, whether it is open, and what is due (a child-protection case); the
    rest is empty. `excluded` is filled by `Browse.incident` alone, `hosts`, `links` and `linked` by nothing.
    """

    people: tuple[PersonRow, ...] = ()
    reduced: bool = False


#: What a query selects for `listed`: the incident's number, its columns, whether the reader may see all of it.
ROW: tuple[ColumnElement[Any], ...] = (
    *(incident.c.id, *(incident.c[name] for name in SHOWN), incident.c.exhibits),
    access.WHOLE.label("full"),
)
WIDTH = len(ROW)
_PEOPLE_OF = (
    'SELECT incident, party, who, kind, role, name, "group" FROM incident_person'
    " WHERE incident >= ? AND incident <= ? AND incident IN (SELECT value FROM json_each(?))"
    " AND role <> 'entered-wrongly'"
    " ORDER BY incident, position"
)


def listed(connection: Connection, rows: list[tuple[Any, ...]]) -> list[Listed]:
    """Rows that begin with ROW, with their people, cut down to what the reader may see."""
    people: dict[int, list[PersonRow]] = {}
    full = [int(row[0]) for row in rows if row[WIDTH - 1]]
    if full:
        values = (min(full), max(full), "[" + ",".join(map(str, full)) + "]")
        driver: Any = connection.connection.dbapi_connection
        for found in driver.execute(_PEOPLE_OF, values).fetchall():
            people.setdefault(found[0], []).append(PersonRow(*found[1:]))
    return [
        _whole(row[1 : WIDTH - 1], tuple(people.get(row[0], ()))) if row[WIDTH - 1] else _reduced(row) for row in rows
    ]


def kinds_of(lines: str) -> tuple[str, ...]:
    """The kinds kept in one column."""
    return tuple(lines.split("\n")) if lines else ()


def _whole(values: tuple[Any, ...], people: tuple[PersonRow, ...]) -> Listed:
    # In the order of columns.SHOWN, then exhibits. Rows are made at every key press, so nothing is looked up by name.
    ref, opened, happened, status, class_, branch, kinds, lead, second, police, due, step, title = values[:13]
    protection, restricted, last_seq, exhibits = values[13:]
    right, was, by = "", "", ""
    if PUT_RIGHT in title:
        title, right, was, by = title.split(PUT_RIGHT, 3)
    return Listed(
        ref, opened, happened, status, class_, branch, kinds_of(kinds), lead, second, police == 1, due, step, title,
        protection == 1, (), restricted == 1, last_seq, exhibits, (), (), restricted == ABOUT_STAFF,
        right, was, int(by or 0), False, people,
    )  # fmt: skip


def _reduced(row: tuple[Any, ...]) -> Listed:
    told = dict(zip(SHOWN, row[1:], strict=False))
    return Listed(
        *(told["ref"], told["opened_at"], told["happened_at"], shown_status(told["status"])),
        branch="",
        next_due=told["next_due"],
        child_protection=True,
        reduced=True,
    )
