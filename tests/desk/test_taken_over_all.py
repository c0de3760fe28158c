"""Nothing of the copy that came back is left behind in silence: holds, what left, the filter, cases kept apart; what
cannot come is said, and comes when somebody who may read it takes over again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from esafety_tui.desk import opening
from esafety_tui.desk.copies import copy_words, left_there, restoring
from esafety_tui.desk.papers.leaving import Allowed
from esafety_tui.desk.session import Session
from esafety_tui.errors import RefusedError, StoreError
from esafety_tui.register import register as registers
from tests.desk.handed import pack as pack
from tests.desk.made_school import PAT, RUTH, TIM, VAL, Colleague, answer, checked, do, fill, rebuilt_as_it_was
from tests.desk.retained import step
from tests.desk.test_access import NEW, change_password
from tests.desk.test_taken_over import QUINN

Go = Callable[..., Session]


@pytest.fixture
def there(home: Path, monkeypatch: pytest.MonkeyPatch) -> Go:
    """The log on another computer: put back from the stick at first, and opened by one of them."""

    def go(session: Session | None, stick: Path, who: Colleague) -> Session:
        if session is not None:
            session.close()
        monkeypatch.setenv("ESAFETY_STATE", str(home.parent / "state-there"))
        folder = home.parent / "there"
        if not folder.exists():
            restoring.with_password(restoring.choose(stick), folder, who.login, who.password)
            again = opening.unlock(folder, who.login, who.password)
            again.away.taken(QUINN, VAL.login, VAL.password)
            return again
        return opening.unlock(folder, who.login, who.password)

    return go


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    (tmp_path / "stick").mkdir()
    return tmp_path / "stick"


def take_over(session: Session, home: Path, who: Colleague) -> tuple[dict[str, int], str]:
    """(what was left there, what was said)"""
    second = VAL if who is not VAL else RUTH
    event, behind = session.away.take_over(home, who.login, who.password, second.login, second.password)
    return event.left or {}, "\n".join(copy_words.taken_over(event, behind))


def texts(session: Session, ref: str) -> str:
    return "\n".join(str(row["text"]) for row in session.browsing.chronology(ref))


def notices(session: Session) -> str:
    return "\n".join(line for line in session.browsing.home().notices if "Not taken over" in line)


def test_the_register_comes_along(session: Session, stick: Path, there: Go, home: Path) -> None:
    ref = session.casework.begin()
    answer(session, ref, "no")
    session.copies.make(stick, "Stick A")
    step(session, "hold", ref, second=None, asked_by="The county court", reason="A court asks for it")
    left = session.leaving.form(ref, None, Allowed(to_whom="PC Quinn"))
    whom = session.pack.tables.groups[0].id
    filled = {"change": "allow", "what": "www.example.org", "whom": whom, "reason": "The topic of the term."}
    asked = session.filtering.reply("request", fill(session.filtering.ask("request").choices[0], **filled)).ref
    new = session.casework.begin()
    again = there(session, stick, RUTH)
    try:
        behind, said = take_over(again, home, RUTH)
        assert behind == {}, said
        assert "of them came into the register" in said
        assert again.register.retention.holds[ref][1].reason == "A court asks for it"
        assert left.item in {row["item"] for row in again.leaving.left()}
        assert [row["item"] for row in again.filtering.list()] == [asked]
        assert {row["ref"] for row in again.browsing.log()} == {ref, new}
        assert notices(again) == ""
        with pytest.raises(RefusedError, match="before"):
            take_over(again, home, RUTH)
        assert again.care.verify()["ok"], again.care.verify()["findings"]
        rebuilt_as_it_was(again)
        checked(again)
    finally:
        again.close()


def test_what_two_copies_changed_is_for_people_to_decide(session: Session, stick: Path, there: Go, home: Path) -> None:
    ref = session.casework.begin()
    session.copies.make(stick, "Stick A")
    step(session, "hold", ref, second=None, asked_by="The county court", reason="A court asks for it")
    again = there(session, stick, RUTH)
    try:
        step(again, "hold", ref, second=None, asked_by="The authority", reason="The authority asks for it")
        behind, said = take_over(again, home, RUTH)
        assert behind == {"clash": 1}
        assert f"(retention held (of {ref}))" in said
        assert again.register.retention.holds[ref][1].reason == "The authority asks for it"
        assert "changed in both copies" in notices(again)
        told = again.away.compared(home, RUTH.login, RUTH.password)["explained"]
        assert not any("Nothing is left" in text for text in told)
        assert any("changed in both copies" in text for text in told)
        assert any("changed in both copies" in text for text in again.care.verify()["missing"])
        (event,) = restoring.settle(again, VAL.login, VAL.password, "The hold of the authority covers it")
        assert notices(again) == ""
        assert again.care.verify()["missing"] == []
        told = "\n".join(copy_words.settled([event], again.register.copies))
        assert "still only in the other copy: 1 entry about what was changed in both copies" in told
        assert "entries are missing" not in told, "no restore was settled by it"
        seq = again.journal.head()[0]
        told = "\n".join(again.away.compared(home, RUTH.login, RUTH.password)["explained"])
        assert "Nothing is left" not in told
        assert "Still only there: 1 entry about what was changed in both copies" in told
        assert f"entry {seq}" in told
        event_again, behind_again = again.away.take_over(home, RUTH.login, RUTH.password, VAL.login, VAL.password)
        settled, _ = again.register.copies.left_settled[event_again.chain]
        told = "\n".join(copy_words.taken_over(event_again, behind_again, settled))
        assert settled == seq
        assert "Nothing new was taken over" in told
        assert f"Two people have said what became of it: entry {seq}." in told
        assert "goes on saying it" not in told
    finally:
        again.close()


def test_a_case_kept_apart_comes_when_its_reader_takes_over(
    session: Session, stick: Path, there: Go, home: Path
) -> None:
    apart = session.casework.begin("It may be about a colleague.")
    session.copies.make(stick, "Stick A")
    do(session, apart, "note", "add", text="The zephyrine answer")
    begun = session.casework.begin("About another colleague.")
    do(session, begun, "note", "add", text="Begun after the backup")
    again = there(session, stick, PAT)
    try:
        behind, said = take_over(again, home, PAT)
        assert behind.keys() == {"apart"}
        assert apart not in said
        assert begun not in said
        assert "kept apart there: whoever may read it takes over again" in said
        assert "kept apart" in notices(again)
        assert not any("Nothing is left" in s for s in again.away.compared(home, PAT.login, PAT.password)["explained"])
        before = again.journal.head()
        assert take_over(again, home, PAT)[0] == behind, "it can be asked again"
        assert again.journal.head() == before, "and writes nothing twice"
        assert "they are in those" not in take_over(again, home, PAT)[1], "nothing of one that is kept apart came"
    finally:
        again.close()
    ruth = there(None, stick, RUTH)
    try:
        behind, said = take_over(ruth, home, RUTH)
        assert behind == {}, said
        assert "zephyrine" in texts(ruth, apart)
        assert "Begun after the backup" in texts(ruth, begun)
        assert notices(ruth) == ""
        assert any("Nothing is left" in s for s in ruth.away.compared(home, RUTH.login, RUTH.password)["explained"])
        assert ruth.care.verify()["ok"], ruth.care.verify()["findings"]
        with pytest.raises(RefusedError, match="before"):
            take_over(ruth, home, RUTH)
    finally:
        ruth.close()
    pat = there(None, stick, PAT)
    try:
        assert {row["ref"] for row in pat.browsing.log()}.isdisjoint({apart, begun})
        told = pat.away.compared(home, PAT.login, PAT.password)["explained"]
        assert any("Nothing is left" in text for text in told)
        assert pat.care.verify()["ok"]
    finally:
        pat.close()


@pytest.mark.parametrize("reader", [True, False])
def test_a_case_moved_apart_there_is_kept_apart_here_at_once(
    session: Session, stick: Path, there: Go, home: Path, reader: bool
) -> None:
    ref = session.casework.begin()
    do(session, ref, "note", "add", text="The zephyrine note")
    session.copies.make(stick, "Stick A")
    do(session, ref, "apart", "apart", reason="It may be about a colleague.")
    do(session, ref, "note", "add", text="After it was moved")
    who = RUTH if reader else TIM
    first = there(session, stick, RUTH)
    first.close()
    again = there(None, stick, who)
    try:
        if not reader:
            assert ref in {row["ref"] for row in again.browsing.log()}, "it stands open here"
        behind, said = take_over(again, home, who)
        if reader:
            assert behind == {}, said
            assert again.browsing.show(ref)["apart"]
            assert "After it was moved" in texts(again, ref)
        else:
            assert behind.keys() == {"apart"}
            assert "is kept apart now" in said
            assert ref not in {row["ref"] for row in again.browsing.log()}
        assert again.care.verify()["ok"], again.care.verify()["findings"]
    finally:
        again.close()
    pat = there(None, stick, PAT)
    try:
        assert ref not in {row["ref"] for row in pat.browsing.log()}
        assert pat.browsing.log(search="zephyrine") == []
    finally:
        pat.close()
    ruth = there(None, stick, RUTH)
    try:
        if not reader:
            assert take_over(ruth, home, RUTH)[0] == {}
        assert "After it was moved" in texts(ruth, ref)
        assert ruth.care.verify()["ok"], ruth.care.verify()["findings"]
    finally:
        ruth.close()


def test_somebody_excluded_there_is_excluded_here(session: Session, stick: Path, there: Go, home: Path) -> None:
    ref = session.casework.begin()
    session.copies.make(stick, "Stick A")
    pat = next(id for id, one in session.register.people.items() if one.login == PAT.login)
    do(session, ref, "exclude", "exclude", person=pat, reason="An uncle of the child")
    again = there(session, stick, RUTH)
    try:
        take_over(again, home, RUTH)
        assert again.casework.case(ref).excluded == {pat}
    finally:
        again.close()


def test_what_belongs_to_the_keys_of_that_copy_is_named(session: Session, stick: Path, there: Go, home: Path) -> None:
    session.casework.begin()
    session.copies.make(stick, "Stick A")
    change_password(session, RUTH.password)
    again = there(session, stick, RUTH)
    try:
        behind, said = take_over(again, home, replace(RUTH, password=NEW))
        assert behind == {"password-changed": 1}
        assert "password that was changed. Enter it here again." in said
        assert "1 password that was changed" in notices(again)
    finally:
        again.close()


def test_an_exhibit_that_is_missing_there_too_holds_nobody_up(
    session: Session, stick: Path, there: Go, home: Path, tmp_path: Path
) -> None:
    from tests.desk.driver import INTERNAL, Driver
    from tests.desk.test_evidence import keep, looked, png

    session.casework.begin()
    session.copies.make(stick, "Stick A")
    ref = session.casework.begin()
    Driver(session).until(ref, "review", INTERNAL)
    looked(session, ref)
    (tmp_path / "shot.png").write_bytes(png())
    keep(session, ref, tmp_path / "shot.png")
    (one,) = session.casework.case(ref).exhibits.values()
    session.evidence.files.path(one.evidence).unlink()
    again = there(session, stick, RUTH)
    try:
        behind, said = take_over(again, home, RUTH)
        assert behind == {"file": 1}
        assert f"Exhibit {one.mark} of {ref}: its file is missing" in said
        assert one.mark in {row["mark"] for row in again.browsing.show(ref)["exhibits"]}
        assert again.care.verify()["ok"], again.care.verify()["findings"]
    finally:
        again.close()


def test_a_damaged_copy_is_said_to_be_the_other_one(session: Session, stick: Path, there: Go, home: Path) -> None:
    for number in range(40):
        do(session, session.casework.begin(), "note", "add", text=f"Note {number} " + "x" * 900)
    session.copies.make(stick, "Stick A")
    again = there(session, stick, RUTH)
    try:
        (log,) = home.glob("log-*.db")
        data = bytearray(log.read_bytes())
        data[len(data) // 2] ^= 8
        log.write_bytes(data)
        with pytest.raises((StoreError, RefusedError)) as error:
            take_over(again, home, RUTH)
        assert "other copy" in str(error.value) or "That copy" in str(error.value)
        assert "typed in here" in str(error.value)
        assert again.care.verify()["ok"]
    finally:
        again.close()


def test_every_kind_of_the_register_is_carried_or_of_itself_or_named() -> None:
    known = left_there.ABOUT.keys() | left_there.OF_ITSELF | left_there.SAID.keys()
    assert set(registers.KINDS) - known == set()
    assert not left_there.ABOUT.keys() & left_there.OF_ITSELF
    assert left_there.in_words({"apart": 2, "report-issued": 1}) == (
        "2 entries in cases that are kept apart, 1 report that was issued"
    )
