"""The record of reviewing devices / internet sites: familiar fields first, everything on it, nothing forbidden."""

from __future__ import annotations

import traceback
from dataclasses import replace

import pytest
import typst

from esafety_tui.errors import RefusedError
from esafety_tui.reports import record_form, typeset
from esafety_tui.reports.record_form import Picture, Reviewer, Row
from tests.reports import outside, sample

FAMILIAR = (
    "Record of reviewing devices / internet sites", "Group", "Date", "Reason for investigation",
    "Details of first reviewing person", "Name", "Position", "Signature", "Details of second reviewing person",
    "Name and location of computer used for review (for web sites)", "Web site address / device", "Reason for concern",
    "Conclusion and action proposed or taken", "What the program adds",
)  # fmt: skip


@pytest.fixture(scope="module")
def paper() -> bytes:
    return record_form.render(sample.form())


def test_the_familiar_fields_come_first_and_in_the_familiar_order(paper):
    seen, at = outside.squeezed(outside.text(paper)), 0
    for name in FAMILIAR:
        at = seen.find(outside.squeezed(name), at)
        assert at >= 0, name
        at += 1


def test_everything_that_the_record_says_is_on_the_form(paper):
    form = sample.form()
    words = [form.group, form.reason, form.computer_name, form.computer_place, form.conclusion, form.clock_check,
        form.head.chain, str(form.head.entry), *form.head.words, *form.sealing, "20 November 2026"]  # fmt: skip
    for row in form.rows:
        words += [
            row.where,
            row.concern,
            row.shown_as,
            *row.present,
            row.drove,
            row.asked,
            row.connection,
            *row.reached,
        ]
    for item in form.exhibits:
        words += [item.mark, item.description, item.sha256, item.producer, item.kind, item.source, item.kept]
    for one in form.people:
        words += [one.name, one.position, one.part, one.times]
    for one in form.judgements:
        words += [one.name, one.finding, one.reasons]
    for one in form.actions:
        words += [one.action, one.person, one.decision, one.decided_by, one.reason, one.outcome]
    for one in form.not_copied:
        words += [one.what, one.where, one.why]
    for one in form.pictures:
        words += [one.mark, one.caption]
    assert outside.shows(paper, *words) == []


def test_times_are_exact_and_say_how_far_they_are_from_utc(paper):
    assert outside.shows(
        paper, "20 Nov 2026, 10:18:02 to 10:27:40 +00:00", "20 Nov 2026, 10:21:33 +00:00",
        "20 Nov 2026, 11:02:09 +00:00",
    ) == []  # fmt: skip


def test_a_hash_stands_whole_in_two_lines_of_32(paper):
    lines = outside.text(paper).splitlines()
    at = next(n for n, line in enumerate(lines) if sample.HASH[:32] in line)
    assert sample.HASH[32:] in lines[at + 1]


def test_every_page_says_whose_it_is_which_and_how_many(paper, tmp_path):
    count = outside.pages(paper, tmp_path)
    assert count > 2
    of_each = outside.text(paper).split("\f")[:count]
    for number, page in enumerate(of_each, 1):
        for words in ("Larkfield Integrated Primary School", "KT7-4MX", f"page {number} of {count}",
            "Larkfield policy 3", "esafety 0.1.0", "record at entry 412", sample.CHAIN):  # fmt: skip
            assert outside.squeezed(words) in outside.squeezed(page), (number, words)


def test_who_attested_is_said_to_have_attested_and_not_to_be_proven(paper):
    seen = outside.squeezed(outside.text(paper))
    assert outside.squeezed("Tobias Quillan Vice Principal attested on paper, not proven") in seen
    assert outside.squeezed("Maren Ashgrove Designated Teacher proven with their own password") in seen
    assert outside.squeezed("Attested on paper, not proven 20 Nov 2026, 11:06:41") in seen
    nobody = sample.form(second=replace(sample.form().second, signed=None), signatures=(), unsigned=())
    assert outside.shows(record_form.render(nobody), "Not signed yet", "Nobody has signed yet.") == []


def test_a_signature_says_its_key_and_covers_only_what_came_before(paper):
    assert outside.shows(paper, sample.PRINT, "entries up to 409; nothing after it", "covers entries up to 409") == []


@pytest.mark.parametrize(
    ("mark", "words"),
    [("MA/3", "It is sealed"), ("TQ/1", "not to be copied"), ("XX/9", "no exhibit of this incident")],
    ids=["sealed", "not copied", "not on the form"],
)
def test_a_picture_that_must_not_be_printed_is_refused(mark, words):
    with pytest.raises(RefusedError) as refused:
        record_form.render(sample.form(pictures=(Picture("MA/1", sample.png()), Picture(mark, sample.png()))))
    assert words in refused.value.what
    assert refused.value.rule == "R5"
    assert refused.value.exit_code == 3


