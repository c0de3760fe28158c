"""The verifier of data/verifier on a log with cases that are kept apart: one begun so, one moved half-way."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from esafety_tui.desk import clock, opening
from esafety_tui.desk.session import Session
from esafety_tui.register.compartments import CompartmentDisposed
from esafety_tui.store.enclosed import Enclosed
from tests.desk import made_school
from tests.desk.driver import INTERNAL, Driver
from tests.desk.made_school import do
from tests.desk.retained import slip, step
from tests.desk.test_evidence import keep, looked, png
from tests.store.made_log import raw
from tests.verifier.conftest import Log, verify

pytestmark = pytest.mark.xdist_group("verifier")
WHY = "It is about a colleague."
Rooms = dict[str, tuple[Path, bytes, int]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Rooms]:
    """A closed home; of each compartment by its case's way there: its file, its key, the number it begins after."""
    folder = tmp_path_factory.mktemp("apart")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ESAFETY_STATE", str(folder / "state"))
        session = made_school.found(folder / "home", "spires")
        (folder / "shot.png").write_bytes(png())
        begun = session.casework.begin(WHY)
        do(session, begun, "note", "add", text="The first note")
        moved = session.casework.begin()
        Driver(session).until(moved, "review", INTERNAL)
        looked(session, moved)
        keep(session, moved, folder / "shot.png")
        do(session, moved, "apart", "apart", reason=WHY)
        do(session, moved, "note", "add", text="After it was moved")
        rooms = {name: _told(session, ref) for name, ref in (("begun", begun), ("moved", moved))}
        own = session.care.verify()
        assert (own["ok"], own["apart"]) == (True, 2)
        session.close()
    return folder, rooms


def _told(session: Session, ref: str) -> tuple[Path, bytes, int]:
    room = session.compartments.of_ref(ref)
    assert isinstance(room, Enclosed)
    return room.database.path.relative_to(session.home), bytes(room.key.data_key), room.database.base


@pytest.fixture
def apart(made: tuple[Path, Rooms], tmp_path: Path) -> tuple[Log, Rooms]:
    folder, rooms = made
    shutil.copytree(folder, tmp_path / "apart")
    people = tuple((one.login, one.password) for one in (made_school.RUTH, made_school.CORA))
    return Log(tmp_path / "apart" / "home", tmp_path / "apart" / "state", people), rooms


def test_a_reader_has_them_checked_and_the_program_says_the_same(
    apart: tuple[Log, Rooms], monkeypatch: pytest.MonkeyPatch
) -> None:
    log, _ = apart
    told = verify(log)
    assert (told.status, told.error) == (0, ""), told.report
    monkeypatch.setenv("ESAFETY_STATE", str(log.state))
    session = opening.unlock(log.home, *log.people[0])
    own = session.care.verify()
    session.close()
    assert told.report == {name: own[name] for name in told.report}
    assert (told.report["apart"], told.report["evidence_checked"]) == (2, 1)
    other = verify(log, login=log.people[1][0], secret=log.people[1][1])
    assert (other.status, other.report["apart"], other.report["evidence_checked"]) == (0, 0, 0)


@pytest.mark.parametrize("name", ["begun", "moved"])
def test_one_that_is_taken_away_is_missed_by_everybody(apart: tuple[Log, Rooms], name: str) -> None:
    log, rooms = apart
    (log.home / rooms[name][0]).unlink()
    for login, secret in log.people:
        told = verify(log, login=login, secret=secret)
        assert (told.status, "is missing" in told.texts) == (1, True)


def test_anothers_file_in_its_place(apart: tuple[Log, Rooms]) -> None:
    log, rooms = apart
    shutil.copy(log.home / rooms["begun"][0], log.home / rooms["moved"][0])
    told = verify(log)
    assert (told.status, "cannot be opened" in told.texts) == (1, True)


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("begun", "UPDATE record SET bytes = CAST(bytes || ' ' AS BLOB) WHERE seq = ?", "was changed"),
        ("begun", "DELETE FROM entry WHERE seq = ?", "missing"),
        ("moved", "DELETE FROM record WHERE seq = ?", "missing"),
        ("moved", "UPDATE listing SET kind = 'x' WHERE seq = ?", "do not agree"),
    ],
)
def test_one_entry_changed_with_the_key_in_hand(apart: tuple[Log, Rooms], name: str, change: str, said: str) -> None:
    log, rooms = apart
    path, key, base = rooms[name]
    with raw(log.home / path, key) as connection:
        connection.execute(change, (base + 2,))
    told = verify(log)
    assert told.status == 1
    assert said in told.texts
    assert any(one["seq"] and one["seq"] > base for one in told.report["findings"])


