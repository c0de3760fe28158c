"""An exhibit of a case that is kept apart comes over with its file as any other does, wherever the case lay in either
copy; and one that an earlier taking over left as a note comes once its file can."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from esafety_tui.desk import opening
from esafety_tui.desk.case import absent
from esafety_tui.desk.copies import copy_words, restoring
from esafety_tui.desk.copies.taking_over import TakingOver
from esafety_tui.desk.papers.handover import Handover
from esafety_tui.desk.papers.leaving import Allowed
from esafety_tui.desk.session import Session
from esafety_tui.errors import RefusedError, StoreError
from esafety_tui.store.journal import Part
from tests.desk.driver import INTERNAL, Driver
from tests.desk.handed import STICK, unpacked
from tests.desk.handed import pack as pack
from tests.desk.made_school import PAT, RUTH, VAL, do, rebuilt_as_it_was
from tests.desk.test_evidence import keep, looked, png
from tests.desk.test_paperwork import work
from tests.desk.test_taken_over_all import stick as stick
from tests.desk.test_taken_over_all import take_over, texts
from tests.desk.test_taken_over_all import there as there
from tests.verifier.conftest import Log, verify

Go = Callable[..., Session]
WHY = "It may be about a colleague."


def case(session: Session) -> str:
    """One at the record's box, with a second person."""
    ref = session.casework.begin()
    Driver(session).until(ref, "review", INTERNAL)
    return ref


def apart(session: Session, ref: str) -> None:
    do(session, ref, "apart", "apart", reason=WHY)


def kept(session: Session, ref: str, tmp_path: Path, said: str = "The message") -> None:
    """A screenshot of the case, with a look of its own."""
    looked(session, ref)
    (tmp_path / "shot.png").write_bytes(png())
    keep(session, ref, tmp_path / "shot.png", said)


def is_here(session: Session, ref: str, of: int = 1) -> None:
    """The exhibits are here with their files, in the case's own place, and all of the log holds."""
    room = session.compartments.of_ref(ref)
    assert room is not None
    exhibits = session.casework.case(ref).exhibits.values()
    assert len(exhibits) == of
    for one in exhibits:
        assert room.files.path(one.evidence).is_file()
        assert not (session.home / "evidence" / f"{one.evidence}.bin").exists()
        assert b"".join(session.evidence.read(ref, one.id)) == png()
    report = session.care.verify()
    counts = [report[name] for name in ("ok", "evidence_checked", "evidence_absent")]
    assert counts == [True, of, 0], report["findings"]
    rebuilt_as_it_was(session)


def leaves(session: Session, ref: str, tmp_path: Path) -> None:
    """The papers have it as any other exhibit, with the way it came; whoever checks the bundle finds all of it."""
    (one,) = session.casework.case(ref).exhibits.values()
    assert session.leaving.form(ref, None, Allowed(to_whom="The file")).path.is_file()
    written = session.leaving.bundle(ref, tmp_path / "out.zip", STICK)
    assert (written.included, written.withheld) == ((one.mark,), ())
    folder = unpacked(written, tmp_path / "out")
    command = [sys.executable, "-I", "verify.py"]
    checked = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout
    (item,) = Handover(work(session, ref), "", "", {}).continuity().items
    assert "copied, still encrypted" in item.moves[-1].note


@pytest.mark.parametrize("moved", ["in both", "there", "here", "there later"])
def test_it_comes_with_its_file(
    moved: str, session: Session, stick: Path, there: Go, home: Path, tmp_path: Path
) -> None:
    ref = case(session)
    if moved == "in both":
        apart(session, ref)
    session.copies.make(stick, "Stick A")
    if moved == "there":
        apart(session, ref)
    kept(session, ref, tmp_path)
    if moved == "there later":
        apart(session, ref)
    again = there(session, stick, RUTH)
    try:
        if moved == "here":
            apart(again, ref)
        left, said = take_over(again, home, RUTH)
        assert (left, "nly a note came" in said) == ({}, False), said
        is_here(again, ref)
        with pytest.raises(RefusedError, match="before"):
            take_over(again, home, RUTH)
        is_here(again, ref)
        leaves(again, ref, tmp_path)
    finally:
        again.close()
    log = Log(home.parent / "there", home.parent / "state-there", ((RUTH.login, RUTH.password),))
    assert verify(log).report["ok"], verify(log).texts
    pat = there(None, stick, PAT)
    try:
        assert ref not in {row["ref"] for row in pat.browsing.log()}
        assert pat.care.verify()["ok"]
    finally:
        pat.close()


