"""A whole sitting in which every call for a network fails, and where it can be had, without a network at all: nothing
asks for one, and nothing stops."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from tests.desk.made_school import RUTH
from tests.torture import commands, made
from tests.torture.tally import Tally
from tests.torture.terminal import ESAFETY, ROOT, Terminal

CALLS = "socket,connect,bind,listen,accept,accept4,getpeername"
OUTWARD = re.compile(r"^.*\bAF_(?!UNIX\b|LOCAL\b)\w+.*$", re.MULTILINE)
KEYS = (
    "1",
    "v",
    "escape",
    "l",
    "/",
    "g",
    "a",
    "m",
    "e",
    "escape",
    "escape",
    "d",
    "escape",
    "f",
    "escape",
    "p",
    "escape",
    "r",
    "escape",
    "s",
    "escape",
    "o",
    "escape",
    "f3",
    "escape",
    "f9",
)


def run(place: Path, sample: int) -> Tally:
    """The full screen, then each command."""
    tally = Tally()
    if not shutil.which("strace"):
        return Tally(left_out=["no network: strace is missing"])
    made.base(place / "base")
    home = place / "base" / "home"
    cut = ["unshare", "-rn"] if subprocess.run(["unshare", "-rn", "true"], capture_output=True).returncode == 0 else []
    if not cut:
        tally.left_out.append("no network: a computer without one could not be made here (unshare)")
    watch = ["strace", "-f", "-qq", "-e", f"trace={CALLS}", "-e", f"inject={CALLS}:error=ENETDOWN", "-o"]
    with Terminal(["--home", home], before=[*cut, *watch, str(place / "trace")]) as terminal:
        terminal.unlock(RUTH.login, RUTH.password)
        before = len(terminal.raw)
        terminal.press(*KEYS, quiet=0.2)
        if len(terminal.raw) - before < 5000:
            tally.inconsistent.append("the full screen did not work without a network")
    _read(tally, place / "trace", "the full screen", len(KEYS))
    who = commands.signed_in(home, place)
    facts = {**commands.facts(home, place), "text": "Some words"}
    for number, command in enumerate(commands.COMMANDS[::sample]):
        trace = place / f"trace-{number}"
        done = subprocess.run(
            [*cut, *watch, str(trace), *ESAFETY, *who, *commands.handed(command, facts, place, number)],
            cwd=ROOT,
            input=b"q\n" * 8,
            capture_output=True,
            env=dict(os.environ),
            timeout=180,
        )
        if b"Traceback" in done.stderr:
            tally.inconsistent.append(f"esafety {' '.join(command[:2])} without a network: {done.stderr[-200:]!r}")
        _read(tally, trace, f"esafety {' '.join(command[:2])}", 1)
    return tally


def _read(tally: Tally, trace: Path, where: str, points: int) -> None:
    tally.points += points
    tally.canaries += [f"{where} reached for a network: {line[:120]}" for line in OUTWARD.findall(trace.read_text())]
