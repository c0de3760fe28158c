"""About a colleague and about the head: who decides, what is not referred to whom, and how an allegation ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from esafety_tui.desk.account.facts import Facts
from esafety_tui.desk.asks import Choice, Option, Reply
from esafety_tui.desk.case.statement import statement
from esafety_tui.desk.school import setup
from esafety_tui.desk.session import Session
from esafety_tui.errors import RefusedError, UsageError
from esafety_tui.incident.here import FLOOR, POLICY
from esafety_tui.register.issued import IssuedReport, ReportIssued
from esafety_tui.reports.periods import span_of
from tests.desk import made_school
from tests.desk.driver import AGREED, INTERNAL, SPOKE, Driver
from tests.desk.made_school import EVERYBODY, PAT, RUTH, VAL, Colleague, answer, do, offered
from tests.desk.staffed import STAFF, driver, party, refused

__all__ = ["driver"]

CHAIR = "chair-of-governors"
CHRIS = Colleague(
    "Chris Vane", "chris", "chris: marble corner", False, {"spires": CHAIR, "woodside-park": CHAIR}
)  # fmt: skip
WHY = "As the agencies found"


@pytest.fixture(scope="session")
def with_chair(quick_folder: Path) -> Callable[[str], Path]:
    """A closed home for a policy in which the Chair of Governors has a login, founded when first asked for."""
    made: dict[str, Path] = {}

    def template(pack: str) -> Path:
        if pack not in made:
            folder = quick_folder / f"with-chair-{pack}"
            folder.mkdir()
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("ESAFETY_STATE", str(folder / "state"))
                told = made_school.answers(folder, pack, [*EVERYBODY, CHRIS])
                setup.found(folder / "home", told, test=True)[0].close()
            made[pack] = folder / "home"
        return made[pack]

    return template


@pytest.fixture
def session(quick_folder: Path, with_chair: Callable[[str], Path], own_folders: Path, pack: str) -> Iterator[Session]:
    """Ruth's sitting, in a school whose Chair can open the program."""
    home = made_school.copied(with_chair(pack), quick_folder / own_folders.name / "home")
    opened = made_school.unlock(home)
    yield opened
    opened.close()


@pytest.fixture
def ref(session: Session) -> str:
    return session.casework.begin()


def title(session: Session, right: str) -> str:
    return session.pack.tables.roles_that_may(right)[0].title  # type: ignore[arg-type]


def listed(choice: Choice, field: str) -> tuple[Option, ...]:
    return next(one for one in choice.fields if one.id == field).options


def about_the_head(session: Session, driver: Driver, ref: str) -> str:
    """A case about the head at the box where decisions are made; the head's id in it."""
    driver.until(ref, "people", INTERNAL)
    answer(session, ref, "add", kind="staff", role="subject", name=PAT.name)
    answer(session, ref, "call", agency="chair", **SPOKE)
    answer(session, ref, "add", kind="pupil", role="affected", name="Robin Dale", age="12")
    driver.until(ref, "decisions", INTERNAL | {"concern": "staff", "staff": "serious"})
    return party(session, ref, PAT.name)


def advised(session: Session, driver: Driver, ref: str) -> None:
    if not session.casework.case(ref).standing.advice:
        driver.call(ref, "authority")
        driver.advice(ref, "authority")


def not_ended(session: Session, driver: Driver, ref: str) -> None:
    """A case about a colleague without substance, at the box after the judgement."""
    driver.until(ref, "parents", INTERNAL | {"concern": "staff", "staff": "not-serious", "judgement": "no"})