def test_the_end_cut_off_is_told_by_the_anchor_in_the_log(apart: tuple[Log, Rooms]) -> None:
    log, rooms = apart
    path, key, _ = rooms["moved"]
    with raw(log.home / path, key) as connection:
        (last,) = connection.execute("SELECT max(seq) FROM entry").fetchone()
        for table in ("record", "listing", "entry"):
            connection.execute(f"DELETE FROM {table} WHERE seq = ?", (last,))  # noqa: S608
    told = verify(log)
    assert (told.status, "was seen before" in told.texts) == (1, True)


def test_a_moved_entry_that_is_in_the_log_too(apart: tuple[Log, Rooms]) -> None:
    log, _ = apart
    with log.tools() as connection:
        connection.execute("DELETE FROM disposal WHERE seq = (SELECT max(seq) FROM disposal)")
    told = verify(log)
    assert (told.status, "is in the log too" in told.texts) == (1, True)


def test_a_damaged_exhibit_of_one(apart: tuple[Log, Rooms]) -> None:
    log, rooms = apart
    (file,) = (log.home / rooms["moved"][0]).parent.glob("evidence/*.bin")
    file.write_bytes(file.read_bytes()[:-1])
    told = verify(log)
    assert (told.status, told.report["evidence_bad"]) == (1, 1)


@pytest.fixture
def disposed(apart: tuple[Log, Rooms], monkeypatch: pytest.MonkeyPatch) -> tuple[Log, Path]:
    """The log with a third case, which was disposed of; and a copy of the folder that it had."""
    log, _ = apart
    monkeypatch.setenv("ESAFETY_STATE", str(log.state))
    session = opening.unlock(log.home, *log.people[0])
    ref = slip(session)
    do(session, ref, "apart", "apart", reason=WHY)
    val = next(one.id for one in session.register.people.values() if one.login == "val")
    do(session, ref, "apart", "add", person=val, reason="Two decide.")
    folder = (log.home / _told(session, ref)[0]).parent
    kept = log.home.parent / folder.name
    shutil.copytree(folder, kept)
    years = timedelta(days=7 * 366)
    with monkeypatch.context() as patch:
        patch.setattr(clock, "now", lambda: clock.of(datetime.now().astimezone() + years))
        step(session, "dispose", ref)
    session.close()
    return log, kept


def test_one_that_was_disposed_of_is_said_and_nothing_is_wrong(disposed: tuple[Log, Path]) -> None:
    log, _ = disposed
    told = verify(log)
    assert (told.status, told.report["apart_disposed"], told.report["apart"]) == (0, 1, 2), told.report
    session = opening.unlock(log.home, *log.people[0])
    own = session.care.verify()
    session.close()
    assert told.report == {name: own[name] for name in told.report}
    other = verify(log, login=log.people[1][0], secret=log.people[1][1])
    assert (other.status, other.report["apart_disposed"]) == (0, 1)


def test_one_that_was_disposed_of_and_put_back(disposed: tuple[Log, Path]) -> None:
    log, kept = disposed
    shutil.copytree(kept, log.home / "compartments" / kept.name)
    for login, secret in log.people:
        told = verify(log, login=login, secret=secret)
        assert (told.status, "something of it is there" in told.texts) == (1, True)


def test_who_has_no_key_cannot_say_that_one_was_disposed_of(
    apart: tuple[Log, Rooms], monkeypatch: pytest.MonkeyPatch
) -> None:
    log, rooms = apart
    monkeypatch.setenv("ESAFETY_STATE", str(log.state))
    folder = (log.home / rooms["begun"][0]).parent
    session = opening.unlock(log.home, *log.people[1])
    session.compartments.note(CompartmentDisposed(folder.name, "ab" * 60))
    session.close()
    shutil.rmtree(folder)
    told = verify(log)
    assert (told.status, "none of its readers" in told.texts) == (1, True)


def test_a_folder_that_no_entry_names(apart: tuple[Log, Rooms]) -> None:
    log, rooms = apart
    path = (log.home / rooms["begun"][0]).parent
    shutil.copytree(path, path.with_name("ab" * 16))
    told = verify(log)
    assert (told.status, "No entry names" in told.texts) == (1, True)


def test_the_words_of_one_on_paper(apart: tuple[Log, Rooms]) -> None:
    log, rooms = apart
    path, key, base = rooms["begun"]
    with raw(log.home / path, key) as connection:
        ((seq, value),) = connection.execute("SELECT seq, chain FROM entry ORDER BY seq DESC LIMIT 1").fetchall()
    assert seq > base
    assert verify(log, "--head", bytes(value).hex()).status == 0
    assert verify(log, "--head", f"{seq} {bytes(value).hex()}").status == 0
    wrong = bytes(value[::-1]).hex()
    assert verify(log, "--head", f"{seq} {wrong}").status == 1
