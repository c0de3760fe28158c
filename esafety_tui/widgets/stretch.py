"""A stretch out of a list that is too long to hold: the rows around the marked one, read on by keys. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

#: A row as the desk gives it, with its `ref`, its `key` in the order that is shown, and its `place` in the whole log
#: (0.0 the first, 1.0 the last; None where that cannot be told).
Row = dict[str, Any]
Edge = Literal["before", "after"]

#: Rows held at most, and how near an edge may come before more are read.
MOST, NEAR = 600, 100


@dataclass(frozen=True)
class Chunk:
    """Rows that follow each other in the list, whether there are more before and after them, and which of them
    was asked for."""

    rows: Sequence[Row]
    before: bool = False
    after: bool = False
    at: int = 0


@dataclass
class Stretch:
    """The rows held; `at`: the marked one; `top`: the first on the screen; `height`: rows on the screen."""

    rows: list[Row] = field(default_factory=list)
    before: bool = False
    after: bool = False
    at: int = 0
    top: int = 0
    height: int = 1
    #: A move that went past what is held: made up for when more is there.
    owed: int = 0

    def begin(self, chunk: Chunk, keep: int = 0) -> None:
        """Show other rows; the marked one stays `keep` lines below the top where that fills the screen."""
        self.rows, self.before, self.after, self.owed = list(chunk.rows), chunk.before, chunk.after, 0
        self.at = max(0, min(chunk.at, len(self.rows) - 1))
        self.top = self.at - keep
        self._settle()

    def extend(self, edge: Edge, chunk: Chunk) -> None:
        """More rows came at an edge; what is far from the screen is let go at the other."""
        fresh = list(chunk.rows)
        if edge == "after":
            self.rows += fresh
            self.after = chunk.after
            over = min(len(self.rows) - MOST, self.top - NEAR)
            if over > 0:
                del self.rows[:over]
                self.at, self.top, self.before = self.at - over, self.top - over, True
        else:
            self.rows[:0] = fresh
            self.at, self.top, self.before = self.at + len(fresh), self.top + len(fresh), chunk.before
            last = max(MOST, self.top + self.height + NEAR)
            if len(self.rows) > last:
                del self.rows[last:]
                self.after = True
            self._settle()  # near the end of the list the screen may have had room for more
        owed, self.owed = self.owed, 0
        if owed and fresh:
            self.move(owed, scroll=abs(owed) > 1)

    def move(self, by: int, scroll: bool = False) -> None:
        """Mark the row so many further down; `scroll`: the screen goes with it, as a page does. What is still owed the
        same way is gone as well, so that keys pressed faster than rows come are not lost."""
        wanted = self.at + by + (self.owed if self.owed * by > 0 else 0)
        self.at = max(0, min(wanted, len(self.rows) - 1))
        if scroll:
            self.top += by
        missed = wanted - self.at
        self.owed = missed if (missed > 0 and self.after) or (missed < 0 and self.before) else 0
        self._settle()

    def roll(self, by: int) -> None:
        """Move the screen over the rows, as a wheel does; the mark stays on the screen."""
        self.top = max(0, min(self.top + by, len(self.rows) - self.height))
        self.at = max(self.top, min(self.at, self.top + self.height - 1, len(self.rows) - 1))

    def resize(self, height: int) -> None:
        """So many rows fit on the screen."""
        self.height = max(1, height)
        self._settle()

    def wants(self) -> Edge | None:
        """At which edge more rows should be read now."""
        if self.after and len(self.rows) - (self.top + self.height) < NEAR:
            return "after"
        return "before" if self.before and self.top < NEAR else None

    @property
    def marked(self) -> Row | None:
        """The marked row, or None where there is none."""
        return self.rows[self.at] if self.rows else None

    def shown(self) -> list[Row]:
        """The rows on the screen."""
        return self.rows[self.top : self.top + self.height]

    def share(self) -> float | None:
        """How far down the whole list the screen is, 0.0 to 1.0; None where all of it is on the screen."""
        if not self.before and not self.after and len(self.rows) <= self.height:
            return None
        if not self.before and self.top == 0:
            return 0.0
        if not self.after and self.top + self.height >= len(self.rows):
            return 1.0
        if not self.before and not self.after:
            return self.top / max(1, len(self.rows) - self.height)
        place = self.rows[min(self.top + self.height // 2, len(self.rows) - 1)].get("place")
        return 0.5 if place is None else min(0.99, max(0.01, float(place)))

    def _settle(self) -> None:
        self.top = min(self.top, self.at)
        self.top = max(self.top, self.at - self.height + 1)
        self.top = max(0, min(self.top, len(self.rows) - self.height))
