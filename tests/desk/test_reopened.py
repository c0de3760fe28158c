"""A case of suspicion that had ended goes on: what is judged from there is signed anew, and the earlier end stays."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from esafety_tui.desk.asks import Reply
from esafety_tui.desk.session import Session
from esafety_tui.errors import RefusedError, UsageError
from tests.desk.driver import INTERNAL, Driver
from tests.desk.made_school import TIM, checked, do, rebuilt_as_it_was


def _end(driver: Driver, ref: str) -> None:
    session = driver.session
    box = next(node.id for node in session.pack.procedure.node if node.form == "close")
    driver.until(ref, box, INTERNAL)
    driver.end(ref)


def test_it_is_judged_and_signed_anew_and_the_earlier_end_stays(session: Session) -> None:
    driver = Driver(session)
    ref = session.casework.begin()
    _end(driver, ref)
    before = session.browsing.show(ref)
    assert before["status"] == "closed"
    do(session, ref, "reopen", "reopen", reason="Another child came forward.")
    case = session.casework.case(ref)
    assert (case.standing.status, case.standing.signed, case.standing.substance) == ("open", frozenset(), "")
    assert session.pack.procedure[case.standing.node].form == "judgement"
    assert [one.conclusion for one in case.earlier_ends] == ["Dealt with as recorded"]
    (ended,) = session.browsing.show(ref)["earlier_outcomes"]
    assert (ended["conclusion"], ended["reason"]) == ("Dealt with as recorded", "Another child came forward.")
    assert [one["by"] for one in ended["judgements"]] == [one["by"] for one in before["judgements"]]
    for words in ("Dealt with as recorded", "Another child came forward.", "Opened again on"):
        assert words in ended["text"]
    assert all(one["earlier_outcome"] for one in session.browsing.show(ref)["signatures"])
    assert ended["text"] in session.leaving.paperwork(ref).form().conclusion
    with pytest.raises(UsageError):
        do(session, ref, "reopen", "reopen", reason="again")
    with pytest.raises(RefusedError):
        session.casework.reply(ref, _first(session, ref))
    _end(driver, ref)
    after = session.browsing.show(ref)
    assert after["status"] == "closed"
    assert len(after["signatures"]) == 2 * len(before["signatures"])
    assert [one["earlier_outcome"] for one in after["signatures"]].count(True) == len(before["signatures"])
    assert len(after["earlier_outcomes"]) == 1
    texts = [row["text"] for row in after["chronology"]]
    assert texts[: len(before["chronology"])] == [row["text"] for row in before["chronology"]]
    checked(session)
    rebuilt_as_it_was(session)


def _first(session: Session, ref: str) -> Reply:
    node = session.pack.procedure[session.casework.case(ref).standing.node]
    return Reply(node.choice[0].id)


def test_somebody_not_senior_does_not_open_it_again(sign_in: Callable[..., Session]) -> None:
    session = sign_in()
    ref = session.casework.begin()
    _end(Driver(session), ref)
    other = sign_in(TIM)
    with pytest.raises((RefusedError, UsageError)):
        do(other, ref, "reopen", "reopen", reason="Something else")
    assert sign_in().browsing.show(ref)["status"] == "closed"
