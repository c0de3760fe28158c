"""How the table of the log gets its rows: at once where they come soon, later where they do not, never old ones."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from esafety_tui.errors import UsageError
from esafety_tui.widgets import logtable
from esafety_tui.widgets.logcolumns import Look
from esafety_tui.widgets.logtable import LogTable, Read, Wish
from esafety_tui.widgets.stretch import Chunk

TROUBLE = UsageError("It cannot be read", "The disk does not answer.", "Try again.")
LONG = 20.0


class Bare(App[None]):
    """The table alone."""

    def __init__(self) -> None:
        super().__init__()
        self.troubles: list[str] = []

    def compose(self) -> ComposeResult:
        yield LogTable(id="rows")

    def on_log_table_trouble(self, event: LogTable.Trouble) -> None:
        self.troubles.append(event.error.title)


def row(name: str) -> dict[str, object]:
    return {"ref": name, "key": name, "place": 0.0, "people": [], "status": "open", "title": name}


def shows(app: Bare, read: Read) -> None:
    app.query_one(LogTable).show(read, Wish("top"), "opened", True, Look("", "2026-11-22"))


def held(app: Bare) -> list[object]:
    return [one["ref"] for one in app.query_one(LogTable).stretch.rows]


def gives(*names: str) -> Read:
    return lambda wish: Chunk([row(name) for name in names])


class Slow:
    """A reader that gives its rows when it may."""

    def __init__(self, answer: Callable[[], Chunk]) -> None:
        self.may, self.began, self._answer = threading.Event(), threading.Event(), answer

    def __call__(self, wish: Wish) -> Chunk:
        self.began.set()
        assert self.may.wait(LONG)
        return self._answer()


async def until(pilot: Pilot[None], met: Callable[[], bool]) -> None:
    for _ in range(int(LONG * 100)):
        if met():
            return
        await pilot.pause(0.01)
    raise AssertionError("it never came")


async def test_rows_that_come_soon_are_there_before_anything_is_painted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logtable, "PATIENCE", LONG)
    app = Bare()
    async with app.run_test(size=(80, 24)):
        shows(app, gives("one", "two"))
        assert held(app) == ["one", "two"]
        assert not app.query_one(LogTable).waiting


async def test_what_takes_long_holds_nothing_up_and_comes_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logtable, "PATIENCE", LONG)
    app = Bare()
    async with app.run_test(size=(80, 24)) as pilot:
        shows(app, gives("before"))
        monkeypatch.setattr(logtable, "PATIENCE", 0.0)
        slow = Slow(lambda: gives("late")(Wish()))
        shows(app, slow)
        assert (held(app), app.query_one(LogTable).waiting) == (["before"], True)
        slow.may.set()
        await until(pilot, lambda: held(app) == ["late"])


async def test_the_answer_to_an_older_question_is_thrown_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logtable, "PATIENCE", 0.0)
    app = Bare()
    async with app.run_test(size=(80, 24)) as pilot:
        slow = Slow(lambda: gives("older")(Wish()))
        shows(app, slow)
        assert slow.began.wait(LONG)
        shows(app, gives("newer"))
        await until(pilot, lambda: held(app) == ["newer"])
        slow.may.set()
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert held(app) == ["newer"]


@pytest.mark.parametrize("patience", [0.0, LONG])
async def test_what_cannot_be_read_is_told_and_what_was_there_stays(
    monkeypatch: pytest.MonkeyPatch, patience: float
) -> None:
    def fails() -> Chunk:
        raise TROUBLE

    monkeypatch.setattr(logtable, "PATIENCE", LONG)
    app = Bare()
    async with app.run_test(size=(80, 24)) as pilot:
        shows(app, gives("before"))
        monkeypatch.setattr(logtable, "PATIENCE", patience)
        failing = Slow(fails)
        failing.may.set()
        shows(app, failing)
        await until(pilot, lambda: app.troubles == [TROUBLE.title])
        assert (held(app), app.query_one(LogTable).waiting) == (["before"], False)
