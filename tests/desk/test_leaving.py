"""What leaves: the form, the bundle, the print folder; each an entry, and nothing left behind where it fails."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import bagit
import pytest

from esafety_tui.desk.papers import outgoing, printing
from esafety_tui.desk.papers.leaving import Allowed
from esafety_tui.desk.session import Session
from esafety_tui.errors import EsafetyError, RefusedError, StoreError, UsageError
from esafety_tui.reports import pending
from esafety_tui.reports.pending import Stopped
from tests.desk import handed
from tests.desk.driver import INTERNAL, Driver
from tests.desk.handed import CANARY, STICK, kinds, sealed, text_of, unpacked
from tests.desk.made_school import RUTH, answer, checked, do, rebuilt_as_it_was
from tests.desk.test_evidence import png
from tests.reports.made_bundle import program

pack, reviewed = handed.pack, handed.reviewed


def test_a_bundle_holds_the_incident_and_is_checked_without_us(session: Session, reviewed: str, tmp_path: Path) -> None:
    driver = Driver(session)
    driver.until(reviewed, "sign", {**INTERNAL, "judgement": "yes"})
    answer(session, reviewed, "lead", password=RUTH.password)
    written = session.leaving.bundle(reviewed, tmp_path / "bundle.zip", STICK)
    assert (written.included, written.withheld) == (("RC/1", "RC/2"), ())
    bag = unpacked(written, tmp_path / "out")
    bagit.Bag(str(bag)).validate()
    done = subprocess.run([sys.executable, "-I", "verify.py"], cwd=bag, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "exhibit RC/2 has the hash" in done.stdout
    assert "is a signature over entry" in done.stdout
    assert (bag / "data/exhibits/RC-1.png").read_bytes() == png(filling=b"A")
    cover = text_of(bag / "READ-ME-FIRST.pdf")
    assert "Telephone, grey, 12" in cover
    assert "The safe" in cover
    assert "Stick 3" in cover
    lines = [json.loads(line) for line in (bag / "data/chronology.jsonl").read_text().splitlines()]
    assert [line["seq"] for line in lines] == sorted(line["seq"] for line in lines)
    everything = b"".join(path.read_bytes() for path in bag.rglob("*") if path.is_file())
    assert CANARY.encode() not in everything
    papers = "".join(text_of(path) for path in bag.rglob("*.pdf"))
    assert CANARY not in papers
    assert kinds(session, reviewed)[-1] == "bundled"
    (signed,) = session.browsing.show(reviewed)["signatures"]
    assert not signed["entries_after"], "a bundle adds nothing to what was signed"
    (left,) = session.leaving.left()
    assert (left["what"], left["medium"], left["allowed_by"], left["sha256"]) == (
        "bundle", "Stick 3", RUTH.name, written.sha256,
    )  # fmt: skip
    assert written.passphrase not in repr(written)
    checked(session)
    rebuilt_as_it_was(session)


def test_the_stick_is_an_exhibit_with_a_mark_of_its_own(session: Session, reviewed: str, tmp_path: Path) -> None:
    written = session.leaving.bundle(reviewed, tmp_path / "bundle.zip", STICK)
    assert written.stick == "RC/3"
    bag = unpacked(written, tmp_path / "out")
    sheet = " ".join(text_of(bag / "data/continuity.pdf").split())
    assert "RC/3 The school's own stick or disc that this bundle is on, labelled Stick 3" in sheet
    assert "A visitor's is never used." in sheet
    assert "Stick 3, exhibit RC/3" in " ".join(text_of(bag / "READ-ME-FIRST.pdf").split())
    assert "on the school's own stick Stick 3, exhibit RC/3" in session.browsing.chronology(reviewed)[-1]["text"]
    # The same stick keeps its mark; another one, and the next exhibit, get the next.
    assert session.leaving.bundle(reviewed, tmp_path / "again.zip", STICK).stick == "RC/3"
    assert session.leaving.bundle(reviewed, tmp_path / "other.zip", Allowed("Stick 4", "PC Example")).stick == "RC/4"
    do(session, reviewed, "describe", "words", description="A bag", where="The safe")
    assert list(session.casework.case(reviewed).exhibits.values())[-1].mark == "RC/5"


def test_a_mark_given_elsewhere_while_a_bundle_is_made_is_not_given_twice(
    session: Session, reviewed: str, tmp_path: Path
) -> None:
    other = session.casework.begin()
    Driver(session).until(other, "review", INTERNAL)

    def elsewhere(done: int, total: int) -> None:
        if not session.casework.case(other).exhibits:
            do(session, other, "describe", "words", description="A bag", where="The safe")

    with pytest.raises(RefusedError):
        session.leaving.bundle(reviewed, tmp_path / "bundle.zip", STICK, elsewhere)
    assert list(tmp_path.glob("bundle*")) == []
    assert session.leaving.bundle(reviewed, tmp_path / "bundle.zip", STICK).stick == "RC/4"


def test_page_one_can_be_printed_for_the_receipt(session: Session, reviewed: str, tmp_path: Path) -> None:
    written = session.leaving.bundle(reviewed, tmp_path / "bundle.zip", STICK, page_one=True)
    assert written.page_one is not None
    assert written.page_one.parent == session.home / "print"
    bag = unpacked(written, tmp_path / "out")
    assert written.page_one.read_bytes() == (bag / "READ-ME-FIRST.pdf").read_bytes()
    assert kinds(session, reviewed)[-2:] == ["bundled", "printed"]
    assert session.browsing.chronology(reviewed)[-1]["text"].startswith("Page one of the bundle was written out")
    session.close()
    assert not written.page_one.exists()


def test_the_passphrase_is_kept_nowhere(session: Session, reviewed: str, tmp_path: Path) -> None:
    written = session.leaving.bundle(reviewed, tmp_path / "bundle.zip", STICK)
    for entry in session.journal.since(0, 500):
        assert written.passphrase not in json.dumps(entry.data)
    for path in (*session.home.rglob("*"), tmp_path / "bundle.zip"):
        assert not path.is_file() or written.passphrase.encode() not in path.read_bytes()


def test_sealed_exhibits_are_listed_and_never_inside(session: Session, reviewed: str, tmp_path: Path) -> None:
    sealed(session, reviewed)
    written = session.leaving.bundle(reviewed, tmp_path / "bundle.zip", STICK)
    assert (written.included, written.withheld) == ((), ("RC/1", "RC/2"))
    bag = unpacked(written, tmp_path / "out")
    assert not (bag / "data" / "exhibits").exists()
    everything = b"".join(path.read_bytes() for path in bag.rglob("*") if path.is_file())
    assert not any(png(filling=bytes([64 + number])) in everything for number in (1, 2))
    cover = " ".join(text_of(bag / "READ-ME-FIRST.pdf").split())
    assert "RC/1" in cover
    assert "The message, part 2" in cover
    done = subprocess.run([sys.executable, "-I", "verify.py"], cwd=bag, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "exhibit RC/1 is sealed" in done.stdout
    form = session.leaving.form(reviewed, tmp_path / "form.pdf")
    listed = subprocess.run([program("pdfimages"), "-list", str(form.path)], capture_output=True, text=True, check=True)
    assert len(listed.stdout.splitlines()) == 2, "two lines of heading, and no picture"


def test_what_is_sealed_while_a_bundle_is_made_does_not_leave(session: Session, reviewed: str, tmp_path: Path) -> None:
    done_before = []

    def seal(done: int, total: int) -> None:
        if not done_before:
            done_before.append(done)
            sealed(session, reviewed)

    with pytest.raises(EsafetyError):
        session.leaving.bundle(reviewed, tmp_path / "bundle.zip", STICK, seal)
    assert done_before
    assert not list(tmp_path.glob("bundle*"))
    assert session.leaving.left() == []
    assert "bundled" not in kinds(session, reviewed)


def test_what_is_recorded_while_a_bundle_is_made_stops_it(session: Session, reviewed: str, tmp_path: Path) -> None:
    noted = iter([True])

    def note(done: int, total: int) -> None:
        if next(noted, False):
            do(session, reviewed, "note", "add", text="Something new")

    with pytest.raises(StoreError):
        session.leaving.bundle(reviewed, tmp_path / "bundle.zip", STICK, note)
    assert not list(tmp_path.glob("bundle*"))
    checked(session)


def test_stopping_leaves_nothing_and_enters_nothing(session: Session, reviewed: str, tmp_path: Path) -> None:
    before = session.journal.head()
    for last in (1, 4, 9):
        calls = iter([False] * last + [True])
        with pytest.raises(Stopped):
            session.leaving.bundle(
                reviewed,
                tmp_path / "bundle.zip",
                STICK,
                lambda done, total, calls=calls: next(calls),  # type: ignore[misc]
            )
        assert not list(tmp_path.glob("bundle*"))
    assert session.journal.head() == before


def test_a_lock_meanwhile_leaves_nothing(session: Session, reviewed: str, tmp_path: Path) -> None:
    def lock(done: int, total: int) -> None:
        session.close()

    with pytest.raises(EsafetyError):
        session.leaving.bundle(reviewed, tmp_path / "bundle.zip", STICK, lock)
    assert not list(tmp_path.glob("bundle*"))


@pytest.mark.parametrize("name", ["form.pdf", "form.zip", "bundle.zip"])
def test_a_name_that_cannot_be_given_is_entered_as_never_left(
    session: Session, reviewed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.EIO, "no")

    monkeypatch.setattr(pending.os, "replace", fail)
    make = session.leaving.bundle if name == "bundle.zip" else session.leaving.form
    with pytest.raises(StoreError):
        make(reviewed, tmp_path / name, STICK)
    monkeypatch.undo()
    assert not list(tmp_path.glob(f"{name}*"))
    (left,) = session.leaving.left()
    assert (left["ended"], left["out"]) == ("never-left", False)


def test_a_journal_that_cannot_be_written_lets_nothing_leave(
    session: Session, reviewed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise StoreError("The disk is full", "no room")

    monkeypatch.setattr(session.journal, "append_many", full)
    for name in ("form.pdf", "form.zip", "bundle.zip"):
        make = session.leaving.bundle if name == "bundle.zip" else session.leaving.form
        with pytest.raises(StoreError):
            make(reviewed, tmp_path / name, STICK)
        assert not list(tmp_path.glob(f"{name}*"))


def test_a_damaged_exhibit_is_said_and_nothing_leaves(session: Session, reviewed: str, tmp_path: Path) -> None:
    file = max((session.home / "evidence").iterdir())
    data = bytearray(file.read_bytes())
    data[-20] ^= 1
    file.write_bytes(data)
    with pytest.raises(StoreError):
        session.leaving.bundle(reviewed, tmp_path / "bundle.zip", STICK)
    assert not list(tmp_path.glob("bundle*"))


def test_a_bundle_is_a_zip_and_nothing_is_written_over(session: Session, reviewed: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        session.leaving.bundle(reviewed, tmp_path / "bundle.pdf", STICK)
    there = tmp_path / "bundle.zip"
    there.write_text("mine")
    for make in (session.leaving.bundle, session.leaving.form):
        with pytest.raises(UsageError):
            make(reviewed, there, STICK)
    assert there.read_text() == "mine"
    assert session.leaving.left() == []


def test_a_bundle_names_its_stick_and_page_one_leaves_a_line_for_it_in_practice(
    session: Session, reviewed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = session.leaving.bundle(reviewed, tmp_path / "practice.zip")
    cover = " ".join(text_of(unpacked(written, tmp_path / "out") / "READ-ME-FIRST.pdf").split())
    assert "Stick: not named. What stands on its label, by pen" in cover
    monkeypatch.setattr(Session, "demo", False)
    with pytest.raises(RefusedError, match="label of the stick") as caught:
        session.leaving.bundle(reviewed, tmp_path / "bundle.zip", Allowed("  ", "PC Example"))
    assert caught.value.rule == "R19"
    assert not list(tmp_path.glob("bundle*"))
    (bundle,) = outgoing.ask(session, reviewed, "bundle").choices[:1]
    assert next(one.required for one in bundle.fields if one.id == "medium")


def test_nothing_that_leaves_is_put_among_the_logs_own_files(session: Session, reviewed: str, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(session.home)
    (session.home / "print").mkdir(exist_ok=True)
    for folder in (session.home, session.home / "evidence", session.home / "print" / "..", link):
        for name in ("b.zip", "f.pdf"):
            make = session.leaving.bundle if name == "b.zip" else session.leaving.form
            with pytest.raises(UsageError, match="log's own"):
                make(reviewed, folder / name, STICK)
        with pytest.raises(UsageError, match="log's own"):
            session.leaving.blank(folder / "kit.pdf")
    with pytest.raises(UsageError, match="the screen"):
        session.leaving.form(reviewed, Path("-"), STICK)
    assert session.leaving.form(reviewed, session.home / "print" / "mine.pdf", STICK).path.exists()
    assert not list(session.home.rglob("*.zip*"))


def test_the_form_leaves_plain_encrypted_or_to_the_print_folder(
    session: Session, reviewed: str, tmp_path: Path
) -> None:
    plain = session.leaving.form(reviewed, tmp_path / "form.pdf", STICK)
    assert (plain.how, plain.passphrase) == ("plain", "")
    assert plain.path.read_bytes().startswith(b"%PDF-")
    assert "The message, part 1" in " ".join(text_of(plain.path).split())
    encrypted = session.leaving.form(reviewed, tmp_path / "form.zip", STICK)
    with zipfile.ZipFile(encrypted.path) as archive:
        assert [info.flag_bits & 1 for info in archive.infolist()] == [1]
    assert unpacked(encrypted, tmp_path / "out").read_bytes().startswith(b"%PDF-")
    printed = [session.leaving.form(reviewed), session.leaving.form(reviewed)]
    assert printed[0].path != printed[1].path
    assert all(one.path.parent == session.home / "print" for one in printed)
    if os.name != "nt":
        assert (session.home / "print").stat().st_mode & 0o777 == 0o700
        assert {one.path.stat().st_mode & 0o777 for one in (plain, encrypted, *printed)} == {0o600}
    assert kinds(session, reviewed)[-4:] == ["printed"] * 4
    assert [one["how"] for one in session.leaving.left()] == ["print-folder", "print-folder", "zip", "plain"]
    due = [line.what for line in session.browsing.due() if plain.item in line.what]
    assert len(due) == 1, "a copy that anybody can read is due to be destroyed or signed for"
    session.leaving.back(plain.item, "destroyed", "Val Orr")
    assert not any(plain.item in line.what for line in session.browsing.due())
    rebuilt_as_it_was(session)


def test_the_print_folder_is_empty_after_the_sitting_and_at_the_next(
    sign_in: Callable[..., Session], tmp_path: Path
) -> None:
    session = sign_in()
    ref = session.casework.begin()
    printed = session.leaving.form(ref).path
    assert printed.exists()
    session.close()
    assert not printed.exists()
    (session.home / "print" / "left by a crash.pdf").write_text("names")
    elsewhere = tmp_path / "mine.txt"
    elsewhere.write_text("mine")
    (session.home / "print" / "link").symlink_to(elsewhere)
    sign_in()
    assert list((session.home / "print").iterdir()) == []
    assert elsewhere.read_text() == "mine"


def test_a_print_folder_that_is_a_link_is_not_followed(session: Session, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    (session.home / "print").symlink_to(tmp_path)
    ref = session.casework.begin()
    with pytest.raises(StoreError):
        session.leaving.form(ref)
    assert printing.empty(session.home)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_what_cannot_be_removed_is_said_at_the_next_sitting(
    sign_in: Callable[..., Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    session = sign_in()
    session.leaving.form(session.casework.begin())
    monkeypatch.setattr(printing, "empty", lambda home: False)
    assert any("print folder" in notice for notice in sign_in().browsing.home().notices)
