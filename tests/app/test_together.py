"""R1 after a lock: six digits for each, shown once; going on together, alone, or not at all."""

from __future__ import annotations

from pathlib import Path

from textual.widgets import Digits, Input

from tests.app.driver import Hands, behind_door
from tests.app.keyboard import by_keys, do
from tests.app.test_review import second, to_evidence
from tests.desk.made_school import RUTH, VAL, Colleague


async def noted(hands: Hands) -> dict[str, str]:
    """The second person signs in; gives what each of the two was shown, by name."""
    await do(hands, "second")
    await by_keys(hands, "sign-in", login=VAL.login, password=VAL.password)
    found = {}
    for person in (RUTH, VAL):
        assert hands.top == "PinDialog"
        assert f"Only for {person.name}" in hands.shown
        assert hands.only("#pins-digits", Digits).value == "", "the other one has to look away first"
        await hands.press("enter")
        found[person.name] = hands.only("#pins-digits", Digits).value
        await hands.press("enter")
    assert hands.top == "EvidenceScreen"
    return found


async def back(hands: Hands, person: Colleague, digits: str) -> None:
    """Unlock with a password and somebody's digits."""
    if hands.top == "BlankScreen":
        await hands.press("x")
    hands.only("#login", Input).value = person.login
    hands.only("#password", Input).value = person.password
    hands.only("#password", Input).focus()
    await hands.press("enter")
    if digits or hands.app.session is None:
        await hands.type(digits)
        await hands.press("enter")


async def test_either_password_with_the_others_digits_goes_on_for_both(record_home: Path) -> None:
    async with behind_door(record_home) as hands:
        await to_evidence(hands)
        digits = await noted(hands)
        assert len({*digits.values()}) == 2
        ref = hands.ref
        for person, other in ((RUTH, VAL), (VAL, RUTH)):
            await hands.press("f9")
            assert hands.app.paused is not None
            await back(hands, person, digits[other.name])
            if person is VAL:
                # R1: at her own password she first sees what was recorded in her name.
                assert hands.top == "MineScreen"
                await hands.answer("right")
            assert (hands.top, hands.ref) == ("EvidenceScreen", ref)
            session = hands.app.session
            assert session is not None
            assert session.second is not None
            assert (session.person.name, session.second.person.name) == (person.name, other.name)
            assert hands.app.paused is None, "it is kept while locked, and no longer"


async def test_without_digits_one_goes_on_alone(record_home: Path) -> None:
    async with behind_door(record_home) as hands:
        await to_evidence(hands)
        await second(hands)
        await hands.press("f9", "x")
        assert "six digits" in hands.shown
        await back(hands, RUTH, "")
        assert hands.top == "EvidenceScreen"
        session = hands.app.session
        assert session is not None
        assert session.second is None
        assert "Nobody looks alone" in " ".join(hands.shown.split())


async def test_three_wrong_answers_end_the_sitting(record_home: Path) -> None:
    async with behind_door(record_home) as hands:
        await to_evidence(hands)
        digits = await noted(hands)
        await hands.press("f9")
        await back(hands, RUTH, digits[RUTH.name])  # one's own are not the other's
        for left in (2, 1):
            assert hands.top == "UnlockScreen"
            assert f"Tries left: {left}" in hands.shown
            await hands.type("12")
            await hands.press("enter")
        assert "The sitting has ended" in hands.shown
        assert hands.app.paused is None
        assert not hands.app.screen.query_one("#together").display
        await hands.press("enter")
        session = hands.app.session
        assert session is not None
        assert session.second is None


async def test_digits_are_nowhere_after_they_were_shown(record_home: Path) -> None:
    async with behind_door(record_home) as hands:
        await to_evidence(hands)
        digits = await noted(hands)
        for shown in digits.values():
            assert shown.replace(" ", "") not in hands.shown.replace(" ", "")
            assert not any(shown in str(vars(node)) for node in hands.app.walk_children(with_self=False))


async def test_who_does_without_digits_is_not_offered_them(record_home: Path) -> None:
    async with behind_door(record_home) as hands:
        await to_evidence(hands)
        await do(hands, "second")
        await by_keys(hands, "sign-in", login=VAL.login, password=VAL.password)
        await hands.press("escape")
        assert hands.top == "EvidenceScreen"
        await hands.press("a")
        await by_keys(hands, "add", text="A note")
        assert hands.top == "EvidenceScreen", "they are asked once"
        await hands.press("f9", "x")
        assert not hands.app.screen.query("#digits")


async def test_guests_have_no_digits(record_home: Path) -> None:
    async with behind_door(record_home) as hands:
        await to_evidence(hands)
        await do(hands, "second")
        await by_keys(hands, "guest", name="Gil Moss", position="Governor", senior="yes")
        assert hands.top == "EvidenceScreen"
        assert "Gil Moss (guest)" in hands.shown
