"""The leaves of the whole journal in order, with the records of one stream alone: what proves that stream's entries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from esafety_tui.store.database import Database
from esafety_tui.store.journal import PAGE


class Leaf(NamedTuple):
    """An entry's number and leaf (32 bytes). salt, record: None for an entry of another stream, or disposed of."""

    seq: int
    leaf: bytes
    salt: bytes | None
    record: bytes | None


def leaves(database: Database, stream: str, up_to: int) -> Iterator[Leaf]:
    """Every entry from the first to number `up_to`, a page at a time; no statement stays open between pages.

    Of entries outside `stream` the leaf is read and nothing else. Raises StoreError.
    """
    last = 0
    while True:
        with database.reading() as connection:
            page = connection.exec_driver_sql(_LEAVES, (stream, last, up_to, PAGE)).fetchall()
        for row in page:
            yield Leaf(int(row[0]), bytes(row[1]), row[2], row[3])
        if len(page) < PAGE:
            return
        last = int(page[-1][0])


_LEAVES = (
    "SELECT e.seq, e.leaf, r.salt, r.bytes FROM entry e"
    " LEFT JOIN listing l ON l.seq = e.seq AND l.stream = ? LEFT JOIN record r ON r.seq = l.seq"
    " WHERE e.seq > ? AND e.seq <= ? ORDER BY e.seq LIMIT ?"
)
