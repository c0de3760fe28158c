"""Words that were searched for, lit where they stand in a text: exactly those that the search found it by."""

from __future__ import annotations

from textual.content import Content

from esafety_tui.desk.logbook.paging import Paging
from esafety_tui.widgets.safe import safe

#: Letters of a text that are looked through.
_LETTERS = 20_000

LIT = "bold underline $care"


def lit(text: str, typed: str, style: str = "") -> Content:
    """`text` made safe, on one line, with the words of the search `typed` lit."""
    return _lit(safe(" ".join(text[:_LETTERS].split()), lines=False), typed, style)


def lit_lines(text: str, typed: str) -> Content:
    """`text` made safe, its line breaks kept, with the words of the search lit."""
    return _lit(safe(text), typed)


def found(text: str, typed: str) -> bool:
    """Whether every word that was typed begins a word of the text."""
    return all(Paging.lit(text, word) for word in typed.split() if any(letter.isalnum() for letter in word))


def _lit(text: str, typed: str, style: str = "") -> Content:
    content = Content.styled(text, style) if style else Content(text)
    if typed.strip():
        for start, end in Paging.lit(text[:_LETTERS], typed):
            content = content.stylize(LIT, start, end)
    return content