@pytest.mark.parametrize("kept_apart", [True, False])
def test_one_that_was_left_as_a_note_comes_once_its_file_can(
    kept_apart: bool, session: Session, stick: Path, there: Go, home: Path, tmp_path: Path
) -> None:
    ref = case(session)
    if kept_apart:
        apart(session, ref)
    session.copies.make(stick, "Stick A")
    kept(session, ref, tmp_path)
    (one,) = session.casework.case(ref).exhibits.values()
    room = session.compartments.of_ref(ref)
    path = (room.files if room else session.evidence.files).path(one.evidence)
    path.rename(home / "put-aside")
    again = there(session, stick, RUTH)
    try:
        left, said = take_over(again, home, RUTH)
        assert left == {"exhibit": 1}
        assert "is missing there too" in said
        assert take_over(again, home, RUTH)[0] == {"exhibit": 1}, "nothing new, and nothing forgotten"
        assert not again.casework.case(ref).exhibits
        (home / "put-aside").rename(path)
        event, behind = again.away.take_over(home, RUTH.login, RUTH.password, "val", "val: wooden bridge")
        assert (event.entries, event.noted, event.left) == (1, 0, {})
        assert not any("note" in line for line in copy_words.taken_over(event, behind))
        (here,) = again.casework.case(ref).exhibits.values()
        assert (here.mark, here.sha256) == (one.mark, one.sha256)
        assert b"".join(again.evidence.read(ref, here.id)) == png()
        assert again.register.copies.left_there == {}
        if kept_apart:
            is_here(again, ref)
        with pytest.raises(RefusedError, match="before"):
            take_over(again, home, RUTH)
    finally:
        again.close()


def test_one_whose_file_is_missing_there_too_is_said_by_both_checks_alike(
    session: Session, stick: Path, there: Go, home: Path, tmp_path: Path
) -> None:
    session.casework.begin()
    session.copies.make(stick, "Stick A")
    ref = case(session)
    apart(session, ref)
    kept(session, ref, tmp_path)
    room = session.compartments.of_ref(ref)
    assert room is not None
    (one,) = session.casework.case(ref).exhibits.values()
    room.files.path(one.evidence).unlink()
    again = there(session, stick, RUTH)
    try:
        left, said = take_over(again, home, RUTH)
        assert left == {"file": 1}, said
        (entry,) = (one.seq for one in again.journal.of_kind("taken-over"))
        own = again.care.verify()
        assert (own["ok"], own["not_here"]) == (True, [{"entry": entry, "files": 1}]), own["findings"]
    finally:
        again.close()
    log = Log(home.parent / "there", home.parent / "state-there", ((RUTH.login, RUTH.password),))
    told = verify(log)
    assert told.report == {name: own[name] for name in told.report}
    assert f"as entry {entry} says" in verify(log, plain=True).output


