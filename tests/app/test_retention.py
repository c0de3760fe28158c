"""Records whose time has come, in the app, by the keyboard: held, let go, destroyed by two, and the certificate."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from esafety_tui.desk import clock
from tests.app.driver import behind_door, dangers
from tests.desk import made_school
from tests.desk.made_school import CORA, VAL
from tests.desk.retained import slip

HOSTILE = "[@click=app.quit]x[/] \x1b[31m‮ =1+1"


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Seven years go by."""

    def go() -> None:
        ahead = timedelta(days=7 * 366)
        monkeypatch.setattr(clock, "now", lambda: clock.of(datetime.now().astimezone() + ahead))

    return go


@pytest.fixture
def kept(home: Path, later: Callable[[], None]) -> str:
    """One record whose time has come, with hostile words in it."""
    session = made_school.unlock(home)
    ref = slip(session, f"Zebedee {HOSTILE}", HOSTILE)
    session.close()
    later()
    return ref


async def test_from_home_to_its_end(home: Path, kept: str, tmp_path: Path) -> None:
    async with behind_door(home, (100, 40)) as hands:
        await hands.press("d")
        assert "A record has been kept" in hands.shown
        await hands.press("t")
        assert kept in hands.shown
        assert "6 years from" in hands.shown
        await hands.press("h")
        await hands.answer("hold", reason=f"A claim {HOSTILE}")
        assert "■ held" in hands.shown
        await hands.press("d")
        assert hands.top == "RetentionDialog"
        assert "Held: A claim" in hands.shown
        await hands.press("escape", "r")
        await hands.answer("release", reason="It is over", login=VAL.login, password=VAL.password)
        assert "● ready" in hands.shown
        await hands.press("d")
        await hands.answer("dispose", reason="The rule says so", login=VAL.login, password="not this one")
        assert hands.top == "RetentionDialog"
        await hands.answer("dispose", reason="The rule says so", login=VAL.login, password=VAL.password)
        assert "No record has come to the end of its time" in hands.shown
        assert dangers(hands.shown) == []
        await hands.press("v", "v")
        assert "Entry" in hands.shown
        assert VAL.name in hands.shown
        await hands.press("c")
        out = tmp_path / "certificate.pdf"
        await hands.answer("write", out=str(out))
        assert out.read_bytes().startswith(b"%PDF")


async def test_any_record_is_held_and_a_lock_comes_back(home: Path, kept: str) -> None:
    async with behind_door(home, (60, 18)) as hands:
        await hands.press("d", "t", "n")
        await hands.answer("hold", ref=kept, reason="A claim")
        assert "■ held" in hands.shown
        await hands.press("f9", "x")
        await hands.unlock()
        assert hands.top == "RetentionScreen"
        await hands.press("v")
        assert "Held: A claim" in hands.shown


async def test_who_does_not_decide_is_told(home: Path, kept: str) -> None:
    async with behind_door(home, person=CORA) as hands:
        assert "been kept" not in hands.shown
        await hands.press("t")
        assert hands.top == "HomeScreen"
        assert "Your role does not decide" in hands.shown
