"""Something may be illegal: stop, ring, secure, wait for the answer; the halt half-way; the quiet computer."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from esafety_tui.desk.asks import Reply
from esafety_tui.desk.session import Session
from esafety_tui.errors import RefusedError, UsageError
from tests.desk.driver import AGREED, ILLEGAL, INTERNAL, SPOKE, Driver
from tests.desk.made_school import CORA, RUTH, VAL, answer, checked, do, offered, rebuilt_as_it_was
from tests.desk.plain import plainly


@pytest.fixture
def driver(session: Session) -> Driver:
    return Driver(session)


@pytest.fixture
def ref(session: Session) -> str:
    return session.casework.begin()


@pytest.mark.parametrize("danger", ["yes", "no", "unsure"])
@pytest.mark.parametrize("crime", ["yes", "unsure"])
def test_two_keys_lead_to_what_protects(session: Session, ref: str, danger: str, crime: str) -> None:
    """R0: a protective instruction after at most two answers, with nothing typed."""
    answer(session, ref, danger)
    if not session.casework.ask(ref).protective:
        answer(session, ref, crime)
    assert session.casework.ask(ref).protective


@pytest.mark.parametrize("says", ["no-crime", "crime"])
def test_a_case_goes_to_the_police_and_on_after_their_answer(
    session: Session, driver: Driver, ref: str, says: str
) -> None:
    driver.until(ref, "await", ILLEGAL)
    row = session.browsing.log()[0]
    assert (row["branch"], row["status"], row["police_referred"]) == ("illegal", "awaiting-police", True)
    assert any(line.ref == ref and line.what == "Ask for the answer" for line in session.browsing.due())
    driver.until(ref, "close", {**ILLEGAL, **INTERNAL, "await": says})
    driver.end(ref)
    shown = session.browsing.show(ref)
    assert shown["status"] == "closed"
    assert shown["class"] == "suspicion"
    told = " ".join(line["text"] for line in shown["chronology"])
    assert "nothing illegal" in told if says == "no-crime" else "they deal with it" in told
    assert "Officer 4417" in told
    checked(session)
    rebuilt_as_it_was(session)


def test_nothing_is_left_out_on_the_way(session: Session, driver: Driver, ref: str) -> None:
    """R4, R6: not without the calls, and not back to the school's own procedure without an answer."""
    chart = session.pack.procedure
    box = next(node for node in chart.node if node.form == "calls" and node.every)
    driver.until(ref, box.id, ILLEGAL)
    for wanted in box.calls:
        edge = box.choice[0].id
        assert offered(session.casework.ask(ref), edge).refused
        with pytest.raises(RefusedError) as error:
            answer(session, ref, edge)
        plainly(error.value)
        answer(session, ref, "call", agency=driver.agency(wanted), **SPOKE)
    answer(session, ref, box.choice[-1].id)
    driver.until(ref, "await", ILLEGAL)
    for missing in ("who", "how", "reference", "agency"):
        with pytest.raises((UsageError, RefusedError)) as refusal:
            answer(session, ref, "no-crime", **{"agency": driver.agency("police"), **AGREED, missing: ""})
        plainly(refusal.value)
    assert session.casework.ask(ref).id == "await"


@pytest.mark.parametrize(
    ("outcome", "who", "reference", "good"),
    [
        ("spoke", "PC Dunne", "none given", True),
        ("spoke", "", "4711", False),
        ("spoke", "PC Dunne", " ", False),
        ("no-answer", "", "", True),
        ("message", "", "", True),
        ("shouted", "PC Dunne", "4711", False),
        ("", "PC Dunne", "4711", False),
    ],
)
def test_a_call_says_who_and_which_reference(
    session: Session, driver: Driver, ref: str, outcome: str, who: str, reference: str, good: bool
) -> None:
    fields = {"agency": driver.agency("police"), "outcome": outcome, "who": who, "reference": reference}
    reply = Reply("call", fields)
    if good:
        session.casework.task_reply(ref, "call", reply)
        return
    with pytest.raises((UsageError, RefusedError)) as error:
        session.casework.task_reply(ref, "call", reply)
    plainly(error.value)


