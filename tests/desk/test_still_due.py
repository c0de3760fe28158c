"""What is due until it is there: the receipt for what was handed over, and a device that the school still has."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from esafety_tui.desk.case.summary import project
from esafety_tui.desk.papers.leaving import Recipient
from esafety_tui.desk.session import Session
from tests.desk import handed
from tests.desk.handed import STICK
from tests.desk.made_school import do

pack, reviewed = handed.pack, handed.reviewed


def _due(session: Session, start: str) -> list[str]:
    return [line.what for line in session.browsing.due() if line.what.startswith(start)]


def test_what_was_handed_over_is_due_until_somebody_signed(session: Session, reviewed: str, tmp_path: Path) -> None:
    written = session.leaving.bundle(reviewed, tmp_path / "bundle.zip", STICK)
    assert _due(session, "No receipt yet") == []
    session.leaving.hand_over(written.item, Recipient("PC Example", "PSNI", "4417"))
    (line,) = _due(session, "No receipt yet")
    assert written.item in line
    assert "Example" not in line, "everybody reads what is due"
    session.leaving.hand_over(written.item, Recipient("PC Example"), "page one, by pen")
    assert _due(session, "No receipt yet") == []


def test_a_device_is_due_once_its_case_has_ended(session: Session) -> None:
    ref = session.casework.begin()
    do(session, ref, "device", "taken", what="Telephone, grey, 12", kept_at="The safe", **{"from": "A pupil"})

    def due(status: str) -> list[str]:
        case = session.casework.case(ref)
        ended = replace(case, facts=case.facts._replace(status=status))
        return [row.what for row in project(ended, session.pack).due if row.id.startswith("held-")]

    assert due("open") == []
    for status in ("closed", "monitoring"):
        (line,) = due(status)
        assert "Telephone, grey, 12" in line
    item = next(iter(session.casework.case(ref).custody))
    do(session, ref, "device-moved", "ended", item=item, how="returned", to="A parent")
    assert due("closed") == []
