"""What a backup costs, beside copying the file and checking the copy as a whole."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from esafety_tui.store import database as databases
from esafety_tui.store import verify
from tests.bench import places
from tests.bench.measure import Result, clock, in_turn

FLOOR = "cp, fdatasync, then cipher_integrity_check and verify of the copy"


def bench(homes: Mapping[int, Path], folder: Path, runs: int) -> list[Result]:
    """The table "Backups": a backup that is opened and checked before it counts. folder: on the disk measured."""
    results = []
    for size, home in homes.items():
        session = places.unlock(home)
        try:
            results.append(_one(session, size, folder / f"stick-{size}", runs))
        finally:
            session.close()
    return results


def _one(session: places.Session, size: int, stick: Path, runs: int) -> Result:
    stick.mkdir()
    copy = stick.with_name(f"copy-{size}.db")
    copied: list[float] = []

    def floor() -> float:
        copied.append(clock(lambda: _copied(session.database.path, copy)))
        return copied[-1] + clock(lambda: _checked(session, copy))

    times = in_turn(runs, floor, lambda: clock(lambda: session.copies.make(stick, "Bench")))
    least, product = (min(one) for one in times)
    megabytes = session.database.path.stat().st_size / 1e6
    copy.unlink()
    shutil.rmtree(stick)
    what = f"backup, verified, {size:,} incidents, {megabytes:.0f} MB"
    note = f"least of {runs}; of the floor the copying takes {min(copied):.0f} ms"
    return Result(what, least, product, 1.5, floor_is=FLOOR, note=note)


def _copied(source: Path, copy: Path) -> None:
    copy.unlink(missing_ok=True)
    subprocess.run([str(shutil.which("cp")), str(source), str(copy)], check=True)
    descriptor = os.open(copy, os.O_RDWR)
    getattr(os, "fdatasync", os.fsync)(descriptor)
    os.close(descriptor)


def _checked(session: places.Session, copy: Path) -> None:
    vault_id, epoch = session.database.vault_id, session.database.header_epoch
    other = databases.open(copy, session.unlocked.data_key, vault_id, epoch)
    try:
        assert verify.verify(other, files=None, cost=verify.NO_WORDS).ok
    finally:
        other.close()
