"""Drafts: what was typed and not yet confirmed, in the same encrypted file, gone with the answer that confirms it."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection

from esafety_tui.store.database import Database


class Drafts:
    """The drafts of one open database. A key names the question, for example stream and box."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, key: str, body: dict[str, Any], at: str = "") -> None:
        """Keep `body` (what JSON can hold) under `key`, in place of what was there. Raises StoreError.

        at: UTC ISO text.
        """
        text = json.dumps(body)  # escapes, so that any typed character can be kept
        with self._database.writing() as connection:
            connection.exec_driver_sql(
                "INSERT INTO draft(key, body, at) VALUES (?, ?, ?)"
                " ON CONFLICT(key) DO UPDATE SET body = excluded.body, at = excluded.at",
                (key, text, at),
            )

    def load(self, key: str) -> dict[str, Any] | None:
        """The draft under `key`, or None."""
        with self._database.reading() as connection:
            text = connection.exec_driver_sql("SELECT body FROM draft WHERE key = ?", (key,)).scalar()
        if text is None:
            return None
        body: dict[str, Any] = json.loads(text)
        return body

    def keys(self) -> list[str]:
        """The keys of all drafts, oldest first."""
        with self._database.reading() as connection:
            rows = connection.exec_driver_sql("SELECT key FROM draft ORDER BY at, key LIMIT 500").fetchall()
        return [str(row[0]) for row in rows]

    def beginning(self, start: str) -> list[tuple[str, str]]:
        """(key, UTC ISO text of when it was kept, or "") of the drafts whose keys begin so, oldest first."""
        query = "SELECT key, at FROM draft WHERE substr(key, 1, length(?1)) = ?1 ORDER BY at, key LIMIT 500"
        with self._database.reading() as connection:
            rows = connection.exec_driver_sql(query, (start,)).fetchall()
        return [(str(key), str(at)) for key, at in rows]

    def remove(self, key: str) -> None:
        """Take a draft away; one that is not there is no error. Raises StoreError."""
        with self._database.writing() as connection:
            clear(connection, key)


def clear(connection: Connection, key: str) -> None:
    """Take a draft away inside somebody else's transaction."""
    connection.exec_driver_sql("DELETE FROM draft WHERE key = ?", (key,))
