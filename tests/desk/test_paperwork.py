"""What the papers say of a case is what was recorded, under the name and in the words of whoever recorded it."""

from __future__ import annotations

from pathlib import Path

import pytest

from esafety_tui.desk.case.statement import statement
from esafety_tui.desk.forms.base import record
from esafety_tui.desk.papers.handover import Handover
from esafety_tui.desk.papers.paperwork import UNNAMED, Paperwork
from esafety_tui.desk.session import Session
from esafety_tui.incident import events as e
from esafety_tui.reports.papers import continuity
from esafety_tui.widgets.kept import exhibit
from tests.desk import handed
from tests.desk.driver import ILLEGAL, INTERNAL, Driver
from tests.desk.handed import sealed
from tests.desk.made_school import RUTH, VAL, answer, do
from tests.desk.test_evidence import keep, looked, png

pack, reviewed = handed.pack, handed.reviewed
SITE = "https://bücher.example/forum"


def work(session: Session, ref: str) -> Paperwork:
    return session.leaving.paperwork(ref)


@pytest.fixture
def looked_at(session: Session) -> str:
    """A case in which two looked at a site, start to stop, and a telephone went through three hands."""
    driver = Driver(session)
    ref = session.casework.begin()
    driver.until(ref, "review", INTERNAL)
    answer(session, ref, "ask", what=SITE, could="no")
    answer(session, ref, "start", what=SITE, connection="The school's network")
    row = {"form": "site", "where": SITE, "concern": "Names of pupils", "seen": "Before registration"}
    answer(session, ref, "looked", **row)
    answer(session, ref, "stop", reached="https://example.invalid/login")
    do(session, ref, "device", "taken", what="Telephone, grey, 12", kept_at="The safe", **{"from": "A pupil"})
    item = next(iter(session.casework.case(ref).custody))
    do(session, ref, "device-moved", "moved", item=item, to="The office safe")
    do(session, ref, "device-moved", "ended", item=item, how="police", to="Officer", number="4417", reference="RF-204")
    do(session, ref, "seen", "seen", who="The caretaker", what="A page with names")
    return ref


def test_the_form_has_the_familiar_fields(session: Session, looked_at: str) -> None:
    form = work(session, looked_at).form()
    assert (form.letterhead.reference, form.letterhead.demo) == (looked_at, True)
    assert (form.first.name, form.second.name) == (RUTH.name, VAL.name)
    assert (form.computer_name, form.computer_place) == (session.computer, session.place)
    assert form.unsigned == (RUTH.name, VAL.name)
    (row,) = form.rows
    assert (row.where, row.shown_as) == (SITE, "xn--bcher-kva.example")
    assert row.present == tuple(f"{one.name}, proven with their own password" for one in (RUTH, VAL))
    assert row.filter_state == "On, as usual"
    assert form.looks == row.at_look == ()
    assert (row.drove, row.looked, row.connection) == (RUTH.name, True, "The school's network")
    assert "Before registration" in row.concern
    assert row.reached == ("https://example.invalid/login",)
    assert row.started is not None
    assert row.stopped is not None
    assert row.started <= row.stopped
    assert row.asked.endswith("No.")
    assert form.clock_check
    did = [f"{one.name}: {one.did}" for one in form.handled]
    assert "The caretaker: Saw by accident: A page with names" in did
    assert any("handed to the police, Officer (4417)" in one for one in did)
    assert form.head.entry == session.journal.head()[0]
    assert len(form.head.words) == 6


def test_signatures_are_those_of_the_record(session: Session, reviewed: str) -> None:
    driver = Driver(session)
    driver.until(reviewed, "sign", {**INTERNAL, "judgement": "yes"})
    answer(session, reviewed, "lead", password=RUTH.password)
    form = work(session, reviewed).form()
    case = session.casework.case(reviewed)
    assert len(case.rows) > 1
    assert f" {len(case.rows)} sites or devices are in the record of the review. " in statement(session, case)
    assert form.first.signed is not None
    assert form.first.signed.how == "password"
    assert form.first.signed.fingerprint
    assert form.first.signed.covers < form.head.entry
    assert form.second.signed is None
    assert form.unsigned == (VAL.name,)
    assert [one.finding for one in form.judgements] == ["There is substance"] * 2
    assert form.actions
    assert [one.mark for one in form.exhibits] == ["RC/1", "RC/2"]
    assert all(one.kept == "as a file, not printed here" for one in form.exhibits)


