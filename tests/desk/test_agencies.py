"""Calls and answers as somebody records them: the list that stays put, what is needed, a letter in place of a call."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace

import pytest

from esafety_tui.desk.forms import agencies as forms
from esafety_tui.desk.session import Session
from esafety_tui.errors import RefusedError, UsageError
from esafety_tui.incident import events as e
from tests.desk.driver import AGREED, ILLEGAL, SPOKE, Driver
from tests.desk.made_school import answer, do, offered
from tests.desk.plain import plainly


@pytest.fixture
def driver(session: Session) -> Driver:
    return Driver(session)


@pytest.fixture
def ref(session: Session) -> str:
    return session.casework.begin()


def listed(session: Session, ref: str) -> list[tuple[str, str]]:
    field = next(f for f in offered(session.casework.ask(ref), "call").fields if f.id == "agency")
    return [(option.id, option.label) for option in field.options]


def test_the_list_stays_where_it_was_after_each_call(session: Session, driver: Driver, ref: str) -> None:
    box = next(node for node in session.pack.procedure.node if node.form == "calls" and node.every)
    driver.until(ref, box.id, ILLEGAL)
    before = [id for id, _ in listed(session, ref)]
    for purpose in box.calls:
        answer(session, ref, "call", agency=driver.agency(purpose), **SPOKE)
        assert [id for id, _ in listed(session, ref)] == before
    wanted = {a.id for a in session.pack.tables.agencies if a.purpose in box.calls}
    assert set(before[: len(wanted)]) == wanted, "whom this box is about comes first"


def test_the_number_stands_first_and_who_is_closed_comes_later(
    session: Session, driver: Driver, ref: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sunday_night = datetime(2026, 11, 22, 2, 0)
    monkeypatch.setattr(forms, "datetime", SimpleNamespace(now=lambda: sunday_night))
    box = next(node for node in session.pack.procedure.node if node.form == "calls" and node.every)
    driver.until(ref, box.id, ILLEGAL)
    shown = listed(session, ref)
    tables = session.pack.tables
    for id, label in shown:
        agency = tables.agency(id)
        numbers = [way.value for way in agency.reach if way.kind == "telephone" and way.value] if agency else []
        if numbers:
            assert label.startswith(numbers[0]), label
            if "(closed now)" in label:
                assert label.startswith(f"{', '.join(numbers)} (closed now) · "), label
    wanted = [(id, label) for id, label in shown if (a := tables.agency(id)) and a.purpose in box.calls]
    closed = ["(closed now)" in label for _, label in wanted]
    assert closed == sorted(closed), "who answers now comes before who does not"


def test_one_refusal_names_everything_that_a_call_needs(session: Session, driver: Driver, ref: str) -> None:
    empty = {"outcome": "spoke", "who": "", "reference": ""}
    with pytest.raises(RefusedError) as error:
        do(session, ref, "call", "call", agency=driver.agency("police"), **empty)
    plainly(error.value)
    assert "who you spoke to" in str(error.value)
    assert "reference" in str(error.value)
    fields = {f.id: f.label for f in offered(session.casework.task_ask(ref, "call"), "call").fields}
    assert all("needed if you spoke to somebody" in fields[id] for id in ("who", "reference"))


def test_a_missing_call_is_named(session: Session, driver: Driver, ref: str) -> None:
    said = {"who": "An adviser", "reference": "none given", "agreed": "no"}
    with pytest.raises(RefusedError) as error:
        do(session, ref, "advice", "advice", agency=driver.agency("care"), how="telephone", **said)
    title = next(one.title for one in session.pack.tables.agencies if one.id == driver.agency("care"))
    assert f"No call is recorded yet to: {title}" in str(error.value)


@pytest.mark.parametrize("how", ["letter", "email", "in person"])
def test_a_letter_is_advice_and_counts_as_having_reached_them(
    session: Session, driver: Driver, ref: str, how: str
) -> None:
    said = {"who": "An adviser", "reference": "CS 12", "agreed": "yes"}
    do(session, ref, "advice", "advice", agency=driver.agency("care"), how=how, **said)
    case = session.casework.case(ref)
    assert "care" in case.standing.called
    assert case.standing.advice
    assert [(call.agency, call.outcome, call.reference) for call in case.calls] == [
        (driver.agency("care"), "spoke" if how == "in person" else "written", "CS 12")
    ]
    told = " ".join(row["text"] for row in session.browsing.chronology(ref))
    assert ("spoke to" in told) == (how == "in person")
    do(session, ref, "advice", "advice", agency=driver.agency("care"), how=how, **said)
    assert len(session.casework.case(ref).calls) == 1, "reached once, advised twice"


def test_a_letter_is_not_the_call_to_the_police(session: Session, driver: Driver, ref: str) -> None:
    said = {"who": "DC Reid", "reference": "CC 7", "agreed": "no"}
    police = driver.agency("police")
    do(session, ref, "call", "call", agency=police, outcome="message")
    do(session, ref, "advice", "advice", agency=police, how="letter", **said)
    case = session.casework.case(ref)
    assert "police" not in case.standing.called
    assert case.standing.advice
    told = [row["text"] for row in session.browsing.chronology(ref)]
    assert any("DC Reid wrote. Reference: CC 7." in text for text in told)
    assert not any("spoke to" in text for text in told)
    assert session.browsing.show(ref)["police_referred"] is False


def test_nobody_answers_for_the_police(session: Session, driver: Driver, ref: str) -> None:
    """R4: what another agency says is its advice; the illegal side is left by the answer of those it waits for."""
    driver.until(ref, "await", ILLEGAL)
    driver.call(ref, "authority")
    edge = offered(session.casework.ask(ref), "no-crime")
    offers = next(field for field in edge.fields if field.id == "agency").options
    assert {session.pack.tables.agency(one.id).purpose for one in offers} == {"police"}  # type: ignore[union-attr]
    with pytest.raises(UsageError):
        answer(session, ref, "no-crime", agency=driver.agency("authority"), **AGREED)
    do(session, ref, "advice", "advice", agency=driver.agency("authority"), **AGREED)
    assert session.casework.case(ref).standing.answered == ""
    assert session.casework.ask(ref).id == "await"
    answer(session, ref, "no-crime", agency=driver.agency("police"), **AGREED)
    last = [m.event for m in session.casework.case(ref).moments if isinstance(m.event, e.AgencyAnswered)][-1]
    assert (last.purpose, last.answer) == ("police", "no-crime")
