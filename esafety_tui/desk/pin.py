"""R1: the six digits that say "I am still here" after a lock. Made for one sitting, kept in memory as slow hashes.

A PIN proves presence and never signs: it opens no key, and is of no use without the other person's own password.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field

from argon2.low_level import Type, hash_secret_raw

DIGITS = 6
MOST_ERRORS = 3
_SALT_BYTES, _HASH_BYTES = 16, 32


@dataclass(frozen=True)
class Cost:
    """What one try costs: passes over the memory, KiB of memory, lanes."""

    passes: int = 3
    memory_kib: int = 64 * 1024
    lanes: int = 1


@dataclass(frozen=True)
class _Kept:
    salt: bytes = field(repr=False)
    hash: bytes = field(repr=False)


class Pins:
    """The PINs of one sitting, one for each of the two. Void, all of them, after three errors."""

    def __init__(self, cost: Cost | None = None) -> None:
        self._cost = cost or Cost()
        self._kept: dict[str, _Kept] = {}
        self._errors = 0

    def give(self, person: str) -> str:
        """Make somebody's six digits, to be shown to them once. A PIN they had before is void."""
        digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        salt = secrets.token_bytes(_SALT_BYTES)
        self._kept[person] = _Kept(salt, self._hash(digits, salt))
        return digits

    def proves(self, person: str, digits: str) -> bool:
        """Whether these are that person's digits. A wrong answer counts; after three, none is right any more."""
        typed = "".join(digits.split())
        kept = self._kept.get(person)
        # A person without a PIN costs as much as a wrong one, so that the time tells nothing.
        salt = kept.salt if kept else bytes(_SALT_BYTES)
        right = hmac.compare_digest(self._hash(typed, salt), kept.hash if kept else bytes(_HASH_BYTES))
        if right and kept:
            self._errors = 0
            return True
        self._errors += 1
        if self._errors >= MOST_ERRORS:
            self.void()
        return False

    def void(self) -> None:
        """Forget all of them."""
        self._kept.clear()

    @property
    def valid(self) -> bool:
        """Whether there is still one that could be right."""
        return bool(self._kept)

    @property
    def tries_left(self) -> int:
        """How many wrong answers are left before all are void."""
        return MOST_ERRORS - self._errors if self.valid else 0

    def _hash(self, digits: str, salt: bytes) -> bytes:
        return hash_secret_raw(
            digits.encode("utf-8", "replace"), salt, self._cost.passes, self._cost.memory_kib, self._cost.lanes,
            _HASH_BYTES, Type.ID,
        )  # fmt: skip


@dataclass(frozen=True)
class Paused:
    """A sitting that a lock or a blanked screen paused: who were there, and the PINs. It holds no key of the log.

    proof: how the second person had proved who they are; drafts_of: whose drafts the sitting showed. The door keeps it
    while the program runs, and hands it to `opening.resume`.
    """

    first: str
    second: str
    proof: str
    clock_compared: bool
    pins: Pins = field(repr=False)
    drafts_of: str = ""

    def other(self, person: str) -> str:
        """Whose PIN is asked for when this person types their password; "" for somebody who was not there."""
        return {self.first: self.second, self.second: self.first}.get(person, "")
