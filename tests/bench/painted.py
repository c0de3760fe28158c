"""The log as somebody meets it: from a key press until the rows are on the terminal, beside the same with 100 rows."""

from __future__ import annotations

import random
import statistics
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from esafety_tui.desk.asks import Reply
from esafety_tui.desk.demo import demonstration as demo
from esafety_tui.desk.logbook.logfilter import LogFilter
from esafety_tui.desk.session import Session
from tests.bench import bulk
from tests.bench.measure import Result, centile, say
from tests.bench.startup import environment
from tests.bench.terminal import ROWS, Silent, Terminal, esafety

FEW = 100
#: Rows that the measured terminal shows; a row that stands there a page further down.
SCREEN, BEYOND = ROWS - 7, ROWS
PAGE_DOWN, END, HOME, ENTER, ESCAPE, UP, DOWN = "\x1b[6~", "\x1b[F", "\x1b[H", "\r", "\x1b", "\x1b[A", "\x1b[B"
WORDS = ("rowan", "unkind", "message", "hazel", "birch", "photo", "heath", "willow", "phone", "marsh", "game", "closed")
LONG, HITS = 500, 12
DAY = "2021-03-02"
FRAMES = 33.0
TO_HITS, TO_HITS_RARELY = 25.0, 60.0


@dataclass(frozen=True)
class Marks:
    """References by which it is seen that something is painted."""

    newest: str
    below: str
    oldest: str
    day: str
    #: Word, and what is painted when its last letter is typed and was not before it.
    hits: tuple[tuple[str, str], ...]
    #: A case of LONG entries and words of its last entry; nothing where there is none.
    long: str = ""


def bench(sizes: Sequence[int], runs: int) -> list[Result]:
    """The table "The log on the screen"."""
    few = _Shown(FEW, runs)
    results = [*few.case(), *few.results(None)]
    for size in sizes:
        try:
            results += _Shown(size, runs).results(few)
        except Silent as error:
            say(f"  SKIPPED: the log of {size:,} on the screen ({error})")
    return results