def test_an_attempt_that_reached_nobody_is_no_call(session: Session, driver: Driver, ref: str) -> None:
    box = next(node for node in session.pack.procedure.node if node.form == "calls" and node.calls == ("police",))
    driver.until(ref, box.id, {**ILLEGAL, "risk": "no-risk"})
    answer(session, ref, "call", agency=driver.agency("police"), outcome="no-answer")
    assert offered(session.casework.ask(ref), "done").refused


def test_not_yet_sets_a_day_and_days_gone_by_are_refused(session: Session, driver: Driver, ref: str) -> None:
    driver.until(ref, "await", ILLEGAL)
    for day in ("2020-01-01", "30 February 2027", "soon", "1/1/99999"):
        with pytest.raises(UsageError) as error:
            answer(session, ref, "not-yet", on=day)
        plainly(error.value)
    answer(session, ref, "not-yet", on="2031-03-03", reason="They ring back")
    assert any(line.ref == ref and line.due == "2031-03-03" for line in session.browsing.due())


def test_nobody_is_told_before_an_agency_agrees(session: Session, driver: Driver, ref: str) -> None:
    driver.until(ref, "await", ILLEGAL)
    robin = next(p.id for p in session.casework.case(ref).parties.values() if p.name == "Robin Dale")
    told = {"party": robin, "risk": "no", "told": "yes", "reason": "They ask"}
    with pytest.raises(RefusedError) as error:
        do(session, ref, "parents", "decide", **told)
    plainly(error.value)
    assert error.value.rule == "R18"
    with pytest.raises(RefusedError) as error:
        do(session, ref, "parents", "decide", **{**told, "risk": "unsure", "safety": "yes"})
    assert error.value.rule == "R18"
    driver.advice(ref, "police")
    do(session, ref, "parents", "decide", **told)


def test_the_halt_half_way_and_pressed_by_mistake_loses_nothing(session: Session, driver: Driver, ref: str) -> None:
    driver.until(ref, "review", INTERNAL)
    answer(session, ref, "words", form="device", where="A grey telephone", concern="A message")
    session.casework.save_draft(ref, "review", "words", {"concern": "half a sent"})
    do(session, ref, "halt", "no", what="A picture came up")
    assert session.casework.case(ref).standing.lane == "illegal"
    row = session.browsing.log()[0]
    assert (row["branch"], row["status"]) == ("illegal", "halted")
    with pytest.raises((RefusedError, UsageError)) as error:
        do(session, ref, "halt", "mistake", reason=" ")
    plainly(error.value)
    do(session, ref, "halt", "mistake", reason="My elbow")
    ask = session.casework.ask(ref)
    assert ask.id == "review"
    assert session.casework.draft(ref, "review") == Reply("words", {"concern": "half a sent"})
    assert len(session.browsing.show(ref)["sites"]) == 1
    driver.until(ref, "close", INTERNAL)
    driver.end(ref)
    checked(session)


def test_a_halt_that_was_meant_is_not_taken_back_after_an_answer(session: Session, driver: Driver, ref: str) -> None:
    driver.until(ref, "review", INTERNAL)
    do(session, ref, "halt", "no")
    answer(session, ref, session.pack.procedure[session.casework.ask(ref).id].choice[0].id)
    assert session.casework.task_ask(ref, "halt").choice("mistake") is None
    with pytest.raises(UsageError) as error:
        session.casework.task_reply(ref, "halt", Reply("mistake", {"reason": "My elbow"}))
    plainly(error.value)


