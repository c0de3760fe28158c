"""Logins, passwords and the audit trail by the keyboard; and that a lock leaves no word of a case in the memory."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

import pytest

from esafety_tui.desk import opening
from esafety_tui.desk.asks import Reply
from esafety_tui.desk.logbook import trail
from esafety_tui.errors import NotLetInError
from tests.app.driver import at_keyboard, behind_door
from tests.app.test_keys import wizard
from tests.desk.made_school import PAT, RUTH, TIM

NEW = "slow amber window frame"
CANARY = "CANARY-4713 said in the corridor"


async def test_a_login_ends_and_the_sitting_goes_on(home: Path) -> None:
    async with behind_door(home, person=PAT) as hands:
        session: Any = hands.app.session
        tim = next(p.id for p in session.register.people.values() if p.login == TIM.login)
        await hands.press("s")
        await hands.answer("logins")
        await hands.answer("retire", person=tim, reason="Left the school")
        assert hands.top == "SettingsDialog"
        assert f"{TIM.name} can no longer open this log" in hands.shown
        assert f"login {TIM.login}" not in hands.shown
        await hands.home()
        await hands.press("n")
        assert hands.top == "WizardScreen"
    with pytest.raises(NotLetInError):
        opening.unlock(home, TIM.login, TIM.password)


async def test_another_password(home: Path) -> None:
    async with behind_door(home) as hands:
        await hands.press("s")
        await hands.answer("password")
        await hands.answer("change", old="not it", password=NEW, again=NEW)
        assert hands.top == "FormDialog"
        await hands.answer("change", old=RUTH.password, password=NEW, again=NEW)
        assert hands.top == "SettingsDialog"
    opening.unlock(home, RUTH.login, NEW).close()


async def test_the_trail_is_read_in_parts_and_written_out(home: Path, own_folders: Path) -> None:
    with pytest.raises(NotLetInError):
        opening.unlock(home, "[/x] nobody", "wrong")
    async with behind_door(home, person=PAT) as hands:
        await hands.press("n")
        ref = hands.ref
        await hands.press("v", "escape")
        await hands.home()
        await hands.press("s")
        await hands.answer("trail")
        assert hands.top == "TrailDialog"
        assert "typed once" in hands.shown
        await hands.press("p")
        assert "Records opened" in hands.shown
        for _ in trail.KINDS:
            if "Everything" not in hands.shown:
                await hands.press("p")
        assert "Everything" in hands.shown
        await hands.press("w")
        out = own_folders / "trail.zip"
        await hands.answer("zip", file=str(out), to="The Chair")
        assert out.exists()
        assert "Passphrase" in hands.shown
        assert ref
        await hands.press("f9")
        assert hands.shown.strip() == ""
        await hands.settle()
        assert "Passphrase" not in str([vars(node) for node in hands.app.walk_children(with_self=False)])


async def test_who_may_not_read_the_trail_is_told_why(home: Path) -> None:
    from tests.desk.made_school import CORA

    async with behind_door(home, person=CORA) as hands:
        await hands.press("s")
        await hands.answer("trail")
        assert "does not read" in hands.shown


async def test_after_a_lock_neither_palette_nor_title_nor_any_text_knows_the_case(home: Path) -> None:
    async with behind_door(home) as hands:
        await wizard(hands)
        await hands.answer("recorded", how="told", summary=CANARY)
        ref = hands.ref
        await hands.press("ctrl+p")
        await hands.type(CANARY[:11])
        await hands.press("f9")
        await hands.settle()
        assert hands.shown.strip() == ""
        app: Any = hands.app
        for words in (CANARY, ref):
            assert words not in f"{app.title} {app.sub_title} {app.screen.title} {app.clipboard}"
        gc.collect()
        known = [node for node in app.walk_children(with_self=True) if CANARY in str(vars(node))]
        assert known == []
        await hands.press("x")
        await hands.unlock()
        await hands.press("ctrl+p")
        assert CANARY[:11] not in hands.shown  # what was typed into the palette before


async def test_two_sheets_at_the_door_and_the_new_ones_before_anything_else(home: Path) -> None:
    session = opening.unlock(home, PAT.login, PAT.password)
    session.sheets.reply(Reply("make"))
    texts = [one.rpartition(" ")[2] for one in session.sheets.ask().guidance[2:]]
    session.sheets.reply(Reply("done"))
    session.close()
    async with at_keyboard(home) as hands:
        await hands.press("f1")
        assert "recovery sheets" in hands.shown.replace("\n", " ")
        await hands.press("escape", "f4")
        given = {"first": texts[0], "second": texts[1], "login": RUTH.login}
        await hands.answer("recover", **given, password=NEW, again=NEW[:-1])
        assert hands.top == "RecoverDialog"
        await hands.answer("recover", **given, password=NEW, again=NEW)
        assert hands.asked == "sheets"
        await hands.press("escape")
        assert hands.asked == "sheets"  # they are on paper before anything else goes on
        await hands.answer("done")
        assert hands.top == "MineScreen"
        assert "signing key" in hands.shown
        await hands.answer("right")
        assert hands.top == "HomeScreen"
    opening.unlock(home, RUTH.login, NEW).close()
