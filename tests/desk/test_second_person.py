"""Two people: signed in, as a guest, on paper; who cannot be the second; what each finds in their name later."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from esafety_tui.desk.session import Session
from esafety_tui.errors import NotLetInError, RefusedError, UsageError
from esafety_tui.policy.tables import school_days_after
from tests.desk.driver import INTERNAL, Driver
from tests.desk.made_school import CORA, PAT, RUTH, VAL, Colleague, answer, checked, do, offered, rebuilt_as_it_was
from tests.desk.plain import plainly


@pytest.fixture
def driver(session: Session) -> Driver:
    return Driver(session)


@pytest.fixture
def ref(session: Session, driver: Driver) -> str:
    """A case at the box where two have to be there."""
    found = session.casework.begin()
    driver.until(found, "second", INTERNAL)
    return found


def id_of(session: Session, person: Colleague) -> str:
    return next(p.id for p in session.register.people.values() if p.login == person.login)


def test_alone_nobody_goes_on_and_the_way_on_is_said(session: Session, ref: str) -> None:
    edge = offered(session.casework.ask(ref), "together")
    assert "F2" in edge.refused
    with pytest.raises(RefusedError) as error:
        answer(session, ref, "together")
    plainly(error.value)
    assert error.value.rule == "R1"


def test_the_lead_is_not_the_second(session: Session, ref: str) -> None:
    with pytest.raises(RefusedError) as error:
        answer(session, ref, "sign-in", login=RUTH.login, password=RUTH.password)
    plainly(error.value)
    with pytest.raises(RefusedError) as error:
        answer(session, ref, "guest", name=f"  {RUTH.name.upper()} ", position="Vice-Principal", senior="yes")
    plainly(error.value)
    with pytest.raises((RefusedError, UsageError)) as other:
        answer(session, ref, "paper", person=id_of(session, RUTH))
    plainly(other.value)
    assert session.second is None


def test_somebody_not_senior_may_come_but_does_not_make_two(session: Session, ref: str) -> None:
    answer(session, ref, "sign-in", login=CORA.login, password=CORA.password)
    assert "not a senior" in offered(session.casework.ask(ref), "together").refused
    assert "not senior, so that the two cannot look" in session.browsing.chronology(ref)[-1]["text"]
    answer(session, ref, "sign-in", login=VAL.login, password=VAL.password)
    assert not offered(session.casework.ask(ref), "together").refused
    assert session.presence()[1].startswith(f"{VAL.name}, second person, signed in")


@pytest.mark.parametrize("role", ["subject", "affected", "reporter", "witness"])
def test_nobody_who_is_part_of_the_case_is_the_second(session: Session, ref: str, role: str) -> None:
    do(session, ref, "person", "add", kind="parent", role=role, name="Terry  Weir")
    before = session.journal.head()
    with pytest.raises(RefusedError) as error:
        answer(session, ref, "guest", name="terry weir", position="Governor", senior="yes")
    plainly(error.value)
    assert error.value.rule == "R10"
    assert (session.second, session.journal.head()) == (None, before)


def test_nobody_who_was_excluded_is_the_second(session: Session, ref: str) -> None:
    do(session, ref, "exclude", "exclude", person=id_of(session, VAL), reason="An aunt")
    for choice, given in (
        ("sign-in", {"login": VAL.login, "password": VAL.password}),
        ("paper", {"person": id_of(session, VAL)}),
    ):
        with pytest.raises(RefusedError) as error:
            answer(session, ref, choice, **given)
        plainly(error.value)
        assert error.value.rule == "R10"


@pytest.mark.parametrize(("login", "password"), [("val", "wrong"), ("nobody", "wrong"), ("val", RUTH.password)])
def test_a_wrong_password_of_the_second_lets_nobody_in(session: Session, ref: str, login: str, password: str) -> None:
    with pytest.raises(NotLetInError) as error:
        answer(session, ref, "sign-in", login=login, password=password)
    plainly(error.value)
    assert session.second is None


@pytest.mark.parametrize("missing", ["login", "password"])
def test_a_login_or_password_left_out_is_named(session: Session, ref: str, missing: str) -> None:
    given = {"login": VAL.login, "password": VAL.password, missing: ""}
    with pytest.raises(UsageError) as error:
        answer(session, ref, "sign-in", **given)
    plainly(error.value)


@pytest.mark.parametrize(
    "spelt", [VAL.name, f"  {VAL.name.upper()} ", VAL.name.replace(" ", " \u200b "), VAL.name.replace("a", "\u00e1")]
)
def test_a_colleague_with_a_login_is_no_guest(session: Session, ref: str, spelt: str) -> None:
    before = session.journal.head()
    with pytest.raises(RefusedError) as error:
        answer(session, ref, "guest", name=spelt, position="Vice-Principal", senior="yes")
    plainly(error.value)
    assert error.value.rule == "R1"
    assert "sign in (F2)" in error.value.do
    assert (session.second, session.journal.head()) == (None, before)


def test_a_guest_reviews_judges_and_signs_on_paper(session: Session, driver: Driver, ref: str) -> None:
    answer(session, ref, "guest", name="Gwen Pike", position="Vice-Principal of Oak School", senior="yes")
    driver.until(ref, "sign", INTERNAL)
    ask = session.casework.ask(ref)
    assert ask.choice("second") is None
    with pytest.raises(UsageError) as error:
        answer(session, ref, "second-paper", where=" ")
    plainly(error.value)
    answer(session, ref, "lead", password=RUTH.password)
    answer(session, ref, "second-paper", where="In the safe, folder 3")
    answer(session, ref, "go-on")
    assert ("second", "Gwen Pike (guest)", "paper") in {
        (s["seat"], s["by"], s["how"]) for s in session.browsing.show(ref)["signatures"]
    }
    assert any(
        row["proof"] == "guest" and row["witness"] == "Gwen Pike (guest)" for row in session.browsing.chronology(ref)
    )
    shown = session.browsing.show(ref)
    assert {j["by"] for j in shown["judgements"] if j["seat"] == "second"} == {"Gwen Pike (guest)"}
    judged = [row["text"] for row in shown["chronology"] if row["kind"] == "judged"]
    assert any(text.startswith("Gwen Pike (guest), the second reviewer:") for text in judged)


def test_a_guest_is_known_by_name_in_every_case_of_the_sitting(
    session: Session, ref: str, sign_in: Callable[..., Session]
) -> None:
    answer(session, ref, "guest", name="Gwen Pike", position="Vice-Principal of Oak School", senior="yes")
    other = session.casework.begin()
    do(session, other, "note", "add", text="While she was here")
    session = sign_in(RUTH)
    witnesses = {row["witness"] for row in session.browsing.chronology(other) if row["witness"]}
    assert witnesses == {"Gwen Pike (guest)"}
    assert session.browsing.show(other)["second"] == "Gwen Pike (guest)"


def test_attested_on_paper_comes_due_and_is_countersigned_by_themselves(
    session: Session, driver: Driver, ref: str, sign_in: Callable[..., Session]
) -> None:
    answer(session, ref, "paper", person=id_of(session, VAL))
    assert session.presence()[1].endswith("on paper")
    until = school_days_after(session.pack.tables, date.today(), 5).isoformat()
    due = [line for line in session.browsing.due() if line.ref == ref]
    assert [(line.what, line.owner, line.due) for line in due] == [
        ("Countersign what was attested on paper", VAL.name, until)
    ]
    driver.until(ref, "judgement", INTERNAL)
    assert {row["proof"] for row in session.browsing.chronology(ref)} == {"none", "attested"}
    rebuilt_as_it_was(session)
    val = sign_in(VAL)
    assert any("attested on paper" in line.text for line in val.mine())
    val.confirm_mine()
    assert val.mine() == []
    assert not [line for line in val.browsing.due() if line.ref == ref]
    checked(val)
    rebuilt_as_it_was(val)


def test_what_was_recorded_in_ones_name_is_confirmed_or_disputed(
    session: Session, driver: Driver, ref: str, sign_in: Callable[..., Session]
) -> None:
    driver.until(ref, "triggers", INTERNAL)
    assert session.mine() == []
    val = sign_in(VAL)
    lines = val.mine()
    assert lines
    assert all(line.text.startswith(ref) for line in lines)
    for seq, reason in ((lines[0].seq, " "), (1, "Not mine"), (0, "Not mine")):
        with pytest.raises(UsageError) as error:
            val.dispute(seq, reason)
        plainly(error.value)
    val.dispute(lines[0].seq, "I was not there yet")
    val.confirm_mine()
    assert val.mine() == []
    assert val.register.disputed[lines[0].seq].reason == "I was not there yet"
    ruth = sign_in(RUTH)
    assert ruth.mine() == []


def test_sent_for_a_second_person_is_a_step_that_waits(session: Session, ref: str) -> None:
    answer(session, ref, "sent", whom="Val Orr, from the playground")
    assert session.casework.ask(ref).id == "second"
    assert any("Sent for a second person" in text for text in session.casework.ask(ref).so_far)


def test_when_the_second_leaves_two_are_needed_again(session: Session, driver: Driver, ref: str) -> None:
    driver.until(ref, "judgement", INTERNAL)
    answer(session, ref, "lead", substance="yes", reasons="What we read")
    do(session, ref, "second", "left", reason="Called away")
    with pytest.raises(RefusedError) as error:
        answer(session, ref, "second", substance="yes", reasons="What they said")
    plainly(error.value)
    assert error.value.rule == "R1"


def test_a_lead_who_is_not_senior_is_told_whom_to_ask(sign_in: Callable[..., Session]) -> None:
    session = sign_in(CORA)
    driver = Driver(session, lead=CORA)
    ref = session.casework.begin()
    driver.until(ref, "second", INTERNAL)
    answer(session, ref, "sign-in", login=VAL.login, password=VAL.password)
    with pytest.raises(RefusedError) as error:
        answer(session, ref, "together")
    plainly(error.value)
    assert "senior" in error.value.title


def test_another_clock_is_compared_once_a_sitting(session: Session, driver: Driver, ref: str) -> None:
    driver.second_signs_in(ref)
    assert "clock" in {field.id for field in offered(session.casework.ask(ref), "together").fields}
    with pytest.raises(UsageError) as error:
        answer(session, ref, "together", clock="other", clock_shows="half past")
    plainly(error.value)
    for half in ("other", "none"):
        with pytest.raises(UsageError) as error:
            answer(session, ref, "together", clock=half)
        plainly(error.value)
    answer(session, ref, "together", clock="none", clock_why="No telephone in this room")
    said = [row["text"] for row in session.browsing.chronology(ref) if row["kind"] == "clock-checked"]
    assert said == ["The clock was not compared: there was no other clock here. Reason: No telephone in this room"]
    other = session.casework.begin()
    driver.until(other, "second", INTERNAL)
    assert "clock" not in {field.id for field in offered(session.casework.ask(other), "together").fields}


@pytest.mark.parametrize("pack", ["spires"], indirect=True)
def test_the_heads_word_where_the_police_are_not_told(session: Session, driver: Driver, ref: str) -> None:
    """R6: under "advice first" only with advice, a reason and the head's signature as well."""
    driver.until(ref, "triggers", INTERNAL)
    driver.go(ref, "advice")
    driver.until(ref, "sign", INTERNAL)
    answer(session, ref, "lead", password=RUTH.password)
    answer(session, ref, "second", password=VAL.password)
    for login, password in ((VAL.login, VAL.password), (PAT.login, VAL.password), ("nobody", PAT.password)):
        with pytest.raises((RefusedError, NotLetInError)) as error:
            answer(session, ref, "head", login=login, password=password)
        plainly(error.value)
    answer(session, ref, "go-on")
    driver.until(ref, "close", INTERNAL)
    driver.finish_actions(ref)
    with pytest.raises(RefusedError) as missing:
        answer(session, ref, "close", conclusion="Dealt with")
    plainly(missing.value)
    assert "signature of the Principal" in missing.value.title
    do(session, ref, "back", "back", to="sign", reason="The Principal signs")
    answer(session, ref, "lead", password=RUTH.password)
    answer(session, ref, "second", password=VAL.password)
    answer(session, ref, "head", login=PAT.login, password=PAT.password)
    answer(session, ref, "go-on")
    driver.until(ref, "close", INTERNAL)
    driver.end(ref)
    assert session.browsing.show(ref)["status"] == "closed"
    assert session.care.verify()["ok"]


