"""Run alone, in a process of its own: says what kind of file stands at standard input, by its content.

Only the standard library, and only the few header bytes that say type and size: no picture is ever decoded, so there
is no decoder that a made-up file could break, and a picture of 50,000 by 50,000 dots is two numbers. A library that
knows more formats would decode more; what is not known here is refused anyway.

Prints one line, "kept KIND WIDTH HEIGHT NOTE" with - for nothing, or "refused WHY". Never a word out of the file.
It starts in ten milliseconds because it loads next to nothing: json and typing would take thirty more.
"""

from __future__ import annotations

import codecs
import sys
import zlib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO
if TYPE_CHECKING or __package__:
    from esafety_tui.store import sniff_inside as inside
else:  # alone in its process: the file beside it, and nothing of the package
    sys.path.insert(0, __file__[: -len("sniff_child.py")])
    import sniff_inside as inside

MEMORY = 256 << 20
SECONDS = 20
BLOCK = 1 << 20
HEAD = 64 << 10
TAIL = 66 << 10
MOST_STEPS = 100_000
MOST_SIDE = 2**31 - 1

ARCHIVES = (
    *(b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\x1f\x8b", b"BZh"),
    *(b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd", b"\x04\x22\x4d\x18", b"MSCF", b"!<arch>", b"070701", b"070707", b"xar!"),
)
PROGRAMS = (
    *(b"MZ", b"\x7fELF", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe"),
    *(b"\xca\xfe\xba\xbe", b"\x00asm", b"dex\n", b"L\x00\x00\x00\x01\x14\x02\x00", b"FWS", b"CWS"),
)
SCRIPTS = (b"#!", b"%!PS")
DOCUMENTS = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"ITSF")
# As browsers tell a page: WHATWG "MIME Sniffing", section 7.1, and what pages are saved as beside it.
PAGES = (
    *("<!doctype html", "<html", "<head", "<body", "<script", "<iframe", "<h1", "<div", "<font", "<table", "<a"),
    *("<style", "<title", "<b", "<br", "<p", "<meta", "<link", "<img", "<span", "<!--", "<?xml", "<svg", "<form"),
)
AFTER_TAG = (" ", ">", "\t", "\n", "\r", "/", "")
# A text that carries other files inside itself.
CARRIERS = (
    *(";base64,", "content-transfer-encoding: base64", "multipart/mixed", "begin 644 ", "encoding=base64"),
    *("encoding=b:", "encoding=b;", '"encoding":"base64"', '"encoding": "base64"'),
)
VIDEO_BRANDS = ("iso", "mp4", "avc", "M4V", "qt  ", "3g", "dash", "MSNV", "mmp4", "f4v", "F4V", "NDV", "XAVC", "hvc1")
STILL_BRANDS = ("hei", "hev", "mif1", "msf1", "avif", "avis")
SOUND = (b"ID3", b"OggS", b"fLaC", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2", b"\xff\xf1", b"#!AMR")


class Refused(Exception):
    """The file is none of those that are kept; the text is a word of the list in sniff.py."""


def limit() -> None:
    """Take away what this process does not need, before it reads a byte of the file."""
    codecs.lookup("utf-16-le"), codecs.lookup("utf-16-be"), codecs.lookup("utf-8")
    try:
        import resource
    except ImportError:
        return  # Windows: the parent's time limit remains
    wanted = (("AS", MEMORY), ("CPU", SECONDS), ("FSIZE", 0), ("CORE", 0), ("NPROC", 0), ("NOFILE", 3))
    for name, most in wanted:
        kind = getattr(resource, f"RLIMIT_{name}", None)
        if kind is None:
            continue
        try:
            resource.setrlimit(kind, (most, most))
        except (ValueError, OSError):
            continue  # a system that has the name and not the limit (macOS, memory)


def sniff(file: BinaryIO) -> tuple[str, int | None, int | None, str]:
    """What the file is: kind, width, height, note. Raises Refused."""
    head = file.read(HEAD)
    if not head:
        raise Refused("empty")
    for begins, measure in _PICTURES:
        if head.startswith(begins):
            found = measure(file, head)
            if found is None:
                continue
            _, width, height, _ = found
            if not (0 < width <= MOST_SIDE and 0 < height <= MOST_SIDE):
                raise Refused("broken")
            _one_file_only(file)
            end = inside.end_of(found[0], file, head)
            if end is not None and inside.begins_after(file, end):
                raise Refused("two")
            return found
    kind = _other(head)
    if kind:
        _one_file_only(file)
        if kind == "pdf" and inside.pdf_carries(file):
            raise Refused("inside")
        return kind, None, None, ""
    _refuse_known(head)
    _text(file, head)
    return "text", None, None, ""


# ---------------------------------------------------------------- pictures: (kind, width, height, note)


def _png(file: BinaryIO, head: bytes) -> tuple[str, int, int, str]:
    """The IHDR chunk: 13 bytes and their checksum."""
    if len(head) < 33 or head[8:16] != b"\x00\x00\x00\rIHDR" or zlib.crc32(head[12:29]) != _big(head, 29, 4):
        raise Refused("broken")
    return "png", _big(head, 16, 4), _big(head, 20, 4), _cut(file, b"IEND\xaeB`\x82")


def _gif(file: BinaryIO, head: bytes) -> tuple[str, int, int, str]:
    if len(head) < 13 or head[3:6] not in (b"87a", b"89a"):
        raise Refused("broken")
    return "gif", _little(head, 6, 2), _little(head, 8, 2), _cut(file, b"\x3b")


def _bmp(file: BinaryIO, head: bytes) -> tuple[str, int, int, str] | None:
    """The old header of 12 bytes has sides of 16 bits; the later ones have signed sides, upside down where negative."""
    size = _little(head, 14, 4)
    if len(head) < 30 or size not in (12, 16, 40, 52, 56, 64, 108, 124):
        return None  # two letters are not much: a text may begin with BM
    if size == 12:
        return "bmp", _little(head, 18, 2), _little(head, 20, 2), ""
    height = int.from_bytes(head[22:26], "little", signed=True)
    return "bmp", _little(head, 18, 4), abs(height), ""


def _webp(file: BinaryIO, head: bytes) -> tuple[str, int, int, str] | None:
    if head[8:12] != b"WEBP":
        return None
    form = head[12:16]
    if form == b"VP8X" and len(head) >= 30:
        return "webp", _little(head, 24, 3) + 1, _little(head, 27, 3) + 1, ""
    if form == b"VP8L" and len(head) >= 25 and head[20] == 0x2F:
        bits = _little(head, 21, 4)
        return "webp", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, ""
    if form == b"VP8 " and len(head) >= 30 and head[23:26] == b"\x9d\x01\x2a":
        return "webp", _little(head, 26, 2) & 0x3FFF, _little(head, 28, 2) & 0x3FFF, ""
    raise Refused("broken")


def _jpeg(file: BinaryIO, head: bytes) -> tuple[str, int, int, str]:
    """From segment to segment until the one that begins a frame (SOF), which has the sides."""
    at = 2
    for _ in range(MOST_STEPS):
        file.seek(at)
        part = file.read(9)
        if len(part) < 4 or part[0] != 0xFF:
            break
        marker = part[1]
        if marker == 0xFF:
            at += 1
        elif 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            if len(part) < 9:
                break
            return "jpeg", _big(part, 7, 2), _big(part, 5, 2), _cut(file, b"\xff\xd9")
        elif marker in (0x01, *range(0xD0, 0xD8)):
            at += 2
        elif marker in (0xD9, 0xDA):
            break  # the end, or the picture itself, before any frame
        else:
            at += 2 + max(_big(part, 2, 2), 2)
    raise Refused("broken")


def _tiff(file: BinaryIO, head: bytes) -> tuple[str, int, int, str]:
    """The first directory: tags 256 and 257 are the sides."""
    order: str = "little" if head[:2] == b"II" else "big"
    read = _little if order == "little" else _big
    big = read(head, 2, 2) == 43
    start, count_bytes, entry_bytes = (read(head, 8, 8), 8, 20) if big else (read(head, 4, 4), 2, 12)
    if start >= 2**62:
        raise Refused("broken")
    file.seek(start)
    count = read(file.read(count_bytes), 0, count_bytes)
    sides: dict[int, int] = {}
    tags: set[int] = set()
    for _ in range(min(count, 4096)):
        entry = file.read(entry_bytes)
        if len(entry) < entry_bytes:
            break
        tag, kind = read(entry, 0, 2), read(entry, 2, 2)
        tags.add(tag)
        if tag in (256, 257) and kind in (3, 4, 16):
            sides[tag] = read(entry, 12 if big else 8, {3: 2, 4: 4, 16: 8}[kind])
    if len(sides) < 2:
        raise Refused("broken")
    if read(file.read(8 if big else 4), 0, 8 if big else 4) or 330 in tags:
        raise Refused("pages")
    return "tiff", sides[256], sides[257], ""


_PICTURES = (
    (b"\x89PNG\r\n\x1a\n", _png),
    (b"\xff\xd8\xff", _jpeg),
    (b"GIF8", _gif),
    (b"RIFF", _webp),
    (b"BM", _bmp),
    *((mark, _tiff) for mark in (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")),
)


# ---------------------------------------------------------------- everything else


def _other(head: bytes) -> str:
    """PDF or video; empty where it is neither."""
    if head.startswith(b"%PDF-"):
        return "pdf"
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        return "video"
    if head.startswith(b"\x1a\x45\xdf\xa3") and (b"webm" in head[:4096] or b"matroska" in head[:4096]):
        return "video"
    if head[4:8] == b"ftyp":
        brand = head[8:12].decode("latin-1")
        if brand.startswith(STILL_BRANDS):
            raise Refused("picture")
        if brand.startswith(VIDEO_BRANDS):
            return "video"
        raise Refused("sound" if brand.startswith("M4") else "unknown")
    if head[4:8] in (b"moov", b"mdat", b"wide") and not _looks_like_text(head):
        return "video"
    return ""


def _refuse_known(head: bytes) -> None:
    """What can be named, so that the person learns why it is not kept."""
    if head.startswith(SCRIPTS) and not head.startswith(b"#!AMR"):
        raise Refused("program")
    if head.startswith(b"{\\rtf"):
        raise Refused("document")
    if _looks_like_text(head):
        return  # "MZ" and "ID3" are also how a line may begin
    if head.startswith(SOUND) or (head[:4] == b"RIFF" and head[8:12] == b"WAVE"):
        raise Refused("sound")
    if head.startswith(b"bplist"):
        raise Refused("page")
    if head.startswith(ARCHIVES) or head[257:262] == b"ustar" or head[2:5] == b"-lh":
        raise Refused("archive")
    if head.startswith(DOCUMENTS):
        raise Refused("document")
    if head.startswith(PROGRAMS):
        raise Refused("program")
    if head.startswith((b"\x00\x00\x00\x0cJXL ", b"\xff\x0a", b"\x00\x00\x00\x0cjP  ", b"8BPS", b"\x00\x00\x01\x00")):
        raise Refused("picture")


def _looks_like_text(head: bytes) -> bool:
    return not head.translate(None, _TEXT_BYTES) and b"\x7f" not in head


def _one_file_only(file: BinaryIO) -> None:
    """Refuse a file that ends as an archive: it is two files in one, and the second would be kept unseen."""
    end = file.seek(0, 2)
    file.seek(max(0, end - TAIL))
    tail = file.read(TAIL)
    at = tail.rfind(b"PK\x05\x06")
    while at >= 0:
        record = tail[at : at + 22]
        if len(record) == 22:
            size, comment = _little(record, 12, 4), _little(record, 20, 2)
            if at + 22 + comment <= len(tail) and _listed(file, end - len(tail) + at - size, size):
                raise Refused("two")
        at = tail.rfind(b"PK\x05\x06", 0, at)


def _listed(file: BinaryIO, at: int, size: int) -> bool:
    """Whether a list of files stands where the end of an archive says."""
    if at < 0 or size < 46:
        return False
    file.seek(at)
    return file.read(4) == b"PK\x01\x02"


def _text(file: BinaryIO, head: bytes) -> None:
    """Raise Refused unless the whole file is plain text that carries nothing else in itself."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding, skip = ("utf-16-le" if head[0] == 0xFF else "utf-16-be"), 2
    else:
        encoding, skip = "utf-8", 3 if head.startswith(b"\xef\xbb\xbf") else 0
    file.seek(skip)
    decode = codecs.getincrementaldecoder(encoding)().decode
    before, first = "", True
    while True:
        block = file.read(BLOCK)
        try:
            text = decode(block, final=not block)
        except UnicodeDecodeError:
            raise Refused("unknown") from None
        if any(mark in text for mark in _NOT_TEXT):
            raise Refused("unknown")
        lower = (before + text).lower()
        if first:
            _page(lower)
            first = not lower.strip()
        if "multipart/related" in lower:
            raise Refused("page")  # as browsers pack a page with its pictures
        if any(carrier in lower for carrier in CARRIERS) or inside.written_as_letters(before + text):
            raise Refused("carrier")
        before = (before + text)[-2000:]
        if not block:
            return


_TEXT_BYTES = bytes(code for code in range(256) if code >= 32 or code in b"\t\n\v\f\r\x1b")
_NOT_TEXT = tuple(chr(code) for code in range(32) if chr(code) not in "\t\n\v\f\r\x1b")


def _page(lower: str) -> None:
    """Refuse what begins as a web page does, or has one near its beginning."""
    start = lower.lstrip()
    for tag in PAGES:
        if start.startswith(tag) and (tag in ("<!--", "<?xml") or start[len(tag) : len(tag) + 1] in AFTER_TAG):
            raise Refused("page")
    if "<!doctype html" in start[:4096] or "<html" in start[:4096]:
        raise Refused("page")


def _cut(file: BinaryIO, ending: bytes) -> str:
    """ "cut" where what ends a whole picture is not near its end."""
    end = file.seek(0, 2)
    file.seek(max(0, end - TAIL))
    return "" if ending in file.read(TAIL) else "cut"


def _big(data: bytes, at: int, size: int) -> int:
    return int.from_bytes(data[at : at + size], "big")


def _little(data: bytes, at: int, size: int) -> int:
    return int.from_bytes(data[at : at + size], "little")


def answer(file: BinaryIO) -> str:
    """The line that is printed."""
    try:
        found = sniff(file)
    except Refused as reason:
        return f"refused {reason}"
    return " ".join(["kept", *("-" if one is None or one == "" else str(one) for one in found)])


def main() -> None:
    """Read standard input, answer on standard output."""
    limit()
    sys.stdout.write(answer(sys.stdin.buffer))
    sys.stdout.flush()


if __name__ == "__main__":
    main()
