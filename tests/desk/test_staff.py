"""A case about a colleague, about the head of the school, about somebody who can open this program."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from esafety_tui.desk.session import Session
from esafety_tui.errors import RefusedError, UsageError
from tests.desk.driver import AGREED, INTERNAL, SPOKE, Driver
from tests.desk.made_school import CORA, PAT, RUTH, VAL, answer, checked, do, offered, rebuilt_as_it_was
from tests.desk.plain import plainly
from tests.desk.staffed import STAFF, driver, party, ref, refused

__all__ = ["driver", "ref"]


def test_a_staff_case_from_the_first_call_to_its_outcome(session: Session, driver: Driver, ref: str) -> None:
    driver.until(ref, "strategy", STAFF)
    with pytest.raises(UsageError) as error:
        answer(session, ref, "recorded", meeting=" ")
    plainly(error.value)
    driver.until(ref, "suspension", STAFF)
    assert offered(session.casework.ask(ref), "go-on").refused
    suspend = {"decision": "yes", "by": "principal", "name": PAT.name, "reason": "To keep everybody safe"}
    if not any(field.id == "party" for field in offered(session.casework.ask(ref), "decide").fields):
        # Nobody is suspended before it is said who.
        assert [option.id for option in offered(session.casework.ask(ref), "decide").fields[0].options] == ["no"]
        answer(session, ref, "add", kind="staff", role="subject", name="Lee Moss")
    suspend["party"] = party(session, ref, "Lee Moss")
    refused("R18", lambda: answer(session, ref, "decide", **suspend))
    driver.advice(ref, "police")
    for wrong in ({"name": " "}, {"reason": ""}, {"decision": ""}, {"by": "lead"}):
        with pytest.raises((UsageError, RefusedError)) as bad:
            answer(session, ref, "decide", **{**suspend, **wrong})
        plainly(bad.value)
    answer(session, ref, "decide", **suspend)
    driver.until(ref, "decisions", STAFF | {"await": "crime"})
    lee = party(session, ref, "Lee Moss")
    assert "outcome" in {choice.id for choice in session.casework.ask(ref).choices}
    for word in ("", "guilty"):
        with pytest.raises(UsageError) as bad:
            answer(
                session,
                ref,
                "outcome",
                party=lee,
                outcome=word,
                by="other",
                name=PAT.name,
                reason="As the agencies found",
            )
        plainly(bad.value)
    answer(
        session,
        ref,
        "outcome",
        party=lee,
        outcome="substantiated",
        by="other",
        name=PAT.name,
        reason="As the agencies found",
    )
    driver.until(ref, "close", STAFF)
    driver.end(ref)
    told = " ".join(row["text"] for row in session.browsing.chronology(ref))
    for words in ("Lee Moss: suspended as a precaution", PAT.name, "the allegation is substantiated"):
        assert words in told
    checked(session)
    rebuilt_as_it_was(session)


def test_nobody_is_warned_before_an_agency_advised(session: Session, driver: Driver, ref: str) -> None:
    """R18, for staff allegations from the beginning, on the school's own side too."""
    driver.until(ref, "decisions", {**INTERNAL, "concern": "staff", "staff": "not-serious"})
    lee, robin = party(session, ref, "Lee Moss"), party(session, ref, "Robin Dale")
    warning = "staff/warning" if session.pack.tables.matrix("staff") else "staff/staff-disciplinary"
    if session.pack.tables.matrix("staff"):
        answer(session, ref, "row", party=lee, row="staff/personal-use")
    answer(session, ref, "propose", party=lee, action=warning)
    action = next(a.id for a in session.casework.case(ref).actions.values() if a.warns)
    yes = {"action": action, "decision": "do", "by": "other", "name": PAT.name, "reason": "It fits"}
    refused("R18", lambda: answer(session, ref, "decide", **yes))
    tell = {"party": robin, "risk": "no", "told": "yes", "reason": "They ask"}
    refused("R18", lambda: do(session, ref, "parents", "decide", **tell))
    do(session, ref, "parents", "decide", **tell, safety="yes")
    no_call = {"agency": driver.agency("authority"), **AGREED}
    driver_call = {"agency": driver.agency("authority"), **SPOKE}
    refused("R6", lambda: do(session, ref, "advice", "advice", **no_call))
    do(session, ref, "call", "call", **driver_call)
    do(session, ref, "advice", "advice", **no_call)
    answer(session, ref, "decide", **yes)


def test_the_call_to_a_helpline_binds_nobody(session: Session, driver: Driver, ref: str) -> None:
    driver.until(ref, "kind", INTERNAL)
    helpline = next(a.id for a in session.pack.tables.agencies if a.purpose == "helpline")
    do(session, ref, "call", "call", agency=helpline, **SPOKE)
    assert session.casework.case(ref).standing.called == frozenset()
    driver.call(ref, "police")
    with pytest.raises(UsageError) as error:
        do(session, ref, "advice", "advice", agency=helpline, **AGREED)
    plainly(error.value)


# -- about the head, with or without a login; about another user


