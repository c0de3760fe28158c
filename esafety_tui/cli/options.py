"""The options that go before the command, and coming in with them: who, with which password, into which home."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from esafety_tui.cli import surroundings, typed
from esafety_tui.cli.text import clean, page, say
from esafety_tui.errors import EsafetyError, NotLetInError, StoreError, UsageError

if TYPE_CHECKING:
    import typer

    from esafety_tui.desk.session import Session

DEMO = "DEMO: a practice log. Nothing in it is real."
_THROWN_AWAY = ("test", "demo")


@dataclass(frozen=True)
class Options:
    """The global options. `named` is the home only where somebody named it on the command line."""

    home: Path
    named: Path | None
    login: str
    password_file: Path | None


def usual_home() -> Path:
    """The folder of the log where nobody names one: ESAFETY_HOME, else the system's place for a person's data."""
    import os

    if named := os.environ.get("ESAFETY_HOME"):
        return Path(named)
    from platformdirs import user_data_dir

    return Path(user_data_dir("esafety", appauthor=False))


def of(context: typer.Context) -> Options:
    """The global options of this call."""
    found = context.find_object(Options)
    if found is None:
        raise UsageError("The options are missing", "The command was not called through esafety.", "Run esafety.")
    return found


@contextmanager
def signed_in(options: Options) -> Iterator[Session]:
    """The open home, closed again at the end whatever happens.

    Raises StoreError (none here, open already, damaged), NotLetInError, UsageError (no login said).
    """
    from typer import Exit

    from esafety_tui.desk import loading, opening

    kind = opening.peek(options.home).kind
    if not kind:
        raise no_log_here()
    surroundings.not_for_others()
    loading.begin()
    login = options.login or login_typed()
    secret = password_of(kind, options.password_file, "Password: ")
    session = opening.unlock(options.home, login, secret)
    try:
        for warning in session.warnings:
            say(clean(warning))
        try:
            yield session
            remembered(session)
        except (Exit, EsafetyError):
            # What was recorded before it ended with a status of its own, or was refused, is backed up all the same.
            try:
                backed_up(session)
            except EsafetyError as error:
                say(clean(str(error)))
            raise
        backed_up(session)
    finally:
        session.close()


def remembered(session: Session) -> None:
    """Where this computer could not keep what it remembers of the log since it was opened, that is said."""
    if not session.journal.head_kept:
        from esafety_tui.desk.copies.put_over import NOT_KEPT

        if NOT_KEPT not in session.warnings:
            say(NOT_KEPT)


def backed_up(session: Session) -> None:
    """A sitting ends well: the backup is made where a place for it is set, and what came of it is said."""
    if session.register.copies.place is None:
        return
    if said := session.copies.after_sitting(by_command=True):
        say(said)


def mark(session: Session) -> None:
    """The first line of every page of a practice log."""
    if session.demo:
        page(DEMO)


def no_log_here() -> StoreError:
    """There is no home in the folder."""
    return StoreError(
        "There is no log here yet",
        "The folder holds none.",
        "Begin one with esafety (start now) or esafety setup, or name the folder: --home FOLDER. "
        "The first minute needs no log: esafety card.",
    )


def login_typed() -> str:
    """The login, asked for at the terminal. UsageError where nobody can type it."""
    if not sys.stdin.isatty():
        raise nobody_named()
    print("Your login: ", end="", file=sys.stderr, flush=True)
    login = sys.stdin.readline().strip()
    if not login:
        raise nobody_named()
    return login


def nobody_named() -> UsageError:
    """There is no login, and nobody to type one."""
    return UsageError("Nobody is named", "The log has to know who you are.", "Name yourself: --as LOGIN.")


def password_of(kind: str, file: Path | None, prompt: str) -> str:
    """The password for a home of this kind: typed, or from a file where nothing in the home is real."""
    if file is None:
        return typed.password(prompt)
    if kind not in _THROWN_AWAY:
        raise NotLetInError(
            "A password file is not taken here",
            "Files with passwords work only in a practice log (esafety demo, esafety setup --test).",
            "Leave the option out and type the password.",
        )
    return typed.password_from(file)
