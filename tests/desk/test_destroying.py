"""Destroying records: files and keys, a disk that fails, backups that hold it, the certificate, and what remains."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from esafety_tui.desk.copies import restoring
from esafety_tui.desk.retention import traces
from esafety_tui.desk.school import rekeying
from esafety_tui.desk.session import Session
from esafety_tui.errors import RefusedError, StoreError, UsageError
from esafety_tui.store import disposal
from esafety_tui.vault import heads
from tests.desk import retained
from tests.desk.handed import STICK, unpacked
from tests.desk.made_school import (
    PAT,
    RUTH,
    VAL,
    checked,
    unlock,
)
from tests.desk.retained import SignIn, evidence_id, refused, slip, step, suspicion
from tests.desk.test_evidence import png
from tests.reports import outside

pack, later = retained.pack, retained.later


# ---------------------------------------------------------------- evidence


def test_the_files_go_with_their_keys_and_the_same_picture_elsewhere_stays(
    session: Session, later: Callable[[float], None]
) -> None:
    ref = suspicion(session, files=1)
    other = suspicion(session, files=1)
    kept, gone = (evidence_id(session, one) for one in (other, ref))
    later(40)
    step(session, "dispose", ref)
    folder = session.home / "evidence"
    assert [path.stem for path in folder.glob("*.bin")] == [kept]
    assert not session.evidence.files.has(gone)
    assert session.evidence.files.has(kept)
    assert b"".join(session.evidence.files.read(kept)) == png()
    report = session.care.verify()
    assert (report["ok"], report["evidence_checked"], report["findings"]) == (True, 1, [])


def test_a_file_that_a_full_disk_left_goes_at_the_next_unlock(
    session: Session, sign_in: SignIn, later: Callable[[float], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = suspicion(session, files=1)
    later(40)
    with monkeypatch.context() as patch:
        patch.setattr(disposal, "remove_files", lambda *_: 0)
        step(session, "dispose", ref)
    assert list((session.home / "evidence").glob("*.bin"))
    again = sign_in()
    assert not list((again.home / "evidence").glob("*.bin"))
    assert again.care.verify()["ok"]


def test_what_is_sealed_goes_on_a_written_direction_alone(session: Session, later: Callable[[float], None]) -> None:
    ref = suspicion(session, files=1)
    exhibit = next(iter(session.casework.case(ref).exhibits.values()))
    stream = f"incident/{ref}"
    from esafety_tui.store.journal import Draft

    session.journal.append(
        stream, [Draft("sealed", {"exhibits": [exhibit.id], "reason": "found later", "how": "said"})], session.stamp(),
        session.journal.count(stream),
        also=lambda connection: session.evidence.files.seal(
            connection, [e.data["evidence"] for e in session.journal.read(stream) if e.kind == "exhibited"]
        ),
    )  # fmt: skip
    assert session.casework.case(ref).exhibits[exhibit.id].sealed
    later(40)
    assert session.retention.line(ref).sealed
    refused(lambda: step(session, "dispose", ref), "direction", kind=UsageError)
    step(session, "dispose", ref, direction="DC Reid, 3 March, PSNI/4417")
    assert session.retention.disposals()[0].direction == "DC Reid, 3 March, PSNI/4417"
    assert session.care.verify()["ok"]


# ---------------------------------------------------------------- a disk that fails


@pytest.mark.parametrize("broken", ["take_out", "sound", "_write_anew"])
def test_where_it_cannot_be_done_everything_is_as_it_was(
    session: Session, later: Callable[[float], None], monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    ref = suspicion(session, files=1)
    later(40)
    head, header = session.journal.head(), (session.home / "vault.json").read_bytes()

    def fail(*_: object) -> None:
        raise StoreError("The disk is full", "There is no room left.", "Free some space.")

    with monkeypatch.context() as patch:
        patch.setattr(disposal, broken, fail)
        with pytest.raises(StoreError):
            step(session, "dispose", ref)
    assert (session.journal.head(), (session.home / "vault.json").read_bytes()) == (head, header)
    assert sorted(path.name for path in session.home.glob("log-*")) == ["log-1.db"]
    assert session.browsing.show(ref)["status"] == "closed"
    assert len(list((session.home / "evidence").glob("*.bin"))) == 1
    checked(session)
    step(session, "dispose", ref)


def test_broken_off_at_the_rename_it_is_one_or_the_other(
    session: Session, sign_in: SignIn, later: Callable[[float], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def stop(*_: object) -> None:
        raise Killed

    ref = suspicion(session, files=1)
    later(40)
    for moment in ("_put_in_force", "heads"):
        session = sign_in()
        with monkeypatch.context() as patch:
            if moment == "heads":
                patch.setattr(heads, "write_head", stop)
            else:
                patch.setattr(rekeying, moment, stop)
            with pytest.raises(Killed):
                step(session, "dispose", ref)
        (session.home / "log-9.db.new").write_bytes(b"left by a crash")
        again = sign_in()
        there = bool(again.browse.incident(again.reader, ref))
        assert there == (moment == "_put_in_force")
        assert len(list(again.home.glob("log-*"))) == 1
        assert bool(list((again.home / "evidence").glob("*.bin"))) == there
        assert again.care.verify()["ok"]
        assert not [text for text in again.warnings if "verify" in text]


# ---------------------------------------------------------------- what still holds it


def test_the_backups_that_hold_it_are_named_and_destroyed_once_there_is_a_newer(
    session: Session, later: Callable[[float], None], home: Path
) -> None:
    stick = home.parent / "stick"
    stick.mkdir()
    session.copies.set_place(stick, "BLUE")
    early = session.copies.make()
    ref = suspicion(session, files=1)
    made = session.copies.make()
    assert session.retention.backups() == []
    later(40)
    saved = step(session, "dispose", ref)
    assert made.name in saved.message
    assert [one.name for one in session.retention.backups()] == [made.name]  # the one before the case does not hold it
    assert any("A backup still holds" in text for text in session.browsing.home().notices)
    refused(session.retention.destroy_backups, "no newer backup", kind=UsageError)
    assert traces.before_deleting(session).startswith("Make a new backup first")
    newest = session.copies.make()
    assert traces.before_deleting(session) == f"A newer one was made since: {newest.name} on BLUE. Take that stick."
    assert session.retention.destroy_backups() == [made.name]
    assert session.retention.backups() == []
    left = {path.name for path in (stick / "esafety-backups" / session.database.vault_id.hex()).iterdir()}
    assert {early.name, newest.name} <= left
    assert made.name not in left
    assert not list((stick / "esafety-backups").rglob("*.bin"))
    assert session.copies.check()["ok"]
    shutil.rmtree(stick)
    refused(session.retention.destroy_backups, "not in", kind=UsageError)


# ---------------------------------------------------------------- on paper


def test_the_certificate_names_no_pupil(session: Session, later: Callable[[float], None], tmp_path: Path) -> None:
    ref = slip(session)
    later(7)
    step(session, "dispose", ref)
    number = session.retention.disposals()[0].number
    out = tmp_path / "certificate.pdf"
    session.retention.certificate(number, out)
    data = out.read_bytes()
    assert outside.shows(data, "Certificate of destruction", ref, RUTH.name, VAL.name, "Ordinary incidents") == []
    assert outside.shows(data, "Zebedee") == ["Zebedee"]
    with pytest.raises(UsageError):
        session.retention.certificate(number, out)
    with pytest.raises(UsageError):
        session.retention.certificate(number + 1, tmp_path / "other.pdf")


def test_of_an_allegation_against_staff_only_those_who_decided_and_the_head_hear(
    session: Session, sign_in: SignIn
) -> None:
    from esafety_tui.register.retention import RecordsDisposed

    ids = {person.login: id for id, person in session.register.people.items()}
    case = {"ref": "K7Q-2M", "class": "staff-allegation"}
    session.note(RecordsDisposed([case], [[1, 1]], "x", ids[RUTH.login], ids[PAT.login], "proven"))
    assert len(session.retention.disposals()) == 1
    assert len(sign_in(PAT).retention.disposals()) == 1
    assert sign_in(VAL).retention.disposals() == []


def test_a_quiet_computer_destroys_nothing(
    session: Session, later: Callable[[float], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = slip(session)
    later(7)
    monkeypatch.setattr(Session, "quiet_ref", property(lambda self: "K7Q-2M"))
    for which in ("hold", "dispose"):
        with pytest.raises(RefusedError):
            step(session, which, ref)


def test_what_was_handed_over_of_another_case_proves_itself_without_us(
    session: Session, later: Callable[[float], None], tmp_path: Path
) -> None:
    """The proof walks over entries whose records are gone: a leaf is all that it needs of them."""
    gone, other = slip(session), slip(session, "Jamie Weir", "Other")
    later(7)
    step(session, "dispose", gone)
    written = session.leaving.bundle(other, tmp_path / "bundle.zip", STICK)
    bag = unpacked(written, tmp_path / "out")
    done = subprocess.run([sys.executable, "-I", "verify.py"], cwd=bag, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not any(gone in path.read_text(errors="replace") for path in bag.rglob("*.jsonl"))


def test_a_log_put_back_from_before_has_it_again_and_says_so(
    session: Session, later: Callable[[float], None], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A backup made before is what brings it back: then it is due again."""
    stick = home.parent / "stick"
    stick.mkdir()
    ref = slip(session)
    session.copies.set_place(stick, "BLUE")
    session.copies.make()
    later(7)
    step(session, "dispose", ref)
    session.close()
    monkeypatch.setenv("ESAFETY_STATE", str(home.parent / "another-computer"))
    there = home.parent / "there"
    restoring.with_password(restoring.choose(stick), there, RUTH.login, RUTH.password)
    back = unlock(there)
    assert [one.ref for one in back.retention.due()] == [ref]
    with pytest.raises(StoreError, match="for reading only"):
        step(back, "dispose", ref)
    back.close()
