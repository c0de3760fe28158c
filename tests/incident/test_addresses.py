"""An address is shown as it was typed; a host that could mislead in its other spelling too."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esafety_tui.incident.addresses import other_spelling, shown


@pytest.mark.parametrize(
    ("typed", "other"),
    [
        ("https://bücher.example/läden?x=1#y", "xn--bcher-kva.example"),
        ("https://user:pass@bücher.example:8080/", "xn--bcher-kva.example"),
        ("xn--bcher-kva.example/laden", "bücher.example"),
        ("http://аррӏе.example", "xn--80ak6aa92e.example"),
        ("https://example.invalid/ü", ""),
        ("Élodie's telephone, grey", ""),
        ("bücher\u3002example", "xn--bcher-kva.example"),
        ("", ""),
        ("http://[::1]/", ""),
        ("xn--\x00.example", ""),
        ("xn--" + "a" * 9000, ""),
        ("https://" + "ü" * 300, ""),
    ],
)
def test_the_other_spelling_of_a_host(typed: str, other: str) -> None:
    assert other_spelling(typed) == other
    assert shown(typed).startswith(typed)
    assert other in shown(typed)
    assert ("the host is also written" in shown(typed)) == bool(other)


@given(st.text(max_size=300))
def test_no_text_upsets_it_and_what_was_typed_stays_whole(typed: str) -> None:
    assert shown(typed).startswith(typed)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("https://example.org/p\u0430ge?x=1", "/p%D0%B0ge?x=1"),
        ("example.org/caf\u00e9", "/caf%C3%A9"),
        ("example.org:80/\u202etxt.exe", ":80/%E2%80%AEtxt.exe"),
    ],
)
def test_a_letter_that_looks_like_another_in_a_path_is_seen(typed: str, written: str) -> None:
    assert shown(typed) == f"{typed} (the path is also written {written})"


@pytest.mark.parametrize("typed", ["example.org/page", "words and \u0430", "example.org/" + "\u0430" * 300])
def test_plain_paths_words_and_pages_of_text_stay_as_they_are(typed: str) -> None:
    assert shown(typed) == typed
