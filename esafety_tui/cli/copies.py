"""What backup and away have in common: the second person, the password of another copy, how far it is."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from esafety_tui.cli import options
from esafety_tui.cli.text import clean
from esafety_tui.desk.copies.copy_words import counted as counted
from esafety_tui.errors import UsageError

Json = Annotated[bool, typer.Option("--json", help="One JSON document.")]
Second = Annotated[str, typer.Option("--witness", metavar="LOGIN", help="The second person's login.")]
SecondFile = Annotated[
    Path | None,
    typer.Option("--witness-password-file", metavar="FILE", help="Their password; only in a practice log."),
]
Newest = Annotated[
    str, typer.Option("--newest", metavar='"N WORD ..."', help="The newest entry on paper: number and six words.")
]
TheirFile = Annotated[
    Path | None,
    typer.Option(
        "--their-password-file",
        metavar="FILE",
        help="Your password in the other copy, where it is another there; only in a practice log.",
    ),
]


def second_person(kind: str, login: str, file: Path | None) -> tuple[str, str]:
    """The login and password of the second person. Raises UsageError where nobody is named and nobody can type."""
    if not login:
        if not sys.stdin.isatty():
            raise UsageError("A second person is needed", "Two people record this.", "Name them: --witness LOGIN.")
        print("The second person's login: ", end="", file=sys.stderr, flush=True)
        login = sys.stdin.readline().strip()
    return login, options.password_of(kind, file, f"Password of {clean(login)}: ")


def their_password(home: Path, given: options.Options, file: Path | None) -> str:
    """The password in the other copy of this log, in `home`: from `file`, else from the file of one's own password,
    else typed. Raises UsageError (no log there, or this very one), NotLetInError (a school's own log takes no file)."""
    from esafety_tui.desk import opening

    kind = opening.peek(home).kind
    if not kind:
        raise options.no_log_here()
    if home.resolve() == given.home.resolve():
        raise UsageError("That is this log", "It is the same as itself.", "Name the folder of the other copy.")
    return options.password_of(kind, file or given.password_file, "Your password in the other copy: ")


def progress(quiet: bool) -> Any:
    """A line that counts up on a terminal; None elsewhere. ctrl+c stops the work."""
    if quiet or not sys.stderr.isatty():
        return None
    last = -1

    def tell(done: int, total: int) -> None:
        nonlocal last
        percent = 100 * done // max(total, 1)
        if percent != last:
            last = percent
            print(f"\r{percent} %", end="\n" if percent == 100 else "", file=sys.stderr, flush=True)

    return tell
