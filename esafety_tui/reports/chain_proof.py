"""The proof that one incident's entries are the journal's own: every leaf in order, and these records alone.

FORMAT.md, "Chain proof", describes the file; `data/documents/verify.py` checks it with nothing but Python.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from esafety_tui.store.leaves import Leaf

FORMAT = "esafety-chain-proof"
_PIECE = 500


def proof(
    leaves: Iterable[Leaf],
    stream: str,
    vault_id: bytes,
    epoch: bytes,
    head: tuple[int, bytes],
    words: str,
    base: int = 0,
    in_part: Collection[int] = (),
    absent: Collection[str] = (),
) -> Iterator[bytes]:
    """The file in pieces: a line of JSON for what the chain begins and ends with, then a line an entry.

    head: number and chain value of the last entry; words: its six words; base: the number after which the entries
    begin, for a case that is kept apart; in_part: numbers of entries of the stream that are told of without the record;
    absent: ids of exhibits whose file the log does not have. Nothing of another stream's entry than its number and leaf
    is in it: without its salt nothing can be guessed back from a leaf.
    """
    seq, chain = head
    first = {
        "format": FORMAT, "v": 1, "vault": vault_id.hex(), "epoch": epoch.hex(), "stream": stream,
        "head": {"seq": seq, "chain": chain.hex(), "words": words}, **({"base": base} if base else {}),
        **({"absent": sorted(absent)} if absent else {}),
    }  # fmt: skip
    lines = [_line(first)]
    for leaf in leaves:
        lines.append(_line(_entry(leaf) | ({"withheld": True} if leaf.seq in in_part else {})))
        if len(lines) == _PIECE:
            yield b"".join(lines)
            lines.clear()
    yield b"".join(lines)


def _entry(leaf: Leaf) -> dict[str, Any]:
    told: dict[str, Any] = {"seq": leaf.seq, "leaf": leaf.leaf.hex()}
    if leaf.salt is not None and leaf.record is not None:
        # The record is UTF-8 by its format, so that as text it is its bytes exactly, and a person can read it.
        told |= {"salt": leaf.salt.hex(), "record": leaf.record.decode("utf-8")}
    return told


def _line(value: dict[str, Any]) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode("ascii") + b"\n"
