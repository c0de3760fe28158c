"""The private print folder (R19): what is in plain words there is gone when the sitting ends, and when one begins."""

from __future__ import annotations

from pathlib import Path

from esafety_tui.errors import StoreError
from esafety_tui.reports import pending
from esafety_tui.vault import files

FOLDER = pending.PRINT_FOLDER


def folder(home: Path) -> Path:
    """The folder, made for this user alone where it is not there. Raises StoreError."""
    found = home / FOLDER
    try:
        if found.is_symlink() or not found.is_dir():
            files.private_folder(found)
        if found.is_symlink():
            raise OSError("the print folder is a link")
        found.chmod(0o700)
    except OSError as error:
        raise files.plain_error(error, "make the print folder") from None
    return found


def empty(home: Path) -> bool:
    """Remove what was put there to be printed; whether nothing is left. A link is removed, never followed."""
    found = home / FOLDER
    if found.is_symlink() or not found.is_dir():
        return True
    gone = True
    try:
        for path in found.iterdir():
            try:
                path.unlink()
            except OSError:
                gone = False  # Somebody has it open: the next sitting tries again, and says so.
    except OSError:
        return False
    return gone


def named(home: Path, name: str) -> Path:
    """A name in the folder that nothing has yet: `name` with a number before its ending where it is taken."""
    place = folder(home)
    wanted = place / name
    count = 1
    while wanted.exists():
        count += 1
        wanted = place / f"{Path(name).stem}-{count}{Path(name).suffix}"
        if count > 999:
            raise StoreError("The print folder is full", "It holds many copies.", "Lock the program: it is emptied.")
    return wanted
