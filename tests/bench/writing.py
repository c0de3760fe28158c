"""What it costs to keep an answer, beside the same statements given to the database without this program."""

from __future__ import annotations

import re
import shutil
import statistics
import subprocess
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import event
from sqlcipher3 import dbapi2

from esafety_tui.desk.asks import Reply
from esafety_tui.store import recipe
from tests.bench import places
from tests.bench.measure import Result, centile, clock, say
from tests.bench.terminal import ROOT, Silent, Terminal, esafety

#: The statements of one answer: text, values, whether once for each of them.
Statements = list[tuple[str, Any, bool]]
#: What is answered after the first questions: somebody is added, somebody else, then on.
ANSWERS = (
    Reply("add", {"kind": "pupil", "role": "subject", "name": "Ash Linden", "group": "P6", "age": "10"}),
    Reply("add", {"kind": "pupil", "role": "affected", "name": "Rowan Yew", "group": "P6", "age": "10"}),
    Reply("go-on"),
    Reply("recorded", {"kind": "message"}),
    Reply("add", {"whose": "Rowan Yew", "words": "They wrote it again and again, and everybody laughed."}),
    Reply("go-on"),
)
MOST_SYNCS = 6
SYNCED_CASES = 3


def bench(homes: Mapping[int, Path], cases: int, runs: int) -> list[Result]:
    """The table "Writing". cases: how many cases of six answers are timed; homes: closed, by incidents."""
    results = []
    measured = answers(homes, cases)
    for size, (raw, product) in measured.items():
        median = statistics.median(product)
        results += [
            Result(f"one answer, {size:,} incidents, median", statistics.median(raw), median, 1.5,
                   floor_is="raw sqlcipher3, the same statements in the same mode"),
            Result(f"one answer, {size:,} incidents, p99", median, centile(product, 0.99), 5.0,
                   floor_is=f"its own median; raw p99 {centile(raw, 0.99):.1f} ms"),
        ]  # fmt: skip
    least, most = min(homes), max(homes)
    if least != most:
        few, many = (statistics.median(measured[size][1]) for size in (least, most))
        results.append(Result(f"one answer, {most:,} incidents", few, many, 1.2, floor_is=f"at {least:,} incidents"))
    results += synced(homes[least])
    results += keys(homes[least], runs)
    return results


def answers(homes: Mapping[int, Path], cases: int) -> dict[int, tuple[list[float], list[float]]]:
    """Milliseconds of each answer by size: (raw, product). All in turn, each on a copy of its home."""
    with ExitStack() as stack:
        pairs = {size: stack.enter_context(Pair(home, cases)) for size, home in homes.items()}
        for case in range(cases):
            for pair in pairs.values():
                pair.open(case)
            for answer, reply in enumerate(ANSWERS):
                for pair in pairs.values():
                    pair.answer(case * len(ANSWERS) + answer, reply)
        return {size: (pair.raw, pair.product) for size, pair in pairs.items()}


class Pair:
    """The product and raw sqlcipher3, each on its own copy of a home with the same cases begun."""

    def __init__(self, home: Path, cases: int) -> None:
        say(f"  what is written for an answer: {home.name}")
        self._copies = [places.copy(home, f"{home.name}-{name}") for name in ("told", "raw", "product")]
        self._statements = told(self._copies[0], cases)
        self._driver = _driver(self._copies[1])
        self._session = places.unlock(self._copies[2])
        self._refs = [places.begun(self._session) for _ in range(cases)]
        self._ref = ""
        self.raw: list[float] = []
        self.product: list[float] = []

    def open(self, case: int) -> None:
        """Open a case, so that its being opened is no part of an answer."""
        self._ref = self._refs[case]
        self._session.casework.ask(self._ref)

    def answer(self, number: int, reply: Reply) -> None:
        """One answer, without the program and with it."""
        self.raw.append(clock(lambda: _replay(self._driver, self._statements[number])))
        self.product.append(clock(lambda: self._session.casework.reply(self._ref, reply)))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._driver.close()
        self._session.close()
        for copy in self._copies:
            shutil.rmtree(copy)


