"""The pages of a log as they are on the disk, decrypted: also those that no table uses, and what is left in them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PAGE, RESERVED, SALT, IV = 4096, 80, 16, 16


def pages(path: Path, key: bytes) -> Iterator[bytes]:
    """Every page of a SQLCipher 4 file under its raw key (32 bytes), in order, without asking SQLite."""
    whole = path.read_bytes()
    for at in range(0, len(whole), PAGE):
        page = whole[at : at + PAGE]
        iv = page[PAGE - RESERVED : PAGE - RESERVED + IV]
        plain = Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor()
        yield plain.update(page[0 if at else SALT : PAGE - RESERVED]) + plain.finalize()


def holds(path: Path, key: bytes, word: str) -> bool:
    """Whether a word (in small letters) stands in any page, in either case of its letters."""
    wanted = word.encode()
    return any(wanted in page or wanted in page.lower() for page in pages(path, key))
