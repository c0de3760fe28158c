"""What kind of file something is, told by its content in a child process with limits (sniff_child.py)."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from esafety_tui.errors import RefusedError, StoreError

KINDS = {
    "png": "PNG picture",
    "jpeg": "JPEG picture",
    "webp": "WebP picture",
    "gif": "GIF picture",
    "bmp": "BMP picture",
    "tiff": "TIFF picture",
    "pdf": "PDF document",
    "text": "plain text",
    "video": "video",
}
PICTURES = frozenset({"png", "jpeg", "webp", "gif", "bmp", "tiff"})
NOTES = {"-": "", "cut": "The picture does not end as it should: it may be cut short."}
SECONDS = 30.0
_MOST_ANSWER = 100
_MOST_SIDE = 2**31 - 1
_KEPT_LINE = re.compile(rf"kept ({'|'.join(KINDS)}) (-|[0-9]{{1,10}}) (-|[0-9]{{1,10}}) ({'|'.join(NOTES)})")
_CHILD = Path(__file__).with_name("sniff_child.py")

_KEPT = "Kept are pictures (PNG, JPEG, WebP, GIF, BMP, TIFF), PDF, plain text and video."
_SHOT = "Take a picture of the screen instead, or describe it in words and keep the device as it is."
_UNSEEN = "It can hold pictures that nobody here has looked at, and they would be copied unseen."
_REASONS = {
    "page": ("This is a saved web page", "It saves every picture of the page, also those that nobody saw.", _SHOT),
    "carrier": ("This text carries other files", _UNSEEN, _SHOT),
    "archive": ("This is a packed file", _UNSEEN, "Do not unpack it. Describe it in words and keep the device."),
    "inside": ("This PDF carries other files", _UNSEEN, _SHOT),
    "pages": ("This TIFF holds more than one picture", "Most programs show the first alone, so the others may be "
              "copied unseen.", _SHOT),
    "two": ("This is two files in one", "Another file is hidden behind what it seems to be.",
            "Leave it where it is. Describe it in words and keep the device."),
    "document": ("This is an office document", _UNSEEN, _SHOT),
    "program": ("This is a program", "A program is not kept here.", "Do not start it. Describe it in words."),
    "sound": ("This is a sound recording", _KEPT, "Describe it in words and keep the device."),
    "picture": ("This kind of picture cannot be kept", _KEPT, _SHOT),
    "broken": ("The beginning of this file is damaged", "It begins as a picture does, but its size cannot be read.",
               "Take the picture again where that is allowed, or describe it in words."),
    "unknown": ("This kind of file cannot be kept", f"Its content is none that this program knows. {_KEPT}", _SHOT),
    "empty": ("This file is empty", "There is nothing in it to keep.", "Look whether it was saved, then try again."),
}  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """kind: a key of KINDS; width, height: dots, None where it is no picture; note: a sentence, or empty."""

    kind: str
    width: int | None
    height: int | None
    note: str = ""

    @property
    def title(self) -> str:
        """The kind in words."""
        return KINDS[self.kind]


def kind_of(descriptor: int) -> Kind:
    """Tell the kind of an open file; its place is at the beginning again afterwards.

    Raises RefusedError with the reason for what is not kept (R3: nothing is copied unseen), StoreError where the child
    gives no proper answer. Neither the file's name nor a word out of it reaches the child's command line or the error.
    """
    os.lseek(descriptor, 0, os.SEEK_SET)
    try:
        answer = _ask(descriptor)
    finally:
        os.lseek(descriptor, 0, os.SEEK_SET)
    return _read(answer)


def _ask(descriptor: int) -> bytes:
    """The child's answer, as much of it as a proper one can have."""
    command = [sys.executable, "-I", "-S", "-B", str(_CHILD)]
    # Windows cannot start a program without these; nothing else of the environment is the child's business.
    kept = {name: os.environ[name] for name in ("SYSTEMROOT", "SYSTEMDRIVE") if name in os.environ}
    hidden = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    try:
        child = subprocess.Popen(
            command,
            stdin=descriptor,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=kept,
            creationflags=hidden,
        )
    except OSError:
        raise _no_answer() from None
    timer = threading.Timer(SECONDS, child.kill)
    timer.start()
    try:
        assert child.stdout is not None
        return child.stdout.read(_MOST_ANSWER + 1)
    finally:
        timer.cancel()
        child.kill()
        child.communicate()


def _read(answer: bytes) -> Kind:
    """The answer, checked: the file may have taken the child over."""
    line = answer.decode("ascii", "replace")
    if line.startswith("refused ") and line[8:] in _REASONS:
        raise RefusedError(*_REASONS[line[8:]], rule="R3")
    told = _KEPT_LINE.fullmatch(line)
    if told is None or (told[1] in PICTURES) != (told[2] != "-") or (told[2] == "-") != (told[3] == "-"):
        raise _no_answer()
    width, height = (None if side == "-" else int(side) for side in (told[2], told[3]))
    if width is not None and height is not None and not (0 < width <= _MOST_SIDE and 0 < height <= _MOST_SIDE):
        raise _no_answer()
    return Kind(told[1], width, height, NOTES[told[4]])


def _no_answer() -> StoreError:
    return StoreError(
        "The file could not be looked at",
        "What kind it is could not be told within the limits set for that. Nothing was kept.",
        "Try once more. If it happens again, describe it in words and keep the device.",
    )
