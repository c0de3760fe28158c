"""Killed at every write while a case is kept apart, or written in there: all of a step or nothing of it, and made whole
at the next unlocking. Some points of each step; `make torture` strikes all of them (tests/torture/jobs.py)."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from esafety_tui.desk.compartments import checking
from esafety_tui.desk.session import Session
from esafety_tui.errors import StoreError
from tests.desk.killed import NEXT_WORDS
from tests.desk.made_school import VAL, do, found, unlock
from tests.desk.retained import suspicion
from tests.desk.test_killed import DRAFT, Server, before, killed_at_each_point, opened, server

__all__ = ["before", "server"]


def whole(home: Path) -> Session:
    """The home after the kill: it opens, it is whole with its compartments, and nothing lies about."""
    session = opened(home)
    found = checking.check(session, frozenset(), None, None)
    assert found.findings == []
    assert not [line for line in session.warnings if "apart" in line], session.warnings
    named = {known.id: known for known in session.register.compartments.values()}
    there = {path.name: path for path in (home / "compartments").glob("*")}
    assert set(there) == set(named)
    for id, folder in there.items():
        assert [path.name for path in folder.glob("log-*.db")] == [f"log-{named[id].generation}.db"]
    for room in session.compartments.all():
        assert session.compartments.known(room).anchors[-1].seq == room.journal.head()[0], "not anchored"
    return session


@pytest.fixture
def apart(before: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same home, with its only case kept apart, for Val to open too."""
    with monkeypatch.context() as patch:
        patch.setenv("ESAFETY_STATE", str(before / "state"))
        session = unlock(before / "home")
        ref = session.browsing.log()[0]["ref"]
        do(session, ref, "apart", "apart", reason="It is about a colleague.")
        val = next(p.id for p in session.register.people.values() if p.login == VAL.login)
        do(session, ref, "apart", "add", person=val, reason="She leads the team.")
        session.close()
    return before


@pytest.mark.slow
def test_a_case_begun_apart(server: Server, before: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = set()
    for home, said in killed_at_each_point(server, "begin-apart", before, monkeypatch, every=17, names=False):
        session = whole(home)
        there = len(session.browsing.log()) == 2
        assert there or not said
        assert there is bool(session.compartments.all())
        seen.add(there)
        session.close()
    assert seen == {True, False}


@pytest.mark.slow
def test_a_case_moved_half_way(server: Server, before: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = set()
    for home, said in killed_at_each_point(server, "move-apart", before, monkeypatch, every=97, names=False):
        session = whole(home)
        (row,) = session.browsing.log()
        moved = session.browsing.show(row["ref"])["apart"]
        kinds = [line["kind"] for line in session.browsing.chronology(row["ref"])]
        assert ("restricted" in kinds) is moved
        kept = session.casework.draft(row["ref"], "account")
        assert kept is not None
        assert kept.fields == DRAFT
        assert moved or not said
        seen.add(moved)
        session.close()
    assert seen == {True, False}


@pytest.mark.slow
def test_an_answer_in_a_case_that_is_kept_apart(server: Server, apart: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = set()
    for home, said in killed_at_each_point(server, "answer", apart, monkeypatch, every=9, names=False):
        session = whole(home)
        ref = session.browsing.log()[0]["ref"]
        recorded = any(NEXT_WORDS in row["text"] for row in session.browsing.chronology(ref))
        kept = session.casework.draft(ref, "account")
        assert recorded or not said, "what was confirmed is not there"
        assert recorded is (kept is None)
        seen.add(recorded)
        session.close()
    assert seen == {True, False}


@pytest.mark.slow
def test_somebody_loses_the_key(server: Server, apart: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = set()
    for home, said in killed_at_each_point(server, "end-apart", apart, monkeypatch, every=41, names=False):
        session = whole(home)
        ref = session.browsing.log()[0]["ref"]
        excluded = bool(session.casework.case(ref).excluded)
        (known,) = session.register.compartments.values()
        # Where it was recorded and the key not yet changed, this unlocking has changed it.
        assert (known.generation == 2) is excluded
        assert excluded or not said
        session.close()
        other = unlock(home, VAL)
        assert bool(other.compartments.all()) is not excluded
        other.close()
        seen.add(excluded)
    assert seen == {True, False}


@pytest.fixture
def closed_apart(quick_folder: Path, own_folders: Path) -> Path:
    """A home with a closed case that was kept apart with its file, for Val to open too, and one that goes on."""
    place = quick_folder / own_folders.name
    place.mkdir()
    shutil.copytree(os.environ["ESAFETY_STATE"], place / "state", dirs_exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ESAFETY_STATE", str(place / "state"))
        session = found(place / "home", "spires")
        ref = suspicion(session, files=1)
        do(session, ref, "apart", "apart", reason="It is about a colleague.")
        session.casework.begin()
        session.close()
    return place


@pytest.mark.slow
def test_one_is_destroyed(server: Server, closed_apart: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = set()
    for home, said in killed_at_each_point(server, "dispose", closed_apart, monkeypatch, every=4, names=False):
        left = list((home / "compartments").rglob("*"))
        session = opened(home)
        (known,) = session.register.compartments.values()
        gone, folder = bool(known.disposed), home / "compartments" / known.id
        assert gone or not said, "what was confirmed did not hold"
        assert len(session.browsing.log()) == 2 - gone
        assert folder.exists() is not gone, "this unlocking did not finish it"
        assert not [line for line in session.warnings if "apart" in line or "verify" in line], session.warnings
        checked = checking.check(session, frozenset(), None, None)
        assert (checked.findings, checked.gone, checked.evidence) == ([], int(gone), int(not gone))
        assert len(session.retention.disposals()) == int(gone)
        session.close()
        seen.add((gone, bool(left)))
    # Whole; gone with something of it still on the disk; and gone for good.
    assert seen == {(False, True), (True, True), (True, False)}


def test_what_could_not_be_anchored_is_at_the_next_write(apart: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESAFETY_STATE", str(apart / "state"))
    session = unlock(apart / "home")
    ref = session.browsing.log()[0]["ref"]

    def full(*events: object) -> None:
        raise StoreError("The disk is full", "There is no room left.", "Free some space.")

    with monkeypatch.context() as patch:
        patch.setattr(session.compartments, "note", full)
        do(session, ref, "note", "add", text="While the disk was full")
    (room,) = session.compartments.all()
    assert session.compartments.known(room).anchors[-1].seq < room.journal.head()[0]
    assert any("its anchor or its new key could not be" in line for line in session.warnings)
    do(session, ref, "note", "add", text="Once there was room")
    session.close()
    whole(apart / "home").close()