def test_page_one_says_who_touched_it_and_where_it_is(session: Session, looked_at: str) -> None:
    paper = Handover(work(session, looked_at), "Stick 3", "PC Example", {})
    cover = paper.cover("ab" * 32)
    (device,) = cover.devices
    assert (device.description, device.held) == ("Telephone, grey, 12", "Officer")
    assert "handed to the police, reference RF-204" in device.state
    did = [f"{one.name}: {one.did}" for one in cover.handled]
    took = f"{RUTH.name}: Took Telephone, grey, 12 from A pupil. As it is. Kept: The safe. A parent has not signed yet."
    assert took in did
    assert f"{RUTH.name}: Moved Telephone, grey, 12 to The office safe" in did
    assert [one.at for one in cover.handled] == sorted(one.at for one in cover.handled if one.at)
    assert (
        f"{VAL.name}: Was there when this was looked at: {SITE} (the host is also written xn--bcher-kva.example)" in did
    )
    assert "The caretaker: Saw by accident: A page with names" in did
    assert any("ab" * 32 in line for line in cover.included)
    assert cover.ring[0].phone, "a number comes first"
    assert [one.name for one in cover.ring if not one.phone] == [cover.ring[-1].name] == [RUTH.name]
    item, stick = paper.continuity().items
    assert stick.mark == "Stick 3", "the school's own stick is an exhibit too"
    assert [(move.released_by, move.received_by) for move in item.moves] == [
        ("A pupil", RUTH.name), (RUTH.name, "The office safe"), ("the school", "Officer (4417)"),
    ]  # fmt: skip


def test_an_address_in_other_letters_stands_in_both_spellings(session: Session, looked_at: str) -> None:
    do(session, looked_at, "describe", "words", description="A page of it", where=SITE)
    both = f"{SITE} (the host is also written xn--bcher-kva.example)"
    paper = Handover(work(session, looked_at), "", "", {})
    cover = paper.cover("ab" * 32)
    assert sum(both in one.did for one in cover.handled) == 2, "who drove, and who was beside"
    assert [one.where for one in cover.not_copied] == [both]
    assert paper.continuity().items[0].moves[0].received_by == both


def test_what_one_did_is_only_what_nobody_was_there_for(session: Session, looked_at: str) -> None:
    paper = Handover(work(session, looked_at), "", "", {})
    lines = {one.name: [line.text for line in one.lines] for one in paper.statements()}
    assert VAL.name not in lines, "she was there, and recorded nothing alone"
    assert lines[RUTH.name]
    alone = {m.seq for m in session.casework.case(looked_at).moments if not m.witness}
    assert all(line.seq in alone for one in paper.statements() for line in one.lines)


def test_what_was_not_copied_is_listed_with_the_reason(session: Session, reviewed: str) -> None:
    assert work(session, reviewed).withheld() == ()
    do(session, reviewed, "describe", "words", description="A blue tablet", where="The office")
    (tablet,) = work(session, reviewed).withheld()
    assert (tablet.what, tablet.where, tablet.sealed) == ("A blue tablet", "The office", False)
    sealed(session, reviewed)
    withheld = work(session, reviewed).withheld()
    assert [one.mark for one in withheld if one.sealed] == ["RC/1", "RC/2"]
    reported = [one for one in withheld if one.what == "What was reported"]
    assert reported
    assert all("RC/1, RC/2" in one.why for one in reported), "it was stored, and is sealed"
    assert not any("not copied" in one.why for one in withheld)
    form = work(session, reviewed).form()
    assert [one.sealed for one in form.exhibits] == [True, True, False]
    assert form.sealing


def test_a_look_after_the_suspicion_is_not_denied(session: Session, reviewed: str) -> None:
    do(session, reviewed, "halt", "no", what="One of them may be younger")
    do(session, reviewed, "seen", "seen", who="The caretaker", what="A page with names")
    seen = session.casework.case(reviewed).moments[-1].seq
    told = [one.why for one in work(session, reviewed).withheld() if "Halted:" in one.why]
    assert told
    assert all(f"Looks or copies recorded after that: entries {seen}." in why for why in told)
    assert not any("not looked at" in why for why in told)


