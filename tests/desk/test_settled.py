"""What is missing since a log was put back is said until two people have said what became of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from esafety_tui.desk import opening
from esafety_tui.desk.asks import Reply
from esafety_tui.desk.copies import backup_notices, copy_asks, copy_replies, copy_words, left_there, restoring
from esafety_tui.desk.session import Session
from esafety_tui.errors import RefusedError, UsageError
from esafety_tui.register import copy_events as c
from esafety_tui.register.copies import Copies
from tests.desk.made_school import PAT, RUTH, VAL


@pytest.fixture
def pack() -> str:
    return "spires"


@pytest.fixture
def put_back(sign_in: Callable[..., Session], home: Path, own_folders: Path) -> Iterator[Session]:
    """A log that was put back on the computer that had seen more of it, and recorded by two."""
    stick = own_folders / "stick"
    stick.mkdir()
    session = sign_in()
    session.copies.make(stick, "Stick A")
    session.casework.begin()
    session.casework.begin()
    session.close()
    there = own_folders / "there"
    restoring.with_password(restoring.choose(stick), there, RUTH.login, RUTH.password)
    again = opening.unlock(there, RUTH.login, RUTH.password)
    restoring.record(again, VAL.login, VAL.password, "The disk failed")
    yield again
    again.close()


def told(session: Session) -> list[str]:
    return [line for line in session.browsing.home().notices if "are not in it" in line]


def test_it_is_said_until_two_have_said_what_became_of_it(put_back: Session) -> None:
    (line,) = told(put_back)
    assert "backup settle" in line
    assert put_back.care.verify()["missing"] == [line]
    with pytest.raises(RefusedError, match="Two people"):
        restoring.settle(put_back, RUTH.login, RUTH.password, "All written down again")
    with pytest.raises(UsageError, match="What became of it"):
        restoring.settle(put_back, VAL.login, VAL.password, " ")
    assert told(put_back) == [line]
    (event,) = restoring.settle(put_back, VAL.login, VAL.password, "Both are written down again")
    assert event.newest == next(iter(put_back.register.copies.restored.values()))[1].newest
    assert told(put_back) == []
    verified = put_back.care.verify()
    assert (verified["missing"], verified["ok"]) == ([], True)
    with pytest.raises(UsageError, match="nothing to settle"):
        restoring.settle(put_back, VAL.login, VAL.password, "Again")
    put_back.close()
    again = opening.unlock(put_back.home, PAT.login, PAT.password)
    try:
        assert told(again) == []
        assert any("Both are written down again" in one.what for one in again.people.trail.traces("people"))
    finally:
        again.close()


def test_the_screens_step_does_the_same(put_back: Session) -> None:
    ask = copy_asks.ask(put_back, copy_asks.SETTLE)
    assert any("are not in this log" in text for text in ask.guidance)
    fields = {"reason": "Nothing is known of them", "login": VAL.login, "password": VAL.password}
    copy_replies.reply(put_back, copy_asks.SETTLE, Reply(copy_asks.SETTLE, fields))
    assert backup_notices.missing(put_back) == []
    assert copy_asks.ask(put_back, copy_asks.SETTLE).choices[0].refused


def test_another_restore_is_said_anew(put_back: Session, own_folders: Path) -> None:
    restoring.settle(put_back, VAL.login, VAL.password, "Both are written down again")
    put_back.casework.begin()
    put_back.close()
    there = own_folders / "third"
    restoring.with_password(restoring.choose(own_folders / "stick"), there, RUTH.login, RUTH.password)
    again = opening.unlock(there, RUTH.login, RUTH.password)
    try:
        restoring.record(again, VAL.login, VAL.password, "Once more")
        assert len(told(again)) == 1
    finally:
        again.close()


def test_a_file_that_is_in_neither_copy_is_not_said_to_be_in_the_other() -> None:
    files = left_there.where({"file": 1}, "Still only there")
    assert files == "In neither copy: 1 exhibit whose file is missing there too."
    both = left_there.where({"file": 2, "clash": 1}, "Still only there")
    assert both.startswith(
        "Still only there: 1 entry about what was changed in both copies. In neither copy: 2 exhibits"
    )
    for left, keep in (({"file": 1}, False), ({"file": 1, "clash": 1}, True)):
        taken = c.TakenOver("ab", 3, "p1", "p2", left=left)
        copies = Copies(left_settled={"ab": (9, taken)})
        told = copy_words.settled([c.MissingSettled("", 0, "It is gone", "p1", "p2", ["ab"])], copies)
        assert (copy_words.LEFT_SETTLED in told) == keep
        assert (copy_words.NOWHERE_SETTLED in told) != keep
        assert "NOT TAKEN OVER:" in copy_words.taken_over(taken, ["Exhibit A/1: its file is missing."])
    taken = c.TakenOver("ab", 3, "p1", "p2", left={"clash": 1})
    assert "NOT TAKEN OVER, and only in the other copy:" in copy_words.taken_over(taken, ["Entry 4 there."])
