"""Letting in: the right people, nobody else, and no telling which half was wrong."""

import os

import pytest

from esafety_tui.errors import NotLetInError, StoreError, UsageError
from esafety_tui.record.signing import statement_bytes, verify_signature
from esafety_tui.vault import changes, costs, header, home, keys
from esafety_tui.vault.home import NewSlot
from tests.vault.made_home import ANN, BEN

HEAD = (412, bytes(range(32)), "I judge this to be unfounded.")
CEE = NewSlot("p-cee", "cee", "a third password")


def message(made):
    return statement_bytes(made.opened.header.vault_id, *HEAD)


@pytest.mark.parametrize("person", [ANN, BEN])
def test_each_is_let_in_with_the_same_data_key(made, person):
    with home.unlock(made.path, person.login, person.password) as opened:
        assert opened.person_id == person.person_id
        assert opened.data_key == made.data_key
        assert len(opened.data_key) == 32
        assert opened.header == made.opened.header
        assert verify_signature(opened.public_key, opened.sign(*HEAD), message(made))
    assert made.opened.header.slot_of(person.person_id).sign == opened.public_key


@pytest.mark.parametrize("login", ["ann.other", "ANN.OTHER", "  Ann.Other \t"])
def test_case_and_outer_spaces_of_a_login_do_not_matter(made, login):
    assert home.unlock(made.path, login, ANN.password).person_id == ANN.person_id


def test_two_ways_of_typing_one_letter_are_one(tmp_path):
    path = tmp_path / "h"
    home.create(path, "test", [NewSlot("p", "Zo\u00eb", "caf\u00e9")], costs.CHEAP)
    assert home.unlock(path, "zoe\u0308", "cafe\u0301").person_id == "p"


def test_bytes_that_the_terminal_could_not_read_are_still_a_password(tmp_path):
    path, odd = tmp_path / "h", b"caf\xe9".decode("utf-8", "surrogateescape")
    home.create(path, "test", [NewSlot("p", "z", odd)], costs.CHEAP)
    assert home.unlock(path, "z", odd).person_id == "p"


WRONG = [
    (ANN.login, "wrong"),
    (ANN.login, ""),
    (ANN.login, ANN.password.upper()),
    (ANN.login, ANN.password + " "),
    (ANN.login, BEN.password),
    ("nobody", ANN.password),
    ("nobody", "wrong"),
    ("", ""),
    ("\x1b[2J", "\x00"),
]


@pytest.mark.parametrize(("login", "password"), WRONG)
def test_one_answer_and_one_amount_of_work_for_every_wrong_pair(made, monkeypatch, login, password):
    work = []
    original = keys.password_key

    def counted(secret, salt, params):
        work.append(params)
        return original(secret, salt, params)

    monkeypatch.setattr(keys, "password_key", counted)
    with pytest.raises(NotLetInError) as refused:
        home.unlock(made.path, login, password)
    assert str(refused.value) == (
        "Not let in. The name and the password do not go together. "
        "Type both again. The first-minute card needs no password."
    )
    assert refused.value.exit_code == 4
    assert refused.value.__context__ is None
    assert work == [costs.CHEAP]


def test_the_second_person_proves_and_signs_but_holds_no_key(made):
    proven = home.prove(made.path, BEN.login, BEN.password)
    assert type(proven) is home.Proven
    assert not hasattr(proven, "data_key")
    assert proven.person_id == BEN.person_id
    signature = proven.sign(*HEAD)
    assert verify_signature(proven.public_key, signature, message(made))
    assert not verify_signature(made.opened.public_key, signature, message(made))
    with pytest.raises(NotLetInError):
        home.prove(made.path, BEN.login, "wrong")


def test_after_closing_nothing_is_left_to_use(made):
    opened = home.unlock(made.path, ANN.login, ANN.password)
    kept = [opened._seed, opened._data_key]
    opened.close()
    opened.close()
    assert all(set(array) == {0} for array in kept)
    for use in (lambda: opened.data_key, lambda: opened.seed, lambda: opened.sign(*HEAD)):
        with pytest.raises(StoreError, match="locked"):
            use()


def test_nothing_shows_a_secret_when_printed(made):
    shown = f"{ANN!r} {made.opened!r} {made.sheets!r} {[ANN]!r}"
    for secret in (ANN.login, ANN.password, made.sheets[0].text, made.data_key.hex()):
        assert secret not in shown


