"""Values are data and stay text; nothing is read from elsewhere and nothing is written; others can check the file."""

from __future__ import annotations

import dataclasses
import re
import sys
from collections.abc import Callable, Iterator

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from esafety_tui.reports import kit, papers, record_form, typeset
from esafety_tui.resources import data_root
from tests.reports import outside, sample

Made = tuple[Callable[..., bytes], object]

PAPERS: dict[str, Made] = {
    "form": (record_form.render, sample.form(pictures=())),
    "chronology": (papers.chronology, sample.CHRONOLOGY),
    "what one did": (papers.what_one_did, sample.ONE_DID),
    "cover": (papers.cover, sample.COVER),
    "continuity": (papers.continuity, sample.CONTINUITY),
    "checking": (papers.how_to_check, sample.CHECKING),
    "kit": (kit.paper_kit, sample.KIT),
}
EVERY = pytest.mark.parametrize("name", PAPERS)

TYPST = '#read("/etc/passwd") #import "@preview/a:1.0.0": * $x^2$ *b* _i_ [c] <l> @r \\ // `r` #{1+1} <script> --- "q"'


def _each(value: object, change: Callable[[str], str]) -> object:
    """The same value with every text in it changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, tuple):
        return tuple(_each(item, change) for item in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        kept = {"proof", "how"}
        fields = {one.name: getattr(value, one.name) for one in dataclasses.fields(value)}
        return dataclasses.replace(
            value, **{name: item if name in kept else _each(item, change) for name, item in fields.items()}
        )
    return value


def _texts(value: object) -> Iterator[str]:
    found: list[str] = []
    _each(value, lambda text: found.append(text) or text)  # type: ignore[func-returns-value]
    yield from found


@EVERY
def test_others_find_it_sound_archivable_and_tagged(name, tmp_path):
    make, value = PAPERS[name]
    made = make(value)
    assert "No syntax or stream encoding errors" in outside.checked(made, tmp_path)
    facts = outside.facts(made, tmp_path)
    assert re.search(r"^Tagged:\s+yes", facts, re.MULTILINE)
    assert re.search(r"^Page size:.*A4", facts, re.MULTILINE)
    assert re.search(r"^JavaScript:\s+no", facts, re.MULTILINE)
    assert re.search(r"^Title:\s+\S", facts, re.MULTILINE)
    assert "<pdfaid:part>2</pdfaid:part>" in facts
    assert "<pdfaid:conformance>B</pdfaid:conformance>" in facts
    assert "<</S/URI" not in made.decode("latin-1")


@EVERY
def test_screen_readers_meet_headings_and_paragraphs(name, tmp_path):
    make, value = PAPERS[name]
    tags = outside.structure(make(value), tmp_path)
    assert re.search(r"^\s*H1\b", tags, re.MULTILINE)
    assert re.search(r"^\s*P\b", tags, re.MULTILINE)


@EVERY
def test_it_would_also_pass_as_accessible_by_pdf_ua(name, monkeypatch):
    """typst refuses what PDF/UA-1 forbids: headings that skip a level, a picture without words, a missing title."""
    compiled = typst.compile

    def stricter(files: dict[str, bytes], **told: object) -> object:
        return compiled(files, **{**told, "pdf_standards": [typeset.STANDARD, "ua-1"]})  # type: ignore[call-overload]

    monkeypatch.setattr(typst, "compile", stricter)
    make, value = PAPERS[name]
    if name == "form":
        value = sample.form()
    assert b"pdfuaid" in make(value)


@EVERY
def test_the_same_values_give_the_same_bytes(name):
    make, value = PAPERS[name]
    assert make(value) == make(value)


@EVERY
def test_typst_in_a_value_is_text(name):
    make, value = PAPERS[name]
    made = make(_each(value, lambda text: text and f"{TYPST} {text}"))
    seen = outside.squeezed(outside.text(made))
    assert outside.squeezed(TYPST) in seen
    assert "root:" not in seen


@EVERY
def test_controls_arrive_as_symbols_and_nothing_is_reordered(name):
    make, value = PAPERS[name]
    made = make(_each(value, lambda text: text and "a\0b\x1b[31m\u202ec\u2066d\x85e\u2028f\ud800g\ufeffh"))
    seen = outside.text(made)
    assert not set("\0\x1b\u202e\u2066\x85\u2028\ufeff") & set(seen)
    assert "‹control: null›" in seen
    assert "‹control: escape›" in seen
    assert "U+24" not in seen, "no symbol of ours is named by its number"


@EVERY
def test_letters_that_no_typeface_has_are_spelled_out(name):
    make, value = PAPERS[name]
    made = make(_each(value, lambda text: text and "Łukasz 王小明 😀 Ελένη"))
    assert outside.shows(made, "Łukasz ‹U+738B›‹U+5C0F›‹U+660E› ‹U+1F600 grinning face› Ελένη", "spelled out") == []


@EVERY
def test_empty_texts_make_a_paper_too(name, tmp_path):
    make, value = PAPERS[name]
    assert outside.pages(make(_each(value, lambda _: "")), tmp_path) >= 1


@EVERY
def test_nothing_is_written_and_only_the_templates_are_read(name, watched):
    make, value = PAPERS[name]
    make(value)
    watched.clear()
    typeset._templates.cache_clear()
    make(value)
    opened = [(str(path), mode) for path, mode in watched]
    assert opened, "the watch sees nothing"
    folder = str(data_root() / "documents")
    assert [one for one in opened if not one[0].startswith(folder) or set(one[1] or "r") & set("wax+")] == []


@pytest.fixture
def watched() -> Iterator[list[tuple[object, str]]]:
    """Every file that Python opens from here on, with its mode. An audit hook stays: it is only switched off."""
    seen: list[tuple[object, str]] = []
    on = [True]

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if on[0] and event == "open":
            flags = arguments[2]
            writing = isinstance(flags, int) and flags & 3
            seen.append((arguments[0], "w" if writing else "r"))

    sys.addaudithook(hook)
    yield seen
    on[0] = False


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "../../../../../../etc/passwd", "../policies/spires/policy.toml", "/proc/self/environ"]
)
def test_a_template_reaches_nothing_outside_its_folder(path):
    with pytest.raises(typeset._Trouble) as told:
        typeset._run({"main.typ": f'#read("{path}")'.encode()}, 0)
    assert re.search(r"not found|escape", told.value.diagnostic)


def test_no_template_asks_for_packages_links_or_other_files():
    for file in (data_root() / "documents").glob("*.typ"):
        source = file.read_text(encoding="utf-8")
        assert not re.search(r"@preview|@local|#?link\(|https?:|read\(|plugin\(|eval\(", source), file.name
        assert set(re.findall(r'#import "([^"]+)"', source)) <= {"style.typ"}


@settings(max_examples=25)
@given(st.text(max_size=60))
def test_any_text_gives_a_paper_and_is_found_on_it(words):
    lines = (dataclasses.replace(sample.LINES[0], text=f"begin{words}end"),)
    made = papers.chronology(dataclasses.replace(sample.CHRONOLOGY, lines=lines))
    assert made.startswith(b"%PDF-1.7")
    plain = re.sub(r"[^A-Za-z0-9 .,;:()/]", "", words)
    if plain == words:
        assert outside.shows(made, f"begin{words}end") == []


def test_what_no_paper_can_show_is_a_mistake_of_ours():
    with pytest.raises(TypeError, match="object"):
        typeset.typeset("cover", {"cover": object()}, sample.at(10))
