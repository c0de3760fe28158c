"""The key of a compartment, sealed to each of its readers and to each pair of recovery sheets. FORMAT.md says the same.

A box does not say whose it is: somebody tries their own key on all of them.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from esafety_tui.vault import keys, sheets
from esafety_tui.vault.header import PAIRS, Header


@dataclass(frozen=True)
class Boxes:
    """A sealed key. people: a box for each reader, in no order; pairs: by name, "AB" and so on, of the set `sheet_set`;
    80 bytes each."""

    people: tuple[bytes, ...] = field(repr=False)
    sheet_set: int
    pairs: Mapping[str, bytes] = field(repr=False)


def shut(key: bytes, header: Header, id: bytes, readers: Iterable[bytes]) -> Boxes:
    """Seal the key of compartment `id` (16 bytes) to these public reading keys and to the sheets of the header."""
    people = [keys.seal(key, public, header.vault_id, _holder(id)) for public in readers]
    secrets.SystemRandom().shuffle(people)
    public = sheets.public_keys(header.pairs)
    pairs = {name: keys.seal(key, public[name], header.vault_id, _holder(id, name)) for name in PAIRS}
    return Boxes(tuple(people), header.sheet_set, pairs)


def opened(boxes: Boxes, seed: bytes, vault_id: bytes, id: bytes) -> bytes | None:
    """The key, for the person with this seed; None where no box is theirs."""
    private = keys.reading_key(seed, vault_id)
    for box in boxes.people:
        try:
            return keys.unseal(box, private, vault_id, _holder(id))
        except (keys.WrongKeyError, ValueError):
            continue
    return None


def opened_by_sheets(boxes: Boxes, pair: str, private: X25519PrivateKey, vault_id: bytes, id: bytes) -> bytes | None:
    """The key, for two recovery sheets (sheets.pair_of); None where the box is for another set."""
    try:
        return keys.unseal(boxes.pairs[pair], private, vault_id, _holder(id, pair))
    except (keys.WrongKeyError, ValueError, KeyError):
        return None


def _holder(id: bytes, pair: str = "") -> str:
    # A person's id has no colon, so that no box of a compartment can be taken for a data key's.
    return f"compartment:{id.hex()}:{pair or 'reader'}"
