"""F9 and the idle lock: nothing to see at once, nothing kept in the widgets, and back at exactly the same place."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

import pytest
from textual.content import Content
from textual.widgets import Input

from esafety_tui.app import EsafetyApp
from esafety_tui.screens.keeping import ASLEEP_SECONDS
from tests.app.driver import Hands, at_keyboard, behind_door
from tests.app.test_keys import wizard
from tests.desk.made_school import RUTH, VAL

CANARY = "CANARY-4711 said in the corridor"

#: Keys from home to each screen and dialog, and what is on top then.
WAYS = {
    "home": ((), "HomeScreen"),
    "wizard": (("n",), "WizardScreen"),
    "halt": (("n", "f8"), "HaltScreen"),
    "second": (("n", "f2"), "TaskDialog"),
    "note": (("n", "a"), "TaskDialog"),
    "tasks": (("n", "t"), "TasksDialog"),
    "record": (("n", "v"), "CaseScreen"),
    "evidence": (("n", "e"), "EvidenceScreen"),
    "form": (("n", "e", "o"), "FormDialog"),
    "bundle": (("n", "v", "h"), "BundleDialog"),
    "device": (("n", "e", "1", "enter"), "TaskDialog"),
    "log": (("l",), "LogScreen"),
    "slip": (("o",), "SlipScreen"),
    "card": (("f3",), "CardScreen"),
    "help": (("n", "?"), "HelpScreen"),
    "palette": (("n", "ctrl+p"), "CommandPalette"),
    "settings": (("s",), "SettingsDialog"),
    "copies": (("b",), "CopiesScreen"),
    "taken": (("b", "a"), "CopyDialog"),
}
#: What comes back after the lock; dialogs that held nothing lead back to the screen below them.
BACK_AT = {"tasks": "WizardScreen", "help": "WizardScreen", "palette": "WizardScreen"}


@pytest.mark.parametrize("half", [0, 1])
async def test_blank_from_everywhere_and_back(home: Path, half: int) -> None:
    async with behind_door(home) as hands:
        for number, (way, (keys, top)) in enumerate(list(WAYS.items())[half::2]):
            await hands.home()
            await hands.press(*keys)
            assert hands.top == top
            ref = hands.ref
            await hands.press(("f9", "ctrl+l")[number % 2])
            assert (way, hands.top) == (way, "BlankScreen")
            assert hands.shown.strip() == ""
            assert hands.app.session is None
            await hands.press("x")
            assert hands.top == "UnlockScreen"
            await hands.unlock()
            assert (way, hands.top) == (way, BACK_AT.get(way, top))
            assert hands.ref == ref


async def test_the_screen_is_empty_before_anything_else_is_done(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with behind_door(home) as hands:
        await wizard(hands)
        await hands.answer("recorded", how="told", summary=CANARY)
        waited: list[str] = []
        monkeypatch.setattr(EsafetyApp, "_close", lambda self, session, jobs: waited.append(session.kind))
        session = hands.app.session
        await hands.press("f9")
        assert waited == ["test"]
        assert hands.shown.strip() == ""
        assert session is not None
        session.close()


async def test_what_was_typed_is_there_again(home: Path) -> None:
    async with behind_door(home) as hands:
        await wizard(hands)
        hands.field("summary").entry.focus()
        await hands.type("half a sen")
        await hands.press("f9", "x")
        await hands.unlock()
        assert hands.asked == "reported"
        assert hands.field("summary").value == "half a sen"


async def test_a_slip_and_a_note_half_written_are_there_again(home: Path) -> None:
    async with behind_door(home) as hands:
        await hands.press("o", "1")
        await hands.put("what", "Phone out in class")
        await hands.press("f9", "x")
        await hands.unlock()
        assert hands.top == "SlipScreen"
        assert hands.field("what").value == "Phone out in class"
        await hands.press("escape", "n", "a")
        await hands.put("text", "A note begun")
        await hands.press("f9", "x")
        await hands.unlock()
        assert hands.top == "TaskDialog"
        assert hands.field("text").value == "A note begun"


async def test_no_widget_keeps_a_word_of_the_case(home: Path) -> None:
    async with behind_door(home) as hands:
        await wizard(hands)
        await hands.answer("recorded", how="told", summary=CANARY)
        await hands.press("v")
        assert CANARY in hands.shown
        hands.app.copy_to_clipboard(CANARY)
        await hands.press("f9")
        await hands.settle()
        gc.collect()
        assert held(hands.app, CANARY) == []


def held(app: EsafetyApp, words: str) -> list[str]:
    """Where the words are still kept in what the app can reach: its widgets, texts and clipboard."""
    found = [repr(one)[:60] for one in gc.get_objects() if isinstance(one, Content) and words in one.plain]
    found += [repr(node) for node in app.walk_children(with_self=False) if words in str(vars(node))]
    return found + (["clipboard"] if words in app.clipboard else [])


async def test_another_person_does_not_land_in_the_case(home: Path) -> None:
    async with behind_door(home) as hands:
        await hands.press("n")
        await hands.press("f9", "x")
        await hands.unlock(VAL)
        assert hands.top == "HomeScreen"


async def test_at_the_door_a_typed_password_is_emptied(home: Path) -> None:
    async with at_keyboard(home) as hands:
        hands.only("#password", Input).value = RUTH.password
        await hands.press("f9")
        assert hands.shown.strip() == ""
        await hands.press("x")
        assert hands.top == "UnlockScreen"
        assert hands.only("#password", Input).value == ""


class Clock:
    """Seconds that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