def test_what_came_by_way_of_another_copy_comes_once(
    session: Session, stick: Path, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = case(session)
    session.copies.make(stick, "Stick A")
    kept(session, shared, tmp_path)
    begun = session.casework.begin()
    do(session, begun, "note", "add", text="Seen on the bus")
    do(session, begun, "apart", "apart", reason=WHY)
    session.close()

    def restored(name: str) -> Session:
        monkeypatch.setenv("ESAFETY_STATE", str(home.parent / f"state-{name}"))
        restoring.with_password(restoring.choose(stick), home.parent / name, RUTH.login, RUTH.password)
        again = opening.unlock(home.parent / name, RUTH.login, RUTH.password)
        restoring.record(again, VAL.login, VAL.password, "The disk failed")
        return again

    second = restored("second")
    take_over(second, home, RUTH)
    second.close()
    third = restored("third")
    try:
        assert take_over(third, home.parent / "second", RUTH)[0].keys() <= {"taken-over"}
        had = {ref: texts(third, ref) for ref in (shared, begun)}
        assert "Seen on the bus" in had[begun]
        (one,) = third.casework.case(shared).exhibits.values()
        assert b"".join(third.evidence.read(shared, one.id)) == png()
        for other in (home.parent / "second", home):
            with suppress(RefusedError):
                third.away.take_over(other, RUTH.login, RUTH.password, VAL.login, VAL.password)
        assert {ref: texts(third, ref) for ref in (shared, begun)} == had, "nothing is written twice"
        assert third.care.verify()["ok"], third.care.verify()["findings"]
    finally:
        third.close()


def test_broken_off_after_the_cases_kept_apart_it_goes_on_from_there(
    session: Session, stick: Path, there: Go, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = case(session)
    apart(session, ref)
    session.copies.make(stick, "Stick A")
    kept(session, ref, tmp_path)
    begun = session.casework.begin()
    again = there(session, stick, RUTH)
    try:
        write = TakingOver.append

        def stopped(taking: TakingOver, parts: list[Part], *rest: object) -> None:
            if any(draft.kind == "taken-over" for part in parts for draft in part.drafts):
                raise StoreError("The disk is full", "There is no room left.", "Free some space.")
            write(taking, parts, *rest)  # type: ignore[arg-type]

        with monkeypatch.context() as patched:
            patched.setattr(TakingOver, "append", stopped)
            with pytest.raises(StoreError, match="no room left"):
                take_over(again, home, RUTH)
        again.close()
        again = there(None, stick, RUTH)
        is_here(again, ref)
        before = texts(again, ref)
        assert begun not in {row["ref"] for row in again.browsing.log()}
        left, said = take_over(again, home, RUTH)
        assert left == {}, said
        assert texts(again, ref) == before
        assert begun in {row["ref"] for row in again.browsing.log()}
        is_here(again, ref)
    finally:
        again.close()


@pytest.mark.parametrize("kept_apart", [True, False])
def test_a_file_that_was_missing_there_comes_once_it_is_found(
    kept_apart: bool, session: Session, stick: Path, there: Go, home: Path, tmp_path: Path
) -> None:
    session.casework.begin()
    session.copies.make(stick, "Stick A")
    ref = case(session)
    if kept_apart:
        apart(session, ref)
    kept(session, ref, tmp_path)
    (one,) = session.casework.case(ref).exhibits.values()
    room = session.compartments.of_ref(ref)
    path = (room.files if room else session.evidence.files).path(one.evidence)
    path.rename(home / "put-aside")
    again = there(session, stick, RUTH)
    try:
        assert take_over(again, home, RUTH)[0] == {"file": 1}
        assert absent.of(again, again.casework.case(ref))
        (home / "put-aside").rename(path)
        event, behind = again.away.take_over(home, RUTH.login, RUTH.password, VAL.login, VAL.password)
        assert (event.entries, event.left, event.found, behind) == (0, {}, [one.evidence], ())
        assert copy_words.taken_over(event)[1] == "1 file of an exhibit came, not to be had at an earlier taking over."
        assert b"".join(again.evidence.read(ref, one.id)) == png()
        assert absent.of(again, again.casework.case(ref)) == {}
        assert again.register.copies.left_there == {}
        own = again.care.verify()
        assert (own["ok"], own["evidence_checked"], own["not_here"]) == (True, 1, []), own["findings"]
        log = Log(home.parent / "there", home.parent / "state-there", ((RUTH.login, RUTH.password),))
        with pytest.raises(RefusedError, match="before"):
            take_over(again, home, RUTH)
        again.close()
        told = verify(log)
        assert told.report == {name: own[name] for name in told.report}
        again = there(None, stick, RUTH)
        ours = again.compartments.of_ref(ref)
        (ours.files if ours else again.evidence.files).path(one.evidence).unlink()
        assert not again.care.verify()["ok"], "from now on it has to be there"
        assert not verify(log).report["ok"]
    finally:
        again.close()
