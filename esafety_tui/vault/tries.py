"""Backing off after wrong passwords: a small clear file of a count and of times, so that a restart changes
nothing.

After the third wrong try in a row the next one waits 5 seconds, then 10, 20 and so on, at most 5 minutes. The times
of wrong tries stay in the file until the log has taken them in (R13); no login is in it.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from esafety_tui.errors import NotLetInError
from esafety_tui.vault import files

FILE = "tries.json"
FREE_TRIES = 3
FIRST_WAIT, LONGEST_WAIT = 5, 300
#: Times that are kept; of those before, only how many.
MOST_TIMES = 200
_MAX_FILE = 10_000
_WHOLE = 2**53

Clock = Callable[[], float]


@dataclass(frozen=True)
class Kept:
    """wrong: tries in a row; until: seconds since 1970 when the next may be made. times: of every try that was not
    right and is not yet in the log, in thousandths of a second since 1970; earlier: how many more before those."""

    wrong: int = 0
    until: float = 0.0
    times: tuple[int, ...] = ()
    earlier: int = 0


# Where the folder cannot be written (full disk, read-only medium) the count is kept for this process:
# letting nobody in because the disk is full would be worse.
_kept_here: dict[Path, Kept] = {}


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
    kept = _read(home)
    now, longest = clock(), wait_after(kept.wrong)
    until = kept.until
    if until - now > longest:
        # The clock was put back since: begin the wait again from now, never longer than it was meant to be.
        until = now + longest
        _write(home, replace(kept, until=until))
    return max(0, math.ceil(until - now))


def begin(home: Path, clock: Clock = time.time) -> None:
    """Note a try before it is made, so that breaking it off is no way round the count.

    Raises BackingOffError while waiting.
    """
    if left := seconds_left(home, clock):
        raise BackingOffError(left)
    kept, now = _read(home), clock()
    times = (*kept.times, max(0, math.floor(now * 1000)))
    gone = max(0, len(times) - MOST_TIMES)
    wrong = kept.wrong + 1
    _write(home, Kept(wrong, now + wait_after(wrong), times[gone:], kept.earlier + gone))


def succeeded(home: Path) -> None:
    """Somebody was let in: forget the count, and the time of this last try; those before wait for the log."""
    kept = _read(home)
    _keep(home, Kept(times=kept.times[:-1], earlier=kept.earlier))


def failed(home: Path) -> tuple[tuple[int, ...], int]:
    """When wrong tries were made that are not yet in the log (thousandths of a second since 1970), and how many more
    before those."""
    kept = _read(home)
    return kept.times, kept.earlier


def entered(home: Path) -> None:
    """The log has taken the times in."""
    kept = _read(home)
    _keep(home, replace(kept, times=(), earlier=0))


def _keep(home: Path, kept: Kept) -> None:
    """Write what is left; no file where nothing is."""
    if kept != Kept():
        _write(home, kept)
        return
    _kept_here.pop(home.resolve(), None)
    try:
        (home / FILE).unlink(missing_ok=True)
    except OSError:
        _kept_here[home.resolve()] = kept


def _read(home: Path) -> Kept:
    if (kept := _kept_here.get(home.resolve())) is not None:
        return kept
    try:
        told = json.loads(files.read_small(home / FILE, _MAX_FILE))
        wrong, until = told["wrong"], told["until"]
        times, earlier = told.get("times", []), told.get("earlier", 0)  # the first version had neither
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        # No file, or not one of ours: whoever can write it can also remove it, so there is nothing to
        # hold on to.
        return Kept()
    if not isinstance(times, list) or not all(_number(n) for n in (wrong, until, earlier, *times)):
        return Kept()
    return Kept(wrong, until / 1000, tuple(times[-MOST_TIMES:]), earlier)


def _number(n: object) -> bool:
    return isinstance(n, int) and not isinstance(n, bool) and 0 <= n < _WHOLE


def _write(home: Path, kept: Kept) -> None:
    body: dict[str, object] = {"until": math.floor(kept.until * 1000), "v": 2, "wrong": kept.wrong}
    body |= {"times": list(kept.times), "earlier": kept.earlier}
    try:
        files.replace(home / FILE, json.dumps(body, sort_keys=True).encode(), durable=False)
    except OSError:
        _kept_here[home.resolve()] = kept
    else:
        _kept_here.pop(home.resolve(), None)
