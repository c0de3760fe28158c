"""What Linux says about its disks: whether one is encrypted, and where memory is swapped to."""

from __future__ import annotations

import os
from pathlib import Path

_DEEP = 8


def encrypted(root: Path, folder: Path) -> bool | None:
    """Whether the disk that holds `folder` is encrypted by the system; None where it cannot be told.

    root: where the system's files begin.
    """
    there = next((one for one in (folder, *folder.absolute().parents) if one.exists()), None)
    if there is None:
        return None
    try:
        device = there.stat().st_dev
    except OSError:
        return None
    name = f"{os.major(device)}:{os.minor(device)}"
    block = root / "sys/dev/block" / name
    if os.major(device) == 0:
        block = _behind(root, name) or block
    return _crypt(block, _DEEP) if block.exists() else None


def open_swap(root: Path) -> bool | None:
    """Whether memory may be written to a disk that is not encrypted; None where it cannot be told."""
    try:
        lines = (root / "proc/swaps").read_text(encoding="utf-8", errors="replace").splitlines()[1:]
    except OSError:
        return None
    places = [Path(line.split()[0]) for line in lines if line.split()]
    states = [_swap(root, place) for place in places]
    if any(state is False for state in states):
        return True
    return None if any(state is None for state in states) else False


def _swap(root: Path, place: Path) -> bool | None:
    """Whether one place of swap is memory itself or encrypted."""
    if place.name.startswith("zram"):
        return True
    block = root / "sys/class/block" / place.name
    if block.exists():
        return _crypt(block, _DEEP)
    inside = root / place.relative_to("/") if place.is_absolute() else place
    return encrypted(root, inside)


def _behind(root: Path, number: str) -> Path | None:
    """The disk behind a file system that has no device number of its own (btrfs)."""
    try:
        lines = (root / "proc/self/mountinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    for line in lines:
        left, _, right = line.partition(" - ")
        if left.split()[2:3] == [number] and len(right.split()) > 1:
            block = root / "sys/class/block" / Path(right.split()[1]).name
            return block if right.split()[1].startswith("/dev/") and block.exists() else None
    return None


def _crypt(block: Path, deep: int) -> bool:
    """Whether this block device, or each one that it is made of, is an encrypted one."""
    try:
        if (block / "dm/uuid").read_text(encoding="ascii").startswith("CRYPT-"):
            return True
    except (OSError, UnicodeDecodeError):
        pass  # No device mapper: then what it is made of decides.
    try:
        below = sorted((block / "slaves").iterdir())
    except OSError:
        return False
    return bool(below) and deep > 0 and all(_crypt(one, deep - 1) for one in below)
