"""Leaving by ctrl+q from any screen, half-way through anything: what was typed and where one was are there again."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from esafety_tui.desk import opening
from esafety_tui.screens import log as logs
from esafety_tui.screens.listing import Shown
from tests.app.driver import Hands, behind_door
from tests.app.test_lock import WAYS
from tests.desk import made_school
from tests.desk.made_school import RUTH, VAL

#: Where keys are pressed that choose an answer or land in a field before somebody leaves.
TOUCHED = {
    **{way: WAYS[way] for way in ("halt", "note", "evidence", "device", "bundle", "slip", "palette")},
    "filtering": (("f",), "FilteringScreen"),
    "change": (("f", "n"), "FilterDialog"),
    "search": (("slash",), "LogScreen"),
    "narrow": (("l", "f"), "FiltersDialog"),
}


async def leave(hands: Hands) -> None:
    """Ctrl+q; where something was written, without copying the words."""
    session: Any = hands.app.session
    await hands.press("ctrl+q")
    if hands.top == "BookDialog":
        await hands.press("ctrl+q")
    assert hands.app.return_code == 0
    assert session.closed


@pytest.mark.parametrize("way", TOUCHED)
async def test_from_every_screen_after_a_few_keys(home: Path, way: str) -> None:
    keys, top = TOUCHED[way]
    async with behind_door(home) as hands:
        await hands.press(*keys)
        assert hands.top == top
        await hands.press("1", "x", "down")
        await leave(hands)
    opening.unlock(home, RUTH.login, RUTH.password).close()


async def test_what_was_typed_is_there_after_a_new_start(home: Path) -> None:
    async with behind_door(home) as hands:
        await hands.press("o", "1")
        await hands.put("what", "Phone out in class")
        await leave(hands)
    async with behind_door(home) as hands:
        await hands.press("o")
        assert hands.field("what").value == "Phone out in class"
        await hands.press("escape", "escape", "n", "a")
        await hands.put("text", "A note begun")
        ref = hands.ref
        await leave(hands)
    session = made_school.unlock(home)
    kept = session.casework.draft(ref, "task/note")
    session.close()
    assert kept is not None
    assert kept.fields["text"] == "A note begun"


async def test_the_place_in_the_log_is_kept_on_leaving_and_without_leaving(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "KEPT", 0.05)
    async with behind_door(home) as hands:
        await hands.press("l", "s", "s")
        await leave(hands)
    async with behind_door(home) as hands:
        await hands.press("l", "slash")
        await hands.type("phone")
        await asyncio.sleep(0.1)
        await hands.settle()
        assert hands.app.session is not None
        kept = Shown.load(hands.app.session)  # what a new start reads after a kill at this moment
        assert (kept.sort, kept.filter.search) == ("due", "phone")


async def test_nobody_is_shown_what_somebody_else_typed(home: Path) -> None:
    async with behind_door(home) as hands:
        await hands.press("n", "a")
        await hands.put("text", "About Val herself")
        ref = hands.ref
        await hands.home()
        await hands.press("o", "1")
        await hands.put("what", "Said about Val")
        await leave(hands)
    session = made_school.unlock(home, VAL)
    assert session.casework.draft(ref, "task/note") is None
    assert session.slips.draft() is None
    session.casework.save_draft(ref, "task/note", "note", {"text": "Hers"})
    session.close()
    session = made_school.unlock(home)
    kept = session.casework.draft(ref, "task/note")
    session.close()
    assert kept is not None
    assert kept.fields["text"] == "About Val herself"
