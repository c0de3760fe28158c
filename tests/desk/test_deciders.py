"""Who decides about somebody: whom the policy names, and never anybody who is part of the case (R9, R10)."""

from __future__ import annotations

import pytest

from esafety_tui.desk import clock
from esafety_tui.desk.case.statement import statement
from esafety_tui.desk.session import Session
from esafety_tui.errors import RefusedError, UsageError
from esafety_tui.people.named import named_in
from tests.desk.driver import INTERNAL, Driver
from tests.desk.made_school import PAT, RUTH, answer, do, offered
from tests.desk.plain import plainly

WHY = "It fits"


@pytest.fixture
def at_decisions(session: Session) -> tuple[Session, str, str]:
    """A case about Jamie Weir where decisions are made, with a warning proposed: the sitting, the case, the person."""
    driver = Driver(session)
    ref = session.casework.begin()
    driver.until(ref, "decisions", INTERNAL)
    jamie = next(p.id for p in session.casework.case(ref).parties.values() if p.name == "Jamie Weir")
    head = PAT.roles[session.pack.name]
    action = next(one.id for one in session.pack.tables.actions("pupil") if one.decided_by == head)
    answer(session, ref, "propose", party=jamie, action=f"pupil/{action}", outside=WHY)
    return session, ref, jamie


def refused(session: Session, ref: str, choice: str, rule: str, **fields: str) -> RefusedError:
    with pytest.raises(RefusedError) as error:
        answer(session, ref, choice, **fields)
    plainly(error.value)
    assert error.value.rule == rule
    return error.value


@pytest.mark.parametrize("name", ["Jamie Weir", "jamie  WEIR, form captain", "Mr Jamie Weir", "Robin Dale"])
def test_nobody_decides_about_themselves(at_decisions: tuple[Session, str, str], name: str) -> None:
    session, ref, _ = at_decisions
    action = next(iter(session.casework.case(ref).actions))
    given = {"by": "other", "name": name, "reason": WHY}
    refused(session, ref, "decide", "R10", action=action, decision="do", **given)


def test_the_role_that_the_policy_names_decides(at_decisions: tuple[Session, str, str]) -> None:
    session, ref, _ = at_decisions
    action = session.casework.case(ref).actions
    (id,) = action
    fields = offered(session.casework.ask(ref), "decide").fields
    by = {option.label for field in fields if field.id == "by" for option in field.options}
    assert not any(RUTH.name in label for label in by), "who leads a case proposes"
    assert any(PAT.name in label for label in by)
    error = refused(session, ref, "decide", "R9", action=id, decision="do", by="other", name=RUTH.name, reason=WHY)
    role = session.pack.tables.role(action[id].decider)
    assert role is not None
    assert role.title in str(error)
    with pytest.raises(UsageError) as half:
        answer(session, ref, "decide", action=id, decision="do", by="other", name=" ", reason=WHY)
    plainly(half.value)
    answer(session, ref, "decide", action=id, decision="do", by="other", name="Sam Roe, locum", reason=WHY)
    assert session.casework.case(ref).actions[id].decided_by == f"Sam Roe, locum (as {RUTH.name} wrote it down)"


def test_one_is_chosen_and_another_written(at_decisions: tuple[Session, str, str]) -> None:
    session, ref, _ = at_decisions
    pat = next(p.id for p in session.register.people.values() if p.name == PAT.name)
    id = next(iter(session.casework.case(ref).actions))
    with pytest.raises(UsageError, match="Two people are named"):
        answer(session, ref, "decide", action=id, decision="do", by=pat, name="Sam Roe, locum", reason=WHY)
    answer(session, ref, "decide", action=id, decision="do", by=pat, name=f"Ms {PAT.name}", reason=WHY)


def test_somebody_excluded_does_not_decide(at_decisions: tuple[Session, str, str]) -> None:
    session, ref, _ = at_decisions
    pat = next(p.id for p in session.register.people.values() if p.name == PAT.name)
    do(session, ref, "exclude", "exclude", person=pat, reason="A relative of the child")
    id = next(iter(session.casework.case(ref).actions))
    fields = offered(session.casework.ask(ref), "decide").fields
    assert not any(option.id == pat for field in fields for option in field.options)
    refused(session, ref, "decide", "R10", action=id, decision="do", by="other", name=PAT.name, reason=WHY)


