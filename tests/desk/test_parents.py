"""That parents are to be told is a decision; that they were is a record of its own, and due until then (R15, R18)."""

from __future__ import annotations

import pytest

from esafety_tui.desk.case.statement import statement
from esafety_tui.desk.session import Session
from esafety_tui.errors import UsageError
from tests.desk.driver import INTERNAL, Driver
from tests.desk.made_school import answer, checked, do, offered, rebuilt_as_it_was
from tests.desk.plain import plainly


def _due(session: Session, ref: str) -> list[str]:
    found = [line for line in session.browsing.due() if line.ref == ref and "parents" in line.what]
    assert not any(line.can_finish for line in found), "it is answered in the case"
    return [line.what for line in found]


def test_it_is_due_until_somebody_wrote_down_that_they_were_told(session: Session) -> None:
    driver = Driver(session)
    ref = session.casework.begin()
    driver.until(ref, "parents", INTERNAL)
    child = next(p for p in session.casework.case(ref).parties.values() if p.is_child)
    assert session.casework.ask(ref).choice("told") is None
    answer(session, ref, "decide", party=child.id, risk="no", told="yes", reason="The head rings tonight")
    said = session.browsing.chronology(ref)[-1]["text"]
    assert "decided: to be told" in said
    assert "are told" not in said
    assert "parents are to be told" in statement(session, session.casework.case(ref))
    assert len(_due(session, ref)) == 1
    assert child.name in _due(session, ref)[0]
    with pytest.raises(UsageError) as empty:
        answer(session, ref, "told", party=child.id, by=" ", how="telephone")
    plainly(empty.value)
    driver.until(ref, "close", INTERNAL)  # on the way the driver decides that they are not told
    do(session, ref, "parents", "decide", party=child.id, risk="no", told="yes", reason="They asked")
    driver.end(ref)
    assert len(_due(session, ref)) == 1, "closing the case does not tell them"


def test_when_and_by_whom_stands_in_the_record(session: Session) -> None:
    driver = Driver(session)
    ref = session.casework.begin()
    driver.until(ref, "parents", INTERNAL)
    child = next(p for p in session.casework.case(ref).parties.values() if p.is_child)
    answer(session, ref, "decide", party=child.id, risk="no", told="yes", reason="The head rings tonight")
    do(session, ref, "parents", "told", party=child.id, by="Pat Hale", how="telephone", said="Upset", when="today")
    assert _due(session, ref) == []
    said = session.browsing.chronology(ref)[-1]["text"]
    assert f"The parents of {child.name} were told by Pat Hale, by telephone. Upset" in said
    assert "parents were told" in statement(session, session.casework.case(ref))
    assert session.casework.ask(ref).choice("told") is None
    assert offered(session.casework.ask(ref), "decide")
    checked(session)
    rebuilt_as_it_was(session)


def test_what_is_decided_again_is_due_again(session: Session) -> None:
    driver = Driver(session)
    ref = session.casework.begin()
    driver.until(ref, "reported", INTERNAL)
    answer(session, ref, "recorded", how="told", named="ask", summary="Unkind words", when="yesterday 9:00")
    driver.until(ref, "parents", INTERNAL)
    child = next(p for p in session.casework.case(ref).parties.values() if p.is_child)
    answer(session, ref, "decide", party=child.id, risk="no", told="yes", reason="The mother, tonight")
    with pytest.raises(UsageError, match="before it happened"):
        answer(session, ref, "told", party=child.id, by="Pat Hale", how="telephone", when="2020-01-01 09:00")
    answer(session, ref, "told", party=child.id, by="Pat Hale", how="telephone")
    assert _due(session, ref) == []
    answer(session, ref, "decide", party=child.id, risk="no", told="yes", reason="The father too")
    assert len(_due(session, ref)) == 1
    assert session.casework.ask(ref).choice("told") is not None
    assert "parents are to be told" in statement(session, session.casework.case(ref))
