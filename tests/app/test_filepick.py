"""Choosing a file: the newest first, new ones by themselves, hostile names as text, a long intake that is stopped."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Event

import pytest

from esafety_tui.desk.session import Session
from esafety_tui.store import intake
from esafety_tui.widgets import filepick
from tests.app.driver import Hands, behind_door, dangers
from tests.app.keyboard import do, refused
from tests.desk import made_school
from tests.desk.made_school import VAL
from tests.desk.test_evidence import png

EVIL = "a\x1b[2J\u202e\x9b[@click=app.quit]\n.png"


@asynccontextmanager
async def choosing(home: Path, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Hands]:
    """The form that asks for the file, with the question before it answered."""
    session = made_school.unlock(home)
    ref = str(session.browsing.log()[0]["ref"])
    made_school.do(session, ref, "second", "sign-in", login=VAL.login, password=VAL.password)
    made_school.answer(session, ref, "ask", what="https://example.invalid/", could="no")
    made_school.answer(session, ref, "start")
    made_school.answer(session, ref, "looked", form="site", where="https://example.invalid/", concern="Names")
    session.close()
    async with behind_door(home, size) as hands:
        session = here(hands)
        session.set_second(next(p for p in session.register.people.values() if p.login == VAL.login))
        session.give_pins()
        session.compared_clock()
        made_school.answer(session, ref, "copy-ask", row=session.casework.case(ref).rows[-1].row, could="no")
        await hands.press("1", "e")
        await do(hands, "exhibit")
        yield hands


def here(hands: Hands) -> Session:
    assert hands.app.session is not None
    return hands.app.session


def value(hands: Hands) -> str:
    return hands.field("file").value


async def until(hands: Hands, true: Callable[[], bool]) -> None:
    """Wait for something that comes by itself, at most five seconds."""
    for _ in range(250):
        await hands.settle()
        if true():
            return
        await asyncio.sleep(0.02)
    raise AssertionError(hands.shown)


async def test_newest_first_by_arrow_and_a_path_may_be_typed(record_home: Path, shots: Path) -> None:
    (shots / "newer.png").write_bytes(png())
    os.utime(shots / "newer.png", (1_772_600_000, 1_772_600_000))
    async with choosing(record_home) as hands:
        await until(hands, lambda: "Screenshot 1.png" in hands.shown)
        rows = [line for line in hands.shown.splitlines() if ".png" in line]
        assert ["newer.png" in rows[0], "Screenshot 1.png" in rows[1]] == [True, True]
        assert value(hands) == "", "nothing is chosen by itself"
        await hands.press("down", "down", "down", "up")
        assert value(hands) == str(shots / "newer.png")
        hands.field("file").entry.value = ""  # type: ignore[attr-defined]
        await hands.type("/nowhere/at all.png")
        await hands.press("enter")
        await hands.type("A page")
        await hands.press("ctrl+r")
        assert hands.top == "TaskDialog"
        assert refused(hands)
        assert value(hands) == "/nowhere/at all.png"


async def test_a_new_file_appears_by_itself_and_the_choice_stays(
    record_home: Path, shots: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filepick, "AGAIN", 0.05)
    async with choosing(record_home) as hands:
        await hands.press("down")
        chosen = value(hands)
        (shots / "taken just now.png").write_bytes(png())
        await until(hands, lambda: "● new" in hands.shown)
        assert "taken just now.png" in hands.shown
        assert value(hands) == chosen
        marked = next(line for line in hands.shown.splitlines() if "▸ Screenshot 1" in line)
        assert "● new" not in marked


async def test_a_new_file_is_shown_where_the_list_stays_as_high_as_it_is(
    record_home: Path, shots: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filepick, "AGAIN", 0.05)
    for at in range(8):
        (shots / f"older {at}.png").write_bytes(png())
        os.utime(shots / f"older {at}.png", (1_772_500_000 + at, 1_772_500_000 + at))
    async with choosing(record_home, (100, 40)) as hands:
        await until(hands, lambda: "older" in hands.shown)
        high = hands.app.screen.query_one(filepick.FileRows).size.height
        (shots / "taken just now.png").write_bytes(png())
        await until(hands, lambda: "taken just now.png" in hands.shown)
        rows = hands.app.screen.query_one(filepick.FileRows)
        assert rows.size.height == high
        await hands.pilot.click(rows, offset=(4, 1))
        assert value(hands) == str(shots / "taken just now.png"), "what is clicked is what is shown"


async def test_an_empty_folder_and_one_that_is_gone_say_what_to_do(record_home: Path, shots: Path) -> None:
    (shots / "Screenshot 1.png").unlink()
    async with choosing(record_home) as hands:
        await until(hands, lambda: "Nothing is there yet. Take the screenshot" in hands.shown)
        await hands.press("escape", "escape")
        shots.rmdir()
        await do(hands, "exhibit")
        await until(hands, lambda: "cannot be read" in hands.shown)


@pytest.mark.skipif(os.name == "nt", reason="such names cannot be made there")
async def test_hostile_names_are_text_and_are_kept_under_their_own_name(record_home: Path, shots: Path) -> None:
    (shots / "Screenshot 1.png").unlink()
    names = [os.fsencode(EVIL), b"broken \xff\xfe.png", b"ends in spaces.png  "]
    for at, name in enumerate(names):
        path = os.path.join(os.fsencode(shots), name)
        with open(path, "wb") as file:
            file.write(png(width=8 + at))  # the very same file would be refused the second time
        os.utime(path, (1_772_500_000 - at, 1_772_500_000 - at))
    (shots / "link.png").symlink_to(shots / "nowhere")
    (shots / "folder.png").mkdir()
    os.mkfifo(shots / "pipe.png")
    async with choosing(record_home) as hands:
        await until(hands, lambda: "a␛" in hands.shown)
        assert dangers(hands.shown) == []
        assert "[@click=app.quit]" in hands.shown
        for kind in ("link.png", "folder.png", "pipe.png"):
            assert kind not in hands.shown, "what cannot be kept is not offered"
        for at in range(len(names)):
            await hands.press(*["down"] * (at + 1))
            assert dangers(hands.shown) == []
            hands.field("description").entry.text = "A page"  # type: ignore[attr-defined]
            await hands.press("ctrl+r")
            assert hands.top == "EvidenceScreen", refused(hands)
            made_school.answer(
                here(hands), hands.ref, "copy-ask", row=here(hands).casework.case(hands.ref).rows[-1].row, could="no"
            )
            await do(hands, "exhibit")
        kept = [one.source_name for one in here(hands).casework.case(hands.ref).exhibits.values()]
        assert len(kept) == len(names)
        await hands.press("escape", "escape")
        assert dangers(hands.shown) == []


@asynccontextmanager
async def under_way(hands: Hands, shots: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """An intake that stands still in its middle until it is told to stop."""
    reached, take = Event(), intake.take

    def slow(files: object, path: Path, progress: Callable[[int, int], object]) -> object:
        def tell(done: int, of: int) -> object:
            stopped = progress(done, of)
            reached.set()
            while not stopped:
                asyncio.run(asyncio.sleep(0.005))
                stopped = progress(done, of)
            return stopped

        return take(files, path, tell)  # type: ignore[arg-type]

    monkeypatch.setattr(intake, "take", slow)
    hands.field("description").entry.text = "A page"  # type: ignore[attr-defined]
    await hands.press("down")
    hands._send("ctrl+r")
    for _ in range(300):
        await asyncio.sleep(0.01)
        if reached.is_set() and "%" in hands.shown:
            break
    assert "Keeping the file" in hands.shown
    assert "Esc: stop" in hands.shown
    yield


def stored(session: Session) -> list[Path]:
    folder = session.home / "evidence"
    return sorted(folder.iterdir()) if folder.is_dir() else []


async def test_escape_stops_an_intake_and_leaves_nothing(
    record_home: Path, shots: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with choosing(record_home) as hands:
        async with under_way(hands, shots, monkeypatch):
            await hands.press("escape")
        assert hands.top == "TaskDialog", "what was typed is still there"
        assert "Stopped" in refused(hands)
        assert hands.field("description").value == "A page"
        assert stored(here(hands)) == []
        assert not here(hands).casework.case(hands.ref).exhibits
        monkeypatch.undo()


async def test_f8_stops_an_intake_at_once(record_home: Path, shots: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with choosing(record_home) as hands:
        async with under_way(hands, shots, monkeypatch):
            await hands.press("f8")
        assert hands.top == "HaltScreen"
        assert "Stop. Do not look at it again." in hands.shown
        assert stored(here(hands)) == []


async def test_f9_stops_an_intake_and_locks(record_home: Path, shots: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with choosing(record_home) as hands:
        session = here(hands)
        async with under_way(hands, shots, monkeypatch):
            await hands.press("f9")
        assert hands.shown.strip() == ""
        assert session.closed
        assert stored(session) == []
