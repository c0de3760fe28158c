"""Run under strace by test_intake_faults.py: one intake and its entry, each in a process of its own, each hit at
another call. As faulty_append.py, which says how the striking is done.

Usage: faulty_intake.py CALL TIMES FOLDER; FOLDER has base/home and base/source. Leaves a folder n/ for each n up to
TIMES, with the home and `told`: what the program said.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from esafety_tui.errors import StoreError
from esafety_tui.store import database, intake
from esafety_tui.vault import home as vault
from esafety_tui.vault.home import Unlocked
from tests.store.faulty_append import STRUCK, harmless
from tests.store.made_evidence import Kept

LOGIN, PASSWORD = "ann", "a password"


def opened(home: Path, unlocked: Unlocked | None = None) -> Kept:
    """The home of a run. unlocked: of the home that it is a copy of, so that nothing is written to open it."""
    unlocked = unlocked or vault.unlock(home, LOGIN, PASSWORD)
    header = unlocked.header
    log = database.open(home / header.database, unlocked.data_key, header.vault_id, header.epoch)
    return Kept(home, unlocked, [], log)


def one(call: str, folder: Path, n: int, unlocked: Unlocked) -> None:
    """Take a file in and name it, to be struck at the n-th call; say in `told` what the program said."""
    scratch = os.open(folder / "scratch", os.O_CREAT | os.O_RDWR)
    told = os.open(folder / "told", os.O_CREAT | os.O_WRONLY)

    def tell(text: str) -> None:
        if call == "write":
            os.pwrite(told, text.encode(), os.fstat(told).st_size)
        else:
            os.write(told, text.encode())

    kept = opened(folder / "home", unlocked)
    for _ in range(STRUCK - n):
        if call == "write":
            os.write(scratch, b"")
        else:
            harmless(call, scratch)
    for answer in ("first", "second"):  # the first is struck; the second tells whether the program can go on
        taken = None
        try:
            taken = intake.take(kept.evidence, folder.parent / "base" / "source")
            kept.name(taken, answer=answer)
            tell(f"saved {answer}\n")
        except StoreError as error:
            if taken is not None:
                kept.evidence.discard(taken.id)
            tell(f"{error.title}\n")
    tell("done\n")


def main(call: str, times: int, where: Path) -> None:
    base = opened(where / "base" / "home")  # loads all there is to load
    base.database.close()
    for n in range(1, times + 1):
        folder = where / str(n)
        folder.mkdir()
        shutil.copytree(where / "base" / "home", folder / "home")
        child = os.fork()
        if child == 0:
            one(call, folder, n, base.opened)
            os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
