"""What is put right in this process before anything else is loaded: environment, file modes, streams."""

from __future__ import annotations

import contextlib
import gc
import io
import os
import sys

from esafety_tui.widgets.environment import scrub

_PR_SET_DUMPABLE = 4  # sys/prctl.h


def prepare() -> None:
    """Make the process private and quiet. Called once, before Textual or the desk is imported."""
    scrub(os.environ)
    os.umask(0o077)
    _no_core_dumps()
    _streams()
    # Starting makes many objects, nearly all of which stay: by its usual measure Python would look through them
    # dozens of times for what can go, a tenth of the whole start.
    gc.set_threshold(50_000, 20, 20)


def _no_core_dumps() -> None:
    # A core dump would hold keys and names. Windows has no such limit, and no `resource` either.
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def not_for_others() -> None:
    """Before a password is typed: no other program of this user may read this process's memory, and no crash handler
    that the system pipes a core into gets one (such a handler need not heed the limit). Linux alone offers it."""
    if sys.platform != "linux":
        return
    import ctypes

    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def _streams() -> None:
    """UTF-8 whatever the locale says; text that the terminal cannot show never stops the program."""
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115 - stays open as long as the process
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if not isinstance(stream, io.TextIOWrapper):
            continue
        # A Windows console already speaks Unicode; what comes through a pipe there would be read by code page.
        encoding = stream.encoding if stream.isatty() and os.name != "nt" else "utf-8"
        stream.reconfigure(encoding=encoding, errors="replace" if stream is sys.stdin else "backslashreplace")


def hush_output() -> None:
    """Point standard output at nothing: nobody can read it any more, and Python would complain at the end."""
    with contextlib.suppress(OSError, ValueError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, sys.stdout.fileno())
        os.close(nothing)
