"""A person over incidents, what is due, the palette, and what is written out of the log, at the keyboard."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from textual.widgets import Input

from esafety_tui.desk.logbook import browsing
from esafety_tui.desk.papers import media
from esafety_tui.desk.session import Session
from esafety_tui.incident import events as e
from esafety_tui.screens.due import DueScreen
from esafety_tui.screens.person import PersonScreen
from esafety_tui.widgets.chronology import Chronology
from esafety_tui.widgets.logtable import LogTable
from tests.app.driver import Hands, behind_door, dangers
from tests.app.frozen import frozen
from tests.app.frozen import make as made_frozen
from tests.desk import made_school
from tests.desk.driver import INTERNAL, Driver
from tests.desk.made_school import RUTH, answer

EVIL = "Eve \x1b[2J[/x]\u202e\x00 Ray"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed home with three cases: two of one pupil, one of somebody with a hostile name."""
    folder = tmp_path_factory.mktemp("told")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ESAFETY_STATE", str(folder / "state"))
        session = made_school.found(folder / "home", "spires")
        _case(session, EVIL, EVIL)
        _case(session, "Bo Ray", "Unkind words in the class chat.")
        _case(session, "Bo Ray", "A film of a pupil was sent round.")
        session.close()
    return folder / "home"


def _case(session: Session, name: str, summary: str) -> str:
    ref = session.casework.begin()
    for choice in ("no", "no", "done"):
        answer(session, ref, choice)
    answer(session, ref, "recorded", how="told", by="Mrs Lee", named="yes", place="Class chat", summary=summary)
    answer(session, ref, "add", kind="pupil", role="subject", name=name, group="P6")
    return ref


@pytest.fixture
def people(told: Path, own_folders: Path) -> Path:
    return made_school.copied(told, own_folders / "school")


@pytest.fixture(autouse=True)
def no_stick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is plugged into the machine of the tests."""
    monkeypatch.setattr(media, "sticks", lambda: ())


async def open_row(hands: Hands, words: str) -> None:
    """To the log, and onto the first row with these words."""
    await hands.press("slash")
    await hands.type(words)
    await hands.press("enter")


async def test_a_persons_page_has_every_incident_and_opens_one(people: Path) -> None:
    async with behind_door(people) as hands:
        await open_row(hands, "film")
        await hands.press("p")
        assert isinstance(hands.app.screen, PersonScreen)
        assert "Bo Ray" in hands.shown.splitlines()[0]
        assert hands.shown.count("may have done it") == 2
        await hands.press("down", "enter")
        assert hands.top == "CaseScreen"
        assert "Unkind words" in hands.shown
        await hands.press("escape", "l")
        assert hands.top == "LogScreen"
        assert "2 incidents" in hands.shown
        assert "person: Bo Ray" in hands.shown


async def test_related_incidents_stand_on_the_case_page_and_open(people: Path) -> None:
    async with behind_door(people) as hands:
        await open_row(hands, "film")
        await hands.press("enter", "8")
        assert "same person: Bo Ray" in hands.shown
        film = hands.ref
        await hands.press("r", "1")
        assert hands.top == "CaseScreen"
        assert hands.ref not in ("", film)


async def test_two_records_are_joined_with_a_reason_and_parted(people: Path) -> None:
    async with behind_door(people) as hands:
        await open_row(hands, "film")
        await hands.press("p", "j")
        assert hands.top == "FormDialog"
        await hands.answer("record", reason="The register of the class says so.")
        assert "different names" in hands.shown
        await hands.answer("record", reason="The register of the class says so.", different="yes")
        assert isinstance(hands.app.screen, PersonScreen)
        assert hands.shown.count("may have done it") == 3
        assert dangers(hands.shown) == []
        await hands.press("u")
        await hands.answer("record", reason="It was the cousin.")
        assert hands.shown.count("may have done it") == 2


@pytest.fixture
def to_do(home: Path) -> Path:
    """A home with two actions, one of them of Ruth's, neither done."""
    session = made_school.unlock(home)
    ref = session.casework.begin()
    Driver(session).until(ref, "decisions", INTERNAL)
    party = next(p.id for p in session.casework.case(ref).parties.values() if p.role == "subject")
    answer(session, ref, "row", party=party, row="pupil/sharing-password")
    for owner, due in ((RUTH.name, "2031-03-03"), ("Pat Hale", "2031-03-05")):
        answer(session, ref, "propose", party=party, action="pupil/further", owner=owner, due=due)
    for _ in range(2):
        id = next(a.id for a in session.casework.case(ref).actions.values() if not a.decision)
        answer(
            session,
            ref,
            "decide",
            action=id,
            decision="do",
            by="other",
            name="Pat Hale",
            reason="After talking it through",
        )
    session.close()
    return home


async def test_what_is_due_is_done_or_put_off_with_a_reason(to_do: Path) -> None:
    async with behind_door(to_do) as hands:
        await hands.home()
        await hands.press("d")
        assert isinstance(hands.app.screen, DueScreen)
        assert "Later" in hands.shown
        before = len(hands.app.screen.lines)
        await hands.press("z")
        await hands.answer("postpone", until="yesterday", reason="The family is away.")
        assert "passed" in hands.shown, "the desk's refusal keeps what was typed"
        await hands.put("until", "31 December 2031")
        hands.panel.record()
        await hands.settle()
        assert "31 Dec 2031" in hands.shown
        await hands.press("m")
        await hands.answer("no", reason="Nobody had the time.")
        assert len(hands.app.screen.lines) == before - 1
        await hands.press("enter")
        assert hands.top == "CaseScreen"


