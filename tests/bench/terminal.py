"""A program in a terminal of its own: what it paints when, and what a key press brings. POSIX only."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).resolve().parents[2]
ROWS, COLUMNS = 30, 100
PATIENCE = 60.0
_ESCAPES = re.compile(r"\x1b\[[0-9;?<>=]*[ -/]*[@-~]|\x1b[\]P_][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b.")


def _own_terminal() -> None:
    # Where a password is typed is the terminal that a process has as its own.
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


class Silent(Exception):
    """What was waited for never came; the text says what was on the screen last."""


class Terminal:
    """A process on a pseudo-terminal. Times are milliseconds."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self.begun = time.perf_counter()
        self._process = subprocess.Popen(
            list(command), stdin=slave, stdout=slave, stderr=slave, cwd=ROOT, start_new_session=True,
            preexec_fn=_own_terminal,
            env={**environment, "TERM": "xterm-256color", "COLUMNS": str(COLUMNS), "LINES": str(ROWS)},
        )  # fmt: skip
        os.close(slave)
        self._seen = ""

    def wait_for(self, text: str, since: float | None = None) -> float:
        """Milliseconds from `since` (default: from the start) until this text is painted. Raises Silent."""
        squeezed = text.replace(" ", "")
        while squeezed not in self._seen.replace(" ", ""):
            self._seen = _ESCAPES.sub("", self._seen + self._read(text))
        return (time.perf_counter() - (since or self.begun)) * 1000

    def type(self, keys: str) -> float:
        """Press keys; what was painted before does not count any more. Gives when."""
        self._drain()
        self._seen = ""
        begun = time.perf_counter()
        os.write(self._master, keys.encode())
        return begun

    def any_answer(self, since: float) -> float:
        """Milliseconds from `since` until anything at all is painted."""
        self._seen += self._read("anything")
        return (time.perf_counter() - since) * 1000

    def settle(self, quiet: float = 0.3) -> None:
        """Wait until nothing has been painted for so many seconds."""
        while select.select([self._master], [], [], quiet)[0]:
            if not self._take():
                return

    def memory(self) -> float:
        """The most memory that the process has had, in MB. Linux only; 0 where it is not told."""
        status = Path(f"/proc/{self._process.pid}/status")
        told = status.read_text(encoding="ascii") if status.exists() else ""
        return next((int(one.split()[1]) / 1024 for one in told.splitlines() if one.startswith("VmHWM:")), 0.0)

    def finish(self) -> float:
        """Milliseconds from the start until the process has ended by itself."""
        while self._take():
            pass
        self._process.wait(timeout=PATIENCE)
        return (time.perf_counter() - self.begun) * 1000

    def _read(self, waited_for: str) -> str:
        if not select.select([self._master], [], [], PATIENCE)[0]:
            raise Silent(f"{waited_for!r} was not painted; last: {self._seen[-400:]!r}")
        found = self._take()
        if not found:
            raise Silent(f"the program ended before {waited_for!r}; last: {self._seen[-400:]!r}")
        return found

    def _take(self) -> str:
        try:
            return os.read(self._master, 1 << 16).decode("utf-8", "replace")
        except OSError:
            return ""  # On Linux the end of the other side is an error here.

    def _drain(self) -> None:
        while select.select([self._master], [], [], 0)[0] and self._take():
            pass

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
        os.close(self._master)


def esafety(home: Path, *arguments: str) -> list[str]:
    """The program's own command line, on a home."""
    return [sys.executable, "-m", "esafety_tui", "--home", str(home), *arguments]
