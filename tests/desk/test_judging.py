"""A judgement is its own person's: who decides where the reviewers differ, and what becomes of one that is replaced."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from esafety_tui.cli import case_text
from esafety_tui.desk.case.statement import statement
from esafety_tui.desk.session import Session
from esafety_tui.errors import EsafetyError, NotLetInError, RefusedError, UsageError
from tests.desk.driver import INTERNAL, Driver
from tests.desk.made_school import CORA, PAT, RUTH, VAL, Colleague, answer, checked, do, offered
from tests.desk.plain import plainly


@pytest.fixture
def driver(session: Session) -> Driver:
    return Driver(session)


@pytest.fixture
def ref(session: Session, driver: Driver) -> str:
    """A case whose two reviewers differ."""
    found = session.casework.begin()
    driver.until(found, "judgement", INTERNAL)
    answer(session, found, "lead", substance="yes", reasons="The names are in it")
    assert session.casework.ask(found).choice("third") is None
    answer(session, found, "second", substance="no", reasons="Anybody could have written it")
    return found


def refused(kind: type[EsafetyError], call: Callable[[], object], rule: str = "") -> EsafetyError:
    with pytest.raises(kind) as error:
        call()
    plainly(error.value)
    assert not rule or getattr(error.value, "rule", "") == rule
    return error.value


def sign_in(session: Session, ref: str, who: Colleague, substance: str = "yes", **given: str) -> None:
    said = {"login": who.login, "password": who.password, "substance": substance, "reasons": "I asked the form tutor"}
    answer(session, ref, "third", **said, **given)


def write(session: Session, ref: str, name: str, substance: str = "no", **given: str) -> None:
    said = {"third": name, "substance": substance, "reasons": "They wrote to me", "senior": "yes", **given}
    answer(session, ref, "third-written", **said)


def shown(session: Session, ref: str, seat: str) -> list[tuple[str, str, bool]]:
    """The judgements of a seat: whose, what, and whether it was replaced."""
    rows = session.browsing.show(ref)["judgements"]
    return [(row["by"], row["substance"], bool(row["replaced"])) for row in rows if row["seat"] == seat]


def test_the_third_judges_with_their_own_password(session: Session, ref: str) -> None:
    assert offered(session.casework.ask(ref), "yes").refused
    assert offered(session.casework.ask(ref), "no").refused
    before = session.journal.head()
    refused(NotLetInError, lambda: answer(
        session, ref, "third", login=PAT.login, password="wrong", substance="no", reasons="Typed for her"))  # fmt: skip
    assert session.journal.head() == before
    sign_in(session, ref, PAT)
    assert not offered(session.casework.ask(ref), "yes").refused
    assert offered(session.casework.ask(ref), "no").refused
    assert shown(session, ref, "third") == [(PAT.name, "yes", False)]
    said = session.browsing.chronology(ref)[-1]["text"]
    assert said == f"{PAT.name}, a third person, signed in: there is substance. I asked the form tutor"
    assert f"{PAT.name} judged: substance." in statement(session, session.casework.case(ref))


@pytest.mark.parametrize("name", [PAT.name, f"Ms {PAT.name}, head", "Hale, Pat", "Ada Outsider, passing visitor."])
def test_what_somebody_else_typed_for_the_third_says_so_everywhere(
    session: Session, ref: str, name: str, sign_in: Callable[..., Session]
) -> None:
    write(session, ref, name)
    who = PAT.name if "Ada" not in name else "Ada Outsider, passing visitor"
    whose = f"{who} (as {RUTH.name} wrote it down)"
    assert shown(session, ref, "third") == [(whose, "no", False)]
    assert session.browsing.chronology(ref)[-1]["text"].startswith(f"{whose}, a third person: there is no substance.")
    assert f"{whose} judged: no substance." in statement(session, session.casework.case(ref))
    if who == PAT.name:
        pat = sign_in(PAT)
        assert any(whose in line.text for line in pat.mine())


@pytest.mark.parametrize("name", [
    RUTH.name, VAL.name, "val  ORR", f"Mrs {RUTH.name}, DT", "Orr, Val", "Carson Ruth", "Miss Carson", "R. Carson",
])  # fmt: skip
def test_the_two_who_differ_are_no_third(session: Session, ref: str, name: str) -> None:
    before = session.journal.head()
    refused(RefusedError, lambda: write(session, ref, name), "R8")
    assert session.journal.head() == before


def test_who_is_not_senior_or_already_judged_is_no_third(session: Session, ref: str) -> None:
    refused(RefusedError, lambda: sign_in(session, ref, CORA), "R1")
    refused(RefusedError, lambda: write(session, ref, f"Miss {CORA.name}"), "R1")
    refused(RefusedError, lambda: sign_in(session, ref, VAL), "R8")
    do(session, ref, "second", "guest", name="Gwen Pike", position="Vice-Principal of Oak School", senior="yes")
    refused(RefusedError, lambda: sign_in(session, ref, VAL), "R8")
    refused(RefusedError, lambda: write(session, ref, "Ms Gwen Pike, a guest"), "R8")
    refused(UsageError, lambda: write(session, ref, "Mr Hale"))
    refused(UsageError, lambda: write(session, ref, "Ada"))


@pytest.mark.parametrize("name", ["Robin Dale", "Mr Jamie Weir", "Weir, Jamie", "Tom Teacher (Y4)", "Mr T Teacher"])
def test_a_third_who_is_part_of_the_case_does_not_decide(session: Session, ref: str, name: str) -> None:
    do(session, ref, "person", "add", kind="staff", role="witness", name="Mr Tom Teacher")
    refused(RefusedError, lambda: write(session, ref, name), "R10")
    do(session, ref, "exclude", "exclude", person=_id(session, PAT), reason="An aunt of the child")
    refused(RefusedError, lambda: sign_in(session, ref, PAT), "R10")
    refused(RefusedError, lambda: write(session, ref, f"Mrs {PAT.name}"), "R10")


def _id(session: Session, who: Colleague) -> str:
    return next(p.id for p in session.register.people.values() if p.login == who.login)


def test_a_judgement_is_replaced_with_a_reason_and_both_stay(
    session: Session, ref: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """R7: the second's by another second, the third's by another third, one's own."""
    judged = {"substance": "no", "reasons": "Read again"}
    assert "judged already: substance" in offered(session.casework.ask(ref), "lead").help
    refused(UsageError, lambda: answer(session, ref, "lead", **judged, why=" "))
    write(session, ref, "Ada Outsider, visitor", "yes")
    refused(UsageError, lambda: sign_in(session, ref, PAT, "no", why=""))
    sign_in(session, ref, PAT, "no", why="She is senior here")
    written = f"Ada Outsider, visitor (as {RUTH.name} wrote it down)"
    assert shown(session, ref, "third") == [(written, "yes", True), (PAT.name, "no", False)]
    assert f"{PAT.name} judged: no substance (before that {written} judged: substance)." in statement(
        session, session.casework.case(ref)
    )
    do(session, ref, "second", "guest", name="Gwen Pike", position="Vice-Principal of Oak School", senior="yes")
    answer(session, ref, "second", **judged, why="Val was called away")
    assert shown(session, ref, "second") == [(VAL.name, "no", True), ("Gwen Pike (guest)", "no", False)]
    assert [gone for *_, gone in shown(session, ref, "third")] == [True, True], "it stood between two others"
    answer(session, ref, "lead", **judged, why="I had misread it")
    rows = session.browsing.show(ref)["judgements"]
    lead, second = (next(row for row in rows if row["seat"] == seat) for seat in ("lead", "second"))
    assert f"by the judgement of {RUTH.name}: I had misread it." in lead["replaced"]
    assert "by the judgement of Gwen Pike (guest): Val was called away." in second["replaced"]
    assert lead["replaced_at"]
    told = session.browsing.chronology(ref)[-1]["text"]
    assert told.endswith("Read again Replaces the earlier judgement, because: I had misread it")
    said = statement(session, session.casework.case(ref))
    assert f"Gwen Pike (guest) judged: no substance (before that {VAL.name} judged: no substance)." in said
    assert PAT.name not in said, "nobody had to decide between two who agree"
    case_text.told(session, session.browsing.show(ref))
    assert capsys.readouterr().out.count("Replaced on") == 4
    assert not offered(session.casework.ask(ref), "no").refused
    checked(session)


def test_a_case_opened_again_is_judged_without_being_asked_why(session: Session, driver: Driver) -> None:
    ref = session.casework.begin()
    driver.until(ref, "close", INTERNAL)
    driver.end(ref)
    do(session, ref, "reopen", "reopen", reason="More came to light")
    assert session.browsing.show(ref)["judgements"] == []
    assert "why" not in {field.id for field in offered(session.casework.ask(ref), "lead").fields}


def test_what_was_attested_on_paper_says_so(session: Session, driver: Driver) -> None:
    ref = session.casework.begin()
    driver.until(ref, "second", INTERNAL)
    answer(session, ref, "paper", person=_id(session, VAL))
    driver.until(ref, "judgement", INTERNAL)
    answer(session, ref, "second", substance="yes", reasons="What they read")
    assert shown(session, ref, "second") == [(f"{VAL.name} (attested on paper)", "yes", False)]


def test_a_stranger_who_is_not_senior_does_not_decide(session: Session, ref: str) -> None:
    refused(RefusedError, lambda: write(session, ref, "Ada Outsider, passing visitor", senior="no"), "R1")
    write(session, ref, "Ada Outsider, governor")
