"""What the law asks to be recorded of bullying: corrected by recording it again, counted by its main answer."""

from __future__ import annotations

from datetime import date

import pytest

from esafety_tui.desk.account.facts import Facts
from esafety_tui.desk.session import Session
from esafety_tui.errors import UsageError
from tests.desk import made_school
from tests.desk.made_school import checked, do, rebuilt_as_it_was

SAID = "Both spoken to, [/x] parents rung."


@pytest.fixture(params=["spires", "woodside-park"])
def pack(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def slip(session: Session) -> str:
    fields = {"name": "Quillon Zebedee", "kind": "message", "what": "Unkind words.", "done": "Spoken to."}
    return session.slips.reply(made_school.fill(session.slips.ask().choices[0], **fields)).ref


def record(session: Session, ref: str, **given: str) -> None:
    do(session, ref, "bullying", "add", **{
        "motive": "appearance", "method": "online", "addressed": SAID, "outcome": "watched", **given})  # fmt: skip


def test_it_stands_in_the_record_in_words_and_the_later_one_counts(session: Session) -> None:
    ref = slip(session)
    record(session, ref, motive2="friends")
    record(session, ref, outcome="stopped")
    told = [line["text"] for line in session.browsing.chronology(ref) if line["kind"] == "bullying-recorded"]
    assert len(told) == 2
    assert "What moved it: Appearance, A friendship that broke down. How: By messages or online." in told[0]
    assert SAID in told[0]
    assert "It has stopped" in told[1]
    case = session.casework.case(ref)
    assert case.bullying is not None
    assert (case.bullying.motives, case.bullying.outcome) == (["appearance", "friends"], "stopped")
    # What was recorded last stands in the fields.
    asked = session.casework.task_ask(ref, "bullying").choices[0]
    assert {one.id: one.value for one in asked.fields}["addressed"] == SAID
    rebuilt_as_it_was(session)
    checked(session)


def test_the_figures_count_its_main_answers_once(session: Session) -> None:
    refs = [slip(session) for _ in range(3)]
    for ref in refs[:2]:
        record(session, ref, motive2="age", method2="verbal")
    found = {fact.ref: fact.bullied for fact in Facts(session).between(date(2020, 1, 1), date(2090, 1, 1))}
    assert found == {**dict.fromkeys(refs[:2], ("appearance", "online", "watched")), refs[2]: ("", "", "")}


@pytest.mark.parametrize("given", [{"addressed": "  "}, {"outcome": ""}, {"motive": "no such"}, {"method": ""}])
def test_what_is_missing_is_asked_for(session: Session, given: dict[str, str]) -> None:
    ref = slip(session)
    with pytest.raises(UsageError):
        record(session, ref, **given)
    assert session.casework.case(ref).bullying is None


def test_it_is_of_pupils_and_not_offered_where_none_is_involved(session: Session) -> None:
    ref = session.casework.begin()
    assert "bullying" not in {task.id for task in session.casework.tasks(ref)}
    do(session, ref, "person", "add", name="Lee Moss", kind="staff", role="subject")
    assert "bullying" not in {task.id for task in session.casework.tasks(ref)}
    do(session, ref, "person", "add", name="Quillon Zebedee", kind="pupil", role="affected")
    assert "bullying" in {task.id for task in session.casework.tasks(ref)}
