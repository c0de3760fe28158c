"""Somebody without a password writes in what lies in clear on the stick: nothing goes from a restore without a word."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from esafety_tui.desk import opening
from esafety_tui.desk.copies import copy_words, restoring
from esafety_tui.desk.session import Session
from esafety_tui.errors import StoreError
from esafety_tui.store import backup_files
from tests.desk.driver import INTERNAL, Driver
from tests.desk.handed import sealed
from tests.desk.made_school import RUTH, TIM, VAL, do
from tests.desk.test_access import retire
from tests.desk.test_compartments_kept import with_exhibit
from tests.desk.test_evidence import keep, looked, png
from tests.verifier.conftest import Log, verify

SignIn = Callable[..., Session]
Back = Callable[..., tuple[Session, restoring.PutBack]]


@pytest.fixture
def pack() -> str:
    return "spires"


@pytest.fixture
def kept(session: Session, tmp_path: Path) -> tuple[str, str]:
    """A case with one exhibit: its reference, and the id of the exhibit's file."""
    ref = session.casework.begin()
    Driver(session).until(ref, "review", INTERNAL)
    (tmp_path / "shot.png").write_bytes(png())
    looked(session, ref)
    exhibit = keep(session, ref, tmp_path / "shot.png")
    return ref, session.casework.case(ref).exhibits[exhibit].evidence


@pytest.fixture
def put_back(stick: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Back]:
    """Puts a backup back on another computer, and unlocks it there."""
    opened: list[Session] = []

    def run(name: str = "") -> tuple[Session, restoring.PutBack]:
        monkeypatch.setenv("ESAFETY_STATE", str(home.parent / f"state-{len(opened)}"))
        there = home.parent / f"computer-{len(opened)}"
        done = restoring.with_password(restoring.choose(stick, name), there, RUTH.login, RUTH.password)
        opened.append(opening.unlock(there, RUTH.login, RUTH.password))
        return opened[-1], done

    yield run
    for one in opened:
        one.close()


def change(stick: Path, name: str, how: Callable[[dict[str, Any]], object], unproven: bool = False) -> None:
    """Write in the list of contents of a backup. unproven: its proof is taken away too."""
    path = next(stick.rglob(f"{name}/{backup_files.MANIFEST}"))
    told = json.loads(path.read_text())
    how(told)
    if unproven:
        del told["mac"]
    path.write_text(json.dumps(told))


def said(done: restoring.PutBack) -> str:
    return "\n".join(copy_words.put_back(done))


def recorded(session: Session) -> dict[str, Any]:
    restoring.record(session, VAL.login, VAL.password, "The disk failed")
    return session.care.verify()


@pytest.mark.parametrize("unproven", [False, True])
@pytest.mark.parametrize("where", ["an older one", "its own"])
def test_an_id_written_into_left_out_takes_no_exhibit_away(
    session: Session, kept: tuple[str, str], stick: Path, put_back: Back, where: str, unproven: bool
) -> None:
    _, evidence = kept
    older = session.copies.make(stick, "Stick A").name
    session.casework.begin()
    newest = session.copies.make(stick).name

    def left_out(told: dict[str, Any]) -> None:
        told["left_out"] = [evidence]
        told["evidence"] = []

    change(stick, older if where == "an older one" else newest, left_out, unproven)
    assert session.copies.check(stick)["ok"] == (where == "an older one")
    session.close()
    again, done = put_back()
    assert (done.left_out, done.later, done.missing) == (0, 0, 0)
    assert done.changed == (where == "its own")
    assert ("list of contents was changed" in said(done)) == done.changed
    report = recorded(again)
    assert (report["ok"], report["evidence_checked"], report["evidence_absent"]) == (True, 1, 0), report["findings"]


