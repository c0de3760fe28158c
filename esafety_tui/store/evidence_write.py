"""Writing a file into the evidence folder: under another name, synced, renamed into place, or nothing is left."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from esafety_tui.errors import StoreError
from esafety_tui.store import troubles
from esafety_tui.store.evidence import PART, Evidence
from esafety_tui.vault import files

Write = Callable[[bytes | memoryview], None]
Sync = Callable[[], None]
LEFT_FREE = 32 << 20
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


def room_for(evidence: Evidence, size: int) -> None:
    """Raise StoreError where `size` bytes will not fit, before they are copied; and leave room for the log itself, so
    that a large file cannot keep the next answer from being saved."""
    evidence.writable()
    try:
        free = shutil.disk_usage(evidence.folder.parent).free
    except OSError:
        return  # a disk that does not say: writing will tell
    if free < size + LEFT_FREE:
        raise not_kept(OSError(errno.ENOSPC, "full"))


@contextmanager
def stored(evidence: Evidence, id: str) -> Iterator[Path]:
    """Where to write; whatever goes wrong inside, nothing is left of it."""
    final = evidence.path(id)
    part = final.with_suffix(PART)
    try:
        evidence.make_folder()
    except OSError as error:
        raise not_kept(error) from None
    try:
        yield part
    except BaseException:
        for path in (part, final):
            with suppress(OSError):  # a disk that does not even do that: verify names what is left
                path.unlink(missing_ok=True)
        raise


@contextmanager
def writing(part: Path) -> Iterator[tuple[Write, Sync]]:
    """A new file for this user alone: how to write it and to sync it. It is on the disk when the block ends well."""
    try:
        descriptor = os.open(part, _NEW_FILE, 0o600)
    except OSError as error:
        raise not_kept(error) from None
    try:
        yield partial(_write, descriptor), partial(_sync, descriptor)
        _sync(descriptor)
    finally:
        os.close(descriptor)


def _write(descriptor: int, data: bytes | memoryview) -> None:
    left = memoryview(data)
    try:
        while left:
            left = left[os.write(descriptor, left) :]
    except OSError as error:
        raise not_kept(error) from None


def _sync(descriptor: int) -> None:
    try:
        files.sync(descriptor)
    except OSError as error:
        raise not_kept(error) from None


def into_place(part: Path, final: Path) -> None:
    try:
        os.rename(part, final)
        files.sync_folder(final.parent)
    except OSError as error:
        raise not_kept(error) from None


def not_kept(error: OSError) -> StoreError:
    """What goes wrong on the log's side."""
    if error.errno == errno.EFBIG:
        return StoreError(
            "Not saved: the file is too large for this disk",
            "The disk that holds the log cannot keep a file of this size. Nothing was kept.",
            "Keep the device or stick itself, and describe it in words.",
        )
    if error.errno in (errno.EIO, errno.ENODEV, errno.ENXIO):
        return StoreError(
            "Not saved: the disk did not answer",
            "The disk that holds the log failed while the file was written. Nothing of the file was kept.",
            "Check the disk and its cable, then try again.",
        )
    return troubles.in_plain_words(error, saving=True)
