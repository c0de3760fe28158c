"""A new data key takes long on an old machine: its progress, its stop, and nobody is let in behind a blank screen."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from esafety_tui.desk import opening
from esafety_tui.desk.asks import Reply
from esafety_tui.desk.school import recovering
from esafety_tui.store.copying import Stopped
from esafety_tui.vault import header as headers
from tests.app.driver import at_keyboard, behind_door
from tests.desk import made_school
from tests.desk.made_school import PAT, RUTH, TIM

NEW = "slow amber window frame"


@pytest.fixture
def sheets(home: Path) -> list[str]:
    """Two recovery sheets of the home."""
    session = made_school.unlock(home, PAT)
    session.sheets.reply(Reply("make"))
    two = [line.rpartition(" ")[2] for line in session.sheets.ask().guidance[2:4]]
    session.sheets.reply(Reply("done"))
    session.close()
    return two


def forgotten(sheets: list[str]) -> dict[str, str]:
    return {"first": sheets[0], "second": sheets[1], "login": RUTH.login, "password": NEW, "again": NEW}


@pytest.mark.parametrize("stop_at", [0, 1, 2])
def test_stopped_before_the_end_everything_is_as_it_was(home: Path, sheets: list[str], stop_at: int) -> None:
    before = headers.read_bytes(home)
    told: list[tuple[int, int]] = []

    def progress(done: int, of: int) -> bool:
        told.append((done, of))
        return len(told) > stop_at

    with pytest.raises(Stopped):
        recovering.reply(home, Reply("recover", forgotten(sheets)), progress)
    assert 0 < told[-1][0] <= told[-1][1]
    assert headers.read_bytes(home) == before
    session = made_school.unlock(home, PAT)
    tim = next(person.id for person in session.register.people.values() if person.login == TIM.login)
    told.clear()
    with pytest.raises(Stopped):
        session.people.retire_reply(Reply("retire", {"person": tim, "reason": "Left"}), progress)
    assert headers.read_bytes(home) == before
    assert [path.name for path in home.glob("log-*")] == [session.unlocked.header.database]
    told.clear()
    session.people.retire_reply(Reply("retire", {"person": tim, "reason": "Left"}), lambda *at: told.append(at))
    session.close()
    assert told[-1][0] == told[-1][1], "it says when it is done"


async def test_a_login_ends_in_the_app_with_a_stop_by_escape(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from esafety_tui.store import rekey

    began, copy = threading.Event(), rekey._copy

    def slow(old: Any, path: Path, meter: Any) -> int:
        began.set()
        meter.total = 10
        while True:
            meter.tell()
            if not held.is_set():
                return copy(old, path, meter)

    held = threading.Event()
    held.set()
    monkeypatch.setattr(rekey, "_copy", slow)
    async with behind_door(home, person=PAT) as hands:
        await hands.press("s")
        await hands.answer("logins")
        assert hands.app.session is not None
        people = hands.app.session.register.people.values()
        tim = next(person.id for person in people if person.login == TIM.login)
        hands.panel.choices.choose(1)  # type: ignore[union-attr]
        await hands.settle()
        await hands.put("person", tim)
        await hands.put("reason", "Left")
        hands.panel.record()
        while not began.is_set():
            await hands.pilot.pause(0.01)
        await hands.pilot.pause(0.15)
        assert "Giving the log a new key" in hands.shown
        hands._send("escape")
        await hands.settle()
        assert "Nothing was kept of it" in hands.shown
        held.clear()
        hands.panel.record()
        await hands.settle()
        assert next(person for person in hands.app.session.register.people.values() if person.id == tim).active is False


async def test_who_blanks_while_the_log_opens_finds_the_door(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    came, go_on, usual = threading.Event(), threading.Event(), opening.unlock

    def slow(*given: Any) -> Any:
        came.set()
        go_on.wait(10)
        return usual(*given)

    monkeypatch.setattr(opening, "unlock", slow)
    async with at_keyboard(home) as hands:
        from textual.widgets import Input

        hands.only("#login", Input).value = RUTH.login
        hands.only("#password", Input).value = RUTH.password
        hands.only("#password", Input).focus()
        hands._send("enter")
        while not came.is_set():
            await hands.pilot.pause(0.01)
        hands._send("f9")
        await hands.pilot.pause(0.05)
        go_on.set()
        await hands.settle()
        assert hands.shown.strip() == ""
        assert hands.app.session is None
        await hands.press("x")
        assert hands.top == "UnlockScreen"
        await hands.unlock()
        assert hands.top == "HomeScreen"
