"""Medians of things measured in turn, and the table they are printed in."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Timed = Callable[[], float]


@dataclass(frozen=True)
class Result:
    """One line of a table. floor, product: in milliseconds unless `unit` says otherwise; target: text and ratio."""

    what: str
    floor: float | None
    product: float
    target: float | None = None
    unit: str = "ms"
    floor_is: str = ""
    note: str = ""

    @property
    def ratio(self) -> float | None:
        return self.product / self.floor if self.floor else None

    @property
    def verdict(self) -> str:
        """Whether the ratio that is aimed at was reached in this run."""
        if self.target is None:
            return ""
        reached = self.ratio if self.floor is not None else self.product
        return "reached" if reached is not None and reached <= self.target else "MISSED"


def clock(work: Callable[[], object]) -> float:
    """How many milliseconds a piece of work takes."""
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def in_turn(runs: int, *timed: Timed) -> list[list[float]]:
    """Each measured `runs` times, one after the other, so that a busy moment of the machine meets all of them."""
    found: list[list[float]] = [[] for _ in timed]
    for _ in range(runs):
        for measures, one in zip(found, timed, strict=True):
            measures.append(one())
    return found


def medians(runs: int, *timed: Timed) -> list[float]:
    """The medians of the same."""
    return [statistics.median(one) for one in in_turn(runs, *timed)]


def centile(values: Sequence[float], part: float) -> float:
    """The value below which this part of them lies."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * part), len(ordered) - 1)]


def say(text: str) -> None:
    """Progress, apart from the tables."""
    print(text, file=sys.stderr, flush=True)


def table(title: str, results: Sequence[Result]) -> None:
    """Print the figures: floor, product, ratio, what is aimed at."""
    wide = max((len(one.what) for one in results), default=10)
    print(f"\n{title}")
    print(f"  {'':{wide}}  {'floor':>11}  {'esafety':>11}  {'ratio':>6}  {'aim':>7}  ")
    for one in results:
        floor = f"{_number(one.floor)} {one.unit}" if one.floor is not None else "-"
        ratio = f"{one.ratio:.2f}" if one.ratio is not None else "-"
        aim = f"<= {one.target:g}" if one.target is not None else "-"
        product = f"{_number(one.product)} {one.unit}"
        print(f"  {one.what:{wide}}  {floor:>11}  {product:>11}  {ratio:>6}  {aim:>7}  {one.verdict}")
        for line in (f"floor: {one.floor_is}" if one.floor_is else "", one.note):
            if line:
                print(f"  {'':{wide}}    {line}")
    sys.stdout.flush()


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
