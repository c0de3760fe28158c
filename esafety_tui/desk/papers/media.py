"""Where a stick is plugged in, as far as this computer says: a proposal of where a bundle goes, and no more."""

from __future__ import annotations

import os
import sys
from pathlib import Path

#: Where systems put the folders of what is plugged in, and how deep below it.
_PLACES = {"linux": (("/run/media", 2), ("/media", 2), ("/media", 1)), "darwin": (("/Volumes", 1),)}
_REMOVABLE = 2  # DRIVE_REMOVABLE of GetDriveTypeW


def sticks() -> tuple[Path, ...]:
    """The folders of plugged-in media that can be written to; empty where none is found. Never raises."""
    if sys.platform == "win32":
        found = _drives()
    else:
        found = [path for place, deep in _PLACES.get(sys.platform, ()) for path in _below(Path(place), deep)]
    return tuple(dict.fromkeys(path for path in found if _plugged(path)))


def _below(place: Path, deep: int) -> list[Path]:
    try:
        return sorted(place.glob("/".join("*" * deep)))
    except OSError:
        return []


def _plugged(path: Path) -> bool:
    try:
        return not path.is_symlink() and path.is_mount() and os.access(path, os.W_OK)
    except OSError:
        return False


def _drives() -> list[Path]:
    if sys.platform != "win32":
        return []
    import ctypes

    roots = [f"{letter}:\\" for letter in "DEFGHIJKLMNOPQRSTUVWXYZ"]
    return [Path(root) for root in roots if ctypes.windll.kernel32.GetDriveTypeW(root) == _REMOVABLE]