def test_no_login_password_or_key_is_in_any_file_of_the_home(made):
    with pytest.raises(NotLetInError):
        home.unlock(made.path, ANN.login, "a wrong password")
    data = b"".join(entry.read_bytes() for entry in made.path.iterdir()).lower()
    for secret in (ANN.login, ANN.password, BEN.password, "a wrong password", made.data_key.hex()):
        assert secret.lower().encode() not in data
    assert made.data_key not in data


def test_two_homes_of_the_same_people_have_nothing_in_common(made, tmp_path):
    other, _ = home.create(tmp_path / "other", "test", [ANN, BEN], costs.CHEAP)
    ours, theirs = made.opened.header, other.header
    assert ours.vault_id != theirs.vault_id
    assert made.data_key != other.data_key
    for one, another in zip(ours.slots, theirs.slots, strict=True):
        assert all(getattr(one, f) != getattr(another, f) for f in ("salt", "login", "nonce", "seed", "sign", "read"))


def test_a_changed_password_keeps_the_keys(made):
    before = home.unlock(made.path, ANN.login, ANN.password)
    signature = before.sign(*HEAD)
    changes.change_password(made.path, ANN.login, ANN.password, "a better one")
    after = home.unlock(made.path, ANN.login, "a better one")
    assert after.public_key == before.public_key
    assert after.data_key == before.data_key
    assert verify_signature(after.public_key, signature, message(made))
    assert after.sign(*HEAD) == signature
    with pytest.raises(NotLetInError):
        home.unlock(made.path, ANN.login, ANN.password)
    assert home.unlock(made.path, BEN.login, BEN.password).data_key == made.data_key
    old, new = made.opened.header.slots[0], after.header.slots[0]
    assert (old.salt, old.nonce) != (new.salt, new.nonce)


def test_changing_a_password_needs_the_old_one(made):
    before = (made.path / "vault.json").read_bytes()
    with pytest.raises(NotLetInError):
        changes.change_password(made.path, ANN.login, "wrong", "a better one")
    with pytest.raises(UsageError):
        changes.change_password(made.path, ANN.login, ANN.password, "")
    assert (made.path / "vault.json").read_bytes() == before


def test_a_forgotten_password_makes_new_keys_and_old_signatures_stay_under_the_old(made):
    signature = home.prove(made.path, BEN.login, BEN.password).sign(*HEAD)
    old_key = made.opened.header.slot_of(BEN.person_id).sign
    changes.replace_person(made.path, made.data_key, NewSlot(BEN.person_id, "benjamin", "remembered now"))
    after = home.unlock(made.path, "benjamin", "remembered now")
    assert after.person_id == BEN.person_id
    assert after.public_key != old_key
    assert verify_signature(old_key, signature, message(made))
    assert not verify_signature(after.public_key, signature, message(made))
    for password in (BEN.password, "remembered now"):
        with pytest.raises(NotLetInError):
            home.unlock(made.path, BEN.login, password)


def test_people_are_added_and_retired(made):
    added = changes.add_person(made.path, made.data_key, CEE)
    assert added.people_ids == ("p-ann", "p-ben", "p-cee")
    assert added == home.peek(made.path)
    assert home.unlock(made.path, CEE.login, CEE.password).data_key == made.data_key
    retired = changes.retire_person(made.path, made.data_key, ANN.person_id)
    assert retired.people_ids == ("p-ben", "p-cee")
    with pytest.raises(NotLetInError):
        home.unlock(made.path, ANN.login, ANN.password)
    assert home.unlock(made.path, BEN.login, BEN.password).data_key == made.data_key


@pytest.mark.parametrize(
    "change",
    [
        lambda path, key: changes.add_person(path, key, NewSlot("p-new", "ANN.other ", "x")),
        lambda path, key: changes.add_person(path, key, NewSlot(ANN.person_id, "new", "x")),
        lambda path, key: changes.add_person(path, key, NewSlot("p-new", " ", "x")),
        lambda path, key: changes.add_person(path, key, NewSlot("p-new", "new", "")),
        lambda path, key: changes.replace_person(path, key, NewSlot("p-new", "new", "x")),
        lambda path, key: changes.replace_person(path, key, NewSlot(ANN.person_id, BEN.login, "x")),
        lambda path, key: changes.retire_person(path, key, "p-nobody"),
        lambda path, key: changes.make_school(path, key),
    ],
)
def test_what_cannot_be_changed_is_refused_with_nothing_written(made, change):
    before = (made.path / "vault.json").read_bytes()
    with pytest.raises(UsageError) as refused:
        change(made.path, made.data_key)
    assert refused.value.exit_code == 2
    assert (made.path / "vault.json").read_bytes() == before


