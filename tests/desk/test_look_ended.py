"""R13: what rests on a look waits for its end; what rouses a suspicion ends it by itself, and the record says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from esafety_tui.desk.session import Session
from tests.desk.driver import Driver
from tests.desk.made_school import answer, do, offered
from tests.desk.test_evidence import ROW, at_review, keep, looked, pack, picture, refused

__all__ = ["at_review", "pack", "picture"]  # fixtures


def going_on(session: Session, ref: str) -> None:
    answer(session, ref, "ask", what=ROW["where"], could="no")
    answer(session, ref, "start")


def test_the_record_is_not_complete_while_a_look_goes_on(at_review: tuple[Session, str, Driver]) -> None:
    session, ref, driver = at_review
    going_on(session, ref)
    answer(session, ref, "looked", **ROW)
    said = offered(session.casework.ask(ref), "go-on").refused
    assert "End the look" in said
    refused(lambda: driver.go(ref, "go-on"), "R13")
    answer(session, ref, "stop")
    driver.go(ref, "go-on")
    assert session.casework.ask(ref).id == "triggers"


@pytest.mark.parametrize("how", ["halt", "question", "said", "copy"])
def test_what_rouses_a_suspicion_ends_the_look_and_says_so(
    at_review: tuple[Session, str, Driver], picture: Path, how: str
) -> None:
    session, ref, _ = at_review
    looked(session, ref)
    one = keep(session, ref, picture)
    going_on(session, ref)
    match how:
        case "halt":
            said = do(session, ref, "halt", "no").said
        case "question":
            said = answer(session, ref, "ask", what="another", could="unsure", seen_here="no").said
        case "said":
            said = do(session, ref, "forbidden", "no", exhibit=one, reason="They may be younger").said
        case _:
            row = session.casework.case(ref).rows[-1].row
            said = answer(session, ref, "copy-ask", row=row, could="yes", seen_here="no").said
    look = session.casework.case(ref).looks[-1]
    assert look.ended is not None
    assert look.ended_at == session.casework.case(ref).moments[-1].at
    assert "It was ended by the halt." in " ".join(said)
    assert session.casework.case(ref).keeping.looking is None


def test_a_mistaken_halt_gives_the_pictures_back_and_the_look_stays_ended(
    at_review: tuple[Session, str, Driver], picture: Path
) -> None:
    session, ref, _ = at_review
    looked(session, ref)
    one = keep(session, ref, picture)
    going_on(session, ref)
    do(session, ref, "halt", "no")
    assert "mistake" in [task.id for task in session.casework.tasks(ref)], "it is found without pressing it again"
    do(session, ref, "mistake", "mistake", reason="The wrong key")
    assert "mistake" not in [task.id for task in session.casework.tasks(ref)]
    case = session.casework.case(ref)
    assert not case.exhibits[one].sealed
    assert case.keeping.looking is None
    assert session.casework.ask(ref).id == "review"
