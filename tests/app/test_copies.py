"""Backups and other copies in the app, by the keyboard: made, checked, put back on another computer, taken away."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from esafety_tui.desk import opening
from esafety_tui.desk.asks import Reply
from esafety_tui.desk.copies import restoring
from esafety_tui.desk.copies.keeping_copies import Copies
from esafety_tui.errors import EsafetyError
from esafety_tui.register.copy_events import Restored
from esafety_tui.store import backup_files
from esafety_tui.store.copying import Stopped
from tests.app.driver import at_keyboard, behind_door, dangers
from tests.desk import made_school
from tests.desk.made_school import PAT, RUTH, VAL

HOSTILE = "[@click=app.quit]x[/] \x1b[31m‮ =1+1"


@pytest.fixture
def stick(own_folders: Path) -> Path:
    folder = own_folders / "stick"
    folder.mkdir()
    return folder


@pytest.fixture
def elsewhere(own_folders: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Path]:
    """Another computer, which has seen nothing of this log. Gives the folder for the log there."""

    def move() -> Path:
        monkeypatch.setenv("ESAFETY_STATE", str(own_folders / "state-there"))
        return own_folders / "there"

    return move


@pytest.fixture
def backed_up(home: Path, stick: Path) -> Path:
    """A log with an open case and a backup of it."""
    session = made_school.unlock(home)
    session.casework.begin()
    session.copies.make(stick, "Stick A")
    session.close()
    return stick


async def test_where_they_go_one_made_and_checked(home: Path, stick: Path) -> None:
    async with behind_door(home) as hands:
        await hands.press("b")
        assert "There is no backup of this log yet" in hands.shown
        await hands.press("p")
        await hands.answer("on", folder=str(stick), label="")
        assert "label" in hands.shown, "a new stick needs a name"
        await hands.answer("on", folder=str(stick), label="Stick A")
        assert "after every sitting" in hands.shown
        await hands.press("enter")
        assert "They go to Stick A" in hands.shown
        await hands.press("m")
        await hands.answer("on")
        assert "Made and checked" in hands.shown
        await hands.press("1", "enter")
        assert "Last good backup" in hands.shown
        assert "On the stick that is in" in hands.shown
        await hands.press("c")
        await hands.answer("checked")
        assert "It can be put back" in hands.shown
        await hands.press("enter")
        assert hands.top == "CopiesScreen"
        assert len(backup_files.found_at(stick)) == 1


async def test_a_damaged_one_is_said(home: Path, backed_up: Path) -> None:
    one = backup_files.found_at(backed_up)[0]
    data = bytearray(one.database.read_bytes())
    data[len(data) // 2] ^= 1
    one.database.write_bytes(data)
    async with behind_door(home) as hands:
        await hands.press("b", "c")
        await hands.answer("checked", folder=str(backed_up))
        assert "It would not do" in hands.shown
        assert "make a new one" in hands.shown
        await hands.press("enter")
        assert "The last check of a backup found something" in hands.shown


@pytest.mark.parametrize("key", ["escape", "f9", "ctrl+l"])
async def test_what_takes_long_is_stopped_and_blanked_at_once(
    home: Path, stick: Path, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = threading.Event()
    ended: list[str] = []
    make = Copies.make

    def slow(self: Copies, folder: Any = None, label: str = "", progress: Any = None) -> Any:
        began.set()
        while not progress(1, 10):
            pass
        try:
            return make(self, folder, label, lambda *_: True)
        except EsafetyError:
            ended.append("stopped")
            raise

    monkeypatch.setattr(Copies, "make", slow)
    async with behind_door(home) as hands:
        await hands.press("b", "m")
        panel = hands.panel
        panel.choices.choose(1)  # type: ignore[union-attr]
        await hands.settle()
        await hands.put("folder", str(stick))
        await hands.put("label", "Stick A")
        panel.record()
        while not began.is_set():
            await hands.pilot.pause(0.01)
        await hands.pilot.pause(0.15)
        assert "Making the backup" in hands.shown
        hands._send(key)
        await hands.pilot.pause(0.05)
        if key != "escape":
            assert hands.shown.strip() == ""
        await hands.settle()
        assert ended == ["stopped"]
        assert backup_files.found_at(stick) == []
        if key == "escape":
            assert "Nothing was kept of it" in hands.shown
            return
        await hands.press("x")
        await hands.unlock()
        assert hands.top == "CopyDialog"
        assert hands.field("folder").value == str(stick), "what was typed is there again"


async def test_put_back_on_another_computer_and_recorded_by_two(
    home: Path, backed_up: Path, elsewhere: Callable[[], Path]
) -> None:
    there = elsewhere()
    async with at_keyboard(there) as hands:
        await hands.press("4", "enter")
        assert hands.top == "RestoreDialog"
        await hands.answer("password", folder=str(backed_up / "none"), login=RUTH.login, password=RUTH.password)
        assert "There is no backup here" in hands.shown
        await hands.answer("password", folder=str(backed_up), login=RUTH.login, password="not this one")
        assert not (there / "vault.json").exists()
        await hands.answer("password", folder=str(backed_up), login=RUTH.login, password=RUTH.password)
        assert "The log is put back" in hands.shown
        await hands.press("enter")
        assert hands.top == "UnlockScreen"
        await hands.unlock()
        assert "for reading only" in hands.shown
        await hands.press("b")
        assert "Put back" in hands.shown
        await hands.press("r")
        await hands.answer("record", reason="The disk broke", login=RUTH.login, password=RUTH.password)
        assert "somebody else" in hands.shown
        await hands.answer("record", reason="The disk broke", login=VAL.login, password=VAL.password)
        assert "can be written again" in hands.shown
        await hands.press("enter")
        assert "for reading only" not in hands.shown
        await hands.press("r")
        assert hands.top == "CopiesScreen", "there is nothing more to record"


async def test_put_back_with_two_sheets(home: Path, stick: Path, elsewhere: Callable[[], Path]) -> None:
    session = made_school.unlock(home, PAT)
    session.sheets.reply(Reply("make"))
    first, second = (line.rpartition(" ")[2] for line in session.sheets.ask().guidance[2:4])
    session.sheets.reply(Reply("done"))
    session.copies.make(stick, "Stick A")
    session.close()
    async with at_keyboard(elsewhere()) as hands:
        await hands.press("4", "enter")
        await hands.answer("sheets", folder=str(stick), first=first, second=second)
        assert "The log is put back" in hands.shown
        assert "F4" in hands.shown
        await hands.press("enter")
        assert hands.top == "UnlockScreen"


async def test_taken_here_and_not_after_all(home: Path) -> None:
    async with behind_door(home, (100, 40)) as hands:
        await hands.press("b", "a")
        await hands.answer("taken", officer=f"PC Quinn {HOSTILE}", receipt="R-88")
        assert "taken by PC Quinn" in hands.shown
        assert "0 incidents" in hands.shown
        assert dangers(hands.shown) == []
        await hands.press("enter")
        assert "for reading only" in hands.shown
        await hands.press("a")
        await hands.answer("not-taken", reason="They left without it", login=VAL.login, password=VAL.password)
        assert "can be written again" in hands.shown
        await hands.press("enter")
        assert "for reading only" not in hands.shown


async def test_the_page_for_the_head_and_nothing_is_written_over(home: Path, tmp_path: Path) -> None:
    out = tmp_path / "away.pdf"
    async with behind_door(home) as hands:
        await hands.press("b", "a")
        await hands.answer("paper", out=str(out))
        assert "The page is written" in hands.shown
        assert out.read_bytes().startswith(b"%PDF")
        await hands.press("enter", "a")
        await hands.answer("paper", out=str(out))
        assert hands.asked == "copies-away", "it is there already"


async def test_the_copy_that_comes_back(home: Path, backed_up: Path, own_folders: Path) -> None:
    there = own_folders / "there"
    restoring.with_password(restoring.choose(backed_up), there, RUTH.login, RUTH.password)
    session = opening.unlock(there, RUTH.login, RUTH.password)
    restoring.record(session, VAL.login, VAL.password, "The disk broke")
    session.close()
    old = made_school.unlock(home)
    ref = old.casework.begin()
    made_school.answer(old, ref, "no")
    made_school.do(old, ref, "second", "sign-in", login=VAL.login, password=VAL.password)
    made_school.do(old, ref, "note", "add", text="Seen together")
    old.close()
    theirs = {"home": str(home), "their": RUTH.password}
    async with behind_door(there) as hands:
        await hands.press("b", "a")
        await hands.answer("compare", **{**theirs, "home": str(there)})
        assert "That is this log" in hands.shown
        await hands.answer("compare", **theirs)
        assert "The first entry that differs" in hands.shown
        await hands.press("enter", "a")
        await hands.answer("back", **theirs)
        assert "for reading only" in hands.shown
        await hands.press("enter", "a")
        await hands.answer("take-over", **theirs, login=VAL.login, password=VAL.password)
        assert "taken over, in 1 incident" in hands.shown
        await hands.press("enter")
        await hands.home()
        assert ref in hands.shown
    async with behind_door(home) as hands:
        await hands.press("o")
        assert hands.top == "HomeScreen", "it is said there, and nothing is asked first"
    async with behind_door(home, person=VAL) as hands:
        assert hands.top == "HomeScreen", "nothing can be confirmed here, so nobody is asked to"
        session = hands.app.session
        assert session
        assert session.mine()


async def test_a_comparison_can_be_stopped(home: Path, backed_up: Path, own_folders: Path) -> None:
    there = own_folders / "there"
    restoring.with_password(restoring.choose(backed_up), there, RUTH.login, RUTH.password)
    session = made_school.unlock(home)
    try:
        with pytest.raises(Stopped):
            session.away.compared(there, RUTH.login, RUTH.password, lambda *_: True)
        with pytest.raises(Stopped):
            session.away.came_back(there, RUTH.login, RUTH.password, lambda *_: True)
        assert not session.register.copies.superseded
        assert not (there / "superseded.json").exists()
    finally:
        session.close()


async def test_drafts_of_steps_are_ones_own_and_hold_no_password(home: Path) -> None:
    async with behind_door(home) as hands:
        await hands.press("b", "a", "6")
        await hands.press("escape")
        await hands.press("a", "1")
        await hands.put("officer", "PC Quinn")
        await hands.press("f9", "x")
        await hands.unlock()
        assert hands.field("officer").value == "PC Quinn"
        await hands.press("f9", "x")
        await hands.unlock(VAL)
        await hands.press("b", "a", "1")
        assert hands.field("officer").value == ""


async def test_what_is_missing_is_said_until_two_say_what_became_of_it(home: Path) -> None:
    async with behind_door(home) as hands:
        await hands.press("b")
        assert "w Missing" not in hands.shown
        session = hands.app.session
        assert session is not None
        session.note(Restored("ab" * 16, "20260302-150405", 3, "00" * 32, "The disk failed", "p1", "p2", 9, "ff"))
        await hands.press("escape", "b", "w")
        assert "Entries 4 to 9 at least are not in this log" in hands.shown
        await hands.answer("settle", reason=HOSTILE, login=RUTH.login, password=RUTH.password)
        assert "Two people record this" in " ".join(hands.shown.split())
        await hands.answer("settle", reason=HOSTILE, login=VAL.login, password=VAL.password)
        assert "It is recorded" in hands.shown
        await hands.press("enter", "w")
        assert hands.top == "CopiesScreen"
        assert "Entries 4 to 9" not in hands.shown
        assert dangers(hands.shown) == []
