"""Run under strace by faults.py: one job after another, each in a process of its own, each struck at another call.

strace counts the calls of each process for itself, and strikes at the one it was told (AT, more than any other process
here makes). A job that is to be struck at its n-th call therefore makes AT - n harmless ones first: one strace and one
start of Python do for all.
Before it, a process that is not struck brings it to the moment before; the job is its child, and inherits the open
log.

Usage: struck.py BASES FOLDER AT. Each line of the input is JSON: [job, call, n, name]; the job is done in FOLDER/name,
a copy of the log of made.py in BASES that it begins with. For each a line comes back: its exit status, negative for a
signal. What the program said is in FOLDER/name/told: "pid N PARENT", then "done" with each head that it leaves, called
saved, "refused TITLE", "broken KIND", and "end".
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sys
import traceback
from pathlib import Path

from esafety_tui.desk.session import Session
from esafety_tui.errors import EsafetyError
from tests.desk import made_school
from tests.torture import jobs, made
from tests.torture.jobs_more import ALL

assert made_school.PACKS, "what the jobs need is loaded before they are begun"


def harmless(call: str, scratch: int) -> None:
    """One call of the kind that is counted, which does nothing."""
    nothing = "no such file"
    with contextlib.suppress(OSError):
        if call == "write":
            os.write(scratch, b"")
        elif call == "pwrite64":
            os.pwrite(scratch, b"", 0)
        elif call == "fsync":
            os.fsync(scratch)
        elif call == "fdatasync":
            os.fdatasync(scratch)
        elif call == "ftruncate":
            os.ftruncate(scratch, 0)
        elif call == "unlink":
            os.unlink(nothing)
        elif call == "unlinkat":
            os.unlink(nothing, dir_fd=os.open(".", os.O_RDONLY))
        elif call == "rename":
            os.rename(nothing, nothing)
        elif call == "mkdir":
            os.mkdir("home")
        elif call == "rmdir":
            os.rmdir(nothing)
        elif call == "sendfile":
            os.sendfile(scratch, scratch, 0, 0)
        else:
            raise ValueError(call)


def said(text: str) -> None:
    """Keep what the program said; by a call that nobody strikes."""
    file = os.open("told", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.writev(file, [text.encode() + b"\n"])
    os.close(file)


def heads(session: Session) -> list[str]:
    """The head of the log, and of every case in it that is kept apart and open: "WHICH:NUMBER:CHAIN". One that cannot
    be read now is left out: what was called saved is saved, whether or not the disk goes on."""
    journals = {"log": session.journal, **{room.id: room.journal for room in session.compartments.all()}}
    found = []
    for which, journal in journals.items():
        with contextlib.suppress(EsafetyError):
            seq, chain = journal.head()
            found.append(f"{which}:{seq}:{chain.hex()}")
    return found


def struck(job: jobs.Job, facts: jobs.Facts, ready: object, call: str, before: int) -> None:
    """In the child: so many harmless calls, then the job."""
    said(f"pid {os.getpid()} {os.getppid()}")
    scratch = os.open("scratch", os.O_CREAT | os.O_RDWR)
    for _ in range(before):
        harmless(call, scratch)
    if not call:
        os.access("begins here", os.F_OK)
    assert ready is None or isinstance(ready, Session)
    session = ready
    try:
        session = job.do(session, facts)
        if session is None or session.closed:
            said("done")
        else:
            said(f"done {' '.join(heads(session))}")
    except EsafetyError as error:
        said(f"refused {error.title}")
    except BaseException:  # noqa: BLE001 - it is told, and counts
        said(f"broken {' / '.join(traceback.format_exc().splitlines()[-9:])}")
    said("end")


def one(bases: Path, place: Path, name: str, call: str, before: int) -> int:
    """In a process of its own: come to the moment before, let a child be struck; gives how it ended."""
    job = ALL[name]
    shutil.copytree(bases / job.base, place)
    facts = jobs.go_to(place)
    ready = job.ready(facts)
    child = os.fork()
    if child == 0:
        struck(job, facts, ready, call, before)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def warm(bases: Path, place: Path) -> None:
    """Open a log and record in it, so that everything that takes time is loaded before the first child is made."""
    shutil.copytree(bases / "base", place)
    jobs.go_to(place)
    session = jobs.opened(place / "home")
    made.slip(session)
    assert session.care.verify()["ok"]
    session.close()
    shutil.rmtree(place)


def main(bases: Path, folder: Path, at: int) -> None:
    warm(bases, folder / "warm")
    for line in sys.stdin:
        name, call, n, into = json.loads(line)
        inner, outer = os.pipe()
        child = os.fork()
        if child == 0:
            code = 99
            try:
                code = one(bases, folder / into, name, call, at - n if call else 0)
            except BaseException:  # noqa: BLE001 - it is told, and counts
                traceback.print_exc()
            os.writev(outer, [str(code).encode()])
            os._exit(0)
        os.close(outer)
        os.waitpid(child, 0)
        os.writev(1, [os.read(inner, 20) or b"99", b"\n"])
        os.close(inner)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve(), int(sys.argv[3]))
