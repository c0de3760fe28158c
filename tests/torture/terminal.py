"""The program in a terminal of its own, and every byte that it sends there."""

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
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).resolve().parents[2]
ESAFETY = [sys.executable, "-m", "esafety_tui"]
PATIENCE = 60.0


def _own_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


class Terminal:
    """esafety on a pseudo-terminal; `raw` is everything it sent."""

    def __init__(
        self,
        arguments: Sequence[str | Path],
        size: tuple[int, int] = (80, 24),
        before: Sequence[str] = (),
        program: Sequence[str] = ESAFETY,
    ) -> None:
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        self.process = subprocess.Popen(
            [*before, *program, *map(str, arguments)], stdin=theirs, stdout=theirs, stderr=theirs, cwd=ROOT,
            start_new_session=True, preexec_fn=_own_terminal,
            env={**os.environ, "TERM": "xterm-256color", "TEXTUAL_ANIMATIONS": "none"},
        )  # fmt: skip
        os.close(theirs)
        self.raw = b""

    def settle(self, quiet: float = 0.5, first: float = PATIENCE) -> None:
        """Wait until something came, and then until nothing has come for so many seconds."""
        wait = first
        while select.select([self._ours], [], [], wait)[0]:
            try:
                found = os.read(self._ours, 1 << 16)
            except OSError:
                return  # the other side is closed
            self.raw += found
            wait = quiet

    def press(self, *keys: str, quiet: float = 0.3) -> None:
        """Press each key and wait for what it does; "wait" is no key: what the one before it began takes longer."""
        for key in keys:
            if key == "wait":
                self.settle(1.0, 8.0)
                continue
            with suppress(OSError):
                os.write(self._ours, KEYS.get(key, key).encode())
            self.settle(quiet, 0.5)

    def unlock(self, login: str, password: str) -> None:
        """Come in."""
        self.settle(1.0)
        self.press(login, "\t", password, "\r", "wait", quiet=0.8)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            until = time.monotonic() + 5
            while self.process.poll() is None and time.monotonic() < until:
                self.settle(0.1, 0.1)
            if self.process.poll() is None:
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.settle(0.1, 0.1)
        os.close(self._ours)


KEYS = {
    "escape": "\x1b", "enter": "\r", "tab": "\t", "down": "\x1b[B", "up": "\x1b[A", "f1": "\x1bOP", "f2": "\x1bOQ",
    "f3": "\x1bOR", "f4": "\x1bOS", "f8": "\x1b[19~", "f9": "\x1b[20~",
    "ctrl+p": "\x10", "ctrl+q": "\x11", "ctrl+l": "\x0c",
}  # fmt: skip
_TOKEN = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # CSI
    r"|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?"  # OSC, DCS, SOS, PM, APC
    r"|\x1b[ -/]*[0-~]"
    r"|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)


def shapes(raw: bytes) -> set[str]:
    """Every sequence and control character that the terminal got, its numbers left out; line ends, colours and moves of
    the cursor have no numbers of their own."""
    return {re.sub(r"\d+", "N", one) for one in _TOKEN.findall(raw.decode("utf-8", "replace"))}
