"""Run under strace by faults.py: one job after another, each in a process of its own, each struck at another call.

strace counts the calls of each process for itself, and strikes at the one it was told (AT). A job that is to be
struck at its n-th call therefore makes AT - n harmless ones first: one strace and one start of Python do for all.
Before it, a process that is not struck brings it to the moment before; the job is its child, and inherits the open
log.

Usage: struck.py BASE FOLDER. Each line of the input is JSON: [job, call, n, name]; the job is done in FOLDER/name, a
copy of BASE. For each a line comes back: its exit status, negative for a signal. What the program said is in
FOLDER/name/told: "pid N", then "done N HEX" (the head it leaves, called saved), "refused TITLE", "broken KIND", and
"end".
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sys
import traceback
from pathlib import Path

from esafety_tui.errors import EsafetyError
from tests.desk import made_school
from tests.torture import jobs, made

#: Which call is struck: more than a process makes before the one that is struck begins, and more than any job makes.
AT = {"pwrite64": 480}
AT_OTHERS = 120
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


def struck(job: jobs.Job, facts: jobs.Facts, ready: object, call: str, n: int) -> None:
    """In the child: the harmless calls, then the job."""
    from esafety_tui.desk.session import Session

    said(f"pid {os.getpid()}")
    scratch = os.open("scratch", os.O_CREAT | os.O_RDWR)
    for _ in range(AT.get(call, AT_OTHERS) - n if call else 0):
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
            seq, chain = session.journal.head()
            said(f"done {seq} {chain.hex()}")
    except EsafetyError as error:
        said(f"refused {error.title}")
    except BaseException:  # noqa: BLE001 - it is told, and counts
        said(f"broken {' / '.join(traceback.format_exc().splitlines()[-9:])}")
    said("end")


def one(base: Path, place: Path, name: str, call: str, n: int) -> int:
    """In a process of its own: come to the moment before, let a child be struck; gives how it ended."""
    shutil.copytree(base, place)
    facts = jobs.go_to(place)
    job = jobs.JOBS[name]
    ready = job.ready(facts)
    child = os.fork()
    if child == 0:
        struck(job, facts, ready, call, n)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def warm(base: Path, place: Path) -> None:
    """Open a log and record in it, so that everything that takes time is loaded before the first child is made."""
    shutil.copytree(base, place)
    jobs.go_to(place)
    session = jobs.opened(place / "home")
    made.slip(session)
    assert session.care.verify()["ok"]
    session.close()
    shutil.rmtree(place)


def main(base: Path, folder: Path) -> None:
    warm(base, folder / "warm")
    for line in sys.stdin:
        name, call, n, into = json.loads(line)
        inner, outer = os.pipe()
        child = os.fork()
        if child == 0:
            code = 99
            try:
                code = one(base, folder / into, name, call, n)
            except BaseException:  # noqa: BLE001 - it is told, and counts
                traceback.print_exc()
            os.writev(outer, [str(code).encode()])
            os._exit(0)
        os.close(outer)
        os.waitpid(child, 0)
        sys.stdout.write((os.read(inner, 20).decode() or "99") + "\n")
        sys.stdout.flush()
        os.close(inner)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve())
