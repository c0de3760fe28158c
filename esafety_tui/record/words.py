"""A head that a person can copy into a bound book: the entry number and six words.

The words are slow to compute on purpose (Argon2id): otherwise somebody could search for two histories
whose six words are the same. FORMAT.md, "Head in words", is the same in words.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import lru_cache

from argon2.low_level import Type, hash_secret_raw
from mnemonic import Mnemonic

from esafety_tui.record.chain import HASH_BYTES, ID_BYTES

WORDS = 6
_BITS_A_WORD = 11
_HASH_LENGTH = 16
_MAX_TEXT = 2000
_SHOWN = 20


@dataclass(frozen=True)
class Cost:
    """What one head costs to turn into words: passes over the memory, KiB of memory, lanes."""

    passes: int
    memory_kib: int
    lanes: int


# Part of the format: words copied into a book years ago must still come out the same.
HEAD_COST = Cost(passes=4, memory_kib=32 * 1024, lanes=1)


class HeadError(ValueError):
    """What was typed is not a head; the text says what is wrong and is fit for a screen once made safe()."""


@dataclass(frozen=True)
class Head:
    """A head copied from paper: entry number and six words, or the 64 digits with or without the number."""

    seq: int | None
    words: str | None = None
    chain: bytes | None = None

    def matches(self, seq: int, chain: bytes, vault_id: bytes, cost: Cost = HEAD_COST) -> bool:
        """Say whether entry `seq`, whose chain value is `chain`, is the one that was copied."""
        if self.seq is not None and self.seq != seq:
            return False
        if self.chain is not None:
            return self.chain == chain
        return self.words == head_words(chain, vault_id, cost)


def head_words(chain: bytes, vault_id: bytes, cost: Cost = HEAD_COST) -> str:
    """Give the six words of a chain value (32 bytes) in the vault `vault_id` (16 bytes), spaced."""
    if len(chain) != HASH_BYTES or len(vault_id) != ID_BYTES:
        raise ValueError("a chain value has 32 bytes and a vault id 16")
    digest = hash_secret_raw(
        chain,
        vault_id,
        time_cost=cost.passes,
        memory_cost=cost.memory_kib,
        parallelism=cost.lanes,
        hash_len=_HASH_LENGTH,
        type=Type.ID,
        version=19,
    )
    number = int.from_bytes(digest, "big") >> (_HASH_LENGTH * 8 - WORDS * _BITS_A_WORD)
    shifts = range((WORDS - 1) * _BITS_A_WORD, -1, -_BITS_A_WORD)
    return " ".join(_word_list()[number >> shift & 0x7FF] for shift in shifts)


def parse_head(text: str) -> Head:
    """Read what somebody copied or typed: "412 word word word word word word", or the 64 digits.

    Case, spaces, hyphens, commas and line breaks don't matter. Raises HeadError, which names an unknown
    word and the nearest one.
    """
    if len(text) > _MAX_TEXT:
        raise HeadError("This is too long to be an entry number and six words.")
    plain = text.strip().casefold()
    if found := _hexadecimal(plain):
        return found
    tokens = re.findall(r"\d+|[^\W\d_]+", plain)
    while len(tokens) > WORDS + 1 and tokens[0] in ("entry", "number", "no"):
        tokens = tokens[1:]
    if not tokens or not (tokens[0].isascii() and tokens[0].isdigit()):
        raise HeadError("Begin with the entry number, then the six words, as they are on the paper.")
    if not 1 <= len(tokens[0]) <= 15:
        raise HeadError("The entry number is too long.")
    words = tokens[1:]
    for word in words:
        if word not in _known():
            raise HeadError(_unknown(word))
    if len(words) != WORDS:
        raise HeadError(f"There are six words after the entry number; here are {len(words)}.")
    return Head(seq=int(tokens[0]), words=" ".join(words))


def _hexadecimal(plain: str) -> Head | None:
    digits = re.sub(r"[\s\-:.,]+", "", plain)
    if re.fullmatch(r"[0-9a-f]{64}", digits):
        return Head(seq=None, chain=bytes.fromhex(digits))
    if numbered := re.fullmatch(r"([0-9]{1,15})[\s\-:.,]+(.*)", plain, re.DOTALL):
        digits = re.sub(r"[\s\-:.,]+", "", numbered[2])
        if re.fullmatch(r"[0-9a-f]{64}", digits):
            return Head(seq=int(numbered[1]), chain=bytes.fromhex(digits))
    if re.fullmatch(r"[0-9a-f\s\-:.,]{40,}", plain):
        raise HeadError("The long form of a head has 64 digits, after the entry number where one is given.")
    return None


def _unknown(word: str) -> str:
    shown = word if len(word) <= _SHOWN else f"{word[:_SHOWN]}..."
    near = difflib.get_close_matches(word[:_SHOWN], _word_list(), n=1, cutoff=0.5)
    hint = f' Is it "{near[0]}"?' if near else ""
    return f'"{shown}" is not one of the words used here.{hint}'


@lru_cache(maxsize=1)
def _word_list() -> tuple[str, ...]:
    return tuple(Mnemonic("english").wordlist)


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return frozenset(_word_list())
