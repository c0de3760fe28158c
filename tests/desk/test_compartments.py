"""R10: a case that is kept apart: its readers find it as any other, and nobody else finds anything of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from esafety_tui.desk.asks import Reply
from esafety_tui.desk.compartments import keeping
from esafety_tui.desk.papers.leaving import Allowed, Recipient
from esafety_tui.desk.school import founding
from esafety_tui.desk.session import Session
from esafety_tui.errors import RefusedError, StoreError
from esafety_tui.store import database, enclosed, recipe
from esafety_tui.vault import boxes
from tests.desk.made_school import CORA, PAT, RUTH, VAL, Colleague, do, unlock
from tests.store import bare_pages

WORD = "zephyrine"


@pytest.fixture
def pack() -> str:
    return "spires"


def told(session: Session) -> dict[str, object]:
    """What the doors say of the log."""
    browsing = session.browsing
    return {
        "refs": [row["ref"] for row in browsing.page().rows],
        "total": browsing.total(),
        "found": [row["ref"] for row in browsing.log(search=WORD)],
        "home": [row["ref"] for row in browsing.home().open],
        "palette": [one.id for one in browsing.suggest(WORD)],
        "due": [line.ref for line in browsing.due() if line.ref],
    }


def apart(session: Session, why: str = "It is about a colleague.") -> str:
    ref = session.casework.begin(why)
    do(session, ref, "note", "add", text=f"The {WORD} note")
    return ref


def test_a_case_begun_apart_is_there_for_its_lead_and_for_nobody_else(
    sign_in: Callable[..., Session], home: Path
) -> None:
    session = sign_in()
    plain = session.casework.begin()
    ref = apart(session)
    other = session.casework.begin()
    found = told(session)
    assert found["refs"] == [other, ref, plain]
    assert found["found"] == [ref]
    assert ref in found["home"]
    assert ref in found["palette"]
    verified = session.care.verify()
    assert (verified["ok"], verified["apart"]) == (True, 1)
    again = sign_in()
    assert told(again) == found
    for reader in (VAL, PAT, CORA):
        session = sign_in(reader)
        assert ref not in told(session)["refs"]
        assert told(session)["found"] == []
        assert session.care.verify()["ok"]


def moved(session: Session) -> str:
    """A case of the log that is kept apart from its fourth entry on."""
    ref = session.casework.begin()
    do(session, ref, "note", "add", text=f"The {WORD} note")
    session.casework.save_draft(ref, "task/note", "add", {"text": f"half {WORD}"})
    do(session, ref, "apart", "apart", reason="It is about a colleague.")
    return ref


def test_a_case_that_is_moved_half_way_is_as_it_was_for_its_readers(
    sign_in: Callable[..., Session], home: Path
) -> None:
    session = sign_in()
    first = session.casework.begin()
    ref = moved(session)
    last = session.casework.begin()
    do(session, ref, "note", "add", text="Another note")
    draft = session.casework.draft(ref, "task/note")
    shown = session.browsing.show(ref)
    assert [row["kind"] for row in shown["chronology"]] == ["opened", "noted", "restricted", "noted"]
    seqs = [row["seq"] for row in shown["chronology"]]
    room = session.compartments.of_ref(ref)
    assert room is not None
    assert seqs == sorted(seqs)
    assert seqs[2] == room.database.base + 3
    found = told(session)
    assert found["refs"] == [last, ref, first]
    verified = session.care.verify()
    assert (verified["ok"], verified["apart"]) == (True, 1), verified["findings"]
    assert (verified["tombstones"], verified["moved_apart"]) == (0, 2), "nothing was destroyed"
    again = sign_in()
    assert told(again) == found
    assert again.browsing.show(ref)["chronology"][:4] == shown["chronology"]
    assert again.casework.draft(ref, "task/note") == draft
    session = sign_in(VAL)
    assert ref not in told(session)["refs"]
    assert told(session)["found"] == []
    assert session.care.verify()["ok"]


def test_others_are_let_in_by_name_and_out_again_by_a_new_key(sign_in: Callable[..., Session], home: Path) -> None:
    session = sign_in()
    ref = apart(session)
    val = person_id(session, VAL)
    room = session.compartments.of_ref(ref)
    assert room is not None
    first, folder = room.key.data_key, room.folder
    do(session, ref, "apart", "add", person=val, reason="She leads the team.")
    assert room.key.data_key == first
    session = sign_in(VAL)
    assert told(session)["found"] == [ref]
    shown = session.browsing.show(ref)
    assert shown["apart"]
    session = sign_in()
    said = do(session, ref, "exclude", "exclude", person=val, reason="A friend of the family.").said
    assert any("opened it on" in line for line in said), said
    room = session.compartments.of_ref(ref)
    assert room is not None
    assert room.key.data_key != first
    assert [path.name for path in folder.glob("*.db*")] == ["log-2.db"]
    assert session.care.verify()["ok"]
    (had,) = session.browsing.show(ref)["excluded"]
    assert had["person"] == VAL.name
    assert len(had["read"]) == 1
    session = sign_in(VAL)
    assert session.compartments.all() == []
    assert told(session)["found"] == []


def test_whoever_leaves_the_school_loses_the_key_at_the_next_readers_unlocking(
    sign_in: Callable[..., Session], home: Path
) -> None:
    session = sign_in()
    ref = apart(session)
    do(session, ref, "apart", "add", person=person_id(session, VAL), reason="She leads the team.")
    head = sign_in(PAT)
    head.people.retire_reply(Reply("retire", {"person": person_id(head, VAL), "reason": "She left."}))
    session = sign_in()
    room = session.compartments.of_ref(ref)
    assert room is not None
    assert room.database.path.name == "log-2.db"
    assert session.care.verify()["ok"]


def person_id(session: Session, who: Colleague) -> str:
    """The id of somebody of the school."""
    return next(p.id for p in session.register.people.values() if p.login == who.login)


def test_an_older_file_put_back_is_found_and_not_written_in(sign_in: Callable[..., Session], home: Path) -> None:
    session = sign_in()
    ref = apart(session)
    room = session.compartments.of_ref(ref)
    assert room is not None
    path = room.database.path
    session.close()
    before = path.read_bytes()
    session = sign_in()
    do(session, ref, "note", "add", text="Later")
    session.close()
    path.write_bytes(before)
    session = sign_in()
    assert any("kept apart is not as it was" in line for line in session.warnings)
    with pytest.raises(StoreError):
        do(session, ref, "note", "add", text="Later still")
    found = session.care.verify()
    assert not found["ok"]
    assert any("has been seen before" in one["text"] for one in found["findings"])


@pytest.mark.parametrize("reader", [RUTH, VAL])
def test_a_file_taken_away_is_found_by_everybody(
    sign_in: Callable[..., Session], home: Path, reader: Colleague
) -> None:
    session = sign_in()
    room = session.compartments.of_ref(apart(session))
    assert room is not None
    session.close()
    room.database.path.unlink()
    found = sign_in(reader).care.verify()
    assert [one["text"][:34] for one in found["findings"]] == ["A file that belongs to this log is"]


def test_what_no_entry_names_is_located(sign_in: Callable[..., Session], home: Path) -> None:
    session = sign_in()
    room = session.compartments.of_ref(apart(session))
    assert room is not None
    assert session.care.verify()["ok"]
    folder = room.folder.parent
    (folder / "elsewhere").mkdir()
    (folder / ("ab" * 16)).mkdir()
    (folder / "note.txt").write_text("x")
    (folder / ".DS_Store").write_text("x")
    (room.folder / "log-9.db.bak").write_text("x")
    (room.folder / "evidence").mkdir(exist_ok=True)
    found = [one["text"] for one in session.care.verify()["findings"]]
    assert len(found) == 4
    for name in ("elsewhere", "ab" * 16, "note.txt", f"{room.id}/log-9.db.bak"):
        assert any(f"No entry names compartments/{name}:" in text for text in found)
    again = sign_in()
    assert not (folder / ("ab" * 16)).exists(), "it is what a kill leaves, and swept away"
    assert len(again.care.verify()["findings"]) == 3


def test_anothers_file_in_its_place_is_found(sign_in: Callable[..., Session], home: Path) -> None:
    session = sign_in()
    rooms = [session.compartments.of_ref(apart(session)) for _ in range(2)]
    session.close()
    first, second = (room.database.path for room in rooms if room)
    shutil.copyfile(second, first)
    session = sign_in()
    assert any("cannot be opened" in line for line in session.warnings)
    assert not session.care.verify()["ok"]


def test_a_damaged_one_keeps_nobody_from_the_rest_of_the_log(sign_in: Callable[..., Session], home: Path) -> None:
    session = sign_in()
    ref = apart(session)
    room = session.compartments.of_ref(ref)
    assert room is not None
    session.close()
    data = bytearray(room.database.path.read_bytes())
    for page in range(3, len(data) // 4096):
        data[page * 4096 + 100] ^= 1
    room.database.path.write_bytes(bytes(data))
    session = sign_in()
    assert any("cannot be opened" in line for line in session.warnings)
    other = session.casework.begin()
    assert told(session)["refs"] == [other]
    assert not session.care.verify()["ok"]


def test_one_entry_changed_with_the_key_in_hand_is_named(sign_in: Callable[..., Session], home: Path) -> None:
    session = sign_in()
    ref = moved(session)
    room = session.compartments.of_ref(ref)
    assert room is not None
    driver = recipe.connect(room.database.path, room.key.data_key)
    driver.execute("DROP TRIGGER record_no_update")
    seq = room.database.base + 1
    (text,) = driver.execute("SELECT bytes FROM record WHERE seq = ?", (seq,)).fetchone()
    driver.execute("UPDATE record SET bytes = ? WHERE seq = ?", (text.replace(b'"late":false', b'"late":true '), seq))
    driver.close()
    found = session.care.verify()
    assert found["first_bad"] == seq


def test_nothing_of_a_moved_case_stays_in_the_log(sign_in: Callable[..., Session], home: Path) -> None:
    session = sign_in()
    ref = moved(session)
    path, key = session.database.path, session.unlocked.data_key
    session.close()
    assert not bare_pages.holds(path, key, WORD)
    assert not bare_pages.holds(path, key, ref.casefold())
    assert bare_pages.holds(path, key, "larch hill"), "what is searched is the file in clear"


def test_with_the_data_key_in_hand_nothing_of_it_is_read(sign_in: Callable[..., Session], home: Path) -> None:
    session = sign_in()
    ref = apart(session)
    room = session.compartments.of_ref(ref)
    assert room is not None
    path, header = room.database.path, room.key.header
    val = sign_in(VAL)
    key, seed = val.unlocked.data_key, val.unlocked.seed
    (known,) = val.register.compartments.values()
    sealed = keeping.boxes_of(known)
    assert sealed is not None
    assert boxes.opened(sealed, seed, val.unlocked.header.vault_id, header.vault_id) is None
    with pytest.raises(StoreError):
        database.open(path, key, header.vault_id, header.epoch)
    written = val.journal.since(0)
    assert not any(entry.by for entry in written if entry.kind.startswith("compartment-"))
    assert {tuple(sorted(e.data)) for e in written if e.kind == "compartment-anchored"} == {
        ("chain", "compartment", "count")
    }
    val.close()
    assert [one for one in (WORD, ref.casefold()) if bare_pages.holds(home / "log-1.db", key, one)] == []


def test_what_is_noted_of_it_stays_in_it(sign_in: Callable[..., Session], home: Path) -> None:
    """What left, what was confirmed or disputed, who read it: there for its readers, and nowhere else."""
    session = sign_in()
    ref = apart(session)
    do(session, ref, "second", "sign-in", login=VAL.login, password=VAL.password)
    do(session, ref, "note", "add", text="Together")
    item = session.leaving.add("paper", "Notes by hand", Allowed("", "Sgt Hill", "Ruth Carson"), ref)
    session.leaving.hand_over(item, Recipient("Sgt Hill"))
    val = sign_in(VAL)
    assert told(val)["found"] == [ref], "the second person reads it from now on"
    lines = val.mine()
    assert {line.ref for line in lines} == {ref}
    val.dispute(lines[0].seq, "I was not there yet")
    val.confirm_mine()
    assert val.mine() == []
    assert [row["to_whom"] for row in val.leaving.left()] == ["Sgt Hill"]
    head = sign_in(PAT)
    assert head.mine() == []
    assert head.leaving.left() == []
    assert [one for one in head.people.trail.traces() if one.ref == ref or "Notes by hand" in one.what] == []
    entries = [entry for start in range(0, head.journal.head()[0], 500) for entry in head.journal.since(start)]
    assert not [entry for entry in entries if ref in str(entry.data) or entry.kind in ("left", "own-disputed")]
    session = sign_in()
    assert session.register.disputed
    assert session.care.verify()["ok"]


def test_about_the_head_it_is_read_by_those_named(sign_in: Callable[..., Session], home: Path) -> None:
    """R10 has rules of its own for a case about a colleague; whoever was given a compartment's key reads it all."""
    session = sign_in()
    ref = apart(session)
    do(session, ref, "apart", "add", person=person_id(session, CORA), reason="She takes the calls.")
    subject = {"kind": "staff", "role": "subject", "name": "Somebody with a login", "reserved": "yes"}
    do(session, ref, "person", "add", **{k: v for k, v in subject.items() if k in fields_of(session, ref)})
    assert told(session)["found"] == [ref]
    assert told(sign_in(CORA))["found"] == [ref]


