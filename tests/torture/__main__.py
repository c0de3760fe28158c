"""`make torture`: every chapter, some at a time, and the page with what was found.

The exit status is 1 where anything that has to be none is not. Each chapter runs in a process of its own, so that
nothing it did to itself (files open, clock, folder) is there for the next.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.conftest import BRITISH_TIME
from tests.torture import chapters, faults, repeats
from tests.torture.tally import Tally, printed

MEMORY = Path("/dev/shm")


def main() -> int:
    parser = argparse.ArgumentParser(prog="make torture", description=__doc__)
    parser.add_argument("--sample", type=int, default=1, help="try every so many points only (1: all)")
    parser.add_argument("--only", default="", help="chapters with this in their name")
    parser.add_argument("--jobs", type=int, default=3, help="chapters at a time; the first mostly waits")
    parser.add_argument("--job", default="", help="of what is struck, only jobs with this in their name")
    parser.add_argument("--all", action="store_true", help="what repeats too: hours")
    parser.add_argument("--one", nargs=2, metavar=("NAME", "FOLDER"), help=argparse.SUPPRESS)
    told = parser.parse_args()
    if told.all:
        os.environ[repeats.ALL] = "1"
    os.environ[faults.ONLY] = told.job or os.environ.get(faults.ONLY, "")
    if told.one:
        print(chapters.run(told.one[0], Path(told.one[1]), told.sample).as_json())
        return 0
    os.environ["TZ"] = BRITISH_TIME
    begun = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="esafety-torture-", dir=MEMORY if MEMORY.is_dir() else None))
    try:
        whole = _all(folder, [name for name in chapters.NAMES if told.only in name], told.sample, told.jobs)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"\n{printed(whole)}")
    print(f"{(time.monotonic() - begun) / 60:.0f} minutes, {'every point' if told.sample == 1 else 'a sample'}")
    return 1 if whole.faults else 0


def _all(folder: Path, names: list[str], sample: int, jobs: int) -> Tally:
    if not faults.missing() and faults.CHAPTERS.keys() & set(names):
        faults.ready(folder)
    whole = Tally()

    def one(numbered: tuple[int, str]) -> None:
        number, name = numbered
        begun = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-m", "tests.torture", "--sample", str(sample), "--one", name, str(folder / str(number))],
            capture_output=True, text=True,
        )  # fmt: skip
        shutil.rmtree(folder / str(number), ignore_errors=True)
        try:
            tally = Tally.from_json(done.stdout.splitlines()[-1])
        except (IndexError, ValueError):
            tally = Tally(inconsistent=[f"{name} broke off: {' / '.join(done.stderr.splitlines()[-6:])}"])
        whole.add(tally)
        verdict = f"{len(tally.faults)} FOUND" if tally.faults else "nothing found"
        print(f"{name:<44}{tally.points:>7,} points  {time.monotonic() - begun:>5.0f} s  {verdict}", flush=True)
        for fault in tally.faults[:5]:
            print(f"    {fault[:300]}", flush=True)

    with ThreadPoolExecutor(jobs) as pool:
        list(pool.map(one, enumerate(names)))
    return whole


if __name__ == "__main__":
    sys.exit(main())
