"""esafety backup and esafety away, as a user's script calls them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from esafety_tui.cli.walk import Walk
from esafety_tui.errors import RefusedError
from tests.cli.conftest import Here, School


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder on another computer, which has seen nothing of this log."""
    monkeypatch.setenv("ESAFETY_STATE", str(tmp_path / "elsewhere"))
    return tmp_path / "new"


def test_made_listed_checked(here: Here, stick: Path) -> None:
    assert here("backup", "make").code == 2
    assert here("backup", "make", "--to", stick).code == 2, "a stick needs a label"
    done = here("backup", "make", "--to", stick, "--label", "Stick A", "--json")
    assert done.code == 0, done.err
    made = json.loads(done.out)
    assert made["label"] == "Stick A"
    assert "Made and checked" in done.err
    listed = json.loads(here("backup", "list", "--from", stick, "--json").out)
    assert [(one["name"], one["on_stick"]) for one in listed] == [(made["name"], True)]
    told = here("backup", "check", "--from", stick, "--json")
    assert told.code == 0
    assert json.loads(told.out)["ok"]
    log = next(Path(made["path"]).glob("log-*.db"))
    data = bytearray(log.read_bytes())
    data[len(data) // 2] ^= 8
    log.write_bytes(data)
    told = here("backup", "check", "--from", stick, "--json")
    assert told.code == 1
    assert not json.loads(told.out)["ok"]
    assert here("verify").code == 0


def test_one_is_made_by_itself_after_a_sitting(here: Here, stick: Path) -> None:
    assert here("backup", "place", stick, "--label", "Stick A").code == 0
    assert json.loads(here("backup", "place", "--json").out)["label"] == "Stick A"
    before = len(json.loads(here("backup", "list", "--json").out))
    done = here("anchor", "--done")
    assert "Backup made and checked, on Stick A" in done.err
    assert len(json.loads(here("backup", "list", "--json").out)) == before + 1
    assert "Backup" not in here("log").err, "nothing was recorded"
    assert here("backup", "place", "--none").code == 0
    assert "Backup" not in here("anchor", "--done").err


def test_one_is_made_after_every_way_of_recording(here: Here, stick: Path) -> None:
    assert here("backup", "place", stick, "--label", "Stick A").code == 0
    made = "Backup made and checked, on Stick A"
    slip = here("slip", typed="record\n.\nBen Ray\n.\nP5\n1\nPlayed a game\n.\nSent back to work\n.\n")
    assert (slip.code, made in slip.err) == (0, True)
    wizard = here("wizard", typed="1\n")
    assert (wizard.code, made in wizard.err) == (0, True)
    stick.rename(stick.with_name("taken out"))
    assert "is not in" in here("wizard", typed="1\n").err, "with the stick out it is said"


def test_one_is_made_when_something_is_refused_after_an_entry(
    here: Here, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert here("backup", "place", stick, "--label", "Stick A").code == 0

    def refused(*_: object) -> None:
        raise RefusedError("Not this", "A rule refuses it.", "Do something else.", "R1")

    monkeypatch.setattr(Walk, "go", refused)
    done = here("wizard", typed="1\n")
    assert done.code == 3
    assert "Backup made and checked, on Stick A" in done.err


def test_put_back_recorded_and_written_on(here: Here, school: School, stick: Path, elsewhere: Path) -> None:
    assert here("backup", "make", "--to", stick, "--label", "Stick A").code == 0
    assert here("backup", "restore", stick).code == 5, "never over a log"
    new = ["--home", elsewhere, "--as", "ruth", "--password-file", school.password("ruth")]
    assert here.plain(*new, "backup", "restore", stick / "nothing").code == 2
    wrong = [*new[:-1], school.password("sam")]
    assert here.plain(*wrong, "backup", "restore", stick).code == 4
    assert not (elsewhere / "vault.json").exists()
    done = here.plain(*new, "backup", "restore", stick, "--json")
    assert done.code == 0, done.err
    assert json.loads(done.out)["left_out"] == 0
    assert here.plain(*new, "verify").code == 1
    assert here.plain(*new, "anchor", "--done").code == 5
    alone = ["--witness", "ruth", "--witness-password-file", school.password("ruth")]
    assert here.plain(*new, "backup", "record", "--reason", "The disk failed", *alone).code == 3
    done = here.plain(*new, "backup", "record", "--reason", "-", *school.witness("sam"), typed="The disk failed\n")
    assert done.code == 0, done.err
    assert here.plain(*new, "verify").code == 0
    assert here.plain(*new, "anchor", "--done").code == 0


def test_away_without_a_name_says_what_to_do_and_needs_no_log(here: Here, tmp_path: Path) -> None:
    done = here.plain("--home", tmp_path / "none", "away")
    assert done.code == 0
    assert "backup restore" in done.out
    assert "receipt" in done.out


def test_away_back_and_taken_over(here: Here, school: School, stick: Path, elsewhere: Path) -> None:
    assert here("backup", "make", "--to", stick, "--label", "Stick A").code == 0
    new = ["--home", elsewhere, "--as", "ruth", "--password-file", school.password("ruth")]
    assert here.plain(*new, "backup", "restore", stick).code == 0
    taken = here.plain(*new, "away", "--officer", "PC Quinn", "--receipt", "R-88", *school.witness("sam"), "--json")
    assert taken.code == 0, taken.err
    assert json.loads(taken.out)["officer"] == "PC Quinn"
    assert here.plain(*new, "verify").code == 0
    compared = here.plain(*new, "verify", "--against", school.home, "--json")
    assert compared.code == 0, "the log itself says why they part"
    told = json.loads(compared.out)
    assert told["first_bad"] is None
    assert told["against"]["first_different"] == told["against"]["common"] + 1
    assert f"from entry {told['against']['first_different']} on" in told["against"]["explained"][0]
    said = here.plain(*new, "verify", "--against", school.home, "--explain")
    assert "Everything holds" in said.out
    assert f"The same up to entry {told['against']['common']}." in said.out
    assert "away back" in said.out
    assert "somebody changed" not in said.out
    assert "Change nothing" not in said.err
    assert here.plain(*new, "verify", "--against", elsewhere).code == 2
    back = here.plain(*new, "away", "back", school.home, "--json")
    assert back.code == 0, back.err
    assert json.loads(back.out)["sound"]
    assert here("anchor", "--done").code == 5, "the other copy is for reading only"
    assert here("log").code == 0
    assert here("verify").code == 0, "both copies verify"
    over = here.plain(*new, "away", "take-over", school.home, *school.witness("sam"), "--json")
    assert over.code == 0, over.err
    assert json.loads(over.out)["cases"] == []
    assert here.plain(*new, "away", "take-over", school.home, *school.witness("sam")).code == 3


def test_the_other_copy_has_a_password_of_its_own(
    here: Here, school: School, stick: Path, elsewhere: Path, tmp_path: Path
) -> None:
    assert here("backup", "make", "--to", stick, "--label", "Stick A").code == 0
    mine = school.password("ruth")
    new = ["--home", elsewhere, "--as", "ruth"]
    assert here.plain(*new, "--password-file", mine, "backup", "restore", stick).code == 0
    taken = ("away", "--officer", "PC Quinn", *school.witness("sam"))
    assert here.plain(*new, "--password-file", mine, *taken).code == 0
    changed = tmp_path / "changed.txt"
    changed.write_text("ruth's quite other words\n", encoding="utf-8")
    done = here.plain(*new, "--password-file", mine, "people", "password", "--new-password-file", changed)
    assert done.code == 0, done.err
    assert here.plain(*new, "--password-file", changed, "verify", "--against", school.home).code == 4
    both = ("--password-file", changed, "--their-password-file", mine)
    for command in (("verify", "--against", school.home), ("away", "back", school.home)):
        done = here.plain(*new, *command, *both)
        assert done.code == 0, done.err
    done = here.plain(*new, "away", "take-over", school.home, *both, *school.witness("sam"))
    assert (done.code, "taken over" in done.err) == (0, True), done.err
    assert here.plain(*new, "--password-file", changed, "verify", "--their-password-file", mine).code == 2
