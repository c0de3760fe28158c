"""The program is killed at every write, sync, rename and unlink of an answer: nothing that was confirmed is lost.

The points of a job are those that a first, whole run of it made; each is then tried in a copy of its own.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from esafety_tui.desk import opening
from esafety_tui.desk.asks import Reply
from esafety_tui.desk.session import Session
from esafety_tui.errors import UsageError
from tests.desk.driver import INTERNAL, Driver
from tests.desk.killed import NEXT_WORDS
from tests.desk.made_school import checked, found, rebuilt_as_it_was, unlock

CALLS = (
    "write",
    "pwrite64",
    "fsync",
    "fdatasync",
    "rename",
    "renameat",
    "renameat2",
    "unlink",
    "unlinkat",
    "ftruncate",
)
DRAFT = {"whose": "Robin Dale", "words": NEXT_WORDS}

pytestmark = pytest.mark.slow


class Server:
    """The process of killed.py, and a folder for what is copied and said."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        here = Path(__file__).parents[2]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.desk.killed"], cwd=here, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        )  # fmt: skip

    def run(self, job: str, before: Path, name: str, *strace: str) -> tuple[Path, list[str], int]:
        """A job in a copy of `before` under strace: the copy, what was said, and how it ended."""
        place = self.folder / name
        shutil.copytree(before, place)
        (place / "state").mkdir(exist_ok=True)
        go, said = place / "go", place / "said"
        os.mkfifo(go)
        order = {
            "job": job,
            "home": str(place / "home"),
            "state": str(place / "state"),
            "said": str(said),
            "go": str(go),
        }
        assert self._process.stdin
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        pid = self._told("pid")
        tracer = subprocess.Popen(
            ["strace", "-f", "-p", str(pid), *strace], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        assert tracer.stderr
        attached = tracer.stderr.readline()
        go.write_bytes(b"g")
        end = self._told("end")
        tracer.communicate(timeout=60)
        if "attached" not in attached:
            unavailable(f"strace cannot watch a process here: {attached.strip()}")
        return place, said.read_text().split("\n")[:-1] if said.exists() else [], end

    def _told(self, word: str) -> int:
        assert self._process.stdout
        line = self._process.stdout.readline().split()
        assert line[:1] == [word], f"instead of {word}: {line}"
        return int(line[1])

    def close(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(timeout=60)


def unavailable(reason: str) -> None:
    """Say aloud that this cannot be tried here; in CI that is a failure."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def server(quick_folder: Path) -> Iterator[Server]:
    if not shutil.which("strace"):
        unavailable("killing at every write needs strace")
    folder = Path(tempfile.mkdtemp(prefix="killed-", dir=quick_folder))
    running = Server(folder)
    yield running
    running.close()


@pytest.fixture
def before(quick_folder: Path, own_folders: Path) -> Path:
    """A home with one case at the question of somebody's own words, and a draft; with what the computer remembers."""
    place = quick_folder / own_folders.name
    place.mkdir()
    shutil.copytree(os.environ["ESAFETY_STATE"], place / "state", dirs_exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ESAFETY_STATE", str(place / "state"))
        session = found(place / "home", "spires")
        driver = Driver(session)
        ref = session.casework.begin()
        driver.until(ref, "account", INTERNAL)
        session.casework.save_draft(ref, "account", "add", DRAFT)
        session.close()
    return place


def points(log: Path) -> list[tuple[str, int]]:
    """Every call that the recorded run made, each as (name, which of that name)."""
    counted: dict[str, int] = {}
    found: list[tuple[str, int]] = []
    for line in log.read_text().splitlines():
        match = re.match(r"(?:\d+ +)?(\w+)\(", line)
        if match and match[1] in CALLS:
            counted[match[1]] = counted.get(match[1], 0) + 1
            found.append((match[1], counted[match[1]]))
    return found


def killed_at_each_point(
    server: Server, job: str, before: Path, monkeypatch: pytest.MonkeyPatch, every: int = 6, names: bool = True
) -> Iterator[tuple[Path, list[str]]]:
    """The copies that a kill at each point leaves, with what had been said. This computer's memory is theirs.

    every: only each such point is tried, and each rename and unlink too unless `names` says otherwise. All are under
    ESAFETY_TORTURE=1; and `make torture` strikes these jobs at each point (tests/torture/jobs.py).
    """
    log = server.folder / f"{job}.strace"
    whole, said, end = server.run(job, before, f"{job}-whole", "-o", str(log), "-e", "trace=" + ",".join(CALLS))
    assert (said[-1], end) == ("done", 0)
    everywhere = points(log)
    assert len(everywhere) > 5, "an answer that writes nothing"
    if os.environ.get("ESAFETY_TORTURE") != "1":
        everywhere = [
            point
            for n, point in enumerate(everywhere)
            if n % every == 0 or (names and point[0].startswith(("rename", "unlink")))
        ]
    died = 0
    for i, (call, nth) in enumerate(everywhere):
        inject = ("-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when={nth}")
        place, said, end = server.run(job, before, f"{job}-{i}", *inject)
        died += end == -9
        with monkeypatch.context() as patch:
            patch.setenv("ESAFETY_STATE", str(place / "state"))
            yield place / "home", said
        shutil.rmtree(place)
    assert died >= len(everywhere) - 2, "most points were never reached"
    with monkeypatch.context() as patch:
        patch.setenv("ESAFETY_STATE", str(whole / "state"))
        yield whole / "home", ["everything"]


def opened(home: Path) -> Session:
    """The home after the kill: it opens, it is whole, its projections are those of its entries."""
    session = unlock(home)
    checked(session)
    rebuilt_as_it_was(session)
    return session


def test_an_answer(server: Server, before: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = set()
    for home, said in killed_at_each_point(server, "answer", before, monkeypatch, every=3):
        session = opened(home)
        ref = session.browsing.log()[0]["ref"]
        assert session.casework.ask(ref).id == "account"
        recorded = any(NEXT_WORDS in row["text"] for row in session.browsing.chronology(ref))
        kept = session.casework.draft(ref, "account")
        assert recorded or not said, "what was confirmed is not there"
        # Either the answer is there, or what was typed is: never neither, never both.
        assert recorded is (kept is None)
        assert recorded or (kept and kept.fields == DRAFT)
        seen.add(recorded)
        session.close()
    assert seen == {True, False}


def test_a_draft(server: Server, before: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for home, said in killed_at_each_point(server, "draft", before, monkeypatch):
        session = opened(home)
        kept = session.casework.draft(session.browsing.log()[0]["ref"], "account")
        assert kept is not None
        new = kept.fields == {"words": NEXT_WORDS + " And then"}
        assert new or kept.fields == DRAFT
        assert new or not said
        session.close()


def test_a_new_case(server: Server, before: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for home, said in killed_at_each_point(server, "begin", before, monkeypatch, every=11):
        session = opened(home)
        there = {row["ref"] for row in session.browsing.log()}
        for line in said:
            if line.startswith("begun "):
                ref = line.removeprefix("begun ")
                assert ref in there
                asked = session.casework.ask(ref).id
                assert asked == "could-be" if "answered" in said else asked in ("danger", "could-be")
        assert len(there) in (1, 2)
        session.close()


def test_a_halt_that_makes_the_computer_quiet(server: Server, before: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for home, said in killed_at_each_point(server, "halt", before, monkeypatch, every=8):
        session = opened(home)
        ref = session.browsing.log()[0]["ref"]
        assert session.quiet_ref in ("", ref)
        assert session.quiet_ref == ref or not said
        assert session.casework.ask(ref).id == ("quiet" if session.quiet_ref else "account")
        session.close()


def test_a_new_colleague(server: Server, before: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    someone = {"name": "Nell Gray", "login": "nell", "senior": "yes"}
    someone |= {"password": "a long new one", "again": "a long new one"}
    for home, said in killed_at_each_point(server, "colleague", before, monkeypatch, every=7, names=False):
        session = opened(home)
        there = "nell" in {person["login"] for person in session.people.list()}
        assert there or not said
        if not there:
            session.people.add_reply(Reply("add", {**someone, "role": session.pack.tables.roles[0].id}))
        else:
            with pytest.raises(UsageError):
                session.people.add_reply(Reply("add", {**someone, "role": session.pack.tables.roles[0].id}))
        session.close()
        opening.unlock(home, "nell", "a long new one").close()


def test_the_first_minute_of_a_home(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed while it is made: there is no home yet and it can be made again, or there is a whole one."""
    nothing = tmp_path / "nothing"
    nothing.mkdir()
    seen = set()
    for home, said in killed_at_each_point(server, "found", nothing, monkeypatch, every=7, names=False):
        there = opening.peek(home).exists
        assert there or not said
        seen.add(there)
        session = unlock(home) if there else found(home, "spires")
        checked_new(session)
        session.close()
    assert seen == {True, False}


def checked_new(session: Session) -> None:
    """A home that was just made: whole, and ready for a first case."""
    ref = session.casework.begin()
    assert session.casework.ask(ref).id == "danger"
    checked(session)
