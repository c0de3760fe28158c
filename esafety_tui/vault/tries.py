"""Backing off after wrong passwords: a small clear file of a count and a time, so that a restart changes
nothing.

After the third wrong try in a row the next one waits 5 seconds, then 10, 20 and so on, at most 5 minutes.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable
from pathlib import Path

from esafety_tui.errors import NotLetInError
from esafety_tui.vault import files

FILE = "tries.json"
FREE_TRIES = 3
FIRST_WAIT, LONGEST_WAIT = 5, 300
_MAX_FILE = 1000

Clock = Callable[[], float]

# Where the folder cannot be written (full disk, read-only medium) the count is kept for this process:
# letting nobody in because the disk is full would be worse.
_kept_here: dict[Path, tuple[int, float]] = {}


class BackingOffError(NotLetInError):
    """Several wrong tries in a row: the next may be made in `seconds`."""

    def __init__(self, seconds: int) -> None:
        plural = "" if seconds == 1 else "s"
        super().__init__(
            "Please wait",
            f"The name or password was wrong several times, so the next try can be made in {seconds} second{plural}.",
            "Wait, then type both again slowly. The first-minute card needs no password.",
        )
        self.seconds = seconds


def wait_after(wrong: int) -> int:
    """Give the seconds to wait after so many wrong tries in a row."""
    if wrong < FREE_TRIES:
        return 0
    return min(LONGEST_WAIT, FIRST_WAIT << min(wrong - FREE_TRIES, 10))


def seconds_left(home: Path, clock: Clock = time.time) -> int:
    """Give the whole seconds until the next try is allowed (0: now)."""
    wrong, until = _read(home)
    now, longest = clock(), wait_after(wrong)
    if until - now > longest:
        # The clock was put back since: begin the wait again from now, never longer than it was meant to be.
        until = now + longest
        _write(home, wrong, until)
    return max(0, math.ceil(until - now))


def begin(home: Path, clock: Clock = time.time) -> None:
    """Note a try before it is made, so that breaking it off is no way round the count.

    Raises BackingOffError while waiting.
    """
    if left := seconds_left(home, clock):
        raise BackingOffError(left)
    wrong = _read(home)[0] + 1
    _write(home, wrong, clock() + wait_after(wrong))


def succeeded(home: Path) -> None:
    """Forget the wrong tries: somebody was let in."""
    _kept_here.pop(home.resolve(), None)
    try:
        (home / FILE).unlink(missing_ok=True)
    except OSError:
        _kept_here[home.resolve()] = (0, 0.0)


def _read(home: Path) -> tuple[int, float]:
    if (kept := _kept_here.get(home.resolve())) is not None:
        return kept
    try:
        with (home / FILE).open("rb") as file:
            told = json.loads(file.read(_MAX_FILE))
        wrong, until = told["wrong"], told["until"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        # No file, or not one of ours: whoever can write it can also remove it, so there is nothing to
        # hold on to.
        return 0, 0.0
    if not all(isinstance(n, int) and not isinstance(n, bool) and 0 <= n < 2**53 for n in (wrong, until)):
        return 0, 0.0
    return wrong, until / 1000


def _write(home: Path, wrong: int, until: float) -> None:
    body = json.dumps({"until": math.floor(until * 1000), "v": 1, "wrong": wrong}).encode()
    try:
        files.replace(home / FILE, body, durable=False)
    except OSError:
        _kept_here[home.resolve()] = (wrong, until)
