"""The bytes of one evidence file: chunks of AES-256-GCM, each bound to its place and to the file it belongs to.

FORMAT.md, "Evidence files", says the same in words. A chunk that was changed, moved, dropped or taken from another
file does not open, and a file that was cut off lacks its last chunk.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC = b"esafety/evidence/1\0"
ID_BYTES = 16
HEADER_BYTES = len(MAGIC) + 2 * ID_BYTES
CHUNK = 1 << 20
TAG = 16


class DamagedFileError(Exception):
    """The file is not whole, or not the one that its name says."""


def header(vault_id: bytes, evidence_id: bytes) -> bytes:
    """How a file begins: 51 bytes, which every chunk is bound to."""
    return MAGIC + vault_id + evidence_id


def stored_size(size: int) -> int:
    """How many bytes a file of `size` bytes (at least one) has when it is stored."""
    return HEADER_BYTES + size + TAG * -(-size // CHUNK)


class Sealing:
    """Encrypts the chunks of one file in order. Every file has a key of its own, so a nonce is never used twice."""

    def __init__(self, key: bytes, vault_id: bytes, evidence_id: bytes) -> None:
        self._cipher, self._header, self._number = AESGCM(key), header(vault_id, evidence_id), 0

        self._room = bytearray(CHUNK + TAG)

    def chunk(self, plain: memoryview, last: bool) -> memoryview:
        """The next chunk: 1 MiB, or less where it is the last. What is given holds until the next call."""
        if not 0 < len(plain) <= CHUNK or (len(plain) < CHUNK and not last):
            raise ValueError("every chunk but the last is whole, and none is empty")
        sealed = memoryview(self._room)[: len(plain) + TAG]
        self._cipher.encrypt_into(_nonce(self._number, last), plain, self._header, sealed)
        self._number += 1
        return sealed


class Opening:
    """Decrypts the same. `first` are the file's first 51 bytes. Raises DamagedFileError."""

    def __init__(self, key: bytes, evidence_id: bytes, first: bytes) -> None:
        # The vault is the one that the file was taken in: a log that took another over keeps its files as they are.
        if len(first) != HEADER_BYTES or not first.startswith(MAGIC) or not first.endswith(evidence_id):
            raise DamagedFileError("it does not begin as it must")
        self._cipher, self._header, self._number = AESGCM(key), first, 0

        self._room = bytearray(CHUNK)

    def chunk(self, sealed: memoryview, last: bool) -> memoryview:
        """The next chunk in the clear. What is given holds until the next call."""
        plain = memoryview(self._room)[: max(len(sealed) - TAG, 0)]
        try:
            self._cipher.decrypt_into(_nonce(self._number, last), sealed, self._header, plain)
        except (InvalidTag, ValueError):
            raise DamagedFileError(f"part {self._number + 1} does not open") from None
        self._number += 1
        return plain


def parts(size: int) -> Iterator[tuple[int, bool]]:
    """How a file of `size` bytes is cut: the bytes of each chunk, and whether it is the last."""
    for at in range(0, size, CHUNK):
        yield min(CHUNK, size - at), at + CHUNK >= size


def fill(file: BinaryIO, room: memoryview) -> int:
    """Read until `room` is full or the file ends; gives how many bytes. Raises OSError."""
    done = 0
    while done < len(room):
        got = file.readinto(room[done:])  # type: ignore[attr-defined]
        if not got:
            break
        done += got
    return done


def plain(file: BinaryIO, key: bytes, evidence_id: bytes) -> Iterator[bytes]:
    """The original's bytes, chunk by chunk. Raises DamagedFileError, at the latest instead of the last chunk; OSError.

    What was given before an error is genuine, but not the whole.
    """
    opening = Opening(key, evidence_id, file.read(HEADER_BYTES))
    block = file.read(CHUNK + TAG)
    if not block:
        raise DamagedFileError("nothing follows its beginning")
    while block:
        following = file.read(CHUNK + TAG)
        yield bytes(opening.chunk(memoryview(block), not following))
        block = following


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
