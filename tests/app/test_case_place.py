"""The record of a case comes back where it was: after the lock, a question, a note, leaving, and a new start."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.containers import VerticalScroll
from textual.widgets import Input

from esafety_tui.app import EsafetyApp
from esafety_tui.desk.case import bookmark
from esafety_tui.desk.case.bookmark import Bookmark
from esafety_tui.screens.case import PartNames
from tests.app.driver import Hands, at_keyboard, behind_door
from tests.app.test_lock import held
from tests.desk import made_school
from tests.desk.made_school import RUTH, VAL, do

TYPED = "quillon seen"
#: Keys that lead somewhere into the record.
WAYS = {
    "further down the days": ("2", "pagedown", "down"),
    "related": ("8",),
    "order of writing": ("2", "y", "pagedown"),
}


@pytest.fixture(scope="module")
def noted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed home with one case that has more notes than a screen shows."""
    folder = tmp_path_factory.mktemp("noted")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ESAFETY_STATE", str(folder / "state"))
        session = made_school.found(folder / "home", "spires")
        ref = session.casework.begin()
        for number in range(30):
            do(session, ref, "note", "add", text=f"Quillon{number} was seen again.")
        session.close()
    return folder / "home"


@pytest.fixture
def school(noted: Path, own_folders: Path) -> Path:
    """A copy of it."""
    return made_school.copied(noted, own_folders / "school")


async def lines(hands: Hands) -> list[str]:
    """The top of the record as it is shown; below it there may be one more entry, that it was opened again."""
    assert hands.top == "CaseScreen"
    scroll = hands.only("#case-page", VerticalScroll)
    while scroll.scroll_y != scroll.scroll_target_y:  # a page glides there
        await hands.pilot.pause(0.01)
    await hands.settle()
    page = scroll.region
    return [line[: page.right - 3].rstrip() for line in hands.shown.splitlines()[page.y : page.y + 6]]


async def locked(hands: Hands) -> None:
    await hands.press("f9", "x")
    await hands.unlock()


@pytest.mark.parametrize("way", WAYS)
async def test_after_the_lock_it_is_where_it_was(school: Path, way: str) -> None:
    async with behind_door(school) as hands:
        await hands.press("1", "v")
        top = await lines(hands)
        await hands.press(*WAYS[way])
        before = await lines(hands)
        assert before != top
        await locked(hands)
        assert await lines(hands) == before


async def test_the_words_that_narrow_it_come_back_and_wait_in_no_widget(school: Path) -> None:
    async with behind_door(school) as hands:
        await hands.press("1", "v", "/")
        await hands.type(TYPED)
        await hands.press("enter", "down", "down")
        before = await lines(hands)
        await hands.press("f9")
        await hands.settle()
        assert held(hands.app, TYPED) == []
        await hands.press("x")
        await hands.unlock()
        assert hands.only("#case-find", Input).value == TYPED
        assert await lines(hands) == before
        await hands.press("escape")
        await locked(hands)
        assert hands.only("#case-find", Input).value == ""


async def test_after_a_question_a_note_and_leaving_it_is_where_it_was(school: Path) -> None:
    async with behind_door(school) as hands:
        await hands.press("1", "v", *WAYS["order of writing"])
        before = await lines(hands)
        await hands.press("enter")
        assert hands.top == "WizardScreen"
        await hands.press("v")
        assert await lines(hands) == before
        await hands.press("a")
        await hands.answer("add", text="One more note.")
        assert await lines(hands) == before
        await hands.press("escape", "escape", "1", "v")
        assert await lines(hands) == before


async def test_after_a_new_start_it_is_where_it_was_and_for_nobody_else(school: Path) -> None:
    async with behind_door(school) as hands:
        await hands.press("1", "v", *WAYS["further down the days"])
        before = await lines(hands)
        await hands.press("ctrl+q")
    async with at_keyboard(school, app=EsafetyApp(school)) as hands:
        await hands.unlock(VAL)
        await hands.press("1", "v")
        assert await lines(hands) != before
        await hands.press("ctrl+q")
    async with behind_door(school) as hands:
        await hands.press("1", "v")
        assert await lines(hands) == before