def test_where_a_plain_copy_still_lies_is_said_until_two_removed_it(session: Session, reviewed: str) -> None:
    first, second = session.casework.case(reviewed).exhibits.values()
    Path(first.source_path).rename(first.source_path + ".moved")
    do(session, reviewed, "source", "removed", exhibit=first.id)
    gone, there = work(session, reviewed).form().exhibits
    assert gone.plain_copy == ""
    assert second.source_path in there.plain_copy
    assert "leave it" not in there.plain_copy
    sealed(session, reviewed)
    papers = work(session, reviewed)
    left = f"A plain copy lies at {second.source_path} on the computer that it was taken in on: leave it as it is."
    assert [one.plain_copy for one in papers.form().exhibits] == ["", left]
    assert [left in one.where for one in papers.withheld() if one.sealed] == [False, True]
    notes = {one.mark: one.note for one in Handover(papers, "", "", {}).continuity().items}
    assert (notes[first.mark], notes[second.mark]) == ("", left)
    shown = session.browsing.show(reviewed)["exhibits"]
    assert [one["plain_copy"] for one in shown] == [None, second.source_path]
    drawn = "\n".join(part.text.plain for one in shown for part in exhibit(one))
    assert f"A plain copy lies at {second.source_path} on this computer: leave it as it is." in drawn


def test_what_was_said_at_a_halt_is_the_reason(session: Session, reviewed: str) -> None:
    do(session, reviewed, "halt", "no", what="One of them may be younger")
    reasons = [(one.what, one.why) for one in work(session, reviewed).withheld() if not one.sealed]
    assert [what for what, why in reasons if "Halted: One of them may be younger." in why] == ["What was reported"]


def test_on_the_illegal_side_the_papers_name_the_device_and_that_nothing_was_copied(session: Session) -> None:
    driver = Driver(session)
    ref = session.casework.begin()
    driver.until(ref, "await", ILLEGAL)
    papers = work(session, ref)
    (what,) = papers.withheld()
    assert what.why.endswith("The record holds no look and no copy after that.")
    cover = Handover(papers, "", "", {}).cover("ab" * 32)
    assert cover.devices
    assert what.where in {device.description for device in cover.devices}


def test_one_row_is_one_row_in_the_words_that_are_signed(session: Session, looked_at: str) -> None:
    case = session.casework.case(looked_at)
    assert len(case.rows) == 1
    assert " 1 site or device is in the record of the review. " in statement(session, case)


def test_a_break_of_line_in_a_files_name_is_shown_as_one(session: Session, reviewed: str, tmp_path: Path) -> None:
    looked(session, reviewed)
    picture = tmp_path / "one\ntwo.png"
    picture.write_bytes(png(filling=b"z"))
    keep(session, reviewed, picture, "The third part")
    papers = work(session, reviewed)
    line = papers.form().exhibits[-1]
    assert line.source == "one␊two.png"
    assert "one␊two.png" in line.plain_copy
    assert "one␊two.png" in Handover(papers, "", "", {}).continuity().items[2].note
    told = [entry["text"] for entry in session.browsing.chronology(reviewed) if entry["kind"] == "exhibited"]
    assert "File one␊two.png" in told[-1]


def test_the_same_comparison_of_the_clock_is_told_once_with_each_time(session: Session, looked_at: str) -> None:
    once = work(session, looked_at).form().clock_check
    session.casework.run(looked_at, [record(e.ClockChecked("the same", 0))])
    twice = work(session, looked_at).form().clock_check
    assert [text.count("it shows the same time") for text in (once, twice)] == [1, 1]
    assert len(twice) > len(once)


def test_where_a_device_was_first_kept_is_on_the_continuity_sheet(session: Session, looked_at: str) -> None:
    item, _ = Handover(work(session, looked_at), "Stick 3", "PC Example", {}).continuity().items
    taken, moved, ended = item.moves
    assert taken.note == "As it is. Kept: The safe. A parent has not signed yet."
    assert moved.note == ""
    assert ended.note == "No parent signed for it."
    assert b"%PDF" in continuity(Handover(work(session, looked_at), "Stick 3", "PC Example", {}).continuity())


def test_a_sealed_picture_is_kept_at_the_computer_that_it_was_taken_in_at(
    session: Session, reviewed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    do(session, reviewed, "halt", "no")
    named = session.casework.case(reviewed).computer
    assert named is not None
    monkeypatch.setattr(Session, "computer", "Another one")
    (sealed, *_) = (one for one in work(session, reviewed).withheld() if one.sealed)
    assert "Another one" not in sealed.where
    unnamed = named.name == UNNAMED
    assert sealed.where.startswith("Sealed on the school's computer" + ("" if unnamed else f" {named.name}") + ";")
