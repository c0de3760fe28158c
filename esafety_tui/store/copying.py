"""Copying a whole file to another disk: hashed on the way, synced, and read again from there."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from esafety_tui.errors import EsafetyError, StoreError
from esafety_tui.store.evidence import opened
from esafety_tui.vault import files

#: Told (bytes done, bytes in all); it stops where it is answered True, and nothing is kept.
Progress = Callable[[int, int], object]
LEFT_FREE = 16 << 20
_BLOCK = 1 << 20
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


class Stopped(EsafetyError):
    """Somebody stopped it while it ran; nothing is left of it (exit 130)."""

    exit_code = 130

    def __init__(self) -> None:
        super().__init__("Stopped", "Nothing was kept of it, and the log was not touched.", "Start it again any time.")


class NotWrittenError(StoreError):
    """The disk that it was to go to did not take it: nothing is said of what was read."""


class Meter:
    """How far it is, in bytes. Raises Stopped where somebody wants it to end."""

    def __init__(self, progress: Progress | None, total: int = 0) -> None:
        self._progress, self.total, self._done = progress, total, 0

    def add(self, count: int) -> None:
        """So many bytes more are done."""
        self._done += count
        self.tell()

    def tell(self) -> None:
        """Say it again, and ask."""
        if self._progress is not None and self._progress(min(self._done, self.total), self.total):
            raise Stopped()


def watched(progress: Progress | None) -> Callable[[int, int], None]:
    """The same for work that only tells how far it is: raises Stopped where it is answered True."""

    def tell(done: int, of: int) -> None:
        if progress is not None and progress(done, of):
            raise Stopped()

    return tell


def copy(source: Path, target: Path, meter: Meter) -> str:
    """Copy a file under a new name; on the disk when this returns. Gives the SHA-256 (64 hex digits) of what was read.

    Raises StoreError (of either disk, in plain words) and Stopped; what is at `target` then is for the caller to clear.
    """
    digest = hashlib.sha256()
    try:
        with opened(source) as file:
            try:
                descriptor = os.open(target, _NEW_FILE, 0o600)
            except OSError as error:
                raise not_written(error) from None
            try:
                while block := file.read(_BLOCK):
                    digest.update(block)
                    _write(descriptor, block)
                    meter.add(len(block))
                _sync(descriptor)
            finally:
                os.close(descriptor)
    except OSError as error:
        raise not_read(error) from None
    return digest.hexdigest()


def hashed(path: Path, meter: Meter) -> str:
    """The SHA-256 (64 hex digits) of a file as its disk holds it, not as memory remembers it.

    Raises OSError, Stopped.
    """
    digest = hashlib.sha256()
    with opened(path) as file:
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        while block := file.read(_BLOCK):
            digest.update(block)
            meter.add(len(block))
    return digest.hexdigest()


def room_for(folder: Path, size: int) -> None:
    """Raise StoreError where `size` bytes will not fit, before anything is copied."""
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        raise not_written(error) from None
    if free < size + LEFT_FREE:
        raise NotWrittenError(
            "There is not enough room",
            f"{_megabytes(size + LEFT_FREE, up=True)} are needed there, and {_megabytes(free)} are free. Nothing was "
            "written.",
            "Free some space there, or take a larger stick.",
        )


def rename(part: Path, final: Path) -> None:
    """Give a finished file or folder its name, on the disk when this returns. Raises StoreError."""
    try:
        os.replace(part, final)
        files.sync_folder(final.parent)
    except OSError as error:
        raise not_written(error) from None


def not_read(error: OSError) -> StoreError:
    """The file that was to be copied cannot be read."""
    if error.errno == errno.ENOENT:
        return StoreError(
            "A file is missing", "One of the files that belong to it is not there.", "Run esafety verify."
        )
    return StoreError(
        "The disk could not be read",
        f"A file that was to be copied could not be read ({error.strerror or 'no reason given'}). Nothing was changed.",
        "Check the disk and its cable, then try again.",
    )


def not_written(error: OSError) -> NotWrittenError:
    """The disk that it was to go to did not take it."""
    if error.errno == errno.EFBIG:
        return NotWrittenError(
            "The stick does not take files of this size",
            "The way it was formatted allows no file over 4 GB. Nothing was kept.",
            "Format a stick as exFAT or NTFS, or take another.",
        )
    plain = files.plain_error(error, "write the copy")
    return NotWrittenError(plain.title, plain.what, plain.do)


def _write(descriptor: int, data: bytes) -> None:
    left = memoryview(data)
    try:
        while left:
            left = left[os.write(descriptor, left) :]
    except OSError as error:
        raise not_written(error) from None


def _sync(descriptor: int) -> None:
    try:
        files.sync(descriptor)
    except OSError as error:
        raise not_written(error) from None


def _megabytes(count: int, up: bool = False) -> str:
    """A count of bytes in words, to a tenth of a megabyte; up: rather too many than too few."""
    tenths = -(-count // 10**5) if up else count // 10**5
    return f"{tenths // 10:,}.{tenths % 10} MB" if tenths < 100 else f"{-(-tenths // 10) if up else tenths // 10:,} MB"