def test_the_newest_by_which_an_older_is_left_poor_has_to_be_proven(
    session: Session, kept: tuple[str, str], stick: Path, put_back: Back
) -> None:
    _, evidence = kept
    older = session.copies.make(stick, "Stick A").name
    session.casework.begin()
    newest = session.copies.make(stick).name
    change(stick, newest, lambda told: told.update(left_out=[evidence], evidence=[]))
    session.close()
    again, done = put_back(older)
    # It may be true, and nothing is lost: it lies on the stick, is named, and comes once that list is away.
    assert (done.left_out, done.later, done.missing, done.claimed) == (0, 0, 1, 1)
    assert "1 evidence file was left on the stick" in said(done)
    assert "NOT WHOLE" not in said(done)
    report = recorded(again)
    assert (report["ok"], report["evidence_bad"]) == (False, 1)
    again.close()
    shutil.rmtree(next(path for path in stick.rglob(newest) if path.is_dir()))
    third, done = put_back(older)
    assert (done.missing, done.claimed) == (0, 0)
    assert recorded(third)["ok"]


def test_what_was_sealed_under_a_key_of_later_does_not_come_back_open(
    session: Session, kept: tuple[str, str], stick: Path, put_back: Back
) -> None:
    ref, evidence = kept
    older = session.copies.make(stick, "Stick A").name
    retire(session, TIM)  # a new data key
    sealed(session, ref)
    session.copies.make(stick)
    session.close()
    again, done = put_back(older)
    assert (done.later, done.missing, done.claimed) == (0, 1, 1)
    assert evidence not in {path.stem for path in again.home.rglob("*.bin")}
    report = recorded(again)
    assert (report["ok"], report["evidence_bad"]) == (False, 1)


def test_a_file_that_is_not_on_the_stick_is_missing_and_not_sealed(
    session: Session, kept: tuple[str, str], stick: Path, put_back: Back
) -> None:
    _, evidence = kept
    name = session.copies.make(stick, "Stick A").name
    next(stick.rglob(f"{evidence}.bin")).unlink()
    change(stick, name, lambda told: told.update(left_out=[evidence], evidence=[]), unproven=True)
    told = session.copies.check(stick)
    assert not told["ok"]
    assert any("is missing" in text for text in told["findings"])
    session.close()
    again, done = put_back()
    assert (done.left_out, done.missing) == (0, 1)
    assert "1 EVIDENCE FILE WAS NOT WHOLE ON THE STICK" in said(done)
    report = recorded(again)
    assert (report["ok"], report["evidence_bad"], report["evidence_absent"]) == (False, 1, 0)
    (event,) = [event for _, event in again.register.copies.restored.values()]
    assert (event.left_out, event.missing) == ([], [evidence])
    home = again.home
    again.close()
    assert verify(Log(home, home.parent, ((RUTH.login, RUTH.password),))).report["evidence_bad"] == 1


def test_what_was_sealed_since_stays_away_and_both_checks_know_it(
    session: Session, kept: tuple[str, str], stick: Path, put_back: Back
) -> None:
    ref, evidence = kept
    older = session.copies.make(stick, "Stick A").name
    sealed(session, ref)
    session.copies.make(stick)
    session.close()
    again, done = put_back(older)
    assert (done.left_out, done.later, done.missing) == (0, 1, 0)
    assert "1 evidence file was left out: a later backup proves" in said(done)
    report = recorded(again)
    assert (report["ok"], report["evidence_absent"]) == (True, 1), report["findings"]
    # A backup of that log does not bring it either, and says nothing of a file that is not whole.
    made = again.copies.make(stick)
    assert (made.left_out, made.missing) == (1, 0)
    assert again.copies.check(stick)["ok"]
    home = again.home
    third, done = put_back(made.name)
    assert (done.left_out, done.later, done.missing, done.changed) == (1, 0, 0, False)
    assert recorded(third)["ok"]
    again.close()
    told = verify(Log(home, home.parent, ((RUTH.login, RUTH.password),)))
    assert (told.status, told.report["evidence_absent"]) == (0, 1), told.output
    assert evidence not in {path.stem for path in home.rglob("*.bin")}


