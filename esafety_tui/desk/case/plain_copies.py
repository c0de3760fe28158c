"""Whether the file that an exhibit was made from still lies where it was: looked at, never opened."""

from __future__ import annotations

import os
from pathlib import Path

from esafety_tui.incident.exhibits import Exhibit


def in_its_place(one: Exhibit) -> str:
    """What lies at the place of an exhibit's plain copy on this computer now: "there" (a file of its size), "other"
    (something else), "gone", or "unreachable" where its folder is not to be seen, like that of a stick pulled out."""
    if not one.source_path:
        return "unreachable"
    path = Path(one.source_path)
    try:
        return "there" if os.lstat(path).st_size == one.size else "other"
    except FileNotFoundError:
        return "gone" if path.parent.is_dir() else "unreachable"
    except (OSError, ValueError):
        return "unreachable"
