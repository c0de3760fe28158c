"""Reading: the list and its filters, a case, the first screen, the drawn chart, and the trace that looking leaves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from esafety_tui.desk import clock
from esafety_tui.desk.asks import Reply
from esafety_tui.desk.papers.leaving import Allowed
from esafety_tui.desk.session import Session
from esafety_tui.errors import UsageError
from esafety_tui.store import pages
from tests.desk.driver import ILLEGAL, INTERNAL, Driver
from tests.desk.made_school import CORA, RUTH, VAL, answer, do, fill, offered
from tests.desk.plain import plainly


@pytest.fixture
def pack() -> str:
    return "spires"


@pytest.fixture
def three(session: Session) -> dict[str, str]:
    """A closed slip, an open internal case, a case that waits for the police: references by name."""
    fields = {"name": "Sam Rowe", "kind": "files", "what": "A game in the lesson", "done": "Spoken to"}
    slip = session.slips.reply(fill(offered(session.slips.ask(), "record"), **fields)).ref
    driver = Driver(session)
    internal = session.casework.begin()
    driver.until(internal, "review", INTERNAL)
    illegal = session.casework.begin()
    driver.until(illegal, "await", ILLEGAL)
    return {"slip": slip, "internal": internal, "illegal": illegal}


def names(three: dict[str, str], rows: list[dict[str, object]]) -> list[str]:
    back = {ref: name for name, ref in three.items()}
    return [back[str(row["ref"])] for row in rows]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, ["illegal", "internal", "slip"]),
        ({"status": "closed"}, ["slip"]),
        ({"status": "open"}, ["internal"]),
        ({"status": "awaiting-police"}, ["illegal"]),
        ({"status": "no-such-status"}, []),
        ({"branch": "internal"}, ["internal"]),
        ({"branch": "illegal"}, ["illegal"]),
        ({"kind": "files"}, ["slip"]),
        ({"search": "rowe"}, ["slip"]),
        ({"search": "JAMIE weir"}, ["illegal", "internal"]),
        ({"search": "game lesson"}, ["slip"]),
        ({"search": "nothing like it"}, []),
        ({"person": "Robin"}, ["illegal", "internal"]),
        ({"person": "Nobody Known"}, []),
        ({"search": "Jamie", "status": "open"}, ["internal"]),
        ({"limit": 2}, ["illegal", "internal"]),
        ({"limit": 0}, []),
        ({"since": "today"}, ["illegal", "internal", "slip"]),
        ({"until": "yesterday"}, []),
    ],
)
def test_the_list_and_its_filters(
    session: Session, three: dict[str, str], filters: dict[str, str], found: list[str]
) -> None:
    assert names(three, session.browsing.log(**filters)) == found


def test_pages_go_on_after_the_last_one_seen(session: Session, three: dict[str, str]) -> None:
    (first,) = session.browsing.log(limit=1)
    assert names(three, session.browsing.log(after=first["ref"])) == ["internal", "slip"]
    assert names(three, session.browsing.log(after=first["ref"].lower().replace("-", ""))) == ["internal", "slip"]
    with pytest.raises(UsageError):
        session.browsing.log(after="2222-222")


@pytest.mark.parametrize("day", ["the day after", "2026-02-30"])
def test_a_day_that_is_none_is_refused(session: Session, day: str) -> None:
    for filters in ({"since": day}, {"until": day}):
        with pytest.raises(UsageError) as error:
            session.browsing.log(**filters)
        plainly(error.value)


def test_the_first_screen_shows_what_is_open_and_what_is_due(session: Session, three: dict[str, str]) -> None:
    view = session.browsing.home()
    assert names(three, view.open) == ["illegal", "internal"]
    assert {row["step"] for row in view.open} == {
        session.pack.procedure["await"].short, session.pack.procedure["review"].short,
    }  # fmt: skip
    assert {line.ref for line in view.due} == {three["slip"], three["illegal"]}
    assert not any(line.overdue for line in view.due)
    assert any("bound book" in notice for notice in view.notices)
    session.care.record_anchor()
    assert not any("bound book" in notice for notice in session.browsing.home().notices)


def test_an_open_case_stays_on_the_first_screen_however_many_came_after_it(
    session: Session, three: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "MOST", 2)
    fields = {"name": "Sam Rowe", "kind": "files", "what": "A game in the lesson", "done": "Spoken to"}
    for _ in range(3):
        session.slips.reply(fill(offered(session.slips.ask(), "record"), **fields))
    assert names(three, session.browsing.home().open) == ["illegal", "internal"]


def test_what_is_overdue_comes_first(session: Session, three: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    later = date.today() + timedelta(days=20)
    monkeypatch.setattr(clock, "today", lambda: later)
    lines = session.browsing.due()
    assert [(line.ref, line.overdue) for line in lines] == [(three["illegal"], True), (three["slip"], False)]


def test_the_chart_shows_the_way_taken(session: Session, three: dict[str, str]) -> None:
    boxes = {box.id: box for box in session.casework.boxes(three["internal"])}
    assert list(boxes) == [node.id for node in session.pack.procedure.node]
    assert boxes["review"].state == "here"
    assert {id for id, box in boxes.items() if box.state == "done"} >= {"danger", "could-be", "people", "second"}
    assert boxes["judgement"].state == "ahead"
    assert boxes["stop"].lane == "illegal"
    do(session, three["internal"], "back", "back", to="told-lead", reason="The Principal was told as well")
    again = {box.id: box.state for box in session.casework.boxes(three["internal"])}
    assert (again["told-lead"], again["second"]) == ("here", "ahead")


def test_the_question_says_how_far_it_is(session: Session) -> None:
    ref = session.casework.begin()
    first = session.casework.ask(ref)
    assert (first.step, first.about > 5) == (1, True)
    answer(session, ref, "no")
    assert session.casework.ask(ref).step == 2


def test_looking_leaves_one_trace_a_sitting(
    session: Session, three: dict[str, str], sign_in: Callable[..., Session]
) -> None:
    def looks(by: Session) -> list[str]:
        return [row["by"] for row in by.browsing.chronology(three["internal"]) if row["kind"] == "viewed"]

    for _ in range(2):
        session.browsing.show(three["internal"])
        session.casework.ask(three["internal"])
    assert looks(session) == []  # whoever began it in this sitting has it open
    val = sign_in(VAL)
    for _ in range(2):
        val.browsing.show(three["internal"])
        val.casework.ask(three["internal"])
    assert looks(val) == [VAL.name]
    cora = sign_in(CORA)
    cora.browsing.log(search="Jamie")
    cora.browsing.show(three["illegal"])
    ruth = sign_in(RUTH)
    assert "viewed" not in {row["kind"] for row in ruth.browsing.chronology(three["illegal"])}


def test_who_is_at_work_on_a_case_leaves_no_trace_of_reading_each_time_a_command_opens_it(
    three: dict[str, str], sign_in: Callable[..., Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each start of the wizard in plain lines opens the log anew; it is one go all the same (R13)."""
    ref = three["internal"]

    def looks(by: Session) -> list[str]:
        return [row["by"] for row in by.browsing.chronology(ref) if row["kind"] == "viewed"]

    for _ in range(3):
        sign_in(RUTH).casework.ask(ref)
    assert looks(sign_in(RUTH)) == [], "what she recorded is her trace"
    for _ in range(3):
        sign_in(VAL).casework.ask(ref)
    # Somebody else is told each time that it is another's go.
    sign_in(RUTH).casework.ask(ref)
    assert looks(sign_in(RUTH)) == [VAL.name, RUTH.name]
    now = clock.now()
    later = clock.of(clock.local(*now) + timedelta(minutes=31))
    monkeypatch.setattr(clock, "now", lambda: later)
    sign_in(RUTH).casework.ask(ref)
    monkeypatch.undo()
    assert looks(sign_in(RUTH))[-2:] == [RUTH.name, RUTH.name]


