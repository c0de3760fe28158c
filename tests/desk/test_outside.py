"""R5: what left or was backed up before it was sealed is named on the papers, and said when it is sealed."""

from __future__ import annotations

from pathlib import Path

from esafety_tui.desk.case.kept import kept
from esafety_tui.desk.papers.handover import Handover
from esafety_tui.desk.papers.leaving import Recipient
from esafety_tui.desk.session import Session
from esafety_tui.reports import papers, record_form
from esafety_tui.widgets import kept as drawn
from tests.desk import handed
from tests.desk.handed import STICK, sealed
from tests.desk.made_school import do
from tests.reports import outside

pack, reviewed = handed.pack, handed.reviewed


def test_a_sealed_picture_that_left_before_is_named_where_it_is(
    session: Session, reviewed: str, tmp_path: Path
) -> None:
    bundle = session.leaving.bundle(reviewed, tmp_path / "bundle.zip", STICK)
    form = session.leaving.form(reviewed, tmp_path / "form.zip")
    assert session.leaving.paperwork(reviewed).outside == {}, "nothing is sealed yet"
    one = next(iter(session.casework.case(reviewed).exhibits))
    said = do(session, reviewed, "forbidden", "no", exhibit=one, reason="They may be younger than we thought").message
    assert bundle.item in said
    assert form.item in said
    work = session.leaving.paperwork(reviewed)
    assert set(work.outside) == {"RC/1", "RC/2"}
    for item, how in ((bundle.item, "for PC Example 4417, out"), (form.item, "out")):
        assert all(item in text and how in text for text in work.outside.values())
    # Beside the exhibit, for as long as it is so: the message is gone with the next key.
    case = session.casework.case(reviewed)
    listed = drawn.sections(kept(case, session.casework.name(case), work.outside))[1][1]
    assert sum(bundle.item in one.text.plain for one in listed) == 2
    handover = Handover(work, "", "", {})
    cover, sheet = papers.cover(handover.cover("ab" * 32)), papers.continuity(handover.continuity())
    for made in (cover, sheet, record_form.render(work.form())):
        assert outside.shows(made, bundle.item, form.item, "Stick 3") == []
        assert outside.shows(made, "nobody in the school can open it") != []


def test_where_it_ended_is_said_and_what_was_made_after_holds_nothing(
    session: Session, reviewed: str, tmp_path: Path
) -> None:
    first = session.leaving.bundle(reviewed, tmp_path / "first.zip", STICK)
    second = session.leaving.bundle(reviewed, tmp_path / "second.zip", STICK)
    session.leaving.hand_over(first.item, Recipient("DC Example"), "signed page one")
    session.leaving.back(second.item, "destroyed", "The caretaker")
    sealed(session, reviewed)
    third = session.leaving.bundle(reviewed, tmp_path / "third.zip", STICK)
    text = session.leaving.paperwork(reviewed).outside["RC/1"]
    assert "handed to DC Example" in text
    assert f"bundle {second.item}" in text
    assert "recorded as destroyed since" in text
    assert third.item not in text


def test_what_never_left_says_that_nobody_can_open_it(session: Session, reviewed: str) -> None:
    sealed(session, reviewed)
    work = session.leaving.paperwork(reviewed)
    assert work.outside == {}
    assert all("nobody can open it there" in one.where for one in work.withheld() if one.sealed)


def test_backups_that_hold_it_open_are_named(session: Session, reviewed: str, tmp_path: Path) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    for stick in (before, after):
        stick.mkdir()
    session.copies.make(before, "Stick A")
    sealed(session, reviewed)
    session.copies.make(after, "Stick B")
    texts = session.leaving.paperwork(reviewed).outside
    assert set(texts) == {"RC/1", "RC/2"}
    for text in texts.values():
        assert text.startswith("The backup of ")
        assert text.endswith("(on Stick A).")
