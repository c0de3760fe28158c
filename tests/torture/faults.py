"""A kill, a full disk, a disk that fails: at every write, sync, rename, unlink and new folder of every command.

After each: the log opens, every page and every entry of it is sound, it holds what was called saved and not what was
called not saved, its rows are those of its entries, and it goes on.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
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
from tests.torture import apart, jobs, made, repeats
from tests.torture.jobs_more import ALL
from tests.torture.tally import Tally

CALLS = ("write", "pwrite64", "fsync", "fdatasync", "ftruncate", "unlink", "unlinkat", "rename", "mkdir", "rmdir",
         "sendfile")  # fmt: skip
#: What no Python of this list calls today. Were one called, the recorded run would say so.
OTHERS = ("renameat", "renameat2", "link", "linkat", "symlink", "copy_file_range", "pwritev", "fallocate")
KILL, FULL, BAD = "signal=KILL:when={at}", "error=ENOSPC:when={at}+", "error=EIO:when={at}"
WRITES = ("write", "pwrite64", "sendfile")
#: In the environment: only jobs with this in their name are struck.
ONLY = "ESAFETY_TORTURE_JOBS"
#: So many are struck ahead of the one that is looked at.
AHEAD = 6
#: Jobs that make no more of a call are struck together, by a server that needs few harmless calls.
FEW = 250


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
def _server(place: Path, call: str, how: str, at: int, trace: Path) -> Iterator[subprocess.Popen[str]]:
    """The process of struck.py, each of whose jobs is struck at `call`; or, without one, recorded."""
    asked = f"trace={call or ','.join((*CALLS, *OTHERS, 'access'))}"
    inject = ["-e", f"inject={call}:{how.format(at=at)}"] if call else ["-y"]
    root = Path(__file__).parents[2]
    quicker = [] if how == KILL else ["--seccomp-bpf"]  # with it strace sends no signal
    with subprocess.Popen(
        ["strace", "-f", *quicker, "-qq", "-o", str(trace), "-e", asked, *inject,
         sys.executable, "-m", "tests.torture.struck", str(place / "bases"), str(place / "struck"), str(at)],
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
    """A whole run. calls: of each name, what kind each is (repeats.kinds); before: how often it is called by whoever
    comes to the moment before; seq: the number of the entry that the log ends with."""

    calls: dict[str, list[str]]
    before: dict[str, int]
    seq: int

    def most(self, call: str) -> int:
        """More than the job, or what leads to it, makes of a call: which is a few more or less from run to run."""
        return max(len(self.calls.get(call, ())), self.before.get(call, 0)) * 11 // 10 + 1


def record(place: Path, names: list[str]) -> dict[str, Recorded]:
    """Every job done once and whole, unless recorded.json says what came of it; `place` has bases/ already."""
    kept = place / "recorded.json"
    if kept.exists():
        return {name: Recorded(*told) for name, told in json.loads(kept.read_text()).items()}
    (place / "struck").mkdir(exist_ok=True)
    trace = place / "trace"
    with _server(place, "", "", 0, trace) as process:
        for number, name in enumerate(names):
            _ask(process, Point(name, "", 0), f"whole-{number}")
            assert _told(process) == 0, f"{name} does not even work"
    made = repeats.read(trace)
    server = Counter(one.name for one in next(iter(made.values())))
    found = {}
    for number, name in enumerate(names):
        lines = _said(place / "struck" / f"whole-{number}")
        done = next((line for line in lines if line.startswith("done")), "")
        assert done, f"{name}: {lines}"
        pid, parent = lines[0].split()[1:]
        calls = repeats.kinds(made.get(pid, []))
        assert not set(calls) & set(OTHERS), f"{name} makes calls that nobody strikes: {sorted(calls)}"
        before = Counter(one.name for one in made.get(parent, [])) | server
        found[name] = Recorded(calls, dict(before), int([*done.split(), "log:0:"][1].split(":")[1]))
        shutil.rmtree(place / "struck" / f"whole-{number}")
    kept.write_text(json.dumps(found))
    return found


def _said(place: Path) -> list[str]:
    told = place / "told"
    return told.read_text(encoding="utf-8").splitlines() if told.exists() else []


def strike(place: Path, call: str, how: str, whole: dict[str, Recorded], sample: int = 1) -> Tally:
    """Strike each job at each of its calls `call`, but for what repeats; look at what is left after each."""
    tally = Tally()
    number, most = list(CHAPTERS.values()).index((call, how)), repeats.KILLED if how == KILL else repeats.OTHERWISE
    points, every = [], 0
    for name, one in whole.items():
        kinds = one.calls.get(call, [])
        every += len(kinds)
        points += [Point(name, call, n) for n in repeats.thinned(kinds, most, number)]
    points = points[sample // 2 :: sample]
    tally.repeats = every - len(points) if sample == 1 else 0
    few = [point for point in points if whole[point.job].most(call) <= FEW]
    reached = 0
    for group in (few, [point for point in points if point not in few]):
        if group:
            reached += _strike(tally, place, how, whole, group)
    tally.points = len(points)
    if reached < len(points) * 0.95:
        tally.left_out.append(f"{len(points) - reached} of {len(points)} points of {call} were not reached")
    return tally


def _strike(tally: Tally, place: Path, how: str, whole: dict[str, Recorded], points: list[Point]) -> int:
    """The same for some points of one call; gives how many were reached."""
    call, reached = points[0].call, 0
    at = max(whole[point.job].most(call) for point in points) + 1
    with _server(place, call, how, at, Path(os.devnull)) as process:
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
    return reached


def look(tally: Tally, left: Path, point: Point, how: str, status: int, whole: int) -> None:
    """Look at what a strike left; say everything that is not as it must be."""
    where = f"{point.job}, {point.call} {point.n}, {how.partition(':')[0]}"
    told = _said(left)
    if status != (-9 if how == KILL and "end" not in told else 0):
        tally.inconsistent.append(f"{where}: it ended with {status}")
    tally.inconsistent += [f"{where}: no plain words: {line}" for line in told if line.startswith("broken")]
    with chdir(left):
        job, facts = ALL[point.job], made.facts(left)
        os.environ["ESAFETY_STATE"] = str(left / job.state)
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
        for head in done or ():
            _held(tally, where, session, *head.split(":"))
        if job.one and refused and session.journal.head()[0] >= refused:
            tally.inconsistent.append(f"{where}: it was called not saved, and is there")
        written_nothing = bool(session.quiet_ref) or session.database.read_only or _withheld(session)
        if not written_nothing:
            seq = session.journal.head()[0]
            made.slip(session)
            assert session.journal.head()[0] > seq
            apart.tidy(session)
        if job.after:
            job.after(session, facts, done is not None)
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
    where = Where(absent=absent, shared=True, left_out=session.copies.left_out())
    report = verify(session.database, heads=kept, cost=CHEAP_WORDS, files=where)
    assert report.ok, report.findings
    apart.sound(session, absent)
    if not session.database.read_only and not _withheld(session):
        rebuilt_as_it_was(session)


def _held(tally: Tally, where: str, session: Session, which: str, seq: str, chain: str) -> None:
    journals = {"log": session.journal, **{room.id: room.journal for room in session.compartments.all()}}
    found = journals[which].chain_at(int(seq)) if which in journals else None
    if found is None or found.hex() != chain:
        tally.lost.append(f"{where}: entry {seq} was called saved")


#: The chapters: what is struck, and how.
CHAPTERS = {
    **{f"kill at {call}": (call, KILL) for call in CALLS},
    **{f"disk full at {call}": (call, FULL) for call in WRITES},
    **{f"disk error at {call}": (call, BAD) for call in CALLS},
}


def ready(place: Path, names: list[str] | None = None) -> dict[str, Recorded]:
    """The log that is struck, and what each job does to it: made once in `place`."""
    wanted = names or [name for name in ALL if os.environ.get(ONLY, "") in name]
    for base, make in made.BASES.items():
        if not (place / "bases" / base).exists() and base in {"base", *(ALL[name].base for name in wanted)}:
            make(place / "bases" / base)
    return record(place, wanted)


def run(place: Path, sample: int, chapter: str) -> Tally:
    """One of CHAPTERS."""
    if why := missing():
        return Tally(left_out=[f"{chapter}: {why}"])
    call, how = CHAPTERS[chapter]
    whole = ready(place.parent)
    place.mkdir(exist_ok=True)
    (place / "bases").symlink_to(place.parent / "bases")
    (place / "struck").mkdir()
    return strike(place, call, how, whole, sample)
