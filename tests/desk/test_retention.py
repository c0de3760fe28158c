"""Records are kept as long as the policy says, then two destroy them: what is due, holds, what stands in the way."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from esafety_tui.desk import clock
from esafety_tui.desk.asks import Reply
from esafety_tui.desk.case.casework import Saved
from esafety_tui.desk.copies import restoring
from esafety_tui.desk.school import rekeying
from esafety_tui.desk.session import Session
from esafety_tui.errors import NotLetInError, RefusedError, StoreError, UsageError
from esafety_tui.store import disposal
from esafety_tui.store.browse import NoSuchIncident
from esafety_tui.vault import heads
from tests.desk.driver import INTERNAL, Driver
from tests.desk.handed import STICK, unpacked
from tests.desk.made_school import (
    CORA,
    PAT,
    RUTH,
    VAL,
    Colleague,
    checked,
    do,
    fill,
    offered,
    rebuilt_as_it_was,
    unlock,
)
from tests.desk.plain import plainly
from tests.desk.test_evidence import keep, looked, png
from tests.reports import outside
from tests.store import bare_pages

SignIn = Callable[..., Session]
NAME, WORD = "Zebedee Quux", "xylocarp"


@pytest.fixture(params=("spires",))
def pack(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Some years go by."""

    def go(years: float) -> None:
        gone = timedelta(days=365.25 * years + 1)
        monkeypatch.setattr(clock, "now", lambda: clock.of(datetime.now().astimezone() + gone))

    return go


def slip(session: Session, name: str = NAME, what: str = f"A {WORD} in the chat", signed: bool = True) -> str:
    choice = offered(session.slips.ask(), "record")
    ref = session.slips.reply(
        fill(choice, when="today 00:00", name=name, kind="message", what=what, done="Spoken to")
    ).ref
    if signed:
        session.slips.countersign([ref])
    return ref


def suspicion(session: Session, files: int = 0) -> str:
    """A case taken to its proper end, with evidence files."""
    ref = session.casework.begin()
    driver = Driver(session)
    if files:
        driver.until(ref, "review", INTERNAL)
    for _ in range(files):
        looked(session, ref)
        picture = session.home.parent / "shot.png"
        picture.write_bytes(png())
        keep(session, ref, picture)
    box = next(node.id for node in session.pack.procedure.node if node.form == "close")
    driver.until(ref, box, INTERNAL)
    driver.end(ref)
    return ref


def link(session: Session, ref: str, how: str, other: str) -> None:
    session.casework.task_reply(ref, how, Reply(how, {"ref": other, "reason": "The same chat"}))


def evidence_id(session: Session, ref: str) -> str:
    return next(e.data["evidence"] for e in session.journal.read(f"incident/{ref}") if e.kind == "exhibited")


def step(session: Session, which: str, *refs: str, second: Colleague | None = VAL, **fields: str) -> Saved:
    proof = {"login": second.login, "password": second.password} if second else {}
    filled = {"reason": "The rule says so", **proof, **fields}
    return session.retention.reply(which, Reply(which, filled), refs)


def refused(call: Callable[[], object], *says: str, kind: type[Exception] = RefusedError) -> None:
    with pytest.raises(kind) as error:
        call()
    plainly(error.value)  # type: ignore[arg-type]
    for word in says:
        assert word in str(error.value), str(error.value)


def holds(session: Session, word: str) -> bool:
    return bare_pages.holds(session.database.path, session.unlocked.data_key, word.casefold())


# ---------------------------------------------------------------- what is due


def test_nothing_is_due_before_its_time_and_then_it_is(session: Session, later: Callable[[float], None]) -> None:
    ref = slip(session)
    assert session.retention.due() == []
    assert session.retention.line(ref).blocked != ()
    later(5.9)
    assert session.retention.due() == []
    later(6)
    one = session.retention.due()[0]
    assert (one.ref, one.ready, one.reconstructed, one.then) == (ref, True, True, "review")
    assert "6 years from the day it was closed" in one.why
    due = [line for line in session.browsing.due() if line.kind == "retention"]
    assert [line.about for line in due] == ["retention"]
    assert "A record has" in due[0].what


def test_a_child_is_counted_from_the_last_day_on_which_they_can_be_born(
    session: Session, later: Callable[[float], None]
) -> None:
    ref = suspicion(session)
    one = session.retention.line(ref)
    assert one.basis == "date of birth"
    born = date.fromisoformat(one.basis_day)
    ages = [party.age for party in session.casework.case(ref).parties.values() if party.is_child]
    youngest = min(3 if age is None else age for age in ages)
    assert born.year == date.fromisoformat(one.opened).year - youngest
    assert date.fromisoformat(one.due).year == born.year + one.years
    later(one.years - youngest - 1)
    assert session.retention.due() == []
    later(one.years - youngest)
    assert [line.ref for line in session.retention.due()] == [ref]


