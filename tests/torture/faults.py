"""A kill, a full disk, a disk that fails: at every write, sync, rename, unlink and new folder of every command.

After each: the log opens, every page and every entry of it is sound, it holds what was called saved and not what was
called not saved, its rows are those of its entries, and it goes on.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from pathlib import Path
from typing import NamedTuple

from esafety_tui.desk.session import Session
from esafety_tui.errors import EsafetyError
from esafety_tui.store.evidence_check import Where
from esafety_tui.store.verify import verify
from esafety_tui.vault import header as headers
from tests.desk.made_school import CHEAP_WORDS, rebuilt_as_it_was
from tests.torture import jobs, made, struck
from tests.torture.tally import Tally

CALLS = ("write", "pwrite64", "fsync", "fdatasync", "ftruncate", "unlink", "unlinkat", "rename", "mkdir", "rmdir",
         "sendfile")  # fmt: skip
#: What no Python of this list calls today. Were one called, the recorded run would say so.
OTHERS = ("renameat", "renameat2", "link", "linkat", "symlink", "copy_file_range", "pwritev", "fallocate")
KILL, FULL, BAD = "signal=KILL:when={at}", "error=ENOSPC:when={at}+", "error=EIO:when={at}"
WRITES = ("write", "pwrite64", "sendfile")
#: So many are struck ahead of the one that is looked at.
AHEAD = 6


class Point(NamedTuple):
    """A job, and the call of it that is struck: which of that name."""

    job: str
    call: str
    n: int


def missing() -> str:
    """Why nothing can be struck here; empty where it can."""
    if not shutil.which("strace"):
        return "strace is missing"
    tried = subprocess.run(["strace", "-f", "--seccomp-bpf", "-qq", "-e", "trace=read", "true"], capture_output=True)
    return "" if tried.returncode == 0 else "strace may not attach here"


@contextmanager
def _server(place: Path, call: str, how: str, trace: Path) -> Iterator[subprocess.Popen[str]]:
    """The process of struck.py, each of whose jobs is struck at `call`; or, without one, recorded."""
    asked = f"trace={call or ','.join((*CALLS, *OTHERS, 'access'))}"
    at = struck.AT.get(call, struck.AT_OTHERS)
    inject = ["-e", f"inject={call}:{how.format(at=at)}"] if call else []
    root = Path(__file__).parents[2]
    quicker = [] if how == KILL else ["--seccomp-bpf"]  # with it strace sends no signal
    with subprocess.Popen(
        ["strace", "-f", *quicker, "-qq", "-o", str(trace), "-e", asked, *inject,
         sys.executable, "-m", "tests.torture.struck", str(place / "base"), str(place / "struck")],
        cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"},
    ) as process:  # fmt: skip
        yield process


def _ask(process: subprocess.Popen[str], point: Point, name: str) -> None:
    assert process.stdin
    process.stdin.write(json.dumps([*point, name]) + "\n")
    process.stdin.flush()


def _told(process: subprocess.Popen[str]) -> int:
    assert process.stdout
    return int(process.stdout.readline() or "99")


class Recorded(NamedTuple):
    """A whole run: how often each call is made, and the number of the entry that the log ends with then."""

    calls: dict[str, int]
    seq: int


def record(place: Path, names: list[str]) -> dict[str, Recorded]:
    """Every job done once and whole, unless recorded.json says what came of it; `place` has base/ already."""
    kept = place / "recorded.json"
    if kept.exists():
        return {name: Recorded(*told) for name, told in json.loads(kept.read_text()).items()}
    (place / "struck").mkdir(exist_ok=True)
    trace = place / "trace"
    with _server(place, "", "", trace) as process:
        for number, name in enumerate(names):
            _ask(process, Point(name, "", 0), f"whole-{number}")
            assert _told(process) == 0, f"{name} does not even work"
    counted: dict[str, dict[str, int]] = {}
    for line in trace.read_text(encoding="utf-8", errors="replace").splitlines():
        if match := re.match(r"(\d+) +(\w+)\((.*)", line):
            if match[2] != "access":
                calls = counted.setdefault(match[1], {})
                calls[match[2]] = calls.get(match[2], 0) + 1
            elif "begins here" in match[3]:
                counted[match[1]] = {}
    found = {}
    for number, name in enumerate(names):
        lines = _said(place / "struck" / f"whole-{number}")
        done = next((line for line in lines if line.startswith("done")), "")
        assert done, f"{name}: {lines}"
        calls = counted.get(lines[0].split()[1], {})
        assert not set(calls) & set(OTHERS), f"{name} makes calls that nobody strikes: {sorted(calls)}"
        most = {call: struck.AT.get(call, struck.AT_OTHERS) for call in calls}
        assert all(calls[call] < most[call] for call in calls), f"{name} makes more calls than can be struck: {calls}"
        found[name] = Recorded(calls, int([*done.split(), "0"][1]))
        shutil.rmtree(place / "struck" / f"whole-{number}")
    kept.write_text(json.dumps(found))
    return found


def _said(place: Path) -> list[str]:
    told = place / "told"
    return told.read_text(encoding="utf-8").splitlines() if told.exists() else []


def strike(place: Path, call: str, how: str, whole: dict[str, Recorded], sample: int = 1) -> Tally:
    """Strike each job at each of its calls `call`; look at what is left after each."""
    tally = Tally()
    points = [Point(name, call, n) for name, one in whole.items() for n in range(1, one.calls.get(call, 0) + 1)]
    points = points[sample // 2 :: sample]
    reached = 0
    with _server(place, call, how, Path(os.devnull)) as process:
        for number, point in enumerate(points[:AHEAD]):
            _ask(process, point, str(number))
        for number, point in enumerate(points):
            status = _told(process)
            if number + AHEAD < len(points):
                _ask(process, points[number + AHEAD], str(number + AHEAD))
            left = place / "struck" / str(number)
            reached += status == -9 if how == KILL else _said(left)[-1:] == ["end"]
            look(tally, left, point, how, status, whole[point.job].seq)
            shutil.rmtree(left)
    tally.points = len(points)
    if reached < len(points) * 0.95:
        tally.left_out.append(f"{len(points) - reached} of {len(points)} points of {call} were not reached")
    return tally


def look(tally: Tally, left: Path, point: Point, how: str, status: int, whole: int) -> None:
    """Look at what a strike left; say everything that is not as it must be."""
    where = f"{point.job}, {point.call} {point.n}, {how.partition(':')[0]}"
    told = _said(left)
    if status != (-9 if how == KILL and "end" not in told else 0):
        tally.inconsistent.append(f"{where}: it ended with {status}")
    tally.inconsistent += [f"{where}: no plain words: {line}" for line in told if line.startswith("broken")]
    with chdir(left):
        os.environ["ESAFETY_STATE"] = str(left / "state")
        job, facts = jobs.JOBS[point.job], made.facts(left)
        done = next((line.split()[1:] for line in told if line.startswith("done")), None)
        try:
            _log(tally, where, job, facts, done, any(line.startswith("refused") for line in told) * whole)
        except EsafetyError as error:
            tally.inconsistent.append(f"{where}: {error}")
        except AssertionError as error:
            tally.inconsistent.append(f"{where}: {' '.join(str(error).split())[:300]}")


def _log(
    tally: Tally, where: str, job: jobs.Job, facts: jobs.Facts, done: list[str] | None, refused: int
) -> None:  # fmt: skip
    if job.home != jobs.HOME and not headers.exists(job.home):
        if done is not None:
            tally.lost.append(f"{where}: there is no log")
        again = job.do(None, facts)  # it can be made again
        if again is not None:
            again.close()
    session = jobs.opened(job.home.resolve())
    try:
        sound(session)
        if done:
            _held(tally, where, session, int(done[0]), done[1])
        if job.one and refused and session.journal.head()[0] >= refused:
            tally.inconsistent.append(f"{where}: it was called not saved, and is there")
        written_nothing = bool(session.quiet_ref) or session.database.read_only or _withheld(session)
        if not written_nothing:
            seq = session.journal.head()[0]
            made.slip(session)
            assert session.journal.head()[0] > seq
    finally:
        session.close()
    ends = (".part",) if written_nothing else (".part", "-journal")  # SQLite clears it with the next answer
    pieces = [path.name for path in job.home.rglob("*") if path.name.endswith(ends)]
    logs = [path.name for path in job.home.glob("log-*.db")]
    if pieces or len(logs) != 1:
        tally.inconsistent.append(f"{where}: left in the folder: {pieces or logs}")


def _withheld(session: Session) -> bool:
    from esafety_tui.desk.copies import withheld

    return withheld.why(session) is not None


def sound(session: Session) -> None:
    """Every page, entry, link, copy and evidence file; every head this computer has seen; the rows of the log."""
    with session.database.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA cipher_integrity_check").fetchall() == []
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    kept, absent = session.copies.lost_and_absent()
    report = verify(session.database, heads=kept, cost=CHEAP_WORDS, files=Where(absent=absent, shared=True))
    assert report.ok, report.findings
    if not session.database.read_only and not _withheld(session):
        rebuilt_as_it_was(session)


def _held(tally: Tally, where: str, session: Session, seq: int, chain: str) -> None:
    entry = next(iter(session.journal.since(seq - 1)), None)
    if entry is None or entry.chain.hex() != chain:
        tally.lost.append(f"{where}: entry {seq} was called saved")


#: The chapters: what is struck, and how.
CHAPTERS = {
    **{f"kill at {call}": (call, KILL) for call in CALLS},
    **{f"disk full at {call}": (call, FULL) for call in WRITES},
    **{f"disk error at {call}": (call, BAD) for call in CALLS},
}


def ready(place: Path, names: list[str] | None = None) -> dict[str, Recorded]:
    """The log that is struck, and what each job does to it: made once in `place`."""
    if not (place / "base").exists():
        made.base(place / "base")
    return record(place, names or list(jobs.JOBS))


def run(place: Path, sample: int, chapter: str) -> Tally:
    """One of CHAPTERS."""
    if why := missing():
        return Tally(left_out=[f"{chapter}: {why}"])
    call, how = CHAPTERS[chapter]
    whole = ready(place.parent)
    place.mkdir(exist_ok=True)
    (place / "base").symlink_to(place.parent / "base")
    (place / "struck").mkdir()
    return strike(place, call, how, whole, sample)
