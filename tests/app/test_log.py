"""The log's screen, at the keyboard: what is shown, found, narrowed, gone to, kept, and what is written of it."""

from __future__ import annotations

import asyncio
import os
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from textual.widget import Widget
from textual.widgets import Input

from esafety_tui.desk.logbook.logfilter import LogFilter
from esafety_tui.desk.logbook.paging import Page, Paging
from esafety_tui.incident import events as e
from esafety_tui.incident import reference
from esafety_tui.screens import log as logs
from esafety_tui.screens.filters import FiltersDialog
from esafety_tui.screens.log import LogScreen
from esafety_tui.widgets.chips import Chips
from esafety_tui.widgets.logtable import LogTable
from esafety_tui.widgets.stretch import Stretch
from tests.app.driver import Hands, behind_door
from tests.desk import made_school
from tests.desk.made_school import VAL

MANY = 260


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed home with many slips, each about a pupil of its own."""
    folder = tmp_path_factory.mktemp("filled")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ESAFETY_STATE", str(folder / "state"))
        session = made_school.found(folder / "home", "spires")
        kinds = [kind.id for kind in session.pack.tables.kinds]
        rows = [
            {"name": f"Pupil{n} Ngoné", "kind": kinds[n % 2], "what": f"What{n} happened", "done": "Done"}
            for n in range(MANY)
        ]
        assert all(not isinstance(one, Exception) for one in session.slips.batch(rows))
        session.close()
    return folder / "home"


@pytest.fixture
def many(filled: Path, own_folders: Path) -> Path:
    return made_school.copied(filled, own_folders / "school")


def table(hands: Hands) -> LogTable:
    return hands.only("#log-table", LogTable)


def screen(hands: Hands) -> LogScreen:
    assert isinstance(hands.app.screen, LogScreen)
    return hands.app.screen


def refs(hands: Hands) -> list[str]:
    """The references on the screen, as they are shown."""
    return [line.split()[1 if line.lstrip().startswith("►") else 0] for line in _lines(hands)]


def _lines(hands: Hands) -> list[str]:
    held = table(hands)
    top = held.region.y + 1
    lines = hands.shown.splitlines()[top : top + held.lines_shown]
    return [line.replace("✓", " ") for line in lines if line[: held.size.width].strip(" █│")]


def marked(hands: Hands) -> str:
    row = table(hands).stretch.marked
    return row["ref"] if row else ""


def naive(hands: Hands, filter: LogFilter | None = None) -> list[str]:
    """Every reference, by the lines of the command line: another way than the screen's."""
    assert hands.app.session is not None
    return [row["ref"] for row in hands.app.session.browsing.listed(filter or LogFilter(), 500)]


async def test_it_opens_with_the_newest_and_goes_to_both_ends(many: Path) -> None:
    async with behind_door(many) as hands:
        everything = naive(hands)
        await hands.press("l")
        assert f"{MANY} incidents, newest first" in hands.shown
        assert refs(hands) == everything[: table(hands).lines_shown]
        await hands.press("end")
        assert marked(hands) == everything[-1]
        assert refs(hands)[-1] == everything[-1]
        await hands.press("home")
        assert (marked(hands), refs(hands)[0]) == (everything[0], everything[0])


async def test_page_by_page_every_row_comes_once(many: Path) -> None:
    async with behind_door(many) as hands:
        await hands.press("l")
        held = table(hands)
        seen: list[str] = []
        for _ in range(MANY):
            seen += [ref for ref in refs(hands) if ref not in seen]
            if not held.stretch.after and held.stretch.at == len(held.stretch.rows) - 1:
                break
            await hands.press("pagedown")
        assert seen == naive(hands)


async def test_search_as_it_is_typed_lights_the_words_and_says_where_they_are(many: Path) -> None:
    async with behind_door(many, (120, 40)) as hands:
        await hands.press("slash")
        assert hands.top == "LogScreen"
        await hands.type("what17 ngone")
        await asyncio.sleep(logs.LOOKS + 0.05)
        await hands.settle()
        found = [row["title"] for row in table(hands).stretch.rows]
        assert "What17 happened" in found
        assert all(title.startswith("What17") for title in found)
        assert f"{len(found)} incidents" in hands.shown
        assert "in entry" in hands.shown
        await hands.press("enter", "enter")
        assert hands.top == "CaseScreen"


@pytest.mark.parametrize(
    "typed", ['"', "*", "AND", "x OR", "b : c", "NEAR(", "\U0001f600", "א" * 40, "[/x]", "p" * 900]
)
async def test_whatever_is_typed_is_no_error(many: Path, typed: str) -> None:
    async with behind_door(many) as hands:
        await hands.press("l")
        hands.only("#log-search", Input).value = typed
        await hands.settle()
        assert hands.top == "LogScreen"
        assert not hands.app._notifications


