"""Opening a file that somebody chose: an ordinary file and nothing else, only for reading, and the same to the end."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, cast

from esafety_tui.errors import EsafetyError, StoreError, UsageError

_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
# NONBLOCK: something put in place of the file since it was looked at must not make the program wait for ever.
_CAREFUL = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
# When a file was last read is evidence too; only its owner may leave that as it was.
_UNTOUCHED = getattr(os, "O_NOATIME", 0)
# A junction or other reparse point of Windows, which lstat does not call a link.
_REPARSE = 0x400

_OTHERS = (
    (stat.S_ISDIR, "This is a folder", "Choose one file in it."),
    (stat.S_ISLNK, "This is a link to another place", "Choose the file itself."),
)


@dataclass(frozen=True)
class Source:
    """An open file, its size in bytes, when it was last changed (UTC as in Stamp.at, or empty), and its name."""

    file: BinaryIO
    size: int
    modified: str
    name: str
    path: Path
    seen: os.stat_result

    def unchanged(self) -> bool:
        """Whether it is still the same file with the same size and time, at the same place. Raises OSError."""
        return _facts(os.fstat(self.file.fileno())) == _facts(self.seen) == _facts(os.lstat(self.path))


@contextmanager
def opened(path: Path) -> Iterator[Source]:
    """Open a file that is to be taken in.

    Raises UsageError for what is missing, empty, no ordinary file, or may not be read; StoreError where the disk does
    not answer. The message holds neither name nor path.
    """
    try:
        before = os.lstat(path)
        _ordinary(before)
        descriptor = _open(path)
    except (OSError, ValueError) as error:
        raise _cannot_open(error) from None
    with open(descriptor, "rb", buffering=0) as file:
        seen = os.fstat(descriptor)
        _ordinary(seen)
        if _facts(seen) != _facts(before):
            raise changed()
        if seen.st_size == 0:
            raise UsageError(
                "This file is empty", "There is nothing in it to keep.", "Look whether it was saved, then try again."
            )
        yield Source(cast(BinaryIO, file), seen.st_size, _modified(seen.st_mtime_ns), _text(path.name), path, seen)


def changed() -> EsafetyError:
    """The file is not what it was when it was opened."""
    return UsageError(
        "This file changed while it was read",
        "Something is still writing to it, or put another in its place. Nothing was kept.",
        "Wait until it is finished, then try again.",
    )


def broken_off(error: OSError) -> EsafetyError:
    """The file could not be read to its end."""
    return StoreError(
        "The file could not be read to its end",
        "The disk or stick that it is on did not answer. Nothing was kept, and the file was not touched.",
        "Check that it is plugged in, then try again.",
    )


def _open(path: Path) -> int:
    try:
        return os.open(path, _FLAGS | _CAREFUL | _UNTOUCHED)
    except PermissionError:
        if not _UNTOUCHED:
            raise
        return os.open(path, _FLAGS | _CAREFUL)


def _ordinary(seen: os.stat_result) -> None:
    for is_one, title, do in _OTHERS:
        if is_one(seen.st_mode):
            raise UsageError(title, "Only a file can be kept.", do)
    if getattr(seen, "st_file_attributes", 0) & _REPARSE and getattr(seen, "st_reparse_tag", 0) in _LINK_TAGS:
        raise UsageError("This is a link to another place", "Only a file can be kept.", "Choose the file itself.")
    if not stat.S_ISREG(seen.st_mode):
        raise UsageError("This is not a file", "It is a device or a channel of this computer.", "Choose a file.")


# IO_REPARSE_TAG_MOUNT_POINT and IO_REPARSE_TAG_SYMLINK; others are files kept elsewhere until they are read.
_LINK_TAGS = (0xA0000003, 0xA000000C)


def _facts(seen: os.stat_result) -> tuple[int, ...]:
    return seen.st_dev, seen.st_ino, seen.st_size, seen.st_mtime_ns, stat.S_IFMT(seen.st_mode)


def _cannot_open(error: OSError | ValueError) -> EsafetyError:
    code = error.errno if isinstance(error, OSError) else errno.ENOENT
    if code == errno.ELOOP:
        return UsageError("This is a link to another place", "Only a file can be kept.", "Choose the file itself.")
    if code in (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.EINVAL):
        return UsageError("There is no such file", "Nothing is at this place.", "Look at the name again.")
    if code in (errno.EACCES, errno.EPERM):
        return UsageError("This file may not be read", "Your account is not allowed to.", "Ask whoever owns it.")
    return StoreError(
        "The file could not be opened",
        "The disk or stick that it is on did not answer. Nothing was kept.",
        "Check that it is plugged in, then try again.",
    )


def _text(name: str) -> str:
    """A file's name as text that can be kept: bytes that are no text are written as \\xff."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _modified(nanoseconds: int) -> str:
    try:
        moment = datetime.fromtimestamp(nanoseconds // 10**9, UTC)
    except (OverflowError, ValueError, OSError):
        return ""  # a stick may say anything
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{nanoseconds // 10**6 % 1000:03d}Z".rjust(24, "0")
