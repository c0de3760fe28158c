"""What the system says to the program: the terminal is gone, the program is to end, or to stop for a while.

On Windows the system says nothing of the kind to a program like this: there a closed window ends it at once, and what
was shown as saved is saved.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from esafety_tui.screens.keeping import Keeping

#: How a shell says that a program ended because its terminal went.
HUNG_UP = 128 + 1


def watch(app: Keeping) -> None:
    """Have the app lock before it is stopped, and leave in good order when it is to end. For a real terminal alone."""
    if app.is_headless or not hasattr(signal, "SIGTSTP"):
        return
    loop = asyncio.get_running_loop()
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup means it
        loop.add_signal_handler(signal.SIGHUP, _begin, app, _gone)
    loop.add_signal_handler(signal.SIGTERM, _begin, app, _ended)
    usual = signal.getsignal(signal.SIGTSTP)
    if callable(usual):
        loop.add_signal_handler(signal.SIGTSTP, _stop, app, lambda: usual(signal.SIGTSTP, None))


def _begin(app: Keeping, end: Callable[[Keeping], Coroutine[object, object, None]]) -> None:
    app.run_worker(end(app), group="hang-up", exclusive=True)


async def _gone(app: Keeping) -> None:
    """The terminal was closed or its line was cut. Nobody reads it any more, and the library that paints would wait for
    somebody who does: the sitting is closed in good order, and the process ends there."""
    _deaf()
    await app.shut(backup=False)
    os._exit(HUNG_UP)


async def _ended(app: Keeping) -> None:
    """Somebody, or the system on its way down, ends the program."""
    await app.shut(backup=False)
    app.exit(0)


def _stop(app: Keeping, usual: Callable[[], object]) -> None:
    """Blank first; stop when that is painted."""
    app.action_blank()
    app.call_after_refresh(usual)


def _deaf() -> None:
    """Point input and output at nothing."""
    with contextlib.suppress(OSError, ValueError):
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in (sys.__stdin__, sys.__stdout__, sys.__stderr__):
            if stream is not None:
                os.dup2(nothing, stream.fileno())
        os.close(nothing)
