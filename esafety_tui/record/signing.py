"""What a sign-off signs, and how it is checked: Ed25519 (RFC 8032). See FORMAT.md, "Signatures"."""

from __future__ import annotations

import hashlib
import unicodedata

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from esafety_tui.record.chain import HASH_BYTES, ID_BYTES

SIGN = b"esafety/sign/1\0"
KEY = b"esafety/key/1\0"
PUBLIC_KEY_BYTES = 32
_SIGNATURE_BYTES = 64
_FINGERPRINT_DIGITS = 24


def statement_bytes(vault_id: bytes, seq: int, chain: bytes, statement: str) -> bytes:
    """Give the bytes that are signed: this vault, this head (entry `seq`, its chain value), this
    statement as shown.

    The statement is taken in NFC, as the record keeps it. Raises ValueError on a wrong length, or on
    text that is not Unicode.
    """
    if len(chain) != HASH_BYTES or len(vault_id) != ID_BYTES or not 0 <= seq < 2**63:
        raise ValueError("a chain value has 32 bytes, a vault id 16, and an entry number is not negative")
    shown = unicodedata.normalize("NFC", statement).encode("utf-8")
    return SIGN + vault_id + seq.to_bytes(8, "big") + chain + hashlib.sha256(shown).digest()


def verify_signature(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Say whether `signature` (64 bytes) on `message` was made with the key of `public_key` (32 bytes)."""
    if len(public_key) != PUBLIC_KEY_BYTES or len(signature) != _SIGNATURE_BYTES:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def fingerprint(public_key: bytes) -> str:
    """Give a short name of a public key for print: six groups of four hex digits (96 bits of SHA-256)."""
    digits = hashlib.sha256(KEY + public_key).hexdigest()[:_FINGERPRINT_DIGITS].upper()
    return " ".join(digits[i : i + 4] for i in range(0, len(digits), 4))
