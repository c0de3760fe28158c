"""Whether every record that is gone was ordered to go: by a later entry that names it (R16)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from esafety_tui.record import canonical
from esafety_tui.store.database import Database

#: The field of the entry that orders a disposal: the entries that go, as [first, last] pairs in order.
DISPOSES = "disposes"
_PAGE = 500
_MOST = 20


def check(database: Database) -> list[tuple[int, str]]:
    """(entry number, what is wrong with it) for disposals that no entry ordered, at most 20. Raises StoreError.

    Memory grows with the orders, not with what they disposed of.
    """
    found: list[tuple[int, str]] = []
    orders: dict[int, object] = {}
    last = 0
    while len(found) < _MOST:
        with database.reading() as connection:
            page = connection.exec_driver_sql(_DISPOSED, (last, _PAGE)).fetchall()
            for seq, by in page:
                if by not in orders:
                    orders[by] = _order(connection, by)
                if by <= seq or not covers(orders[by], seq):
                    found.append((int(seq), f"Entry {seq} is marked as disposed of, and entry {by} does not say so."))
        if len(page) < _PAGE:
            break
        last = int(page[-1][0])
    return found[:_MOST]


def covers(pairs: object, seq: int) -> bool:
    """Whether [first, last] pairs, as a record may hold them, name this entry; False for what is no such list."""
    if not isinstance(pairs, list):
        return False
    return any(
        isinstance(pair, list)
        and len(pair) == 2
        and all(type(one) is int for one in pair)
        and pair[0] <= seq <= pair[1]
        for pair in pairs
    )


def _order(connection: Connection, seq: int) -> object:
    """The entries that an order names, as its record has them; None where there is no such order."""
    record = connection.exec_driver_sql("SELECT bytes FROM record WHERE seq = ?", (seq,)).scalar()
    if record is None:
        return None
    try:
        whole: Any = canonical.decode(bytes(record))
        return whole["data"].get(DISPOSES)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


_DISPOSED = "SELECT seq, by_entry FROM disposal WHERE seq > ? ORDER BY seq LIMIT ?"
