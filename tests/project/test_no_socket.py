"""R14, seen from the system: while people work with the program, it makes no socket that could leave this computer."""

from __future__ import annotations

import os
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ESAFETY = [sys.executable, "-m", "esafety_tui"]
# Unix sockets stay inside: asyncio wakes itself through a pair of them.
OUTWARD = re.compile(r"\bAF_(?!UNIX\b|LOCAL\b)\w+")
ANSWERS = """
school = "Test School"
policy = "spires"
[computer]
name = "Office"
place = "The office"
[[people]]
name = "Ruth Carson"
login = "ruth"
role = "designated-teacher"
senior = true
password_file = "ruth.txt"
[[people]]
name = "Sam Lee"
login = "sam"
role = "vice-principal"
senior = true
password_file = "sam.txt"
"""


@pytest.fixture(scope="module")
def strace() -> list[str]:
    """The start of a command line that records what reaches for a network; -o FILE and the command follow."""
    found = shutil.which("strace")
    works = found and subprocess.run([found, "-qq", "-o", os.devnull, "true"], check=False).returncode == 0
    if not works:
        if os.environ.get("CI"):
            pytest.fail("strace has to work in CI: without it nobody watches for sockets")
        pytest.skip("NOBODY WATCHED FOR SOCKETS: strace is missing or may not attach here")
    return [str(found), "-f", "-qq", "-e", "trace=socket,socketpair,connect,bind,sendto"]


def _traced(strace: Sequence[str], trace: Path, command: Sequence[str | Path], typed: str = "") -> None:
    whole = [*strace, "-o", str(trace), *(str(part) for part in command)]
    done = subprocess.run(whole, input=typed, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_plain_lines_make_no_socket(strace: list[str], tmp_path: Path) -> None:
    for login in ("ruth", "sam"):
        (tmp_path / f"{login}.txt").write_text(f"{login}'s own words\n", encoding="utf-8")
    (tmp_path / "answers.toml").write_text(ANSWERS, encoding="utf-8")
    home = [*ESAFETY, "--home", tmp_path / "home"]
    ruth = [*home, "--as", "ruth", "--password-file", tmp_path / "ruth.txt"]
    work: list[tuple[list[str | Path], str]] = [
        ([*home, "card"], ""),
        ([*home, "setup", "--test", "--answers", tmp_path / "answers.toml"], ""),
        ([*ruth, "wizard"], "no\nq\n"),
        ([*ruth, "log", "--json"], ""),
        ([*ruth, "verify"], ""),
        ([*ruth, "anchor"], ""),
    ]
    for number, (command, typed) in enumerate(work):
        trace = tmp_path / f"trace-{number}"
        _traced(strace, trace, command, typed)
        assert OUTWARD.findall(trace.read_text(encoding="utf-8")) == [], command


def test_the_full_screen_makes_no_socket(strace: list[str], tmp_path: Path) -> None:
    import fcntl  # these three are not on every system; nor is strace, which was found by now
    import pty
    import termios

    trace, (ours, theirs) = tmp_path / "trace", pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    command = [*strace, "-o", str(trace), *ESAFETY, "--home", str(tmp_path / "home")]
    environment = {**os.environ, "TERM": "xterm-256color"}
    ends = {"stdin": theirs, "stdout": theirs, "stderr": theirs}
    running = subprocess.Popen(command, **ends, env=environment, start_new_session=True)
    os.close(theirs)
    shown, until, asked = b"", time.monotonic() + 60, False
    while time.monotonic() < until and running.poll() is None:
        if select.select([ours], [], [], 0.2)[0]:
            with suppress(OSError):  # the other end is closed
                shown += os.read(ours, 65536)
        elif len(shown) > 2000 and not asked:
            os.write(ours, b"\x11")  # ctrl+q, once the first screen is painted and nothing more comes
            asked = True
    if running.poll() is None:
        os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    os.close(ours)
    assert len(shown) > 2000
    calls = trace.read_text(encoding="utf-8")
    assert "AF_UNIX" in calls  # asyncio's own pair: the watch was awake
    assert OUTWARD.findall(calls) == []


def test_the_watch_sees_a_socket(strace: list[str], tmp_path: Path) -> None:
    code = "import socket; socket.socket(socket.AF_INET); socket.socket(socket.AF_INET6)"
    _traced(strace, tmp_path / "trace", [sys.executable, "-c", code])
    assert OUTWARD.findall((tmp_path / "trace").read_text(encoding="utf-8")) == ["AF_INET", "AF_INET6"]
