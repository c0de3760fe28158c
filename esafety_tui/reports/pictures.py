"""What of the exhibits paper can show: told apart by content, never by name, and bounded before anything decodes it."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass

#: A page shows no more than this; a small file may claim far more, to fill the memory of whoever opens it.
MOST_PIXELS = 50_000_000
MOST_BYTES = 32 * 1024 * 1024
#: One paper is made in memory, also on an old machine: about fifty screenshots of a usual screen.
MOST_PIXELS_TOGETHER = 110_000_000
MOST_BYTES_TOGETHER = 96 * 1024 * 1024
TOO_MUCH = "With it the paper would become too large. It is kept like the others."
NOT_A_PICTURE = "It is not a picture that paper can show."
DAMAGED = "It is damaged, so that it cannot be printed."

_STARTS = ((b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpeg"), (b"GIF87a", "gif"), (b"GIF89a", "gif"))
_NOT_SIZES = frozenset({0xC4, 0xC8, 0xCC})


@dataclass(frozen=True)
class Shown:
    """A picture that may be printed: its kind ("png", "jpeg", "gif", "webp"), size in pixels, and original bytes."""

    kind: str
    width: int
    height: int
    data: bytes


def shown(data: bytes) -> Shown | str:
    """The picture in these bytes, or a sentence that says why it is not printed."""
    kind = kind_of(data)
    if not kind:
        return NOT_A_PICTURE
    width, height = dimensions(data, kind)
    if not width or not height:
        return DAMAGED
    if width * height > MOST_PIXELS or len(data) > MOST_BYTES:
        return "It is too large to be printed."
    return Shown(kind, width, height, data)


def bounded(pictures: Iterable[bytes]) -> list[Shown | str]:
    """As `shown`, for pictures of one paper: when they come to too much, the later ones are not printed."""
    found: list[Shown | str] = []
    pixels = size = 0
    for data in pictures:
        what = shown(data)
        if isinstance(what, Shown):
            pixels, size = pixels + what.width * what.height, size + len(data)
            if pixels > MOST_PIXELS_TOGETHER or size > MOST_BYTES_TOGETHER:
                what = TOO_MUCH
        found.append(what)
    return found


def kind_of(data: bytes) -> str:
    """ "png", "jpeg", "gif", "webp", or nothing for what is not printed (video, text, PDF, other pictures)."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    return next((kind for start, kind in _STARTS if data.startswith(start)), "")


def dimensions(data: bytes, kind: str) -> tuple[int, int]:
    """Width and height in pixels as the file says itself; (0, 0) where it does not."""
    try:
        match kind:
            case "png":
                return struct.unpack(">II", data[16:24])
            case "gif":
                return struct.unpack("<HH", data[6:10])
            case "webp":
                return _webp(data)
            case _:
                return _jpeg(data)
    except (struct.error, IndexError):
        return 0, 0


def _webp(data: bytes) -> tuple[int, int]:
    match data[12:16]:
        case b"VP8X":
            return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
        case b"VP8L":
            bits = struct.unpack("<I", data[21:25])[0]
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8 ":
            width, height = struct.unpack("<HH", data[26:30])
            return width & 0x3FFF, height & 0x3FFF
        case _:
            return 0, 0


def _jpeg(data: bytes) -> tuple[int, int]:
    at = 2
    while at + 9 < len(data):
        if data[at] != 0xFF:
            return 0, 0
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
        elif 0xC0 <= marker <= 0xCF and marker not in _NOT_SIZES:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        elif marker == 0x01 or 0xD0 <= marker <= 0xD8:
            at += 2
        else:
            at += 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
    return 0, 0