def test_about_the_head_the_chair_with_a_login_decides(session: Session, driver: Driver, ref: str) -> None:
    head, chair = about_the_head(session, driver, ref), title(session, "chair")
    advised(session, driver, ref)
    action = next(one for one in session.pack.tables.actions("staff") if one.sanction and one.decided_by != CHAIR)
    label = next(one.label for one in listed(offered(session.casework.ask(ref), "propose"), "action")
                 if one.id == f"staff/{action.id}")  # fmt: skip
    assert f"({chair} decides)" in label
    answer(session, ref, "propose", party=head, action=f"staff/{action.id}", outside=WHY)
    assert f"To be decided by: {chair}." in session.browsing.chronology(ref)[-1]["text"]
    (shown,) = session.browsing.show(ref)["actions"]
    assert shown["decider"] == chair
    (id,) = session.casework.case(ref).actions
    decide = offered(session.casework.ask(ref), "decide")
    assert f"{chair} decides" in listed(decide, "action")[0].label
    (chris,) = (one for one in listed(decide, "by") if one.id != "other")
    assert chris.label == f"{CHRIS.name}, {chair}"
    given = {"action": id, "decision": "do", "reason": WHY}
    error = refused("R9", lambda: answer(session, ref, "decide", by="other", name=VAL.name, **given))
    assert chair in str(error)
    assert FLOOR in str(error), "the policy does not say who decides about the head"
    answer(session, ref, "decide", by=chris.id, **given)
    assert session.casework.case(ref).actions[id].decided_by == CHRIS.name
    # Typed, the Chair's name is the Chair's.
    answer(session, ref, "propose", party=head, action=f"staff/{action.id}", outside=WHY)
    other = next(one.id for one in session.casework.case(ref).actions.values() if one.id != id)
    answer(session, ref, "decide", **{**given, "action": other}, by="other", name=f"{CHRIS.name}, {chair}")


def test_about_the_head_nothing_goes_to_the_head(session: Session, driver: Driver, ref: str) -> None:
    head = about_the_head(session, driver, ref)
    own = next(one for one in session.pack.tables.actions("staff") if one.refers_to in ("principal", "headteacher"))
    propose = offered(session.casework.ask(ref), "propose")
    assert f"staff/{own.id}" not in {one.id for one in listed(propose, "action")}
    assert own.title in next(one.help for one in propose.fields if one.id == "action")
    role = title(session, "principal")
    juniors = [one.title for one in session.pack.tables.roles if "decide-sanction" in one.may and one.id != CHAIR]
    assert not any(f"({role} decides)" in one.label for one in listed(propose, "action"))
    assert not {role, *juniors} & {one.label for one in listed(propose, "decider")}
    given = {"party": head, "action": f"staff/{own.id}", "outside": WHY}
    before = session.journal.head()
    with pytest.raises(UsageError, match="no such answer"):
        session.casework.reply(ref, Reply("propose", given))
    assert session.journal.head() == before
    text = " ".join(session.casework.ask(ref).guidance)
    assert "the Chair" in text


def test_what_was_proposed_before_it_was_about_the_head(session: Session, driver: Driver, ref: str) -> None:
    """R10: half-way found to be about the head, what was proposed does not go to the head any more."""
    driver.until(ref, "decisions", INTERNAL | {"concern": "staff", "staff": "serious"})
    lee = party(session, ref, "Lee Moss")
    actions = session.pack.tables.actions("staff")
    own = next(one for one in actions if one.refers_to in ("principal", "headteacher"))
    head_decides = next(one for one in actions if one.decided_by in ("principal", "headteacher"))
    for one in (own, head_decides):
        answer(session, ref, "propose", party=lee, action=f"staff/{one.id}", outside=WHY)
    first, second = session.casework.case(ref).actions
    do(session, ref, "person", "add", kind="staff", role="subject", name=PAT.name)
    answer(session, ref, "call", agency="chair", **SPOKE)
    advised(session, driver, ref)
    given = {"by": "other", "name": RUTH.name, "reason": WHY}
    refused("R10", lambda: answer(session, ref, "decide", action=first, decision="do", **given))
    answer(session, ref, "decide", action=first, decision="not", **given)
    assert session.browsing.show(ref)["actions"][1]["decider"] == title(session, "chair")
    chris = next(p.id for p in session.register.people.values() if p.name == CHRIS.name)
    answer(session, ref, "decide", action=second, decision="do", by=chris, reason=WHY)
    decided = [m.event for m in session.casework.case(ref).moments if m.event.kind == "action-decided"]
    assert decided[-1].by_role == CHAIR  # type: ignore[attr-defined]


def test_to_be_done_before_and_done_after_is_refused(session: Session, driver: Driver, ref: str) -> None:
    driver.until(ref, "decisions", INTERNAL | {"concern": "staff", "staff": "serious"})
    own = next(o for o in session.pack.tables.actions("staff") if o.refers_to in ("principal", "headteacher"))
    lee = party(session, ref, "Lee Moss")
    answer(session, ref, "propose", party=lee, action=f"staff/{own.id}", outside=WHY)
    (id,) = session.casework.case(ref).actions
    answer(session, ref, "decide", action=id, decision="do", by="other", name=RUTH.name, reason=WHY)
    do(session, ref, "person", "add", kind="staff", role="subject", name=PAT.name)
    answer(session, ref, "call", agency="chair", **SPOKE)
    refused("R10", lambda: do(session, ref, "finish", "finish", action=id, done="yes", reason="Told"))
    do(session, ref, "finish", "finish", action=id, done="no", reason="It is about them")


