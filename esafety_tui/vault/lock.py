"""One process a home. The lock is the system's own, so that a killed program leaves nothing behind."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from esafety_tui.errors import StoreError
from esafety_tui.vault import files

if TYPE_CHECKING:
    from filelock import BaseFileLock

FILE = "lock"


@contextmanager
def home_lock(home: Path, make: bool = False) -> Iterator[bool]:
    """Hold the home for this process alone, for as long as the `with` block runs; `make` makes a missing folder.

    Gives True; or False where nothing can be written in the folder (a read-only medium): then there is nothing to
    lock, and the log can be read. Raises StoreError: already open (in another window, on the command line), no such
    folder, or a disk that offers no locks.
    """
    try:
        if make:
            files.private_folder(home)
    except OSError as error:
        raise files.plain_error(error, "make the folder of the log") from None
    if not home.is_dir():  # FileLock would make it, readable by everybody
        raise StoreError("There is no such folder", "The folder of the log is not there.", "Check where it is.")
    from filelock import FileLock  # Here, so that the password screen does not wait for it.

    lock = FileLock(home.resolve() / FILE, mode=0o600)
    held = _take(lock)
    try:
        yield held
    finally:
        if held:
            lock.release()


def _take(lock: BaseFileLock) -> bool:
    from filelock import Timeout

    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise StoreError(
            "The log is already open",
            "Another window or command on this computer has it open, and only one may write at a time.",
            "Close it there, then try again.",
        ) from None
    except OSError as error:
        if error.errno not in (errno.EROFS, errno.EACCES, errno.EPERM):
            raise files.plain_error(error, "lock the folder of the log") from None
        return False
    except NotImplementedError:
        raise StoreError(
            "This folder cannot be locked",
            "The disk or network share does not offer locks, so two programs could write at once.",
            "Keep the log on a disk of this computer.",
        ) from None
    return True
