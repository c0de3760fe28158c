"""The wizard: answers, refusals that keep what was typed, drafts that outlive a kill, tasks, halt, the record."""

from __future__ import annotations

from pathlib import Path

import pytest

from esafety_tui.desk.asks import Reply
from esafety_tui.desk.session import Session
from esafety_tui.errors import StoreError, UsageError
from esafety_tui.widgets import askpanel
from esafety_tui.widgets.fields import FieldBox
from esafety_tui.widgets.logtable import LogTable
from tests.app.driver import Hands, at_keyboard, behind_door
from tests.app.test_hostile import to_report
from tests.desk import made_school
from tests.desk.driver import ILLEGAL, Driver
from tests.desk.made_school import CORA, RUTH, VAL


async def to_second(hands: Hands) -> None:
    """An internal case as far as the box where two have to be there."""
    await to_report(hands)
    await hands.answer("recorded", how="told", by="A parent", summary="Unkind words in a class chat")
    await hands.answer("add", kind="pupil", role="affected", name="Ann Lee")
    await hands.answer("add", kind="pupil", role="subject", name="Bo Ray")
    await hands.answer("go-on")
    await hands.answer("recorded", kind="message")
    await hands.answer("go-on")
    await hands.answer("site")
    for _ in range(6):
        if hands.asked == "second":
            return
        first = hands.panel.ask
        assert first is not None
        await hands.answer(first.choices[0].id, **{field.id: "as written" for field in first.choices[0].fields})
    raise AssertionError(hands.asked)


async def test_an_internal_case_as_far_as_the_second_person(home: Path) -> None:
    async with behind_door(home) as hands:
        await to_second(hands)
        assert "Ruth Carson" in hands.shown.splitlines()[0]
        await hands.answer("sign-in", login=VAL.login, password="wrong password")
        assert hands.asked == "second"
        assert hands.field("login").value == VAL.login
        await hands.answer("sign-in", password=VAL.password)
        assert "Val Orr" in hands.shown.splitlines()[0], "who is present is on top"


async def test_the_whole_record_shows_what_was_answered(home: Path) -> None:
    async with behind_door(home, size=(100, 60)) as hands:
        await to_second(hands)
        await hands.press("v")
        for words in ("Ann Lee", "Bo Ray", "Unkind words in a class chat", "Day by day"):
            assert words in hands.shown
        await hands.press("2")
        await hands.press("enter")
        assert (hands.top, hands.asked) == ("WizardScreen", "second")


async def test_a_refusal_keeps_every_word(home: Path) -> None:
    async with behind_door(home) as hands:
        await to_report(hands)
        await hands.answer("recorded", how="told", by="A parent", when="in the year dot", summary="Long words\n" * 30)
        assert hands.asked == "reported"
        assert hands.only("#ask-trouble", askpanel.Static).display
        assert hands.field("by").value == "A parent"
        assert hands.field("summary").value == "Long words\n" * 30
        await hands.answer("recorded", when="14:05")
        assert hands.asked != "reported" or "come" in hands.shown


async def test_a_missing_field_gets_the_focus(home: Path) -> None:
    async with behind_door(home) as hands:
        await to_report(hands)
        await hands.answer("recorded", how="told")
        assert hands.asked == "reported"
        assert hands.app.focused is hands.field("summary").entry


async def test_a_choice_that_cannot_be_taken_says_why(home: Path) -> None:
    async with behind_door(home) as hands:
        await to_report(hands)
        await hands.answer("recorded", how="told", summary="Words")
        refused = next(one for one in hands.panel.ask.choices if one.refused)  # type: ignore[union-attr]
        assert "Not now" in hands.shown
        await hands.answer(refused.id)
        assert hands.asked == "people"
        assert hands.only("#ask-trouble", askpanel.Static).display