@pytest.mark.parametrize("who", [PAT, VAL])
def test_how_it_ended_about_the_head_is_for_the_chair_alone(
    session: Session, driver: Driver, ref: str, who: Colleague
) -> None:
    head = about_the_head(session, driver, ref)
    advised(session, driver, ref)
    found = offered(session.casework.ask(ref), "outcome")
    assert [one.label for one in listed(found, "by") if one.id != "other"] == [
        f"{CHRIS.name}, {title(session, 'chair')}"
    ]
    given = {"party": head, "outcome": "substantiated", "reason": WHY}
    for name in (who.name, f"Ms {who.name}, acting for them"):
        rule = "R10" if who is PAT else "R9"
        refused(rule, lambda name=name: answer(session, ref, "outcome", **given, by="other", name=name))
    chris = next(p.id for p in session.register.people.values() if p.name == CHRIS.name)
    answer(session, ref, "outcome", **given, by=chris)
    assert session.casework.case(ref).parties[head].outcome == "substantiated"


def test_how_it_ended_waits_for_advice(session: Session, driver: Driver, ref: str) -> None:
    not_ended(session, driver, ref)
    lee = party(session, ref, "Lee Moss")
    ended = {"party": lee, "outcome": "malicious", "by": "other", "name": PAT.name, "reason": WHY}
    assert offered(session.casework.task_ask(ref, "outcome"), "outcome").refused
    refused("R18", lambda: do(session, ref, "outcome", "outcome", **ended))
    driver.call(ref, "authority")
    refused("R18", lambda: do(session, ref, "outcome", "outcome", **ended))
    do(session, ref, "advice", "advice", agency=driver.agency("authority"), **{**AGREED, "agreed": "no"})
    assert not offered(session.casework.task_ask(ref, "outcome"), "outcome").refused
    refused("R9", lambda: do(session, ref, "outcome", "outcome", **{**ended, "outcome": "substantiated"}))
    do(session, ref, "outcome", "outcome", **ended)
    told = session.browsing.chronology(ref)[-1]["text"]
    assert told.startswith(f"Lee Moss: the allegation is malicious, decided by {PAT.name}.")


def test_without_substance_it_is_asked_how_it_ended_before_anybody_signs(
    session: Session, driver: Driver, ref: str
) -> None:
    not_ended(session, driver, ref)
    driver.until(ref, "sign", INTERNAL)
    driver.second_signs_in(ref)
    assert "outcome" in {task.id for task in session.casework.tasks(ref)}
    assert "ended" in offered(session.casework.ask(ref), "lead").refused
    refused("R8", lambda: answer(session, ref, "lead", password=RUTH.password))
    assert "ended" in offered(session.casework.ask(ref), "go-on").refused
    driver.outcomes(ref)
    words = "Lee Moss: the allegation is unfounded (decided by Norma Vane, Chair of Governors (as Ruth Carson wrote"
    assert words in statement(session, session.casework.case(ref))
    driver.until(ref, "close", INTERNAL)
    do(session, ref, "person", "add", kind="volunteer", role="subject", name="Kit Roe")
    with pytest.raises(RefusedError, match="how the allegation"):
        answer(session, ref, "close", conclusion="Dealt with")
    driver.outcomes(ref)


def test_the_allegation_of_a_pupil_has_no_such_word(session: Session, ref: str) -> None:
    Driver(session, about="pupil").until(ref, "decisions", INTERNAL)
    assert session.casework.ask(ref).choice("outcome") is None
    assert "outcome" not in {task.id for task in session.casework.tasks(ref)}


def test_an_illegal_case_says_how_it_ended_after_the_answer(session: Session, driver: Driver, ref: str) -> None:
    driver.until(ref, "await", STAFF)
    advised(session, driver, ref)
    lee = party(session, ref, "Lee Moss")
    ended = {"party": lee, "outcome": "substantiated", "by": "other", "name": PAT.name, "reason": WHY}
    refused("R18", lambda: do(session, ref, "outcome", "outcome", **ended))
    driver.until(ref, "decisions", STAFF | {"await": "crime"})
    do(session, ref, "outcome", "outcome", **ended)


