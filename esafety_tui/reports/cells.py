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

    def fits(self, value: int) -> bool:
        """Whether a reader would have to believe this value possible."""
        if self.shown == ZERO:
            return value == 0
        if self.shown == SMALL:
            return 1 <= value < self.threshold
        if self.shown == HIDDEN:
            return value >= 0
        return value == int(self.shown)


def place(where: Mapping[str, frozenset[str]]) -> Where:
    """The categories of a cell in their one order."""
    return tuple(sorted(where.items()))
