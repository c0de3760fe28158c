"""How good a password is: the floor of this program and a well-kept library's estimate of guesses."""

from __future__ import annotations

from collections.abc import Iterable

from esafety_tui.errors import RefusedError

LEAST = 10
LEAST_SCORE = 2
WORDS = ("very weak", "weak", "fair", "good", "strong")


def strength(password: str, about: Iterable[str] = ()) -> tuple[int, str]:
    """(0 to 4, the word for it). `about`: names that a good password is not made of."""
    from zxcvbn import zxcvbn

    # The library's work grows steeply with the length; the first hundred characters decide.
    inputs = [part for text in about for part in text.split() if len(part) > 2]
    score = int(zxcvbn(password[:100], user_inputs=inputs)["score"]) if password else 0
    return score, WORDS[score]


def check_password(password: str, kind: str, about: Iterable[str] = ()) -> None:
    """Raise RefusedError for a password that is too short or too easy to guess. Test and demo homes take any."""
    if not password:
        raise RefusedError("The password is empty", "Everybody needs one of their own.", "Type one.")
    if kind in ("test", "demo"):
        return
    if len(password) < LEAST:
        raise RefusedError(
            "This password is too short", f"It has to have at least {LEAST} characters.", "Three or four words do well."
        )
    if _made_of(password, about):
        raise RefusedError(
            "This password is made of a name", "A name is the first thing that others try.", "Choose other words."
        )
    score, word = strength(password, about)
    if score < LEAST_SCORE:
        raise RefusedError(
            f"This password is {word}",
            "It could be guessed.",
            "Three or four words that do not belong together do well.",
        )


def _made_of(password: str, about: Iterable[str]) -> bool:
    """Whether little is left of a password once the names are taken out of it."""
    rest = whole = password.casefold()
    for part in sorted((part for text in about for part in text.casefold().split()), key=len, reverse=True):
        rest = rest.replace(part, "") if len(part) > 2 else rest
    return rest != whole and len([char for char in rest if char.isalnum()]) < LEAST // 2