def test_nobody_destroys_before_the_time(session: Session) -> None:
    ref = slip(session)
    refused(lambda: step(session, "dispose", ref), "kept until")
    assert session.browsing.show(ref)["status"] == "closed"


# ---------------------------------------------------------------- by two


def test_it_goes_whole_and_leaves_its_reference_and_the_rule(
    session: Session, sign_in: SignIn, later: Callable[[float], None], home: Path
) -> None:
    ref, other = slip(session), slip(session, "Jamie Weir", "A rude message")
    session.casework.save_draft(other, "note", "add", {"text": "half typed"})
    later(7)
    assert holds(session, WORD)
    seq, chain = session.journal.head()
    saved = step(session, "dispose", ref)
    assert "Destroyed, entry" in saved.message
    for word in (WORD, "zebedee", "quux"):
        assert not holds(session, word)
    with pytest.raises(NoSuchIncident):
        session.browsing.show(ref)
    with pytest.raises(NoSuchIncident):
        session.casework.case(ref, as_rules=True)
    assert session.browsing.log(search=WORD) == []
    assert [row["ref"] for row in session.browsing.log()] == [other]
    assert session.browse.people_matching(session.reader, "Zeb") == []
    assert session.casework.draft(other, "note") is not None
    assert session.journal.chain_at(seq) == chain
    report = session.care.verify()
    assert (report["ok"], report["tombstones"] > 0) == (True, True)
    checked(session)
    rebuilt_as_it_was(session)
    one = session.retention.disposals()[0]
    assert [case["ref"] for case in one.cases] == [ref]
    assert (one.first, one.second, one.proof, one.reason) == (RUTH.name, VAL.name, "proven", "The rule says so")
    assert one.entries == report["tombstones"]
    assert [path.name for path in home.glob("log-*")] == ["log-2.db"]
    # Everybody is let in as before, the second is told, and the log goes on.
    again = sign_in(VAL)
    assert any(line.seq == one.number for line in again.mine())
    assert slip(again, signed=False)
    checked(again)


def test_several_at_once_and_a_name_stays_while_another_case_names_it(
    session: Session, later: Callable[[float], None]
) -> None:
    first, second, third = slip(session), slip(session, NAME, "Another"), slip(session, "Jamie Weir", "Other")
    later(7)
    ask = session.retention.ask("dispose", [first, third])
    assert any("A name from it also stands in" in text for text in ask.guidance)
    step(session, "dispose", first, third)
    assert [row.name for row in session.browse.people_matching(session.reader, "Zeb")] == [NAME]
    assert session.browse.people_matching(session.reader, "Jamie") == []
    assert holds(session, "zebedee")
    step(session, "dispose", second)
    assert session.browse.people_matching(session.reader, "Zeb") == []
    assert not holds(session, "zebedee")
    assert len(session.retention.disposals()) == 2
    checked(session)


def test_the_second_is_another_who_may_lead_and_read(
    session: Session, sign_in: SignIn, later: Callable[[float], None]
) -> None:
    ref = slip(session)
    later(7)
    head = session.journal.head()
    refused(lambda: step(session, "dispose", ref, second=RUTH), "somebody else")
    refused(lambda: step(session, "dispose", ref, second=CORA), "cannot decide")
    refused(lambda: step(session, "dispose", ref, second=None), "is empty", kind=UsageError)
    with pytest.raises(NotLetInError):
        step(session, "dispose", ref, password="not this one")
    refused(lambda: step(session, "dispose", ref, reason=" "), "is empty", kind=UsageError)
    assert session.journal.head() == head
    cora = sign_in(CORA)
    assert cora.retention.count() == (0, "")
    for call in (cora.retention.due, cora.retention.disposals, cora.retention.backups):
        refused(call, "Your role does not decide")
    refused(lambda: step(cora, "dispose", ref, second=RUTH), "Your role does not decide")


def test_who_sits_beside_decides_without_another_password(session: Session, later: Callable[[float], None]) -> None:
    ref = slip(session)
    later(7)
    val = next(person for person in session.register.people.values() if person.login == VAL.login)
    session.set_second(val, "attested")
    assert not any(field.id == "password" for field in session.retention.ask("dispose", [ref]).choices[0].fields)
    step(session, "dispose", ref, second=None)
    assert session.retention.disposals()[0].proof == "attested"
    session.set_second(val, "guest")
    other = slip(session, "Jamie Weir", "Other")
    assert any(field.id == "password" for field in session.retention.ask("keep", [other]).choices[0].fields)