def test_the_halt_is_there_everywhere_even_after_the_end(session: Session, driver: Driver, ref: str) -> None:
    for box in ("danger", "kind", "second", "judgement", "sign", "close"):
        driver.until(ref, box, INTERNAL)
        assert any(task.id == "halt" and task.key == "F8" for task in session.casework.tasks(ref))
    driver.end(ref)
    do(session, ref, "halt", "no", what="A second child came forward")
    assert session.browsing.log()[0]["status"] == "halted"


# -- R17: the quiet computer


def contents(home: Path) -> dict[str, str]:
    """A digest of every file of the home, but for the lock and the count of wrong passwords."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in home.iterdir()
        if path.is_file() and path.name not in ("lock", "tries.json")
    }


def by_chart(session: Session, ref: str) -> None:
    """Seen on this computer, said in answer to the chart's question."""
    for choice in ("no", "yes", "yes"):
        answer(session, ref, choice)


def by_key(session: Session, ref: str) -> None:
    """The same by F8."""
    do(session, ref, "halt", "yes", what="On this screen")


def by_key_not_sure(session: Session, ref: str) -> None:
    """Not sure counts as seen here."""
    do(session, ref, "halt", "unsure")


@pytest.fixture(params=[by_chart, by_key, by_key_not_sure])
def quieten(request: pytest.FixtureRequest) -> Callable[[Session, str], None]:
    """Each way in which a case makes this computer quiet."""
    found: Callable[[Session, str], None] = request.param
    return found


def everything_that_writes(session: Session, other: str, ref: str, provisional: Path) -> list[Callable[[], object]]:
    """What somebody might still try: none of it may write a byte."""
    slip = Reply("record", {"name": "Jamie Weir", "kind": "message", "what": "A game", "done": "Closed"})
    someone = {"name": "New Person", "login": "new", "password": "a long new password", "again": "a long new password"}
    someone |= {"role": CORA.roles[session.pack.name], "senior": "no"}
    return [
        session.casework.begin,
        lambda: session.casework.reply(other, Reply("no")),
        lambda: session.casework.task_reply(other, "note", Reply("add", {"text": "A note"})),
        lambda: session.casework.task_reply(other, "halt", Reply("no")),
        lambda: session.casework.task_reply(ref, "note", Reply("add", {"text": "A note"})),
        lambda: session.slips.reply(slip),
        lambda: session.people.add_reply(Reply("add", someone)),
        lambda: session.care.record_anchor(),
        lambda: session.care.join(provisional, "rcarson", "a quiet provisional one"),
    ]


def test_seen_on_this_computer_nothing_more_is_written_in_the_whole_home(
    session: Session, ref: str, quieten: Callable[[Session, str], None], sign_in: Callable[..., Session], tmp_path: Path
) -> None:
    from esafety_tui.desk.school import founding

    other = session.casework.begin()
    started = founding.start_now(tmp_path / "p", "Ruth Carson", "a quiet provisional one", True, session.pack.name)
    started.casework.begin()
    started.close()
    session.casework.ask(other)
    quieten(session, ref)
    assert session.quiet_ref == ref
    for again in (False, True):
        if again:
            session = sign_in(RUTH)
            assert session.quiet_ref == ref, "forgotten by closing and opening again"
        before = contents(session.home)
        session.casework.ask(ref)
        session.casework.ask(other)
        session.browsing.show(other)
        session.browsing.home()
        for write in everything_that_writes(session, other, ref, tmp_path / "p"):
            with pytest.raises((RefusedError, UsageError)) as error:
                write()
            plainly(error.value)
        session.casework.save_draft(ref, "quiet", "released", {"who": "half"})
        session.casework.save_draft(other, "danger", "no", {"x": "half"})
        session.people.confirm_mine()
        assert session.care.verify()["ok"]
        assert contents(session.home) == before
    assert session.casework.ask(ref).id == "quiet"
    assert any("nothing more is written" in notice for notice in session.browsing.home().notices)
    Driver(session).release(ref)
    assert session.quiet_ref == ""
    answer(session, other, "no")
    checked(session)


