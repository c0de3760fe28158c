"""Adopting a policy: two people, the Board's day, a proof that it is safe; open cases go on as they began."""

from __future__ import annotations

from pathlib import Path

import pytest

from esafety_tui.desk.asks import Reply
from esafety_tui.desk.policies import packs
from esafety_tui.desk.session import Session
from esafety_tui.errors import EsafetyError, RefusedError
from tests.desk.driver import INTERNAL, Driver
from tests.desk.made_school import RUTH, VAL, checked, fill, offered
from tests.desk.plain import plainly

GOOD = {"login": VAL.login, "password": VAL.password, "board": "2026-09-01"}


@pytest.fixture
def pack() -> str:
    return "spires"


def adopt(session: Session, **given: str) -> str:
    return session.people.adopt_reply(fill(offered(session.people.adopt_ask(), "adopt"), **{**GOOD, **given}))


def test_another_policy_is_in_force_and_open_cases_go_on_as_they_began(session: Session) -> None:
    ref = session.casework.begin()
    Driver(session).until(ref, "kind", INTERNAL)
    adopt(session, pack="woodside-park")
    assert session.pack.name == "woodside-park"
    assert session.browsing.show(ref)["pack"]["name"] == "spires"
    assert session.casework.view(ref).pack.name == "spires"
    assert session.casework.view(session.casework.begin()).pack.name == "woodside-park"
    adopted = session.register.packs[session.register.pack_sha256]
    assert adopted.board_date == "2026-09-01"
    assert len(set(adopted.by)) == 2
    checked(session)


def test_the_log_runs_its_own_copy_when_the_file_is_gone(session: Session, tmp_path: Path) -> None:
    own = packs.new(tmp_path / "own", "woodside-park")
    adopt(session, pack="folder", folder=str(own))
    for file in own.iterdir():
        file.unlink()
    assert session.casework.ask(session.casework.begin()).id == "danger"


@pytest.mark.parametrize(
    "wrong",
    [
        {"login": RUTH.login, "password": RUTH.password},
        {"password": "wrong"},
        {"login": ""},
        {"password": ""},
        {"board": ""},
        {"board": "never"},
        {"pack": ""},
        {"pack": "no-such-policy"},
        {"pack": "folder", "folder": ""},
        {"pack": "folder", "folder": "/nowhere/at/all"},
    ],
)
def test_what_is_missing_or_wrong_adopts_nothing(session: Session, wrong: dict[str, str]) -> None:
    before = session.journal.head()
    with pytest.raises(EsafetyError) as error:
        session.people.adopt_reply(
            Reply("adopt", {"pack": "woodside-park", "folder": "", **GOOD, **wrong}),
        )
    plainly(error.value)
    assert (session.journal.head(), session.pack.name) == (before, "spires")


def test_a_policy_that_is_not_safe_is_not_adopted(session: Session, tmp_path: Path) -> None:
    """The box that waits for the police can be reached without anybody having rung them."""
    own = packs.new(tmp_path / "own", "spires")
    file = own / "procedure.toml"
    text = file.read_text(encoding="utf-8")
    # "A child may be at risk" leads past the calls; every box is still reached by another answer.
    broken = text.replace('to = "report-now"', 'to = "secure"', 1)
    assert broken != text
    file.write_text(broken, encoding="utf-8")
    before = session.journal.head()
    with pytest.raises(RefusedError) as error:
        adopt(session, pack="folder", folder=str(own))
    plainly(error.value)
    assert "not safe" in error.value.title
    assert session.journal.head() == before


def test_who_added_a_colleague_or_a_policy_has_to_be_somebody_who_may(tmp_path: Path) -> None:
    """In a school's own log only those who look after the settings add people."""
    from esafety_tui.desk import opening
    from esafety_tui.desk.school import founding

    home = tmp_path / "home"
    session = founding.start_now(home, "Ruth Carson", "copper lantern walks", True, "spires")
    from esafety_tui.desk.school.setup import Setup
    from tests.desk.test_setup import up_to_people

    questions = Setup(home, session)
    up_to_people(questions)
    cora = {"name": "Cora Nunn", "login": "cora", "role": "online-safety-leader", "senior": "no"}
    secret = {"password": "quiet harbour stone", "again": "quiet harbour stone"}
    questions.reply(Reply("add", {**cora, **secret}))
    questions.reply(Reply("go-on"))
    session.close()
    other = opening.unlock(home, "cora", "quiet harbour stone")
    someone = {**cora, "name": "Nell Gray", "login": "nell", **secret}
    with pytest.raises(RefusedError) as error:
        other.people.add_reply(Reply("add", someone))
    plainly(error.value)
    other.close()
