"""The register of what left, in the app: nothing, added by hand, handed over without and with a receipt, back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.app.driver import behind_door, dangers

HOSTILE = "[@click=app.quit]x[/] \x1b[31m‮ =1+1"


@pytest.mark.parametrize("size", [(60, 18), (80, 24), (160, 50)])
async def test_what_left_is_followed_to_its_end(home: Path, size: tuple[int, int]) -> None:
    async with behind_door(home, size) as hands:
        await hands.press("x")
        assert hands.top == "LeftScreen"
        assert "Nothing has left this computer" in hands.shown
        await hands.press("h")
        assert hands.top == "LeftScreen"  # nothing is marked
        await hands.press("a")
        await hands.answer("add", description=f"A print {HOSTILE}", kind="paper", to="DC Reid")
        assert "1 left, 1 still out" in hands.shown
        assert dangers(hands.shown) == []
        session = hands.app.session
        assert session is not None
        await hands.press("h")
        await hands.answer("hand", name="DC Reid", force="PSNI", number="4417")
        assert session.leaving.left()[0]["receipt"] == ""
        await hands.press("h")
        await hands.answer("hand", name="DC Reid", receipt="Page one, by pen")
        assert session.leaving.left()[0]["receipt"] == "Page one, by pen"
        await hands.press("k")
        await hands.answer("returned", by="DC Reid")
        assert "1 left, 0 still out" in hands.shown
        await hands.press("k")
        assert hands.top == "LeftScreen"  # it is back already
        await hands.press("v")
        assert "Nothing is out" in hands.shown
        await hands.press("f9", "x")
        await hands.unlock()
        assert hands.top == "LeftScreen"
        await hands.press("escape")
        assert hands.top == "HomeScreen"
