"""The clear card can be changed by anybody at the keyboard: it says so, and the next unlocking notices it."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from esafety_tui.cli import main
from esafety_tui.desk import opening
from esafety_tui.desk.copies import restoring
from esafety_tui.desk.session import Session
from esafety_tui.register import events as r
from tests.desk.made_school import PAT, RUTH, unlock

WRONG = "Copy the picture to your own phone."


@pytest.fixture(params=("spires",))
def pack(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def card(home: Path) -> Path:
    return home / opening.CARD_FILE


def test_a_changed_card_is_said_entered_and_put_right(session: Session, home: Path) -> None:
    session.close()
    right = card(home).read_text(encoding="utf-8")
    card(home).write_text(right.replace("999", "0900 123456") + WRONG, encoding="utf-8")
    _, lines = opening.first_card(home)
    assert WRONG in lines
    assert lines[-1] == opening.UNCHECKED
    again = unlock(home, PAT)
    try:
        assert any("had been changed" in one for one in again.warnings)
        assert any("had been changed" in one for one in again.browsing.home().notices)
        assert card(home).read_text(encoding="utf-8") == right
        entry = again.journal.of_kind(r.CardCopied.kind)[-1]
        assert WRONG in entry.data["said"]
        (found,) = (one.what for one in again.people.trail.traces("people") if WRONG in one.what)
        assert "\n" not in found, "on one line"
    finally:
        again.close()
    ruth = unlock(home, RUTH)
    try:
        assert len(ruth.journal.of_kind(r.CardCopied.kind)) == 1, "once"
        assert not any("card" in one for one in ruth.warnings)
    finally:
        ruth.close()


def test_a_card_taken_away_is_said_too(session: Session, home: Path) -> None:
    session.close()
    card(home).unlink()
    again = unlock(home)
    try:
        assert any("was taken away" in one for one in again.warnings)
        assert card(home).exists()
    finally:
        again.close()


def test_what_the_school_changes_itself_is_no_alarm(session: Session, home: Path) -> None:
    agency = next(one for one in session.pack.tables.agencies if one.id in session.pack.tables.first_minute.ring)
    before = card(home).read_text(encoding="utf-8")
    session.note(r.NumberConfirmed(agency.id, "telephone", "028 9000 1234"))
    session.close()
    again = unlock(home)
    try:
        assert "028 9000 1234" in card(home).read_text(encoding="utf-8") != before
        assert not any("card" in one for one in again.warnings)
        assert not again.journal.of_kind(r.CardCopied.kind)
    finally:
        again.close()
    assert opening.first_card(home)[1][-1] == opening.UNCHECKED, "the school's own number is in no pack"


def test_a_restored_log_gets_its_first_card_without_an_alarm(
    session: Session, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "stick").mkdir()
    session.copies.make(tmp_path / "stick", "Stick A")
    session.close()
    monkeypatch.setenv("ESAFETY_STATE", str(tmp_path / "state-there"))
    there = tmp_path / "there"
    restoring.with_password(restoring.choose(tmp_path / "stick"), there, RUTH.login, RUTH.password)
    again = unlock(there)
    try:
        assert card(there).exists()
        assert not any("card" in one for one in again.warnings)
    finally:
        again.close()


def test_the_packs_own_card_says_nothing_more(session: Session, home: Path) -> None:
    title, lines = opening.card_lines(session.pack.tables.model_dump(include={"first_minute", "agencies"}))
    card(home).write_text("\n".join((title, *lines)) + "\n", encoding="utf-8")
    assert opening.first_card(home) == (title, lines)


def _long(path: Path) -> None:
    path.write_bytes(b"x\n" * 100_000)


def _link(path: Path) -> None:
    path.symlink_to("/etc/passwd")


@pytest.mark.parametrize("put", [os.mkfifo, _long, _link, os.mkdir])
def test_what_is_no_card_hangs_and_shows_nothing(
    session: Session, home: Path, put: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    session.close()
    card(home).unlink()
    put(card(home))
    done: list[int] = []
    worker = threading.Thread(target=lambda: done.append(main.main(["--home", str(home), "card"])), daemon=True)
    worker.start()
    worker.join(20)
    assert done == [0], "it hangs"
    printed = capsys.readouterr().out
    assert "root:" not in printed
    assert len(printed) < 5000
    assert "999" in printed
    again = unlock(home)
    try:
        assert any("card" in one for one in again.warnings)
    finally:
        again.close()
    if card(home).is_dir():
        shutil.rmtree(card(home))


@pytest.mark.parametrize("name", ["vault.json", "tries.json", "superseded.json"])
def test_a_pipe_in_the_place_of_a_clear_file_hangs_nobody(session: Session, home: Path, name: str) -> None:
    session.close()
    (home / name).unlink(missing_ok=True)
    os.mkfifo(home / name)
    done: list[object] = []

    def try_it() -> None:
        try:
            unlock(home).close()
        except Exception as error:  # noqa: BLE001 - what it is stands in the list
            done.append(error)
        else:
            done.append("open")

    worker = threading.Thread(target=try_it, daemon=True)
    worker.start()
    worker.join(20)
    assert len(done) == 1, "it hangs"
    assert (done[0] == "open") == (name != "vault.json")