def test_opening_and_closing_a_quiet_home_changes_no_byte_of_it(
    session: Session, ref: str, sign_in: Callable[..., Session]
) -> None:
    by_key(session, ref)
    before = contents(session.home)
    session.close()
    assert contents(session.home) == before
    sign_in(VAL).close()
    assert contents(session.home) == before


def test_a_release_says_who_and_how(session: Session, ref: str) -> None:
    by_key(session, ref)
    for missing in ("agency", "who", "how", "reference"):
        said = {"agency": "", "who": "Sgt Hill", "how": "telephone", "reference": "none given"}
        said["agency"] = Driver(session).agency("police")
        with pytest.raises((UsageError, RefusedError)) as error:
            answer(session, ref, "released", **{**said, missing: ""})
        plainly(error.value)
    assert session.quiet_ref == ref


def test_a_quiet_halt_pressed_by_mistake_ends_the_quiet(session: Session, driver: Driver, ref: str) -> None:
    driver.until(ref, "kind", INTERNAL)
    by_key(session, ref)
    do(session, ref, "halt", "mistake", reason="My elbow")
    assert session.quiet_ref == ""
    assert session.casework.ask(ref).id == "kind"


def test_a_slip_at_the_charts_own_question_ends_the_quiet_too(session: Session, ref: str) -> None:
    by_chart(session, ref)
    assert session.quiet_ref == ref
    assert [choice.id for choice in session.casework.task_ask(ref, "halt").choices] == ["mistake"]
    do(session, ref, "halt", "mistake", reason="The wrong digit")
    assert (session.quiet_ref, session.casework.ask(ref).id) == ("", "seen-here")


# -- R10: who reads it


def test_the_co_ordinator_sees_reference_dates_and_what_is_due(
    session: Session, driver: Driver, ref: str, sign_in: Callable[..., Session]
) -> None:
    driver.until(ref, "await", ILLEGAL)
    answer(session, ref, "not-yet", on="2031-03-03")
    cora = sign_in(CORA)
    (row,) = cora.browsing.log()
    assert row["ref"] == ref
    assert row["reduced"]
    assert row["opened_at"]
    assert (row["status"], row["kinds"], row["people"], row["title"], row["step"]) == ("open", [], [], "", "")
    assert any(line.ref == ref and line.due == "2031-03-03" for line in cora.browsing.due())
    shown = cora.browsing.show(ref)
    assert (shown["chronology"], shown["people"], shown["signatures"]) == ([], [], [])
    for look in (cora.browsing.chronology, cora.casework.ask, cora.casework.tasks, cora.casework.boxes):
        with pytest.raises(UsageError):
            look(ref)
    for search in ("Jamie", "Weir", "telephone", "Officer"):
        assert cora.browsing.log(search=search) == []
    assert cora.browsing.log(person="Jamie") == []
    assert cora.browsing.log(branch="illegal") == []
    assert "Weir" not in repr(cora.browsing.home())


def test_no_answer_came_before_the_call(session: Session, driver: Driver, ref: str) -> None:
    """R15: by the times that the record has, nobody answers before they are rung."""
    driver.until(ref, "await", ILLEGAL)
    answers = {field.id: field for field in offered(session.casework.ask(ref), "no-crime").fields}
    police = next(option.id for option in answers["agency"].options)
    given = {"agency": police, "who": "Officer 4417", "how": "telephone", "reference": "none given"}
    with pytest.raises(UsageError, match="before the call"):
        answer(session, ref, "no-crime", when="yesterday 9:30", **given)
    answer(session, ref, "no-crime", **given)


def test_no_advice_is_dated_before_the_first_call_that_is_recorded(session: Session, driver: Driver, ref: str) -> None:
    driver.until(ref, "await", ILLEGAL)
    with pytest.raises(UsageError, match="before the call"):
        do(session, ref, "advice", "advice", agency=driver.agency("police"), **{**AGREED, "when": "yesterday 9:30"})
    do(session, ref, "advice", "advice", agency=driver.agency("police"), **AGREED)
