"""Words that were searched for, lit where they stand in a text: case and accents make no difference."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

from textual.content import Content

from esafety_tui.widgets.safe import safe

#: Words lit at most, and letters of a text looked through.
_WORDS, _LETTERS = 20, 5000

LIT = "bold underline $care"


def words_of(typed: str) -> tuple[str, ...]:
    """The words of a search as they are lit, folded, longest first."""
    found = {word for word in re.findall(r"\w+", _folded(typed[:_LETTERS])[0]) if word}
    return tuple(sorted(found, key=lambda word: (-len(word), word))[:_WORDS])


def lit(text: str, words: Sequence[str], style: str = "") -> Content:
    """`text` made safe, on one line, with what begins with one of the words lit."""
    return _lit(safe(" ".join(text[:_LETTERS].split()), lines=False), words, style)


def lit_lines(text: str, words: Sequence[str]) -> Content:
    """`text` made safe, its line breaks kept, with what begins with one of the words lit."""
    return _lit(safe(text), words)


def found(text: str, words: Sequence[str]) -> bool:
    """Whether every one of the words begins a word of the text."""
    folded = _folded(text)[0]
    return all(_pattern((word,)).search(folded) for word in words)


def _lit(text: str, words: Sequence[str], style: str = "") -> Content:
    content = Content.styled(text, style) if style else Content(text)
    for start, end in _places(text, words):
        content = content.stylize(LIT, start, end)
    return content


def _places(text: str, words: Sequence[str]) -> Iterator[tuple[int, int]]:
    if not words:
        return
    folded, where = _folded(text)
    for found in _pattern(tuple(words)).finditer(folded):
        yield where[found.start()], where[found.end() - 1] + 1


@lru_cache(maxsize=64)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, words)) + ")")


def _folded(text: str) -> tuple[str, list[int]]:
    """Lower case without accents, and for each letter of it the place in `text` that it came from."""
    letters: list[str] = []
    where: list[int] = []
    for place, char in enumerate(text):
        for piece in unicodedata.normalize("NFKD", char).casefold():
            if not unicodedata.combining(piece):
                letters.append(piece)
                where.append(place)
    return "".join(letters), where
