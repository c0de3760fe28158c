"""Whether the file that an exhibit was made from still lies where it was: looked at, never opened."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path
from typing import Protocol

from esafety_tui.errors import UsageError
from esafety_tui.incident.exhibits import Exhibit

#: What stands in an older entry for a byte of a name that is no text: the name itself is not known any more.
LOST = "\ufffd"


class From(Protocol):
    """What an exhibit or its entry says of the place that its file came from."""

    @property
    def source_path(self) -> str: ...
    @property
    def source_bytes(self) -> str: ...


def whole_path(path: Path) -> Path:
    """The same place from the root on, so that it means the same from any folder and on paper. Raises UsageError."""
    try:
        if ".." in path.parts:
            path = Path(os.path.realpath(path.parent)) / path.name
        return path.absolute()
    except OSError:
        raise UsageError(
            "The folder that the program was started in is gone", "A path without its beginning is looked for there.",
            "Type the whole path.",
        ) from None  # fmt: skip


def named(path: Path) -> tuple[str, str]:
    """A path as an entry keeps it: as text, and as bytes in hex where that text would be another name. Records are
    kept in one normal form, a file's name is whatever its folder says."""
    raw = os.fsencode(path)
    text = raw.decode("utf-8", "backslashreplace")
    plain = LOST not in text and unicodedata.normalize("NFC", text).encode("utf-8") == raw
    return text, "" if plain else raw.hex()


def place_of(one: From) -> Path | None:
    """Where the file of an exhibit lay, to the byte where that is known; None where it cannot be told."""
    if one.source_bytes:
        try:
            return Path(os.fsdecode(bytes.fromhex(one.source_bytes)))
        except ValueError:
            return None
    path = Path(one.source_path)
    return path if path.is_absolute() and LOST not in one.source_path else None


def in_its_place(one: Exhibit, computer: str = "") -> str:
    """What lies at the place of an exhibit's plain copy on this computer now: "there" (a file of its size), "other"
    (something else), "gone", or "unreachable" where nobody can look from here: its folder is not to be seen, like that
    of a stick pulled out, or it was taken in at another computer. computer: the id of this one."""
    path = place_of(one)
    if path is None or (one.computer and computer and one.computer != computer):
        return "unreachable"
    try:
        if os.path.lexists(path) and os.lstat(path).st_size == one.size:
            return "there"  # also where its folder may not be listed
        lying = _lying(path)
        if any(os.lstat(found).st_size == one.size for found in lying):
            return "there"
    except (OSError, ValueError):
        return "unreachable"
    return "other" if lying else "gone"


def _lying(path: Path) -> list[Path]:
    """What lies at a path, by its bytes or under a name that is the same in another normal form (cafe and its accent as
    one letter, or as two). Raises OSError where its folder cannot be looked into."""
    found = [path] if os.path.lexists(path) else []
    folders = [path.parent] if path.parent.is_dir() or path.parent == path else _lying(path.parent)
    if not folders:
        raise FileNotFoundError
    same = unicodedata.normalize("NFC", path.name)
    for folder in folders:
        found += [folder / name for name in os.listdir(folder) if unicodedata.normalize("NFC", name) == same]
    return found
