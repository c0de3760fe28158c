"""What a case that is kept apart has besides its entries: evidence, papers, backups, recovery sheets."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from esafety_tui.desk.copies import restoring
from esafety_tui.desk.logbook.care import only_left_over
from esafety_tui.desk.session import Session
from esafety_tui.store import backup_files
from tests.desk import made_school
from tests.desk.driver import INTERNAL, Driver
from tests.desk.handed import STICK, unpacked
from tests.desk.made_school import RUTH, VAL, Colleague, do
from tests.desk.test_compartments import apart, told
from tests.desk.test_evidence import keep, looked, png
from tests.desk.test_recovering import recover as recover
from tests.desk.test_recovering import texts as texts

SignIn = Callable[..., Session]


@pytest.fixture
def pack() -> str:
    return "spires"


def with_exhibit(session: Session, tmp_path: Path, half_way: bool) -> tuple[str, str]:
    """A case at its review with one screenshot, kept apart from the beginning or from now on; its exhibit's id."""
    driver = Driver(session)
    ref = session.casework.begin("" if half_way else "It is about a colleague.")
    driver.until(ref, "review", INTERNAL)
    picture = tmp_path / "Screenshot 1.png"
    picture.write_bytes(png())
    looked(session, ref)
    exhibit = keep(session, ref, picture)
    if half_way:
        do(session, ref, "apart", "apart", reason="It is about a colleague.")
    return ref, exhibit


