"""Somebody who has every issued report and a solver of their own: it shares nothing with the program's but the cells.

Exact search over whole numbers: bounds are pushed through every sum until nothing moves, then a count is guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import product
from random import Random

from esafety_tui.reports.cells import Cell

Sum = tuple[tuple[tuple[int, int], ...], int, int]
#: Guesses in one go, and how often it is begun again in another order.
BUDGET, AGAIN = 150, 30


class GaveUp(Exception):
    """The search took too long to say anything."""


class Attacker:
    """What somebody can work out of the cells of reports. cats: every category of each dimension; most: no count is
    larger; guess: a number to try first for a count (of a unit, times, dimensions, categories): it only saves time."""

    def __init__(
        self, cells: Sequence[Cell], cats: Mapping[str, Sequence[str]], most: int,
        guess: Callable[[str, object, tuple[str, ...], tuple[str, ...]], int] = lambda *_: 0,
    ) -> None:  # fmt: skip
        self._cats, self._most, self._guess = cats, most, guess
        self._hints: list[int] = []
        self._order: list[float] = []
        self._vars: dict[tuple[object, ...], int] = {}
        self._sums: list[Sum] = []
        for cell in cells:
            self._told(cell)

    def _var(self, unit: str, time: object, ids: tuple[str, ...], values: tuple[str, ...]) -> int:
        key = unit, time, ids, values
        if key not in self._vars:
            self._table(unit, time, ids)
        return self._vars[key]

    def _table(self, unit: str, time: object, ids: tuple[str, ...]) -> None:
        for values in product(*(self._cats[dim] for dim in ids)):
            self._vars[unit, time, ids, values] = len(self._vars)
            self._hints.append(self._guess(unit, time, ids, values))
        for at, dim in enumerate(ids):
            rest = (*ids[:at], *ids[at + 1 :])
            for values in product(*(self._cats[other] for other in rest)):
                parts = [(self._var(unit, time, ids, (*values[:at], cat, *values[at:])), 1) for cat in self._cats[dim]]
                self._sums.append(((*parts, (self._var(unit, time, rest, values), -1)), 0, 0))

    def form(self, unit: str, times: Iterable[str], where: Iterable[tuple[str, frozenset[str]]]) -> dict[int, int]:
        """A count as a sum of unknowns."""
        where = tuple(where)
        ids = tuple(dim for dim, _ in where)
        pieces: list[object] = [frozenset(times)] if unit == "pupils" else sorted(times)
        found: dict[int, int] = {}
        for time in pieces:
            for values in product(*(sorted(cats) for _, cats in where)):
                var = self._var(unit, time, ids, values)
                found[var] = found.get(var, 0) + 1
        return found

    def knows_equal(self, one: Mapping[int, int], other: Mapping[int, int]) -> None:
        """Two counts that everybody knows to be the same."""
        both = {var: one.get(var, 0) - other.get(var, 0) for var in {*one, *other}}
        self._sums.append((tuple((var, n) for var, n in both.items() if n), 0, 0))

    def knows(self, form: Mapping[int, int], low: int, high: int) -> None:
        """That a sum is between two numbers, both included: what everybody knows who knows the procedure."""
        self._sums.append((tuple((var, n) for var, n in form.items() if n), low, high))

    def _told(self, cell: Cell) -> None:
        form = tuple(self.form(cell.unit, cell.times, cell.where).items())
        low, high = {"-": (0, 0), "*": (1, cell.threshold - 1), "#": (0, self._most)}.get(cell.shown, (-1, -1))
        if low < 0:
            low = high = int(cell.shown)
        self._sums.append((form, low, high))

    def range(self, form: Mapping[int, int]) -> tuple[int, int]:
        """The smallest and the largest that a count can be. Raises GaveUp."""
        low, high = self._bounds(form)
        while low < high and not self.possible(form, low, low):
            low += 1
        while high > low and not self.possible(form, high, high):
            high -= 1
        return low, high

    def possible(self, form: Mapping[int, int], low: int, high: int) -> bool:
        """Whether some school that fits has a count between these. Raises GaveUp."""
        sums = [*self._sums, (tuple(form.items()), low, high)]
        touched: list[list[int]] = [[] for _ in self._vars]
        for at, (parts, _, _) in enumerate(sums):
            for var, _ in parts:
                touched[var].append(at)
        for turn in range(AGAIN):
            self._left = BUDGET
            chance = Random(turn)
            self._order = [chance.random() if turn else 0.0 for _ in self._vars]
            try:
                start = [0] * len(self._vars), [self._most] * len(self._vars)
                return self._search(sums, touched, *start, range(len(sums)))
            except GaveUp:
                continue
        raise GaveUp

    def _bounds(self, form: Mapping[int, int]) -> tuple[int, int]:
        low, high = [0] * len(self._vars), [self._most] * len(self._vars)
        touched: list[list[int]] = [[] for _ in self._vars]
        for at, (parts, _, _) in enumerate(self._sums):
            for var, _ in parts:
                touched[var].append(at)
        assert _push(self._sums, touched, low, high, range(len(self._sums))), "the reports contradict each other"
        return sum(n * low[v] for v, n in form.items()), sum(n * high[v] for v, n in form.items())

    def _search(
        self, sums: list[Sum], touched: list[list[int]], low: list[int], high: list[int], start: Iterable[int]
    ) -> bool:
        self._left -= 1
        if self._left < 0:
            raise GaveUp
        if not _push(sums, touched, low, high, start):
            return False
        open_ = [var for var in range(len(low)) if low[var] < high[var]]
        if not open_:
            return True
        var = min(open_, key=lambda var: (high[var] - low[var]) * (1 + self._order[var]))
        guess = min(max(self._hints[var], low[var]), high[var])
        for least, most in ((guess, guess), (low[var], guess - 1), (guess + 1, high[var])):
            if least <= most:
                one, other = list(low), list(high)
                one[var], other[var] = least, most
                if self._search(sums, touched, one, other, touched[var]):
                    return True
        return False


def _push(
    sums: Sequence[Sum], touched: Sequence[Sequence[int]], low: list[int], high: list[int], start: Iterable[int]
) -> bool:
    """Narrow the bounds as far as single sums do; whether anything is left."""
    waiting = set(start)
    while waiting:
        parts, least, most = sums[waiting.pop()]
        smallest = sum(n * (low[v] if n > 0 else high[v]) for v, n in parts)
        largest = sum(n * (high[v] if n > 0 else low[v]) for v, n in parts)
        if smallest > most or largest < least:
            return False
        for var, n in parts:
            down = smallest - n * (low[var] if n > 0 else high[var])
            up = largest - n * (high[var] if n > 0 else low[var])
            if n > 0:
                new_low, new_high = -((up - least) // n), (most - down) // n
            else:
                new_low, new_high = -((most - down) // -n), (up - least) // -n
            new_low, new_high = max(low[var], new_low), min(high[var], new_high)
            if new_low > new_high:
                return False
            if (new_low, new_high) != (low[var], high[var]):
                # The other bounds of this sum are worked out anew in its next turn.
                low[var], high[var] = new_low, new_high
                waiting.update(touched[var])
                smallest = sum(m * (low[v] if m > 0 else high[v]) for v, m in parts)
                largest = sum(m * (high[v] if m > 0 else low[v]) for v, m in parts)
    return True
