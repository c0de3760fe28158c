"""The rows of the log against the entries: none is of an earlier time, and no case is without one."""

from __future__ import annotations

from collections.abc import Iterator

from esafety_tui.store.database import Database

Found = tuple[int, str]
_OLDER = (
    "SELECT i.ref, (SELECT l.seq FROM listing l WHERE l.stream = i.stream ORDER BY l.n DESC LIMIT 1) AS newest"
    " FROM incident i WHERE i.last_seq <> newest LIMIT 20"
)
_WITHOUT = (
    "SELECT l.seq FROM listing l WHERE l.n = 1 AND substr(l.stream, 1, length(:prefix)) = :prefix"
    " AND NOT EXISTS (SELECT 1 FROM incident i WHERE i.stream = l.stream) LIMIT 20"
)


def check(database: Database, prefix: str) -> Iterator[Found]:
    """What is wrong, in words, with the number of an entry. prefix: how the names of the streams of cases begin.

    Raises StoreError where the rows cannot be read.
    """
    with database.reading() as connection:
        older = connection.exec_driver_sql(_OLDER).fetchall()
        without = connection.exec_driver_sql(_WITHOUT, {"prefix": prefix}).fetchall()
    for ref, newest in older:
        yield int(newest), f"The log shows {ref} as it was before entry {newest}: an older part was put back."
    for (seq,) in without:
        yield int(seq), f"The log does not show the incident that begins with entry {seq}."
