"""Two processes at one log, over and over: one waits or is told, and what both recorded is one unbroken chain."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from esafety_tui.desk import opening
from esafety_tui.desk.case.casework import STREAM
from esafety_tui.errors import StoreError
from tests.desk.made_school import RUTH, VAL
from tests.torture import faults, made
from tests.torture.tally import Tally

OPEN = "The log is already open"


def race(home: Path, login: str, password: str, rounds: int) -> None:
    """In a process of its own: unlock, record, lock, as often as asked; say each line of what came of it."""
    saved = 0
    until = time.monotonic() + 120
    while saved < rounds and time.monotonic() < until:
        try:
            session = opening.unlock(home, login, password)
        except StoreError as error:
            print(f"refused {error.exit_code} {error.title}", flush=True)
            time.sleep(0.003)
            continue
        try:
            print(f"saved {made.slip(session)}", flush=True)
            saved += 1
        finally:
            session.close()
        time.sleep(0.001)


def run(place: Path, sample: int) -> Tally:
    """Two people, two processes, one log; then one of them is killed while it holds the log."""
    tally = Tally()
    made.base(place / "base")
    home, rounds = place / "base" / "home", max(60 // sample, 5)
    racers = [_start(home, person.login, person.password, rounds) for person in (RUTH, VAL)]
    said = [line for racer in racers for line in racer.communicate(timeout=300)[0].splitlines()]
    tally.points += len(said)
    saved = {line.split()[1] for line in said if line.startswith("saved")}
    if len(saved) != 2 * rounds:
        tally.lost.append(f"two at once: {len(saved)} of {2 * rounds} slips got through")
    odd = {line for line in said if not line.startswith("saved") and line != f"refused 5 {OPEN}"}
    tally.inconsistent += [f"two at once: {line}" for line in sorted(odd)]
    for _ in range(max(20 // sample, 2)):
        holder = _start(home, VAL.login, VAL.password, 10_000)
        assert holder.stdout
        while not (line := holder.stdout.readline()).startswith("saved"):
            assert line, "the racer ended by itself"
        saved.add(line.split()[1])
        holder.kill()
        saved |= {rest.split()[1] for rest in holder.communicate()[0].splitlines() if rest.startswith("saved")}
        tally.points += 1
    session = opening.unlock(home, RUTH.login, RUTH.password)
    try:
        faults.sound(session)
        there = {stream.removeprefix(STREAM) for stream in session.journal.streams()}
        tally.lost += [f"two at once: {ref} was called saved" for ref in sorted(saved - there)]
    except AssertionError as error:
        tally.inconsistent.append(f"two at once: {error}")
    finally:
        session.close()
    return tally


def _start(home: Path, login: str, password: str, rounds: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.torture.races", str(home), login, password, str(rounds)],
        stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2], env=dict(os.environ),
    )  # fmt: skip


if __name__ == "__main__":
    race(Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]))