def fields_of(session: Session, ref: str) -> set[str]:
    """The fields that the form of a person has."""
    return {field.id for field in session.casework.task_ask(ref, "person").choices[0].fields}


def test_it_is_named_nowhere_else(sign_in: Callable[..., Session], home: Path) -> None:
    session = sign_in()
    ref, other = apart(session), session.casework.begin()
    with pytest.raises(RefusedError, match="kept apart"):
        linked(session, other, ref)
    linked(session, ref, other)
    fields = {"reason": "The police asked", "asked_by": "PSNI"}
    session.retention.reply("hold", Reply("hold", fields), [ref])
    assert session.retention.line(ref).held
    assert not any(ref in str(entry.data) for entry in session.journal.of_kind("retention-held"))


def linked(session: Session, one: str, other: str) -> None:
    fields = {"ref": other, "reason": "The same people"}
    session.casework.task_reply(one, "link", Reply("link", fields))


def test_only_its_lead_or_the_head_keeps_a_case_apart(sign_in: Callable[..., Session], home: Path) -> None:
    ref = sign_in().casework.begin()
    with pytest.raises(RefusedError, match="Only the lead"):
        do(sign_in(CORA), ref, "apart", "apart", reason="So that nobody sees it")
    session = sign_in(PAT)
    do(session, ref, "apart", "apart", reason="It may be about somebody here")
    assert session.casework.case(ref).restricted
    assert told(sign_in())["refs"] == [ref], "the lead reads it still"