def about(session: Session, ref: str, who: str) -> None:
    """Say that somebody of the school may have done it."""
    head = next(p.id for p in session.register.people.values() if p.login == PAT.login)
    fields = {
        "head": {"kind": "staff", "name": PAT.name},
        "head-by-list": {"kind": "staff", "name": "The head", "colleague": head},
        "head-without-login": {"kind": "staff", "name": "Somebody Else", "colleague": "head"},
        "user": {"kind": "staff", "name": "cora  NUNN"},
    }[who]
    answer(session, ref, "add", role="subject", **fields)


@pytest.mark.parametrize("who", ["head", "head-by-list", "head-without-login", "user"])
def test_about_somebody_who_could_open_this_stop_typing_and_ring_the_chair(
    session: Session, driver: Driver, ref: str, who: str
) -> None:
    driver.until(ref, "people", INTERNAL)
    about(session, ref, who)
    ask = session.casework.ask(ref)
    assert ask.id == "chair"
    assert "Stop typing" in ask.title
    from esafety_tui.desk.asks import Reply

    for reply in (Reply("go-on"), Reply("add", {"kind": "pupil", "role": "affected", "name": "Robin Dale"})):
        with pytest.raises((UsageError, RefusedError)) as error:
            session.casework.reply(ref, reply)
        plainly(error.value)
    for task, choice, given in (
        ("note", "add", {"text": "More of it"}),
        ("account", "add", {"whose": "Robin", "words": "They did"}),
        ("person", "add", {"kind": "pupil", "role": "affected", "name": "Robin Dale"}),
    ):
        with pytest.raises((RefusedError, UsageError)) as error:
            do(session, ref, task, choice, **given)
        plainly(error.value)
    tried = {"outcome": "no-answer"}
    answer(session, ref, "call", agency="chair", **tried)
    assert session.casework.ask(ref).id == "chair", "nobody was reached"
    with pytest.raises(UsageError):
        answer(session, ref, "call", agency=driver.agency("police"), **SPOKE)
    assert session.casework.ask(ref).id == "chair", "the police are not the Chair"
    answer(session, ref, "call", agency="chair", **SPOKE)
    assert session.casework.ask(ref).id == "people"


def test_a_call_made_before_it_was_known_does_not_count(session: Session, driver: Driver, ref: str) -> None:
    driver.until(ref, "people", INTERNAL)
    do(session, ref, "call", "call", agency="chair", **SPOKE)
    about(session, ref, "head")
    assert session.casework.ask(ref).id == "chair"


def test_the_head_reads_nothing_of_a_case_about_them_and_the_chair_decides(
    session: Session, driver: Driver, ref: str, sign_in: Callable[..., Session]
) -> None:
    driver.until(ref, "people", INTERNAL)
    about(session, ref, "head")
    answer(session, ref, "call", agency="chair", **SPOKE)
    answer(session, ref, "add", kind="pupil", role="affected", name="Robin Dale", age="12")
    driver.until(ref, "second", INTERNAL | {"concern": "staff", "staff": "serious"})
    with pytest.raises(RefusedError) as error:
        answer(session, ref, "sign-in", login=PAT.login, password=PAT.password)
    plainly(error.value)
    assert error.value.rule == "R10"
    assert session.second is None
    driver.until(ref, "decisions", INTERNAL)
    head = party(session, ref, PAT.name)
    actions = session.pack.tables.actions("staff")
    wanted = next(a for a in actions if a.decided_by in ("principal", "headteacher"))
    given = {"party": head, "action": f"staff/{wanted.id}", "outside": "The policy names the head, who it is about"}
    answer(session, ref, "propose", **given)
    action = next(a for a in session.casework.case(ref).actions.values() if a.action == wanted.id)
    assert action.decider == "chair-of-governors"
    assert (
        "Chair"
        in next(f for f in offered(session.casework.ask(ref), "decide").fields if f.id == "action").options[0].label
    )
    with pytest.raises(UsageError) as error:
        _suspended_by_the_head(session)
    plainly(error.value)
    session.close()
    pat = sign_in(PAT)
    assert pat.browsing.log() == []
    assert pat.browsing.log(search="Robin") == []
    assert pat.browsing.due() == []
    for look in (pat.browsing.show, pat.browsing.chronology, pat.casework.ask, pat.casework.tasks):
        with pytest.raises(UsageError, match="No such case"):
            look(ref)


def _suspended_by_the_head(session: Session) -> None:
    """At the box for a suspension, in a case about the head, the head is said to have decided."""
    driver = Driver(session, about="staff")
    session.set_second(None)
    ref = session.casework.begin()
    driver.until(ref, "names", STAFF | {"suspension": ""} if session.pack.name == "spires" else STAFF)
    answer(session, ref, "add", kind="staff", role="subject", name=PAT.name)
    answer(session, ref, "call", agency="chair", **SPOKE)
    do(session, ref, "back", "back", to="suspension", reason="Now it is known who it is about")
    answer(session, ref, "decide", decision="no", by="principal", name=PAT.name, reason="No contact")


