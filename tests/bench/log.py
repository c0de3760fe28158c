"""The log: pages, jumps, search, counts, beside the same statements in raw sqlcipher3 on a connection of its own."""

from __future__ import annotations

import random
import resource
import statistics
import sys
from collections.abc import Callable, Sequence
from typing import Any

from esafety_tui.desk.logbook.logfilter import LogFilter
from esafety_tui.desk.session import Session
from esafety_tui.store import access, recipe
from esafety_tui.store.filters import Wanted, narrowed
from esafety_tui.store.pages import page_query
from esafety_tui.store.prepared import Prepared
from tests.bench import bulk
from tests.bench.measure import Result, clock, in_turn

LIMIT = 50
_COLUMNS = (
    "id, ref, opened_at, happened_at, status, class, branch, kinds, lead, second, police_referred, next_due, step,"
    " title, child_protection, restricted, last_seq, exhibits"
)
NEWEST = f"SELECT {_COLUMNS} FROM incident ORDER BY id DESC LIMIT {LIMIT}"  # noqa: S608
BELOW = f"SELECT {_COLUMNS} FROM incident WHERE id < ? ORDER BY id DESC LIMIT {LIMIT}"  # noqa: S608
HAPPENED = f"SELECT {_COLUMNS} FROM incident WHERE happened_key < ? ORDER BY happened_key DESC LIMIT {LIMIT}"  # noqa: S608
FOUND = (
    f"SELECT {_COLUMNS} FROM words JOIN incident ON incident.id = words.rowid"  # noqa: S608
    f" WHERE words MATCH ? ORDER BY words.rowid DESC LIMIT {LIMIT}"
)
#: Typed letter by letter, as somebody types it: one letter, a common word, a rare one, a host, a phrase.
TYPED = ("r", "ro", "rowan", "message", "unkind", "rowan hill", "example.com", '"a message"', "zzzz")


def bench(sizes: Sequence[int], runs: int) -> list[Result]:
    """The table "The log"."""
    results: list[Result] = []
    for size in sizes:
        folder, login = bulk.home(size)
        session = bulk.unlock(folder, login)
        try:
            different = bulk.differing(session)
            if different:
                raise SystemExit(f"The copies are not what the desk would write: {different[:3]}")
            results += _Log(session, size, runs).results()
        finally:
            session.close()
    return results


