"""An AES-256 zip (WinZip AE-2, opens with 7-Zip), written as a stream beside its name and read back before it counts.

The names of the files inside a zip are not encrypted: none of them may hold a person's name.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import zlib
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from esafety_tui.errors import StoreError
from esafety_tui.reports.pending import Packed, Pending, Progress, Stopped, dropped

PIECE = 1 << 20
#: Above this a member needs the longer fields of ZIP64; below, older tools read it too.
_LONG = 1 << 31
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*")
_WORDS, _DIGITS = 6, 4


@dataclass(frozen=True)
class Member:
    """A file of a zip. read: its bytes, from the beginning at each call. size: bytes. packs: worth compressing.

    sha256: what the bytes have to have (64 hex digits); "" where nobody knows beforehand.
    """

    path: str
    read: Callable[[], Iterable[bytes]]
    size: int
    packs: bool = False
    sha256: str = ""

    def __post_init__(self) -> None:
        if not _SAFE.fullmatch(self.path) or ".." in self.path:
            raise ValueError("a name that is not safe on every system")


def of_bytes(path: str, data: bytes, packs: bool = False) -> Member:
    """A member whose bytes are in memory."""
    return Member(path, lambda: (data,), len(data), packs, hashlib.sha256(data).hexdigest())


def passphrase() -> str:
    """A new one: six words of the BIP-39 list and four digits, 79 bits, in ASCII. Shown once, kept nowhere.

    So long because the zip's own key derivation is quick: nothing but its length makes it slow to guess.
    """
    from mnemonic import Mnemonic

    words = [secrets.choice(Mnemonic("english").wordlist) for _ in range(_WORDS)]
    return "-".join([*words, f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}d}"])


class Packing(Pending):
    """A zip under way."""

    def __init__(self, out: Path, secret: str, at: datetime, total: int, progress: Progress | None) -> None:
        super().__init__(out)
        self._secret, self._at = secret.encode("ascii"), at
        self._done, self._total, self._progress = 0, total * 2, progress
        self._hashes: dict[str, str] = {}

    def write(self, members: Iterable[Member]) -> Packed:
        """Write the members and read all of it back. Raises StoreError, Stopped, and whatever reading one raises."""
        with self.opened() as file:
            self._fill(file, members)
            file.flush()
            os.fsync(file.fileno())
            return self._read_back(file)

    def _fill(self, file: BinaryIO, members: Iterable[Member]) -> None:
        import pyzipper

        archive = pyzipper.AESZipFile(file, "w", encryption=pyzipper.WZ_AES)
        archive.setpassword(self._secret)
        finished = False
        try:
            for member in members:
                with archive.open(self._info(member), "w", force_zip64=member.size >= _LONG) as entry:
                    self._hashes[member.path] = self._copy(member, entry.write)
            archive.close()
            finished = True
        finally:
            if not finished:
                # Else its destructor would go on writing an index into a file that is being thrown away.
                archive.fp = None

    def _info(self, member: Member) -> Any:
        import pyzipper

        year = min(max(self._at.year, 1980), 2107)
        info = pyzipper.zipfile_aes.AESZipInfo(member.path, (year, *self._at.timetuple()[1:6]))
        info.compress_type = pyzipper.ZIP_DEFLATED if member.packs else pyzipper.ZIP_STORED
        info.external_attr = 0o600 << 16
        info.file_size = member.size
        return info

    def _copy(self, member: Member, take: Callable[[bytes], object]) -> str:
        """Hand on the bytes of a member; gives their SHA-256. StoreError where they are not what was recorded."""
        digest, size = hashlib.sha256(), 0
        for piece in member.read():
            take(piece)
            digest.update(piece)
            size += len(piece)
            self._told(len(piece))
        if size != member.size or member.sha256 not in ("", digest.hexdigest()):
            raise StoreError(
                "What is kept is not what was recorded",
                f"{member.path} has changed since its entry was made.",
                "Nothing was written. Run esafety verify, and keep everything as it is.",
            )
        return digest.hexdigest()

    def _read_back(self, file: BinaryIO) -> Packed:
        """Open it as anybody would, and compare every member with what went in."""
        import pyzipper

        wrong = StoreError(
            "The file could not be read back",
            "What the disk or the stick gave back is not what was written.",
            "Nothing was kept. Use another stick.",
        )
        try:
            with pyzipper.AESZipFile(file) as archive:
                archive.setpassword(self._secret)
                if archive.namelist() != list(self._hashes):
                    raise wrong
                for name, expected in self._hashes.items():
                    if self._hash_of(archive.open(name)) != expected:
                        raise wrong
        except (pyzipper.BadZipFile, zlib.error, EOFError, RuntimeError):
            raise wrong from None
        file.seek(0)
        whole, size = hashlib.sha256(), 0
        while piece := file.read(PIECE):
            whole.update(piece)
            size += len(piece)
        return Packed(whole.hexdigest(), size)

    def _hash_of(self, entry: BinaryIO) -> str:
        digest = hashlib.sha256()
        with entry:
            while piece := entry.read(PIECE):
                digest.update(piece)
                self._told(len(piece))
        return digest.hexdigest()

    def _told(self, more: int) -> None:
        self._done += more
        if self._progress is not None and self._progress(min(self._done, self._total), self._total) is True:
            raise Stopped()


def packing(
    out: Path, secret: str, at: datetime, total: int = 0, progress: Progress | None = None
) -> AbstractContextManager[Packing]:
    """A zip to be written at `out`; what is not kept when this ends is removed, whatever happened.

    at: the local time that its members carry; total: bytes to expect, for the progress. Raises UsageError where `out`
    is there already or has no folder.
    """
    return dropped(Packing(out, secret, at, total, progress))
