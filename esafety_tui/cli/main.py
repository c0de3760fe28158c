"""The command line: how it begins and ends. Without a command the door opens at once; `tree` reads everything else."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from esafety_tui.cli import failing, surroundings
from esafety_tui.cli.options import Options, usual_home
from esafety_tui.errors import EsafetyError, StoreError

_HOISTED = ("--home", "--as", "--password-file")


def run() -> None:
    """The entry point `esafety`: ends the process with the exit status of contract.md."""
    failing.watch()
    surroundings.prepare()
    sys.exit(main(sys.argv[1:]))


def main(arguments: Sequence[str]) -> int:
    """Run one command line; gives the exit status. What nobody foresaw goes on to failing.watch's hook."""
    code = 0
    try:
        code = _run(hoisted(arguments))
        sys.stdout.flush()
    except EsafetyError as error:
        _flushed()
        failing.tell(error)
        return error.exit_code
    except BrokenPipeError:
        # Whoever read it has seen enough.
        surroundings.hush_output()
    except OSError as error:
        # Whatever no room has put into words: a full disk or a lost drive, often under standard output itself.
        surroundings.hush_output()
        failing.tell(
            StoreError(
                "This computer could not read or write",
                f"It says: {error.strerror or type(error).__name__}.",
                "Check the disk, then try again. What was said to be saved is saved.",
            )
        )
        return StoreError.exit_code
    except KeyboardInterrupt:
        _flushed()
        return failing.INTERRUPTED
    return code


def _run(arguments: list[str]) -> int:
    alone = options_alone(arguments)
    if alone is None:
        from esafety_tui.cli import tree

        return tree.run(arguments)
    # What a person starts in a hurry does not wait for Typer.
    from esafety_tui.cli.door import enter

    return enter(alone, None)


def options_alone(arguments: Sequence[str]) -> Options | None:
    """The options of a line that has no command and nothing but --home and --as; None for every other line."""
    given = {"--home": "", "--as": ""}
    words = list(arguments)
    while words:
        name, equals, value = words.pop(0).partition("=")
        if words and not equals:
            value = words.pop(0)
        if name not in given or not value or value.startswith("-"):
            return None
        given[name] = value
    named = Path(given["--home"]) if given["--home"] else None
    return Options(named or usual_home(), named, given["--as"], None)


def _flushed() -> None:
    """What was printed comes before what is said about it; nobody there to read it is no second failure."""
    try:
        sys.stdout.flush()
    except OSError:
        surroundings.hush_output()


def hoisted(arguments: Sequence[str]) -> list[str]:
    """The command line with the global options that take a value put first, wherever they were written."""
    front: list[str] = []
    rest: list[str] = []
    left = list(arguments)
    while left:
        word = left.pop(0)
        if word == "--":
            rest += [word, *left]
            break
        if word in _HOISTED and left:
            front += [word, left.pop(0)]
        elif word.startswith(tuple(f"{name}=" for name in _HOISTED)):
            front.append(word)
        else:
            rest.append(word)
    return front + rest
