"""Custody stands on paper at the time when it happened, beside the one when it was written down."""

from __future__ import annotations

import pytest

from esafety_tui.desk.papers.handover import Handover
from esafety_tui.desk.session import Session
from esafety_tui.errors import RefusedError, UsageError
from esafety_tui.incident.evidence_events import CustodyMoved
from esafety_tui.reports import papers, record_form
from esafety_tui.reports.values import clock, moment
from tests.desk.made_school import do
from tests.reports import outside


@pytest.fixture
def pack() -> str:
    return "spires"


def taken(session: Session, when: str) -> tuple[str, str]:
    """A case with a telephone in keeping since `when`, written down now; the device's id."""
    ref = session.casework.begin()
    do(session, ref, "device", "taken", what="Telephone, grey", kept_at="The safe", when=when, **{"from": "A pupil"})
    return ref, next(iter(session.casework.case(ref).custody))


def test_the_papers_say_when_a_device_changed_hands_and_when_that_was_written(session: Session) -> None:
    ref, item = taken(session, "yesterday 9:00")
    do(session, ref, "device-moved", "moved", item=item, to="The office", by="The caretaker", when="yesterday 15:20")
    paper = Handover(session.leaving.paperwork(ref), "", "", {})
    steps = session.casework.case(ref).custody[item].steps
    happened = [moment(step.happened, step.happened_off) for step in steps]
    written = [moment(step.at, step.off) for step in steps]
    assert None not in happened
    assert happened != written
    moves = paper.continuity().items[0].moves
    assert [(move.at, move.written) for move in moves] == list(zip(happened, written, strict=True))
    handled = paper.cover("ab" * 32).handled
    assert [(one.at, one.written) for one in handled] == list(zip(happened, written, strict=True))
    do(session, ref, "device-moved", "ended", item=item, how="returned", to="A parent")
    form = record_form.render(session.leaving.paperwork(ref).form())
    assert outside.shows(form, "Took Telephone, grey from A pupil", "given back to A parent") == []
    for made in (papers.continuity(paper.continuity()), papers.cover(paper.cover("ab" * 32)), form):
        assert outside.shows(made, *(part for at in happened for part in clock(at).split(", ")), "written") == []


def test_what_was_written_at_once_has_one_time(session: Session) -> None:
    ref, _ = taken(session, "")
    paper = Handover(session.leaving.paperwork(ref), "", "", {})
    assert paper.continuity().items[0].moves[0].written is None
    assert outside.shows(papers.continuity(paper.continuity()), "written") == ["written"]


def test_a_wrong_time_of_a_move_is_refused_and_moves_no_incident(session: Session) -> None:
    ref, item = taken(session, "yesterday 9:00")
    for when in ("2019-01-01", "yesterday 8:59"):
        with pytest.raises(UsageError, match="before it came here"):
            do(session, ref, "device-moved", "moved", item=item, to="The office", when=when)
    do(session, ref, "device-moved", "moved", item=item, to="The third", when="yesterday 16:00")
    do(session, ref, "device-moved", "moved", item=item, to="The second", when="yesterday 12:00")
    do(session, ref, "device-moved", "moved", item=item, to="The fourth", when="yesterday")
    with pytest.raises(UsageError, match="before its last move"):
        do(session, ref, "device-moved", "ended", item=item, how="returned", to="A parent", when="yesterday 15:00")
    held = session.casework.case(ref).custody[item]
    assert [one.event.to for one in held.steps[1:] if isinstance(one.event, CustodyMoved)] == [
        "The second",
        "The fourth",
        "The third",
    ], "a day alone is its noon"
    assert held.now_at == "The third"
    do(session, ref, "device-moved", "ended", item=item, how="returned", to="A parent", when="yesterday")
    assert session.casework.case(ref).custody[item].ended
    assert not session.browsing.show(ref)["happened_at"], "nobody reported when the incident was"


def test_a_move_in_the_minute_of_the_taking_is_no_move_before_it(session: Session) -> None:
    ref, item = taken(session, "")
    now = clock(moment(*[(m.at, m.off) for m in session.casework.case(ref).moments][-1])).split(", ")[1][:5]
    do(session, ref, "device-moved", "moved", item=item, to="The office", when=now)
    assert session.casework.case(ref).custody[item].now_at == "The office"


def test_a_device_is_kept_moved_and_handed_on(session: Session) -> None:
    ref = session.casework.begin()
    do(session, ref, "device", "taken", what="Telephone, grey, 12", kept_at="The safe", **{"from": "A pupil"})
    assert session.casework.case(ref).custody
    item = next(iter(session.casework.case(ref).custody))
    do(session, ref, "device-moved", "moved", item=item, to="The office safe")
    gone = {"item": item, "how": "police", "to": "Una Reid", "force": "PSNI", "reference": "RF-204"}
    with pytest.raises(RefusedError, match="officer's number"):
        do(session, ref, "device-moved", "ended", **gone)
    do(session, ref, "device-moved", "ended", **gone, number="4417")
    shown = session.browsing.show(ref)["custody"][0]
    assert (shown["state"], shown["now_at"], shown["ended"]) == ("as it is", "Una Reid", "police")
    assert (shown["force"], shown["number"]) == ("PSNI", "4417")
    said = session.browsing.chronology(ref)[-1]["text"]
    assert "Una Reid (PSNI, 4417)" in said
    for asked in ("Una Reid", "office safe", "4417"):
        assert [row["ref"] for row in session.browsing.log(search=asked)] == [ref], asked
    assert [step["kind"] for step in shown["steps"]] == ["custody-taken", "custody-moved", "custody-ended"]
    assert not any(task.id == "device-moved" for task in session.casework.tasks(ref))