def test_silence_about_the_clock_is_no_answer(session: Session, driver: Driver, ref: str) -> None:
    """R15: it is asked again, and has to be answered, before anything is looked at."""
    driver.second_signs_in(ref)
    driver.until(ref, "second", INTERNAL)
    answer(session, ref, "together")
    driver.until(ref, "review", INTERNAL)
    assert not any(row["kind"] == "clock-checked" for row in session.browsing.chronology(ref))
    answer(session, ref, "ask", what="The page", could="no")
    start = offered(session.casework.ask(ref), "start")
    stated = {field.id: field.value for field in start.fields if field.id in ("clock", "filter", "driver")}
    assert stated == {"clock": "", "filter": "", "driver": ""}, "nothing that nobody said stands there already"
    with pytest.raises(UsageError) as error:
        answer(session, ref, "start", clock="")
    plainly(error.value)
    answer(session, ref, "start")
    assert any(row["kind"] == "clock-checked" for row in session.browsing.chronology(ref))


def test_the_second_stays_until_the_look_is_over(session: Session) -> None:
    """R13: who is said to have looked together looked together to the end."""
    driver = Driver(session)
    ref = session.casework.begin()
    driver.until(ref, "review", INTERNAL)
    answer(session, ref, "ask", what="A page", could="no")
    answer(session, ref, "start")
    assert session.casework.task_ask(ref, "second").choice("left").refused  # type: ignore[union-attr]
    with pytest.raises(RefusedError) as refused:
        do(session, ref, "second", "left", reason="The bell")
    plainly(refused.value)
    assert refused.value.rule == "R13"
