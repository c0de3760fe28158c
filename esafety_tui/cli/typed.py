"""What a person types: lines of standard input, and passwords at the terminal."""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from esafety_tui.cli.text import clean
from esafety_tui.errors import NotLetInError, UsageError

if TYPE_CHECKING:
    from esafety_tui.desk.asks import Choice, Field

MOST_IN_A_FILE = 8 << 20
_MOST_IN_A_PASSWORD_FILE = 4096


def both_ends_are_a_terminal() -> bool:
    """Whether somebody sits in front of this program."""
    return sys.stdin.isatty() and sys.stdout.isatty()


class Lines:
    """Standard input line by line. At a terminal with editing, and with room for a long pasted text."""

    def __init__(self) -> None:
        self.terminal = both_ends_are_a_terminal()
        self._waiting: deque[str] = deque()
        if self.terminal:
            _edit_lines()

    def read(self, prompt: str = "> ") -> str | None:
        """The next line without its end; None at the end of input."""
        if self._waiting:
            return self._waiting.popleft()
        sys.stdout.flush()
        if self.terminal:
            try:
                typed = input(prompt)
            except EOFError:
                print()
                return None
        else:
            typed = sys.stdin.readline()
            if not typed:
                return None
            typed = typed.removesuffix("\n")
        # A paste may arrive as one piece that holds several lines.
        first, *rest = typed.replace("\r\n", "\n").split("\n")
        self._waiting.extend(rest)
        return first


def _edit_lines() -> None:
    # Without it a terminal cuts a pasted line after 4,095 characters. What is typed goes into no history.
    try:
        import readline
    except ImportError:
        return
    if hasattr(readline, "set_auto_history"):
        readline.set_auto_history(False)


def password(prompt: str) -> str:
    """A password typed at the terminal, unseen. Raises NotLetInError where there is no terminal."""
    if not _somebody_can_type():
        raise NotLetInError(
            "A password has to be typed",
            "There is no terminal to type it at, and a school's own log takes it from nowhere else.",
            "Run the command in a terminal window. The first-minute card needs no password: esafety card.",
        )
    import getpass

    try:
        return getpass.getpass(clean(prompt))
    except EOFError:
        raise NotLetInError("No password was typed", "The input ended.", "Run the command again.") from None


def _somebody_can_type() -> bool:
    if os.name == "nt":
        return sys.stdin.isatty()
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return False
    return True


def password_from(path: Path) -> str:
    """The first line of a password file, for homes that hold nothing real. Raises UsageError."""
    text = read_text(path, "The password file", _MOST_IN_A_PASSWORD_FILE)
    return text.split("\n", 1)[0].rstrip("\r")


def read_text(path: Path, what: str, most: int = MOST_IN_A_FILE) -> str:
    """The UTF-8 text of a file, or of standard input for "-". `what` names it in the sentence of the UsageError."""
    try:
        if str(path) == "-":
            found = sys.stdin.buffer.read(most + 1)
        else:
            with path.open("rb") as file:
                found = file.read(most + 1)
    except (OSError, ValueError):
        raise UsageError(f"{what} cannot be read", "It is missing or may not be opened.", "Check its name.") from None
    if len(found) > most:
        raise UsageError(f"{what} is too large", f"It may have {most:,} bytes.", "Check that it is the right file.")
    try:
        return found.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(
            f"{what} is not plain text", "It has to be text in UTF-8.", "Save it again as UTF-8 text."
        ) from None


def field_password(_: Choice, field: Field, __: Mapping[str, str]) -> str:
    """The text of a secret field, typed unseen."""
    sys.stdout.flush()
    return password(f"{field.label}: ")
