"""Closed incidents by when they were closed: what the retention rules begin with (R16)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import Connection, and_, bindparam, column, literal_column, or_, select, table

from esafety_tui.store import access
from esafety_tui.store.access import Reader
from esafety_tui.store.columns import incident
from esafety_tui.store.database import Database
from esafety_tui.store.prepared import Prepared

ORDINARY = "ordinary"
_PAGE = 500
#: Only these fields of two kinds of entries, where folding every old case would take seconds.
_NAMED = (
    "SELECT l.stream, json_extract(r.told, '$.data.party'), json_extract(r.told, '$.data.person_kind'), "
    " json_extract(r.told, '$.data.role'), json_extract(r.told, '$.data.age'), json_extract(r.told, '$.data.reserved')"
    " FROM listing l JOIN "
    " (SELECT seq, CASE WHEN json_valid(CAST(bytes AS TEXT)) THEN CAST(bytes AS TEXT) END AS told FROM record) r"
    " ON r.seq = l.seq"
    " WHERE l.stream IN (SELECT value FROM json_each(?)) AND +l.kind IN ('party-added', 'party-identified')"
    " ORDER BY l.seq"
)


class Named(NamedTuple):
    """Somebody a case is about, as one entry says. age: at the time, None where it is not recorded."""

    party: str
    kind: str
    role: str
    age: int | None
    reserved: bool


class ClosedRow(NamedTuple):
    """A closed incident that the reader may read in full. opened_at, closed_at: UTC ISO text, of its first entry and of
    the last time it was closed. named: who it is about, each as often as they were recorded; in short records nobody.
    """

    ref: str
    klass: str
    protection: bool
    opened_at: str
    closed_at: str
    named: tuple[Named, ...] = ()


def closed(database: Database, reader: Reader, before: str) -> Iterator[ClosedRow]:
    """Closed incidents opened before a time (UTC ISO text), oldest first, a page at a time. Raises StoreError."""
    values = {**access.values(reader), "before": before, "after": "", "after_id": 0}
    while True:
        with database.reading() as connection:
            rows = _CLOSED.rows(connection, values)
            named = _named(connection, [stream for _, _, klass, protection, _, _, stream in rows
                                        if klass != ORDINARY or protection])  # fmt: skip
        for _, ref, klass, protection, opened, ended, stream in rows:
            yield ClosedRow(ref, klass, protection == 1, opened, ended or opened, tuple(named.get(stream, ())))
        if len(rows) < _PAGE:
            return
        values["after"], values["after_id"] = rows[-1][4], rows[-1][0]


def _named(connection: Connection, streams: list[str]) -> dict[str, list[Named]]:
    found: dict[str, list[Named]] = {}
    rows = connection.exec_driver_sql(_NAMED, (json.dumps(streams),)).fetchall() if streams else []
    for stream, party, kind, role, age, reserved in rows:
        known = Named(
            str(party or ""), str(kind or ""), str(role or ""), age if isinstance(age, int) else None, bool(reserved)
        )
        found.setdefault(str(stream), []).append(known)
    return found


_listing = table("listing", *map(column, ("seq", "stream", "n", "kind", "at")))
#: From the newest entry back: little comes after a case is closed, and a good deal before.
_ENDED = (
    select(_listing.c.at)
    .where(_listing.c.stream == incident.c.stream, literal_column("+listing.kind") == "closed")  # by its stream
    .order_by(_listing.c.n.desc())
    .limit(1)
    .scalar_subquery()
)
_CLOSED = Prepared(
    select(
        *(incident.c.id, incident.c.ref, incident.c["class"], incident.c.child_protection),
        *(incident.c.opened_at, _ENDED, incident.c.stream),
    )
    .where(
        access.FULL,
        incident.c.status == "closed",
        incident.c.opened_at < bindparam("before"),
        incident.c.opened_at >= bindparam("after"),  # says the same as the next, so that an index leads there
        or_(
            incident.c.opened_at > bindparam("after"),
            and_(incident.c.opened_at == bindparam("after"), incident.c.id > bindparam("after_id")),
        ),
    )
    .order_by(incident.c.opened_at, incident.c.id)
    .limit(_PAGE)
)
