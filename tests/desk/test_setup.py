"""Set-up: every question, back, wrong answers, leaving half-way; a fresh folder, and a log of start now."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from esafety_tui.desk import opening
from esafety_tui.desk.asks import Reply
from esafety_tui.desk.policies import packs
from esafety_tui.desk.school import setup
from esafety_tui.desk.school.setup import Setup
from esafety_tui.desk.session import Session
from esafety_tui.errors import EsafetyError, NotLetInError, PackError, RefusedError, StoreError, UsageError
from esafety_tui.vault import changes
from esafety_tui.vault import home as vault
from tests.desk.made_school import EVERYBODY, PACKS, RUTH, VAL, Colleague, answers, checked, fill, offered
from tests.desk.plain import plainly

START = {"name": "Ruth Carson", "password": "copper lantern walks", "again": "copper lantern walks", "senior": "yes"}


def put(questions: Setup, choice: str, **given: str) -> str:
    """Answer the present question."""
    ask = questions.ask()
    assert ask is not None
    return questions.reply(fill(offered(ask, choice), **given))


def at(questions: Setup) -> str:
    """Which question is open; empty when none is."""
    return ask.id if (ask := questions.ask()) else ""


def add(questions: Setup, person: Colleague, pack: str = "spires", **other: str) -> str:
    fields = {
        "name": person.name, "login": person.login, "role": person.roles[pack],
        "senior": "yes" if person.senior else "no", "password": person.password, "again": person.password,
    }  # fmt: skip
    return put(questions, "add", **{**fields, **other})


def up_to_people(questions: Setup, pack: str = "spires") -> None:
    put(questions, "record", school="Larch Hill School")
    put(questions, "record", policy=pack)
    put(questions, "record", name="Pastoral office", place="Room 4")


def wrong(questions: Setup, choice: str, **given: str) -> EsafetyError:
    """An answer that has to be refused in plain words, with the question staying as it was."""
    before = at(questions)
    with pytest.raises((UsageError, RefusedError, PackError)) as error:
        put(questions, choice, **given)
    plainly(error.value)
    assert at(questions) == before
    return error.value


def test_every_question_is_answered_and_two_sheets_open_the_log(tmp_path: Path, pack: str) -> None:
    home = tmp_path / "home"
    questions = Setup(home, kind="test")
    up_to_people(questions, pack)
    add(questions, RUTH, pack)
    add(questions, VAL, pack)
    assert not opening.peek(home).exists
    put(questions, "go-on")
    assert at(questions) == "sheets"
    sheets = [line.split(": ", 1)[1] for line in questions.sheets]
    assert len(sheets) == 3
    assert all(sheet in " ".join(questions.ask().guidance) for sheet in sheets)
    put(questions, "done")
    assert questions.sheets == []
    numbers = questions.ask()
    assert numbers is not None
    assert numbers.id == "numbers"
    put(questions, "confirm", **{field.id: "028 9000 0000" for field in offered(numbers, "confirm").fields})
    assert questions.ask() is None
    session = questions.finish()
    assert (session.school, session.computer, session.place) == ("Larch Hill School", "Pastoral office", "Room 4")
    assert [person["login"] for person in session.people.list()] == ["ruth", "val"]
    assert session.pack.name == pack
    assert "028 9000 0000" in (home / opening.CARD_FILE).read_text(encoding="utf-8")
    checked(session)
    key = session.unlocked.data_key
    session.close()
    for one, other in ((0, 1), (0, 2), (2, 1)):
        assert vault.open_with_sheets(home, sheets[one], sheets[other]) == key
    for one, other in ((0, 0), (1, 1)):
        with pytest.raises(EsafetyError) as error:
            vault.open_with_sheets(home, sheets[one], sheets[other])
        plainly(error.value)


def test_numbers_may_be_checked_later(tmp_path: Path) -> None:
    questions = Setup(tmp_path / "home", kind="test")
    up_to_people(questions)
    for person in (RUTH, VAL):
        add(questions, person)
    for choice in ("go-on", "done", "later"):
        put(questions, choice)
    assert questions.ask() is None
    questions.finish().close()


def test_going_back_keeps_the_answers_until_the_log_is_there(tmp_path: Path) -> None:
    questions = Setup(tmp_path / "home", kind="test")
    assert not questions.back()
    up_to_people(questions)
    assert questions.back()
    assert at(questions) == "computer"
    assert [field.value for field in offered(questions.ask(), "record").fields] == ["Pastoral office", "Room 4"]
    assert questions.back()
    assert questions.back()
    assert offered(questions.ask(), "record").fields[0].value == "Larch Hill School"
    up_to_people(questions)
    for person in (RUTH, VAL):
        add(questions, person)
    put(questions, "go-on")
    for choice in ("done", "later"):
        before = at(questions)
        assert not questions.back()
        assert at(questions) == before
        put(questions, choice)
    questions.finish().close()


def test_another_policy_after_going_back_asks_for_its_own_roles(tmp_path: Path) -> None:
    questions = Setup(tmp_path / "home", kind="test")
    up_to_people(questions, "spires")
    add(questions, RUTH, "spires")
    questions.back()
    questions.back()
    put(questions, "record", policy="woodside-park")
    put(questions, "record", name="Office", place="Room 4")
    assert questions.ask().so_far == ()
    for person in (RUTH, VAL):
        add(questions, person, "woodside-park")
    put(questions, "go-on")
    session = questions.session
    assert session is not None
    assert session.person.role == "designated-safeguarding-lead"
    session.close()


def test_wrong_answers_are_refused_in_plain_words(tmp_path: Path) -> None:
    questions = Setup(tmp_path / "home")
    wrong(questions, "record", school=" ")
    put(questions, "record", school="Larch Hill School")
    wrong(questions, "record", policy="")
    wrong(questions, "record", policy="folder", folder=str(tmp_path / "nowhere"))
    wrong(questions, "record", policy="folder", folder="")
    wrong(questions, "record", policy="spires", board="the day after")
    put(questions, "record", policy="spires", board="2026-09-01")
    wrong(questions, "record", name="", place="Room 4")
    wrong(questions, "record", name="Office", place=" ")
    put(questions, "record", name="Office", place="Room 4")
    alone = offered(questions.ask(), "go-on")
    assert alone.refused
    wrong(questions, "go-on")
    good = {"password": "copper lantern walks", "again": "copper lantern walks"}
    for field in ("name", "login", "role", "senior", "password", "again"):
        with pytest.raises((UsageError, RefusedError)) as error:
            add(questions, RUTH, **{**good, field: ""})
        plainly(error.value)
    for password in ("short", "password12", "aaaaaaaaaaaaaaaa", "ruth carson"):
        with pytest.raises(RefusedError) as refused:
            add(questions, RUTH, password=password, again=password)
        plainly(refused.value)
    with pytest.raises(UsageError):
        add(questions, RUTH, **good, role="caretaker")
    assert questions.ask().so_far == ()
    assert "good" in add(questions, RUTH, **good) or "strong" in add(questions, VAL, **good)
    with pytest.raises(UsageError) as taken:
        add(questions, VAL, login="RUTH", **good)
    plainly(taken.value)
    with pytest.raises(UsageError) as other:
        questions.reply(Reply("no-such-answer"))
    plainly(other.value)


def test_leaving_half_way_leaves_nothing_and_it_can_begin_again(tmp_path: Path) -> None:
    home = tmp_path / "home"
    questions = Setup(home, kind="test")
    up_to_people(questions)
    add(questions, RUTH)
    with pytest.raises(UsageError) as error:
        questions.finish()
    plainly(error.value)
    assert not opening.peek(home).exists
    again = Setup(home, kind="test")
    up_to_people(again)
    for person in (RUTH, VAL):
        add(again, person)
    put(again, "go-on")
    again.finish().close()
    assert opening.peek(home).exists


def test_a_folder_that_has_a_log_is_not_set_up_again(home: Path) -> None:
    questions = Setup(home, kind="test")
    up_to_people(questions)
    for person in (RUTH, VAL):
        add(questions, person)
    before = (home / "vault.json").read_bytes()
    with pytest.raises(StoreError) as error:
        put(questions, "go-on")
    plainly(error.value)
    assert (home / "vault.json").read_bytes() == before
    opening.unlock(home, RUTH.login, RUTH.password).close()


# -- start now, and set-up afterwards


@pytest.fixture
def started(tmp_path: Path, pack: str) -> Session:
    """A log of start now with one case in it."""
    ask = opening.start_ask()
    session = opening.start_reply(tmp_path / "home", fill(ask.choices[0], **START, policy=pack))
    session.casework.begin()
    return session


def test_start_now_needs_a_name_and_a_password_twice(tmp_path: Path) -> None:
    choice = opening.start_ask().choices[0]
    for field in ("name", "password", "again", "senior"):
        with pytest.raises((UsageError, RefusedError)) as error:
            opening.start_reply(tmp_path / "home", fill(choice, **{**START, field: ""}))
        plainly(error.value)
    with pytest.raises((UsageError, RefusedError)) as other:
        opening.start_reply(tmp_path / "home", fill(choice, **{**START, "policy": "no-such-policy"}))
    plainly(other.value)
    assert not opening.peek(tmp_path / "home").exists


def test_who_starts_now_leads_and_is_not_the_head(started: Session) -> None:
    assert "lead" in started.may
    assert "principal" not in started.may
    assert started.register.provisional
    assert any("esafety setup" in line.what for line in started.browsing.due())
    started.close()


def finish(session: Session, pack: str) -> tuple[Session, list[str]]:
    """Go through set-up on an open provisional log."""
    questions = Setup(session.home, session)
    up_to_people(questions, pack)
    add(questions, VAL, pack, password="wooden bridge river", again="wooden bridge river")
    put(questions, "go-on")
    sheets = [line.split(": ", 1)[1] for line in questions.sheets]
    put(questions, "done")
    if questions.ask():
        put(questions, "later")
    return questions.finish(), sheets


@pytest.mark.parametrize("to", PACKS)
def test_set_up_finishes_a_log_of_start_now(started: Session, pack: str, to: str) -> None:
    (row,) = started.browsing.log()
    session, sheets = finish(started, to)
    assert session is started
    home = session.home
    assert not session.register.provisional
    assert not any("esafety setup" in line.what for line in session.browsing.due())
    assert (session.school, session.kind, session.pack.name) == ("Larch Hill School", "school", to)
    role = session.pack.tables.role(session.person.role)
    assert role is not None
    assert "lead" in role.may
    assert session.browsing.show(row["ref"])["pack"]["name"] == pack, "an open case goes on as it began"
    checked(session)
    session.close()
    val = opening.unlock(home, "val", "wooden bridge river")
    assert val.browsing.log()[0]["ref"] == row["ref"]
    assert vault.open_with_sheets(home, sheets[0], sheets[2]) == val.unlocked.data_key
    val.close()


@pytest.mark.parametrize("pack", ["woodside-park"], indirect=True)
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("where", ["add_person", "make_school", "new_sheets", "note"])
def test_set_up_broken_off_anywhere_is_done_again(
    started: Session, pack: str, where: str, after: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Header and entries are two files: whoever set up begins again, and nothing half done stands in the way."""
    target = started if where == "note" else changes
    real = getattr(target, where)

    def broken(*given: Any) -> None:
        if after:
            real(*given)
        raise StoreError("The disk is full", "Nothing was saved.", "Free some space.")

    with monkeypatch.context() as patch:
        patch.setattr(target, where, broken)
        with pytest.raises(StoreError):
            finish(started, pack)
    home = started.home
    started.close()
    again = opening.unlock(home, "rcarson", START["password"])
    done = where == "note" and after
    assert again.register.provisional is not done
    session = again if done else finish(again, pack)[0]
    assert not session.register.provisional
    assert [person["login"] for person in session.people.list()] == ["rcarson", "val"]
    checked(session)
    session.close()
    opening.unlock(home, "val", "wooden bridge river").close()


