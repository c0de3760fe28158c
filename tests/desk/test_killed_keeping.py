"""Killed at every write while a file is taken into the record, and while a halt seals one: never half of either."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from esafety_tui.desk.session import Session
from esafety_tui.errors import RefusedError
from tests.desk.driver import INTERNAL, Driver
from tests.desk.made_school import answer, found, rebuilt_as_it_was, unlock
from tests.desk.test_evidence import keep, looked, png
from tests.desk.test_killed import Server, killed_at_each_point, server

__all__ = ["server"]

pytestmark = pytest.mark.slow


@pytest.fixture
def place(quick_folder: Path, own_folders: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with one case at the record's box, and a screenshot beside it."""
    place = quick_folder / own_folders.name
    place.mkdir()
    shutil.copytree(os.environ["ESAFETY_STATE"], place / "state", dirs_exist_ok=True)
    (place / "shot.png").write_bytes(png())
    monkeypatch.setenv("ESAFETY_STATE", str(place / "state"))
    return place


def at_the_record(place: Path) -> tuple[Session, str]:
    session = found(place / "home", "spires")
    ref = session.casework.begin()
    Driver(session).until(ref, "review", INTERNAL)
    looked(session, ref)
    return session, ref


def test_a_file_is_kept_whole_with_its_entry_or_not_at_all(
    server: Server, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, ref = at_the_record(place)
    answer(session, ref, "copy-ask", row=session.casework.case(ref).rows[-1].row, could="no")
    session.close()
    seen = set()
    for home, said in killed_at_each_point(server, "keep", place, monkeypatch, every=13):
        after = unlock(home)
        rebuilt_as_it_was(after)
        exhibits = list(after.casework.case(ref).exhibits.values())
        assert exhibits or not said, "what was confirmed is not there"
        assert len(exhibits) <= 1
        files = list((home / "evidence").glob("*")) if (home / "evidence").is_dir() else []
        report = after.care.verify()
        assert report["evidence_checked"] == len(exhibits)
        assert report["evidence_bad"] == 0
        for one in exhibits:
            assert b"".join(after.evidence.read(ref, one.id)) == png()
        # A file that no entry names is found and said; it is never taken for a part of the record.
        assert report["ok"] is (len(files) == len(exhibits)), (report["findings"], files)
        assert (home.parent / "shot.png").read_bytes() == png()
        seen.add((bool(exhibits), len(files)))
        after.close()
    assert {(False, 0), (True, 1)} <= seen


def test_a_halt_seals_with_its_entry_or_not_at_all(
    server: Server, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, ref = at_the_record(place)
    kept = keep(session, ref, place / "shot.png")
    session.close()
    seen = set()
    for home, said in killed_at_each_point(server, "shut", place, monkeypatch, every=13):
        after = unlock(home)
        case = after.casework.case(ref)
        halted = case.standing.lane == "illegal"
        assert halted or not said
        assert case.exhibits[kept].sealed is halted
        assert (case.exhibits[kept].evidence in after.evidence.files.sealed()) is halted
        if halted:
            with pytest.raises(RefusedError):
                list(after.evidence.files.read(case.exhibits[kept].evidence))
        else:
            assert b"".join(after.evidence.read(ref, kept)) == png()
        assert after.care.verify()["ok"]
        seen.add(halted)
        after.close()
    assert seen == {True, False}
