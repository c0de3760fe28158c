"""A file that is to leave: written beside its name, and given its name only when everything about it is kept."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeVar

from esafety_tui.errors import EsafetyError, UsageError
from esafety_tui.vault import files, header

#: No other program's: what a kill left under this name is removed by the next try.
SUFFIX = ".esafety.part"
#: The folder of a log in which plain copies lie while they are printed (R19).
PRINT_FOLDER = "print"
#: Called with the bytes done and the bytes in all; where it answers True, it stops and nothing is kept.
Progress = Callable[[int, int], object]


@dataclass(frozen=True)
class Packed:
    """What was written: its SHA-256 (64 hex digits) and size in bytes."""

    sha256: str
    size: int


class Stopped(EsafetyError):
    """Somebody asked to stop: nothing was left behind (exit 130, as any interruption)."""

    exit_code = 130

    def __init__(self) -> None:
        super().__init__("Stopped", "Nothing was written.", "Start again whenever you like.")


class Pending:
    """A file under way: `<name>.esafety.part`, for this user alone, until `keep`."""

    def __init__(self, out: Path) -> None:
        self.out, self.part = out, out.with_name(out.name + SUFFIX)

    @contextlib.contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """The new file, on the disk when this ends. Raises StoreError for whatever the disk says."""
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        try:
            self.part.unlink(missing_ok=True)
            with open(os.open(self.part, flags, 0o600), "w+b") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise files.plain_error(error, "write what was to leave") from None

    def keep(self) -> None:
        """Give it its name. Raises StoreError; UsageError where that name is taken by now."""
        refuse_existing(self.out)
        try:
            os.replace(self.part, self.out)
            files.sync_folder(self.out.parent)
        except OSError as error:
            raise files.plain_error(error, "give the file its name") from None

    def drop(self) -> None:
        """Leave nothing behind of what was not kept."""
        with contextlib.suppress(OSError):  # The stick was pulled out: there is nothing to remove any more.
            self.part.unlink(missing_ok=True)


class Plain(Pending):
    """A file that anybody can read."""

    def write(self, data: bytes) -> Packed:
        """Write it. Raises StoreError."""
        with self.opened() as file:
            file.write(data)
        return Packed(hashlib.sha256(data).hexdigest(), len(data))


P = TypeVar("P", bound=Pending)


@contextlib.contextmanager
def dropped(pending: P) -> Iterator[P]:
    """What is not kept when this ends is removed, whatever happened. Raises UsageError where the name is taken or the
    folder is not there."""
    refuse_existing(pending.out)
    try:
        yield pending
    finally:
        pending.drop()


def refuse_existing(out: Path) -> None:
    """Raise UsageError where a file is there already, its folder is not, or the folder is the program's own."""
    if str(out) == "-":
        raise UsageError("It is not written to the screen", "What leaves is a file of its own.", "Name a file.")
    if os.path.lexists(out):
        raise UsageError("There is such a file already", "It is left as it is.", "Choose another name.")
    if not out.parent.is_dir():
        raise UsageError("There is no such folder", "The file needs one to be put in.", "Name a folder that is there.")
    if inside_a_log(out):
        raise UsageError(
            "That folder is the log's own", "Nothing but the log lies there.",
            "Name another folder: best on a labelled stick.",
        )  # fmt: skip


def inside_a_log(out: Path) -> bool:
    """Whether a file would lie in the folder of a log, or in any folder of it but the one for printing."""
    try:
        folder = out.parent.resolve()
    except (OSError, RuntimeError) as error:
        raise UsageError("There is no such folder", "Its links lead nowhere.", "Name another folder.") from error
    return any(header.exists(one) and folder != one / PRINT_FOLDER for one in (folder, *folder.parents))
