"""The three recovery sheets: secrets written for people to keep and, one bad day, to type. Any two open
the home.

A sheet reads `A-7K2QX-...`: its letter and seven groups of five characters, the last of each group a
check on the other four, on the group's place and on the letter, so that a slip of the pen is named by
its group.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from esafety_tui.errors import NotLetInError, UsageError
from esafety_tui.vault import keys
from esafety_tui.vault.header import PAIRS, Header, Pair

LETTERS = "ABC"
# 32 characters, none of them 0, O, 1 or I.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
GROUPS, _DATA = 7, 4
_FIELD = 0b100101


@dataclass(frozen=True)
class Sheet:
    """One recovery sheet: its letter, the number of the set it belongs to, and the text to print. Never
    stored.
    """

    letter: str
    sheet_set: int
    text: str

    def __repr__(self) -> str:
        return f"Sheet({self.letter}, set {self.sheet_set})"


def make(data_key: bytes, vault_id: bytes, sheet_set: int) -> tuple[list[Sheet], dict[str, Pair]]:
    """Make three new sheets, and for each pair of them the data key sealed to that pair."""
    secret = {letter: _new_secret() for letter in LETTERS}
    pairs: dict[str, Pair] = {}
    for pair in PAIRS:
        private = keys.pair_key(secret[pair[0]], secret[pair[1]], vault_id, sheet_set, pair)
        public = private.public_key().public_bytes_raw()
        pairs[pair] = Pair(read=public, data_key=keys.seal(data_key, public, vault_id, _holder(pair)))
    return [Sheet(letter, sheet_set, _written(letter, secret[letter])) for letter in LETTERS], pairs


def open_pair(header: Header, first: str, second: str) -> bytes:
    """Give the data key that two sheets open; the texts as typed, in either order.

    Raises UsageError (a sheet cannot be read, with the group that is wrong; the same sheet twice) and
    NotLetInError (two proper sheets, but not of this log or not of its present set).
    """
    secret = dict([read(first), read(second)])
    if len(secret) != 2:
        raise UsageError(
            "Two different sheets are needed", "This is the same sheet twice.", "Type the one with another letter."
        )
    pair = "".join(sorted(secret))
    private = keys.pair_key(secret[pair[0]], secret[pair[1]], header.vault_id, header.sheet_set, pair)
    try:
        return keys.unseal(header.pairs[pair].data_key, private, header.vault_id, _holder(pair))
    except keys.WrongKeyError:
        raise NotLetInError(
            "These sheets do not open this log",
            "They were typed as they were printed, but they belong to another log or to an older set.",
            f"Look for the sheets that say set {header.sheet_set}.",
        ) from None


def read(text: str) -> tuple[str, str]:
    """Read a sheet as typed: (letter, secret). Case, spaces and hyphens don't matter. Raises UsageError."""
    plain = "".join(c for c in text[:1000].upper() if not c.isspace() and c not in "-–—.,:")
    if plain[:1] not in tuple(LETTERS):
        raise UsageError(
            "This is not a recovery sheet", "A sheet begins with its letter, A, B or C.", "Type the letter first."
        )
    letter, rest = plain[0], plain[1:]
    for number in range(GROUPS):
        group = rest[number * (_DATA + 1) : (number + 1) * (_DATA + 1)]
        if not _checks(letter, number, group):
            raise UsageError(
                "The sheet cannot be read",
                f"On sheet {letter} the group number {number + 1} of {GROUPS} is not as it was printed.",
                "Compare it with the paper. There is no nought, no one and no letter O or I on it.",
            )
    if len(rest) != GROUPS * (_DATA + 1):
        raise UsageError(
            "The sheet cannot be read",
            f"On sheet {letter} there is something after the last of its {GROUPS} groups.",
            "Type the letter and the groups alone.",
        )
    return letter, "".join(rest[n * (_DATA + 1) :][:_DATA] for n in range(GROUPS))


def seal(data_key: bytes, pair: Pair, vault_id: bytes, name: str) -> bytes:
    """Seal another data key to a pair of sheets that are out already: 80 bytes."""
    return keys.seal(data_key, pair.read, vault_id, _holder(name))


def public_keys(pairs: Mapping[str, Pair]) -> dict[str, bytes]:
    """Give the public reading key of each pair: what something for the recovery pairs alone is sealed to."""
    return {name: pair.read for name, pair in pairs.items()}


def _holder(pair: str) -> str:
    return f"pair:{pair}"


def _new_secret() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(GROUPS * _DATA))


def _written(letter: str, secret: str) -> str:
    groups = [secret[n * _DATA : (n + 1) * _DATA] for n in range(GROUPS)]
    checked = [group + ALPHABET[_sum(letter, n, group)] for n, group in enumerate(groups)]
    return "-".join([letter, *checked])


def _checks(letter: str, number: int, group: str) -> bool:
    if len(group) != _DATA + 1 or any(c not in ALPHABET for c in group):
        return False
    return ALPHABET[_sum(letter, number, group[:_DATA])] == group[_DATA]


def _sum(letter: str, number: int, group: str) -> int:
    """Weighted sum in the field of 32 elements: any one wrong character and any two swapped ones change
    it.
    """
    values = [*(ALPHABET.index(c) for c in group), number, LETTERS.index(letter)]
    total, weight = 0, 1
    for value in values:
        weight = _times(weight, 2)
        total ^= _times(weight, value)
    return total


def _times(a: int, b: int) -> int:
    """Multiply in the field of 32 elements (x^5 + x^2 + 1)."""
    product = 0
    while b:
        if b & 1:
            product ^= a
        a <<= 1
        if a & 0b100000:
            a ^= _FIELD
        b >>= 1
    return product