def test_a_user_who_is_a_subject_reads_nothing_and_is_no_lead(
    session: Session, driver: Driver, ref: str, sign_in: Callable[..., Session]
) -> None:
    driver.until(ref, "people", INTERNAL)
    val = next(p.id for p in session.register.people.values() if p.login == VAL.login)
    answer(session, ref, "add", kind="staff", role="subject", name="whoever", colleague=val)
    answer(session, ref, "call", agency="chair", **SPOKE)
    options = next(f for f in offered(session.casework.task_ask(ref, "lead"), "change").fields if f.id == "to").options
    assert val not in {option.id for option in options}
    later = sign_in(VAL)
    assert later.browsing.log() == []
    with pytest.raises(UsageError):
        later.casework.ask(ref)


def test_nobody_records_a_case_about_themselves(session: Session, driver: Driver, ref: str) -> None:
    driver.until(ref, "people", INTERNAL)
    before = session.journal.head()
    for name in (RUTH.name, "ruth   carson"):
        refused("R10", lambda name=name: answer(session, ref, "add", kind="staff", role="subject", name=name))
    answer(session, ref, "add", kind="unknown", role="subject")
    refused(
        "R10",
        lambda: do(session, ref, "identify", "identify", party="P1", kind="staff", role="subject", name=RUTH.name),
    )
    assert session.journal.head()[0] == before[0] + 1


def test_a_second_reviewer_found_to_be_a_subject_half_way_reviews_no_more(
    session: Session, driver: Driver, ref: str, sign_in: Callable[..., Session]
) -> None:
    driver.about = "pupil"
    driver.until(ref, "judgement", INTERNAL)
    answer(session, ref, "lead", substance="yes", reasons="What we read")
    do(session, ref, "person", "add", kind="staff", role="subject", name=VAL.name)
    answer(session, ref, "call", agency="chair", **SPOKE)
    refused("R10", lambda: answer(session, ref, "second", substance="no", reasons="It was not me"))
    driver.second = PAT
    do(session, ref, "second", "sign-in", login=PAT.login, password=PAT.password)
    answer(session, ref, "second", substance="yes", reasons="What we read")
    val = sign_in(VAL)
    assert val.browsing.log() == []
    (line, *_) = val.mine()
    assert "may no longer read" in line.text
    assert "Jamie" not in " ".join(one.text for one in val.mine())


def test_a_victim_on_the_staff_is_no_subject(session: Session, driver: Driver, ref: str) -> None:
    driver.until(ref, "people", INTERNAL)
    answer(session, ref, "add", kind="staff", role="affected", name=CORA.name)
    assert session.casework.ask(ref).id == "people"
    assert session.casework.case(ref).standing.adult == "none"


def test_a_suspension_is_decided_for_each_and_never_about_nobody(session: Session, driver: Driver, ref: str) -> None:
    driver.about = "pupil"
    driver.until(ref, "suspension", STAFF)
    no = {"decision": "no", "by": "principal", "name": PAT.name, "reason": "Nobody is known"}
    decide = offered(session.casework.ask(ref), "decide")
    if not any(field.id == "party" for field in decide.fields):
        assert "no member of staff is named" in decide.label
        answer(session, ref, "decide", **no)
        told = session.browsing.chronology(ref)[-1]["text"]
        assert told.startswith("Nobody on the staff is named yet")
        assert f"not suspended, decided by {PAT.name}" in told
    for name in ("Lee Moss", "Kit Vane"):
        if name not in {p.name for p in session.casework.case(ref).parties.values()}:
            do(session, ref, "person", "add", kind="staff", role="subject", name=name)
    answer(session, ref, "decide", party=party(session, ref, "Lee Moss"), **no)
    error = refused("R9", lambda: answer(session, ref, "go-on"))
    assert "Kit Vane" in error.what
    assert "Lee Moss" not in error.what
    answer(session, ref, "decide", party=party(session, ref, "Kit Vane"), **no)
    answer(session, ref, "go-on")


def test_a_police_referral_is_done_by_a_call(session: Session, driver: Driver, ref: str) -> None:
    if not session.pack.tables.matrix("staff"):
        pytest.skip("no table, so no ticked referral")
    driver.until(ref, "decisions", INTERNAL)
    driver.call(ref, "authority")
    driver.advice(ref, "authority")
    lee = party(session, ref, "Lee Moss")
    refused("R6", lambda: answer(session, ref, "row", party=lee, row="staff/illegal"))
    answer(session, ref, "propose", party=lee, action="staff/police", outside="To be safe")
    (action,) = session.casework.case(ref).actions
    yes = {"action": action, "decision": "do", "by": "other", "name": PAT.name, "reason": "It fits"}
    answer(session, ref, "decide", **yes)
    done = {"action": action, "done": "yes", "reason": "Rung"}
    refused("R6", lambda: do(session, ref, "finish", "finish", **done))
    do(session, ref, "call", "call", agency=driver.agency("police"), outcome="message")
    refused("R6", lambda: do(session, ref, "finish", "finish", **done))
    driver.call(ref, "police")
    do(session, ref, "finish", "finish", **done)
