"""How boxes read about a colleague or the head, who says that the school may go on, and who may read such a case."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from esafety_tui.desk.session import Session
from esafety_tui.errors import UsageError
from esafety_tui.incident import events as e
from esafety_tui.store.browse import NoSuchIncident
from tests.desk.driver import AGREED, INTERNAL, Driver
from tests.desk.made_school import CORA, PAT, RUTH, VAL, answer, do, fill, offered
from tests.desk.staffed import STAFF, driver, ref, refused

__all__ = ["driver", "ref"]


def test_the_box_that_says_whom_to_tell_reads_by_whom_it_is_about(session: Session, driver: Driver, ref: str) -> None:
    box = "told-lead" if session.pack.name == "spires" else "told"
    heads = {role.title for role in session.pack.tables.roles if "principal" in role.may}
    (head,) = heads
    driver.about = "pupil"
    driver.until(ref, box, {**INTERNAL, "concern": "other"})
    of_pupil = session.casework.ask(ref)
    assert head not in of_pupil.title
    do(session, ref, "person", "add", kind="staff", role="subject", name="Lee Moss")
    of_staff = session.casework.ask(ref)
    assert of_staff.title == f"Tell the {head if head == 'Principal' else head.lower()}, and nobody else"
    assert [choice.id for choice in of_staff.choices] == [choice.id for choice in of_pupil.choices]
    assert next(one.title for one in session.casework.boxes(ref) if one.id == box) != of_pupil.title
    do(session, ref, "person", "add", kind="staff", role="subject", name=CORA.name)
    driver.call(ref, "chair")
    about_head = session.casework.ask(ref)
    assert about_head.title == "Tell the Chair of Governors first"
    assert session.browsing.show(ref)["question"] == about_head.title
    edge = offered(about_head, about_head.choices[-1].id)
    session.casework.reply(ref, fill(edge))
    answered = [m.event for m in session.casework.case(ref).moments if isinstance(m.event, e.Answered)][-1]
    node = session.pack.procedure[box]
    assert answered.title == about_head.title
    assert len({answered.guidance, node.guidance_hash, node.about("staff").guidance_hash}) == 3


def test_somebody_by_name_says_that_the_school_may_go_on(session: Session, driver: Driver, ref: str) -> None:
    driver.until(ref, "agencies", STAFF | {"await": "crime"})
    on = "staff" if session.pack.name == "spires" else "done"
    with pytest.raises(UsageError):
        answer(session, ref, on, agency="")
    before = session.casework.case(ref).standing
    said = {"agency": driver.agency("authority"), **AGREED}
    refused("R6", lambda: answer(session, ref, on, **said))
    driver.call(ref, "authority")
    answer(session, ref, on, **said)
    assert before.answered == session.casework.case(ref).standing.answered == "crime"
    told = [row["text"] for row in session.browsing.chronology(ref)]
    assert any(f"said that the school may go on ({AGREED['who']}," in text for text in told)
    if session.pack.name == "spires":
        with pytest.raises(UsageError):
            answer(session, ref, "done", who="The Principal", decided=" ")
        answer(session, ref, "done", who="The Principal", decided=f"{PAT.name}, today: it begins")


def test_advice_about_a_colleague_is_asked_of_the_officer(session: Session, driver: Driver, ref: str) -> None:
    """A message left there, and the Chair reached before, are no advice."""
    if session.pack.name == "spires":
        pytest.skip("no such box in this chart")
    driver.until(ref, "staff-serious", {**INTERNAL, "concern": "staff", "staff": "serious"})
    driver.call(ref, "chair")
    do(session, ref, "call", "call", agency=driver.agency("authority"), outcome="message")
    refused("R6", lambda: answer(session, ref, "done", told="At ten, by the lead"))
    driver.call(ref, "authority")
    answer(session, ref, "done", told="At ten, by the lead")


def test_a_case_about_a_colleague_is_read_by_the_head_and_those_who_work_on_it(
    session: Session, driver: Driver, ref: str, sign_in: Callable[..., Session]
) -> None:
    do(session, ref, "person", "add", kind="staff", role="subject", name="Lee Moss")
    do(session, ref, "person", "add", kind="staff", role="affected", name="Kit Vane")
    for who, reads in ((CORA, False), (VAL, False), (PAT, True), (RUTH, True)):
        session = sign_in(who)
        assert (ref in {row["ref"] for row in session.browsing.log()}) == reads, who
        assert (ref in {row["ref"] for row in session.browsing.log("Moss")}) == reads, who
        assert any(line.ref == ref for line in session.browsing.due()) <= reads
        if not reads:
            with pytest.raises(NoSuchIncident):
                session.browsing.show(ref)
    # R10: about the head herself it is not for her, under her login or, where the name was spelt otherwise, at all.
    for name in (PAT.name, f"Mrs {PAT.name.split()[-1]}"):
        about_head = session.casework.begin()
        do(session, about_head, "person", "add", kind="staff", role="subject", name=name, colleague="head")
        session = sign_in(PAT)
        assert about_head not in {row["ref"] for row in session.browsing.log()}
        session = sign_in(RUTH)
        assert about_head in {row["ref"] for row in session.browsing.log()}
