"""R0: a log that was put back waits for two people, and a new incident waits for nobody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from esafety_tui.desk import opening
from esafety_tui.desk.copies import restoring, withheld
from esafety_tui.desk.logbook import care
from esafety_tui.desk.session import Session
from esafety_tui.errors import StoreError
from tests.desk.driver import INTERNAL, Driver
from tests.desk.made_school import RUTH, VAL, answer, checked, do, fill, offered
from tests.desk.test_away import QUINN
from tests.desk.test_evidence import keep, looked, png


@pytest.fixture(params=("spires",))
def pack(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def old(session: Session) -> str:
    return session.casework.begin()


@pytest.fixture
def waiting(session: Session, old: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """Put back on another computer, and not recorded by anybody."""
    (tmp_path / "stick").mkdir()
    session.copies.make(tmp_path / "stick", "Stick A")
    session.close()
    monkeypatch.setenv("ESAFETY_STATE", str(tmp_path / "state-there"))
    there = tmp_path / "there"
    restoring.with_password(restoring.choose(tmp_path / "stick"), there, RUTH.login, RUTH.password)
    again = opening.unlock(there, RUTH.login, RUTH.password)
    yield again
    again.close()


def test_one_person_alone_begins_and_goes_on(waiting: Session, old: str) -> None:
    ref = waiting.casework.begin()
    answer(waiting, ref, "no")
    waiting.casework.save_draft(ref, waiting.casework.ask(ref).id, "", {"what": "half a sentence"})
    do(waiting, ref, "note", "add", text="The child is with Ms Orr")
    slip = waiting.slips.reply(fill(offered(waiting.slips.ask(), "record")))
    assert {row["ref"] for row in waiting.browsing.log()} == {old, ref, slip.ref}
    with pytest.raises(StoreError, match="put back"):
        do(waiting, old, "note", "add", text="To an older one")
    with pytest.raises(StoreError, match="put back"):
        waiting.care.record_anchor()
    report = waiting.care.verify()
    assert not report["ok"]
    assert care.calm(report), "all that is found is that it waits"
    assert "one person alone" in str(withheld.unrecorded())
    waiting.away.taken(QUINN, VAL.login, VAL.password)
    answer(waiting, ref, "no")
    do(waiting, old, "note", "add", text="To an older one")
    assert waiting.care.verify()["ok"]
    checked(waiting)


def test_after_a_lock_it_goes_on(waiting: Session) -> None:
    ref = waiting.casework.begin()
    home = waiting.home
    waiting.close()
    again = opening.unlock(home, RUTH.login, RUTH.password)
    try:
        answer(again, ref, "no")
        assert again.database.read_only
    finally:
        again.close()


@pytest.fixture
def old_apart(session: Session) -> str:
    return session.casework.begin("It may be about a colleague.")


def test_what_is_about_a_colleague_is_begun_apart_and_an_older_one_waits(
    old_apart: str, waiting: Session, tmp_path: Path
) -> None:
    ref = waiting.casework.begin("It may be about the head.")
    do(waiting, ref, "note", "add", text="The head's telephone")
    assert waiting.compartments.of_ref(ref) is not None
    with pytest.raises(StoreError, match="put back"):
        do(waiting, old_apart, "note", "add", text="To an older one")
    with pytest.raises(StoreError, match="put back"):
        waiting.casework.save_draft(old_apart, waiting.casework.ask(old_apart).id, "", {"what": "half"})
    waiting.close()
    again = opening.unlock(tmp_path / "there", RUTH.login, RUTH.password)
    try:
        assert any("head's telephone" in row["text"] for row in again.browsing.chronology(ref))
        again.away.taken(QUINN, VAL.login, VAL.password)
        do(again, old_apart, "note", "add", text="To an older one")
        assert again.care.verify()["ok"], again.care.verify()["findings"]
    finally:
        again.close()
    other = opening.unlock(tmp_path / "there", VAL.login, VAL.password)
    try:
        assert {row["ref"] for row in other.browsing.log()}.isdisjoint({ref, old_apart})
    finally:
        other.close()


def test_exhibit_marks_are_not_given_twice(waiting: Session, tmp_path: Path) -> None:
    ref = waiting.casework.begin()
    Driver(waiting).until(ref, "review", INTERNAL)
    looked(waiting, ref)
    (tmp_path / "shot.png").write_bytes(png())
    with pytest.raises(StoreError, match="put back"):
        keep(waiting, ref, tmp_path / "shot.png")  # two are there for a picture: they record the restore first
    came = waiting.casework.case(ref).moments[0].seq - 1
    assert withheld.restores(waiting) == (came,), "the copy that was lost may have given out the lower ones"


def test_a_copy_that_the_school_has_gone_on_without_takes_nothing_new(session: Session, home: Path) -> None:
    session.away.taken(QUINN)
    with pytest.raises(StoreError, match="for reading only"):
        session.slips.ask()
    with pytest.raises(StoreError, match="for reading only"):
        session.casework.begin()
