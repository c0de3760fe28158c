"""R1, R13: the papers say of each row and look who was there and how they were known then, and of no later time."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from esafety_tui.cli.case_text import told
from esafety_tui.desk.papers.handover import Handover
from esafety_tui.desk.papers.looked import sentence
from esafety_tui.desk.session import Session
from esafety_tui.reports.record_form import render
from esafety_tui.widgets import kept as drawn
from tests.desk.driver import INTERNAL, Driver
from tests.desk.made_school import RUTH, VAL, answer, do
from tests.desk.test_paperwork import work

ROW = {"form": "site", "concern": "Names of pupils"}
PROVEN = "proven with their own password"
ATTESTED = "attested on paper, not proven"


@pytest.fixture
def ref(session: Session) -> str:
    ref = session.casework.begin()
    Driver(session).until(ref, "review", INTERNAL)
    return ref


def look(session: Session, ref: str, what: str, row: bool = True, reached: str = "") -> None:
    answer(session, ref, "ask", what=what, could="no")
    answer(session, ref, "start", told="The technician", connection="By cable")
    if row:
        answer(session, ref, "looked", where=what, **ROW)
    answer(session, ref, "stop", reached=reached)


def attest(session: Session, ref: str) -> None:
    session.set_second(None)
    val = next(p for p in session.register.people.values() if p.name == VAL.name)
    do(session, ref, "second", "paper", person=val.id)


def guest(session: Session, ref: str) -> None:
    session.set_second(None)
    do(session, ref, "second", "guest", name="Gus Guest", position="Head of Year 9")


def test_a_row_says_how_its_second_person_was_known_when_it_was_written(
    session: Session, ref: str, sign_in: Callable[..., Session], capsys: pytest.CaptureFixture[str]
) -> None:
    attest(session, ref)
    look(session, ref, "https://one.example/")
    session.set_second(None)
    Driver(session).second_signs_in(ref)
    look(session, ref, "https://two.example/")
    form = work(session, ref).form()
    assert [row.present for row in form.rows] == [
        (f"{RUTH.name}, {PROVEN}", f"{VAL.name}, {ATTESTED}"), (f"{RUTH.name}, {PROVEN}", f"{VAL.name}, {PROVEN}"),
    ]  # fmt: skip
    (val,) = (one for one in form.people if one.name == VAL.name)
    assert ATTESTED in val.known
    assert PROVEN in val.known
    assert any(f"one.example/ ({ATTESTED})" in one.did for one in form.handled if one.name == VAL.name)
    shown = session.browsing.show(ref)
    assert [site["not_proven"] for site in shown["sites"]] == [ATTESTED, ""]
    told(session, shown)
    assert f"{RUTH.name}, {VAL.name} ({ATTESTED})" in capsys.readouterr().out
    _, lines = drawn.sections(shown)[0]
    assert f"Looked at by {RUTH.name} and {VAL.name} ({ATTESTED})" in "\n".join(one.text.plain for one in lines)
    # Countersigned later: said with the day, and it proves nothing of then.
    later = sign_in(VAL)
    do(later, ref, "countersign", "sign", password=VAL.password)
    first = work(later, ref).form().rows[0].present[1]
    assert first.startswith(f"{VAL.name}, {ATTESTED}; countersigned with their own password ")
    assert "countersigned" in next(one.known for one in work(later, ref).form().people if one.name == VAL.name)


def test_proven_first_and_attested_later_stays_proven_for_what_came_first(session: Session, ref: str) -> None:
    look(session, ref, "https://one.example/")
    attest(session, ref)
    form = work(session, ref).form()
    assert form.rows[0].present[1] == f"{VAL.name}, {PROVEN}"
    (val,) = (one for one in form.people if one.name == VAL.name)
    assert val.known.startswith("from ")
    assert f": {PROVEN}; from " in val.known


def test_a_look_without_a_row_is_on_the_form_and_on_page_one(session: Session, ref: str) -> None:
    look(session, ref, "https://norow.example/", row=False, reached="https://reached.example/")
    form = work(session, ref).form()
    assert form.rows == ()
    (one,) = form.looks
    assert (one.where, one.told, one.filter_state, one.connection) == (
        "https://norow.example/", "The technician", "On, as usual", "By cable",
    )  # fmt: skip
    assert one.reached == ("https://reached.example/",)
    assert one.drove == RUTH.name
    assert one.present == (f"{RUTH.name}, {PROVEN}", f"{VAL.name}, {PROVEN}")
    assert one.started is not None
    assert one.stopped is not None
    cover = Handover(work(session, ref), "", "", {}).cover("ab" * 32)
    did = {one.name: one for one in cover.handled}
    assert "reached.example" in did[RUTH.name].did
    assert did[VAL.name].did == "Was there when this was looked at: https://norow.example/"
    assert did[VAL.name].at == one.started, "the time of the look"
    assert render(form), "it is typeset"


def test_whoever_came_later_and_saw_nothing_is_not_the_second_reviewing_person(session: Session, ref: str) -> None:
    look(session, ref, "https://one.example/")
    guest(session, ref)
    form = work(session, ref).form()
    assert (form.second.name, form.second.for_what, form.seconds) == (VAL.name, "", ())
    assert form.unsigned == (RUTH.name, VAL.name)
    look(session, ref, "https://two.example/")
    form = work(session, ref).form()
    assert [(one.name, one.for_what) for one in (form.second, *form.seconds)] == [
        (VAL.name, "row 1"), ("Gus Guest (guest)", "row 2"),
    ]  # fmt: skip
    assert form.rows[1].present[1] == "Gus Guest (guest), named by the lead, not proven"
    assert render(form)


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Told", "Told."), ("Told. ", "Told."), ("Was it?", "Was it?"), ("", ""), (" ", ""),
        ("Told (said the bus driver.)", "Told (said the bus driver.)"), ("Told (by two)", "Told (by two)."),
        ("He wrote “Wait!”", "He wrote “Wait!”"), ('He wrote "Wait"', 'He wrote "Wait".'), (")", ")."),
    ],
)  # fmt: skip
def test_a_sentence_has_one_end(typed: str, printed: str) -> None:
    assert sentence(typed) == printed
