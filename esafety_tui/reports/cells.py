"""A disclosed cell: what a reader of an anonymous report is told of one count. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: The signs of the school census of the Department of Education for Northern Ireland (its tables' own key).
ZERO, SMALL, HIDDEN = "-", "*", "#"

Where = tuple[tuple[str, frozenset[str]], ...]


@dataclass(frozen=True)
class Cell:
    """A count and what is shown of it. times: the time atoms it covers; where: per dimension, in order of its id, the
    categories it covers; shown: the number, ZERO, SMALL (1 to threshold - 1) or HIDDEN (any number: hidden so that
    no other can be worked out)."""

    unit: str
    times: frozenset[str]
    where: Where
    shown: str
    threshold: int

    @property
    def bare(self) -> tuple[str, frozenset[str], Where]:
        """Which count it is."""
        return self.unit, self.times, self.where

    @property
    def bounds(self) -> tuple[int, int | None]:
        """The smallest and the largest number that a reader would have to believe possible; None: no largest."""
        if self.shown == ZERO:
            return 0, 0
        if self.shown == SMALL:
            return 1, self.threshold - 1
        return (0, None) if self.shown == HIDDEN else (int(self.shown), int(self.shown))

    def fits(self, value: int) -> bool:
        """Whether a reader would have to believe this value possible."""
        low, high = self.bounds
        return low <= value and (high is None or value <= high)


def place(where: Mapping[str, frozenset[str]]) -> Where:
    """The categories of a cell in their one order."""
    return tuple(sorted(where.items()))
