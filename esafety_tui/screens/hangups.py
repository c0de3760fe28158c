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
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from esafety_tui.screens.keeping import Keeping

#: What leaves nothing of a case on a terminal that is still there: no frame held back, mouse, paste and focus reports
#: and the keyboard's protocol off, colours as usual, all cleared, the cursor shown, the shell's own screen again.
_CLEARED = (
    b"\x1b[?2026l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1015l\x1b[?1004l\x1b[?2004l\x1b[<u"
    b"\x1b[0m\x1b[2J\x1b[H\x1b[?25h\x1b[?1049l\x1b[0m"
)
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
    somebody who does: the sitting is closed in good order, and the process ends there. Where the signal came and the
    terminal stayed, nothing of the case stays on it."""
    name = _terminal()
    _deaf()
    if name:
        _clear(name, getattr(app._driver, "attrs_before", None))
    await app.shut(backup=False)
    os._exit(HUNG_UP)


def _terminal() -> str:
    """The name of the terminal that is painted on; "" where it is gone."""
    for stream in (sys.__stderr__, sys.__stdout__, sys.__stdin__):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            return os.ttyname(stream.fileno())  # type: ignore[union-attr]
    return ""


def _clear(name: str, modes: list[Any] | None) -> None:
    """Clear a terminal and put its modes back, by a way of its own that waits for nobody."""
    import termios

    signal.signal(signal.SIGTTOU, signal.SIG_IGN)  # else a process in the background would be stopped here
    with contextlib.suppress(OSError):
        terminal = os.open(name, os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
        try:
            os.write(terminal, _CLEARED)
            if modes is not None:
                termios.tcsetattr(terminal, termios.TCSANOW, modes)
        except termios.error:
            pass  # it went while this was done
        finally:
            os.close(terminal)


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