async def test_saved_is_said_only_when_it_is(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with behind_door(home) as hands:
        await to_report(hands)

        def full(*_: object) -> None:
            raise StoreError("The disk is full", "Nothing more can be written.", "Make room, then record it again.")

        with monkeypatch.context() as patch:
            patch.setattr("esafety_tui.desk.case.casework.Casework.reply", full)
            before = hands.shown.count("Saved")
            await hands.answer("recorded", how="told", summary="Kept on the screen")
            assert "The disk is full" in hands.shown
            assert hands.shown.count("Saved") <= before
            assert hands.field("summary").value == "Kept on the screen"
        await hands.answer("recorded")
        assert hands.asked == "people"


async def test_a_draft_outlives_a_kill(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(askpanel, "PAUSE", 0.01)
    async with at_keyboard(home) as hands:
        await hands.unlock()
        await to_report(hands)
        ref = hands.ref
        hands.field("summary").entry.focus()
        await hands.type("half a sen")
        await hands.pilot.pause(0.1)
        await hands.settle()
        session = hands.app.session
        assert session is not None
        draft = session.casework.draft(ref, "reported")
        assert draft is not None
        assert draft.fields["summary"] == "half a sen"
        # As after a kill: nothing on the way out gets a chance to save.
        hands.app.session = None
        session.close()
    async with behind_door(home) as hands:
        await hands.press("1")
        assert hands.asked == "reported"
        assert hands.field("summary").value == "half a sen"


async def test_a_password_is_never_in_a_draft(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(askpanel, "PAUSE", 0.01)
    async with behind_door(home) as hands:
        await hands.press("n", "f2", "1")
        await hands.put("login", VAL.login)
        await hands.put("password", VAL.password)
        await hands.pilot.pause(0.1)
        await hands.settle()
        session = hands.app.session
        assert session is not None
        draft = session.casework.draft(hands.ref, "task/second")
        assert draft is not None
        assert dict(draft.fields) == {"login": VAL.login}


async def test_what_stands_in_the_question_stays_while_a_note_is_added(home: Path) -> None:
    async with behind_door(home) as hands:
        await to_report(hands)
        await hands.put("summary", "Begun")
        await hands.press("escape", "a")
        await hands.answer("add", text="A note beside it")
        assert hands.top == "WizardScreen"
        assert hands.field("summary").value == "Begun"
        assert "A note beside it" in hands.shown


async def test_going_back_keeps_what_was_recorded(home: Path) -> None:
    async with behind_door(home) as hands:
        await to_report(hands)
        await hands.press("escape", "b")
        await hands.answer("back", to="danger", reason="Mistyped")
        assert hands.asked == "danger"
        await hands.press("v", "2")
        for words in ("Could it be a sexual picture", "Went back to an earlier question", "Mistyped"):
            assert words in hands.shown


async def test_halt_records_and_turns_the_wizard_red(home: Path) -> None:
    async with behind_door(home) as hands:
        await to_report(hands)
        await hands.press("f8")
        assert "Stop. Do not look at it again." in hands.shown
        await hands.answer("no")
        assert hands.top == "WizardScreen"
        assert hands.app.screen.has_class("-illegal")
        await hands.press("escape")
        await hands.home()
        assert any(word in hands.shown for word in ("halted", "awaiting"))


async def test_a_quiet_computer_says_first_what_to_do(home: Path) -> None:
    """R17: nothing is marked, so that its fields do not push away what stands above them."""
    async with behind_door(home) as hands:
        await to_report(hands)
        await hands.press("f8")
        await hands.answer("yes")
        assert hands.asked == "quiet"
        for words in ("Nothing more is written", "Leave this computer on", "When the police"):
            assert words in " ".join(hands.shown.split()), words
        assert hands.panel.chosen is None
        await hands.press("1", "enter")
        assert hands.app.focused is next(iter(hands.app.screen.query(FieldBox))).entry


async def test_halt_stands_even_where_the_log_fails(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise StoreError("The log cannot be read", "The disk gave an error.", "Go on on paper.")

    async with behind_door(home) as hands:
        await to_report(hands)
        monkeypatch.setattr("esafety_tui.desk.case.casework.Casework.task_ask", broken)
        await hands.press("f8")
        assert hands.top == "HaltScreen"
        assert "Leave the device as it is" in hands.shown
        assert "Go on on paper" in hands.shown


async def test_a_slip_in_six_fields_and_the_next(home: Path) -> None:
    async with behind_door(home) as hands:
        await hands.press("o")
        given = {"name": "Ann Lee", "kind": "message", "what": "Phone out in class", "done": "Put away"}
        await hands.answer("record", **given)
        assert hands.top == "SlipScreen"
        assert "Saved as" in hands.shown
        assert hands.panel.draft() is None
        await hands.press("escape", "l")
        assert len(hands.only("#log-table", LogTable).stretch.rows) == 1
        assert "closed" in hands.shown


async def test_not_sure_on_a_slip_begins_the_full_procedure(home: Path) -> None:
    async with behind_door(home) as hands:
        await hands.press("o", "2", "enter")
        assert (hands.top, hands.asked) == ("WizardScreen", "danger")


async def test_empty_lists_say_what_to_do(home: Path) -> None:
    async with behind_door(home) as hands:
        assert "Nothing is open" in hands.shown
        await hands.press("l")
        assert "The log is empty" in hands.shown


@pytest.mark.parametrize("size", [(60, 18), (80, 24), (100, 30), (160, 50)])
async def test_usable_at_every_size(home: Path, size: tuple[int, int]) -> None:
    async with behind_door(home, size) as hands:
        await hands.press("n")
        shown = hands.shown
        assert "Step 1 of about" in shown
        for words in ("Is anyone in danger now?", "1  Yes", "3  Not sure", "F8 This may be illegal", "F9"):
            assert words in shown, words
        assert ("┏" in shown) == (size[0] >= 80)
        await hands.press("m")
        assert ("┏" in hands.shown) == (size[0] < 80)


async def test_demo_stands_on_every_screen(home: Path) -> None:
    async with at_keyboard(home) as hands:
        assert "DEMO" in hands.shown
        await hands.unlock()
        for keys in ((), ("n",), ("a",), ("escape", "escape", "t"), ("escape", "f8"), ("escape", "v"), ("?",)):
            await hands.press(*keys)
            assert "DEMO" in hands.shown.splitlines()[0], hands.top


async def test_the_check_of_the_log(home: Path) -> None:
    async with behind_door(home) as hands:
        await hands.press("s")
        await hands.answer("verify")
        assert hands.top == "VerifyDialog"
        assert "hold together" in hands.shown


async def test_a_colleague_is_added(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with behind_door(home) as hands:
        await hands.press("s")
        await hands.answer("person")
        given = {"name": "New Hand", "login": "new", "role": "vice-principal", "senior": "yes"}
        await hands.answer("add", **given, password="four quiet copper kettles", again="four quiet copper kettles")
        assert hands.top == "SettingsDialog"
        session: Session | None = hands.app.session
        assert session is not None
        assert "New Hand" in [one["name"] for one in session.people.list()]


async def test_after_a_refusal_a_field_has_the_focus_and_the_reason_goes_once_it_is_put_right(home: Path) -> None:
    async with behind_door(home) as hands:
        await to_report(hands)
        await hands.answer("recorded", how="told", by="A parent", when="30 Feb 2026 10:00", summary="Words")
        trouble = hands.only("#ask-trouble", askpanel.Static)
        assert trouble.display
        assert hands.app.focused is hands.field("when").entry
        hands.field("when").entry.value = ""  # type: ignore[attr-defined]
        await hands.type("14:0")
        assert trouble.display, "what to do is still read while it is done"
        await hands.press("tab")
        assert not trouble.display
        hands.panel.refused(UsageError("It is so", "Nobody can tell.", "Wait."))
        await hands.settle()
        assert hands.app.focused in [box.entry for box in hands.panel.group or ()]


async def test_a_text_that_was_begun_goes_on_at_its_end(home: Path) -> None:
    async with behind_door(home) as hands:
        await to_report(hands)
        ask = hands.panel.ask
        assert ask is not None
        await hands.panel.show(ask, Reply("recorded", {"summary": "One\nTwo"}))
        await hands.settle()
        assert hands.field("summary").entry.cursor_location == (1, 3)  # type: ignore[attr-defined]


async def test_of_a_case_that_is_shown_reduced_home_opens_what_there_is_of_it(home: Path) -> None:
    session = made_school.unlock(home, RUTH)
    ref = session.casework.begin()
    Driver(session).until(ref, "report-now", ILLEGAL)
    session.close()
    async with behind_door(home, person=CORA) as hands:
        assert ref in hands.shown
        await hands.press("1")
        assert hands.top == "CaseScreen", hands.shown
        assert ref in hands.shown
        assert "No such case" not in hands.shown
