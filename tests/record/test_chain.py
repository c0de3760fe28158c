"""Leaf, chain and genesis: vectors and a second implementation from FORMAT.md."""

import hashlib
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esafety_tui.record import chain, signing

VAULT, EPOCH, SALT = bytes(range(16)), bytes(range(16, 32)), bytes(range(32))


def test_vectors():
    start = chain.genesis(VAULT, EPOCH)
    leaf = chain.leaf(SALT, b'{"v":1}')
    first = chain.link(start, 1, leaf)
    far = chain.link(first, 2**40 + 7, leaf)
    assert start.hex() == "26551ff23274a1c3c9269f79f8bccee9829c0ab5f355bbd23fa704261e80eab6"
    assert leaf.hex() == "7257af011c352489dc6c3d71ebb3954f8e65e3e1f35ec85e584e5c6bb2336482"
    assert first.hex() == "c1c03aad9eb6f544f09acec84fe0fc5d08ac68a1e324743f42a9d4ca4b83d5d5"
    assert far.hex() == "ee04b5421562bcf5ea435e2cc537a220e28236bd42c712880238cc32c4aa48ad"


h32 = st.binary(min_size=32, max_size=32)
h16 = st.binary(min_size=16, max_size=16)


@given(h32, h32, st.binary(max_size=200), st.integers(1, 2**63 - 1), h16, h16)
def test_a_second_implementation_agrees(previous, salt, record, seq, vault, epoch):
    def sha(*parts):
        return hashlib.sha256(b"".join(parts)).digest()

    leaf = sha(b"esafety/entry/1", bytes(1), salt, record)
    assert chain.leaf(salt, record) == leaf
    assert chain.link(previous, seq, leaf) == sha(b"esafety/chain/1", bytes(1), previous, struct.pack(">Q", seq), leaf)
    assert chain.genesis(vault, epoch) == sha(b"esafety/genesis/1", bytes(1), vault, epoch)


def test_no_prefix_can_pass_for_another():
    prefixes = [chain.ENTRY, chain.CHAIN, chain.GENESIS, signing.SIGN, signing.KEY]
    for one in prefixes:
        assert one.endswith(b"\0")
        assert one.count(b"\0") == 1
        assert sum(other.startswith(one) for other in prefixes) == 1


def test_the_same_bytes_in_another_role_give_another_hash():
    # A record made of what a link hashes: chain value, number and leaf.
    previous, leaf = bytes(32), bytes([1]) * 32
    assert chain.link(previous, 5, leaf) != chain.leaf(previous, (5).to_bytes(8, "big") + leaf)


@pytest.mark.parametrize(
    "call",
    [
        lambda: chain.leaf(bytes(31), b""),
        lambda: chain.leaf(b"", b""),
        lambda: chain.link(bytes(31), 1, bytes(32)),
        lambda: chain.link(bytes(32), 1, bytes(33)),
        lambda: chain.link(bytes(32), 0, bytes(32)),
        lambda: chain.link(bytes(32), -1, bytes(32)),
        lambda: chain.link(bytes(32), 2**63, bytes(32)),
        lambda: chain.genesis(bytes(15), bytes(16)),
        lambda: chain.genesis(bytes(16), bytes(17)),
    ],
)
def test_wrong_lengths_are_refused(call):
    with pytest.raises(ValueError, match="must be"):
        call()
