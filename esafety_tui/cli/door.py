"""Bare esafety: the full screen, or the plain menu for screen readers and slow terminals. Which one is remembered."""

from __future__ import annotations

import contextlib
from pathlib import Path

from esafety_tui.cli import options, surroundings, typed
from esafety_tui.errors import UsageError

_FILE = "plain"


def enter(given: options.Options, plain: bool | None) -> int:
    """Open the app or the menu; gives the exit status. UsageError where neither a terminal nor --plain is there."""
    if plain is not None:
        _remember(plain)
    if plain or (plain is None and _remembered()):
        from esafety_tui.cli.menu import menu

        return menu(given)
    if not typed.both_ends_are_a_terminal():
        raise UsageError(
            "There is no terminal here",
            "The full-screen program needs one.",
            "Open a terminal window. Without one: esafety card, esafety wizard, or esafety --plain.",
        )
    surroundings.not_for_others()
    from esafety_tui.app import run_app

    return run_app(given.home, given.login)


def _note() -> Path:
    from esafety_tui.vault.heads import state_folder

    return state_folder() / _FILE


def _remembered() -> bool:
    return _note().exists()


def _remember(plain: bool) -> None:
    # A state folder that cannot be written only means that it is asked for again.
    with contextlib.suppress(OSError):
        if plain:
            _note().parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            _note().touch(mode=0o600)
        else:
            _note().unlink(missing_ok=True)