async def test_what_is_due_can_be_only_mine_or_of_one_kind(to_do: Path) -> None:
    async with behind_door(to_do) as hands:
        await hands.home()
        await hands.press("d")
        assert "Pat Hale" in hands.shown
        await hands.press("o")
        assert "Pat Hale" not in hands.shown
        assert "mine" in hands.shown
        await hands.press("o", "k")
        assert "only actions" in hands.shown


async def test_the_marked_row_has_a_sign_of_its_own_and_its_heading_has_none(to_do: Path) -> None:
    async with behind_door(to_do) as hands:
        await hands.press("d")
        marked = [line for line in hands.shown.splitlines() if "►" in line]
        assert len(marked) == 1
        first = marked[0]
        heading = hands.shown.splitlines()[hands.shown.splitlines().index(first) - 1]
        assert heading.split() in (["Overdue"], ["Within", "a", "week"], ["Later"], ["Without", "a", "day"])
        await hands.press("down")
        (second,) = [line for line in hands.shown.splitlines() if "►" in line]
        assert second != first
        assert isinstance(hands.app.screen, DueScreen)
        one = hands.app.screen.marked
        assert one is not None
        assert one.what[:20] in second
        await hands.press(*["down"] * 30, "home")
        assert heading in hands.shown.splitlines()


async def test_nothing_due_says_so(home: Path) -> None:
    async with behind_door(home) as hands:
        await hands.press("d")
        assert "Nothing is due" in hands.shown


async def test_the_palette_finds_incidents_people_and_commands(people: Path) -> None:
    async with behind_door(people) as hands:
        await hands.press("ctrl+p")
        await hands.type("film")
        await hands.settle()
        assert "A film of a pupil" in hands.shown
        await hands.press("enter")
        assert hands.top == "CaseScreen"
        await hands.press("escape", "ctrl+p")
        await hands.type("eve")
        await hands.settle()
        assert dangers(hands.shown) == []


async def test_the_palette_offers_nothing_at_the_door(people: Path) -> None:
    from tests.app.driver import at_keyboard

    async with at_keyboard(people) as hands:
        await hands.press("ctrl+p")
        await hands.type("film")
        await hands.settle()
        assert "A film of a pupil" not in hands.shown


async def test_what_is_selected_is_written_out_and_entered(people: Path, tmp_path: Path) -> None:
    async with behind_door(people) as hands:
        await hands.press("l", "space", "w")
        assert "Write out 1 selected" in hands.shown
        await hands.answer("jsonl", out=str(tmp_path), to="The Chair", medium="", readable="no")
        assert "can read the names" in hands.shown or "could read it" in hands.shown
        assert not list(tmp_path.glob("*.jsonl"))
        await hands.answer("jsonl", out=str(tmp_path), to="The Chair", medium="", readable="yes")
        assert hands.top == "LogScreen"
        rows = [json.loads(line) for line in (tmp_path / "incidents.jsonl").read_text().splitlines()]
        assert len(rows) == 1
        session = hands.app.session
        assert session is not None
        assert "The Chair" in session.leaving.left()[0].values()


async def test_the_chronology_is_ordered_narrowed_and_shows_corrections(people: Path) -> None:
    async with behind_door(people, (100, 50)) as hands:
        await open_row(hands, "film")
        await hands.press("enter")
        session = hands.app.session
        assert session is not None
        ref = hands.ref
        wrong = next(m.seq for m in session.casework.case(ref).moments if isinstance(m.event, e.Reported))
        await hands.press("c")
        await hands.answer("correct", seq=str(wrong), text="It was two films.", reason="Heard later.")
        days = hands.app.screen.query_one(Chronology)
        assert "✎" in hands.shown
        assert "corrected by entry" in hands.shown
        everything = days.matching
        await hands.press("slash")
        await hands.type("films")
        assert days.matching == 1
        await hands.press("escape")
        assert days.matching == everything
        await hands.press("y")
        assert days.order == "written"


@pytest.mark.parametrize("key", ["l", "d"])
async def test_lists_of_a_known_school_are_there_after_a_lock(tmp_path: Path, own_folders: Path, key: str) -> None:
    known = made_frozen(tmp_path / "known")
    with frozen():
        async with behind_door(made_school.copied(known, own_folders / "school")) as hands:
            await hands.home()
            await hands.press(key)
            top = hands.top
            await hands.press("f9", "x")
            await hands.unlock()
            assert hands.top == top


async def test_home_shows_a_hundred_and_says_that_there_are_more(people: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with behind_door(people, (120, 40)) as hands:
        assert "More are open" not in hands.shown
        everything = hands.app.session.browsing.home() if hands.app.session else None
        assert everything is not None
        assert len(everything.open) == 3
        monkeypatch.setattr(browsing, "SHOWN", 1)
        await hands.press("l", "escape")
        assert "More are open: l shows all" in hands.shown
        assert everything.open[0]["ref"] in hands.shown
        assert everything.open[1]["ref"] not in hands.shown
        assert ("More is due: d shows it." in hands.shown) == (len(everything.due) > 1)


@pytest.mark.parametrize("begun", ["l", ""])
async def test_what_is_typed_at_once_is_searched_for_and_none_of_it_is_a_command(people: Path, begun: str) -> None:
    async with behind_door(people) as hands:
        if begun:
            await hands.press(begun)
        await hands.type("/unkind words sip")
        assert hands.top == "LogScreen"
        field: Input = hands.only("#log-search", Input)
        assert field.value == "unkind words sip"
        assert "newest first" in hands.shown
        field.value = ""
        await hands.type("unkind")
        held: LogTable = hands.only("#log-table", LogTable)
        hands._send("enter")
        await hands.type("v")
        assert (field.value, len(held.stretch.rows), hands.app.focused) == ("unkind", 1, held)
        assert not hands.app.screen.has_class("-pane"), "the key after Enter is one of the table's"
