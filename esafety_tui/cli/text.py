"""What the plain lines write: data on standard output, everything else on standard error, all of it harmless text."""

from __future__ import annotations

import re
import shutil
import sys
import textwrap
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from esafety_tui.widgets.safe import safe

WIDEST = 100
#: What the desk says for the full screen, and what the same is in plain lines. The first that fits counts.
_KEYS = (
    (r"they\s+press\s+F2\s+and\s+sign\s+in", "type t, then second, and they sign in"),
    (r"press\s+F2\s+and\s+sign\s+in", "type t, then second, and sign in"),
    (r"press\s+F2", "type t, then second"),
    (r"press\s+F8", "type !"),
    (r"press\s+F9", "type q"),
    (r"set-up is under people and settings \(s\), or esafety setup", "run esafety setup"),
    (r"\bF2\b", "t, then second"),
    (r"\bF8\b", "!"),
    (r"\bF9\b", "q"),
)
_ANY_KEY = re.compile("|".join(f"({pattern})" for pattern, _ in _KEYS), re.IGNORECASE)


def clean(text: object) -> str:
    """Anything as one harmless line: a line end in it shows as a symbol."""
    return safe(str(text), lines=False)


def spoken(text: str) -> str:
    """The program's own words with what is typed here in place of the keys of the full screen.

    Never for what a person wrote down: that stays as it is.
    """
    return _ANY_KEY.sub(_typed_instead, text)


def _typed_instead(found: re.Match[str]) -> str:
    instead = _KEYS[(found.lastindex or 1) - 1][1]
    return instead[0].upper() + instead[1:] if found[0][0].isupper() else instead


def say(text: str) -> None:
    """A message on standard error, at once."""
    terminal = sys.stderr.isatty()
    print("\n".join(_wrapped(line, terminal) for line in _lines(text)), file=sys.stderr, flush=True)


def page(*paragraphs: str) -> None:
    """Text for reading on standard output, wrapped only where a person reads it on a terminal."""
    terminal = sys.stdout.isatty()
    for paragraph in paragraphs:
        for line in _lines(paragraph):
            print(_wrapped(line, terminal))


def _lines(text: str) -> list[str]:
    return safe(text.replace("\r\n", "\n").expandtabs(4)).split("\n")


def _wrapped(line: str, terminal: bool) -> str:
    if not terminal:
        return line
    # Continuation lines keep the indentation, so that a long answer cannot look like a line of the program's own.
    indent = line[: len(line) - len(line.lstrip(" "))]
    width = max(20, min(WIDEST, shutil.get_terminal_size().columns))
    return textwrap.fill(line, width, subsequent_indent=indent, break_on_hyphens=False) if line.strip() else ""


def indented(text: str, by: int = 2) -> str:
    """A text of a person's, each line set in, so that no line of it can pass for one of the program's."""
    return "\n".join(" " * by + line for line in text.replace("\r\n", "\n").split("\n"))


def one_json(value: Any) -> None:
    """The one JSON document of a command, in ASCII, so that no terminal or pipe can be steered by what is in it."""
    import json

    print(json.dumps(value, indent=2, allow_nan=False).replace("\x7f", "\\u007f"))


def table(heads: Sequence[str], rows: Iterable[Sequence[object]], widest: int = 40) -> None:
    """Columns on standard output, two spaces apart.

    At a terminal a cell longer than `widest` is cut with "…", the last never; in a pipe or a file nothing is.
    """
    last = len(heads) - 1 if sys.stdout.isatty() else 0
    lines = [list(heads)]
    for row in rows:
        cells = [clean(cell) for cell in row]
        lines.append([_cut(cell, widest) if at < last else cell for at, cell in enumerate(cells)])
    widths = [max(_places(line[at]) for line in lines) for at in range(len(heads))]
    for line in lines:
        print(
            "  ".join(cell + " " * (width - _places(cell)) for cell, width in zip(line, widths, strict=True)).rstrip()
        )


def _cut(cell: str, widest: int) -> str:
    return cell if len(cell) <= widest else cell[: widest - 1] + "…"


def _places(text: str) -> int:
    """How many places of a terminal the text takes."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )
