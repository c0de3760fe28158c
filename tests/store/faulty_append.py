"""Run under strace by test_faults.py: one append after another, each in a process of its own, each hit at another call.

strace counts the calls of each process for itself and strikes at the hundredth. A process that is to be hit at its
n-th call therefore makes 100 - n harmless ones first: so one strace, and one start of Python, does for all.
Usage: faulty_append.py CALL TIMES FOLDER; FOLDER has base/ with a log of four entries. Leaves a folder n/ for each n up
to TIMES, with the log and `told`: what the program said.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from pathlib import Path

from esafety_tui.errors import StoreError
from esafety_tui.store import database
from esafety_tui.store.journal import Journal
from tests.store.made_log import EPOCH, KEY, VAULT, draft, incident, stamp

STRUCK = 100
SEEN = 4


def harmless(call: str, scratch: int) -> None:
    """One call of the kind that is counted, which does nothing."""
    if call == "pwrite64":
        os.pwrite(scratch, b"", 0)
    elif call == "fsync":
        os.fsync(scratch)
    elif call == "fdatasync":
        os.fdatasync(scratch)
    elif call == "unlink":
        with contextlib.suppress(FileNotFoundError):
            os.unlink("no such file")
    elif call == "rename":
        with contextlib.suppress(FileNotFoundError):
            os.rename("no such file", "nor this")
    else:
        raise ValueError(call)


def one(call: str, folder: Path, n: int) -> None:
    """Append once, to be struck at the n-th call; say in `told` what the program said."""
    os.environ["ESAFETY_STATE"] = str(folder / "state")
    scratch = os.open(folder / "scratch", os.O_CREAT | os.O_RDWR)
    told = os.open(folder / "told", os.O_CREAT | os.O_WRONLY)
    log = database.open(folder / "log-1.db", KEY, VAULT, EPOCH)
    journal = Journal(log)
    assert journal.count("incident/A") == SEEN
    for _ in range(STRUCK - n):
        harmless(call, scratch)
    for answer in ("first", "second"):  # the first is struck; the second tells whether the program can go on
        drafts = [draft(text="x" * 900, answer=answer), draft("went", answer=answer)]
        try:
            count = journal.count("incident/A")
            journal.append("incident/A", drafts, stamp(9), count, incident(text=answer), "question")
            os.write(told, f"saved {answer}\n".encode())
        except StoreError as error:
            os.write(told, f"{error.title}\n".encode())
    os.write(told, b"done\n")


def main(call: str, times: int, where: Path) -> None:
    warm = database.open(where / "base" / "log-1.db", KEY, VAULT, EPOCH)  # loads all there is to load
    assert Journal(warm).count("incident/A") == SEEN
    warm.close()
    for n in range(1, times + 1):
        folder = where / str(n)
        shutil.copytree(where / "base", folder)
        child = os.fork()
        if child == 0:
            one(call, folder, n)
            os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
