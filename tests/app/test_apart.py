"""A new incident that is kept apart, at the keyboard: it is there for who began it, and for nobody else."""

from __future__ import annotations

from pathlib import Path

from tests.app.driver import behind_door
from tests.desk.made_school import VAL


async def test_it_is_begun_from_home_and_found_by_its_lead_alone(home: Path) -> None:
    async with behind_door(home) as hands:
        await hands.press("k")
        assert hands.asked == "apart"
        await hands.press("1")
        await hands.type("It may be about a colleague")
        await hands.press("enter")
        assert hands.top == "WizardScreen"
        assert hands.asked == "danger"
        ref = hands.ref
        await hands.home()
        assert ref in hands.shown
        await hands.press("l")
        assert ref in hands.shown
    async with behind_door(home, person=VAL) as hands:
        assert ref not in hands.shown
        await hands.press("l")
        assert ref not in hands.shown
