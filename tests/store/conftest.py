"""A log in a temporary folder, and short ways to write in it and to damage it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from esafety_tui.store import database
from esafety_tui.store.database import Database
from esafety_tui.store.journal import Journal
from tests.store.made_log import EPOCH, KEY, VAULT


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "log-1.db"


@pytest.fixture
def log(path: Path) -> Iterator[Database]:
    opened = database.create(path, KEY, VAULT, EPOCH)
    yield opened
    opened.close()


@pytest.fixture
def journal(log: Database) -> Journal:
    return Journal(log)


@pytest.fixture
def reopen(path: Path) -> Iterator[Callable[[], Database]]:
    opened: list[Database] = []

    def again() -> Database:
        opened.append(database.open(path, KEY, VAULT, EPOCH))
        return opened[-1]

    yield again
    for one in opened:
        one.close()