def test_a_new_colleague_broken_off_is_added_again(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    someone = {"name": "Nell Gray", "login": "nell", "password": "a long new one", "again": "a long new one"}
    choice = offered(session.people.add_ask(), "add")
    with monkeypatch.context() as patch:

        def broken(*_: Any) -> None:
            raise StoreError("The disk is full", "Nothing was saved.", "Free some space.")

        patch.setattr(session, "note", broken)
        with pytest.raises(StoreError):
            session.people.add_reply(fill(choice, **someone))
    session.people.add_reply(fill(choice, **someone))
    home = session.home
    session.close()
    nell = opening.unlock(home, "nell", "a long new one")
    assert nell.person.name == "Nell Gray"
    nell.close()


@pytest.mark.parametrize("field", ["name", "login", "role", "senior", "password", "again"])
def test_a_colleague_without_something_is_not_added(session: Session, field: str) -> None:
    someone = {"name": "Nell Gray", "login": "nell", "password": "a long new one", "again": "a long new one"}
    before = session.journal.head()
    with pytest.raises((UsageError, RefusedError)) as error:
        session.people.add_reply(fill(offered(session.people.add_ask(), "add"), **{**someone, field: ""}))
    plainly(error.value)
    assert session.journal.head() == before
    with pytest.raises(NotLetInError):
        vault.prove(session.home, "nell", "a long new one")


# -- setup --answers


def test_answers_of_a_file_make_a_test_home(tmp_path: Path, pack: str) -> None:
    session, sheets = setup.found(tmp_path / "home", answers(tmp_path, pack), test=True)
    assert session.demo
    assert len(sheets) == 3
    assert [person["name"] for person in session.people.list()] == [person.name for person in EVERYBODY]
    session.close()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda a: a.pop("school"),
        lambda a: a.pop("policy"),
        lambda a: a.update(policy="no-such-policy"),
        lambda a: a.pop("computer"),
        lambda a: a.update(computer="Office"),
        lambda a: a["computer"].pop("place"),
        lambda a: a.pop("people"),
        lambda a: a.update(people=a["people"][:1]),
        lambda a: a.update(people="Ruth"),
        lambda a: a["people"][1].update(senior="no"),
        lambda a: a["people"][1].update(name=" "),
        lambda a: a["people"][1].update(login=""),
        lambda a: a["people"][1].update(login="RUTH"),
        lambda a: a["people"][1].pop("role"),
        lambda a: a["people"][1].update(role="caretaker"),
        lambda a: a["people"][1].pop("password_file"),
        lambda a: a["people"][1].update(password_file="/nowhere/at/all"),
        lambda a: a.update(board_date="never"),
    ],
)
def test_answers_with_a_fault_make_nothing(tmp_path: Path, spoil: Callable[[dict[str, Any]], object]) -> None:
    told = answers(tmp_path, "spires")
    spoil(told)
    with pytest.raises(EsafetyError) as error:
        setup.found(tmp_path / "home", told, test=True)
    plainly(error.value)
    assert not opening.peek(tmp_path / "home").exists


def test_a_real_home_takes_no_password_from_a_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as error:
        setup.found(tmp_path / "home", answers(tmp_path, "spires"), test=False)
    plainly(error.value)
    assert not opening.peek(tmp_path / "home").exists


def test_a_policy_of_ones_own_in_a_folder(tmp_path: Path) -> None:
    own = packs.new(tmp_path / "own", "woodside-park")
    questions = Setup(tmp_path / "home", kind="test")
    put(questions, "record", school="Larch Hill School")
    put(questions, "record", policy="folder", folder=str(own))
    put(questions, "record", name="Office", place="Room 4")
    assert at(questions) == "people"
