"""Coming in: the first screen, start now, set-up, the password, what was recorded in somebody's name."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from textual.widgets import Input

from esafety_tui.app import EsafetyApp
from tests.app.driver import at_keyboard, behind_door
from tests.desk import made_school
from tests.desk.made_school import RUTH, VAL

PASSWORD = "copper lantern wooden bridge"


async def test_the_first_screen_shows_the_card_and_three_numbers(nothing: Path) -> None:
    async with at_keyboard(nothing) as hands:
        assert "Is the child safe" in hands.shown
        assert "Ring" not in hands.shown.split("What do you need now?")[1]
        for number, words in enumerate(("start now", "Set the school up", "card larger"), 1):
            assert any(str(number) in row and words in row for row in hands.shown.splitlines())


async def test_start_now_leads_to_the_first_question_and_home_is_below(nothing: Path) -> None:
    async with at_keyboard(nothing) as hands:
        await hands.press("1", "enter")
        await hands.type("Ruth Carson")
        await hands.press("enter")
        await hands.type(PASSWORD)
        await hands.press("enter")
        await hands.type(PASSWORD)
        await hands.press("enter", "1", "enter", "enter")
        assert hands.top == "LoginDialog", "the login that was made has to be said"
        assert "Your login is rcarson" in hands.shown
        await hands.press("enter")
        assert (hands.top, hands.asked) == ("WizardScreen", "danger")
        await hands.press("escape")
        assert hands.top == "HomeScreen"
        assert hands.ref == ""


async def test_two_keys_lead_to_a_protective_instruction(home: Path) -> None:
    async with behind_door(home) as hands:
        await hands.press("n", "1", "enter")
        assert hands.panel.ask is not None
        assert hands.panel.ask.protective
        assert "999" in hands.shown


async def test_passwords_that_differ_are_refused_and_the_name_stays(nothing: Path) -> None:
    async with at_keyboard(nothing) as hands:
        await hands.press("1", "enter")
        await hands.answer("start", name="Ruth Carson", password=PASSWORD, again="another one", senior="yes")
        assert hands.top == "StartScreen"
        assert "differ" in hands.shown
        assert hands.field("name").value == "Ruth Carson"
        assert hands.app.focused is hands.field("password").entry, "it is put right where it went wrong"
        await hands.answer("start", again=PASSWORD)
        assert hands.top == "LoginDialog"
    async with at_keyboard(nothing) as hands:
        assert "first letter and surname" in " ".join(hands.shown.split()), "nobody else knows that login"


async def test_a_refusal_of_start_now_leads_to_the_field_that_is_missing(nothing: Path) -> None:
    async with at_keyboard(nothing) as hands:
        await hands.press("1", "enter")
        assert "more fields below" in hands.shown
        await hands.type("Ruth Carson")
        await hands.press("ctrl+r")
        assert "is empty" in hands.shown
        assert hands.app.focused is hands.field("password").entry
        await hands.type(PASSWORD)
        await hands.press("escape", "escape")
        assert hands.top == "FirstRunScreen"
        await hands.press("1", "enter")
        assert hands.field("name").value == "Ruth Carson", "what was typed is still there"
        assert hands.field("password").value == "", "but no password"


async def test_the_login_of_the_command_line_stands_at_the_door(home: Path) -> None:
    async with at_keyboard(home, app=EsafetyApp(home, login=RUTH.login)) as hands:
        await hands.type(RUTH.password)
        await hands.press("enter")
        assert hands.top == "HomeScreen"


async def test_a_wrong_password_is_told_plainly_and_emptied(home: Path) -> None:
    async with at_keyboard(home) as hands:
        hands.only("#login", Input).value = RUTH.login
        hands.only("#password", Input).value = "not the password"
        hands.only("#password", Input).focus()
        await hands.press("enter")
        assert hands.top == "UnlockScreen"
        assert hands.only("#password", Input).value == ""
        assert "not the password" not in hands.shown
        await hands.unlock()
        assert hands.top == "HomeScreen"


async def test_a_second_copy_says_that_it_is_open_already(home: Path) -> None:
    session = made_school.unlock(home)
    try:
        async with at_keyboard(home) as hands:
            await hands.unlock()
            assert hands.top == "UnlockScreen"
            assert "open" in hands.shown
    finally:
        session.close()


async def test_a_damaged_header_still_shows_the_card(home: Path) -> None:
    header = next(path for path in home.iterdir() if path.suffix == ".json")
    header.write_text("{")
    async with at_keyboard(home) as hands:
        assert hands.top == "UnlockScreen"
        assert "Is the child safe" in hands.shown


async def test_what_was_recorded_in_my_name_comes_first(home: Path) -> None:
    session = made_school.unlock(home)
    ref = session.casework.begin()
    made_school.answer(session, ref, "no")
    made_school.do(session, ref, "second", "sign-in", login=VAL.login, password=VAL.password)
    made_school.do(session, ref, "note", "add", text="Seen together")
    session.close()
    async with behind_door(home, person=VAL) as hands:
        assert hands.top == "MineScreen"
        await hands.answer("wrong", reason="I had left by then")
        assert hands.top == "MineScreen"
        await hands.answer("right")
        assert hands.top == "HomeScreen"
    assert not made_school.unlock(home, VAL).mine()


async def test_set_up_is_gone_through_to_home(nothing: Path) -> None:
    async with at_keyboard(nothing) as hands:
        await hands.press("2", "enter")
        await hands.answer("record", school="Larch Hill School")
        await hands.answer("record", policy="spires")
        await hands.press("escape", "b")
        assert hands.asked == "policy"
        await hands.answer("record", policy="spires")
        await hands.answer("record", name="Pastoral office", place="Room 4")
        people = {"role": "designated-teacher", "senior": "yes", "password": PASSWORD, "again": PASSWORD}
        await hands.answer("add", name="Ruth Carson", login="ruth", **people)
        await hands.answer("add", name="Val Orr", login="val", **people)
        await hands.answer("go-on")
        assert hands.asked == "sheets"
        await hands.press("f9", "x")
        assert hands.top == "UnlockScreen", "sheets are behind a password too"
        hands.only("#login", Input).value, hands.only("#password", Input).value = "ruth", PASSWORD
        hands.only("#password", Input).focus()
        await hands.press("enter")
        assert hands.asked == "sheets", "and are shown again after it"
        await hands.answer("done")
        if hands.top == "SetUpScreen":
            await hands.answer("later")
        assert hands.top == "HomeScreen"
        assert "Larch Hill School" in hands.shown


def test_the_password_screen_loads_neither_database_nor_typesetter(home: Path) -> None:
    script = (
        "import asyncio, sys, pathlib\n"
        "from esafety_tui.app import EsafetyApp\n"
        "from esafety_tui.screens import unlock\n"
        "unlock.UnlockScreen._import = lambda self: None\n"
        "async def look():\n"
        "    async with EsafetyApp(pathlib.Path(sys.argv[1])).run_test() as pilot:\n"
        "        await pilot.pause()\n"
        "        print(type(pilot.app.screen).__name__)\n"
        "asyncio.run(look())\n"
        "print(*sorted({m.split('.')[0] for m in sys.modules} & {'sqlalchemy', 'sqlmodel', 'typst', 'sqlcipher3'}))\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(home)], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["UnlockScreen"]


@pytest.mark.parametrize("on", ["enter", "tab"])
async def test_a_password_typed_ahead_never_lands_in_the_login(home: Path, on: str) -> None:
    async with at_keyboard(home) as hands:
        for key in (*RUTH.login, on, *RUTH.password, "enter"):  # faster than anything can be painted
            hands._send(key)
        await hands.settle()
        assert hands.top == "HomeScreen"


async def test_what_landed_in_the_login_goes_with_a_refusal(home: Path) -> None:
    async with at_keyboard(home) as hands:
        await hands.type("seanmy secret pass")
        await hands.press("enter")
        await hands.type("not it")
        await hands.press("enter")
        await hands.settle()
        assert "secret" not in hands.shown
        assert hands.app.screen.query_one("#login").value == ""
