"""The chain of entries. SHA-256 throughout; each use has a prefix of its own, so no hash can pass for
another.

FORMAT.md, "Leaf, chain, genesis", is the same in words.
"""

from __future__ import annotations

import hashlib

ENTRY = b"esafety/entry/1\0"
CHAIN = b"esafety/chain/1\0"
GENESIS = b"esafety/genesis/1\0"

SALT_BYTES = HASH_BYTES = 32
ID_BYTES = 16
_MAX_SEQ = 2**63 - 1


def leaf(salt: bytes, record: bytes) -> bytes:
    """Hash one record: `salt` is 32 random bytes of its own, `record` the canonical bytes of header and
    payload.

    The salt makes that nothing can be guessed back from the leaf once salt and record have been disposed of.
    """
    _length("salt", salt, SALT_BYTES)
    return hashlib.sha256(ENTRY + salt + record).digest()


def link(previous: bytes, seq: int, leaf: bytes) -> bytes:
    """Give chain(seq) from chain(seq - 1) and the leaf of entry `seq` (the first entry is 1)."""
    _length("previous", previous, HASH_BYTES)
    _length("leaf", leaf, HASH_BYTES)
    if not 1 <= seq <= _MAX_SEQ:
        raise ValueError(f"seq must be between 1 and {_MAX_SEQ}, not {seq}")
    return hashlib.sha256(CHAIN + previous + seq.to_bytes(8, "big") + leaf).digest()


def genesis(vault_id: bytes, epoch: bytes) -> bytes:
    """Give chain(0): `vault_id` and `epoch` are 16 bytes each."""
    _length("vault id", vault_id, ID_BYTES)
    _length("epoch", epoch, ID_BYTES)
    return hashlib.sha256(GENESIS + vault_id + epoch).digest()


def _length(what: str, value: bytes, length: int) -> None:
    if len(value) != length:
        raise ValueError(f"{what} must be {length} bytes, not {len(value)}")
