"""Two people and a home, as the tests of this folder use them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from esafety_tui.vault.home import NewSlot, Sheet, Unlocked

ANN = NewSlot("p-ann", "Ann.Other", "correct horse battery")
BEN = NewSlot("p-ben", "ben", "Größe matters")


@dataclass
class Made:
    """A home as `create` gave it."""

    path: Path
    opened: Unlocked
    sheets: list[Sheet]

    @property
    def data_key(self) -> bytes:
        return self.opened.data_key


class FakeClock:
    """A clock that goes where a test puts it."""

    def __init__(self, now: float = 1_800_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now
