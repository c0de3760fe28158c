"""One process a home. The lock is the system's own, so that a killed program leaves nothing behind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from esafety_tui.errors import StoreError
from esafety_tui.vault import files

FILE = "lock"


@contextmanager
def home_lock(home: Path) -> Iterator[None]:
    """Hold the home for this process alone, for as long as the `with` block runs.

    Raises StoreError: already open (in another window, on the command line), or the folder cannot be written.
    """
    lock = FileLock(home.resolve() / FILE, mode=0o600)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise StoreError(
            "The log is already open",
            "Another window or command on this computer has it open, and only one may write at a time.",
            "Close it there, then try again.",
        ) from None
    except (FileNotFoundError, NotADirectoryError):
        raise StoreError(
            "There is no such folder", "The folder of the log is not there.", "Check where it is."
        ) from None
    except OSError as error:
        raise files.plain_error(error, "lock the folder of the log") from None
    except NotImplementedError:
        raise StoreError(
            "This folder cannot be locked",
            "The disk or network share does not offer locks, so two programs could write at once.",
            "Keep the log on a disk of this computer.",
        ) from None
    try:
        yield
    finally:
        lock.release()
