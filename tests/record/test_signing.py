"""What a sign-off signs."""

import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from esafety_tui.record.signing import fingerprint, statement_bytes, verify_signature

VAULT, CHAIN = bytes(range(16)), bytes(range(32))
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()


def test_the_bytes_are_those_of_the_format():
    expected = b"esafety/sign/1\0" + VAULT + (412).to_bytes(8, "big") + CHAIN + hashlib.sha256("Zoë".encode()).digest()
    assert statement_bytes(VAULT, 412, CHAIN, "Zoë") == expected
    assert statement_bytes(VAULT, 412, CHAIN, "Zoe\u0308") == expected


def test_a_signature_holds_for_these_bytes_and_this_key_alone():
    message = statement_bytes(VAULT, 412, CHAIN, "I judge this to be unfounded.")
    signature = KEY.sign(message)
    assert verify_signature(PUBLIC, signature, message)
    others = [
        statement_bytes(VAULT, 413, CHAIN, "I judge this to be unfounded."),
        statement_bytes(bytes(16), 412, CHAIN, "I judge this to be unfounded."),
        statement_bytes(VAULT, 412, bytes(32), "I judge this to be unfounded."),
        statement_bytes(VAULT, 412, CHAIN, "I judge this to be founded."),
    ]
    assert not any(verify_signature(PUBLIC, signature, other) for other in others)
    other_key = Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key().public_bytes_raw()
    assert not verify_signature(other_key, signature, message)
    for bit in range(0, 512, 7):
        changed = bytearray(signature)
        changed[bit // 8] ^= 1 << bit % 8
        assert not verify_signature(PUBLIC, bytes(changed), message)


@pytest.mark.parametrize(
    ("key", "signature"), [(b"", bytes(64)), (PUBLIC, b""), (PUBLIC[:31], bytes(64)), (b"\xff" * 32, bytes(64))]
)
def test_what_is_no_key_or_signature_does_not_verify(key, signature):
    assert verify_signature(key, signature, b"m") is False


@pytest.mark.parametrize(
    ("vault", "seq", "chain"), [(b"", 1, CHAIN), (VAULT, -1, CHAIN), (VAULT, 1, b""), (VAULT, 2**63, CHAIN)]
)
def test_wrong_lengths_are_refused(vault, seq, chain):
    with pytest.raises(ValueError, match="chain value"):
        statement_bytes(vault, seq, chain, "x")


def test_fingerprint():
    digits = hashlib.sha256(b"esafety/key/1\0" + PUBLIC).hexdigest().upper()
    assert fingerprint(PUBLIC) == " ".join(digits[i : i + 4] for i in range(0, 24, 4))
    assert len(fingerprint(PUBLIC)) == 29
