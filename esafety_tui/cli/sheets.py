"""Recovery sheets in plain lines: two are typed, and asked again by the group that is wrong; three are shown, and then
gone from the window."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from esafety_tui.cli import options, typed
from esafety_tui.cli.failing import tell
from esafety_tui.cli.text import say
from esafety_tui.errors import NotLetInError, UsageError

FIRST = "One recovery sheet, as it is printed: "
OTHER = "Another one, with another letter: "
#: Home, the window, and what can be scrolled back to.
_CLEAR = "\x1b[H\x1b[2J\x1b[3J"
CLEARED = (
    "The sheets are gone from this window. Scroll up: if they can still be seen there, close the window, and destroy "
    "what a program keeps of what it showed."
)
NOT_CLEARED = (
    "The sheets stay where this was written to, and can be read there: destroy that once they are in their envelopes."
)


def two(kind: str, file: Path | None, opens: Callable[[str, str], object] = lambda first, second: None) -> list[str]:
    """Two sheets that `opens` takes (it raises where they do not fit): typed until they do, or in a practice log the
    two lines of a file. Raises UsageError, NotLetInError (nobody can type; the file's do not fit)."""
    if file is not None:
        found = _in_file(kind, file)
        opens(*found)
        return found
    while True:
        first = _one(FIRST, "")
        found = [first, _one(OTHER, first)]
        try:
            opens(*found)
        except NotLetInError as error:
            tell(error)
        else:
            return found


def _one(prompt: str, other: str) -> str:
    """One sheet that can be read and is not the other one, asked until it is."""
    from esafety_tui.desk.school import sheets

    while True:
        text = typed.password(prompt)
        try:
            letter = sheets.letter(text)
            if other and sheets.letter(other) == letter:
                raise sheets.same(letter)
        except UsageError as error:
            tell(error)
        else:
            return text


def _in_file(kind: str, file: Path) -> list[str]:
    options.password_of(kind, file, "")  # refused in a school's own log
    lines = [line.strip() for line in typed.read_text(file, "The file of the sheets", 4096).splitlines()]
    if len(found := [line for line in lines if line]) != len(("first", "second")):
        raise UsageError("Two sheets are needed", "The file has one on each line.", "Write both in it.")
    return found


@contextlib.contextmanager
def shown() -> Iterator[None]:
    """While sheets are shown. Afterwards, also where somebody leaves or stops it, they are cleared from the window."""
    try:
        yield
    finally:
        wipe()


def wipe() -> None:
    """Clear the window and what can be scrolled back to, where it is a terminal that can; else say that it was not."""
    if sys.stdout.isatty() and os.environ.get("TERM", "") != "dumb":
        print(_CLEAR, end="", flush=True)
        say(CLEARED)
    else:
        say(NOT_CLEARED)
