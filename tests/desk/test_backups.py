"""Backups at the desk: where they go, when one is wanted, which are kept; and the entry that two make of a restore."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from esafety_tui.desk import clock, opening
from esafety_tui.desk.asks import Reply
from esafety_tui.desk.copies import backup_notices, restoring
from esafety_tui.desk.session import Session
from esafety_tui.errors import NotLetInError, RefusedError, StoreError, UsageError
from esafety_tui.register import copy_events
from esafety_tui.store import backup_files
from esafety_tui.store.copying import Stopped
from tests.desk.driver import INTERNAL, Driver
from tests.desk.made_school import RUTH, VAL, checked, do
from tests.desk.test_evidence import keep, looked, png

SignIn = Callable[..., Session]
NOW = clock.now


@pytest.fixture(params=("spires",))
def pack(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def elsewhere(home: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Path]:
    """Another computer: it has seen nothing of this log. Gives an empty folder on it."""
    count = 0

    def move() -> Path:
        nonlocal count
        count += 1
        monkeypatch.setenv("ESAFETY_STATE", str(home.parent / f"state-{count}"))
        return home.parent / f"computer-{count}"

    return move


def back(stick: Path, home: Path) -> None:
    restoring.with_password(restoring.choose(stick), home, RUTH.login, RUTH.password)


def test_the_first_needs_a_stick_with_a_label(session: Session, stick: Path) -> None:
    with pytest.raises(UsageError, match="not said"):
        session.copies.make()
    with pytest.raises(UsageError, match="no label"):
        session.copies.make(stick)
    with pytest.raises(UsageError, match="own folder"):
        session.copies.make(session.home / "inside", "Stick A")
    made = session.copies.make(stick, "Stick A")
    assert made.label == "Stick A"
    assert made.head < session.journal.head()[0], "the entry that says so is not in it"
    assert session.register.copies.last is not None
    assert session.register.copies.last.made.name == made.name
    rows = session.copies.listed(stick)
    assert [(row["name"], row["on_stick"], row["of_this_history"]) for row in rows] == [(made.name, True, True)]
    checked(session)


def test_after_a_sitting_one_is_made_where_something_was_recorded(session: Session, stick: Path) -> None:
    assert session.copies.after_sitting() == "", "nothing is made where no place is set"
    session.copies.set_place(stick, "Stick A")
    assert session.copies.after_sitting().startswith("Backup made and checked, on Stick A")
    assert session.copies.after_sitting() == "", "nothing new was recorded"
    ref = session.casework.begin()
    assert session.copies.wanted()
    shutil.rmtree(stick / backup_files.FOLDER)
    assert "is not in" in session.copies.after_sitting(), "another stick, or none: it is said, and nothing is written"
    assert list(stick.iterdir()) == []
    assert session.casework.case(ref).ref == ref


def test_a_command_that_only_reads_does_not_say_again_that_the_stick_is_out(
    session: Session, stick: Path, sign_in: SignIn
) -> None:
    session.copies.set_place(stick, "Stick A")
    ref = session.casework.begin()
    shutil.move(stick / backup_files.FOLDER, stick.parent / "drawer")
    assert "is not in" in session.copies.after_sitting()
    session.close()
    reading = sign_in()
    reading.browsing.show(ref)
    assert reading.copies.after_sitting(by_command=True) == ""
    assert "is not in" in reading.copies.after_sitting(), "whoever leaves the program is told"
    shutil.move(stick.parent / "drawer", stick / backup_files.FOLDER)
    assert reading.copies.after_sitting().startswith("Backup made"), "it is made all the same where the stick is in"
    reading.close()


def test_another_stick_in_the_same_slot_is_not_taken_for_it(session: Session, stick: Path) -> None:
    session.copies.set_place(stick, "Stick A")
    shutil.rmtree(stick / backup_files.FOLDER)
    backup_files.place_at(stick, "Holiday pictures")
    session.casework.begin()
    assert "Stick A is not in" in session.copies.after_sitting()
    with pytest.raises(UsageError, match="another stick"):
        session.copies.make()


def test_the_place_of_another_computer_is_not_this_ones(
    session: Session, stick: Path, sign_in: SignIn, elsewhere: Callable[[], Path]
) -> None:
    session.copies.set_place(stick, "Stick A")
    session.close()
    elsewhere()
    again = sign_in()
    assert again.copies.place is None
    assert not again.copies.wanted()
    assert again.copies.after_sitting(by_command=True) == "", "nothing was recorded by this command"
    again.casework.begin()
    assert "where backups go from this computer is not said" in again.copies.after_sitting(by_command=True)
    again.copies.no_place()
    assert again.copies.after_sitting() == "", "nowhere is an answer"


def test_home_says_when_the_last_good_one_was_made(
    session: Session, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert backup_notices.notices(session) == (), "a practice log needs none"
    monkeypatch.setattr(type(session), "kind", "school")
    assert "no backup" in backup_notices.notices(session)[0]
    long_ago = datetime.now(UTC) - timedelta(days=20)
    monkeypatch.setattr(clock, "now", lambda: clock.of(long_ago))
    session.copies.make(stick, "Stick A")
    (line,) = backup_notices.notices(session)
    assert "Stick A: 20 days ago" in line
    monkeypatch.setattr(clock, "now", NOW)
    session.note(copy_events.BackupChecked("x", "Stick A", 1, False, "An entry is missing"))
    assert any("An entry is missing" in line for line in session.browsing.home().notices)


def test_what_need_not_be_kept_is_deleted_and_entered(
    session: Session, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = datetime(2026, 9, 7, 12, tzinfo=UTC)
    for n in range(9):
        at = start + timedelta(hours=n)
        monkeypatch.setattr(clock, "now", lambda at=at: clock.of(at))
        made = session.copies.make(stick, "Stick A")
    assert len(made.dropped) == 1
    rows = {row["name"]: row for row in session.copies.listed(stick)}
    assert len(rows) == 9
    assert rows[made.dropped[0]]["deleted"]
    assert [row["on_stick"] for row in rows.values()].count(True) == 7
    monkeypatch.setattr(clock, "now", NOW)
    checked(session)


def test_a_backup_that_holds_what_was_sealed_since_stays_and_is_listed(
    session: Session, stick: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver, ref = Driver(session), session.casework.begin()
    driver.until(ref, "review", INTERNAL)
    looked(session, ref)
    (tmp_path / "shot.png").write_bytes(png())
    exhibit = keep(session, ref, tmp_path / "shot.png")
    evidence = session.casework.case(ref).exhibits[exhibit].evidence
    start = datetime(2026, 9, 7, 12, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: clock.of(start))
    holder = session.copies.make(stick, "Stick A")
    monkeypatch.setattr(clock, "now", NOW)
    session.casework.task_reply(ref, "halt", _halted())
    later = []
    for n in range(1, 10):
        monkeypatch.setattr(clock, "now", lambda n=n: clock.of(start + timedelta(hours=n)))
        later.append(session.copies.make(stick, "Stick A"))
    monkeypatch.setattr(clock, "now", NOW)
    assert all(made.left_out == 1 for made in later)
    rows = {row["name"]: row for row in session.copies.listed(stick)}
    assert rows[holder.name]["on_stick"]
    assert rows[holder.name]["holds_sealed"] == [evidence]
    assert not any(rows[made.name]["holds_sealed"] for made in later)
    assert [one["name"] for one in session.copies.holders(evidence)] == [holder.name]
    assert session.copies.holders("0" * 32) == []


def _halted() -> Reply:

    return Reply("no", {"what": "A picture"})


def test_a_quiet_computer_makes_none(session: Session, stick: Path) -> None:

    session.copies.set_place(stick, "Stick A")
    ref = session.casework.begin()
    Driver(session).until(ref, "review", INTERNAL)
    session.casework.task_reply(ref, "halt", Reply("yes", {"what": "A picture"}))
    before = sorted(stick.rglob("*"))
    assert session.quiet_ref
    assert session.copies.after_sitting() == ""
    with pytest.raises(RefusedError):
        session.copies.make()
    with pytest.raises(RefusedError):
        session.copies.set_place(stick)
    assert sorted(stick.rglob("*")) == before


def test_a_lock_in_the_middle_gives_the_backup_up(session: Session, stick: Path) -> None:
    steps = 0

    def lock(done: int, total: int) -> None:
        nonlocal steps
        steps += 1
        if steps == 2:
            session.close()

    with pytest.raises((Stopped, StoreError)):
        session.copies.make(stick, "Stick A", lock)
    assert not [path for path in stick.rglob("*") if path.suffix == ".part"]


def test_the_proof_that_one_can_be_put_back(session: Session, stick: Path) -> None:
    made = session.copies.make(stick, "Stick A")
    told = session.copies.check(stick)
    assert (told["ok"], told["name"], told["label"]) == (True, made.name, "Stick A")
    assert told["entries"] == made.head
    database = made.path / "log-1.db"
    data = bytearray(database.read_bytes())
    data[5000] ^= 1
    database.write_bytes(data)
    told = session.copies.check(stick)
    assert not told["ok"]
    assert session.register.copies.last_bad is not None
    with pytest.raises(UsageError):
        session.copies.check(stick, "20200101-000000")


def test_a_restored_log_is_for_reading_until_two_people_record_it(
    session: Session, stick: Path, sign_in: SignIn, elsewhere: Callable[[], Path]
) -> None:
    ref = session.casework.begin()
    session.copies.make(stick, "Stick A")
    lost = session.casework.begin()
    newest, said, _ = session.care.anchor()
    session.close()
    there = elsewhere()
    back(stick, there)
    again = opening.unlock(there, RUTH.login, RUTH.password)
    try:
        assert [row["ref"] for row in again.browsing.log()] == [ref]
        assert any("for reading only" in line for line in again.browsing.home().notices)
        with pytest.raises(StoreError, match="for reading only"):
            do(again, ref, "note", "add", text="To an older one")
        told = again.care.verify()
        assert not told["ok"]
        assert told["first_bad"] is None
        with pytest.raises(RefusedError, match="Two people"):
            restoring.record(again, RUTH.login, RUTH.password, "The disk failed")
        with pytest.raises(NotLetInError):
            restoring.record(again, VAL.login, "not her words", "The disk failed")
        with pytest.raises(UsageError, match="reason"):
            restoring.record(again, VAL.login, VAL.password, " ")
        event = restoring.record(again, VAL.login, VAL.password, "The disk failed", f"{newest} {said}")
        assert event.newest == newest
        assert event.newest_chain == said
        again.casework.begin()
        assert again.care.verify()["ok"]
        with pytest.raises(UsageError, match="nothing to record"):
            restoring.record(again, VAL.login, VAL.password, "Twice")
        assert lost not in [row["ref"] for row in again.browsing.log()]
        checked(again)
    finally:
        again.close()


def test_on_the_computer_that_saw_more_the_lost_heads_are_recorded_and_then_known(
    session: Session, stick: Path, home: Path
) -> None:
    made = session.copies.make(stick, "Stick A")
    session.casework.begin()
    seq, _ = session.journal.head()
    session.close()
    shutil.move(home, home.parent / "broken")
    back(stick, home)
    again = opening.unlock(home, RUTH.login, RUTH.password)
    try:
        assert not any("put back, or the end" in line for line in again.warnings)
        event = restoring.record(again, VAL.login, VAL.password, "The folder was deleted")
        assert event.newest == seq
        assert (event.head, event.backup) == (made.head, made.name)
        again.casework.begin()
        assert again.care.verify()["ok"], "what two people know to be lost is no finding"
    finally:
        again.close()
    third = opening.unlock(home, RUTH.login, RUTH.password)
    assert not third.warnings
    third.close()


def test_exhibit_numbers_go_on_at_the_next_hundred(
    session: Session, stick: Path, home: Path, tmp_path: Path, elsewhere: Callable[[], Path]
) -> None:
    driver, ref = Driver(session), session.casework.begin()
    driver.until(ref, "review", INTERNAL)
    looked(session, ref)
    (tmp_path / "shot.png").write_bytes(png())
    exhibit = keep(session, ref, tmp_path / "shot.png")
    first = session.casework.case(ref).exhibits[exhibit].mark
    assert first.endswith("/1")
    session.copies.make(stick, "Stick A")
    session.close()
    there = elsewhere()
    back(stick, there)
    again = opening.unlock(there, RUTH.login, RUTH.password)
    try:
        restoring.record(again, VAL.login, VAL.password, "The disk failed")
        ruth, val = again.person, next(p for p in again.register.people.values() if p.login == VAL.login)
        assert again.evidence.mark_for(ruth) == first.replace("/1", "/101")
        assert again.evidence.mark_for(val).endswith("/101"), "hers were lost too, as far as anybody knows"
        assert again.care.verify()["evidence_checked"] == 1
    finally:
        again.close()


def test_a_stick_that_is_too_small_becomes_no_place(
    session: Session, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage, head = shutil.disk_usage(stick), session.journal.head()
    with monkeypatch.context() as patched:
        patched.setattr(shutil, "disk_usage", lambda path: usage._replace(free=200_000))
        with pytest.raises(StoreError, match=r"1\d MB are needed there, and 0\.2 MB are free. Nothing was written"):
            session.copies.set_place(stick, "TINY")
    assert list(stick.iterdir()) == []
    assert (session.copies.place, session.journal.head()) == (None, head)
    assert session.copies.after_sitting() == ""
    assert session.copies.set_place(stick, "TINY") == "TINY"
    with monkeypatch.context() as patched:
        patched.setattr(shutil, "disk_usage", lambda path: usage._replace(free=0))
        with pytest.raises(StoreError, match=r" 0\.0 MB are free"):
            session.copies.set_place(stick)
