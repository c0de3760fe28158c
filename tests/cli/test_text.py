"""The words of the full screen's keys in plain lines, and tables through a pipe."""

from __future__ import annotations

import re

import pytest

from esafety_tui.cli.text import spoken
from esafety_tui.errors import RefusedError
from tests.cli.conftest import Here


@pytest.mark.parametrize(
    ("words", "here"),
    [
        ("Ask them to come over, then press F2.", "Ask them to come over, then type t, then second."),
        ("Send for somebody; they press\nF2 and sign in.", "Send for somebody; type t, then second, and they sign in."),
        ("Press F8 if it may be illegal.", "Type ! if it may be illegal."),
        ("Pressed by mistake: F8.", "Pressed by mistake: !."),
        ("Press F9, or press F8.", "Type q, or type !."),
        ("AF8 and F80 are no keys.", "AF8 and F80 are no keys."),
    ],
)
def test_keys_are_said_as_what_is_typed(words: str, here: str) -> None:
    assert spoken(words) == here


def test_a_refusal_names_no_key_but_keeps_what_was_typed(capsys: pytest.CaptureFixture[str]) -> None:
    from esafety_tui.cli.failing import tell

    tell(RefusedError("F8 is none of the answers", "Somebody is missing.", "Ask them, then press F2."))
    assert capsys.readouterr().err.split("\n")[::2] == [
        "F8 is none of the answers.",
        "Ask them, then type t, then second.",
    ]


def test_no_question_on_the_way_to_the_facts_speaks_of_keys(here: Here) -> None:
    done = here("wizard", typed="no\n?\nno\n?\ndone\n?\nrecorded\n1\n.\n\n.\n.\nWhat\n.\n?\nq\n")
    assert "type !" in done.out
    assert not {"F2", "F8", "F9"} & set(done.out.replace(".", " ").replace(",", " ").split())


def test_people_are_picked_by_name(here: Here) -> None:
    done = here("wizard", typed="no\nt\nsecond\npaper\n1\nq\n")
    assert done.code == 0, done.err
    assert re.search(r"^1  (?:Sam Lee|Helen Ward|Tom Reed)$", done.out, re.MULTILINE)
    assert not re.search(r"\bp[0-9a-f]{12}\b", done.out)
