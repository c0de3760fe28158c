"""The papers of a case that was taken over from the copy that came back say so: the form, and the continuity sheet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from esafety_tui.desk.papers.handover import Handover
from esafety_tui.desk.papers.leaving import Allowed
from esafety_tui.desk.session import Session
from tests.desk.driver import INTERNAL, Driver
from tests.desk.handed import pack as pack
from tests.desk.handed import reviewed as reviewed
from tests.desk.made_school import PAT, RUTH, VAL, answer
from tests.desk.test_paperwork import work
from tests.desk.test_taken_over import elsewhere as elsewhere
from tests.reports import outside


@pytest.fixture
def early(session: Session, tmp_path: Path) -> Path:
    """A stick with a backup that was made before the case began."""
    (tmp_path / "stick").mkdir()
    session.casework.begin()  # so that the backup knows which computer wrote
    session.copies.make(tmp_path / "stick", "Stick A")
    return tmp_path / "stick"


def test_form_and_continuity_sheet_name_the_way_it_came(
    early: Path, session: Session, reviewed: str, elsewhere: Callable[..., Session], home: Path
) -> None:
    driver = Driver(session)
    driver.until(reviewed, "sign", {**INTERNAL, "judgement": "yes"})
    answer(session, reviewed, "lead", password=RUTH.password)
    (_, signed), *_ = session.casework.case(reviewed).signatures
    again = elsewhere(session, early)
    try:
        again.away.came_back(home, PAT.login, PAT.password)
        event, _ = again.away.take_over(home, PAT.login, PAT.password, VAL.login, VAL.password)
        assert reviewed in event.cases
        form = work(again, reviewed).form()
        (signature,) = form.signatures
        assert signature.there == signed.over_seq
        assert signature.covers != signature.there
        (line,) = form.brought
        assert f"by {PAT.name} with {VAL.name}" in line
        assert line.endswith(f" to {signed.over_seq + 1} of the copy that came back."), "by its numbers there"
        paper = again.leaving.form(reviewed, None, Allowed(to_whom="The file")).path.read_bytes()
        assert outside.shows(paper, f"covers entries up to {signed.over_seq} of the copy that came back", line) == []
        sheet = Handover(work(again, reviewed), "", "", {}).continuity()
        items = {one.mark: one.moves for one in sheet.items}
        made, taken, brought = items["RC/1"]
        assert made.received_by.endswith(", encrypted")
        assert (taken.released_by, taken.received_by, taken.officer) == ("the school", "PC Quinn", "4417")
        assert "was taken away" in taken.note
        assert brought.received_by == f"this log, by {PAT.name} with {VAL.name}"
        assert made.at is not None
        assert brought.at is not None
        assert brought.at >= made.at
    finally:
        again.close()
