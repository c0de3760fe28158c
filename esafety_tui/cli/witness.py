"""The second person on the command line, and whose password comes from where."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from esafety_tui.cli import typed
from esafety_tui.cli.options import Options
from esafety_tui.errors import NotLetInError, UsageError

if TYPE_CHECKING:
    from esafety_tui.desk.asks import Choice, Field
    from esafety_tui.desk.session import Session

Witness = Annotated[
    list[str] | None,
    typer.Option("--witness", metavar="LOGIN", help="The second person's login; may be given again for others."),
]
WitnessFile = Annotated[
    list[Path] | None,
    typer.Option(
        "--witness-password-file", metavar="FILE", help="Their password, in the same order; only in a practice log."
    ),
]


@dataclass(frozen=True)
class Passwords:
    """Whose password comes from which file: only in a practice log. `witness`: the second person's login."""

    files: Mapping[str, Path] = field(default_factory=dict)
    witness: str = ""

    def check(self, session: Session) -> None:
        """NotLetInError where a school's own log is given a second person's password in a file."""
        if self.files and not session.demo:
            raise NotLetInError(
                "A password file is not taken here",
                "In a school's own log a second person proves with their own hands that they are there.",
                "Leave the option out: they are asked for their password.",
            )

    def with_own(self, login: str, file: Path | None) -> Passwords:
        """The same, with the file that the signed-in person came in with."""
        return Passwords({**self.files, login.casefold(): file}, self.witness) if file else self

    def secret(self, session: Session, choice: Choice, asked: Field, filled: Mapping[str, str]) -> str:
        """The text of a secret field: from the file of the person it belongs to, else typed unseen."""
        login = filled.get("login", "").strip()
        if not login and choice.id == "second" and session.second:
            login = session.second.person.login
        file = self.files.get((login or session.person.login).casefold())
        if file is not None:
            return typed.password_from(file)
        sys.stdout.flush()
        return typed.password(f"{asked.label}: ")


def passwords_of(
    session: Session, given: Options, witnesses: list[str] | None = None, files: list[Path] | None = None
) -> Passwords:
    """What the options of a command say about passwords. Raises UsageError, and NotLetInError in a school's own log."""
    logins, named = witnesses or [], files or []
    if len(named) > len(logins):
        raise UsageError(
            "A password file without a person",
            "Each file belongs to one --witness.",
            "Name whose it is: --witness LOGIN.",
        )
    known = dict(zip((login.casefold() for login in logins), named, strict=False))
    passwords = Passwords(known, logins[0] if logins else "")
    passwords.check(session)
    return passwords.with_own(session.person.login, given.password_file)
