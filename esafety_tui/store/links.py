"""The entries by which cases were linked by hand or parted again, of the whole log. Who may read them the desk says."""

from __future__ import annotations

from esafety_tui.store import search
from esafety_tui.store.database import Database
from esafety_tui.store.journal import COLUMNS, Entry, entry_of

#: Cases that are looked at, the newest first.
MOST = 2_000
#: The tag of a case in which such an entry stands (projection.incident_tags).
TAG = "r"

_CASES = (
    "SELECT stream FROM incident WHERE id IN"
    " (SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid DESC LIMIT ?) ORDER BY id DESC"
)
_ENTRIES = (
    COLUMNS + "FROM listing l JOIN entry e ON e.seq = l.seq LEFT JOIN record r ON r.seq = l.seq"
    " WHERE l.stream = ? AND +l.kind IN ('linked', 'unlinked') ORDER BY l.n"
)


def cases(database: Database) -> list[str]:
    """The streams of the cases in which there are any, the newest first. Raises StoreError."""
    with database.reading() as connection:
        rows = connection.exec_driver_sql(_CASES, (search.tagged(search.tag(TAG, "1")), MOST)).fetchall()
    return [str(row[0]) for row in rows]


def entries(database: Database, stream: str) -> list[Entry]:
    """Those of one stream, in order. Raises StoreError."""
    with database.reading() as connection:
        rows = connection.exec_driver_sql(_ENTRIES, (stream,)).fetchall()
    return [entry_of(tuple(row)) for row in rows]
