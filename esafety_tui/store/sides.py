"""The rows beside a case's row (who it is about, who is excluded, what is due) in one digest, kept in the case's row.

A page of an older copy that fits where it is put is a set of rows as they were. The case's row says of which entry it
is (rows_check.py), and with it which rows stand beside it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence

from sqlalchemy import Connection

from esafety_tui.store.database import Database

#: Of `words_hash` the first bytes stand for what a search finds the case by, the others for the rows beside it.
OF_WORDS, OF_ROWS = 16, 16
#: So many cases are looked at together.
PAGE = 500
Row = Sequence[object]


def digest(people: Sequence[Row], excluded: Sequence[Row], due: Sequence[Row]) -> bytes:
    """What stands for the rows beside one case: each in order, without the number of the case."""
    rows = [[list(row) for row in part] for part in (people, excluded, due)]
    return hashlib.sha256(json.dumps(rows, separators=(",", ":")).encode("ascii")).digest()[:OF_ROWS]


def others(database: Database) -> Iterator[tuple[str, int]]:
    """(reference, newest entry) of each case beside whose row other rows stand than were written with it. A page of
    cases at a time. Raises StoreError where they cannot be read."""
    after = -1
    while True:
        with database.reading() as connection:
            cases = connection.exec_driver_sql(_CASES, (after, PAGE)).fetchall()
            if not cases:
                return
            first, last = int(cases[0][0]), int(cases[-1][0])
            parts = [_by_case(connection, query, first, last) for query in (_PEOPLE, _EXCLUDED, _DUE)]
        for id, ref, newest, kept in cases:
            if bytes(kept)[OF_WORDS:] != digest(*(part.get(id, ()) for part in parts)):
                yield str(ref), int(newest)
        after = last


def _by_case(connection: Connection, query: str, first: int, last: int) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for id, *row in connection.exec_driver_sql(query, (first, last)).fetchall():
        found.setdefault(int(id), []).append(row)
    return found


_CASES = "SELECT id, ref, last_seq, words_hash FROM incident WHERE id > ? ORDER BY id LIMIT ?"
_PEOPLE = (
    'SELECT incident, position, party, who, kind, role, name, "group" FROM incident_person'
    " WHERE incident BETWEEN ? AND ? ORDER BY incident, position"
)
_EXCLUDED = "SELECT incident, person FROM incident_excluded WHERE incident BETWEEN ? AND ? ORDER BY incident, person"
_DUE = "SELECT origin, id, what, owner, due, ref FROM due WHERE origin BETWEEN ? AND ? ORDER BY origin, id"
