"""Closed incidents by when they were closed: what the retention rules begin with (R16)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import and_, bindparam, column, func, or_, select, table

from esafety_tui.store import access
from esafety_tui.store.access import Reader
from esafety_tui.store.columns import incident
from esafety_tui.store.database import Database
from esafety_tui.store.prepared import Prepared

_PAGE = 500


class ClosedRow(NamedTuple):
    """A closed incident that the reader may read in full. opened_at, closed_at: UTC ISO text, of its first entry and of
    the last time it was closed. last_seq: its newest entry."""

    ref: str
    klass: str
    protection: bool
    opened_at: str
    closed_at: str
    last_seq: int


def closed(database: Database, reader: Reader, before: str) -> Iterator[ClosedRow]:
    """Closed incidents opened before a time (UTC ISO text), oldest first, a page at a time. Raises StoreError."""
    values = {**access.values(reader), "before": before, "after": "", "after_id": 0}
    while True:
        with database.reading() as connection:
            rows = _CLOSED.rows(connection, values)
        for _, ref, klass, protection, opened, last_seq, ended in rows:
            yield ClosedRow(ref, klass, protection == 1, opened, ended or opened, last_seq)
        if len(rows) < _PAGE:
            return
        values["after"], values["after_id"] = rows[-1][4], rows[-1][0]


_listing = table("listing", *map(column, ("seq", "stream", "kind", "at")))
_ENDED = (
    select(func.max(_listing.c.at))
    .where(_listing.c.stream == incident.c.stream, _listing.c.kind == "closed")
    .scalar_subquery()
)
_CLOSED = Prepared(
    select(
        *(incident.c.id, incident.c.ref, incident.c["class"], incident.c.child_protection),
        *(incident.c.opened_at, incident.c.last_seq, _ENDED),
    )
    .where(
        access.FULL,
        incident.c.status == "closed",
        incident.c.opened_at < bindparam("before"),
        or_(
            incident.c.opened_at > bindparam("after"),
            and_(incident.c.opened_at == bindparam("after"), incident.c.id > bindparam("after_id")),
        ),
    )
    .order_by(incident.c.opened_at, incident.c.id)
    .limit(_PAGE)
)
