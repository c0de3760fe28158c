"""A review by two people on the evidence page, at 80 × 24 and by the keyboard alone, with each refusal on the way."""

from __future__ import annotations

from pathlib import Path

from esafety_tui.widgets.askpanel import AskPanel
from esafety_tui.widgets.choices import Choices
from tests.app.driver import Hands, behind_door
from tests.app.keyboard import by_keys, do, marked, refused, said
from tests.desk import made_school
from tests.desk.driver import Driver
from tests.desk.made_school import RUTH, VAL

#: What nobody may say for them: who works the keyboard, another clock, the filter.
LOOK = {"driver": RUTH.name, "clock": "same", "filter": "on"}


async def to_evidence(hands: Hands) -> None:
    """From home to the evidence page of the one open case."""
    await hands.press("1", "e")
    assert hands.top == "EvidenceScreen"


async def back(hands: Hands) -> None:
    """Escape until the evidence page is on top."""
    for _ in range(3):
        if hands.top != "EvidenceScreen":
            await hands.press("escape")
    assert hands.top == "EvidenceScreen"


async def second(hands: Hands) -> None:
    """The second person signs in, and both note their digits."""
    await do(hands, "second")
    await by_keys(hands, "sign-in", login=VAL.login, password=VAL.password)
    assert hands.top == "PinDialog"
    await hands.press("enter", "enter", "enter", "enter")
    assert hands.top == "EvidenceScreen"


async def row(hands: Hands) -> None:
    """From the question to a row that was looked at."""
    await do(hands, "ask")
    await by_keys(hands, "ask", what="The class chat", could="no")
    await hands.press("enter")
    await by_keys(hands, "start", **LOOK)
    await hands.press("enter")
    given = {"form": "site", "concern": "Names of pupils"}
    await by_keys(hands, "looked", **given)
    await hands.press("enter")
    await by_keys(hands, "stop")


async def test_from_the_first_row_to_its_screenshot(record_home: Path, shots: Path) -> None:
    (shots / "page.html").write_text("<html><body>saved</body></html>")
    async with behind_door(record_home) as hands:
        await to_evidence(hands)
        assert "Nobody looks alone" in said(hands)
        # Alone, the question before looking is refused, and what was typed stays.
        await do(hands, "ask")
        await by_keys(hands, "ask", what="The class chat", could="no")
        assert "second senior member of staff" in said(hands)
        assert hands.field("what").value == "The class chat"
        # The reason is no longer there while the next try is being kept.
        panel = hands.app.screen.query_one(AskPanel)
        assert panel.query_one("#ask-trouble").display
        panel.record()
        assert panel.busy
        assert not panel.query_one("#ask-trouble").display
        await hands.settle()
        await back(hands)
        # A wrong password is no second person.
        await hands.press(*"1", "enter")
        await by_keys(hands, "sign-in", login=VAL.login, password="not hers")
        assert hands.top == "TaskDialog"
        await back(hands)
        assert marked(hands) == "second"
        await second(hands)
        assert marked(hands) == "ask"
        await hands.press("enter")
        await by_keys(hands, "ask", what="The class chat", could="no")
        assert marked(hands) == "start"
        await hands.press("enter")
        await by_keys(hands, "start", connection="The school's network", **LOOK)
        assert "Looking since" in hands.shown.splitlines()[0]
        assert marked(hands) == "looked"
        await hands.press("enter")
        await by_keys(hands, "looked", form="site")
        assert "is empty" in hands.shown, "a row needs its concern"
        await hands.type("Names of pupils")
        await hands.press("ctrl+r")
        assert marked(hands) == "look-stop"
        await hands.press("enter")
        await by_keys(hands, "stop", reached="https://example.invalid/")
        assert "Looking since" not in hands.shown
        hands.app.looking = ("another case", "10:05")
        await hands.press("question_mark", "escape")
        assert "Looking since" not in hands.shown, "it is never said over another case"
        hands.app.looking = None
        assert marked(hands) == "exhibit"
        await keep(hands)
        for words in ("Rows (1)", "Exhibits (1)", "RC/1", "Kept"):
            assert words in hands.shown
        assert marked(hands) == "go-on"
        await hands.press("enter")
        assert hands.top == "WizardScreen"
        assert hands.asked == "review"
        shown = hands.app.session.browsing.show(hands.ref)  # type: ignore[union-attr]
        assert [one["present"] for one in shown["sites"]] == [[RUTH.name, VAL.name]]
        assert [one["mark"] for one in shown["exhibits"]] == ["RC/1"]


async def keep(hands: Hands) -> None:
    """The question, then the file: none, a saved page, and at last the screenshot."""
    await hands.press("enter")
    await by_keys(hands, "copy-ask", could="no")
    assert "choose its file" in said(hands)
    await hands.press("enter")
    await by_keys(hands, "copy", description="The message")
    assert "Which file?" in hands.shown
    assert "page.html" in hands.shown, "the newest file stands first"
    await hands.press("down", "ctrl+r")
    assert "saved web page" in hands.shown
    hands.field("file").entry.focus()
    await hands.press("down", "ctrl+r")
    assert hands.top == "EvidenceScreen"