def test_the_last_person_cannot_be_retired(made):
    changes.retire_person(made.path, made.data_key, ANN.person_id)
    with pytest.raises(UsageError, match="Somebody must remain"):
        changes.retire_person(made.path, made.data_key, BEN.person_id)


def test_no_change_without_the_data_key(made):
    before = (made.path / "vault.json").read_bytes()
    with pytest.raises(StoreError):
        changes.add_person(made.path, os.urandom(32), CEE)
    assert (made.path / "vault.json").read_bytes() == before


def test_a_person_id_may_hold_no_name_or_path(made):
    for odd in ("", "a b", "../x", "é", "x" * 65, "a\n"):
        with pytest.raises(ValueError, match="person id"):
            changes.add_person(made.path, made.data_key, NewSlot(odd, "new", "x"))


def test_a_home_is_made_once(made):
    before = (made.path / "vault.json").read_bytes()
    with pytest.raises(StoreError, match="already"):
        home.create(made.path, "test", [CEE], costs.CHEAP)
    assert (made.path / "vault.json").read_bytes() == before


DOUBLED_LOGIN = [ANN, NewSlot("p-x", " ann.OTHER", "x")]
DOUBLED_ID = [ANN, NewSlot(ANN.person_id, "x", "x")]


@pytest.mark.parametrize("people", [[], DOUBLED_LOGIN, DOUBLED_ID, [NewSlot("p", "", "x")]])
def test_a_home_of_nobody_or_of_doubled_people_is_refused(tmp_path, people):
    with pytest.raises(UsageError):
        home.create(tmp_path / "h", "test", people, costs.CHEAP)
    assert not header.exists(tmp_path / "h")


def test_where_no_folder_can_be_made_it_is_said(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError) as refused:
        home.create(tmp_path / "file" / "h", "test", [ANN], costs.CHEAP)
    assert refused.value.exit_code == 5


def test_a_folder_that_is_there_is_used_as_it_is(tmp_path):
    (tmp_path / "h").mkdir(mode=0o755)
    home.create(tmp_path / "h", "test", [ANN], costs.CHEAP)
    assert (tmp_path / "h").stat().st_mode & 0o777 == 0o755


def test_the_home_exists_only_once_its_database_does(tmp_path):
    path, seen = tmp_path / "h", []

    def fails(made_header, data_key):
        seen.append((made_header.database, len(data_key), header.exists(path)))
        raise StoreError("The disk is full", "x")

    with pytest.raises(StoreError, match="disk is full"):
        home.create(path, "test", [ANN], costs.CHEAP, before_commit=fails)
    assert seen == [("log-1.db", 32, False)]
    assert not header.exists(path)


def test_a_provisional_home_becomes_the_schools(tmp_path):
    path = tmp_path / "h"
    opened, _ = home.create(path, "provisional", [ANN])
    after = changes.make_school(path, opened.data_key)
    assert after.kind == home.peek(path).kind == "school"
    assert home.unlock(path, ANN.login, ANN.password).header == after


def test_the_next_generation_needs_its_database(made):
    with pytest.raises(StoreError, match="not there"):
        changes.next_generation(made.path, made.data_key)
    (made.path / "log-2.db").touch()
    after = changes.next_generation(made.path, made.data_key, epoch=bytes(16))
    assert (after.generation, after.database, after.epoch) == (2, "log-2.db", bytes(16))
    assert home.peek(made.path) == after


def test_too_little_memory_is_said_plainly(made, monkeypatch):
    from argon2.exceptions import HashingError

    def no_memory(*arguments, **named):
        raise HashingError("Memory allocation error")

    monkeypatch.setattr(keys, "hash_secret_raw", no_memory)
    with pytest.raises(StoreError, match="too little memory"):
        home.unlock(made.path, ANN.login, ANN.password)


def test_new_randomness_is_new():
    assert len({keys.new_salt() for _ in range(50)}) == 50
    assert len(keys.new_salt()) == 32
