"""Small files of every kind, made from scratch: whole ones, broken ones, two in one."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import struct
import zipfile
import zlib

BOM = b"\xef\xbb\xbf"


def png(width: int = 3, height: int = 2, *, extra: bytes = b"") -> bytes:
    """A PNG with any sides; its pixels are those of a small one, which nobody looks at."""
    pixels = zlib.compress(b"".join(b"\x00" + b"\x10\x20\x30" * 3 for _ in range(2)))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + extra + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def text_bomb() -> bytes:
    """A PNG whose comment would take a gigabyte if anybody unpacked it."""
    packed = zlib.compress(bytes(1 << 24))
    return png(extra=_chunk(b"zTXt", b"Comment\x00\x00" + packed))


def jpeg(width: int = 640, height: int = 480, *, before: int = 0) -> bytes:
    """A JPEG with so many application segments before its frame."""
    segments = b"".join(b"\xff\xe1" + struct.pack(">H", 60_000) + bytes(59_998) for _ in range(before))
    frame = b"\xff\xc2" + struct.pack(">HBHHB", 17, 8, height, width, 3) + bytes(9)
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(9) + segments + frame + b"\xff\xda\x00\x02pixels\xff\xd9"


def gif(width: int = 20, height: int = 10, frames: int = 1) -> bytes:
    frame = b"\x2c" + bytes(8) + b"\x00\x02\x02\x44\x01\x00"
    return b"GIF89a" + struct.pack("<HHBBB", width, height, 0, 0, 0) + frame * frames + b"\x3b"


def bmp(width: int = 7, height: int = -5) -> bytes:
    return (
        b"BM" + struct.pack("<IHHIIiiHHIIiiII", 70, 0, 0, 54, 40, width, height, 1, 24, 0, 16, 0, 0, 0, 0) + bytes(16)
    )


def webp(form: bytes = b"VP8X") -> bytes:
    """640 by 480 in each of the three forms."""
    body = {
        b"VP8X": struct.pack("<I", 10) + bytes(4) + (639).to_bytes(3, "little") + (479).to_bytes(3, "little"),
        b"VP8L": struct.pack("<I", 5) + b"\x2f" + struct.pack("<I", 639 | 479 << 14),
        b"VP8 ": struct.pack("<I", 10) + b"\x00\x00\x00\x9d\x01\x2a" + struct.pack("<HH", 640, 480),
    }[form] + bytes(8)
    return b"RIFF" + struct.pack("<I", 8 + len(body)) + b"WEBP" + form + body


def tiff(order: str = "<", *, big: bool = False, more: int = 0, below: bool = False) -> bytes:
    """11 by 9, the directory at the end of the file as scanners write it. more: where the next page would be; below: a
    picture below the first."""
    mark = b"II" if order == "<" else b"MM"
    pixels = bytes(40)
    if big:
        entries = b"".join(struct.pack(order + "HHQQ", tag, 16, 1, side) for tag, side in ((256, 11), (257, 9)))
        return mark + struct.pack(order + "HHHQ", 43, 8, 0, 56) + pixels + struct.pack(order + "Q", 2) + entries
    entries = b"".join(struct.pack(order + "HHIHH", tag, 3, 1, side, 0) for tag, side in ((256, 11), (257, 9)))
    entries += struct.pack(order + "HHII", 330, 4, 1, 8) if below else b""
    count = struct.pack(order + "H", 3 if below else 2)
    return mark + struct.pack(order + "HI", 42, 48) + pixels + count + entries + struct.pack(order + "I", more)


def mp4(brand: bytes = b"isom") -> bytes:
    return struct.pack(">I", 24) + b"ftyp" + brand + bytes(4) + b"isommp42" + struct.pack(">I", 8) + b"moov"


def webm(kind: bytes = b"webm") -> bytes:
    return b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84" + kind + bytes(40)


def archive(name: str = "picture.png") -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        packed.writestr(name, b"somebody's picture")
    return held.getvalue()


def pdf(body: bytes = b"<<>>", *, packed: bytes = b"", broken: bool = False) -> bytes:
    """A PDF with one object, and a packed list of objects."""
    held = zlib.compress(packed)[: 5 if broken else None]
    lists = b"2 0 obj\n<< /Type /ObjStm /Filter /FlateDecode >>\nstream\r\n" + held + b"\nendstream\nendobj\n"
    return b"%PDF-1.7\n1 0 obj\n" + body + b"\nendobj\n" + (lists if packed else b"") + b"trailer\n<<>>\n%%EOF\n"


def in_lines(data: bytes, width: int = 76) -> bytes:
    return b"".join(data[at : at + width] + b"\r\n" for at in range(0, len(data), width))


def dump(data: bytes) -> bytes:
    """As tools print bytes."""
    lines = (f"{at:08x}  {data[at : at + 16].hex(' ')}  |................|\n" for at in range(0, len(data), 16))
    return "".join(lines).encode()


#: A picture of a kilobyte and more, written as letters.
LETTERS = base64.b64encode(hashlib.shake_256(b"a picture").digest(1500))
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
TAR = b"a.txt".ljust(257, b"\x00") + b"ustar\x0000" + bytes(247)
PAGE = b"<!DOCTYPE html>\n<html><body><img src=x></body></html>"
SAVED_PAGE = (
    b"From: <Saved by Blink>\r\nSnapshot-Content-Location: https://example.test/\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/related;\r\n\ttype="text/html"\r\n\r\n<html></html>'
)
WHOLE = {
    "png": (png(1920, 1080), (1920, 1080)),
    "jpeg": (jpeg(), (640, 480)),
    "webp": (webp(), (640, 480)),
    "gif": (gif(), (20, 10)),
    "bmp": (bmp(), (7, 5)),
    "tiff": (tiff(), (11, 9)),
    "pdf": (PDF, (None, None)),
    "text": ("10:04 Ash: you smell\n10:05 Rowan: 🙂 [/b]\n".encode(), (None, None)),
    "video": (mp4(), (None, None)),
}


def big_pdf(size: int) -> bytes:
    """A PDF with one object of so many bytes of chance."""
    body = b"<</Length %d>>\nstream\n" % size + os.urandom(size) + b"\nendstream"
    return b"%PDF-1.7\n1 0 obj\n" + body + b"\nendobj\ntrailer\n<<>>\n%%EOF\n"
