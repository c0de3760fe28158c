"""Core statements made into SQL once: a page of the log then costs little more than SQLite itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Select
from sqlalchemy.dialects import sqlite


class Prepared:
    """One statement, ready to run with values for its named parameters."""

    def __init__(self, statement: Select[Any]) -> None:
        made = statement.compile(dialect=sqlite.dialect())
        self._sql = str(made)
        self._names = tuple(made.positiontup or ())
        self._fixed = {name: value for name, value in made.params.items() if value is not None}

    def rows(self, connection: Connection, values: Mapping[str, object]) -> list[tuple[Any, ...]]:
        """All rows, as the driver's own tuples. Raises the driver's errors (see Database.reading)."""
        given = {**self._fixed, **values}
        driver: Any = connection.connection.dbapi_connection
        found: list[tuple[Any, ...]] = driver.execute(self._sql, [given[name] for name in self._names]).fetchall()
        return found
