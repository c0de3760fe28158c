"""Page one, chronology, continuity sheet, one person's part, how to check, and the paper kit."""

from __future__ import annotations

from dataclasses import replace

import pytest

from esafety_tui.reports import kit, papers
from tests.reports import outside, sample


def test_page_one_is_one_page_and_says_everything(tmp_path):
    made, cover = papers.cover(sample.COVER), sample.COVER
    assert outside.pages(made, tmp_path) == 1
    words = [cover.about, cover.medium, cover.to_whom, "Receipt", "with 2 exhibits", *cover.included, sample.CHAIN]
    for device in cover.devices:
        words += [device.mark, device.description, device.held, device.state, device.seal]
    for one in cover.handled:
        words += [one.name, one.position, one.did]
    for one in cover.not_copied:
        words += [one.what, one.where, one.why]
    for one in cover.ring:
        words += [one.name, one.phone, one.what_for, one.hours]
    assert outside.shows(made, *words) == []


def test_page_one_says_where_there_is_nothing():
    bare = replace(sample.COVER, devices=(), handled=(), not_copied=(), ring=(), included=(), medium="", counted=1)
    assert outside.shows(papers.cover(bare), "No device was taken into care.", "Nothing was kept back.",
        "with 1 exhibit in it", "names nobody who touched it", "No number was given") == []  # fmt: skip


def test_the_chronology_tells_every_entry_in_order_with_both_times():
    made = papers.chronology(sample.CHRONOLOGY)
    assert outside.shows(made, *(line.text for line in sample.LINES), *(line.by for line in sample.LINES)) == []
    assert (
        outside.shows(made, "20 Nov 2026 09:41:00 +00:00 written 09:44:00", "recorded late", "with Tobias Quillan")
        == []
    )
    seen = outside.squeezed(outside.text(made))
    places = [seen.index(outside.squeezed(line.text)) for line in sample.LINES]
    assert places == sorted(places)
    back = replace(sample.LINES[0], clock_back=True, at=sample.at(9, 44).replace(day=21))
    assert outside.shows(papers.chronology(replace(sample.CHRONOLOGY, lines=(back,))), "the clock had gone back",
        "written 21 Nov 2026, 09:44:00 +00:00") == []  # fmt: skip
    assert outside.shows(papers.chronology(replace(sample.CHRONOLOGY, lines=())), "There is no entry.") == []


def test_a_long_chronology_repeats_its_head_on_every_page(tmp_path):
    lines = tuple(replace(sample.LINES[n % 5], seq=n + 1) for n in range(200))
    made = papers.chronology(replace(sample.CHRONOLOGY, lines=lines))
    count = outside.pages(made, tmp_path)
    assert count > 5
    every = outside.text(made).split("\f")[:count]
    assert all("When it happened" in page for page in every if "Screenshot MA/1" in page)


def test_one_persons_part_has_their_name_and_a_line_to_sign_on():
    made = papers.what_one_did(sample.ONE_DID)
    assert outside.shows(made, sample.ANN, "Designated Teacher", "MA/1, MA/2", "Signature", "for their statement",
        "recorded with nobody beside them") == []  # fmt: skip
    assert outside.shows(made, "what this person did and saw") != [], "most of it is done by two"
    assert outside.shows(made, "Idris Fernleigh") == ["Idris Fernleigh"]


def test_the_continuity_sheet_has_known_moves_and_empty_ones():
    made = papers.continuity(sample.CONTINUITY)
    assert outside.shows(made, "TQ/1", "Idris Fernleigh", "Tobias Quillan", "B 004417", "20 Nov 2026, 09:58:00 +00:00",
        "LPS-3", "Force or agency", "Officer's number", "Signature, received") == []  # fmt: skip
    assert outside.text(made).count("Released by") == 5
    bare = papers.continuity(replace(sample.CONTINUITY, items=()))
    assert outside.shows(bare, "There is no exhibit.") == []
    assert outside.text(bare).count("Released by") == 2


def test_the_page_on_checking_needs_nothing_but_sha256sum():
    made = papers.how_to_check(sample.CHECKING)
    assert outside.shows(made, "sha256sum -c manifest-sha256.txt", "412 entries, 14 of them", "data/form.pdf",
        sample.HASH, sample.CHAIN) == []  # fmt: skip


def test_the_kit_is_card_numbered_form_and_slip(tmp_path):
    made, card = kit.paper_kit(sample.KIT), sample.KIT.card
    assert outside.pages(made, tmp_path) == 5
    words = [card.title, *card.lines, card.footer, "Form 0007", *sample.KIT.never_copy, "Report slip for staff"]
    for one in card.ring:
        words += [one.name, one.phone, one.what_for, one.hours]
    assert outside.shows(made, *words) == []


def test_the_blank_form_has_the_familiar_fields_and_no_words_of_an_incident(tmp_path):
    made = kit.blank_form(sample.KIT)
    assert outside.pages(made, tmp_path) == 3
    assert outside.shows(made, "Reason for investigation", "Details of first reviewing person",
        "Details of second reviewing person", "Name and location of computer used for review (for web sites)",
        "Web site address / device", "Reason for concern", "Conclusion and action proposed or taken") == []  # fmt: skip


@pytest.mark.parametrize("demo", [False, True])
@pytest.mark.parametrize(
    "school", ["Larkfield", "Larkfield Integrated Primary School and Nursery Unit, with Learning Support Centre"]
)
def test_card_and_slip_are_one_page_each_and_the_form_three(tmp_path, demo, school):
    paper = replace(sample.KIT, letterhead=replace(sample.letterhead(demo=demo), school=school))
    assert outside.pages(kit.card(paper), tmp_path) == 1
    assert outside.pages(kit.staff_slip(paper), tmp_path) == 1
    assert outside.pages(kit.blank_form(paper), tmp_path) == 3
