"""A review by two people, from the first row to both signatures, with each refusal on the way; and R5."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest

from esafety_tui.desk.asks import Reply
from esafety_tui.desk.case.sealed import STAYS
from esafety_tui.desk.forms.base import Step
from esafety_tui.desk.session import Session
from esafety_tui.errors import EsafetyError, RefusedError, UsageError
from esafety_tui.incident import events as e
from esafety_tui.incident.commands import Record
from esafety_tui.incident.evidence_commands import AddExhibit
from esafety_tui.store.intake import Stopped
from tests.desk.driver import INTERNAL, Driver
from tests.desk.made_school import PAT, RUTH, VAL, answer, checked, do, offered, rebuilt_as_it_was

ROW = {"form": "site", "where": "https://example.invalid/page", "concern": "Names of pupils in a message"}


def png(width: int = 8, height: int = 4, filling: bytes = b"a") -> bytes:
    """A small whole picture that nobody has to look at."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + filling * 3 * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@pytest.fixture(params=("spires",))
def pack(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "Screenshot 1.png"
    path.write_bytes(png())
    return path


@pytest.fixture
def at_review(session: Session) -> tuple[Session, str, Driver]:
    """Ruth and Val at the record's box."""
    driver = Driver(session)
    ref = session.casework.begin()
    driver.until(ref, "review", INTERNAL)
    return session, ref, driver


def looked(session: Session, ref: str) -> str:
    """A row that was looked at; gives its id."""
    answer(session, ref, "ask", what=ROW["where"], could="no")
    answer(session, ref, "start")
    answer(session, ref, "looked", **ROW)
    answer(session, ref, "stop")
    return session.casework.case(ref).rows[-1].row


def keep(session: Session, ref: str, picture: Path, said: str = "The message, as a whole", by: str = "") -> str:
    """A screenshot kept for the newest row, the question first; gives the exhibit's id."""
    answer(session, ref, "copy-ask", row=session.casework.case(ref).rows[-1].row, could="no")
    again = {"again": "yes"} if session.casework.case(ref).keeping.unsealed else {}
    answer(session, ref, "copy", file=str(picture), description=said, **({"producer": by} if by else {}), **again)
    return list(session.casework.case(ref).exhibits)[-1]


def refused(act: Callable[[], object], rule: str) -> None:
    with pytest.raises(RefusedError) as caught:
        act()
    assert caught.value.rule == rule, caught.value


def stored(session: Session) -> list[Path]:
    folder = session.home / "evidence"
    return sorted(folder.iterdir()) if folder.is_dir() else []


def test_a_review_from_the_first_row_to_both_signatures(
    at_review: tuple[Session, str, Driver], picture: Path, tmp_path: Path
) -> None:
    session, ref, driver = at_review
    work = session.casework
    # Nothing to keep before a row, nothing to look at before the question.
    assert work.ask(ref).choice("copy-ask") is None
    assert work.ask(ref).choice("looked") is None
    refused(lambda: session.evidence.add(ref, picture, "a page"), "R3")
    answer(session, ref, "ask", what=ROW["where"], could="no")
    answer(session, ref, "start", what="https://example.invalid/page", connection="The school's network")
    second = session.second
    session.set_second(None)
    refused(lambda: answer(session, ref, "looked", **ROW), "R1")
    assert second is not None
    session.set_second(second.person, second.proof)
    answer(session, ref, "looked", **ROW, seen="Before registration")
    answer(session, ref, "stop", reached="https://example.invalid/\nhttps://example.invalid/page")
    row = work.case(ref).rows[-1]
    assert row.present == [session.person.id, second.person.id]
    assert (row.proof, row.asked, row.seen_at) == ("proven", "no", "Before registration")
    # The question again for each file, and never the file before it.
    refused(lambda: session.evidence.add(ref, picture, "a page"), "R3")
    first = keep(session, ref, picture)
    refused(lambda: session.evidence.add(ref, picture, "the next one without the question"), "R3")
    other = keep(session, ref, picture, by=second.person.id)
    exhibits = work.case(ref).exhibits
    assert [one.mark for one in exhibits.values()] == ["RC/1", "VO/1"]
    assert (exhibits[first].width, exhibits[first].height, exhibits[first].file_kind) == (8, 4, "png")
    assert b"".join(session.evidence.read(ref, other)) == png()
    assert len(stored(session)) == 2
    assert picture.read_bytes() == png(), "the source is left alone"
    # What is refused leaves nothing behind.
    empty = tmp_path / "empty.png"
    empty.write_bytes(b"")
    answer(session, ref, "copy-ask", row=row.row, could="no")
    for file in (empty, tmp_path, tmp_path / "missing.png"):
        with pytest.raises(EsafetyError):
            answer(session, ref, "copy", file=str(file), description="a page")
    assert len(stored(session)) == 2
    do(session, ref, "describe", "words", description="A grey telephone", where="The safe")
    refused(lambda: do(session, ref, "source", "removed", exhibit=first), "R7")
    assert not work.case(ref).exhibits[first].source_removed, "it still lies there"
    picture.unlink()
    assert "no file lies there any more" in " ".join(do(session, ref, "source", "removed", exhibit=first).said)
    picture.write_bytes(png())
    driver.go(ref, "go-on")
    refused(lambda: session.evidence.add(ref, picture, "away from the record"), "R8")
    driver.until(ref, "sign", {**INTERNAL, "judgement": "yes"})
    answer(session, ref, "lead", password=RUTH.password)
    answer(session, ref, "second", password=VAL.password)
    shown = session.browsing.show(ref)
    assert [(one["mark"], one["copied"], one["sealed"]) for one in shown["exhibits"]] == [
        ("RC/1", True, False), ("VO/1", True, False), ("RC/2", False, False),
    ]  # fmt: skip
    assert shown["exhibits"][0]["sha256"] == shown["exhibits"][1]["sha256"]
    assert shown["exhibits"][2]["sha256"] is None
    assert shown["exhibits"][0]["source_removed"]
    assert shown["sites"][0]["present"] == [RUTH.name, VAL.name]
    assert shown["sites"][0]["exhibits"] == ["RC/1", "VO/1"]
    assert shown["looks"][0]["reached"] == ["https://example.invalid/", "https://example.invalid/page"]
    assert shown["computer"]["name"] == session.computer
    assert not any(one["entries_after"] for one in shown["signatures"])
    do(session, ref, "note", "add", text="Something later")
    assert all(one["entries_after"] for one in session.browsing.show(ref)["signatures"])
    checked(session)
    rebuilt_as_it_was(session)


@pytest.mark.parametrize("could", ["yes", "unsure"])
def test_after_yes_or_not_sure_nothing_is_copied_and_what_was_kept_is_sealed(
    at_review: tuple[Session, str, Driver], picture: Path, could: str
) -> None:
    session, ref, _ = at_review
    row = looked(session, ref)
    kept = keep(session, ref, picture)
    answer(session, ref, "copy-ask", row=row, could=could, seen_here="no")
    case = session.casework.case(ref)
    assert case.standing.lane == "illegal"
    assert case.exhibits[kept].sealed
    assert session.evidence.files.sealed() == {case.exhibits[kept].evidence}
    refused(lambda: session.evidence.add(ref, picture, "a page"), "R3")
    refused(lambda: session.evidence.read(ref, kept), "R5")
    with pytest.raises(RefusedError):
        list(session.evidence.files.read(case.exhibits[kept].evidence))
    assert not any(task.id in ("exhibit", "source", "forbidden") for task in session.casework.tasks(ref))
    do(session, ref, "describe", "words", description="A picture on a telephone", where="The safe")
    last = list(session.casework.case(ref).exhibits.values())[-1]
    assert (last.mark, last.copied, last.sha256) == ("RC/2", False, "")
    do(session, ref, "viewed", "viewed")
    do(session, ref, "seen", "seen")
    checked(session)


@pytest.mark.parametrize(("could", "said"), [("yes", ""), ("unsure", "unsure"), ("yes", "yes")])
@pytest.mark.parametrize("question", ["ask", "copy-ask"])
def test_a_suspicion_after_a_look_keeps_this_computer_quiet(
    at_review: tuple[Session, str, Driver], question: str, could: str, said: str
) -> None:
    session, ref, driver = at_review
    row = looked(session, ref)
    fields = {"row": row} if question == "copy-ask" else {"what": "The next page"}
    answer(session, ref, question, could=could, seen_here=said, **fields)
    standing = session.casework.case(ref).standing
    assert standing.quiet
    assert standing.lane == "illegal"
    assert session.quiet_ref == ref
    refused(lambda: session.casework.run(ref, [Step(Record(e.Noted("Something")))]), "R17")
    driver.release(ref)
    do(session, ref, "note", "add", text="Something")
    assert "seen on this computer" in str(session.browsing.show(ref))
    checked(session)


def test_nobody_is_asked_where_it_was_seen_before_anything_was_looked_at(
    at_review: tuple[Session, str, Driver],
) -> None:
    session, ref, _ = at_review
    assert "seen_here" not in {field.id for field in offered(session.casework.ask(ref), "ask").fields}
    answer(session, ref, "ask", what="The page", could="yes")
    assert not session.casework.case(ref).standing.quiet


def test_a_halt_by_mistake_gives_the_keys_back_as_the_very_next_thing(
    at_review: tuple[Session, str, Driver], picture: Path
) -> None:
    session, ref, _ = at_review
    looked(session, ref)
    kept = keep(session, ref, picture)
    do(session, ref, "halt", "no")
    assert session.casework.case(ref).exhibits[kept].sealed
    assert do(session, ref, "halt", "mistake", reason="The wrong key").message == "Saved."
    assert not session.casework.case(ref).exhibits[kept].sealed
    assert b"".join(session.evidence.read(ref, kept)) == png()
    do(session, ref, "halt", "no")
    do(session, ref, "note", "add", text="Something in between")
    do(session, ref, "halt", "mistake", reason="The wrong key")
    assert session.casework.case(ref).exhibits[kept].sealed
    refused(lambda: session.evidence.read(ref, kept), "R5")
    checked(session)


def test_a_halt_by_mistake_in_another_sitting_leaves_it_sealed(
    at_review: tuple[Session, str, Driver], picture: Path, sign_in: Callable[..., Session]
) -> None:
    session, ref, _ = at_review
    looked(session, ref)
    kept = keep(session, ref, picture)
    do(session, ref, "halt", "no")
    again = sign_in()
    assert STAYS in offered(again.casework.task_ask(ref, "halt"), "mistake").help
    said = do(again, ref, "halt", "mistake", reason="The wrong key").message
    assert said == f"Saved. Sealed: RC/1. {STAYS}"
    assert again.casework.case(ref).exhibits[kept].sealed
    checked(again)


def test_a_stored_item_said_to_be_forbidden_is_sealed_for_good(
    at_review: tuple[Session, str, Driver], picture: Path
) -> None:
    session, ref, _ = at_review
    looked(session, ref)
    one, two = keep(session, ref, picture), keep(session, ref, picture)
    do(session, ref, "forbidden", "no", exhibit=one, reason="They may be younger than we thought")
    case = session.casework.case(ref)
    assert case.standing.lane == "illegal"
    assert case.exhibits[one].sealed
    assert case.exhibits[two].sealed
    assert offered(session.casework.task_ask(ref, "halt"), "no")
    assert session.casework.task_ask(ref, "halt").choice("mistake") is None
    with pytest.raises(UsageError):
        session.casework.task_reply(ref, "halt", Reply("mistake", {"reason": "a slip"}))
    checked(session)


def test_a_halt_is_never_refused_because_a_file_has_no_key(at_review: tuple[Session, str, Driver]) -> None:
    session, ref, _ = at_review
    row = looked(session, ref)
    answer(session, ref, "copy-ask", row=row, could="no")
    lost = e.Exhibited("x1", "RC/9", row, RUTH.name, session.person.id, "a page", "a.png", evidence="ab" * 16)
    session.casework.run(ref, [Step(AddExhibit(lost))])
    do(session, ref, "halt", "no")
    assert session.casework.case(ref).exhibits["x1"].sealed
    do(session, ref, "halt", "mistake", reason="The wrong key")


def test_a_halt_comes_through_while_a_file_is_read_and_the_file_is_not_kept(
    at_review: tuple[Session, str, Driver], picture: Path
) -> None:
    session, ref, _ = at_review
    row = looked(session, ref)
    answer(session, ref, "copy-ask", row=row, could="no")
    pressed: list[int] = []

    def halt(done: int, of: int) -> None:
        if not pressed:
            pressed.append(done)
            thread = Thread(target=lambda: do(session, ref, "halt", "no"))
            thread.start()
            thread.join(20)
            assert not thread.is_alive(), "the halt had to wait for the file"

    refused(lambda: session.evidence.add(ref, picture, "a page", progress=halt), "R3")
    assert pressed
    assert not session.casework.case(ref).exhibits
    assert stored(session) == []


def test_an_intake_that_is_stopped_leaves_nothing(at_review: tuple[Session, str, Driver], picture: Path) -> None:
    session, ref, _ = at_review
    row = looked(session, ref)
    answer(session, ref, "copy-ask", row=row, could="no")
    with pytest.raises(Stopped):
        session.evidence.add(ref, picture, "a page", progress=lambda done, of: True)
    assert stored(session) == []
    session.evidence.add(ref, picture, "the same question still stands for it")
    assert len(stored(session)) == 1


def test_marks_run_on_over_cases_and_sittings(
    at_review: tuple[Session, str, Driver], picture: Path, sign_in: Callable[..., Session]
) -> None:
    session, ref, _ = at_review
    looked(session, ref)
    keep(session, ref, picture)
    again = sign_in()
    driver = Driver(again)
    other = again.casework.begin()
    driver.until(other, "review", INTERNAL)
    looked(again, other)
    keep(again, other, picture)
    assert [one.mark for one in again.casework.case(other).exhibits.values()] == ["RC/2"]


def test_the_review_stays_at_one_computer_until_both_say_why(
    at_review: tuple[Session, str, Driver], picture: Path
) -> None:
    session, ref, _ = at_review
    row = looked(session, ref)
    session.computer_id = "0123456789abcdef"
    refused(lambda: answer(session, ref, "ask", what="The page", could="no"), "R2")
    refused(lambda: answer(session, ref, "copy-ask", row=row, could="no"), "R2")
    second = session.second
    assert second is not None
    session.set_second(None)
    refused(lambda: do(session, ref, "computer", "change", reason="It was taken"), "R1")
    session.set_second(second.person)
    do(session, ref, "computer", "change", reason="The police took the first one")
    answer(session, ref, "copy-ask", row=row, could="no")
    assert session.casework.case(ref).computer is not None
    shown = session.browsing.show(ref)["computer"]
    assert shown["changed"] == "The police took the first one"


def test_the_clock_is_asked_in_a_new_sitting_before_anything_is_kept(
    at_review: tuple[Session, str, Driver], picture: Path, sign_in: Callable[..., Session]
) -> None:
    session, ref, _ = at_review
    row = looked(session, ref)
    again = sign_in()
    Driver(again).second_signs_in(ref)
    fields = {field.id for field in offered(again.casework.ask(ref), "copy-ask").fields}
    assert "clock" in fields
    answer(again, ref, "copy-ask", row=row, could="no")
    assert any(isinstance(m.event, e.ClockChecked) for m in again.casework.case(ref).moments[-3:])
    answer(again, ref, "copy", file=str(picture), description="a page")


def test_an_answer_is_void_in_another_sitting_and_beside_another_second_person(
    at_review: tuple[Session, str, Driver], picture: Path, sign_in: Callable[..., Session]
) -> None:
    session, ref, _ = at_review
    row = looked(session, ref)
    answer(session, ref, "copy-ask", row=row, could="no")
    answer(session, ref, "ask", what="The page", could="no")
    second = session.second
    assert second is not None
    session.set_second(None)
    session.set_second(next(p for p in session.register.people.values() if p.name == PAT.name))
    refused(lambda: session.evidence.add(ref, picture, "a page"), "R3")
    ask = session.casework.ask(ref)
    assert (ask.choice("copy"), ask.choice("start")) == (None, None)
    session.set_second(second.person)
    assert session.casework.ask(ref).choice("copy")
    again = sign_in()
    Driver(again).second_signs_in(ref)
    refused(lambda: again.evidence.add(ref, picture, "a page"), "R15")
    again.clock_compared = True
    refused(lambda: again.evidence.add(ref, picture, "a page"), "R3")
    ask = again.casework.ask(ref)
    assert (ask.choice("copy"), ask.choice("start")) == (None, None)
    answer(again, ref, "ask", what="The page", could="no")
    answer(again, ref, "start")
    answer(again, ref, "copy-ask", row=row, could="no")
    answer(again, ref, "copy", file=str(picture), description="a page")