def test_what_is_open_is_decided_first(at_decisions: tuple[Session, str, str]) -> None:
    session, ref, jamie = at_decisions
    pat = next(p.id for p in session.register.people.values() if p.name == PAT.name)
    id = next(iter(session.casework.case(ref).actions))
    assert "proposed, not decided" in statement(session, session.casework.case(ref))
    refused(session, ref, "go-on", "R9")
    before = session.casework.ask(ref)
    assert "not decided yet" in offered(before, "go-on").refused, "it does not look open"
    refused(session, ref, "nothing", "R9", party=jamie, by=pat, reason=WHY)
    answer(session, ref, "decide", action=id, decision="do", by=pat, reason=WHY)
    after = session.casework.ask(ref)
    assert not offered(after, "go-on").refused
    assert [one.id for one in after.choices] == [one.id for one in before.choices], "an answer keeps its number"
    assert offered(after, "decide").refused
    assert "to be done" in statement(session, session.casework.case(ref))
    refused(session, ref, "nothing", "R9", party=jamie, by=pat, reason=WHY)
    do(session, ref, "finish", "finish", action=id, done="no", reason="The family moved away")
    answer(session, ref, "nothing", party=jamie, by=pat, reason=WHY)
    said = statement(session, session.casework.case(ref))
    assert f"no action (decided by {PAT.name})" in said
    assert "not done" in said


def test_what_was_done_earlier_keeps_its_own_time(at_decisions: tuple[Session, str, str]) -> None:
    """R15: when it was done, and when that was written, are two times."""
    session, ref, _ = at_decisions
    pat = next(p.id for p in session.register.people.values() if p.name == PAT.name)
    id = next(iter(session.casework.case(ref).actions))
    answer(session, ref, "decide", action=id, decision="do", by=pat, reason=WHY)
    dues = session.browsing.dues
    for wrong in ("tomorrow 9:30", "no day"):
        with pytest.raises(UsageError) as bad:
            dues.done(ref, id, True, "Spoken to", wrong)
        plainly(bad.value)
    dues.done(ref, id, True, "Spoken to", "yesterday 9:30")
    moment = session.casework.case(ref).moments[-1]
    assert clock.plain(moment.happened, moment.happened_off).endswith("09:30")
    assert moment.happened[:10] < moment.at[:10]


def test_the_words_that_are_signed_tell_calls_parents_and_support(session: Session) -> None:
    driver = Driver(session)
    ref = session.casework.begin()
    driver.until(ref, "review", INTERNAL)
    driver.call(ref, "care")
    driver.until(ref, "sign", INTERNAL)
    said = statement(session, session.casework.case(ref))
    for words in ("spoke to Officer 4417, reference none given", "parents are not to be told", "support recorded"):
        assert words in said, said


@pytest.mark.parametrize(
    ("written", "name", "found"),
    [
        ("Helen Ward", "helen  ward", True), ("Ms Helen Ward, Principal", "Helen Ward", True),
        ("Helen Warden", "Helen Ward", False), ("Sam Lee", "Sam", False), ("Sam, a pupil", "Sam", True),
        ("", "Sam", False), ("Sam Lee", "", False),
    ],
)  # fmt: skip
def test_a_name_is_found_in_what_was_written(written: str, name: str, found: bool) -> None:
    assert named_in(written, name) is found


def test_what_cannot_be_taken_yet_says_so_beforehand(session: Session) -> None:
    driver = Driver(session)
    ref = session.casework.begin()
    driver.until(ref, "review", INTERNAL)
    answer(session, ref, "ask", what="https://example.invalid", could="no")
    session.set_second(None)
    assert "second" in offered(session.casework.ask(ref), "start").refused
    driver.second_signs_in(ref)
    assert not offered(session.casework.ask(ref), "start").refused
    answer(session, ref, "start")
    answer(session, ref, "looked", form="site", where="https://example.invalid", concern="Names")
    answer(session, ref, "stop")
    driver.until(ref, "judgement", INTERNAL)
    session.set_second(None)
    assert all(offered(session.casework.ask(ref), seat).refused for seat in ("lead", "second"))
    driver.until(ref, "close", INTERNAL)
    assert any(action.open for action in session.casework.case(ref).actions.values())
    assert offered(session.casework.ask(ref), "monitor").refused
    driver.finish_actions(ref)
    assert not offered(session.casework.ask(ref), "monitor").refused
