"""It was another child: what was recorded and decided for the first stays theirs, and nothing of it is the second's."""

from __future__ import annotations

import pytest

from esafety_tui.desk.case.casework import STREAM
from esafety_tui.desk.case.statement import statement
from esafety_tui.desk.case.summary import case_of
from esafety_tui.desk.forms.base import Step
from esafety_tui.desk.logbook.logfilter import LogFilter
from esafety_tui.desk.session import Session
from esafety_tui.incident import commands as c
from tests.desk.made_school import checked, do, rebuilt_as_it_was


@pytest.fixture
def pack() -> str:
    return "spires"


FIRST = {"kind": "pupil", "role": "subject", "name": "Hannah Quinn", "group": "P6", "known": ""}


def decided_for_the_first(session: Session) -> str:
    """A case about Hannah Quinn: her parents were told, she was supported, and a sanction was decided and done."""
    ref = session.casework.begin()
    do(session, ref, "person", "add", **FIRST)
    do(session, ref, "parents", "decide", party="P1", told="yes", risk="no", reason="They were at the gate.")
    do(session, ref, "support", "add", party="P1", what="Her form teacher sat with her.")
    session.casework.run(ref, [
        Step(c.Propose("a1", "P1", "pupil", "", "parents", outside="The head asked", decider="lead")),
    ])  # fmt: skip
    return ref


def corrected(session: Session, ref: str, how: str, name: str) -> int:
    do(session, ref, "who", "correct", **{"party": "P1", "is": how, "name": name}, reason="The class list says so.")
    return int(session.browsing.chronology(ref)[-1]["seq"])


def test_nothing_done_for_the_first_child_is_the_seconds(session: Session) -> None:
    ref = decided_for_the_first(session)
    first = session.casework.case(ref).parties["P1"].who
    seq = corrected(session, ref, "other", "Zebedee Quill")
    case = session.casework.case(ref)
    now = case.parties["P1"]
    assert (now.name, now.decided, now.parents, now.supported, now.row) == ("Zebedee Quill", False, "", False, "")
    assert (case.standing.untold, case.standing.unsupported, case.standing.open_actions) == (1, 1, 0)
    told = [row["text"] for row in session.browsing.chronology(ref) if row["kind"] in ("parents-decided", "supported")]
    assert len(told) == 2
    for text in told:
        assert f"Hannah Quinn (entered wrongly: corrected by entry {seq})" in text
        assert "Zebedee" not in text
    shown = session.browsing.show(ref)
    assert [one["name"] for one in shown["people"]] == ["Zebedee Quill"]
    assert [(one["name"], one["corrected_by"], one["parents"]) for one in shown["entered_wrongly"]] == [
        ("Hannah Quinn", seq, "yes")
    ]
    assert all("Zebedee" not in action["person"] for action in shown["actions"])
    assert [action["person"].partition(" (")[0] for action in shown["actions"]] == ["Hannah Quinn"]
    page = session.browsing.persons.page(first)
    assert page is not None
    assert page.name == "Hannah Quinn"
    assert [(part.ref, part.role, part.parents) for part in page.parts] == [(ref, "entered-wrongly", "yes")]
    assert f"see entry {seq}" in page.parts[0].corrected
    other = session.browsing.persons.page(now.who)
    assert other is not None
    assert [(part.role, part.parents, part.actions) for part in other.parts] == [("subject", "", ())]
    assert [row["people"][0]["name"] for row in session.browsing.listed(LogFilter())] == ["Zebedee Quill"]
    assert session.browsing.listed(LogFilter(person=first))[0]["ref"] == ref
    checked(session)
    rebuilt_as_it_was(session)


def test_what_is_recorded_afterwards_brings_nothing_of_the_first_back(session: Session) -> None:
    """In one sitting, in which the case is folded on and not read again."""
    ref = decided_for_the_first(session)
    assert len([line for line in session.browsing.due() if line.ref == ref]) == 2
    corrected(session, ref, "other", "Zebedee Quil")
    at_once = session.casework.case(ref)
    corrected(session, ref, "same", "Zebedee Quill")
    do(session, ref, "note", "add", text="A good talk with both families.")
    assert [line.what for line in session.browsing.due() if line.ref == ref] == []
    now = session.casework.case(ref)
    assert now == case_of(session.journal.read(STREAM + ref))
    assert (now.mistaken, now.mistaken_actions, now.actions) == (at_once.mistaken, at_once.mistaken_actions, {})
    assert [(one.name, one.parents, one.supported) for one in now.mistaken.values()] == [("Hannah Quinn", "yes", True)]
    assert now.standing.open_actions == 0
    checked(session)
    rebuilt_as_it_was(session)


def test_what_is_to_be_done_names_somebody_also_where_the_name_is_not_known(session: Session) -> None:
    ref = session.casework.begin()
    do(session, ref, "person", "add", kind="unknown", role="subject")
    session.casework.run(ref, [
        Step(c.Propose("a1", "P1", "pupil", "", "parents", outside="The head asked", decider="lead")),
    ])  # fmt: skip
    told = [line.what for line in session.browsing.due() if line.ref == ref]
    assert told == ["Inform parents or carers: somebody who is not known yet"]


def test_the_papers_name_whom_it_was_done_for(session: Session) -> None:
    ref = decided_for_the_first(session)
    seq = corrected(session, ref, "other", "Zebedee Quill")
    view = session.casework.view(ref)
    signed = statement(session, view.case)
    assert f"Hannah Quinn was entered wrongly (entry {seq})." in signed
    assert "Zebedee Quill:" not in signed
    form = session.leaving.paperwork(ref).form()
    assert [line.person.partition(" (")[0] for line in form.actions] == ["Hannah Quinn"]


def test_a_name_spelt_wrongly_is_the_same_child(session: Session) -> None:
    ref = decided_for_the_first(session)
    seq = corrected(session, ref, "same", "Hanna Quin")
    case = session.casework.case(ref)
    now = case.parties["P1"]
    assert (now.name, now.parents, now.supported, case.mistaken) == ("Hanna Quin", "yes", True, {})
    assert [action.party for action in case.actions.values()] == ["P1"]
    told = next(row["text"] for row in session.browsing.chronology(ref) if row["kind"] == "parents-decided")
    assert told.startswith(f"The parents of Hannah Quinn (name put right by entry {seq}): ")
    assert session.browsing.show(ref)["entered_wrongly"] == []
