"""The path of a file as somebody types it, or drags it into the window."""

from __future__ import annotations

import os
from pathlib import Path

from esafety_tui.errors import UsageError


def chosen_path(typed: str) -> Path:
    """The file that somebody typed or dragged here: quotes around it are not part of it. Raises UsageError."""
    text = typed.strip()
    if text != typed and os.path.isabs(typed) and os.path.lexists(typed):
        return Path(typed)  # chosen from the list: the spaces are its name's own
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        text = text[1:-1]
    if not text or "\0" in text:
        raise UsageError("Which file?", "A file is needed here.", "Type its path, or choose it from the list.")
    try:
        return Path(text).expanduser()
    except (RuntimeError, ValueError):
        raise UsageError("That is no path of this computer", "It cannot be read.", "Type the whole path.") from None
