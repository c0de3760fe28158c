"""What is missing since a log was put back is said until two people have said what became of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from esafety_tui.desk import opening
from esafety_tui.desk.asks import Reply
from esafety_tui.desk.copies import backup_notices, copy_asks, copy_replies, restoring
from esafety_tui.desk.session import Session
from esafety_tui.errors import RefusedError, UsageError
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