async def test_judgement_and_both_signatures(record_home: Path) -> None:
    """The second half, with the refusals on its way: a judgement without reasons, somebody else's password."""
    session = made_school.unlock(record_home)
    ref = str(session.browsing.log()[0]["ref"])
    made_school.do(session, ref, "second", "sign-in", login=VAL.login, password=VAL.password)
    made_school.answer(session, ref, "ask", what="https://example.invalid/", could="no")
    made_school.answer(session, ref, "start")
    made_school.answer(session, ref, "looked", form="site", where="https://example.invalid/", concern="Names")
    made_school.answer(session, ref, "stop")
    made_school.answer(session, ref, "go-on")
    made_school.answer(session, ref, "none")
    session.close()
    async with behind_door(record_home) as hands:
        await to_evidence(hands)
        await second(hands)
        await do(hands, "go-on")
        assert hands.asked == "judgement"
        await by_keys(hands, "lead", substance="no")
        assert "is empty" in hands.shown, "a judgement needs its reasons"
        await hands.type("A quarrel, and no more")
        await hands.press("ctrl+r")
        await by_keys(hands, "second", substance="no", reasons="So say I")
        await by_keys(hands, "no")
        await signed(hands)


async def signed(hands: Hands) -> None:
    """The boxes in between by the desk alone; then both signatures by the keyboard."""
    session = hands.app.session
    assert session is not None
    Driver(session).until(hands.ref, "sign")
    await hands.home()
    await hands.press("1")
    await by_keys(hands, "lead", password=VAL.password)
    said = " ".join(refused(hands).split())
    assert "Not signed. That is not the password" in said, "a signature is made with one's own password"
    await by_keys(hands, "lead", password=RUTH.password)
    await by_keys(hands, "second", password=VAL.password)
    shown = session.browsing.show(hands.ref)
    assert [(one["by"], one["how"]) for one in shown["signatures"]] == [(RUTH.name, "password"), (VAL.name, "password")]


async def test_not_sure_turns_the_page_red_and_offers_words_alone(record_home: Path) -> None:
    async with behind_door(record_home) as hands:
        await to_evidence(hands)
        await second(hands)
        await hands.press("enter")
        await by_keys(hands, "ask", what="A picture", could="unsure")
        assert hands.app.screen.has_class("-illegal")
        shown = said(hands)
        assert "Nobody looks again" in shown
        assert "Keep a screenshot" not in shown
        assert "Ask before we look" not in shown
        await do(hands, "describe")
        await by_keys(hands, "words", description="A grey telephone", where="The safe")
        assert "Not copied. It is here: The safe" in said(hands)


async def test_what_may_be_illegal_is_sealed_and_says_so(record_home: Path, shots: Path) -> None:
    async with behind_door(record_home, (120, 40)) as hands:
        await to_evidence(hands)
        await second(hands)
        await row(hands)
        await do(hands, "exhibit")
        await by_keys(hands, "copy-ask", could="no")
        await hands.press("enter")
        await by_keys(hands, "copy", file="down", description="The message")
        await do(hands, "forbidden")
        exhibit = next(iter(hands.app.session.casework.case(hands.ref).exhibits))  # type: ignore[union-attr]
        await by_keys(hands, "no", exhibit=exhibit, reason="It shows more than we thought")
        assert hands.top == "EvidenceScreen"
        assert "Sealed: it may be what must" in hands.shown
        assert "Nobody opens it." in hands.shown
        await hands.press("h")
        assert "Not in it, but listed: RC/1" in said(hands)


async def test_a_look_goes_on_after_the_page_is_left_and_keeps_the_screen_open(record_home: Path) -> None:
    async with behind_door(record_home) as hands:
        await to_evidence(hands)
        await second(hands)
        await do(hands, "ask")
        await by_keys(hands, "ask", what="The class chat", could="no")
        short = hands.app.screen.patience()  # type: ignore[attr-defined]
        await hands.press("enter")
        await by_keys(hands, "start", **LOOK)
        await hands.home()
        assert "Looking since" in hands.shown.splitlines()[0]
        assert hands.app.screen.patience() > short  # type: ignore[attr-defined]
        await hands.press("1", "e")
        await do(hands, "look-stop")
        assert "were reached on the way" in hands.shown
        await by_keys(hands, "stop")
        assert "Looking since" not in hands.shown


async def test_everything_on_the_page_works_by_mouse(record_home: Path) -> None:
    async with behind_door(record_home, (120, 40)) as hands:
        await to_evidence(hands)
        rows = list(hands.app.screen.query(".choice"))
        await hands.pilot.click(rows[3])
        await hands.settle()
        await hands.pilot.click(rows[3])
        await hands.settle()
        assert hands.top == "TaskDialog"


async def test_the_record_over_the_whole_width(record_home: Path) -> None:
    async with behind_door(record_home, (60, 18)) as hands:
        await to_evidence(hands)
        assert "No row yet" not in hands.shown
        await hands.press("m")
        assert "No row yet" in hands.shown
        assert "No device in keeping" in hands.shown or "page down" in hands.shown
        await hands.press("m")
        assert "1  The second person comes in" in hands.shown


async def test_a_closed_case_still_takes_what_is_written_later(record_home: Path) -> None:
    """At a box that is not the record's, the page offers tasks alone, and the way on."""
    session = made_school.unlock(record_home)
    ref = session.casework.begin()
    made_school.answer(session, ref, "no")
    session.close()
    async with behind_door(record_home) as hands:
        await hands.press("1", "e")
        assert hands.ref == ref
        assert marked(hands) == "go-on"
        ids = [one.choice.id for one in hands.app.screen.choices.rows]  # type: ignore[attr-defined]
        assert {"ask", "words", "exhibit"}.isdisjoint(ids)
        assert "device" in ids


async def test_a_word_that_fits_no_task_is_said_and_nothing_out_of_sight_is_chosen(home: Path) -> None:
    async with behind_door(home) as hands:
        await hands.press("n", "t")
        await hands.type("nothing has this")
        assert "Nothing here has that word" in hands.shown
        await hands.press("enter")
        assert hands.top == "TasksDialog"
        assert hands.app.screen.query_one(Choices).chosen is None