async def test_a_place_holds_no_word_and_is_no_half_typed_draft(school: Path) -> None:
    async with behind_door(school, person=RUTH) as hands:
        await hands.press("1", "v", "/")
        await hands.type(TYPED)
        ref, session = hands.ref, hands.app.session
        assert session is not None
        assert TYPED not in str(hands.app.screen.place())
        bookmark.save(session, ref, Bookmark(3, 4, True, TYPED))
        assert bookmark.load(session, ref) == Bookmark(3, 4, True, TYPED)
        (kept,) = session.drafts.beginning(ref)
        assert bookmark.of_reading(kept[0])
        assert not bookmark.of_reading(f"{ref}/page/{session.person.id}")
        bookmark.save(session, ref, Bookmark())
        assert session.drafts.beginning(ref) == []


@pytest.mark.parametrize("bare", ["", "x", "1", "1.", "-1.2.", "1.2.3.4", "9" * 40 + ".0.", "٣.١."])
def test_a_place_that_is_none_is_the_beginning_or_further_on(bare: str) -> None:
    read = Bookmark.read(bare)
    assert read.section >= 1
    assert read.line >= 0


def entry_at_top(hands: Hands) -> str:
    page = hands.only("#case-page", VerticalScroll).region
    at = next(line for line in hands.shown.splitlines()[page.y :] if "Quillon" in line)
    return at[at.index("Quillon") :].split()[0]


async def test_a_window_of_another_width_shows_the_same_entry(school: Path) -> None:
    session = made_school.unlock(school)
    ref = session.browsing.log()[0]["ref"]
    for number in range(30, 40):
        do(session, ref, "note", "add", text=f"Quillon{number} was seen " + "again and again " * 12)
    session.close()
    async with behind_door(school) as hands:
        await hands.press("1", "v", "2")
        page = hands.only("#case-page", VerticalScroll)
        for _ in range(200):  # line by line: how far pages go that are pressed fast hangs on the machine
            if "Quillon34" in (await lines(hands))[1]:
                break
            page.scroll_relative(y=1, animate=False)
        before, entry = await lines(hands), entry_at_top(hands)
        for size in ((60, 24), (160, 30), (80, 24)):
            await hands.resize(size)
            assert entry_at_top(hands) == entry, size
        assert await lines(hands) == before
        await hands.resize((60, 18))
        await hands.press("down", "down", "down", "down", "down", "down", "down", "down")
        other = entry_at_top(hands)
        await hands.resize((100, 24))
        assert entry_at_top(hands) == other != entry
        await hands.press("1")
        await hands.resize((60, 18))
        assert "Summary" in (await lines(hands))[0]


async def test_how_many_entries_are_not_shown_is_said_after_a_new_start_too(school: Path) -> None:
    async with behind_door(school) as hands:
        await hands.press("1", "v", "/")
        assert "entries; Escape" not in hands.shown
        await hands.type("quillon7")
        said = "1 of 31 entries; Escape shows all"
        assert said in hands.shown
        await hands.press("enter", "ctrl+q")
    async with behind_door(school) as hands:
        await hands.press("1", "v")
        assert said in hands.shown
        await hands.resize((60, 18))
        assert said in hands.shown
        await hands.press("escape")
        assert said not in hands.shown


@pytest.mark.parametrize("locked", [False, True], ids=["open", "behind the lock"])
async def test_the_names_of_the_parts_take_one_line_where_there_is_room(school: Path, locked: bool) -> None:
    async with behind_door(school) as hands:
        await hands.press("1", "v")
        names = hands.only("#case-sections", PartNames)
        for size, rows in (((60, 18), 2), ((80, 24), 1), ((60, 18), 2), ((160, 30), 1)):
            if locked:
                await hands.press("f9", "enter")
            await hands.resize(size)
            if locked:
                await hands.unlock()
                assert hands.top == "CaseScreen"
                names = hands.only("#case-sections", PartNames)
            shown = "\n".join(hands.shown.splitlines()[1 : 1 + rows])
            assert names.size.height == rows, size
            assert [number for number in range(1, 9) if f" {number} " not in shown] == [], size
