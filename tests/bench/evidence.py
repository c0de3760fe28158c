"""What it costs to take a file in as evidence, and to check it, beside copying and hashing the same bytes."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

from esafety_tui.store import intake
from esafety_tui.store.evidence import Evidence
from tests.bench import places
from tests.bench.measure import Result, clock, in_turn, say
from tests.bench.terminal import ROOT

LARGE, SMALL = 100_000_000, 500_000
HUGE = 1_000_000_000
MOST_MEMORY = 64
BEGIN = b"%PDF-1.7\n"


def bench(folder: Path, runs: int) -> list[Result]:
    """The table "Evidence". folder: on the disk that is measured."""
    session = places.found(folder / "home-evidence")
    try:
        evidence = Evidence(session.home, session.database, session.unlocked)
        return [
            *_intake(evidence, folder, LARGE, runs, 2.5),
            *_intake(evidence, folder, SMALL, runs, None),
            *_memory(folder),
        ]
    finally:
        session.close()


def _intake(evidence: Evidence, folder: Path, size: int, runs: int, aim: float | None) -> list[Result]:
    source, copy = folder / "exhibit.pdf", folder / "copy"
    source.write_bytes(BEGIN + os.urandom(size - len(BEGIN)))

    def taken() -> float:
        kept = []
        took = clock(lambda: kept.append(intake.take(evidence, source)))
        evidence.discard(kept[0].id)
        return took

    times = in_turn(runs, lambda: clock(lambda: _copied(source, copy)), taken, lambda: clock(lambda: _hashed(source)))
    floor, product, peer = (statistics.median(one) for one in times)
    source.unlink()
    copy.unlink()
    note = f"hashing it once with hashlib takes {peer:.0f} ms"
    what = f"intake of {size / 1e6:g} MB, read back and compared"
    return [Result(what, floor, product, aim, floor_is="cp, then fdatasync", note=note)]


def _copied(source: Path, copy: Path) -> None:
    copy.unlink(missing_ok=True)
    subprocess.run([str(shutil.which("cp")), str(source), str(copy)], check=True)
    descriptor = os.open(copy, os.O_RDWR)
    getattr(os, "fdatasync", os.fsync)(descriptor)
    os.close(descriptor)


def _hashed(source: Path) -> None:
    with source.open("rb") as file:
        hashlib.file_digest(file, "sha256")


def _memory(folder: Path) -> list[Result]:
    """How much more memory a process needs for a file of 1 GB."""
    if sys.platform != "linux":
        say("  SKIPPED: memory of an intake (counted on Linux alone)")
        return []
    source = folder / "huge.pdf"
    source.write_bytes(BEGIN)
    os.truncate(source, HUGE)
    (folder / "memory").mkdir()
    command = [sys.executable, "-m", "tests.bench.evidence", str(folder / "memory"), str(source)]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    finally:
        source.unlink()
        shutil.rmtree(folder / "memory")
    what = f"memory above idle, intake of {HUGE / 1e9:g} GB"
    return [Result(what, None, float(done.stdout), MOST_MEMORY, unit="MB", note="most at any time")]


def _take_one(folder: Path, source: Path) -> None:
    """What `_memory` watches: prints the megabytes."""
    from tests.store.made_evidence import found

    kept = found(folder)
    kept.take()
    idle = _kib("VmRSS")
    intake.take(kept.evidence, source)
    print((_kib("VmHWM") - idle) / 1024)


def _kib(name: str) -> int:
    """What Linux says of this process: VmRSS now, VmHWM at most (getrusage would count its parent's too)."""
    return int(re.search(rf"{name}:\s+(\d+)", Path("/proc/self/status").read_text())[1])  # type: ignore[index]


if __name__ == "__main__":
    _take_one(Path(sys.argv[1]), Path(sys.argv[2]))
