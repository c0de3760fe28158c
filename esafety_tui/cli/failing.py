"""How a command ends when something went wrong: plain sentences on standard error, an exit status, no traceback."""

from __future__ import annotations

import contextlib
import sys
import threading
from types import TracebackType

from esafety_tui.cli.text import say, spoken
from esafety_tui.errors import EsafetyError, StoreError, code_of

FIRST_MINUTE = "esafety card"
INTERRUPTED = 130


def tell(error: EsafetyError) -> None:
    """Title, what happened and what to do, on standard error. Says nothing where nobody can read it."""
    with contextlib.suppress(OSError, ValueError):
        say(error.title if error.title.endswith((".", "?")) else f"{error.title}.")
        for part in (error.what, error.do):
            if part:
                say(spoken(part))
        if isinstance(error, StoreError) and FIRST_MINUTE not in error.do:
            # R0: whatever fails, the way to what protects a child is said with it.
            say(f"The first minute needs no log: {FIRST_MINUTE}.")


def watch() -> None:
    """What no rule foresaw is told in one plain sentence, with a code for whoever repairs the program.

    Through Python's own hook, so that nothing has to catch what it does not understand. The exit status is 1.
    """
    sys.excepthook = _unforeseen
    threading.excepthook = _in_a_thread
    # A destructor that fails at the end would print its object, which may hold a name.
    sys.unraisablehook = lambda _: None


def _unforeseen(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    with contextlib.suppress(OSError, ValueError):
        say(
            "Something went wrong in the program itself. What was said to be saved is saved. "
            "If a child is at risk go on by the card (esafety card) or on paper, "
            f"and give this code to whoever looks after the program: {code_of(error)}"
        )


def _in_a_thread(failed: threading.ExceptHookArgs) -> None:
    if failed.exc_value is not None:
        _unforeseen(failed.exc_type, failed.exc_value, failed.exc_traceback)
