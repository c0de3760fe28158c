"""What else lies in a file that begins as one that is kept: a second picture behind its end, a file inside a PDF,
pictures written as letters in a text. For sniff_child.py, and as careful: the standard library alone, no picture is
decoded.

A clever hand can hide a picture in anything. What programs write by themselves (a phone, a browser, an address book, a
mail) is found.
"""

from __future__ import annotations

import zlib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

BLOCK = 1 << 20
MOST_STEPS = 2_000_000
#: How files begin that would be copied unseen, where they stand behind the end of another.
BEGINNINGS = (
    *(b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"WEBPVP8", b"II*\x00", b"MM\x00*", b"%PDF-"),
    *(b"ftyp", b"\x1a\x45\xdf\xa3", b"PK\x03\x04", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\x1f\x8b\x08"),
)
OVERLAP = 16
#: A PDF carries files under these names (ISO 32000-2, 7.11.4 and 13.6).
IN_A_PDF = (b"/EmbeddedFile", b"/RichMedia")
MOST_PACKED = 16 << 20
MOST_LISTS = 50_000
#: Letters of base64 in one piece, so many that a picture fits, or so many lines of them.
LONG_PIECE = 1000
MANY_LINES, LONG_LINE = 12, 40
FEW_LETTERS = 12
MANY_BYTES = 40
_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_\\"
_HEX = b"0123456789abcdefABCDEF"
_LETTERS = bytes(0x62 if code in _BASE64 else code if code in b"\r\n" else 0x20 for code in range(256))
_DIGITS = bytes(0x68 if code in _HEX else code if code in b"\r\n " else 0x2E for code in range(256))


def blocks(file: BinaryIO, start: int) -> Iterator[tuple[int, bytes]]:
    """The file from there on in pieces that overlap a little, each with its place."""
    file.seek(start)
    kept, at = b"", start
    while block := file.read(BLOCK):
        piece = kept + block
        yield at, piece
        kept = piece[-OVERLAP:]
        at += len(piece) - len(kept)


def begins_after(file: BinaryIO, end: int) -> bool:
    """Whether another file begins behind the end of the first."""
    return any(mark in piece for _, piece in blocks(file, end) for mark in BEGINNINGS)


def end_of(kind: str, file: BinaryIO, head: bytes) -> int | None:
    """Where a picture ends by its own account, or where that account breaks off; None where it gives none."""
    match kind:
        case "png":
            return _png_end(file)
        case "gif":
            return _gif_end(file, head)
        case "jpeg":
            return _jpeg_end(file)
        case "webp":
            return 8 + int.from_bytes(head[4:8], "little")
        case "bmp":
            size = int.from_bytes(head[2:6], "little")
            return size if size > 14 else None
        case _:
            return None


def _png_end(file: BinaryIO) -> int:
    at = 8
    for _ in range(MOST_STEPS):
        file.seek(at)
        part = file.read(8)
        if len(part) < 8:
            break
        at += 12 + int.from_bytes(part[:4], "big")
        if part[4:] == b"IEND":
            break
    return at


def _jpeg_end(file: BinaryIO) -> int | None:
    """Behind the first end mark after the picture itself begins; in its own bytes that mark cannot stand."""
    at = 2
    for _ in range(MOST_STEPS):
        file.seek(at)
        part = file.read(4)
        if len(part) < 4 or part[0] != 0xFF:
            return None
        if part[1] == 0xDA:
            break
        plain = part[1] == 0x01 or 0xD0 <= part[1] <= 0xD7
        at += 1 if part[1] == 0xFF else 2 if plain else 2 + max(int.from_bytes(part[2:], "big"), 2)
    for place, piece in blocks(file, at):
        found = piece.find(b"\xff\xd9")
        if found >= 0:
            return place + found + 2
    return None


def _gif_end(file: BinaryIO, head: bytes) -> int:
    """From block to block until the one that ends it."""
    at = 13 + (3 << (head[10] & 7) + 1 if head[10] & 0x80 else 0)
    file.seek(at)
    for _ in range(MOST_STEPS):
        kind = file.read(1)
        if kind == b"\x21":
            file.read(1)
        elif kind == b"\x2c":
            flags = file.read(9)[-1:] or b"\x00"
            file.read((3 << (flags[0] & 7) + 1 if flags[0] & 0x80 else 0) + 1)
        else:
            break
        while size := file.read(1):
            if size == b"\x00":
                break
            file.read(size[0])
    return file.tell()


# ---------------------------------------------------------------- PDF


def pdf_carries(file: BinaryIO) -> bool:
    """Whether a PDF holds other files, or what it holds cannot be told, or another file begins behind its end."""
    lists: list[int] = []
    end = 0
    for place, piece in blocks(file, 0):
        if any(name in piece for name in IN_A_PDF):
            return True
        at = piece.find(b"/ObjStm")
        while at >= 0 and len(lists) < MOST_LISTS:
            lists.append(place + at)
            at = piece.find(b"/ObjStm", at + 1)
        last = piece.rfind(b"%%EOF")
        end = place + last + 5 if last >= 0 else end
    return any(_packed_list_carries(file, at) for at in sorted(set(lists))) or (end > 0 and begins_after(file, end))


def _packed_list_carries(file: BinaryIO, at: int) -> bool:
    """Whether a packed list of objects names a file; also where it cannot be unpacked, so that nobody can tell."""
    file.seek(at)
    start = file.read(4096)
    begin = start.find(b"stream")
    if begin < 0:
        return True
    data = start[begin + 6 :].lstrip(b"\r\n")
    unpack, kept, total = zlib.decompressobj(), b"", 0
    try:
        while data and not unpack.eof and total < MOST_PACKED:
            out = unpack.decompress(data, BLOCK)
            total += len(out)
            if any(name in kept + out for name in IN_A_PDF):
                return True
            kept = out[-OVERLAP:]
            data = unpack.unconsumed_tail or file.read(4096)
    except zlib.error:
        return True
    return not unpack.eof


# ---------------------------------------------------------------- text


def written_as_letters(text: str) -> bool:
    """Whether a piece of text holds a file written as letters (base64, hexadecimal)."""
    data = text.encode("ascii", "replace")
    letters = data.translate(_LETTERS)
    at = letters.find(b"b" * LONG_PIECE)
    while at >= 0:
        if len(set(data[at : at + LONG_PIECE])) >= FEW_LETTERS:
            return True
        at = letters.find(b"b" * LONG_PIECE, at + LONG_PIECE)
    digits = data.translate(_DIGITS)
    if digits.count(b"hh hh hh hh hh hh hh hh") >= MANY_BYTES or digits.count(b"hhhh hhhh hhhh hhhh") >= MANY_BYTES:
        return True
    return b"b" * (MANY_LINES * LONG_LINE) in letters.translate(None, b"\r\n") and _many_lines(letters)


def _many_lines(letters: bytes) -> bool:
    """Whether so many long lines without a blank follow each other."""
    count = 0
    for line in letters.splitlines():
        bare = line.strip()
        count = count + 1 if len(bare) >= LONG_LINE and b" " not in bare else 0
        if count >= MANY_LINES:
            return True
    return False
