"""Canonical bytes of a record: one value has exactly one form, so that its hash means something years later.

UTF-8 JSON; strings and keys in Unicode NFC; keys sorted by code point; no white space; whole numbers only.
FORMAT.md, "Canonical form", is the same in words.
"""

from __future__ import annotations

import json
import unicodedata
from functools import cache
from typing import NoReturn, TypeAlias

Json: TypeAlias = "bool | int | str | list[Json] | dict[str, Json] | None"

MAX_INT = 2**53
MAX_DEPTH = 64
_SHOWN = 40


class CanonicalError(ValueError):
    """The value or the bytes have no canonical form; `place` names where, such as `data.people[3].age`."""

    def __init__(self, place: str, problem: str) -> None:
        self.place, self.problem = place or "(the whole)", problem
        super().__init__(f"{self.place}: {problem}")


def encode(value: object) -> bytes:
    """Give the canonical bytes of `value`: None, bool, int, str, and lists, tuples and dicts of these.

    Strings and keys are put into NFC. Raises CanonicalError for anything else: a float, a number beyond
    2**53, a lone surrogate, two keys that are one after NFC, more than 64 levels.
    """
    text = json.dumps(_clean(value, "", 0), ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8")


@cache
def _decoder() -> json.JSONDecoder:
    # Made once: it costs more than reading a record with it.
    return json.JSONDecoder(object_pairs_hook=_pairs, parse_float=_no_float, parse_constant=_no_float, parse_int=_whole)


def decode(data: bytes, *, strict: bool = False) -> Json:
    """Read bytes that `encode` wrote.

    With `strict` the bytes must be exactly the canonical form of what they say; without it white space,
    key order and NFC are not looked at (quicker: for bytes whose hash was checked). Floats, doubled
    keys, lone surrogates and numbers out of range are refused either way, with CanonicalError.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise CanonicalError(f"byte {error.start}", "not UTF-8") from None
    try:
        value: Json = _decoder().decode(text)
    except json.JSONDecodeError as error:
        raise CanonicalError(f"character {error.pos}", "not JSON") from None
    except RecursionError:
        raise CanonicalError("", f"nested deeper than {MAX_DEPTH} levels") from None
    # An escaped lone surrogate survives json.loads; `encode` never writes \u escapes but for control
    # characters.
    if strict and encode(value) != data:
        raise CanonicalError("", "not in canonical form")
    if not strict and "\\u" in text:
        encode(value)
    return value


def _clean(value: object, place: str, depth: int) -> Json:
    if isinstance(value, str):
        return _string(value, place)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        if not -MAX_INT <= value <= MAX_INT:
            raise CanonicalError(place, "a number beyond 2**53")
        return int(value)
    if depth >= MAX_DEPTH:
        raise CanonicalError(place, f"nested deeper than {MAX_DEPTH} levels")
    if isinstance(value, list | tuple):
        return [_clean(item, f"{place}[{i}]", depth + 1) for i, item in enumerate(value)]
    if isinstance(value, dict):
        return _mapping(value, place, depth)
    raise CanonicalError(place, f"a value of type {type(value).__name__}")


def _mapping(value: dict[object, object], place: str, depth: int) -> dict[str, Json]:
    cleaned: dict[str, Json] = {}
    for key, item in value.items():
        if not isinstance(key, str):
            raise CanonicalError(place, f"a key of type {type(key).__name__}")
        here = f"{place}.{key[:_SHOWN]}" if place else key[:_SHOWN]
        name = _string(key, here)
        if name in cleaned:
            raise CanonicalError(here, "two keys that are the same in NFC")
        cleaned[name] = _clean(item, here, depth + 1)
    return cleaned


def _string(value: str, place: str) -> str:
    if value.isascii():
        return str.__str__(value)
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise CanonicalError(ascii(place)[1:-1], "half of a surrogate pair") from None
    return unicodedata.normalize("NFC", value)


def _pairs(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise CanonicalError("", "a key appears twice")
    return found


def _whole(digits: str) -> int:
    if len(digits) > 17 or not -MAX_INT <= int(digits) <= MAX_INT:
        raise CanonicalError("", "a number beyond 2**53")
    return int(digits)


def _no_float(text: str) -> NoReturn:
    raise CanonicalError("", "a number that is not whole")