def told(home: Path, cases: int) -> list[Statements]:
    """Every statement of every answer, as the driver gets them. The home is left as raw sqlcipher3 will find it."""
    session = places.unlock(home)
    found: list[Statements] = []
    try:
        refs = [places.begun(session) for _ in range(cases)]
        shutil.copyfile(_file(home), _file(home.with_name(home.name.replace("-told", "-raw"))))
        heard: Statements = []
        with session.database.reading() as connection:
            engine = connection.engine

        @event.listens_for(engine, "before_cursor_execute")
        def hear(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
            heard.append((statement, parameters, many))

        for ref in refs:
            session.casework.ask(ref)
            for reply in ANSWERS:
                heard.clear()
                session.casework.reply(ref, reply)
                found.append(list(heard))
    finally:
        session.close()
    return found


def _file(home: Path) -> Path:
    return next(home.glob("log-*.db"))


def _driver(home: Path) -> dbapi2.Connection:
    session = places.unlock(home)
    key = session.unlocked.data_key
    session.close()
    driver = recipe.connect(_file(home), key)
    recipe.guard(driver)
    return driver


def _replay(driver: dbapi2.Connection, statements: Statements) -> None:
    for statement, parameters, many in statements:
        if many:
            driver.executemany(statement, parameters)
        else:
            driver.execute(statement, parameters).fetchall()


# ---------------------------------------------------------------- syncs


def synced(home: Path) -> list[Result]:
    """How often the disk is asked to keep what it has, for one answer."""
    if shutil.which("strace") is None:
        say("  SKIPPED: syncs of one answer (strace is not installed)")
        return []
    counts = [_syncs(home, cases) for cases in (0, SYNCED_CASES)]
    if None in counts:
        say("  SKIPPED: syncs of one answer (strace may not watch processes here)")
        return []
    per_answer = ((counts[1] or 0) - (counts[0] or 0)) / (SYNCED_CASES * len(ANSWERS))
    return [Result("syncs of one answer", None, per_answer, MOST_SYNCS, unit="", note="counted with strace")]


def _syncs(home: Path, cases: int) -> int | None:
    copy = places.copy(home, f"{home.name}-synced")
    try:
        script = ["-m", "tests.bench.writing", str(copy), str(SYNCED_CASES), str(cases)]
        calls = "trace=fsync,fdatasync,sync_file_range,msync,sync,syncfs"
        command = ["strace", "-f", "-c", "-e", calls, sys.executable, *script]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    finally:
        shutil.rmtree(copy)
    if done.returncode:
        return None
    total = re.search(r"^\s*100\.00\s+\S+\s+\S+\s+(\d+)", done.stderr, re.M)
    return int(total[1]) if total else 0


def _answer_some(home: Path, begun: int, cases: int) -> None:
    """What strace watches: so many cases begun, and some of them answered."""
    session = places.unlock(home)
    refs = [places.begun(session) for _ in range(begun)]
    for ref in refs:
        session.casework.ask(ref)
    for ref in refs[:cases]:
        for reply in ANSWERS:
            session.casework.reply(ref, reply)
    session.close()


# ---------------------------------------------------------------- keys in the wizard


def keys(home: Path, runs: int) -> list[Result]:
    """A digit in the wizard until it is acknowledged, and Enter until the next question is painted."""
    copy = places.copy(home, f"{home.name}-keys")
    digits: list[float] = []
    nexts: list[float] = []
    try:
        with Terminal(esafety(copy), _environment()) as screen:
            _into(screen)
            for _ in range(runs):
                screen.wait_for("Is anyone in danger now?", since=screen.type("n"))
                screen.settle()
                digits.append(screen.any_answer(screen.type("2")))
                screen.settle()
                nexts.append(screen.wait_for("Could it be", since=screen.type("\r")))
                screen.settle()
                screen.type("\x1b")
                screen.settle()
    except Silent as error:
        say(f"  SKIPPED: keys in the wizard ({error})")
        return []
    finally:
        shutil.rmtree(copy)
    return [
        Result("a digit in the wizard, acknowledged", None, statistics.median(digits), 33.4, note="aim: two frames"),
        Result("Enter to the next question painted", None, statistics.median(nexts), note="when Saved, kept on disk"),
    ]


def _into(screen: Terminal) -> None:
    screen.wait_for("Your password")
    screen.settle(1.0)
    screen.type(places.LOGIN + "\r")
    screen.settle()
    screen.type(places.PASSWORD)
    screen.settle()
    screen.wait_for("Open incidents", since=screen.type("\r"))
    screen.settle()


def _environment() -> dict[str, str]:
    from tests.bench.startup import environment

    return environment()


if __name__ == "__main__":
    _answer_some(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
