"""The reports screen: chosen by period and audience, with numbers beside every bar, issued by password."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from textual.widgets import OptionList

from tests.app.driver import Hands, behind_door, dangers
from tests.desk import made_school
from tests.desk.made_school import PAT, RUTH


async def filled(hands: Hands) -> None:
    session = hands.app.session
    assert session is not None
    for n in range(12):
        fields = {
            "name": f"Zeb Quill{n}",
            "group": "P6",
            "kind": "message",
            "what": "[@click=x]\x1b[2J",
            "done": "It was.",
        }
        ask = session.slips.ask()
        session.slips.reply(made_school.fill(ask.choices[0], **fields))


@pytest.mark.parametrize("size", [(60, 18), (80, 24), (100, 30), (160, 50)])
async def test_a_report_is_looked_at_at_every_size(home: Path, size: tuple[int, int]) -> None:
    async with behind_door(home, size) as hands:
        await filled(hands)
        await hands.press("r")
        assert hands.top == "ReportsScreen"
        assert "Governors" in hands.shown or "governors" in hands.shown
        assert "12" in hands.shown
        assert not dangers(hands.shown)
        for _ in range(3):
            await hands.press("a")
        await hands.press("down", "pagedown", "escape")
        assert hands.top == "HomeScreen"


async def test_a_report_is_issued_from_the_screen(home: Path, own_folders: Path) -> None:
    out = own_folders / "g.pdf"
    async with behind_door(home) as hands:
        await filled(hands)
        await hands.press("r", "w")
        await hands.answer("issue", out=str(out), password="not it", sure="yes")
        assert "Not let in" in hands.shown
        assert not out.exists()
        await hands.put("password", RUTH.password)
        hands.panel.record()
        await hands.settle()
        assert out.read_bytes().startswith(b"%PDF")
        session = hands.app.session
        assert session is not None
        assert len(session.reporting.listed()) == 1


async def test_what_is_not_anonymous_covers_any_days(home: Path, own_folders: Path) -> None:
    rows, told = own_folders / "rows.csv", own_folders / "l.json"
    async with behind_door(home, person=PAT) as hands:
        await filled(hands)
        await hands.press("r", "a", "w")
        await hands.answer("rows", out=str(rows), since="2020-01-01", until="2020-02-01")
        assert rows.read_text(encoding="utf-8-sig").count("\n") == 1, "nothing happened in those days"
        assert rows.with_name("rows-dictionary.json").exists()
        await hands.press("w")
        await hands.answer("rows", out=str(rows))
        assert hands.top == "FormDialog", "it is there already, and nothing is written over"
        await hands.press("escape", "escape", "a", "w")  # out of the field first
        await hands.answer("write", out=str(told), since="not a day")
        assert hands.top == "FormDialog"
        await hands.answer("write", out=str(told), since="2020-01-01", until="today")
        assert "2020" in json.dumps(json.loads(told.read_text(encoding="utf-8")))
        assert not any("Zeb" in path.read_text(encoding="utf-8-sig") for path in (rows, told))


async def test_the_preview_is_read_by_keyboard_to_its_end(home: Path) -> None:
    async with behind_door(home) as hands:
        await filled(hands)
        await hands.press("r")
        chosen = hands.only("#report-periods", OptionList).highlighted
        assert "Before it is issued" not in hands.shown
        await hands.press("tab", *["pagedown"] * 12)
        assert "Before it is issued" in hands.shown
        assert hands.only("#report-periods", OptionList).highlighted == chosen
        await hands.press("pageup", "tab", "down")
        assert hands.only("#report-periods", OptionList).highlighted != chosen


async def test_no_heading_stands_above_another_ones_figures(home: Path) -> None:
    async with behind_door(home, person=PAT) as hands:
        await filled(hands)
        await hands.press("r")
        assert "12 incidents" in hands.shown
        await hands.press("end")
        assert "did not exist then" in hands.shown
        await hands.resize((120, 40))
        assert "did not exist then" in hands.shown
        assert "12 incidents" not in hands.shown
