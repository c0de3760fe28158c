"""F9 over a box that lies on another screen: it is there again, with what was typed, and the focus where it was."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from esafety_tui.widgets.fields import FieldBox
from tests.app.driver import Hands, behind_door
from tests.app.test_people_and_due import open_row, people, to_do, told
from tests.app.test_retention import kept, later
from tests.desk.made_school import PAT, RUTH, Colleague

__all__ = ("kept", "later", "people", "to_do", "told")


async def blank_and_back(hands: Hands, person: Colleague = RUTH) -> None:
    """The screen goes blank, and the same person comes back."""
    await hands.press("f9")
    assert hands.top == "BlankScreen"
    await hands.press("x")
    await hands.unlock(person)


def in_field(hands: Hands) -> str:
    """The field with the focus."""
    focused = hands.app.screen.focused
    return next((box.field.id for box in hands.app.screen.query(FieldBox) if box.entry is focused), "")


@pytest.mark.parametrize(
    ("keys", "choice", "field", "text"),
    [
        (("s", "1"), "add", "name", "Nora Novak"),
        (("s", "2"), "", "", ""),
        (("s", "3"), "", "", ""),
        (("s", "7"), "retire", "reason", "Left the school"),
        (("s", "8"), "", "", ""),
        (("s", "9", "w"), "zip", "to", "the governors"),
        (("p", "a"), "", "", ""),
        (("x", "a"), "add", "description", "Two pages"),
        (("d", "t", "n"), "hold", "reason", "A claim"),
        (("r", "w"), "", "", ""),
        (("f", "x"), "", "", ""),
        (("k",), "", "", ""),
    ],
)
async def test_a_box_is_there_again(home: Path, keys: Sequence[str], choice: str, field: str, text: str) -> None:
    async with behind_door(home, person=PAT) as hands:
        for key in keys:
            await hands.press(key)
            if hands.top == "SettingsDialog" and key.isdigit():
                await hands.press("enter")
        top, asked = hands.top, hands.asked
        assert top.endswith("Dialog")
        if field:
            ids = [one.id for one in hands.panel.ask.choices] if hands.panel.ask else []
            if len(ids) > 1:
                await hands.press(str(ids.index(choice) + 1))
            hands.field(field).entry.focus()
            await hands.type(text)
        await blank_and_back(hands, PAT)
        assert (hands.top, hands.asked) == (top, asked)
        if field:
            assert hands.field(field).value == text
            assert in_field(hands) == field
            await hands.press("escape", "escape")
        else:
            await hands.press("escape", "escape")
        assert hands.top != top


async def test_a_password_is_not_kept_and_the_rest_is(home: Path) -> None:
    async with behind_door(home, person=PAT) as hands:
        await hands.press("s", "1", "enter")
        await hands.put("name", "Nora Novak")
        secrets = [box.field.id for box in hands.app.screen.query(FieldBox) if box.field.kind == "secret"]
        assert secrets
        await hands.put(secrets[0], "CANARY-4799")
        await blank_and_back(hands, PAT)
        assert hands.field("name").value == "Nora Novak"
        assert hands.field(secrets[0]).value == ""
        session = hands.app.session
        assert session is not None
        assert "CANARY-4799" not in str([session.drafts.load(key) for key in [*session.drafts.keys()]])


async def test_what_was_left_or_recorded_does_not_come_again(home: Path) -> None:
    async with behind_door(home) as hands:
        await hands.press("x", "a")
        await hands.put("description", "Two pages")
        await blank_and_back(hands)
        await hands.press("escape", "escape", "a")
        assert hands.field("description").value == ""
        await hands.put("description", "Three pages")
        await blank_and_back(hands)
        await hands.answer("add", kind="paper", to="DC Reid")
        assert hands.top == "LeftScreen"
        await hands.press("a")
        assert hands.field("description").value == ""


async def test_somebody_else_sees_nothing_of_it(home: Path) -> None:
    async with behind_door(home) as hands:
        await hands.press("x", "a")
        await hands.put("description", "Two pages")
        await hands.press("f9", "x")
        await hands.unlock(PAT)
        await hands.press("escape", "x", "a")
        assert hands.field("description").value == ""


async def test_what_is_due_and_a_person(to_do: Path) -> None:
    async with behind_door(to_do) as hands:
        await hands.home()
        await hands.press("d")
        screen = hands.app.screen
        while not screen.marked.can_postpone:  # type: ignore[attr-defined]
            await hands.press("down")
        await hands.press("z")
        await hands.put("until", "3 May")
        hands.field("reason").entry.focus()
        await hands.type("The boiler")
        asked = hands.shown
        await blank_and_back(hands)
        assert hands.top == "FormDialog"
        assert hands.field("reason").value == "The boiler"
        assert in_field(hands) == "reason"
        assert [line for line in hands.shown.splitlines() if "Put off:" in line] == [
            line for line in asked.splitlines() if "Put off:" in line
        ]


async def test_two_records_that_are_joined(people: Path) -> None:
    async with behind_door(people) as hands:
        await open_row(hands, "film")
        await hands.press("p", "j")
        hands.field("reason").entry.focus()
        await hands.type("The register")
        await blank_and_back(hands)
        assert hands.top == "FormDialog"
        assert hands.field("reason").value == "The register"
        assert in_field(hands) == "reason"


async def test_a_decision_about_a_record(home: Path, kept: str) -> None:
    async with behind_door(home) as hands:
        await hands.press("d", "t", "h")
        assert hands.top == "RetentionDialog"
        hands.field("reason").entry.focus()
        await hands.type("A claim")
        await blank_and_back(hands)
        assert hands.top == "RetentionDialog"
        assert hands.field("reason").value == "A claim"
        await hands.press("escape", "escape")
        assert hands.top == "RetentionScreen"
        assert kept in hands.shown


async def test_what_leaves_is_asked_again_as_it_stood(home: Path) -> None:
    async with behind_door(home) as hands:
        await hands.press("n", "v", "w")
        assert hands.top == "ChronologyDialog"
        ref = hands.ref
        await hands.press("2")
        hands.field("to").entry.focus()
        await hands.type("DC Reid")
        await blank_and_back(hands)
        assert (hands.top, hands.ref) == ("ChronologyDialog", ref)
        assert hands.field("to").value == "DC Reid"
        assert in_field(hands) == "to"


async def test_the_field_of_a_question_has_the_focus_again(home: Path) -> None:
    async with behind_door(home) as hands:
        await hands.press("n", "a")
        await hands.put("text", "A note begun")
        hands.field("text").entry.focus()
        await blank_and_back(hands)
        assert in_field(hands) == "text"


async def test_leaving_asks_for_the_book_again_after_a_lock(home: Path) -> None:
    async with behind_door(home) as hands:
        await hands.press("n", "ctrl+q")
        assert hands.top == "BookDialog"
        await blank_and_back(hands)
        assert hands.top == "WizardScreen"
        await hands.press("escape", "n", "ctrl+q")
        assert hands.top == "BookDialog"
