"""A copy that the school has gone on without is known by the log itself; the note in its folder proves nothing."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from esafety_tui.desk import opening
from esafety_tui.desk.copies import restoring, withheld
from esafety_tui.desk.session import Session
from esafety_tui.errors import StoreError
from esafety_tui.vault import heads
from tests.desk.made_school import RUTH, VAL, unlock
from tests.desk.test_away import QUINN

GOOD = json.dumps({"v": 1, "epoch": "ab" * 16, "at": "2026-03-02T15:04:05.000Z"})


@pytest.fixture(params=("spires",))
def pack(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_without_the_note_the_copy_stays_for_reading_only(
    session: Session, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own_folders: Path
) -> None:
    (tmp_path / "stick").mkdir()
    ref = session.casework.begin()
    session.copies.make(tmp_path / "stick", "Stick A")
    session.close()
    monkeypatch.setenv("ESAFETY_STATE", str(tmp_path / "state-there"))
    there = tmp_path / "there"
    restoring.with_password(restoring.choose(tmp_path / "stick"), there, RUTH.login, RUTH.password)
    again = opening.unlock(there, RUTH.login, RUTH.password)
    again.away.taken(QUINN, VAL.login, VAL.password)
    again.away.came_back(home, RUTH.login, RUTH.password)
    again.close()
    monkeypatch.setenv("ESAFETY_STATE", str(own_folders / "state"))
    (home / withheld.FILE).unlink()
    old = unlock(home)
    try:
        with pytest.raises(StoreError, match="for reading only"):
            old.casework.begin()
        with pytest.raises(StoreError, match="for reading only"):
            old.copies.make(tmp_path / "stick", "Stick A")
        with pytest.raises(StoreError, match="for reading only"):
            old.filtering.ask("request")
        with pytest.raises(StoreError, match="for reading only"):
            old.casework.task_ask(ref, "note")
        assert any("gone on with another copy" in one for one in old.warnings)
        assert old.care.verify()["ok"]
    finally:
        old.close()


@pytest.mark.parametrize(
    "rubbish", ["rubbish", "", "[]", "7", "{}", GOOD.replace("ab", "zz"), "[" * 5000, "x" * 20_000]
)
def test_rubbish_is_no_note(session: Session, home: Path, rubbish: str) -> None:
    session.close()
    (home / withheld.FILE).write_text(rubbish)
    again = unlock(home)
    try:
        assert any("cannot be read" in one for one in again.warnings)
        assert not any("taken away" in one for one in again.warnings)
        again.casework.begin()
    finally:
        again.close()


def test_a_note_that_the_log_knows_nothing_of_is_said_to_be_one(session: Session, home: Path) -> None:
    session.close()
    (home / withheld.FILE).write_text(GOOD)
    again = unlock(home)
    try:
        said = next(one for one in again.warnings if "for reading only" in one)
        assert "A note in its folder says" in said
        assert withheld.FILE in said
        with pytest.raises(StoreError, match="for reading only"):
            again.casework.begin()
    finally:
        again.close()
    (home / withheld.FILE).unlink()
    after = unlock(home)
    try:
        after.casework.begin()
    finally:
        after.close()


def test_an_older_folder_with_a_note_is_still_found_out(session: Session, home: Path, tmp_path: Path) -> None:
    """Else whoever puts yesterday's folder back would only have to add the note."""
    import shutil

    session.close()
    shutil.copytree(home, tmp_path / "older")
    again = unlock(home)
    again.casework.begin()
    again.close()
    shutil.rmtree(home)
    shutil.copytree(tmp_path / "older", home)
    (home / withheld.FILE).write_text(GOOD)
    old = unlock(home)
    try:
        assert old.astray
    finally:
        old.close()


def test_of_two_copies_on_one_computer_the_one_that_goes_on_knows_the_others_head(
    session: Session, tmp_path: Path
) -> None:
    (tmp_path / "stick").mkdir()
    session.copies.make(tmp_path / "stick", "Stick A")
    session.close()
    one, two = tmp_path / "one", tmp_path / "two"
    for folder in (one, two):
        restoring.with_password(restoring.choose(tmp_path / "stick"), folder, RUTH.login, RUTH.password)
        again = unlock(folder)
        restoring.record(again, VAL.login, VAL.password, "The disk failed")
        again.close()
    first = unlock(one)
    for _ in range(4):
        first.casework.begin()
    first.close()
    again = unlock(two)
    try:
        assert again.astray, "nobody has said yet what became of the other one"
        assert opening.PERHAPS_ANOTHER in again.warnings
        again.away.came_back(one, RUTH.login, RUTH.password)
    finally:
        again.close()
    again = unlock(two)
    try:
        assert again.astray == ()
        assert again.care.verify()["ok"], again.care.verify()["findings"]
        again.casework.begin()
        seen = heads.read_heads(again.database.vault_id)
        assert len(seen) > 1, "it stays in this computer's memory"
    finally:
        again.close()
    assert unlock(two).astray == ()


def test_an_older_one_put_back_is_still_found_after_that(session: Session, tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    session.copies.make(tmp_path / "stick", "Stick A")
    session.close()
    one, two, older = tmp_path / "one", tmp_path / "two", tmp_path / "older"
    for folder in (one, two):
        restoring.with_password(restoring.choose(tmp_path / "stick"), folder, RUTH.login, RUTH.password)
        again = unlock(folder)
        restoring.record(again, VAL.login, VAL.password, "The disk failed")
        again.close()
    again = unlock(two)
    again.away.came_back(one, RUTH.login, RUTH.password)
    again.close()
    shutil.copytree(two, older)
    again = unlock(two)
    again.casework.begin()
    again.close()
    assert any("older copy was put back" in text for text in unlock(older).astray)
