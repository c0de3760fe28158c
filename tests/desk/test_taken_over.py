"""What is taken over from the copy that came back, or joined, stays whose it was: who, with whom, how proven, when."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from esafety_tui.cli import case_text
from esafety_tui.desk import opening
from esafety_tui.desk.copies import restoring
from esafety_tui.desk.copies.away import Taking
from esafety_tui.desk.copies.carried import taken_for
from esafety_tui.desk.papers.leaving import Allowed
from esafety_tui.desk.school import founding
from esafety_tui.desk.session import Session
from esafety_tui.errors import RefusedError
from esafety_tui.incident import events as e
from esafety_tui.record import origin
from esafety_tui.widgets import chronology
from tests.desk.driver import INTERNAL, Driver
from tests.desk.made_school import PAT, RUTH, VAL, Colleague, answer, checked, do, rebuilt_as_it_was, unlock
from tests.reports import outside
from tests.verifier.conftest import Log, verify

QUINN = Taking("PC Quinn", "The police", "4417", "R-88")
TOLD = ("at", "by", "witness", "proof", "kind", "text", "happened_at", "clock_back")


@pytest.fixture(params=("spires",))
def pack(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def elsewhere(home: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Session, Path, Colleague], Session]:
    """The stick is put back on another computer, and who opened it records with Val that the first was taken."""

    def go(session: Session, stick: Path, who: Colleague = PAT) -> Session:
        session.close()
        monkeypatch.setenv("ESAFETY_STATE", str(home.parent / "state-there"))
        there = home.parent / "there"
        restoring.with_password(restoring.choose(stick), there, who.login, who.password)
        again = opening.unlock(there, who.login, who.password)
        again.away.taken(QUINN, VAL.login, VAL.password)
        return again

    return go


def own(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is told of each entry, whatever its number, without that somebody read it meanwhile."""
    return [{name: row[name] for name in TOLD} for row in rows if row["kind"] != "viewed"]


def test_a_whole_case_stays_whose_it_was(
    session: Session, tmp_path: Path, elsewhere: Callable[..., Session], home: Path
) -> None:
    (tmp_path / "stick").mkdir()
    session.copies.make(tmp_path / "stick", "Stick A")
    ref = session.casework.begin()
    driver = Driver(session)
    driver.until(ref, "close", INTERNAL)
    driver.end(ref)
    there = session.browsing.chronology(ref)
    number = next(row["seq"] for row in there if row["kind"] == "reported")
    do(session, ref, "correct", "correct", seq=str(number), text="It was the other coach", reason="Misheard")
    there, shown = session.browsing.chronology(ref), session.browsing.show(ref)
    statement = next(one for one in shown["signatures"] if one["seat"] == "lead")
    again = elsewhere(session, tmp_path / "stick")
    try:
        again.away.came_back(home, PAT.login, PAT.password)
        again.away.take_over(home, PAT.login, PAT.password, VAL.login, VAL.password)
        here = again.browsing.chronology(ref)
        assert own(here) != []
        assert {row["by"] for row in own(here)} == {RUTH.name}
        same = [row for row in own(there) if row["kind"] not in ("signed", "corrected")]
        assert [row for row in own(here) if row["kind"] not in ("signed", "corrected")] == same
        assert {(row["witness"], row["proof"]) for row in here if row["kind"] == "row-added"} == {(VAL.name, "proven")}
        taken = [row["taken_over"] for row in here if row["kind"] != "viewed" or row["by"] == RUTH.name]
        assert {(one["by"], one["witness"]) for one in taken} == {(PAT.name, VAL.name)}
        assert [one["entry"] for one in taken] == [row["seq"] for row in there if row["seq"] <= taken[-1]["entry"]]
        after = again.browsing.show(ref)
        for name in ("opened_at", "lead", "second", "status", "judgements"):
            assert after[name] == shown[name], name
        signed = next(one for one in after["signatures"] if one["seat"] == "lead")
        assert (signed["statement"], signed["at"]) == (statement["statement"], statement["at"])
        last = next(row["seq"] for row in here if row["taken_over"]["entry"] == statement["covers_up_to"])
        assert signed["covers_up_to"] == last, "by its number here"
        correction = next(row for row in here if row["kind"] == "corrected")
        assert next(row for row in here if row["seq"] == correction["corrects"])["kind"] == "reported"
        assert again.care.verify()["ok"], again.care.verify()["findings"]
        rebuilt_as_it_was(again)
        checked(again)
    finally:
        again.close()
    log = Log(home.parent / "there", tmp_path, ((PAT.login, PAT.password),))
    assert verify(log).report["ok"], verify(log).texts