@pytest.mark.parametrize("unproven", [False, True])
def test_a_case_kept_apart_that_the_list_drops_is_missed_at_once(
    sign_in: SignIn, tmp_path: Path, stick: Path, home: Path, put_back: Back, unproven: bool
) -> None:
    session = sign_in()
    with_exhibit(session, tmp_path, False)
    name = session.copies.make(stick, "Stick A").name
    change(stick, name, lambda told: told.update(compartments=[]), unproven)
    told = session.copies.check(stick)
    assert not told["ok"]
    assert any("cases that are kept apart" in text for text in told["findings"])
    session.close()
    with pytest.raises(StoreError, match="does not name the same ones"):
        put_back()
    assert not (home.parent / "computer-0" / "vault.json").exists()


@pytest.mark.parametrize("unproven", [False, True])
def test_an_exhibit_of_one_that_the_list_calls_sealed_comes(
    sign_in: SignIn, tmp_path: Path, stick: Path, put_back: Back, unproven: bool
) -> None:
    session = sign_in()
    ref, exhibit = with_exhibit(session, tmp_path, False)
    older = session.copies.make(stick, "Stick A").name
    do(session, ref, "note", "add", text="After the first backup")
    newest = session.copies.make(stick).name

    def seal(told: dict[str, Any]) -> None:
        (one,) = told["compartments"]
        one["left_out"], one["evidence"] = list(one["evidence"]), {}

    change(stick, newest, seal, unproven)
    assert not session.copies.check(stick)["ok"], "the log knows the list that it made"
    session.close()
    again, done = put_back(newest)
    assert (done.left_out, done.missing) == (0, 0)
    assert "list of contents" in said(done)
    assert b"".join(again.evidence.read(ref, exhibit)) == png()
    assert recorded(again)["ok"]
    # With the same in every list nobody knows the file any more: then it is missed, and not called sealed.
    change(stick, older, seal, unproven)
    again.close()
    third, done = put_back(newest)
    assert (done.left_out, done.missing) == (0, 1)
    report = recorded(third)
    assert (report["ok"], report["evidence_bad"], report["evidence_absent"]) == (False, 1, 0)


def test_a_time_that_was_altered_is_said_by_both(session: Session, stick: Path, put_back: Back) -> None:
    name = session.copies.make(stick, "Stick A").name
    change(stick, name, lambda told: told.update(at="2026-01-01T00:00:00.000Z"), unproven=True)
    assert not session.copies.check(stick)["ok"]
    session.close()
    _, done = put_back()
    assert "list of contents was changed" in said(done)


def test_a_list_of_an_earlier_version_is_taken_and_said_not_to_be_proven(
    session: Session, kept: tuple[str, str], stick: Path, put_back: Back
) -> None:
    name = session.copies.make(stick, "Stick A").name
    change(stick, name, lambda told: None, unproven=True)
    told = session.copies.check(stick)
    assert not told["ok"], "this log recorded it with its proof"
    session.close()
    again, done = put_back()
    assert (done.changed, done.proven, done.missing) == (False, False, 0)
    assert "Nothing proves its list of contents" in said(done)
    told = again.copies.check(stick, name)
    assert (told["ok"], len(told["notes"])) == (True, 1), "that log knows of none"
    assert "Nothing proves its list of contents" in "\n".join(copy_words.checked(told))


def test_an_older_backup_under_the_name_of_the_newest_is_not_believed(session: Session, stick: Path) -> None:
    older = session.copies.make(stick, "Stick A")
    session.casework.begin()
    newest = session.copies.make(stick)
    for name in ("log-1.db", "vault.json"):
        (newest.path / name).write_bytes((older.path / name).read_bytes())
    told = json.loads((older.path / backup_files.MANIFEST).read_text())
    told["at"] = json.loads((newest.path / backup_files.MANIFEST).read_text())["at"]
    del told["mac"]
    (newest.path / backup_files.MANIFEST).write_text(json.dumps(told))
    said = session.copies.check(stick, newest.name)
    assert not said["ok"]
    assert f"as up to entry {newest.head}, and this one goes up to entry {older.head}" in said["findings"][0]
    assert session.register.copies.last_bad is not None
