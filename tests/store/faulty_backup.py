"""Run under strace by test_backup_faults.py: one backup or restore after another, each hit at another call. As
faulty_append.py, which says how the striking is done.

Usage: faulty_backup.py JOB CALL TIMES FOLDER; FOLDER has base/home and base/stick, with one backup on it. Leaves a
folder n/ for each n up to TIMES, with both, `back` where something was put back, and `told`: what the program said.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from esafety_tui.errors import StoreError
from esafety_tui.store import backup_files, restore
from esafety_tui.vault.home import Unlocked
from tests.store.faulty_append import STRUCK, harmless
from tests.store.faulty_intake import opened
from tests.store.made_backup import back_up


def do(job: str, folder: Path, unlocked: Unlocked, minute: int) -> None:
    if job == "backup":
        kept = opened(folder / "home", unlocked)
        back_up(kept, minute)
        kept.database.close()
    else:
        one = backup_files.found_at(folder / "stick")[0]
        restore.restore(one, folder / "back", unlocked.data_key)


def one(job: str, call: str, folder: Path, n: int, unlocked: Unlocked) -> None:
    """Do the job, to be struck at the n-th call; say in `told` what the program said."""
    scratch = os.open(folder / "scratch", os.O_CREAT | os.O_RDWR)
    told = os.open(folder / "told", os.O_CREAT | os.O_WRONLY)

    def tell(text: str) -> None:
        os.pwrite(told, text.encode(), os.fstat(told).st_size) if call == "write" else os.write(told, text.encode())

    for _ in range(STRUCK - n):
        os.write(scratch, b"") if call == "write" else harmless(call, scratch)
    for answer in ("first", "second"):  # the first is struck; the second tells whether it can be done again
        try:
            do(job, folder, unlocked, 10 if answer == "first" else 20)
            tell(f"saved {answer}\n")
        except StoreError as error:
            tell(f"{error.title}\n")
    tell("done\n")


def main(job: str, call: str, times: int, where: Path) -> None:
    base = opened(where / "base" / "home")  # loads all there is to load
    base.database.close()
    warm = where / "warm"
    shutil.copytree(where / "base", warm)
    do(job, warm, base.opened, 5)
    for n in range(1, times + 1):
        folder = where / str(n)
        shutil.copytree(where / "base", folder)
        child = os.fork()
        if child == 0:
            one(job, call, folder, n, base.opened)
            os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), Path(sys.argv[4]))
