"""What is wrong with a command line, in plain sentences: the parser's own are for programmers."""

from __future__ import annotations

import re

from esafety_tui.errors import UsageError

_QUOTED = r"'(?P<name>[^']*)'"
#: What the parser says, and title and explanation in place of it; {name} and {rest} are taken from what it said.
_SENTENCES = (
    (rf"Invalid value for {_QUOTED}: .*is not one of (?P<rest>.*?)\.?$", "{name} is not understood", "Choose: {rest}."),
    (rf"Invalid value for {_QUOTED}: .*(?:greater than or equal to |>=\s?)(?P<rest>-?\d+).*$",
     "{name} is too small", "It takes a whole number from {rest} up."),
    (rf"Invalid value for {_QUOTED}: .*(?:integer|range).*$", "{name} is not understood", "It takes a whole number."),
    (rf"Option {_QUOTED} requires .*$", "{name} is not complete", "Something has to be written after it."),
    (r"No such option: (?P<name>\S+).*$", "{name} is not known here", "There is no such option."),
    (rf"No such command {_QUOTED}.*$", "There is no such command", "{name} is none of the commands."),
    (rf"Missing argument {_QUOTED}.*$", "{name} is missing", "The command needs it."),
    (r"Got unexpected extra arguments? ?\(?s?\)? ?\((?P<name>.*)\).*$", "There is too much on the line",
     "{name} is not expected. Put what has blanks in quotation marks."),
)  # fmt: skip


def wrong(said: str, command: str) -> UsageError:
    """The program's own error for what the parser said about a command line; `command` as it was called."""
    see = f"See: {command} --help"
    for pattern, title, what in _SENTENCES:
        found = re.match(pattern, said, re.DOTALL)
        if found:
            parts = {key: value.replace("'", "") for key, value in found.groupdict(default="").items()}
            return UsageError(title.format(**parts), what.format(**parts), see)
    return UsageError("The command cannot be read", said, see)
