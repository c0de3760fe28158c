"""Small files that must never be half written: written beside, synced, renamed into place. Mode 600."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
from pathlib import Path

from esafety_tui.errors import StoreError

if sys.platform == "darwin":
    import fcntl

    def _sync(descriptor: int) -> None:
        # On macOS fsync stops at the drive's own cache.
        try:
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
        except OSError:
            os.fsync(descriptor)
else:

    def _sync(descriptor: int) -> None:
        os.fsync(descriptor)


def sync(descriptor: int) -> None:
    """Do not return before the file's bytes are on the disk. Raises OSError."""
    _sync(descriptor)


def private_folder(folder: Path) -> None:
    """Make `folder` (and what leads to it) for this user alone. One that is there already is left as it
    is.
    """
    missing = [folder, *folder.parents]
    for part in reversed([p for p in missing if not p.exists()]):
        part.mkdir(mode=0o700, exist_ok=True)


def replace(path: Path, data: bytes, *, durable: bool = True) -> None:
    """Put `data` in place of what `path` holds, whole or not at all, readable by this user alone.

    With `durable` it is on the disk when this returns; without, a power cut may still undo the change.
    The temporary name is fixed, so that a crash leaves at most one stray file, which the next write uses
    up: one writer at a time (lock.py). Raises OSError; the old file is then untouched.
    """
    beside = path.with_name(path.name + ".new")
    # Made anew each time: one that is there already could be readable by others, or a link to elsewhere.
    beside.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(beside, flags, 0o600)
    try:
        try:
            with open(descriptor, "wb", closefd=False) as file:
                file.write(data)
            if durable:
                _sync(descriptor)
        finally:
            os.close(descriptor)
        os.replace(beside, path)
    except OSError:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise
    if durable:
        sync_folder(path.parent)


def read_small(path: Path, most: int) -> bytes:
    """What a small file of ours holds, at most `most` bytes. Raises OSError for a longer one, and for what is no file:
    a link, a folder, a pipe that nobody would ever fill. Whoever may write in the folder can put those there."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags)
    with open(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), str(path))
        data = file.read(most + 1)
    if len(data) > most:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
    return data


def sync_folder(folder: Path) -> None:
    """Make a rename inside `folder` last through a power cut (Windows has no such call and needs none)."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        _sync(descriptor)
    except OSError as error:
        # Some file systems (FAT on a USB stick, network shares) cannot sync a folder: nothing more can
        # be done there.
        if error.errno not in (errno.EINVAL, errno.ENOTSUP, errno.EBADF):
            raise
    finally:
        os.close(descriptor)


def plain_error(error: OSError, doing: str) -> StoreError:
    """Turn an OSError into the sentence that a person gets; `doing` completes "The program could not ..."."""
    what = f"The program could not {doing}"
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        return StoreError("The disk is full", f"{what}: there is no room left.", "Free some space and try again.")
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return StoreError(
            "The folder cannot be written", f"{what}: this folder does not allow it.", "Choose another folder."
        )
    reason = error.strerror or "the system gave no reason"
    return StoreError("The disk did not answer as it should", f"{what} ({reason}).", "Try again, or another folder.")