@pytest.mark.parametrize("half_way", [False, True])
def test_evidence_lies_in_the_compartment_and_leaves_from_there(
    sign_in: SignIn, home: Path, tmp_path: Path, half_way: bool
) -> None:
    session = sign_in()
    ref, exhibit = with_exhibit(session, tmp_path, half_way)
    room = session.compartments.of_ref(ref)
    assert room is not None
    assert list((home / "evidence").glob("*")) == []
    assert len(list((room.folder / "evidence").glob("*.bin"))) == 1
    assert b"".join(session.evidence.read(ref, exhibit)) == png()
    verified = session.care.verify()
    assert (verified["ok"], verified["evidence_checked"]) == (True, 1), verified["findings"]
    # The bundle proves itself by the compartment's own chain, and stands in the register there.
    made = session.leaving.bundle(ref, tmp_path / "out.zip", STICK)
    assert made.included == (session.casework.case(ref).exhibits[exhibit].mark,)
    assert [row["ref"] for row in session.leaving.left()] == [ref]
    folder = unpacked(made, tmp_path / "bundle")
    done = subprocess.run([sys.executable, "-I", folder / "verify.py"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    said = json.loads((folder / "data/proof/chain.jsonl").read_text().splitlines()[0])["head"]
    assert session.care.verify(f"{said['seq']} {said['words']}")["ok"]
    assert not session.care.verify(f"{said['seq'] - 1} {said['words']}")["ok"]
    session.leaving.back(made.item, "returned", "Sgt Hill")
    assert session.care.verify()["ok"]
    other = sign_in(made_school.PAT)
    assert other.leaving.left() == []
    assert other.journal.of_kind("left") == []
    assert other.care.verify()["ok"]


def test_a_sealed_exhibit_of_a_compartment_opens_with_two_sheets_alone(
    sign_in: SignIn, home: Path, tmp_path: Path, stick: Path
) -> None:
    session = sign_in()
    ref, exhibit = with_exhibit(session, tmp_path, False)
    do(session, ref, "forbidden", "no", exhibit=exhibit, reason="They may be younger than we thought")
    room = session.compartments.of_ref(ref)
    assert room is not None
    assert room.files.sealed()
    assert session.care.verify()["ok"]
    session.copies.make(stick, "Stick A")
    assert [path.name for path in stick.rglob("*.bin")] == [], "sealed bytes leave in no backup"


@pytest.mark.parametrize("who", [RUTH, VAL])
def test_a_backup_holds_it_whoever_makes_it(
    sign_in: SignIn, home: Path, tmp_path: Path, stick: Path, who: Colleague
) -> None:
    session = sign_in()
    ref, exhibit = with_exhibit(session, tmp_path, False)
    session.copies.make(stick, "Stick A")
    do(session, ref, "note", "add", text="After the first backup")
    session = sign_in(who)
    made = session.copies.make(stick)
    assert session.copies.check(stick, made.name)["ok"]
    session.close()
    there = home.parent / "back"
    restoring.with_password(restoring.choose(stick, made.name), there, RUTH.login, RUTH.password)
    back = made_school.unlock(there)
    try:
        assert [row["kind"] for row in back.browsing.show(ref)["chronology"]].count("noted") == 1
        findings = [one["text"] for one in back.care.verify()["findings"]]
        assert [text for text in findings if "put back from a backup" not in text] == []
        assert b"".join(back.evidence.read(ref, exhibit)) == png()
    finally:
        back.close()


def test_a_backup_with_a_compartment_that_was_changed_since_is_not_put_back(
    sign_in: SignIn, home: Path, stick: Path
) -> None:
    session = sign_in()
    apart(session)
    session.copies.make(stick, "Stick A")
    (one,) = backup_files.found_at(stick)
    path = one.aparts[0].path(one.folder)
    data = bytearray(path.read_bytes())
    data[5000] ^= 1
    path.write_bytes(bytes(data))
    assert not session.copies.check(stick)["ok"]


def test_two_sheets_open_a_compartment_for_whoever_comes_back(
    sign_in: SignIn, texts: list[str], recover: Callable[..., Session]
) -> None:
    session = sign_in()
    ref = apart(session)
    session.close()
    session = recover(texts[0], texts[1])
    assert told(session)["found"] == [ref]
    do(session, ref, "note", "add", text="After the recovery")
    assert session.care.verify()["ok"]
    (known,) = session.register.compartments.values()
    assert (known.generation, known.sheet_set) == (2, session.unlocked.header.sheet_set)


def test_two_sheets_in_somebody_elses_hands_seal_it_anew_and_show_them_nothing(
    sign_in: SignIn, texts: list[str], recover: Callable[..., Session]
) -> None:
    session = sign_in()
    ref = apart(session)
    session.close()
    session = recover(texts[0], texts[2], VAL)
    assert told(session)["found"] == []
    (known,) = session.register.compartments.values()
    assert known.sheet_set == session.unlocked.header.sheet_set
    session.close()
    session = sign_in()
    assert told(session)["found"] == [ref]
    assert session.care.verify()["ok"]


def test_new_sheets_are_good_for_it_once_a_reader_has_come_in(sign_in: SignIn, texts: list[str]) -> None:
    from esafety_tui.desk.asks import Reply

    session = sign_in()
    apart(session)
    head = sign_in(made_school.PAT)
    head.sheets.reply(Reply("make"))
    (known,) = head.register.compartments.values()
    assert known.sheet_set < head.unlocked.header.sheet_set
    session = sign_in()
    (known,) = session.register.compartments.values()
    assert known.sheet_set == session.unlocked.header.sheet_set


def test_what_a_broken_off_intake_left_in_a_compartment_is_said_calmly(
    sign_in: SignIn, home: Path, tmp_path: Path
) -> None:
    session = sign_in()
    ref, _ = with_exhibit(session, tmp_path, False)
    room = session.compartments.of_ref(ref)
    assert room is not None
    (room.folder / "evidence" / f"{'5e' * 16}.bin").write_bytes(b"half of something")
    found = session.care.verify()
    assert not found["ok"]
    assert only_left_over(found), found["findings"]


@pytest.mark.parametrize("how", ["gone", "changed"])
def test_the_check_of_a_backup_reads_the_evidence_of_compartments(
    sign_in: SignIn, tmp_path: Path, stick: Path, how: str
) -> None:
    session = sign_in()
    with_exhibit(session, tmp_path, False)
    session.copies.make(stick, "Stick A")
    checked = session.copies.check(stick)
    assert (checked["ok"], checked["evidence_checked"], checked["evidence_bad"]) == (True, 1, 0)
    (path,) = stick.glob("*/*/compartments/*/evidence/*.bin")
    path.unlink() if how == "gone" else path.write_bytes(path.read_bytes()[:-1] + b"?")
    checked = session.copies.check(stick)
    assert (checked["ok"], checked["evidence_checked"], checked["evidence_bad"]) == (False, 1, 1)
    assert "kept apart" in checked["findings"][0]