def test_a_log_of_start_now_keeps_nothing_apart(tmp_path: Path) -> None:
    session = founding.start_now(tmp_path / "home", "Nell Gray", "a long new one", True, "spires")
    try:
        with pytest.raises(RefusedError, match="set up"):
            session.casework.begin("It is about a colleague.")
        assert not (tmp_path / "home" / "compartments").exists()
    finally:
        session.close()


@pytest.mark.parametrize("whole", [True, False])
def test_an_older_log_beside_newer_cases_kept_apart_removes_none_of_them(
    sign_in: Callable[..., Session], home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: bool
) -> None:
    sign_in().close()
    older = shutil.copytree(home, tmp_path / "older")
    session = sign_in()
    apart(session)
    session.close()
    shutil.copytree(home / "compartments", older / "compartments")
    for empty in () if whole else (older / "compartments").rglob(enclosed.IN_FORCE):
        empty.unlink()  # some copies leave out what is empty
    left = older / "compartments" / ("0" * 32)  # what a kill left: nothing ever named it
    left.mkdir()
    (left / "making-1").touch()
    there = sorted(path.name for path in (older / "compartments").iterdir())
    monkeypatch.setenv("ESAFETY_STATE", str(tmp_path / "another-computer"))
    session = unlock(older)
    assert keeping.UNNAMED in session.warnings
    assert sorted(path.name for path in (older / "compartments").iterdir()) == [n for n in there if n != left.name]
    verified = session.care.verify()
    assert not verified["ok"]
    assert any("No entry names compartments/" in one["text"] for one in verified["findings"])
    session.close()