class _Log:
    """One log, open twice: as the product has it, and raw."""

    def __init__(self, session: Session, size: int, runs: int) -> None:
        self.session, self.size, self.runs = session, size, runs
        self.raw = recipe.connect(session.database.path, session.unlocked.data_key)
        self.random = random.Random(1)
        low, high = session.browse.pages.span()
        self.span = (low, high)

    def results(self) -> list[Result]:
        try:
            before = _memory()
            found = [*self._pages(), *self._searches(), self._counts(), self._case(), self._walk(before)]
        finally:
            self.raw.close()
        return found

    def _beside(self, what: str, raw: Callable[[], object], product: Callable[[], object], aim: float | None) -> Result:
        raw(), product()
        floors, products = in_turn(self.runs, lambda: clock(raw), lambda: clock(product))
        return Result(f"{what}, {self.size:,} incidents", statistics.median(floors), statistics.median(products), aim,
                      floor_is="raw sqlcipher3, the same columns, warm")  # fmt: skip

    def _pages(self) -> list[Result]:
        pages, reader = self.session.browse.pages, self.session.reader
        middle = sum(self.span) // 2
        key = pages.key_at("2021-01-01T00:00:00.000Z", "happened")

        def query(column: str = "opened", at: int = 0) -> Callable[[], object]:
            """The page query as the product runs it, with its access clause."""
            made = page_query(frozenset(), column, "<" if at else "", True, "")
            values = {**access.values(reader), "at": at, "most": LIMIT}
            return lambda: self._run(made, values)

        return [
            self._beside("newest page, the query", lambda: self._all(NEWEST), query(), 2.0),
            self._beside("a page anywhere, the query", lambda: self._all(BELOW, middle), query("opened", middle), 2.0),
            self._beside("a page by time, the query",
                         lambda: self._all(HAPPENED, key.number), query("happened", key.number), 2.0),
            self._alone("a page with its people, as rows",
                        lambda: pages.page(reader, Wanted(), limit=LIMIT), None),
            self._alone("a page as the screen gets it", lambda: self.session.browsing.page(limit=LIMIT), 33.0),
            self._alone("a jump to the end", lambda: self.session.browsing.page(direction="before"), 33.0),
            self._alone("a jump to a date", lambda: self.session.browsing.page(
                at=self.session.browsing.key_at("2021-03-02"), direction="from"), 33.0),
        ]  # fmt: skip

    def _searches(self) -> list[Result]:
        pages, reader = self.session.browse.pages, self.session.reader
        found = []
        for typed in TYPED:
            match = '{body names} : ("' + typed.strip('"').replace(".", " ") + ('"' if '"' in typed else '"*') + ")"

            def raw(match: str = match) -> object:
                return self._all(FOUND, match)

            # As the product runs it, with its access clause and its own reading of what was typed.
            band = narrowed(reader, Wanted(search=typed), (0, 0), (0, 0))
            assert band is not None, "every search of these can find something"
            made = page_query(band.shape, "opened", "", True, "found")
            values = {**band.values, "match": band.match, "most": LIMIT, "at": 0}

            def product(made: Prepared = made, values: dict[str, object] = values) -> object:
                return self._run(made, values)

            # The aim is for a page of hits: where there is none, both times are what a question costs at all.
            found.append(self._beside(f"search {typed}, the query", raw, product, 2.0 if raw() else None))
        wanted = Wanted(search="message")
        found.append(self._alone("a search with its people, as rows",
                                 lambda: pages.page(reader, wanted, limit=LIMIT), None))  # fmt: skip
        filters = Wanted(search="message", status="closed", kind="message", police=False)
        found.append(self._alone("a word with three filters",
                                 lambda: pages.page(reader, filters, limit=LIMIT), 10.0))  # fmt: skip
        rare = Wanted(search="rowan", status="halted", exhibits=True)
        found.append(self._alone("a word with filters that nothing fits",
                                 lambda: pages.page(reader, rare, limit=LIMIT), 10.0))  # fmt: skip
        return found

    def _counts(self) -> Result:
        fields = ("status", "class_", "branch")
        return self._alone("counts beside the choices of three filters",
                           lambda: self.session.browsing.counts(LogFilter(), fields), 5.0)  # fmt: skip

    def _case(self) -> Result:
        longest = self._all(
            "SELECT substr(stream, 10) FROM listing WHERE stream LIKE 'incident/%' GROUP BY stream"
            " ORDER BY count(*) DESC LIMIT 1"
        )[0][0]

        def whole() -> object:
            self.session.casework._cases.clear()
            return self.session.browsing.show(str(longest))

        return self._alone("the longest case, whole", whole, None)

    def _walk(self, before: int) -> Result:
        """Memory after a long random walk; it must not grow with what was seen."""
        browsing = self.session.browsing
        for _ in range(self.runs * 40):
            at = browsing.key_at_fraction(self.random.random())
            browsing.page(LogFilter(search=self.random.choice(("", "", "message"))), at=at, limit=LIMIT)
        return Result(f"memory above the start after {self.runs * 40} pages, {self.size:,} incidents", None,
                      float(_memory() - before), None, unit="MB", note="of them the cache: 8 MB")  # fmt: skip

    def _alone(self, what: str, work: Callable[[], object], aim: float | None) -> Result:
        work()
        taken = statistics.median(clock(work) for _ in range(self.runs))
        note = f"aim: {aim:g} ms" if aim else ""
        return Result(f"{what}, {self.size:,} incidents", None, taken, aim, note=note)

    def _run(self, made: Prepared, values: dict[str, object]) -> object:
        with self.session.database.reading() as connection:
            return made.rows(connection, values)

    def _all(self, query: str, *values: object) -> list[Any]:
        return list(self.raw.execute(query, values).fetchall())


def _memory() -> int:
    """The most memory this process had, in MB."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most // (1 << 20 if sys.platform == "darwin" else 1 << 10)
