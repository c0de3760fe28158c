"""References of cases: random, so that gaps betray nothing (R10), with a check character for the telephone."""

from __future__ import annotations

from collections.abc import Sequence

#: 31 characters, none easily taken for another when read out or written by hand; a prime, so the check finds
#: every single slip and every two neighbours swapped.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 6


def make(numbers: Sequence[int]) -> str:
    """The reference of six random numbers, each 0 to 30: "7KQ2-M9X" (the last character is the check)."""
    if len(numbers) != LENGTH or not all(0 <= number < len(ALPHABET) for number in numbers):
        raise ValueError("six numbers from 0 to 30")
    body = "".join(ALPHABET[number] for number in numbers)
    return f"{body[:4]}-{body[4:]}{_check(body)}"


def tidy(text: str) -> str:
    """A reference as somebody typed it, in its proper form; "" where it cannot be one."""
    letters = "".join(char for char in text.upper() if char.isalnum())
    if len(letters) != LENGTH + 1 or any(char not in ALPHABET for char in letters):
        return ""
    return f"{letters[:4]}-{letters[4:]}" if _check(letters[:LENGTH]) == letters[LENGTH] else ""


def begun(text: str) -> str:
    """What somebody typed, as the beginning of a reference: in capitals; "" where no reference begins like that."""
    first, stroke, last = text.strip().upper().partition("-")
    known = all(char in ALPHABET for char in first + last)
    if not first or not known or len(first) > 4 or len(last) > 3 or (stroke and len(first) < 4):
        return ""
    return first + stroke + last


def _check(body: str) -> str:
    total = sum((place + 2) * ALPHABET.index(char) for place, char in enumerate(body))
    return ALPHABET[-total % len(ALPHABET)]
