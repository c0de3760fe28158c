"""The drawn chart, the lists, the colours: what can be looked at without a screen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.color import Color
from textual.content import Content

from esafety_tui.desk.asks import Box
from esafety_tui.widgets import pick, preview, rows, theme
from esafety_tui.widgets.bars import TopBar
from esafety_tui.widgets.environment import scrub
from esafety_tui.widgets.flowmap import draw
from esafety_tui.widgets.lines import Marked, hang
from esafety_tui.widgets.pick import Digits
from esafety_tui.widgets.safe import BROKEN, one_line, safe
from tests.app.driver import dangers

BOXES = (
    Box("danger", "Danger now?", "question", "start", "done", (("Yes", "safety"), ("No", "crime"))),
    Box("safety", "Safety first", "step", "start", "ahead", (("Done", "crime"),)),
    Box("crime", "A crime?", "question", "start", "here", (("Yes", "stop"), ("No", "told"), ("Not sure", "stop"))),
    Box("told", "Tell the leader", "step", "internal", "ahead", (("Told", "close"),)),
    Box("stop", "Stop looking", "step", "illegal", "ahead", ()),
    Box("close", "Close", "end", "after", "ahead", ()),
)


def text(lines: tuple[Content, ...]) -> list[str]:
    return [row.plain for row in lines]


@pytest.mark.parametrize("width", [24, 36, 74, 120])
def test_the_chart_marks_where_you_are_and_where_each_answer_leads(width: int) -> None:
    drawing = draw(BOXES, width)
    shown = text(drawing.lines)
    assert "► A crime?" in shown[drawing.here]
    assert any("✓ Danger now?" in row for row in shown)
    assert any("Yes ▸ Stop" in row for row in shown)
    assert any("No ▸ Tell" in row for row in shown)
    assert all(row.cell_length <= width for row in drawing.lines)


@pytest.mark.parametrize(
    ("taken", "seen", "unseen"), [("Not sure", "┃ Not sure", "Yes"), ("No", "│", "┃"), ("", "┃", "Yes")]
)
def test_the_answer_on_the_way_taken_is_the_one_recorded(taken: str, seen: str, unseen: str) -> None:
    to = (("Yes", "stop"), ("Not sure", "stop"), ("No", "told"))
    first = Box("crime", "A crime?", "question", "start", "done", to, taken)
    stop, told = (Box(id, id, "step", "start", "done") for id in ("stop", "told"))
    between = text(draw([first, stop, told], 36).lines)[2]
    assert seen in between
    assert unseen not in between


def test_red_is_only_for_the_illegal_lane() -> None:
    for here in ("crime", "stop"):
        boxes = [Box(b.id, b.title, b.kind, b.lane, "here" if b.id == here else "done", b.to) for b in BOXES]
        for row in draw(boxes, 36).lines:
            red = any("$illegal" in str(span.style) for span in row.spans)
            assert not red or any(word in row.plain for word in ("ILLEGAL", "Stop looking", "┃", "━", "│"))


@given(st.lists(st.text(max_size=120), min_size=1, max_size=12), st.integers(12, 200))
def test_any_titles_can_be_drawn_at_any_width(titles: list[str], width: int) -> None:
    boxes = [Box(str(n), title, "step", "start", "here", ((title, str(n)),)) for n, title in enumerate(titles)]
    for row in draw(boxes, width).lines:
        assert dangers(row.plain) == []


@given(st.lists(st.text(max_size=200), max_size=5), st.integers(1, 90))
def test_hanging_lines_lose_no_word(texts: list[str], width: int) -> None:
    marked = [Marked(Content(safe(one, lines=False)), Content("1  ")) for one in texts]
    shown = "".join(row.plain for row in hang(marked, width))
    for one in marked:
        for word in one.text.plain.split():
            assert word in shown.replace(" ", "") or len(word) > max(8, width - 3) or word in shown


@given(st.text(max_size=300))
def test_safe_text_keeps_its_length_and_holds_nothing_a_terminal_obeys(typed: str) -> None:
    assert dangers(safe(typed, lines=False)) == []
    assert dangers(safe(typed).replace("\t", "")) == []
    assert len(safe(typed)) == len(typed)
    assert safe(safe(typed)) == safe(typed)
    assert "\n" not in one_line(typed)


@pytest.mark.parametrize(
    ("typed", "symbol"),
    [
        ("\x1b]0;x\x07", "␛]0;x␇"),
        ("\x9b2J", f"{BROKEN}2J"),
        ("a‮b", "a⇄b"),
        ("a​b", "a¤b"),
        ("\x7f", "␡"),
        ("\ud800", BROKEN),
    ],
)
def test_each_dangerous_character_is_a_visible_symbol(typed: str, symbol: str) -> None:
    assert safe(typed) == symbol


def test_plain_text_is_left_as_it_is() -> None:
    for plain in ("Zoë Ó Briain, 3B", "naïve “quotes” – dash", "한국어 日本語 عربي", "Line\nbreak\ttab"):
        assert safe(plain) == plain


def contrast(first: str, second: str) -> float:
    """The ratio of WCAG between two colours."""

    def light(colour: str) -> float:
        parts = [
            channel / 12.92 if channel <= 0.03928 else ((channel + 0.055) / 1.055) ** 2.4
            for channel in Color.parse(colour).normalized
        ]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    lights = sorted((light(first), light(second)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


@pytest.mark.parametrize("one", [one for one in theme.THEMES if not one.ansi], ids=lambda one: one.name)
def test_every_text_can_be_read(one: theme.Theme) -> None:
    grounds = [str(one.background), one.variables["raised"]]
    for ground in grounds:
        for name in ("quiet", "care", "illegal"):
            assert contrast(one.variables[name], ground) >= 7, (name, ground)
        assert contrast(str(one.foreground), ground) >= 7
        assert contrast(str(one.accent), ground) >= (6 if ground != grounds[0] else 7)
    assert contrast(one.variables["on-accent"], str(one.accent)) >= 7
    assert contrast(str(one.foreground), one.variables["illegal-ground"]) >= 7
    assert contrast(one.variables["illegal"], one.variables["illegal-ground"]) >= 6


def test_going_through_the_colours_comes_round() -> None:
    name, seen = theme.DEFAULT, []
    for _ in theme.NAMES:
        seen.append(name)
        name = theme.after(name)
    assert sorted(seen) == sorted(theme.NAMES)
    assert name == theme.DEFAULT
    assert theme.after("something else") == theme.DEFAULT


def test_each_status_has_a_sign_and_a_word_of_its_own() -> None:
    signs = [sign for sign, _, _ in rows.STATUS.values()]
    words = [word for _, word, _ in rows.STATUS.values()]
    assert len(set(signs)) == len(signs)
    assert len(set(words)) == len(words)
    red = {status for status, (_, _, style) in rows.STATUS.items() if "illegal" in style}
    assert red == {"halted", "awaiting-police"}


def test_two_digits_in_time_are_one_number(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(pick, "monotonic", lambda: now[0])
    digits = Digits()
    assert digits.number("1", 12) == 1
    assert digits.number("2", 12) == 12
    now[0] += 5
    assert digits.number("2", 12) == 2
    assert digits.number("9", 12) == 9, "29 is no answer: the 9 starts afresh"
    now[0] += 5
    assert digits.number("0", 12) is None


def test_the_environment_cannot_steer_textual() -> None:
    environ = {"TEXTUAL_LOG": "x", "TEXTUAL_DRIVER": "x", "TEXTUAL": "x", "PATH": "y", "NO_COLOR": "1"}
    scrub(environ)
    assert environ == {"PATH": "y", "NO_COLOR": "1"}


def test_before_it_is_laid_out_the_top_bar_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    bar, drawn = TopBar(), list[object]()
    monkeypatch.setattr(bar, "update", lambda content, layout: drawn.append(content))
    bar.show("Incident 7KQ2-M9X", ["Jo Ray, Principal"], demo=True)
    assert drawn == []


def test_beside_the_log_stands_what_happened_and_not_who_read_it() -> None:
    kinds = ("noted", "viewed", "printed", "bundled")
    entries = [{"kind": kind, "text": f"It was {kind}.", "at": "2026-03-02T10:00:00+00:00"} for kind in kinds]
    lines = [one.text.plain for one in preview.of_record({"people": [], "actions": [], "chronology": entries}, "")]
    assert lines == ["It was noted."]
