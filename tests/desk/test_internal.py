"""A case that the school deals with itself: judged by two, decided for each person, closed when all is there."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from esafety_tui.desk.asks import Reply
from esafety_tui.desk.session import Session
from esafety_tui.errors import EsafetyError, RefusedError, UsageError
from esafety_tui.record.signing import statement_bytes, verify_signature
from tests.desk.driver import INTERNAL, Driver
from tests.desk.made_school import CORA, PAT, RUTH, VAL, answer, checked, do, offered, rebuilt_as_it_was
from tests.desk.plain import plainly


@pytest.fixture
def driver(session: Session) -> Driver:
    return Driver(session)


@pytest.fixture
def ref(session: Session) -> str:
    return session.casework.begin()


def refused(error: pytest.ExceptionInfo[RefusedError], rule: str) -> None:
    plainly(error.value)
    assert error.value.rule == rule


def person(session: Session, ref: str, name: str) -> str:
    """The id of somebody in the case."""
    return next(p.id for p in session.casework.case(ref).parties.values() if p.name == name)


def decide(session: Session, ref: str, action: str, decision: str = "do", by: str = "Pat Hale") -> None:
    case = session.casework.case(ref)
    id = next(a.id for a in case.actions.values() if a.action == action and not a.decision)
    answer(session, ref, "decide", action=id, decision=decision, by="other", name=by, reason="After talking it through")


def test_a_whole_case_reads_as_it_was_told(session: Session, driver: Driver, ref: str) -> None:
    driver.until(ref, "close", INTERNAL)
    driver.end(ref)
    shown = session.browsing.show(ref)
    assert (shown["status"], shown["class"], shown["branch"]) == ("closed", "suspicion", "internal")
    assert (shown["lead"], shown["second"]) == (RUTH.name, VAL.name)
    assert {p["name"]: p["role"] for p in shown["people"]} == {"Jamie Weir": "subject", "Robin Dale": "affected"}
    assert [site["looked"] for site in shown["sites"]] == [True, False]
    assert {a["decision"] for a in shown["actions"]} == {"do"}
    assert all(a["done"] is True for a in shown["actions"])
    assert {(s["seat"], s["by"], s["how"]) for s in shown["signatures"]} == {
        ("lead", RUTH.name, "password"), ("second", VAL.name, "password"),
    }  # fmt: skip
    assert {(j["by"], j["substance"]) for j in shown["judgements"]} == {(RUTH.name, "yes"), (VAL.name, "yes")}
    told = " ".join(row["text"] for row in shown["chronology"])
    for words in ('Robin Dale said: "They sent it to everybody."', "Names of pupils in a message", "Dealt with as"):
        assert words in told
    assert session.casework.ask(ref).id == "closed"
    checked(session)
    rebuilt_as_it_was(session)


def test_signatures_are_made_with_the_signers_own_keys(session: Session, driver: Driver, ref: str) -> None:
    driver.until(ref, "close", INTERNAL)
    case = session.casework.case(ref)
    keys = {p.id: p.public_key for p in session.register.people.values()}
    vault = session.unlocked.header.vault_id
    assert len(case.signatures) == 2
    for _, signed in case.signatures:
        key, signature = bytes.fromhex(signed.public_key), bytes.fromhex(signed.signature)
        assert signed.public_key == keys[signed.person]
        message = statement_bytes(vault, signed.over_seq, bytes.fromhex(signed.over_chain), signed.statement)
        assert verify_signature(key, signature, message)
        assert not verify_signature(key, signature, message + b".")


def test_a_password_of_somebody_else_signs_nothing(session: Session, driver: Driver, ref: str) -> None:
    driver.until(ref, "sign", INTERNAL)
    before = session.journal.head()
    for password in (VAL.password, PAT.password, "", "wrong"):
        with pytest.raises(EsafetyError) as error:
            answer(session, ref, "lead", password=password)
        plainly(error.value)
    assert session.journal.head() == before


def _login(session: Session, login: str) -> str:
    return next(p.id for p in session.register.people.values() if p.login == login)


def test_nobody_looks_before_the_question(session: Session, driver: Driver, ref: str) -> None:
    driver.until(ref, "review", INTERNAL)
    ask = session.casework.ask(ref)
    assert ask.choice("looked") is None
    row = {"form": "site", "where": "https://example.invalid", "concern": "A name"}
    with pytest.raises((RefusedError, UsageError)) as error:
        session.casework.reply(ref, Reply("looked", row))
    plainly(error.value)
    answer(session, ref, "ask", what=row["where"], could="no")
    # The times of a look are kept as they were, never made up with the row.
    assert offered(session.casework.ask(ref), "looked").refused
    with pytest.raises(RefusedError) as waits:
        session.casework.reply(ref, Reply("looked", row))
    refused(waits, "R13")
    answer(session, ref, "start")
    answer(session, ref, "looked", **row)
    answer(session, ref, "stop")
    assert session.casework.ask(ref).choice("looked") is None, "each row has its own question"


@pytest.mark.parametrize("could", ["yes", "unsure"])
def test_a_yes_before_looking_is_the_illegal_side(session: Session, driver: Driver, ref: str, could: str) -> None:
    driver.until(ref, "review", INTERNAL)
    answer(session, ref, "ask", what="The page", could=could)
    case = session.casework.case(ref)
    assert case.standing.lane == "illegal"
    assert case.rows == []
    row = session.browsing.log()[0]
    assert (row["branch"], row["status"]) == ("illegal", "halted")


@pytest.mark.parametrize("pack", ["spires"], indirect=True)
def test_outside_the_table_needs_a_reason_and_the_table_names_who_decides(
    session: Session, driver: Driver, ref: str
) -> None:
    driver.until(ref, "decisions", INTERNAL)
    jamie = person(session, ref, "Jamie Weir")
    answer(session, ref, "row", party=jamie, row="pupil/sharing-password")
    with pytest.raises(RefusedError) as error:
        answer(session, ref, "propose", party=jamie, action="pupil/police")
    refused(error, "R9")
    answer(session, ref, "propose", party=jamie, action="pupil/further", owner="Pat Hale", due="2031-03-03")
    other = {"action": "other", "title": "A letter of apology", "outside": "They offered it"}
    with pytest.raises(RefusedError) as error:
        answer(session, ref, "propose", party=jamie, **other)
    refused(error, "R9")
    answer(session, ref, "propose", party=jamie, decider=PAT.roles[session.pack.name], **other)
    actions = {a["action"]: a for a in session.browsing.show(ref)["actions"]}
    assert actions["A letter of apology"]["decider"] == "Principal"
    further = next(a for name, a in actions.items() if name != "A letter of apology")
    assert further["decider"] == "Principal"
    assert further["due"] == "2031-03-03"
    with pytest.raises(RefusedError) as error:
        answer(session, ref, "propose", party=jamie, action="other", title="A wet sponge")
    refused(error, "R9")


@pytest.mark.parametrize("pack", ["spires"], indirect=True)
def test_a_row_of_the_staff_table_is_not_for_a_pupil(session: Session, driver: Driver, ref: str) -> None:
    driver.until(ref, "decisions", INTERNAL)
    do(session, ref, "person", "add", kind="staff", role="subject", name="Lee Moss")
    jamie, lee = person(session, ref, "Jamie Weir"), person(session, ref, "Lee Moss")
    for party, row in ((jamie, "staff/files"), (lee, "pupil/files")):
        with pytest.raises(UsageError) as error:
            answer(session, ref, "row", party=party, row=row)
        plainly(error.value)


@pytest.mark.parametrize("pack", ["spires"], indirect=True)
def test_a_ticked_police_referral_is_proposed_at_once_and_not_dropped_by_one_person(
    session: Session, driver: Driver, ref: str
) -> None:
    driver.until(ref, "decisions", INTERNAL)
    jamie = person(session, ref, "Jamie Weir")
    answer(session, ref, "row", party=jamie, row="pupil/pornography")
    assert "police" in {a.action for a in session.casework.case(ref).actions.values()}
    do(session, ref, "second", "left", reason="Called away")
    with pytest.raises(RefusedError) as error:
        decide(session, ref, "police", "not")
    refused(error, "R9")
    driver.second_signs_in(ref)
    decide(session, ref, "police", "not")
    assert not offered(session.casework.ask(ref), "go-on").refused


@pytest.mark.parametrize("pack", ["spires"], indirect=True)
def test_continued_infringements_need_an_earlier_case_with_substance_and_a_sanction(
    session: Session, driver: Driver, ref: str
) -> None:
    def at_decisions() -> str:
        ref = session.casework.begin()
        driver.until(ref, "decisions", INTERNAL)
        return ref

    def continued(ref: str) -> None:
        answer(session, ref, "row", party=person(session, ref, "Jamie Weir"), row="pupil/continued")

    def not_yet(ref: str) -> None:
        with pytest.raises(RefusedError) as error:
            continued(ref)
        refused(error, "R9")

    without_substance = session.casework.begin()
    driver.until(without_substance, "close", {**INTERNAL, "judgement": "no"})
    driver.end(without_substance)
    only_talk = at_decisions()
    not_yet(only_talk)
    driver.until(only_talk, "close", INTERNAL)
    driver.end(only_talk)
    third = at_decisions()
    not_yet(third)
    jamie = person(session, third, "Jamie Weir")
    answer(session, third, "row", party=jamie, row="pupil/files")
    answer(session, third, "propose", party=jamie, action="pupil/warning")
    not_yet(third)
    decide(session, third, "warning")
    driver.until(third, "close", INTERNAL)
    driver.end(third)
    continued(at_decisions())


@pytest.mark.parametrize("pack", ["woodside-park"], indirect=True)
def test_without_a_table_the_actions_are_graduated_and_the_first_may_be_chosen(
    session: Session, driver: Driver, ref: str
) -> None:
    driver.until(ref, "decisions", INTERNAL)
    assert session.casework.ask(ref).choice("row") is None
    jamie = person(session, ref, "Jamie Weir")
    answer(session, ref, "propose", party=jamie, action="pupil/exclusion")
    (action,) = session.browsing.show(ref)["actions"]
    assert action["decider"] == "Headteacher"


def test_it_does_not_close_while_something_is_missing(session: Session, driver: Driver, ref: str) -> None:
    driver.until(ref, "close", INTERNAL)
    with pytest.raises(RefusedError) as error:
        answer(session, ref, "close", conclusion="Dealt with")
    refused(error, "R8")
    assert "each action" in error.value.title
    driver.finish_actions(ref)
    do(session, ref, "person", "add", kind="pupil", role="witness", name="Alex Finn", age="12")
    with pytest.raises(RefusedError) as error:
        answer(session, ref, "close", conclusion="Dealt with")
    assert "support for each child" in error.value.title
    do(session, ref, "support", "add", party=person(session, ref, "Alex Finn"), what="A talk")
    do(session, ref, "parents", "decide", party=person(session, ref, "Alex Finn"), told="no", risk="no", reason="Minor")
    answer(session, ref, "close", conclusion="Dealt with")


def test_monitoring_blocks_nothing_and_comes_due(session: Session, driver: Driver, ref: str) -> None:
    driver.until(ref, "close", INTERNAL)
    driver.end(ref, monitor=True)
    assert session.browsing.log()[0]["status"] == "monitoring"
    assert any(line.ref == ref and line.due == "2031-03-03" for line in session.browsing.due())
    do(session, ref, "note", "add", text="Nothing new so far")
    do(session, ref, "close", "close", conclusion="It has not come back")
    assert session.browsing.log()[0]["status"] == "closed"
    assert not [line for line in session.browsing.due() if line.ref == ref]
    rebuilt_as_it_was(session)


def test_a_correction_stands_beside_what_it_corrects(session: Session, driver: Driver, ref: str) -> None:
    driver.until(ref, "people", INTERNAL)
    reported = next(row for row in session.browsing.chronology(ref) if row["kind"] == "reported")
    for seq, text, reason in (("", "x", "y"), ("0", "x", "y"), ("1", "x", "y"), ("99999", "x", "y"), ("-1", "x", "y")):
        with pytest.raises(UsageError) as error:
            do(session, ref, "correct", "correct", seq=seq, text=text, reason=reason)
        plainly(error.value)
    for text, reason in (("", "y"), ("x", " ")):
        with pytest.raises(UsageError) as error:
            do(session, ref, "correct", "correct", seq=str(reported["seq"]), text=text, reason=reason)
        plainly(error.value)
    do(session, ref, "correct", "correct", seq=str(reported["seq"]), text="It was Tuesday", reason="Wrong day")
    told = [row["text"] for row in session.browsing.chronology(ref)]
    assert reported["text"] in told
    assert any("It was Tuesday" in text and "Wrong day" in text for text in told)


def test_going_back_keeps_what_was_answered(session: Session, driver: Driver, ref: str) -> None:
    driver.until(ref, "triggers", INTERNAL)
    do(session, ref, "back", "back", to="review", reason="One more page")
    assert session.casework.ask(ref).id == "review"
    answer(session, ref, "words", form="device", where="Another telephone", concern="The same message")
    driver.go(ref, "go-on")
    assert len(session.browsing.show(ref)["sites"]) >= 3
    with pytest.raises(UsageError) as error:
        do(session, ref, "back", "back", to="nowhere", reason="x")
    plainly(error.value)
    with pytest.raises((UsageError, RefusedError)) as refusal:
        do(session, ref, "back", "back", to="review", reason=" ")
    plainly(refusal.value)


def test_somebody_unknown_is_later_known(session: Session, driver: Driver, ref: str) -> None:
    driver.until(ref, "people", INTERNAL)
    answer(session, ref, "add", kind="unknown", role="subject")
    with pytest.raises((UsageError, RefusedError)) as error:
        do(session, ref, "identify", "identify", party="P1", kind="pupil", role="subject", name=" ")
    plainly(error.value)
    with pytest.raises(UsageError) as usage:
        session.casework.task_reply(
            ref, "identify", Reply("identify", {"party": "P9", "kind": "pupil", "role": "subject", "name": "Nobody"})
        )
    plainly(usage.value)
    do(session, ref, "identify", "identify", party="P1", kind="pupil", role="subject", name="Jamie Weir", age="13")
    (somebody,) = session.browsing.show(ref)["people"]
    assert (somebody["name"], somebody["kind"]) == ("Jamie Weir", "pupil")
    assert not any(task.id == "identify" for task in session.casework.tasks(ref))
    told = [row["text"] for row in session.browsing.chronology(ref)]
    assert any("Somebody not known yet" in text for text in told)
    assert any("Now known" in text for text in told)
    assert session.browsing.log(person="Jamie")[0]["ref"] == ref


def test_an_excluded_colleague_sees_nothing_of_it_anywhere(
    session: Session, driver: Driver, ref: str, sign_in: Callable[..., Session]
) -> None:
    driver.until(ref, "kind", INTERNAL)
    do(session, ref, "exclude", "exclude", person=_login(session, PAT.login), reason="An aunt of the child")
    other = session.casework.begin()
    pat = sign_in(PAT)
    assert [row["ref"] for row in pat.browsing.log()] == [other]
    assert pat.browsing.log(search="Jamie") == []
    assert pat.browsing.log(person="Jamie") == []
    assert ref not in {line.ref for line in pat.browsing.due()}
    assert ref not in {row["ref"] for row in pat.browsing.home().open}
    for look in (pat.browsing.show, pat.browsing.chronology, pat.casework.ask, pat.casework.tasks, pat.casework.boxes):
        with pytest.raises(UsageError, match="No such case"):
            look(ref)
    with pytest.raises(UsageError) as closed:
        pat.browsing.show(ref)
    with pytest.raises(UsageError) as missing:
        pat.browsing.show("2222-222")
    assert str(missing.value) == str(closed.value)


def test_the_lead_is_handed_over_with_a_reason_to_somebody_senior(
    session: Session, driver: Driver, ref: str, sign_in: Callable[..., Session]
) -> None:
    driver.until(ref, "kind", INTERNAL)
    for login, reason in ((CORA.login, "On leave"), (VAL.login, " ")):
        with pytest.raises((RefusedError, UsageError)) as error:
            do(session, ref, "lead", "change", to=_login(session, login), reason=reason)
        plainly(error.value)
    do(session, ref, "lead", "change", to=_login(session, VAL.login), reason="On leave from tomorrow")
    assert session.browsing.log()[0]["lead"] == VAL.name
    val = sign_in(VAL)
    other = Driver(val, lead=VAL, second=RUTH)
    other.until(ref, "close", INTERNAL)
    other.end(ref)
    shown = val.browsing.show(ref)
    assert (shown["lead"], shown["second"], shown["status"]) == (VAL.name, RUTH.name, "closed")
    checked(val)


def test_a_case_opened_by_mistake_is_closed_with_a_reason(session: Session, ref: str) -> None:
    assert "unopen" in {task.id for task in session.casework.tasks(ref)}
    with pytest.raises(UsageError):
        do(session, ref, "unopen", "close", reason=" ")
    answer(session, ref, "no")
    assert "unopen" not in {task.id for task in session.casework.tasks(ref)}
    other = session.casework.begin()
    do(session, other, "unopen", "close", reason="I only looked")
    shown = session.browsing.show(other)
    assert (shown["status"], shown["conclusion"]) == ("closed", "Opened by mistake: I only looked")
