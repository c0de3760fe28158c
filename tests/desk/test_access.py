"""Somebody leaves, has another role, chooses another password: what opens afterwards, and what the log says."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from esafety_tui.desk import opening
from esafety_tui.desk.asks import Reply
from esafety_tui.desk.school import rekeying
from esafety_tui.desk.session import Session
from esafety_tui.errors import NotLetInError, RefusedError, StoreError, UsageError
from esafety_tui.register.access import FailedUnlocks, PasswordChanged
from esafety_tui.store import database, rekey
from esafety_tui.vault import changes, heads, tries
from esafety_tui.vault import home as vault
from tests.desk.driver import INTERNAL, Driver
from tests.desk.made_school import CORA, PAT, RUTH, TIM, VAL, Colleague, checked, do, unlock
from tests.desk.plain import plainly
from tests.desk.test_evidence import keep, looked, png

SignIn = Callable[..., Session]
NEW = "slow amber window frame"


@pytest.fixture(params=["spires"])
def pack(request: pytest.FixtureRequest) -> str:
    """One policy does here: none of it depends on the policy but the roles."""
    return str(request.param)


def id_of(session: Session, person: Colleague) -> str:
    return next(p.id for p in session.register.people.values() if p.login == person.login)


def retire(session: Session, person: Colleague, reason: str = "Left the school") -> str:
    return session.people.retire_reply(Reply("retire", {"person": id_of(session, person), "reason": reason}))


def change_role(session: Session, person: Colleague, role: str, senior: str = "yes") -> str:
    fields = {"person": id_of(session, person), "role": role, "senior": senior, "reason": "A new post"}
    return session.people.role_reply(Reply("change", fields))


def change_password(session: Session, old: str, new: str = NEW, again: str = NEW) -> str:
    return session.people.password_reply(Reply("change", {"old": old, "password": new, "again": again}))


# -- somebody leaves


def test_who_left_is_not_let_in_and_everybody_else_is(home: Path, sign_in: SignIn) -> None:
    session = sign_in(PAT)
    ref = session.casework.begin()
    before = session.unlocked.data_key
    said = retire(session, TIM)
    assert "Tim Ash" in said
    assert session.unlocked.data_key != before
    session.casework.reply(ref, Reply("no"))  # the same sitting goes on in the new file
    checked(session)
    with pytest.raises(NotLetInError):
        sign_in(TIM)
    assert "wrong name" in sign_in(RUTH).warnings[0]
    for person in (RUTH, VAL, CORA):
        again = sign_in(person)
        assert not again.register.people[id_of(again, TIM)].active
        assert not again.warnings
    assert sign_in(RUTH).browsing.log()[0]["ref"] == ref


def test_what_they_could_open_opens_nothing_new(home: Path, sign_in: SignIn, tmp_path: Path) -> None:
    session = sign_in(PAT)
    shutil.copy(home / "vault.json", tmp_path / "vault.json")
    old_key, old_file = session.unlocked.data_key, session.database.path
    retire(session, TIM)
    header = session.unlocked.header
    session.close()
    assert (header.generation, header.database) == (2, "log-2.db")
    assert not old_file.exists()
    with pytest.raises(StoreError):
        database.open(home / header.database, old_key, header.vault_id, header.epoch)
    # Their copy of the header gives them the old key, and no more.
    with vault.unlock(tmp_path, TIM.login, TIM.password) as theirs:
        assert theirs.data_key == old_key


def test_the_sheets_go_on_after_somebody_left(home: Path, sign_in: SignIn) -> None:
    session = sign_in(PAT)
    session.sheets.reply(Reply("make"))
    texts = [line.rpartition(" ")[2] for line in session.sheets.ask().guidance[2:]]
    session.sheets.reply(Reply("done"))
    retire(session, TIM)
    key = session.unlocked.data_key
    session.close()
    assert vault.open_with_sheets(home, texts[1], texts[2]) == key


def test_who_may_not_end_a_login(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    session = sign_in(TIM)
    monkeypatch.setattr(Session, "kind", property(lambda self: "school"))
    for attempt in (lambda: retire(session, CORA), lambda: change_role(session, CORA, "vice-principal")):
        with pytest.raises(RefusedError) as error:
            attempt()
        plainly(error.value)
    assert (session.home / "log-1.db").exists()


def test_not_oneself_nor_who_has_left_nor_nobody(sign_in: SignIn) -> None:
    session = sign_in(PAT)
    retire(session, TIM)
    for person in (PAT, TIM):
        with pytest.raises(UsageError):
            retire(session, person)
    with pytest.raises(UsageError):
        session.people.retire_reply(Reply("retire", {"person": "p-nobody", "reason": "x"}))
    with pytest.raises(UsageError):
        retire(session, CORA, reason="")
    session.set_second(session.register.people[id_of(session, VAL)])
    with pytest.raises(RefusedError, match="second person"):
        retire(session, VAL)


@pytest.mark.parametrize("broken", ["_copy", "_rekey", "_same", "finish"])
def test_a_disk_that_fails_leaves_everything_as_it_was(
    home: Path, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    session = sign_in(PAT)
    session.casework.begin()
    header, entries = (home / "vault.json").read_bytes(), session.journal.head()

    def fail(*_: object) -> None:
        raise StoreError("The disk is full", "There is no room left.", "Free some space.")

    monkeypatch.setattr(rekey, broken, fail)
    with pytest.raises(StoreError):
        retire(session, TIM)
    assert (home / "vault.json").read_bytes() == header
    assert session.journal.head() == entries
    assert sorted(path.name for path in home.glob("log-*")) == ["log-1.db"]
    checked(session)
    sign_in(TIM)


@pytest.mark.parametrize("moment", ["built", "named"])
def test_broken_off_at_the_rename_it_is_one_or_the_other(
    home: Path, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    class Killed(BaseException):
        pass

    def stop(*_: object) -> None:
        raise Killed

    session = sign_in(PAT)
    session.casework.begin()
    with monkeypatch.context() as patch:
        if moment == "built":
            patch.setattr(rekeying, "_put_in_force", stop)
        else:
            patch.setattr(heads, "write_head", stop)
        with pytest.raises(Killed):
            retire(session, TIM)
    assert {path.name for path in home.glob("log-*.db")} == {"log-1.db", "log-2.db"}
    again = sign_in(RUTH)
    kept = "log-1.db" if moment == "built" else "log-2.db"
    assert [path.name for path in home.glob("log-*")] == [kept]  # what no header names is swept away
    assert again.register.people[id_of(again, TIM)].active == (moment == "built")
    assert not again.warnings
    checked(again)


def test_an_older_log_put_back_sweeps_nothing_away(home: Path, sign_in: SignIn, tmp_path: Path) -> None:
    sign_in(RUTH).close()
    shutil.copytree(home, tmp_path / "before")
    session = sign_in(PAT)
    retire(session, TIM)
    session.close()
    shutil.copytree(tmp_path / "before", home, dirs_exist_ok=True)
    again = sign_in(RUTH)
    assert again.warnings
    assert (home / "log-2.db").exists()


# -- another role


def test_another_role_holds_at_once(sign_in: SignIn) -> None:
    session = sign_in(PAT)
    assert "Vice" in change_role(session, TIM, "vice-principal")
    session = sign_in(TIM)
    assert "settings" in session.may
    assert session.person.senior


def test_nobody_changes_their_own_role_or_makes_a_head_but_the_head(sign_in: SignIn) -> None:
    session = sign_in(VAL)
    with pytest.raises(UsageError):
        change_role(session, VAL, "principal")
    with pytest.raises(RefusedError, match="head") as error:
        change_role(session, TIM, "principal")
    plainly(error.value)
    with pytest.raises(UsageError):
        change_role(session, TIM, "safeguarding-team", "no")
    assert change_role(sign_in(PAT), TIM, "principal")


def test_somebody_must_remain_who_settles(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    session = sign_in(PAT)
    for person in (RUTH, VAL):
        change_role(session, person, "safeguarding-team", "no")
    monkeypatch.setattr(Session, "kind", property(lambda self: "school"))
    session.people._somebody_settles(without=id_of(session, VAL))
    with pytest.raises(RefusedError, match="remain") as error:
        session.people._somebody_settles(without=id_of(session, PAT))
    plainly(error.value)


# -- another password


def test_another_password_and_the_same_signature(home: Path, sign_in: SignIn) -> None:
    session = sign_in()
    key = session.unlocked.public_key
    change_password(session, RUTH.password)
    assert [e.kind for e in session.journal.read("register")][-1] == PasswordChanged.kind
    session.close()
    with pytest.raises(NotLetInError):
        unlock(home, RUTH)
    again = opening.unlock(home, RUTH.login, NEW)
    assert again.unlocked.public_key == key
    again.close()


def test_a_password_is_not_changed_without_the_old_one_or_to_the_same(home: Path, sign_in: SignIn) -> None:
    session = sign_in()
    header = (home / "vault.json").read_bytes()
    with pytest.raises(NotLetInError):
        change_password(session, "not it")
    for wrong in ({"new": RUTH.password, "again": RUTH.password}, {"again": "another"}):
        with pytest.raises(RefusedError):
            change_password(session, RUTH.password, **wrong)
    assert (home / "vault.json").read_bytes() == header
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Session, "kind", property(lambda self: "school"))
        with pytest.raises(RefusedError, match="short"):
            change_password(session, RUTH.password, "short", "short")


def test_the_policy_reminds_of_an_old_password(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    session = sign_in()
    months = session.pack.tables.password_change_months
    assert months
    assert not any("password" in warning for warning in session.warnings)
    from esafety_tui.desk import clock, unlocking

    then = unlocking.months_after(clock.local(*clock.now()).date(), months)
    later = f"{then.isoformat()}T12:00:00.000Z"
    monkeypatch.setattr(clock, "now", lambda: (later, 0))
    again = sign_in()
    assert any("Your password is from" in warning for warning in again.warnings)
    change_password(again, RUTH.password)
    unlocked = opening.unlock(again.home, RUTH.login, NEW) if again.close() is None else None
    assert unlocked is not None
    assert not any("Your password is from" in warning for warning in unlocked.warnings)
    unlocked.close()


# -- wrong tries


def test_wrong_tries_are_entered_once_and_said(home: Path, sign_in: SignIn) -> None:
    sign_in().close()
    for login in (RUTH.login, "nobody"):
        with pytest.raises(NotLetInError):
            opening.unlock(home, login, "CANARY wrong words")
    told = json.loads((home / "tries.json").read_text())
    assert len(told["times"]) == 2
    session = sign_in()
    assert any("2 times" in warning for warning in session.warnings)
    entries = [e for e in session.journal.read("register") if e.kind == FailedUnlocks.kind]
    assert len(entries) == 1
    assert len(entries[0].data["times"]) == 2
    assert tries.failed(home) == ((), 0)
    again = sign_in(VAL)
    assert not again.warnings
    assert len([e for e in again.journal.read("register") if e.kind == FailedUnlocks.kind]) == 1


def test_killed_between_the_entry_and_the_file_none_is_entered_twice(
    home: Path, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in().close()
    with pytest.raises(NotLetInError):
        opening.unlock(home, RUTH.login, "wrong")
    with monkeypatch.context() as patch:
        patch.setattr(tries, "entered", lambda home: None)
        sign_in()
    session = sign_in()
    assert len([e for e in session.journal.read("register") if e.kind == FailedUnlocks.kind]) == 1
    assert tries.failed(home) == ((), 0)


def test_a_clock_gone_mad_stops_nobody(home: Path, sign_in: SignIn) -> None:
    sign_in().close()
    (home / "tries.json").write_text(json.dumps({"v": 2, "wrong": 0, "until": 0, "times": [2**52], "earlier": 0}))
    assert not sign_in().closed


def test_a_new_generation_needs_the_key(home: Path, sign_in: SignIn) -> None:
    sign_in().close()
    with pytest.raises(StoreError):
        changes.current(home, b"\0" * 32)


# -- exhibits under another key


def test_exhibits_open_after_somebody_left_and_what_is_sealed_stays_so(
    session: Session, sign_in: SignIn, tmp_path: Path
) -> None:
    picture = tmp_path / "Screenshot 1.png"
    picture.write_bytes(png())
    ref = session.casework.begin()
    Driver(session).until(ref, "review", INTERNAL)
    looked(session, ref)
    exhibit = keep(session, ref, picture)
    session = sign_in(PAT)
    retire(session, TIM)
    session = sign_in(RUTH)
    assert b"".join(session.evidence.read(ref, exhibit)) == png()
    report = session.care.verify()
    assert (report["ok"], report["evidence_checked"], report["evidence_bad"]) == (True, 1, 0)
    do(session, ref, "halt", "no", what="It may be illegal")
    session = sign_in(PAT)
    retire(session, CORA)
    session = sign_in(RUTH)
    assert session.care.verify()["ok"]
    with pytest.raises(RefusedError):
        b"".join(session.evidence.read(ref, exhibit))


@pytest.mark.parametrize("password", ["kurz", "passwordpassword", "Ruth Carson", "qwertyuiop", "ruthcarson1"])
def test_a_password_that_others_would_try_is_refused(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, password: str
) -> None:
    session = sign_in()
    monkeypatch.setattr(Session, "kind", property(lambda self: "school"))
    with pytest.raises(RefusedError) as error:
        change_password(session, RUTH.password, password, password)
    plainly(error.value)
    assert password not in str(error.value)
