"""Who wrote an entry first, where it was taken over from another log or another copy: fields of its payload.

The entry itself is whoever's who took it over: their name and time are in its header. What is here is what that other
log has in the header of its entry, so that it can be compared with it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

#: The name of the fields in a payload. No event has a field of this name.
KEY = "origin"


@dataclass(frozen=True)
class Origin:
    """vault: the id of the log that the entry was written in; seq, chain: its number and chain value there, in hex.

    author, witness: person ids of that log, or of this one where they are somebody's here; proof, computer, at, off,
    happened, hoff, late, clockback: as in the header of that entry.
    """

    vault: str
    seq: int
    chain: str
    author: str
    witness: str | None
    proof: str
    computer: str
    at: str
    off: int
    happened: str | None
    hoff: int | None
    late: bool
    clockback: bool


_TYPES: dict[str, tuple[type, ...]] = {
    "vault": (str,), "seq": (int,), "chain": (str,), "author": (str,), "witness": (str, type(None)), "proof": (str,),
    "computer": (str,), "at": (str,), "off": (int,), "happened": (str, type(None)), "hoff": (int, type(None)),
    "late": (bool,), "clockback": (bool,),
}  # fmt: skip


def of(data: Mapping[str, Any]) -> Origin | None:
    """Who wrote the entry with this payload first; None where nothing (or nothing readable) says that it was taken
    over."""
    told = data.get(KEY)
    if not isinstance(told, dict) or set(told) != set(_TYPES):
        return None
    if not all(isinstance(told[name], types) for name, types in _TYPES.items()):
        return None
    return Origin(**told)


def added(data: Mapping[str, Any], origin: Origin) -> dict[str, Any]:
    """The payload with these fields."""
    return {**data, KEY: dataclasses.asdict(origin)}