async def test_nothing_found_says_so_and_offers_the_way_back(many: Path) -> None:
    async with behind_door(many) as hands:
        await hands.press("slash")
        await hands.type("nosuchword")
        assert "Nothing is found" in hands.shown
        await hands.press("escape", "x")
        assert len(table(hands).stretch.rows) > 0
        assert hands.only("#log-search", Input).value == ""


async def test_filters_narrow_with_counts_and_stand_as_chips(many: Path) -> None:
    async with behind_door(many, (120, 40)) as hands:
        await hands.press("l", "f", "down", "down", "down")
        assert isinstance(hands.app.screen, FiltersDialog)
        assert str(MANY // 2) in hands.shown
        await hands.press("right", "down", "enter")
        assert f"{MANY // 2} incidents" in hands.shown
        await hands.press("escape")
        assert len(hands.app.screen.query_one(Chips).text) > 0
        kind = screen(hands).shown.filter.kind
        assert kind
        assert marked(hands) == naive(hands, LogFilter(kind=kind))[0]
        assert "about: " in hands.shown
        await hands.pilot.click("#log-chips", offset=(4, 0))
        await hands.settle()
        assert screen(hands).shown.filter == LogFilter()


async def test_a_filter_that_is_typed_and_is_no_day_says_so(many: Path) -> None:
    async with behind_door(many) as hands:
        await hands.press("l", "f", *["down"] * 7, "enter")
        await hands.type("the day after never")
        await hands.press("enter")
        assert "not understood" in hands.shown
        await hands.press("escape", "escape")
        assert screen(hands).shown.filter == LogFilter()


async def test_orders_go_round_and_can_be_turned(many: Path) -> None:
    async with behind_door(many) as hands:
        everything = naive(hands)
        await hands.press("l", "i")
        assert "oldest first" in hands.shown
        assert refs(hands)[0] == everything[-1]
        for said in ("last to happen first", "due first", "by status", "by lead", "newest first"):
            await hands.press("s")
            assert said in hands.shown
            assert len(refs(hands)) == table(hands).lines_shown


async def test_go_to_a_day_and_a_reference(many: Path) -> None:
    async with behind_door(many) as hands:
        everything = naive(hands)
        await hands.press("l", "g")
        await hands.answer("go", place=everything[200].lower())
        assert marked(hands) == everything[200]
        await hands.press("g")
        await hands.answer("go", place="today")
        assert marked(hands) == everything[0]
        await hands.press("g")
        await hands.answer("go", place="2019-03")
        assert marked(hands) == everything[-1], "before the first is the end"
        await hands.press("g")
        await hands.answer("go", place="no day at all")
        assert hands.top == "FormDialog"
        await hands.press("escape", "escape")  # out of the field, then out of the box
        assert hands.top == "LogScreen"
        here = marked(hands)
        await hands.press("g")
        await hands.answer("go", place=reference.make([1, 2, 3, 4, 5, 6]))
        assert (hands.top, marked(hands)) == ("LogScreen", here)
        assert any("No such incident" in str(one.title) for one in hands.app._notifications)
        await hands.press("up")
        assert marked(hands) != here


async def test_place_filter_and_order_outlive_leaving_a_lock_and_a_new_start(many: Path) -> None:
    async with behind_door(many) as hands:
        await hands.press("l", "s", "i", *["pagedown"] * 4)
        here, lines = marked(hands), refs(hands)
        await hands.press("escape", "l")
        assert (marked(hands), refs(hands)) == (here, lines)
        await hands.press("enter", "escape")
        assert (marked(hands), refs(hands)) == (here, lines)
        await hands.press("f9", "space")
        await hands.unlock()
        assert hands.top == "LogScreen"
        assert (marked(hands), refs(hands)) == (here, lines)
    async with behind_door(many) as hands:
        await hands.press("l")
        assert (marked(hands), refs(hands)) == (here, lines)
        assert "first to happen first" in hands.shown
    async with behind_door(many, person=VAL) as hands:
        await hands.press("escape", "l")
        assert "newest first" in hands.shown, "what one person looked at is not shown to another"


async def test_a_preview_is_an_entry_after_two_seconds_and_not_before(
    many: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Whoever wrote the slips in a sitting of this hour is at work on them; somebody else opens them.
    async with behind_door(many, (120, 40), VAL) as hands:
        session = hands.app.session
        assert session is not None

        def looked(ref: str) -> bool:
            return any(isinstance(m.event, e.Viewed) for m in session.casework.case(ref, True).moments)

        async def until_looked(ref: str) -> None:
            for _ in range(200):
                if looked(ref):
                    break
                await asyncio.sleep(0.02)
            await hands.settle()

        monkeypatch.setattr(logs, "LOOKED", 3600.0)
        await hands.press("l")
        first = marked(hands)
        assert "two seconds" in hands.shown
        monkeypatch.setattr(logs, "LOOKED", 0.01)
        await hands.press("down")
        second = marked(hands)
        await until_looked(second)
        assert looked(second)
        assert "Done: Done" in hands.shown
        assert not looked(first), "it was left before the time was over"
        await hands.press("v", "down", "down")
        unseen = marked(hands)
        await asyncio.sleep(0.1)
        await hands.settle()
        assert not looked(unseen), "what is not shown was not looked at"


async def test_rows_are_selected_by_key_and_mouse(many: Path) -> None:
    async with behind_door(many) as hands:
        await hands.press("l", "space", "down", "space")
        assert "2 selected" in hands.shown
        assert list(table(hands).picked) == [naive(hands)[0], naive(hands)[2]]
        await hands.press("escape")
        assert hands.top == "LogScreen"
        assert not table(hands).picked
        await hands.pilot.click("#log-table", offset=(10, 6))
        await hands.settle()
        assert marked(hands) == naive(hands)[5]
        await hands.pilot.click("#log-table", offset=(10, 6))
        await hands.settle()
        assert hands.top == "CaseScreen"


async def test_what_is_written_meanwhile_is_there_on_coming_back(many: Path) -> None:
    async with behind_door(many) as hands:
        await hands.press("l", "pagedown")
        here = marked(hands)
        session = hands.app.session
        assert session is not None
        await hands.press("enter")
        new = session.casework.begin()
        await hands.press("escape")
        assert marked(hands) == here
        await hands.press("home")
        assert marked(hands) == new


@pytest.mark.parametrize("size", [(60, 18), (80, 24), (120, 40), (160, 50)])
async def test_it_fits(many: Path, size: tuple[int, int]) -> None:
    async with behind_door(many, size) as hands:
        await hands.press("l")
        newest = naive(hands)[0]
        line = next(line for line in hands.shown.splitlines() if newest in line)
        for words in ("Pupil259", "closed"):
            assert words in line
        assert (len(line) <= size[0], "Lead" in hands.shown) == (True, size[0] >= 108)


#: How many sequences: few in `make test`, many in `make torture`.
EXAMPLES = 20 if os.environ.get("ESAFETY_TORTURE") else 3
KEYS = st.sampled_from(["down", "up", "pagedown", "pageup", "end", "home", "i", "s", "search", "clear", "write"])


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(KEYS, min_size=3, max_size=12))
def test_any_sequence_shows_what_a_plain_list_shows(many: Path, keys: list[str]) -> None:
    asyncio.run(_any_sequence(many, keys))


async def _any_sequence(home: Path, keys: list[str]) -> None:
    async with behind_door(home) as hands:
        await hands.press("l", "x")
        for key in keys:
            if key == "search":
                hands.only("#log-search", Input).value = "what1"
                await hands.settle()
            elif key == "clear":
                await hands.press("x")
            elif key == "write":
                assert hands.app.session is not None
                await hands.press("d")
                hands.app.session.casework.begin()
                await hands.press("escape")
            else:
                await hands.press(key)
            shown = screen(hands).shown
            if shown.sort == "opened":
                model = naive(hands, shown.filter)
                if shown.reverse:
                    model.reverse()
                at = model.index(refs(hands)[0]) if refs(hands) else 0
                assert refs(hands) == model[at : at + table(hands).lines_shown]
                assert marked(hands) in refs(hands)


async def test_threads_read_and_post_and_touch_nothing_on_the_screen(
    many: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    main, touched = threading.get_ident(), []

    def watched(kind: type, name: str) -> None:
        real = getattr(kind, name)

        def call(*given: object, **named: object) -> object:
            touched.append((name, threading.get_ident()))
            return real(*given, **named)

        monkeypatch.setattr(kind, name, call)

    for kind, name in ((Widget, "refresh"), (Widget, "set_class"), (Stretch, "begin"), (Stretch, "extend")):
        watched(kind, name)
    reads: list[int] = []
    real_page = Paging.page

    def page(self: Paging, *given: object, **named: object) -> Page:
        reads.append(threading.get_ident())
        return real_page(self, *given, **named)  # type: ignore[arg-type]

    async with behind_door(many) as hands:
        monkeypatch.setattr(Paging, "page", page)
        await hands.press("l", *["pagedown"] * 7, "end", "s", "f", "escape", "slash")
        await hands.type("what1")
        await hands.press("escape", "x", "d", "escape")
    assert {name for name, _ in touched} >= {"refresh", "begin", "extend"}
    assert {thread for _, thread in touched} == {main}
    assert reads
    assert main not in reads, "rows are never read on the loop that draws"


async def test_go_to_takes_a_day_as_people_write_it_and_the_beginning_of_a_reference(many: Path) -> None:
    async with behind_door(many) as hands:
        await hands.press("l")
        ref = naive(hands)[7]
        await hands.press("g")
        await hands.answer("go", place=ref[:4].lower())
        assert marked(hands) == ref
        await hands.press("g")
        await hands.answer("go", place="nowhere at all")
        assert "no place in the log" in hands.shown
        await hands.put("place", "1 Sept")
        await hands.press("enter")
        assert hands.top == "LogScreen"
