"""The rules of the keys: letters are text in a field, the protective ones work everywhere, every key is explained."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

import pytest
from textual.binding import Binding
from textual.widgets import TextArea

from esafety_tui import screens
from esafety_tui.app import EsafetyApp
from esafety_tui.screens.base import BaseScreen
from esafety_tui.widgets import settings
from esafety_tui.widgets.entry import SafeInput
from tests.app.driver import Hands, at_keyboard, behind_door

PROTECT = {"halt": ("f8", "ctrl+g"), "second": ("f2", "ctrl+t"), "blank": ("f9", "ctrl+l")}


async def wizard(hands: Hands) -> None:
    """A case at the question that asks for text."""
    await hands.press("n")
    for choice in ("no", "no", "done"):
        await hands.answer(choice)
    assert hands.asked == "reported"


async def test_letters_are_text_while_a_field_has_the_focus(home: Path) -> None:
    async with behind_door(home) as hands:
        await wizard(hands)
        hands.field("summary").entry.focus()
        await hands.type("back at noon, 9 pupils?")
        assert hands.top == "WizardScreen"
        assert hands.field("summary").value == "back at noon, 9 pupils?"
        await hands.press("escape")
        assert hands.app.focused is None
        await hands.press("a")
        assert hands.top == "TaskDialog"


async def test_the_footer_offers_letters_only_while_they_work(home: Path) -> None:
    async with behind_door(home) as hands:
        await wizard(hands)
        await hands.press("escape")
        assert "Note" in hands.shown.splitlines()[-1]
        hands.field("summary").entry.focus()
        await hands.settle()
        assert "Note" not in hands.shown.splitlines()[-1]


async def test_a_digit_selects_and_enter_records(home: Path) -> None:
    async with behind_door(home) as hands:
        await hands.press("n", "2")
        assert hands.asked == "danger"
        assert "Saved" not in hands.shown
        await hands.press("enter")
        assert hands.asked == "could-be"
        assert "Saved" in hands.shown


async def test_enter_without_a_choice_says_what_to_do(home: Path) -> None:
    async with behind_door(home) as hands:
        await hands.press("n", "enter")
        assert hands.asked == "danger"
        assert "Choose one of the numbers" in hands.shown


async def test_a_message_in_the_corner_does_not_lie_over_what_is_refused(home: Path) -> None:
    async with behind_door(home) as hands:
        await hands.press("o")
        hands.app.notify("This copy is for reading only, and more words than one line has.", timeout=60, markup=False)
        await hands.settle()
        assert "for reading only" in hands.shown
        await hands.press("1", "ctrl+r")
        assert "What was done" in hands.shown or "is empty" in hands.shown
        assert "for reading only" not in hands.shown


async def test_over_nine_answers_two_digits_or_typing(home: Path) -> None:
    async with behind_door(home) as hands:
        await wizard(hands)
        await hands.answer("recorded", how="told", summary="Unkind words in a chat")
        await hands.answer("add", kind="pupil", role="affected", name="Ann Lee")
        await hands.answer("go-on")
        entry = hands.field("kind").entry
        options = [option.id for option in hands.field("kind").field.options]
        assert len(options) > 9
        entry.focus()
        await hands.type("11")
        assert hands.field("kind").value == options[10]
        await hands.press("escape")
        entry.focus()
        word = hands.field("kind").field.options[9].label.split()[-1][:5]
        await hands.type(word)
        chosen = next(o for o in hands.field("kind").field.options if o.id == hands.field("kind").value)
        assert word.casefold() in chosen.label.casefold()


async def test_over_nine_choices_typing_finds_one_and_so_do_two_digits(home: Path) -> None:
    async with behind_door(home) as hands:
        await wizard(hands)
        await hands.answer("recorded", how="told", summary="Unkind words in a chat")
        await hands.answer("add", kind="pupil", role="affected", name="Ann Lee")
        for typed, at in (("record a call", None), ("12", 11), ("8", 7), ("08", 7)):
            await hands.press("t")
            choices = [] if hands.panel.ask is None else [choice.id for choice in hands.panel.ask.choices]
            assert len(choices) > 9
            await hands.type(typed)
            assert hands.panel.chosen is not None
            assert hands.panel.chosen.id == ("call" if at is None else choices[at])
            await hands.press("escape", "escape")
            assert hands.top == "WizardScreen"


@pytest.mark.parametrize("key", ["f8", "ctrl+g"])
async def test_halt_works_in_a_field_over_a_dialog_and_in_the_palette(home: Path, key: str) -> None:
    async with behind_door(home) as hands:
        await wizard(hands)
        hands.field("summary").entry.focus()
        await hands.press(key)
        assert hands.top == "HaltScreen"
        assert "Do not look at it again" in hands.shown
        await hands.press("escape")
        assert hands.top == "WizardScreen", "pressed by mistake: nothing is recorded"
        assert hands.asked == "reported"
        for over in (("a",), ("ctrl+p",)):
            hands.app.screen.set_focus(None)
            await hands.press(*over)
            assert hands.top in ("TaskDialog", "CommandPalette")
            await hands.press(key)
            assert hands.top == "HaltScreen"
            await hands.press("escape")
            while hands.top != "WizardScreen":
                await hands.press("escape")


@pytest.mark.parametrize("key", ["f2", "ctrl+t"])
async def test_second_person_works_in_a_field(home: Path, key: str) -> None:
    async with behind_door(home) as hands:
        await wizard(hands)
        hands.field("summary").entry.focus()
        await hands.press(key)
        assert hands.top == "TaskDialog"
        assert "Second person" in hands.shown
        await hands.press(key)
        assert len(hands.app.screen_stack) == 3, "once is enough"


async def test_halt_outside_a_case_shows_the_card(home: Path) -> None:
    async with at_keyboard(home) as hands:
        await hands.press("f8")
        assert hands.top == "CardScreen"
        await hands.press("escape")
        await hands.unlock()
        await hands.press("f8")
        assert hands.top == "CardScreen"


async def test_each_protective_key_is_also_a_button(home: Path) -> None:
    async with behind_door(home, size=(60, 18)) as hands:
        await wizard(hands)
        await hands.press("escape")
        await hands.pilot.click("#protect-second")
        await hands.settle()
        assert hands.top == "TaskDialog"
        await hands.press("escape")
        await hands.pilot.click("#protect-halt")
        await hands.settle()
        assert hands.top == "HaltScreen"
        await hands.pilot.click("#protect-blank")
        await hands.settle()
        assert hands.top == "BlankScreen"


async def test_a_choice_is_also_taken_by_mouse(home: Path) -> None:
    async with behind_door(home) as hands:
        await hands.press("n")
        rows = list(hands.app.screen.query(".choice"))
        await hands.pilot.click(rows[1])
        await hands.settle()
        assert hands.panel.chosen is not None
        assert hands.panel.chosen.id == "no"
        await hands.pilot.click("#ask-record")
        await hands.settle()
        assert hands.asked == "could-be"


def bindings() -> list[tuple[str, Binding]]:
    found = [("app", one) for one in EsafetyApp.BINDINGS]
    for module in pkgutil.iter_modules(screens.__path__):
        for name, kind in vars(importlib.import_module(f"esafety_tui.screens.{module.name}")).items():
            if isinstance(kind, type) and issubclass(kind, BaseScreen):
                found += [(name, one) for one in kind.__dict__.get("BINDINGS", ())]
    return [(name, one) for name, one in found if isinstance(one, Binding)]


def test_every_key_has_an_id_and_those_shown_are_explained() -> None:
    for name, binding in bindings():
        assert binding.id, (name, binding.key)
        if binding.show:
            assert binding.tooltip, (name, binding.key)


def test_the_three_that_protect_are_priority_bindings_with_two_keys() -> None:
    by_id = {binding.id: binding for _, binding in bindings()}
    for id, keys in PROTECT.items():
        assert by_id[id].priority
        assert tuple(by_id[id].key.split(",")) == keys


def test_no_key_that_terminals_or_desks_swallow() -> None:
    swallowed = {"ctrl+i", "ctrl+j", "ctrl+m", "ctrl+s", "ctrl+z", "ctrl+enter", "f11"}
    assert {key for _, one in bindings() for key in one.key.split(",")}.isdisjoint(swallowed)


async def test_a_keymap_changes_a_key(home: Path) -> None:
    settings.keymap_file().write_text('[keys]\nnew = "x"\nblank = "f7"\n')
    async with behind_door(home) as hands:
        await hands.press("n")
        assert hands.top == "HomeScreen"
        await hands.press("x")
        assert hands.top == "WizardScreen"
        await hands.press("f7")
        assert hands.top == "BlankScreen"


async def test_a_broken_keymap_is_said_and_the_usual_keys_hold(home: Path) -> None:
    settings.keymap_file().write_text("[keys\n")
    async with at_keyboard(home) as hands:
        assert "keymap.toml" in hands.shown
        await hands.unlock()
        await hands.press("n")
        assert hands.top == "WizardScreen"


async def test_help_explains_the_screen_and_its_keys(home: Path) -> None:
    async with behind_door(home, size=(100, 50)) as hands:
        await hands.press("n", "?")
        assert hands.top == "HelpScreen"
        for words in ("One question at a time", "Add a note", "may be illegal", "locked"):
            assert words in hands.shown
        await hands.press("escape")
        assert hands.top == "WizardScreen"


async def test_the_palette_finds_commands_by_name_and_has_no_screenshot(home: Path) -> None:
    async with behind_door(home) as hands:
        commands = [one.title for one in hands.app.get_system_commands(hands.app.screen)]
        assert {"New incident", "Log", "Blank the screen", "Colours"} <= set(commands)
        assert {"Screenshot", "Maximize", "Theme"}.isdisjoint(commands)
        await hands.press("ctrl+p")
        await hands.type("new inci")
        await hands.press("enter")
        assert hands.top == "WizardScreen"


async def test_colours_are_changed_by_a_key_and_remembered(home: Path) -> None:
    async with at_keyboard(home) as hands:
        before = hands.app.theme
        await hands.press("f6")
        assert hands.app.theme != before
        chosen = hands.app.theme
    async with at_keyboard(home) as hands:
        assert hands.app.theme == chosen


async def test_tab_goes_through_the_fields_in_reading_order(home: Path) -> None:
    async with behind_door(home, size=(100, 80)) as hands:
        await wizard(hands)
        rows = []
        for box in hands.app.screen.query("FieldBox"):
            entry = hands.app.focused
            assert isinstance(entry, SafeInput | TextArea) or entry is not None
            assert box.region.contains_region(entry.region)
            rows.append(entry.region.y)
            await hands.press("tab")
        assert rows == sorted(rows)


async def test_a_panel_that_is_left_before_it_is_painted_stops_nothing(home: Path) -> None:
    async with behind_door(home) as hands:
        await hands.press("s")
        panel = hands.panel
        await panel.remove_children()
        panel._hint()
        panel._more()
        await hands.press("escape")
        assert hands.top == "HomeScreen"


async def test_a_digit_and_enter_faster_than_the_fields_answer_nothing(home: Path) -> None:
    """Whoever presses both at once is led to the fields: an answer is never given without what belongs to it."""
    async with behind_door(home) as hands:
        await hands.press("n")
        await hands.press("ctrl+t")
        panel = hands.panel
        assert panel.choices is not None
        assert panel.ask is not None
        with_fields = next(at for at, one in enumerate(panel.ask.choices, 1) if one.fields and not one.refused)
        panel.choices.choose(with_fields)
        await panel.enter()
        panel.record()
        assert not panel.busy
        await hands.settle()
        assert hands.app.focused in [box.entry for box in panel.group or ()]
