"""A person at a terminal: esafety run under a pseudo-terminal of its own, where passwords can be typed."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

_OWN_TERMINAL = (
    "import fcntl, os, sys, termios\nos.setsid()\nfcntl.ioctl(0, termios.TIOCSCTTY, 0)\n"
    "os.execv(sys.executable, [sys.executable, '-m', 'esafety_tui', *sys.argv[1:]])"
)
PATIENCE = 30.0


class Terminal:
    """Waits for what is printed, then types."""

    def __init__(self, *arguments: str | Path) -> None:
        self._ours, theirs = pty.openpty()
        command = [sys.executable, "-c", _OWN_TERMINAL, *map(str, arguments)]
        environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100", "INPUTRC": os.devnull}
        self._process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment)
        os.close(theirs)
        self.seen = ""
        self._told = 0

    def expect(self, *wanted: str) -> str:
        """Wait until each text was printed, in this order; gives what came since the last time."""
        begin = self._told
        for text in wanted:
            end = time.monotonic() + PATIENCE
            while (at := self.seen.find(text, self._told)) < 0:
                assert time.monotonic() < end, f"waiting for {text!r} in:\n{self.seen[-2000:]}"
                assert self._read(), f"the end came before {text!r}:\n{self.seen[-2000:]}"
            self._told = at + len(text)
        return self.seen[begin : self._told]

    def type(self, *lines: str) -> None:
        """Type lines, each with its enter."""
        os.write(self._ours, "".join(f"{line}\n" for line in lines).encode())

    def dialogue(self, turns: Sequence[tuple[str, str]]) -> None:
        """Wait for the one, type the other, and so on."""
        for wanted, typed in turns:
            self.expect(wanted)
            self.type(*typed.split("\n"))

    def ends(self) -> int:
        """Wait for its end; gives the exit status."""
        while self._read():
            pass
        code = self._process.wait(PATIENCE)
        os.close(self._ours)
        return code

    def _read(self) -> bool:
        if not select.select([self._ours], [], [], 1.0)[0]:
            return self._process.poll() is None
        try:
            found = os.read(self._ours, 65536)
        except OSError:
            return False
        self.seen += found.decode("utf-8", "replace").replace("\r\n", "\n")
        return bool(found)
