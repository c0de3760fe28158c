"""The terminal goes away, the system ends the program, or stops it for a while: locked, and what was typed is kept."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from esafety_tui.screens import hangups
from esafety_tui.screens.hangups import HUNG_UP
from tests.desk import made_school
from tests.desk.made_school import RUTH

_OWN_TERMINAL = (
    "import fcntl, os, sys, termios\nos.setsid()\nfcntl.ioctl(0, termios.TIOCSCTTY, 0)\n"
    "os.execv(sys.executable, [sys.executable, '-m', 'esafety_tui', *sys.argv[1:]])"
)
_ESCAPE = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")
TYPED = "Ж"
PATIENCE = 30.0


class Window:
    """A terminal window with the app in it, somebody let in, and a slip begun."""

    def __init__(self, home: Path) -> None:
        self.ours, theirs = pty.openpty()
        command = [sys.executable, "-c", _OWN_TERMINAL, "--home", str(home), "--as", RUTH.login]
        environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100", "LINES": "30"}
        self.process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment)
        self.name = os.ttyname(theirs)
        os.close(theirs)
        self.seen = ""
        self.expect("Your password")
        self.type(f"{RUTH.password}\r")
        self.expect("Everyday slip")
        self.type("o")
        self.expect("or not sure")
        self.type("1")
        self.expect("fields")

    def type(self, keys: str) -> None:
        os.write(self.ours, keys.encode())

    def expect(self, *wanted: str) -> None:
        """Wait until all of it was painted since the last time."""
        end = time.monotonic() + PATIENCE
        while not all(text in self.seen for text in wanted):
            assert time.monotonic() < end, f"waiting for {wanted} in {self.seen[-2000:]!r}"
            self.read()
        self.seen = ""

    def read(self, seconds: float = 0.2) -> None:
        if select.select([self.ours], [], [], seconds)[0]:
            self.seen += _ESCAPE.sub("", os.read(self.ours, 65536).decode("utf-8", "replace"))

    def close(self) -> None:
        """Somebody closes the window: the line is cut."""
        os.close(self.ours)
        self.ours = -1


@pytest.fixture
def window(home: Path) -> Iterator[Window]:
    one = Window(home)
    yield one
    if one.ours >= 0:
        os.close(one.ours)
    if one.process.poll() is None:
        one.process.kill()
    one.process.wait()


def kept(home: Path) -> str:
    """What of the slip is kept, for whoever opens the log next."""
    session = made_school.unlock(home)
    try:
        draft = session.slips.draft()
        return "".join(draft.fields.values()) if draft else ""
    finally:
        session.close()


def write(window: Window) -> None:
    """Type into the second field, and do not wait until it is kept."""
    for _ in range(2):
        window.type("\r")
        window.expect("next field")
    window.type(TYPED)
    window.expect(TYPED)


@pytest.mark.parametrize("how", ["the window is closed", "the system ends it"])
def test_the_end_keeps_what_was_typed_and_lets_the_next_in(home: Path, window: Window, how: str) -> None:
    write(window)
    if how == "the window is closed":
        window.close()
    else:
        window.process.send_signal(signal.SIGTERM)
    assert window.process.wait(PATIENCE) == (0 if window.ours >= 0 else HUNG_UP)
    assert kept(home) == TYPED


def test_before_it_is_stopped_the_screen_is_blank_and_the_log_locked(home: Path, window: Window) -> None:
    write(window)
    window.process.send_signal(signal.SIGTSTP)
    end = time.monotonic() + PATIENCE
    while os.waitid(os.P_PID, window.process.pid, os.WSTOPPED | os.WNOHANG | os.WNOWAIT) is None:
        assert time.monotonic() < end, "it was not stopped"
        window.read()
    window.read()
    window.seen = ""
    window.process.send_signal(signal.SIGCONT)
    for _ in range(10):
        window.read()
    assert TYPED not in window.seen
    assert "Everyday" not in window.seen
    window.type("x")
    window.expect("Your password")
    window.process.send_signal(signal.SIGTERM)
    assert window.process.wait(PATIENCE) == 0
    assert kept(home) == TYPED


def test_a_hang_up_that_leaves_the_terminal_leaves_nothing_on_it(home: Path, window: Window) -> None:
    """The signal alone: somebody looks at that terminal afterwards, and it has to be as it was before."""
    write(window)
    shell = os.open(window.name, os.O_RDWR | os.O_NOCTTY)  # what the shell has open
    window.process.send_signal(signal.SIGHUP)
    raw = b""
    end = time.monotonic() + PATIENCE
    while window.process.poll() is None or select.select([window.ours], [], [], 0.2)[0]:
        assert time.monotonic() < end, "it did not end"
        if select.select([window.ours], [], [], 0.1)[0]:
            raw += os.read(window.ours, 65536)
    os.close(shell)
    assert window.process.returncode == HUNG_UP
    cleared = raw.rindex(b"\x1b[2J")
    after = raw[cleared:]
    assert b"\x1b[?1049l" in after
    assert b"\x1b[?25h" in after
    assert not _ESCAPE.sub("", after.decode("utf-8", "replace")).strip(), "nothing is painted after it"
    assert b"\x1b[?1003l" in raw[:cleared]
    assert kept(home) == TYPED


def test_the_modes_of_the_terminal_are_put_back() -> None:
    ours, theirs = pty.openpty()
    try:
        before = termios.tcgetattr(theirs)
        changed = termios.tcgetattr(theirs)
        changed[3] &= ~(termios.ECHO | termios.ICANON)
        termios.tcsetattr(theirs, termios.TCSANOW, changed)
        hangups._clear(os.ttyname(theirs), before)
        assert termios.tcgetattr(theirs)[3] == before[3]
        hangups._clear("/dev/pts/there-is-none", before)  # a terminal that is gone holds nobody up
    finally:
        os.close(ours)
        os.close(theirs)