async def idle(hands: Hands, clock: Clock, seconds: float) -> None:
    """Nobody touches a key for so long, while the program goes on looking at its clock."""
    end = clock.now + seconds
    while clock.now < end:
        clock.now = min(clock.now + ASLEEP_SECONDS - 1, end)
        hands.app.look_at_clock()
    await hands.settle()


def still(home: Path, clock: Clock) -> EsafetyApp:
    """The app with a clock, and a clock on the wall, that both stand still unless a test moves them."""
    return EsafetyApp(home, clock, wall=Clock())


async def test_five_quiet_minutes_lock_with_a_warning_and_a_key_extends(home: Path) -> None:
    clock = Clock()
    async with at_keyboard(home, app=still(home, clock)) as hands:
        await hands.unlock()
        await hands.press("n")
        await idle(hands, clock, 239)
        assert "locks in a minute" not in hands.shown
        await idle(hands, clock, 2)
        assert "locks in a minute" in hands.shown
        await hands.press("down")
        assert "locks in a minute" not in hands.shown
        await idle(hands, clock, 239)
        assert hands.top == "WizardScreen"
        await idle(hands, clock, 61)
        assert hands.top == "BlankScreen"
        await hands.press("x")
        await hands.unlock()
        assert hands.top == "WizardScreen"


async def test_how_long_is_the_policys_to_say(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    async with at_keyboard(home, app=still(home, clock)) as hands:
        await hands.unlock()
        assert hands.app.session is not None
        pack = hands.app.session.pack
        monkeypatch.setitem(vars(pack), "tables", pack.tables.model_copy(update={"idle_minutes": 2}))
        await idle(hands, clock, 61)
        assert "locks in a minute" in hands.shown
        await idle(hands, clock, 60)
        assert hands.top == "BlankScreen"


async def test_while_something_is_looked_at_it_waits_longer(home: Path) -> None:
    clock = Clock()
    async with at_keyboard(home, app=still(home, clock)) as hands:
        await hands.unlock()
        await hands.press("n")
        hands.app.looking = (hands.ref, "10:05")
        await idle(hands, clock, 28 * 60)
        assert hands.top == "WizardScreen"
        await idle(hands, clock, 61)
        assert "locks in a minute" in hands.shown
        await idle(hands, clock, 60)
        assert hands.top == "BlankScreen"


@pytest.mark.parametrize("which", ["the computer slept", "the program was stopped"])
async def test_after_a_pause_of_the_computer_it_is_locked(home: Path, which: str) -> None:
    clock, wall = Clock(), Clock()
    async with at_keyboard(home, app=EsafetyApp(home, clock, wall=wall)) as hands:
        await hands.unlock()
        await hands.press("n")
        await idle(hands, clock, 60)
        assert hands.top == "WizardScreen"
        (wall if which == "the computer slept" else clock).now += ASLEEP_SECONDS
        hands.app.look_at_clock()
        await hands.settle()
        assert hands.shown.strip() == ""
        wall.now -= 86_400  # a clock that is put back is no pause
        await hands.press("x")
        await hands.unlock()
        hands.app.look_at_clock()
        await hands.settle()
        assert hands.top == "WizardScreen"


async def test_leaving_asks_for_the_bound_book_when_something_was_written(home: Path) -> None:
    async with behind_door(home) as hands:
        await hands.press("n", "ctrl+q")
        assert hands.top == "BookDialog"
        assert "bound book" in hands.shown
        await hands.press("escape")
        assert hands.top == "WizardScreen"
        await hands.press("ctrl+q", "1", "enter")
        assert hands.app.return_code == 0


async def test_leaving_at_once_where_nothing_was_written(home: Path) -> None:
    async with behind_door(home) as hands:
        session: Any = hands.app.session
        await hands.press("ctrl+q")
        assert hands.app.return_code == 0
        assert session.closed