def test_a_refusal_says_whose_rule_it_is(session: Session, driver: Driver, ref: str) -> None:
    """The calls about a colleague, the list of triggers and a decision for each are this program's, where the policy
    does not ask for them."""
    wp = session.pack.name == "woodside-park"
    if wp:
        driver.until(ref, "staff-serious", {**INTERNAL, "concern": "staff", "staff": "serious"})
        error = refused("R6", lambda: answer(session, ref, "done", told="At ten"))
        assert FLOOR in str(error)
        officer = next(a.title for a in session.pack.tables.agencies if a.purpose == "authority")
        assert officer in str(error)
        assert "authority that advises" not in str(error)
    driver.until(ref, "decisions", {**INTERNAL, "concern": "staff", "staff": "serious"})
    error = refused("R9", lambda: answer(session, ref, "go-on"))
    assert (FLOOR if wp else POLICY) in str(error)
    asked = session.casework.ask(ref)
    said = " ".join([*asked.guidance, *(f"{c.label} {f.label} {f.help} {o.label}" for c in asked.choices
                                    for f in c.fields for o in (*f.options, Option("", "")))])  # fmt: skip
    assert ("table" in said) != wp
    robin = party(session, ref, "Robin Dale")
    error = refused(
        "R18", lambda: do(session, ref, "parents", "decide", party=robin, risk="yes", told="yes", reason=WHY)
    )
    assert next(a.title for a in session.pack.tables.agencies if a.purpose == "care") in str(error)


def test_about_the_head_it_is_serious(session: Session, driver: Driver, ref: str) -> None:
    if session.pack.name == "spires":
        pytest.skip("no such question in this chart")
    driver.until(ref, "people", INTERNAL)
    answer(session, ref, "add", kind="staff", role="subject", name=PAT.name)
    answer(session, ref, "call", agency="chair", **SPOKE)
    driver.until(ref, "staff", {**INTERNAL, "concern": "staff"})
    assert offered(session.casework.ask(ref), "not-serious").refused
    refused("R10", lambda: answer(session, ref, "not-serious"))
    answer(session, ref, "serious")


def test_no_box_about_the_head_leaves_it_to_the_head(session: Session) -> None:
    """R10: what a box says about the head of the school names the Chair, wherever it names the head at all."""
    head = title(session, "principal")
    for node in session.pack.procedure.node:
        box = node.about("reserved")
        said = f"{box.title} {box.text} {box.acts}".casefold()
        if head.casefold() in said and node.id not in ("staff", "examination"):
            assert "chair" in said or "two of the designated" in said, node.id
        for field in box.field:
            assert not any(head in option for option in field.options), (node.id, field.id)


def test_a_case_about_the_head_is_in_nobodys_figures(session: Session, driver: Driver, ref: str) -> None:
    """The head reads every other case: exact figures beside a report of all would tell of this one (R10, R12)."""
    facts, whole = Facts(session), (date(2020, 1, 1), date(2099, 1, 1))
    assert facts.between(*whole) == [], "what is only begun is nothing yet"
    driver.until(ref, "people", INTERNAL)
    (before,) = facts.between(*whole)
    span = span_of(session.pack.tables, before.day).key
    event = ReportIssued(
        "G1", "governors", "", "", [span], [span], session.journal.head()[0], 5, "who", "principal", "", 1, "", "", "",
        [],
    )  # fmt: skip
    about_the_head(session, driver, ref)
    assert facts.between(*whole) == []
    (after,) = facts.between(*whole, (IssuedReport(event, event.up_to + 1),))
    assert (after.ref, after.people) == (ref, before.people), "as the report counted it"


def test_a_case_about_the_head_is_on_no_list_of_the_leadership(session: Session, driver: Driver, ref: str) -> None:
    days = session.reporting.periods()[0]

    def listed() -> list[str]:
        return [one.ref for one in session.reporting.monitoring(days.since, days.until).open]

    driver.until(ref, "people", INTERNAL)
    assert listed() == [ref]
    about_the_head(session, driver, ref)
    assert listed() == []