def test_it_is_said_wherever_the_entry_is_read(
    session: Session, tmp_path: Path, elsewhere: Callable[..., Session], home: Path
) -> None:
    (tmp_path / "stick").mkdir()
    both = session.casework.begin()
    session.copies.make(tmp_path / "stick", "Stick A")
    do(session, both, "note", "add", text="Written before the police came")
    only = session.casework.begin()
    answer(session, only, "no")
    again = elsewhere(session, tmp_path / "stick")
    try:
        again.away.take_over(home, PAT.login, PAT.password, VAL.login, VAL.password)
        note = next(row for row in again.browsing.chronology(both) if "before the police" in row["text"])
        assert (note["by"], note["taken_over"]["by"], note["taken_over"]["witness"]) == (RUTH.name, PAT.name, VAL.name)
        rows = again.browsing.chronology(only)
        beside = f"by {PAT.name} with {VAL.name}"
        assert beside in case_text._entry(rows[0])
        assert "recorded late" not in case_text._entry(rows[0])
        drawn = "\n".join(one.text.plain for one in chronology.lines(rows, "written"))
        assert "taken over on" in drawn
        assert beside in drawn
        assert "late:" not in drawn
        again.leaving.chronology(only, tmp_path / "paper.pdf", Allowed(to_whom="The parent"))
        assert outside.shows((tmp_path / "paper.pdf").read_bytes(), beside, RUTH.name) == []
        entry = again.journal.read(f"incident/{only}")[0]
        assert (entry.by, entry.witness, entry.proof) == (again.person.id, entry.witness, "proven")
        told = origin.of(entry.data)
        assert told is not None
        assert again.name(told.author) == RUTH.name
    finally:
        again.close()
    ruth = unlock(home.parent / "there", RUTH)
    try:
        lines = [line.text for line in ruth.people.mine()]
        assert any("Taken over by Pat Hale" in text and "before the police" in text for text in lines)
        assert sum("Taken over by Pat Hale" in text for text in lines) > 2
        ruth.people.confirm_mine()
        assert ruth.people.mine() == []
    finally:
        ruth.close()
    val = unlock(home.parent / "there", VAL)
    try:
        agreed = [line.text for line in val.people.mine() if "another copy" in line.text]
        assert len(agreed) == 1
        assert "With Pat Hale you took over" in agreed[0]
    finally:
        val.close()


def test_a_joined_log_keeps_whose_it_was_and_says_who_is_who(session: Session, tmp_path: Path) -> None:
    stick = tmp_path / "provisional"
    other = founding.start_now(stick, "Ms Val Orr", "a quiet provisional one", True, "spires")
    ref = other.casework.begin()
    answer(other, ref, "no")
    there, id = other.browsing.chronology(ref), other.person.id
    login = other.person.login
    other.close()
    session.care.join(stick, login, "a quiet provisional one")
    here = session.browsing.chronology(ref)
    assert {row["by"] for row in here if row["taken_over"]} == {VAL.name}
    assert [row["at"] for row in here if row["taken_over"]] == [row["at"] for row in there if row["kind"] != "viewed"][
        : len([row for row in here if row["taken_over"]])
    ]
    assert {(row["taken_over"]["by"], row["taken_over"]["witness"]) for row in here if row["taken_over"]} == {
        (RUTH.name, "")
    }
    assert taken_for(session.register) == ["Ms Val Orr there is counted as Val Orr here, by the name."]
    assert session.register.taken_for[id] == session.casework.case(ref).lead
    assert session.care.verify()["ok"]
    assert json.dumps(here)
    checked(session)


def test_fields_that_are_no_origin_change_nothing() -> None:
    for data in ({}, {"origin": 7}, {"origin": {}}, {"origin": {"author": "x"}}):
        assert origin.of(data) is None
    good = origin.Origin("00", 1, "00", "a", None, "none", "c", "2026-01-05T09:10:00.000Z", 0, None, None, False, False)
    assert origin.of(origin.added({"text": "x"}, good)) == good
    told = origin.added({}, good)
    for name in told["origin"]:
        assert origin.of({"origin": {**told["origin"], name: ["x"]}}) is None, name


def test_a_signature_there_that_does_not_hold_is_not_taken_over(
    session: Session, tmp_path: Path, elsewhere: Callable[..., Session], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "stick").mkdir()
    session.copies.make(tmp_path / "stick", "Stick A")
    ref = session.casework.begin()
    Driver(session).until(ref, "review", INTERNAL)
    forged = e.Signed(
        "lead", session.person.id, "I agree", "password", 1, "00" * 32, session.person.public_key, "00" * 64
    )
    from esafety_tui.record.payload import to_data
    from esafety_tui.store.journal import Draft

    after = session.journal.count(f"incident/{ref}")
    session.journal.append(f"incident/{ref}", [Draft(forged.kind, to_data(forged))], session.stamp(), after)
    again = elsewhere(session, tmp_path / "stick")
    try:
        before = again.journal.head()
        with pytest.raises(RefusedError, match="signature"):
            again.away.take_over(home, PAT.login, PAT.password, VAL.login, VAL.password)
        assert again.journal.head() == before
    finally:
        again.close()