class _Shown:
    """One log in a terminal."""

    def __init__(self, size: int, runs: int) -> None:
        self.size, self.runs = size, runs
        self.home, self.login = bulk.home(size)
        session = bulk.unlock(self.home, self.login)
        try:
            self.marks = _marks(session, _long(session) if size == FEW else "")
        finally:
            session.close()
        self.opened = self.memory = 0.0

    def results(self, few: _Shown | None) -> list[Result]:
        """few: the same screen with 100 rows, already measured."""
        with self._log() as screen:
            self.opened = self._median(lambda: self._turn(screen, "l", self.marks.newest, ESCAPE))
            screen.type("l")
            screen.wait_for(self.marks.newest)
            screen.settle(1.0)
            down = self._median(lambda: self._turn(screen, PAGE_DOWN, self.marks.below, HOME))
            end = self._median(lambda: self._turn(screen, END, self.marks.oldest, HOME))
            day = self._median(lambda: self._go(screen))
            hits = [self._hit(screen, word, mark) for word, mark in self.marks.hits]
            self.memory = self._walk(screen)
        first = Result(self._what("l to the first rows"), few and few.opened, self.opened, 1.5 if few else None,
                       floor_is="the same screen, 100 rows" if few else "")  # fmt: skip
        found = [first, *(self._alone(what, took, FRAMES) for what, took in
                          (("page down", down), ("to the end", end))),
                 self._alone("Enter on a day to its rows", day, None)]  # fmt: skip
        if hits:
            found += [
                self._alone("last letter to painted hits, median", statistics.median(hits), TO_HITS),
                self._alone("last letter to painted hits, 95 in 100", centile(hits, 0.95), TO_HITS_RARELY),
            ]
        what = self._what(f"memory after {self.runs * 40} keys at random")
        return [*found, Result(what, few and few.memory, self.memory, 1.2 if few else None, unit="MB",
                               floor_is="the same screen, 100 rows" if few else "")]  # fmt: skip

    def case(self) -> list[Result]:
        """The page of a long case, from Enter on it."""
        with self._log() as screen:
            screen.type("l")
            screen.wait_for(self.marks.newest)
            screen.settle()
            screen.type("/")
            screen.settle()
            screen.type(self.marks.long)
            screen.settle(1.0)
            screen.type(ENTER)
            screen.settle()
            took = self._median(lambda: self._turn(screen, ENTER, "Summary", ESCAPE))
        return [self._alone(f"Enter to the page of a case of {LONG} entries", took, None)]

    @contextmanager
    def _log(self) -> Iterator[Terminal]:
        """Home, unlocked, nothing pressed."""
        with Terminal(esafety(self.home, "--as", self.login), environment()) as screen:
            screen.wait_for("Your password")
            screen.settle()
            screen.type(demo.PASSWORD)
            screen.settle()
            screen.type(ENTER)
            screen.wait_for("F9 Blank")
            screen.settle(1.0)
            screen.type(ESCAPE)  # Whoever made so large a log is asked first what was recorded in their name.
            # The log comes back as it was left, and an earlier run left it somewhere.
            for key in ("l", "x", HOME, ESCAPE):
                screen.settle(1.0)
                screen.type(key)
            screen.settle(1.0)
            yield screen

    def _turn(self, screen: Terminal, key: str, mark: str, back: str) -> float:
        took = screen.wait_for(mark, since=screen.type(key))
        screen.settle()
        screen.type(back)
        screen.settle()
        return took

    def _go(self, screen: Terminal) -> float:
        screen.type("g")
        screen.settle()
        screen.type(DAY)
        screen.settle()
        return self._turn(screen, ENTER, self.marks.day, HOME)

    def _hit(self, screen: Terminal, word: str, mark: str) -> float:
        screen.type("/")
        screen.settle()
        screen.type(word[:-1])
        screen.settle()
        took = screen.wait_for(mark, since=screen.type(word[-1]))
        screen.settle()
        screen.type(ESCAPE)
        screen.settle()
        screen.type("x")
        screen.settle()
        return took

    def _walk(self, screen: Terminal) -> float:
        """Keys at random; MB that the process had at most."""
        rng = random.Random(1)
        for _ in range(self.runs * 40):
            screen.type(rng.choice((PAGE_DOWN, PAGE_DOWN, UP, DOWN, END, HOME)))
            screen.settle(0.02)
        screen.settle()
        return screen.memory()

    def _median(self, timed: Callable[[], float]) -> float:
        return statistics.median(timed() for _ in range(self.runs))

    def _what(self, what: str) -> str:
        return f"{what}, {self.size:,} incidents"

    def _alone(self, what: str, took: float, aim: float | None) -> Result:
        return Result(self._what(what), None, took, aim, note=f"aim: {aim:g} ms" if aim else "")


def _marks(session: Session, long: str) -> Marks:
    browsing = session.browsing

    def refs(search: str = "") -> list[str]:
        return [str(row["ref"]) for row in browsing.page(LogFilter(search=search), limit=SCREEN * 2).rows]

    newest = refs()
    oldest = browsing.page(direction="before", limit=1).rows
    day = browsing.page(at=browsing.key_at(DAY), direction="from", limit=3).rows or [{"ref": newest[0]}]
    hits = []
    for word in (typed[:length] for typed in WORDS for length in range(2, len(typed) + 1)):
        before = set(refs(word[:-1])[:SCREEN])
        # Only what is surely on the screen: the first few, as the search line and the pane take room.
        mark = next((ref for ref in refs(word)[: SCREEN // 3] if ref not in before), "")
        if mark:
            hits.append((word, mark))
    return Marks(newest[0], newest[BEYOND], str(oldest[-1]["ref"]), str(day[-1]["ref"]), tuple(hits[:HITS]), long)


def _long(session: Session) -> str:
    """A case of so many entries; its notes are written where it is not there yet."""
    session.browsing.home()
    ref = str(session.browsing.home().open[0]["ref"])
    task = next(one.id for one in session.casework.tasks(ref) if one.id == "note")
    while len(session.journal.read(f"incident/{ref}")) < LONG:
        session.casework.task_reply(ref, task, Reply("add", {"text": "Rang again; nobody was there."}))
    return ref
