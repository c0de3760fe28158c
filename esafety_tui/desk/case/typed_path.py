"""The path of a file as somebody types it, or drags it into the window."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit

from esafety_tui.errors import UsageError


def chosen_path(typed: str, listed: bool = False) -> Path:
    """The file that somebody typed or dragged here: quotes around it are not part of it. listed: files to choose from
    are shown beside it. Raises UsageError."""
    text = typed.strip()
    if text != typed and os.path.isabs(typed) and os.path.lexists(typed):
        return Path(typed)  # chosen from the list: the spaces are its name's own
    if dropped := _dropped(text):
        return dropped
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        text = text[1:-1]
    if not text or "\0" in text:
        if listed:
            raise UsageError("Which file?", "A file is needed here.", "Type its path, or choose it from the list.")
        raise UsageError("Which file or folder?", "Its place is needed here.", "Type its whole path.")
    try:
        path = Path(text).expanduser()
        strange = "\ufffd" in text or (os.name != "nt" and "\\x" in text)
        if strange and not os.path.lexists(path):
            raise _not_typed()
    except (RuntimeError, ValueError):
        raise UsageError("That is no path of this computer", "It cannot be read.", "Type the whole path.") from None
    return path


def _dropped(text: str) -> Path | None:
    """A path as a terminal writes it when a file is dragged onto it: with signs before its blanks, in quotes that end
    and begin again, or as an address of this computer. None where nothing lies there by such a reading."""
    if not text or "\0" in text or os.path.lexists(text):
        return None
    found = ""
    if text.casefold().startswith("file://"):
        where = urlsplit(text)
        if where.netloc in ("", "localhost"):
            found = os.fsdecode(unquote_to_bytes(where.path))
            found = found.lstrip("/") if os.name == "nt" else found
    elif os.name != "nt":
        try:
            words = shlex.split(text)
        except ValueError:
            return None
        found = words[0] if len(words) == 1 else ""
    if "\0" in found or not os.path.lexists(found):
        return None
    return Path(found)


def _not_typed() -> UsageError:
    """A name with bytes that are no text: as it is shown, or as a terminal hands it over, it is another name."""
    return UsageError(
        "This name cannot be typed here",
        "It has signs that are no letters, and nothing has exactly the name that was typed.",
        "Choose the file from the list in the full screen: run esafety without more words.",
    )
