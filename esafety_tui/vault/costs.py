"""What it costs to try one password: Argon2id (RFC 9106), inside bounds that a changed header cannot
leave.
"""

from __future__ import annotations

from dataclasses import dataclass

# Two homes hold nothing real and may be cheap, so that a demonstration opens at once.
CHEAP_KINDS = frozenset({"test", "demo"})


@dataclass(frozen=True)
class Argon2Params:
    """Memory in KiB, passes over it, lanes."""

    memory_kib: int = 64 * 1024
    passes: int = 3
    lanes: int = 4

    def allowed(self, kind: str) -> bool:
        """Say whether these may be used in a home of this kind.

        The lower bound keeps a real home costly to guess at; the upper one keeps a changed header from
        taking all the memory of the machine.
        """
        if not (1 <= self.lanes <= 8 and self.memory_kib >= 8 * self.lanes):
            return False
        least = (8, 1) if kind in CHEAP_KINDS else (32 * 1024, 2)
        return least[0] <= self.memory_kib <= 512 * 1024 and least[1] <= self.passes <= 12


DEFAULT = Argon2Params()
CHEAP = Argon2Params(memory_kib=64, passes=1, lanes=1)
