"""Hostile text on every screen: nothing a terminal obeys gets out, no bracket is markup, long names break nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from textual.events import Paste
from textual.worker import WorkerFailed

from esafety_tui.app import CODE, CRASHED, EsafetyApp
from esafety_tui.desk import clock
from esafety_tui.errors import code_of
from tests.app.driver import Hands, at_keyboard, behind_door, dangers
from tests.desk import made_school
from tests.desk.made_school import VAL

EVIL = "[/x] [@click=app.quit]click[/] [red] \x1b]0;owned\x07\x1b[2J \x9b2J \x00 a‮b ⁦c⁩ ​ \x85 \u2028 " + "N" * 300
VISIBLE = ("[/x]", "[@click=app.quit]")
KEYS: dict[str, tuple[str, ...]] = {
    "home": (),
    "wizard": ("1",),
    "tasks": ("1", "t"),
    "correct": ("1", "c"),
    "halt": ("1", "f8"),
    "record": ("1", "v"),
    "log": ("l",),
    "slip": ("o", "1"),
    "settings": ("s",),
    "book": ("1", "ctrl+q"),
}


@pytest.fixture
def evil(home: Path) -> Path:
    """A home with a case in which every field is hostile."""
    session = made_school.unlock(home)
    ref = session.casework.begin()
    for choice in ("no", "no", "done"):
        made_school.answer(session, ref, choice)
    made_school.answer(session, ref, "recorded", how="told", by=EVIL, place=EVIL, summary=EVIL)
    made_school.answer(session, ref, "add", kind="pupil", role="subject", name=EVIL)
    made_school.answer(session, ref, "add", kind="pupil", role="affected", name=EVIL[::-1])
    made_school.do(session, ref, "second", "sign-in", login=VAL.login, password=VAL.password)
    made_school.do(session, ref, "note", "add", text=EVIL)
    session.casework.save_draft(ref, "people", "add", {"name": EVIL, "kind": "pupil"})
    session.close()
    return home


REVIEW = {
    "evidence": ("1", "e"),
    "over the width": ("1", "e", "m"),
    "form": ("1", "e", "o"),
    "bundle": ("1", "e", "h", "1"),
    "record": ("1", "v", "3"),
}


async def at_each_size(hands: Hands, *sizes: tuple[int, int]) -> list[str]:
    """What the terminal gets of the present screen at each size; the last stays."""
    seen = []
    for size in sizes:
        await hands.resize(size)
        seen.append(hands.shown)
    return seen


async def test_no_screen_of_a_review_lets_anything_out(record_home: Path) -> None:
    session = made_school.unlock(record_home)
    ref = str(session.browsing.log()[0]["ref"])
    made_school.do(session, ref, "second", "guest", name=f"Mal Lory {EVIL}", position=EVIL, senior="yes")
    made_school.answer(session, ref, "ask", what=f"https://{EVIL}", could="no")
    made_school.answer(session, ref, "start", connection=EVIL)
    made_school.answer(session, ref, "looked", form="site", where=f"https://{EVIL}", concern=EVIL, seen=EVIL)
    made_school.do(session, ref, "describe", "words", description=EVIL, where=EVIL)
    made_school.do(session, ref, "device", "taken", what=EVIL, kept_at=EVIL, seal=EVIL, **{"from": EVIL})
    session.close()
    everything = ["", "", "", ""]
    async with behind_door(record_home) as hands:
        for name, keys in REVIEW.items():
            await hands.home()
            await hands.press(*keys)
            seen = await at_each_size(hands, (80, 24), (160, 50), (60, 18), (80, 24))
            assert [dangers(text) for text in seen] == [[]] * 4, name
            everything = [f"{before}\n{text}" for before, text in zip(everything, seen, strict=True)]
    assert all("[/x]" in text for text in everything[:2])


async def test_no_screen_lets_anything_out(evil: Path) -> None:
    everything = {"": "", "large": ""}
    async with behind_door(evil) as hands:
        for name, keys in KEYS.items():
            await hands.home()
            await hands.press(*keys)
            large, usual = await at_each_size(hands, (160, 50), (80, 24))
            assert dangers(large) == dangers(usual) == [], name
            everything[""] += usual
            everything["large"] += large
        hands.app.notify("done")
    for brackets in VISIBLE:
        assert all(brackets in text for text in everything.values())


async def test_what_was_recorded_in_my_name_may_be_hostile(evil: Path) -> None:
    async with at_keyboard(evil) as hands:
        await hands.unlock(VAL)
        assert hands.top == "MineScreen"
        assert dangers(hands.shown) == []


async def test_hostile_text_typed_and_pasted_is_kept_as_it_is_and_shown_safely(home: Path) -> None:
    pasted = "one\x1b[2J\x9b two ‮ three [/x]"
    async with behind_door(home) as hands:
        await to_report(hands)
        hands.field("by").entry.focus()
        hands.app.post_message(Paste(pasted))
        await hands.settle()
        assert hands.field("by").value == pasted
        hands.field("summary").entry.focus()
        hands.app.post_message(Paste(f"{pasted}\n{pasted}"))
        await hands.settle()
        assert hands.field("summary").value == f"{pasted}\n{pasted}"
        assert dangers(hands.shown) == []


async def test_a_login_and_a_search_may_be_hostile(evil: Path) -> None:
    async with at_keyboard(evil) as hands:
        hands.app.post_message(Paste(EVIL))
        await hands.settle()
        assert dangers(hands.shown) == []
    async with behind_door(evil) as hands:
        await hands.press("l", "/")
        hands.app.post_message(Paste('" ( * AND -x b : [/x] \x1b[2J'))
        await hands.settle()
        assert hands.top == "LogScreen"
        assert dangers(hands.shown) == []


async def test_a_click_on_brackets_runs_nothing(evil: Path) -> None:
    async with behind_door(evil) as hands:
        await hands.press("1", "v")
        for row in range(2, 20, 3):
            await hands.pilot.click(offset=(20, row))
        await hands.settle()
        assert hands.app.is_running
        assert hands.top == "CaseScreen"


async def to_report(hands: Hands) -> None:
    await hands.press("n")
    for choice in ("no", "no", "done"):
        await hands.answer(choice)


async def test_a_crash_tells_nothing_of_what_was_typed(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    canary = "CANARY-0815"
    app = EsafetyApp(home)

    def broken(secret: str = canary) -> float:
        return len(secret) / 0

    async def crash() -> None:
        async with at_keyboard(home, app=app) as hands:
            await hands.unlock()
            await to_report(hands)
            await hands.put("summary", canary)
            hands.app.call_later(broken)
            await hands.pilot.pause()

    with pytest.raises(ZeroDivisionError):
        await crash()
    assert app.session is not None
    app.session.close()
    out, err = capsys.readouterr()
    said, _, code = " ".join(err.split()).partition(f" {CODE} ")
    assert said == " ".join(CRASHED)
    assert re.fullmatch(r"\w+:\d+:ZeroDivisionError", code)
    assert out == ""


def test_a_fault_in_a_thread_is_told_with_its_place_in_the_program() -> None:
    with pytest.raises(AttributeError) as told:
        clock.parse(None)  # type: ignore[arg-type]
    code = code_of(WorkerFailed(told.value))
    assert re.fullmatch(r"clock:\d+:AttributeError", code)


async def test_the_clipboard_never_reaches_the_terminal(home: Path) -> None:
    async with at_keyboard(home) as hands:
        written: list[str] = []
        driver = hands.app._driver
        assert driver is not None
        driver.write = written.append  # type: ignore[method-assign]
        hands.app.copy_to_clipboard("a name")
        assert not any("\x1b]52" in text for text in written)
        assert hands.app.clipboard == "a name"
