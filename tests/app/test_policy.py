"""The policy in the app: every page, the passage that applies now, adopting; and the calendar on home."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from esafety_tui.desk.logbook import calendar
from esafety_tui.desk.policies import packs, policy_pages
from esafety_tui.widgets import policypage
from tests.app.driver import behind_door, dangers
from tests.desk import made_school
from tests.desk.driver import INTERNAL, Driver
from tests.desk.made_school import RUTH, VAL

WIDTHS = (30, 51, 84)


@pytest.mark.parametrize("name", made_school.PACKS)
@pytest.mark.parametrize("width", WIDTHS)
def test_every_line_fits_and_every_entry_is_there(name: str, width: int) -> None:
    pack = packs.load(name)
    boxes = policy_pages.boxes(pack)
    for page in policy_pages.pages(pack, lambda agency: ()):
        lines = list(policypage.draw(page, width, boxes))
        assert all(line.cell_length <= width for line in lines), page.id
        said = " ".join(" ".join(line.plain for line in lines).split())
        for row in (row for part in page.parts for row in part.rows):
            # A cell of a table may stand between two words of a row that goes on below it.
            assert all(word in said for word in row.text.split()), (page.id, row.text)
            assert all(word in said for word in row.source.split()), (page.id, row.source)
        gaps = sum(row.confidence != "policy" for part in page.parts for row in part.rows)
        own = sum(row.source.startswith("A safeguard of") for part in page.parts for row in part.rows)
        assert said.count("◇") >= gaps - own


def test_a_matrix_has_its_ticks_under_their_numbers() -> None:
    pack = packs.load("spires")
    page = next(page for page in policy_pages.pages(pack, lambda agency: ()) if page.id == "pupil")
    matrix = pack.tables.pupil
    assert matrix is not None
    lines = [line.plain for line in policypage.draw(page, 100, (), sources=False)]
    heads = next(line for line in lines if line.split() == [str(n) for n in range(1, len(matrix.actions) + 1)])
    below = iter(lines[lines.index(heads) :])
    for row in matrix.rows:
        drawn = next(line for line in below if line.startswith(" ".join(row.incident.split()[:5])))
        for number, action in enumerate(matrix.actions, 1):
            at = heads.index(str(number))
            assert (drawn[at] == "✓") == (action.id in row.ticks), (row.id, action.id)


@pytest.mark.parametrize("size", [(60, 18), (120, 40)])
async def test_every_page_opens(home: Path, size: tuple[int, int]) -> None:
    async with behind_door(home, size) as hands:
        await hands.press("p")
        assert "it says the same" in hands.shown or size[1] < 24
        for _ in range(13):
            await hands.press(".")
            assert dangers(hands.shown) == []
        assert "14 of 14" in hands.shown
        await hands.press("pagedown", "o", ",", "3")
        assert "3 of 14" in hands.shown
        await hands.press("escape")
        assert hands.top == "HomeScreen"


async def test_the_passage_that_applies_now(home: Path) -> None:
    session = made_school.unlock(home, RUTH)
    ref = session.casework.begin()
    Driver(session).until(ref, "kind", INTERNAL)
    title = session.casework.ask(ref).title
    session.close()
    async with behind_door(home) as hands:
        await hands.press("1", "escape", "p")
        assert hands.top == "PolicyScreen"
        assert "What applies now" in hands.shown
        assert title.split("?")[0] in " ".join(hands.shown.split())
        assert "This may be illegal" in hands.shown
        await hands.press("f9", "x")
        await hands.unlock()
        assert hands.top == "PolicyScreen"
        await hands.press("escape")
        assert hands.top == "WizardScreen"


async def test_another_version_is_adopted_by_two_and_what_differs_is_shown(home: Path, tmp_path: Path) -> None:
    own = packs.new(tmp_path / "own", "spires")
    file = own / "policy.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("answer_review_school_days = 5", "answer_review_school_days = 6"), encoding="utf-8")
    async with behind_door(home, (120, 40)) as hands:
        await hands.press("p", "a")
        given = {"pack": "folder", "folder": str(own), "board": "2026-09-01"}
        await hands.answer("adopt", **given, login=VAL.login, password=VAL.password)
        assert hands.top == "PolicyScreen"
        assert "changed: answer_review_school_days" in hands.shown
        assert "1 Sep 2026" in hands.shown


async def test_the_calendar_is_due_on_home_and_marked_there(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    session = made_school.unlock(home, RUTH)
    one = session.calendar.owed()[0]
    session.close()
    monkeypatch.setattr(calendar, "today", lambda: date.fromisoformat(one.due) - timedelta(days=1))
    async with behind_door(home) as hands:
        assert one.what.split()[0] in hands.shown
        hands.app.screen.query_one("#due-list").focus()
        await hands.press("enter")
        assert hands.top == "CalendarDialog"
        await hands.answer("done", note="In the meeting.")
        assert hands.top == "HomeScreen"
        assert hands.app.session is not None
        assert hands.app.session.calendar.done()[0]["item"] == one.id
