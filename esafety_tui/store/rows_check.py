"""The rows of the log against the entries: none is of an earlier time, and no case is without one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from esafety_tui.store import sides
from esafety_tui.store.database import Database

#: The number of an entry, None where it is about none, and what is wrong.
Found = tuple[int | None, str]
_OLDER = (
    "SELECT i.ref, (SELECT l.seq FROM listing l WHERE l.stream = i.stream ORDER BY l.n DESC LIMIT 1) AS newest"
    " FROM incident i WHERE i.last_seq <> newest LIMIT 20"
)
_WITHOUT = (
    "SELECT l.seq FROM listing l WHERE l.n = 1 AND substr(l.stream, 1, length(:prefix)) = :prefix"
    " AND NOT EXISTS (SELECT 1 FROM incident i WHERE i.stream = l.stream) LIMIT 20"
)
_COUNTS = (
    "SELECT coalesce((SELECT count FROM tally WHERE name = 'common'), 0),"
    " (SELECT count(*) FROM incident WHERE common = 1)"
)
_ENDS = "SELECT min(seq), max(seq) FROM listing WHERE stream = :stream"
_DUE = "SELECT id, what, owner, due, ref FROM due WHERE origin = ? ORDER BY id"
_MOST = 20


def check(database: Database, prefix: str) -> Iterator[Found]:
    """What is wrong, in words, with the number of an entry. prefix: how the names of the streams of cases begin.

    Raises StoreError where the rows cannot be read.
    """
    with database.reading() as connection:
        older = connection.exec_driver_sql(_OLDER).fetchall()
        without = connection.exec_driver_sql(_WITHOUT, {"prefix": prefix}).fetchall()
        counted, common = connection.exec_driver_sql(_COUNTS).one()
    for ref, newest in older:
        yield int(newest), f"The log shows {ref} as it was before entry {newest}: an older part was put back."
    for (seq,) in without:
        yield int(seq), f"The log does not show the incident that begins with entry {seq}."
    if older or without:
        return  # what stands beside a row that is not of its entries says nothing more
    for ref, newest in islice(sides.others(database), _MOST):
        yield newest, f"What the log shows beside {ref} is not as entry {newest} left it: an older part was put back."
    if counted != common:
        yield None, f"The log counts {counted} incidents, and shows {common}: an older part was put back."


def check_due(database: Database, stream: str, due: Sequence[Sequence[object]]) -> Iterator[Found]:
    """Whether what is due in a stream that is no case (the register) stands there as its entries say. due: the rows
    that they give. Raises StoreError."""
    with database.reading() as connection:
        first, newest = connection.exec_driver_sql(_ENDS, {"stream": stream}).one()
        there = connection.exec_driver_sql(_DUE, (first,)).fetchall()
    if first is not None and [tuple(row) for row in there] != sorted(map(tuple, due)):
        yield int(newest), "What is due in no incident is not as the entries say: an older part was put back."