def test_who_is_excluded_neither_sees_nor_decides(session: Session, later: Callable[[float], None]) -> None:
    ref = suspicion(session)
    val = next(person.id for person in session.register.people.values() if person.login == VAL.login)
    do(session, ref, "reopen", "reopen", reason="More came out")
    do(session, ref, "exclude", "exclude", person=val, reason="Their child is in the class")
    line = session.retention.line(ref)
    assert not line.closed
    refused(lambda: step(session, "release", ref), kind=UsageError)
    step(session, "hold", ref, second=None)
    refused(lambda: step(session, "release", ref, second=VAL), "cannot decide")
    step(session, "release", ref, second=PAT)


# ---------------------------------------------------------------- holds and keeping


def test_a_hold_wins_over_the_rule_until_two_end_it(session: Session, later: Callable[[float], None]) -> None:
    ref = slip(session)
    step(session, "hold", ref, second=None, asked_by="PSNI", reason="A civil claim")
    later(7)
    assert session.retention.due()[0].held == "A civil claim"
    assert session.retention.count() == (0, "")
    assert [one.ref for one in session.retention.held()] == [ref]
    refused(lambda: step(session, "dispose", ref), "Held")
    refused(lambda: step(session, "hold", ref, second=None), "held already", kind=UsageError)
    refused(lambda: step(session, "release", ref, second=RUTH), "somebody else")
    step(session, "release", ref)
    refused(lambda: step(session, "release", ref), "not held", kind=UsageError)
    step(session, "dispose", ref)
    assert session.retention.held() == []


def test_two_keep_it_longer_with_a_reason(session: Session, later: Callable[[float], None]) -> None:
    ref = slip(session)
    later(7)
    until = (session.retention._times.today() + timedelta(days=400)).isoformat()
    refused(lambda: step(session, "keep", ref, until="2001-01-01"), "passed", kind=UsageError)
    step(session, "keep", ref, until=until, reason="A brother is still at the school")
    assert session.retention.due() == []
    assert "A brother is still" in session.retention.line(ref).why
    refused(lambda: step(session, "dispose", ref), "kept until")
    later(9)
    assert [one.ref for one in session.retention.due()] == [ref]


# ---------------------------------------------------------------- what stands in the way


def test_what_is_still_to_be_done_in_it_comes_first(session: Session, later: Callable[[float], None]) -> None:
    ref = slip(session, signed=False)
    later(7)
    refused(lambda: step(session, "dispose", ref), "Countersign")
    session.slips.countersign([ref])
    session.casework.save_draft(ref, "note", "add", {"text": "half typed"})
    refused(lambda: step(session, "dispose", ref), "not recorded yet")
    later(7.3)  # nobody went on with it
    assert any("half typed" in text for text in session.retention.ask("dispose", [ref]).guidance)
    step(session, "dispose", ref)
    assert session.drafts.beginning(f"{ref}/") == []


def test_a_reopened_case_waits_for_its_new_end_and_counts_from_there(
    session: Session, later: Callable[[float], None]
) -> None:
    ref = suspicion(session)
    later(40)
    assert [one.ref for one in session.retention.due()] == [ref]
    do(session, ref, "reopen", "reopen", reason="Another child came forward.")
    assert session.retention.due() == []
    refused(lambda: step(session, "dispose", ref), "not closed")
    refused(lambda: step(session, "keep", ref, until="2099-01-01"), "not closed", kind=UsageError)


def test_a_case_linked_with_one_that_goes_on_stays(session: Session, later: Callable[[float], None]) -> None:
    ref, other = slip(session), session.casework.begin()
    link(session, ref, "link", other)
    later(7)
    refused(lambda: step(session, "dispose", ref), "linked")
    closed = slip(session, "Jamie Weir", "Other")
    link(session, ref, "unlink", other)
    link(session, ref, "link", closed)
    assert any("linked with another case" in text for text in session.retention.ask("dispose", [ref]).guidance)
    step(session, "dispose", ref)
    assert session.browsing.show(closed)["status"] == "closed"
    assert session.browsing.chronology(closed)


def test_a_case_of_a_newer_program_is_not_judged(
    session: Session, later: Callable[[float], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    from esafety_tui.store.journal import Draft

    ref = slip(session)
    stream = f"incident/{ref}"
    session.journal.append(stream, [Draft("of-the-future", {})], session.stamp(), session.journal.count(stream))
    later(7)
    refused(lambda: step(session, "dispose", ref), "newer version")


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
    refused(session.retention.destroy_backups, "no newer backup", kind=UsageError)
    newest = session.copies.make()
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
