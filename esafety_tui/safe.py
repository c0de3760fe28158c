"""The display edge: every string that a person, a file or a web page gave goes through here before it is shown.

Terminals obey control characters, and screens and printed pages reorder text by bidirectional ones; neither may get
there. Each such character is shown as one visible symbol, so that nothing is hidden and positions in the text stay.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_BIDI = "\u061c\u200e\u200f" + "".join(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
_NEXT_LINE = "\x85\u2028\u2029"
# Letters and marks that leave nothing on the screen although Unicode calls them printable.
_EMPTY = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
_PRINTABLE_TROUBLE = re.compile(f"[{_EMPTY}\U000e0000-\U000e0fff]")

BIDI, BREAK, INVISIBLE, BROKEN = "⇄", "␤", "¤", "�"


def safe(text: str, lines: bool = True) -> str:
    """`text` with every control, reordering and invisible character as one visible symbol; the length stays.

    lines: leave line breaks and tabs as they are (else they become symbols too). Never raises.
    """
    if text.isprintable() and not _PRINTABLE_TROUBLE.search(text):
        return text
    kept = "\n\t" if lines else ""
    return "".join(char if char in kept else _symbol(char) for char in text)


def one_line(text: str) -> str:
    """`text` on one line: runs of white space become one blank, everything else as in `safe`."""
    return safe(" ".join(text.split()), lines=False)


@lru_cache(maxsize=1024)
def _symbol(char: str) -> str:
    code = ord(char)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    if char in _BIDI:
        return BIDI
    if char in _NEXT_LINE:
        return BREAK
    return _by_category(char)


def _by_category(char: str) -> str:
    if _PRINTABLE_TROUBLE.match(char):
        return INVISIBLE
    match unicodedata.category(char):
        case "Cc" | "Cs" | "Cn" | "Co":
            return BROKEN
        case "Cf":
            return INVISIBLE
        case "Zs":
            return " "
        case _:
            return char