def test_what_two_exhibits_of_one_mark_say_counts_for_the_stricter(paper):
    twice = (*sample.EXHIBITS, replace(sample.EXHIBITS[3], sealed=False))
    with pytest.raises(RefusedError):
        record_form.render(sample.form(exhibits=twice, pictures=(Picture("MA/3", sample.png()),)))


def test_sealed_and_uncopied_exhibits_are_named_as_such(paper):
    assert outside.shows(paper, "MA/3 Sealed: not opened, not printed, not handed on",
        "TQ/1 Not copied: described in words") == []  # fmt: skip


def test_empty_tables_say_that_they_are_empty():
    bare = sample.form(rows=(), exhibits=(), people=(), judgements=(), actions=(), signatures=(), not_copied=(),
        sealing=(), pictures=(), unsigned=(), conclusion="", clock_check="", computer_name="", computer_place="",
        second=Reviewer("", ""))  # fmt: skip
    assert outside.shows(
        record_form.render(bare), "No web site and no device was entered.", "No exhibit was taken.",
        "Nobody but the two reviewers took part.", "No judgement was recorded yet.", "Nobody has signed yet.",
        "No conclusion was recorded yet.", "Nobody was named.", "No computer was used to look at a web site.",
    ) == []  # fmt: skip


def test_screenshots_are_printed_with_their_marks_under_them(paper):
    assert outside.images(paper) == 2
    last = outside.text(paper).split("\f")[-2]
    assert outside.squeezed("MA/1 The chat page MA/2 The profile") in outside.squeezed(last)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (sample.png()[:2000], "damaged"),
        (b"\x89PNG\r\n\x1a\n" + bytes(64), "damaged"),
        (b"%PDF-1.7 something", "not a picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>", "not a picture"),
        (sample.png(1, 1)[:16] + (60_000).to_bytes(4, "big") * 2 + sample.png(1, 1)[24:], "too large"),
    ],
    ids=["cut short", "empty", "pdf", "svg", "bomb"],
)
def test_what_paper_cannot_show_is_named_and_the_rest_is_printed(data, why):
    made = record_form.render(sample.form(pictures=(Picture("MA/1", data), Picture("MA/2", sample.png(80, 60)))))
    assert outside.images(made) == 1
    assert outside.shows(made, "Kept as a file, not printed here", why) == []


def test_a_demonstration_says_so_on_every_page(tmp_path):
    made = record_form.render(sample.form(letterhead=sample.letterhead(demo=True)))
    every = outside.text(made).split("\f")[: outside.pages(made, tmp_path)]
    assert all("DEMO" in page for page in every)
    assert all("DEMO" not in page for page in outside.text(record_form.render(sample.form())).split("\f"))


def test_the_same_form_gives_the_same_bytes(paper):
    assert record_form.render(sample.form()) == paper
    assert record_form.render(sample.form(reason="Another reason")) != paper


@pytest.mark.parametrize("long", ["W" * 10_000, "word and more " * 700, "line\n" * 400], ids=["word", "words", "lines"])
def test_ten_thousand_characters_stay_on_the_pages(long, tmp_path):
    made = record_form.render(sample.form(conclusion=long, rows=(Row("https://a.example/" + long, long),), pictures=()))
    assert outside.shows(made, "What each reviewer judged", sample.CHAIN) == []
    seen = outside.squeezed(outside.text(made))
    word = outside.squeezed(long)[:4]
    # A word that goes on over a page's end is cut there.
    assert seen.count(word) >= 3 * outside.squeezed(long).count(word) * 0.98
    outside.checked(made, tmp_path)


def test_names_of_300_letters_are_shown_whole():
    name = "Maximiliane" * 27
    first = replace(sample.form().first, name=name)
    assert outside.shows(record_form.render(sample.form(first=first, pictures=())), name) == []


class PanicException(BaseException):
    """As typst's own is called."""


@pytest.mark.parametrize("trouble", [RuntimeError, PanicException])
def test_what_typst_quotes_goes_no_further(monkeypatch, trouble):
    def broken(*_: object, **__: object) -> bytes:
        raise trouble(f"in {sample.ANN}")

    monkeypatch.setattr(typst, "compile", broken)
    with pytest.raises(typeset.TypesetError) as told:
        record_form.render(sample.form(pictures=()))
    shown = "".join(traceback.format_exception(told.value))
    assert sample.ANN not in shown


def test_being_interrupted_is_not_taken_for_a_panic(monkeypatch):
    def interrupted(*_: object, **__: object) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr(typst, "compile", interrupted)
    with pytest.raises(KeyboardInterrupt):
        record_form.render(sample.form(pictures=()))
