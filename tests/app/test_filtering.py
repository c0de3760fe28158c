"""The filtering log in the app, by the keyboard: asked for, refused alone, agreed by two, done, and due on home."""

from __future__ import annotations

from pathlib import Path

from esafety_tui.desk.asks import Reply
from tests.app.driver import Hands, behind_door, dangers
from tests.desk import made_school
from tests.desk.made_school import CORA, PAT

HOSTILE = "[@click=app.quit]x[/] \x1b[31m‮ =1+1"


async def ask(hands: Hands, **fields: str) -> None:
    """Ask for a change on the list."""
    await hands.press("n")
    given = {"change": "allow", "what": "site.example", "whom": "p7", "reason": "The topic of the term."}
    await hands.answer("request", **{**given, **fields})


async def test_from_home_to_in_force(home: Path) -> None:
    async with behind_door(home, person=CORA) as hands:
        await hands.press("f")
        assert "Nobody has asked" in hands.shown
        await ask(hands, ends="2190-06-30")
        assert hands.top == "FilteringScreen"
        assert "to be decided" in hands.shown
        await hands.press("enter")
        await hands.answer("agree", reason="For two weeks.")
        assert hands.top == "FilterDialog"
        assert "Two people decide" in hands.shown
        await hands.answer("agree", login=PAT.login, password=PAT.password)
        assert "agreed, to be done" in hands.shown
        await hands.press("enter")
        await hands.answer("change", done_by="Help desk")
        assert "in force" in hands.shown
        session = hands.app.session
        assert session is not None
        assert session.filtering.list()[0]["decided_by"] == [CORA.name, PAT.name]
        await hands.home()
        assert "30 Jun 2190" in hands.shown


async def test_what_was_typed_is_there_after_escape_and_after_a_lock(home: Path) -> None:
    async with behind_door(home, person=CORA) as hands:
        await hands.press("f", "n", "1")
        await hands.put("what", "half.example")
        await hands.press("f9", "x")
        await hands.unlock(CORA)
        assert hands.top == "FilterDialog"
        assert hands.field("what").value == "half.example"
        await hands.press("escape", "escape")
        await hands.press("n")
        assert hands.field("what").value == "half.example"


async def test_hostile_words_are_only_words(home: Path) -> None:
    async with behind_door(home, (120, 40), CORA) as hands:
        await hands.press("f")
        session = hands.app.session
        assert session is not None
        request = session.filtering.ask("request").choices[0]
        fields = {"change": "allow", "what": HOSTILE, "whom": "user", "user": "[b]Z\x1b[2J", "reason": HOSTILE}
        session.filtering.reply("request", made_school.fill(request, **fields))
        await hands.home()
        await hands.press("f")
        assert "[@click=app.quit]x[/]" in hands.shown
        assert dangers(hands.shown) == []
        await hands.press("d")
        assert dangers(hands.shown) == []


async def test_search_open_only_and_back(home: Path) -> None:
    session = made_school.unlock(home, CORA)
    request = session.filtering.ask("request").choices[0]
    given = {"change": "allow", "whom": "p7", "reason": "The topic."}
    first = session.filtering.reply("request", made_school.fill(request, what="one.example", **given)).ref
    session.filtering.reply("request", made_school.fill(request, what="two.example", **given))
    session.filtering.reply("decide", Reply("refuse", {"reason": "Not now."}), first)
    session.close()
    async with behind_door(home, person=CORA) as hands:
        await hands.press("f", "o")
        assert "one.example" not in hands.shown
        await hands.press("o", "/")
        await hands.type("one")
        assert "two.example" not in hands.shown
        assert "one.example" in hands.shown
        await hands.press("escape", "escape")
        assert hands.top == "HomeScreen"


async def test_the_month_on_paper_goes_into_the_print_folder(home: Path) -> None:
    async with behind_door(home, person=CORA) as hands:
        await hands.press("f")
        await ask(hands)
        await hands.press("x")
        await hands.answer("print", by=PAT.name)
        assert "print folder" in hands.shown
        (paper,) = (home / "print").iterdir()
        assert paper.read_bytes().startswith(b"%PDF-")


async def test_due_on_home_opens_where_it_is_done(home: Path) -> None:
    session = made_school.unlock(home, CORA)
    request = session.filtering.ask("request").choices[0]
    given = {"change": "allow", "what": "one.example", "whom": "p7", "reason": "The topic.", "starts": "yesterday"}
    session.filtering.reply("request", made_school.fill(request, **given))
    session.close()
    async with behind_door(home, person=CORA) as hands:
        assert "Decide about the filter" in hands.shown
        hands.app.screen.query_one("#due-list").focus()
        await hands.press("enter")
        assert hands.top == "FilteringScreen"