def test_a_list_that_was_written_out_and_a_link_are_no_reading_of_the_case(
    three: dict[str, str], sign_in: Callable[..., Session], tmp_path: Path
) -> None:
    """Whoever exports the list, or links another case, has not opened this one: the next opening is entered (R13)."""
    val = sign_in(VAL)
    val.browsing.exporting.log(tmp_path / "all.zip", Allowed(to_whom="The Chair", by="Ruth Carson"))
    ref = three["internal"]
    assert val.browsing.chronology(ref)[-1]["kind"] == "printed"
    val = sign_in(VAL)
    val.browsing.show(ref)
    assert [row["by"] for row in val.browsing.chronology(ref) if row["kind"] == "viewed"] == [VAL.name]
    val.casework.task_reply(ref, "link", Reply("link", {"ref": three["slip"], "reason": "The same two."}))
    val = sign_in(VAL)
    val.browsing.show(three["slip"])
    assert [row["by"] for row in val.browsing.chronology(three["slip"]) if row["kind"] == "viewed"] == [VAL.name]


def test_a_draft_is_there_after_opening_again(session: Session, sign_in: Callable[..., Session]) -> None:
    ref = session.casework.begin()
    Driver(session).until(ref, "account", INTERNAL)
    session.casework.save_draft(ref, "account", "add", {"whose": "Robin Dale", "words": "They sent"})
    again = sign_in()
    kept = again.casework.draft(ref, "account")
    assert kept
    assert kept.fields == {"whose": "Robin Dale", "words": "They sent"}
    answer(again, ref, "add", whose="Robin Dale", words="They sent it")
    assert again.casework.draft(ref, "account") is None
