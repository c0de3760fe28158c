"""A case that is kept apart is destroyed as any other (R16): by two of its readers, and nobody else learns of what."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from esafety_tui.desk.asks import Reply
from esafety_tui.desk.session import Session
from esafety_tui.errors import StoreError, UsageError
from esafety_tui.register.compartments import CompartmentDisposed
from esafety_tui.store import backup_files, enclosed
from esafety_tui.store.browse import NoSuchIncident
from tests.desk import retained
from tests.desk.made_school import CORA, PAT, RUTH, VAL, checked, do
from tests.desk.retained import WORD, SignIn, holds, refused, slip, step, suspicion
from tests.desk.test_recovering import recover as recover
from tests.desk.test_recovering import texts as texts

pack, later = retained.pack, retained.later
Later = Callable[[float], None]
WHY = "It is about a colleague."


def person(session: Session, login: str) -> str:
    return next(one.id for one in session.register.people.values() if one.login == login)


def apart(session: Session, files: int = 0) -> str:
    """A closed case that was kept apart half-way, for its lead and its second person to open."""
    ref = suspicion(session, files)
    do(session, ref, "note", "add", text=f"A {WORD} note")
    do(session, ref, "apart", "apart", reason=WHY)
    session.set_second(None)
    return ref


def room_of(session: Session, ref: str) -> enclosed.Enclosed:
    room = session.compartments.of_ref(ref)
    assert room is not None
    return room


# ---------------------------------------------------------------- when


def test_its_time_comes_for_its_readers_alone(session: Session, sign_in: SignIn, later: Later) -> None:
    ref = apart(session)
    assert session.retention.due() == []
    later(40)
    for who in (RUTH, VAL):
        session = sign_in(who)
        assert [one.ref for one in session.retention.due()] == [ref]
        assert session.retention.count()[0] == 1
        assert session.retention.line(ref).ready
    session = sign_in(PAT)
    assert (session.retention.due(), session.retention.count()) == ([], (0, ""))
    for which in ("dispose", "hold", "keep"):
        with pytest.raises(NoSuchIncident):
            session.retention.ask(which, [ref])


def test_a_hold_and_its_reason_stay_in_the_case(session: Session, sign_in: SignIn, later: Later) -> None:
    ref = apart(session)
    step(session, "hold", ref, second=None, reason="A claim is expected")
    later(40)
    assert session.retention.count() == (0, "")
    assert [one.ref for one in session.retention.held()] == [ref]
    assert not holds(session, "a claim is expected")
    refused(lambda: step(session, "dispose", ref), "Held")
    assert sign_in(PAT).retention.held() == []
    session = sign_in()
    assert [one.held for one in session.retention.held()] == ["A claim is expected"]
    refused(lambda: step(session, "release", ref, second=PAT), "cannot decide")
    step(session, "release", ref)
    session = sign_in(VAL)
    (line,) = [one for one in session.mine() if "ended the hold" in one.text]
    assert line.ref == ref
    session.confirm_mine()
    assert not [one for one in session.mine() if "ended the hold" in one.text]
    until = "2090-01-01"
    step(session, "keep", ref, second=RUTH, until=until, reason="A sister is at the school")
    assert session.retention.due() == []
    assert not holds(session, "a sister is")
    assert session.care.verify()["ok"]


# ---------------------------------------------------------------- by whom


def test_two_of_its_readers_decide(session: Session, sign_in: SignIn, later: Later) -> None:
    ref = apart(session)
    later(40)
    head = session.journal.head()
    refused(lambda: step(session, "dispose", ref, second=PAT), "cannot decide")
    refused(lambda: step(session, "dispose", ref, second=CORA), "cannot decide")
    refused(lambda: step(session, "dispose", ref, second=RUTH), "somebody else")
    refused(lambda: step(session, "dispose", ref, second=None), "is empty", kind=UsageError)
    session.set_second(session.register.people[person(session, "pat")])
    assert any(field.id == "password" for field in session.retention.ask("dispose", [ref]).choices[0].fields)
    assert session.journal.head() == head
    assert room_of(session, ref).folder.is_dir()


def test_one_reader_alone_names_another_first(session: Session, later: Later) -> None:
    ref = slip(session)
    do(session, ref, "apart", "apart", reason=WHY)
    later(40)
    refused(lambda: step(session, "dispose", ref), "Only one person can open it")
    do(session, ref, "apart", "add", person=person(session, "val"), reason="Two decide.")
    step(session, "dispose", ref)


def test_it_is_decided_about_by_itself_and_no_name_stays(session: Session, later: Later) -> None:
    ref, other = apart(session), slip(session)
    later(40)
    for which in ("dispose", "hold"):
        refused(lambda which=which: step(session, which, ref, other), "by itself", kind=UsageError)  # type: ignore[misc]
    party = next(one.name for one in session.casework.case(ref).parties.values() if one.name)
    refused(lambda: step(session, "dispose", ref, reason=f"Time is over for {party}"), "without the name")


# ---------------------------------------------------------------- what goes and what stays


def test_it_goes_whole_and_its_readers_keep_what_was_decided(
    session: Session, sign_in: SignIn, later: Later, home: Path, tmp_path: Path
) -> None:
    other = slip(session, what="Another thing")
    ref = apart(session, files=1)
    room = room_of(session, ref)
    folder, entries = room.folder, room.journal.head()[0] - room.database.base
    before = session.care.verify()
    assert before["moved_apart"] > 0
    later(40)
    ask = session.retention.ask("dispose", [ref])
    assert any(
        "its own folder goes whole" in text and f"{entries} entries and 1 file." in text for text in ask.guidance
    )
    assert "Destroyed, entry" in step(session, "dispose", ref, reason="The rule of the pack").message
    assert not folder.exists()
    assert not holds(session, WORD)
    assert session.compartments.all() == []
    with pytest.raises(NoSuchIncident):
        session.browsing.show(ref)
    assert [row["ref"] for row in session.browsing.log()] == [other]
    report = session.care.verify()
    assert (report["ok"], report["apart"], report["apart_disposed"]) == (True, 0, 1), report["findings"]
    assert (report["tombstones"], report["moved_apart"]) == (before["tombstones"] + before["moved_apart"], 0)
    checked(session)
    for who in (RUTH, VAL):
        session = sign_in(who)
        (one,) = session.retention.disposals()
        assert [(case["ref"], case["entries"]) for case in one.cases] == [(ref, entries)]
        assert (one.first, one.second, one.reason, one.files) == (RUTH.name, VAL.name, "The rule of the pack", 1)
        assert one.entries == entries
        session.retention.certificate(one.number, tmp_path / f"{who.login}.pdf")
        assert (tmp_path / f"{who.login}.pdf").read_bytes().startswith(b"%PDF")
    assert [line.seq for line in session.mine()] == [one.number]
    session.confirm_mine()
    assert session.mine() == []
    slip(session, "Jamie Weir", "Another", signed=False)
    assert session.care.verify()["ok"]


def test_nobody_else_learns_which_case_why_or_by_whom(session: Session, sign_in: SignIn, later: Later) -> None:
    ref = apart(session)
    later(40)
    step(session, "dispose", ref, reason="A reason of few words")
    (entry,) = session.journal.of_kind(CompartmentDisposed.kind)
    assert (entry.by, entry.second, entry.computer, set(entry.data)) == ("", None, "", {"compartment", "told"})
    for word in (ref, "a reason of few"):
        assert not holds(session, word)
    (line,) = [one for one in session.people.trail.traces("kept", login="ruth") if one.seq == entry.seq]
    assert (line.who, line.ref) == (RUTH.name, "")
    assert line.what == f"Destroyed a case that was kept apart, with {VAL.name}: A reason of few words"
    for who in (PAT, CORA):
        session = sign_in(who)
        assert session.compartments.destroyed() == []
        assert session.mine() == []
        report = session.care.verify()
        assert (report["ok"], report["apart_disposed"]) == (True, 1)
    session = sign_in(PAT)
    assert session.retention.disposals() == []
    with pytest.raises(UsageError):
        session.retention.certificate(entry.seq, session.home.parent / "no.pdf")
    (line,) = [one for one in session.people.trail.traces("kept") if one.seq == entry.seq]
    assert (line.who, line.ref) == ("", ""), "that one was destroyed, and no more"
    assert line.what == "A case that was kept apart was destroyed, by two of those who could open it"
    assert not [one for one in session.people.trail.traces("kept", login="ruth") if one.seq == entry.seq]


# ---------------------------------------------------------------- what goes wrong


def test_where_it_cannot_be_entered_it_is_as_it_was(
    session: Session, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = apart(session, files=1)
    later(40)

    def full(*_: object) -> None:
        raise StoreError("The disk is full", "There is no room left.", "Free some space.")

    with monkeypatch.context() as patch:
        patch.setattr(session.compartments, "note", full)
        with pytest.raises(StoreError):
            step(session, "dispose", ref)
    assert session.browsing.show(ref)["status"] == "closed"
    assert session.care.verify()["ok"]
    step(session, "dispose", ref)
    assert session.care.verify()["apart_disposed"] == 1


@pytest.mark.parametrize("who", [RUTH, PAT])
def test_what_a_disk_left_of_it_goes_at_the_next_unlocking_whoever_comes(
    session: Session, sign_in: SignIn, later: Later, home: Path, monkeypatch: pytest.MonkeyPatch, who: object
) -> None:
    ref = apart(session, files=1)
    folder = room_of(session, ref).folder
    later(40)
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", lambda *_, **__: None)
        step(session, "dispose", ref)
        assert any("tried again at the next unlocking" in line for line in session.warnings)
        report = session.care.verify()
        assert (report["ok"], report["evidence_bad"]) == (False, 0)
        assert "is there: it was put back, or could not go" in report["findings"][0]["text"]
    again = sign_in(who)  # type: ignore[arg-type]
    assert not folder.exists()
    assert again.care.verify()["ok"]


def test_a_folder_put_back_is_found(session: Session, sign_in: SignIn, later: Later, tmp_path: Path) -> None:
    ref = apart(session)
    folder = room_of(session, ref).folder
    shutil.copytree(folder, tmp_path / "kept")
    later(40)
    step(session, "dispose", ref)
    session = sign_in(PAT)
    shutil.copytree(tmp_path / "kept", folder)
    (one,) = session.care.verify()["findings"]
    assert folder.name in one["text"]
    assert one["seq"] == next(iter(session.register.compartments.values())).disposed


def test_a_link_in_its_place_is_taken_away_and_not_followed(session: Session, sign_in: SignIn, later: Later) -> None:
    ref = apart(session)
    folder = room_of(session, ref).folder
    later(40)
    step(session, "dispose", ref)
    session.close()
    elsewhere = session.home.parent / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "a letter").write_text("Dear Sir")
    folder.symlink_to(elsewhere)
    session = sign_in()
    assert (elsewhere / "a letter").exists()
    assert not [one for one in session.care.verify()["findings"] if "letter" in one["text"]]


def test_who_has_no_key_cannot_say_that_it_was_destroyed(session: Session, sign_in: SignIn, home: Path) -> None:
    """With the data key in hand: an entry that hides a folder taken away is found by every reader, and deletes nothing
    under their hands."""
    ref = apart(session)
    room = room_of(session, ref)
    folder, id = room.folder, room.id
    session.compartments.note(CompartmentDisposed(id, "ab" * 60))
    session = sign_in(VAL)
    assert folder.is_dir()
    assert any("nobody who could open it wrote that" in line for line in session.warnings)
    assert any("nobody who could open it" in one["text"] for one in session.care.verify()["findings"])
    session.close()
    shutil.rmtree(folder)
    session = sign_in(RUTH)
    assert any("nobody who could open it" in one["text"] for one in session.care.verify()["findings"])
    assert session.retention.disposals() == []


def test_one_that_is_not_as_it_was_is_not_destroyed(session: Session, sign_in: SignIn, later: Later) -> None:
    ref = apart(session)
    room = room_of(session, ref)
    older = room.database.path.read_bytes()
    do(session, ref, "note", "add", text="Later")
    path = room.database.path
    session.close()
    path.write_bytes(older)
    session = sign_in()
    later(40)
    with pytest.raises(StoreError, match="not as it was"):
        step(session, "dispose", ref)
    assert path.exists()


# ---------------------------------------------------------------- copies and keys


def test_backups_that_hold_it_are_listed_and_destroyed_with_its_files(
    session: Session, sign_in: SignIn, later: Later, home: Path
) -> None:
    stick = home.parent / "stick"
    stick.mkdir()
    session.copies.make(stick, "Stick A")
    ref = apart(session, files=1)
    held = session.copies.make(stick).name
    id = room_of(session, ref).id
    later(40)
    said = step(session, "dispose", ref).message
    assert held in said
    number = session.retention.disposals()[0].number
    # The first was made while the case was not there yet.
    assert [(one.name, one.disposals) for one in session.retention.backups()] == [(held, (number,))]
    refused(lambda: session.retention.destroy_backups(stick), "no newer backup", kind=UsageError)
    made = session.copies.make(stick)
    assert session.copies.check(stick, made.name)["ok"]
    pool = next(stick.glob("*/*/compartments")) / id
    assert list(pool.rglob("*.bin"))
    assert session.retention.destroy_backups(stick) == [held]
    assert not pool.exists()
    assert session.retention.backups() == []
    (one, _) = sorted(backup_files.found_at(stick), key=lambda one: one.name)
    assert all(not found.aparts for found in backup_files.found_at(stick)), one


def test_what_stays_is_there_after_new_sheets_and_a_recovery(
    sign_in: SignIn, later: Later, texts: list[str], recover: Callable[..., Session]
) -> None:
    session = sign_in()
    ref = apart(session)
    later(40)
    step(session, "dispose", ref)
    session.close()
    session = recover(texts[0], texts[1])
    assert [one.cases[0]["ref"] for one in session.retention.disposals()] == [ref]
    (known,) = session.register.compartments.values()
    assert known.sheet_set == session.unlocked.header.sheet_set
    session.sheets.reply(Reply("done"))
    session.sheets.reply(Reply("make"))
    session.close()
    session = sign_in(VAL)
    (known,) = session.register.compartments.values()
    assert known.sheet_set == session.unlocked.header.sheet_set
    assert [one.cases[0]["ref"] for one in session.retention.disposals()] == [ref]
    assert session.care.verify()["ok"]
