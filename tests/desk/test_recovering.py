"""A forgotten password: two sheets, a new key, new sheets, and the owner's word for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from esafety_tui.desk import opening
from esafety_tui.desk.asks import Reply
from esafety_tui.desk.logbook.signatures import wrong_signatures
from esafety_tui.desk.school import recovering
from esafety_tui.desk.session import Session
from esafety_tui.errors import EsafetyError, NotLetInError, RefusedError, UsageError
from esafety_tui.vault import home as vault
from tests.desk.made_school import PAT, RUTH, TIM, VAL, Colleague, checked
from tests.desk.plain import plainly

SignIn = Callable[..., Session]
NEW = "slow amber window frame"


@pytest.fixture(params=["spires"])
def pack(request: pytest.FixtureRequest) -> str:
    """One policy does here."""
    return str(request.param)


@pytest.fixture
def texts(sign_in: SignIn) -> list[str]:
    """The three sheets of the home, as printed; nobody is signed in afterwards."""
    session = sign_in(PAT)
    session.sheets.reply(Reply("make"))
    made = [line.rpartition(" ")[2] for line in session.sheets.ask().guidance[2:]]
    session.sheets.reply(Reply("done"))
    session.close()
    return made


@pytest.fixture
def recover(home: Path) -> Iterator[Callable[..., Session]]:
    """Recovers somebody's login; closed at the end."""
    opened: list[Session] = []

    def run(first: str, second: str, person: Colleague = RUTH, password: str = NEW, again: str = NEW) -> Session:
        fields = {"first": first, "second": second, "login": person.login, "password": password, "again": again}
        opened.append(recovering.reply(home, Reply("recover", fields)))
        return opened[-1]

    yield run
    for one in opened:
        one.close()


def test_two_sheets_give_a_new_password_a_new_key_and_new_sheets(
    home: Path, sign_in: SignIn, texts: list[str], recover: Callable[..., Session]
) -> None:
    before = sign_in()
    old, data_key = before.unlocked.public_key, before.unlocked.data_key
    before.casework.begin()
    before.close()
    session = recover(texts[2].lower(), texts[0])
    assert session.person.login == RUTH.login
    assert session.unlocked.public_key != old
    assert session.unlocked.data_key != data_key
    assert session.person.public_key == session.unlocked.public_key.hex()
    checked(session)
    # The sheets come first of all, and the ones before open nothing.
    assert session.sheets.open
    assert session.sheets.missing() == (session.kind == "school")
    new = [line.rpartition(" ")[2] for line in session.sheets.ask().guidance[2:]]
    session.sheets.reply(Reply("done"))
    session.close()
    assert vault.open_with_sheets(home, new[0], new[1])
    with pytest.raises(NotLetInError):
        vault.open_with_sheets(home, texts[0], texts[2])
    with pytest.raises(NotLetInError):
        opening.unlock(home, RUTH.login, RUTH.password)
    assert [e.kind for e in sign_in(VAL).journal.read("register")][-3:-1] == ["recovered", "sheets-given"]


def test_the_owner_says_that_it_was_them_and_everybody_hears_until_then(
    home: Path, sign_in: SignIn, texts: list[str], recover: Callable[..., Session]
) -> None:
    recover(texts[0], texts[1]).close()
    assert any("Ask them" in warning for warning in sign_in(VAL).warnings)
    sign_in(VAL).close()
    session = opening.unlock(home, RUTH.login, NEW)
    lines = session.mine()
    assert ["signing key" in line.text for line in lines] == [True]
    session.confirm_mine()
    assert session.mine() == []
    session.close()
    assert not sign_in(VAL).warnings


def test_who_did_not_do_it_says_so(
    home: Path, sign_in: SignIn, texts: list[str], recover: Callable[..., Session]
) -> None:
    recover(texts[0], texts[1]).close()
    session = opening.unlock(home, RUTH.login, NEW)
    session.dispute(session.mine()[0].seq, "I was away that week")
    assert session.mine() == []
    session.confirm_mine()
    session.close()
    assert any("not them" in warning for warning in sign_in(VAL).warnings)


def test_what_was_signed_before_stays_good_under_the_old_key(
    home: Path, sign_in: SignIn, texts: list[str], recover: Callable[..., Session]
) -> None:
    from esafety_tui.incident.events import Signed
    from esafety_tui.record.payload import to_data
    from esafety_tui.store.journal import Draft

    def sign(session: Session) -> None:
        seq, chain = session.journal.head()
        signature = session.unlocked.sign(seq, chain, "I saw this")
        key = session.unlocked.public_key.hex()
        signed = Signed("lead", session.person.id, "I saw this", "password", seq, chain.hex(), key, signature.hex())
        count = session.journal.count("incident/X")
        session.journal.append("incident/X", [Draft("signed", to_data(signed))], session.stamp(), count)

    first = sign_in()
    sign(first)
    forger = first.unlocked
    assert wrong_signatures(first) == []
    first.close()
    session = recover(texts[0], texts[1])
    assert wrong_signatures(session) == []
    sign(session)
    assert wrong_signatures(session) == []
    assert forger.public_key != session.unlocked.public_key
    # A signature made after the recovery under the key of before is not the signer's any more.
    entry = session.journal.read("incident/X")[0]
    session.journal.append("incident/X", [Draft("signed", entry.data)], session.stamp(), 2)
    assert [text for _, text in wrong_signatures(session)] == [
        "The signature was made with a key that is not the signer's."
    ]


@pytest.mark.parametrize("wrong", ["same", "slip", "other", "login", "retired", "password", "again"])
def test_what_is_refused_changes_nothing(
    home: Path, sign_in: SignIn, texts: list[str], recover: Callable[..., Session], wrong: str
) -> None:
    if wrong == "retired":
        session = sign_in(PAT)
        tim = next(p.id for p in session.register.people.values() if p.login == TIM.login)
        session.people.retire_reply(Reply("retire", {"person": tim, "reason": "Left"}))
        session.close()
    nobody = Colleague("Nobody", "nobody", "", False, {})
    slip = texts[1][:-1] + ("2" if texts[1][-1] != "2" else "3")
    given = {
        "same": (texts[0], texts[0]),
        "slip": (texts[0], slip),
        "other": (texts[0], _of_another_log()),
        "login": (texts[0], texts[1], nobody),
        "retired": (texts[0], texts[1], TIM),
        "password": (texts[0], texts[1], RUTH, "", ""),
        "again": (texts[0], texts[1], RUTH, NEW, "another"),
    }[wrong]
    before = (home / "vault.json").read_bytes()
    with pytest.raises(EsafetyError) as error:
        recover(*given)
    assert isinstance(error.value, (UsageError, NotLetInError, RefusedError))
    plainly(error.value)
    assert (home / "vault.json").read_bytes() == before
    sign_in().close()


def _of_another_log() -> str:
    from esafety_tui.vault import sheets

    return sheets.make(b"\1" * 32, b"\2" * 16, 1)[0][1].text
