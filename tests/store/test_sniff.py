"""Files are told apart by what is in them; what could hold pictures unseen is refused with the reason."""

from __future__ import annotations

import io
import os
import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esafety_tui.errors import RefusedError, StoreError
from esafety_tui.store import sniff, sniff_child
from tests.store import made_files as made


def told(path: Path, data: bytes) -> sniff.Kind:
    path.write_bytes(data)
    descriptor = os.open(path, os.O_RDONLY)
    try:
        kind = sniff.kind_of(descriptor)
        assert os.lseek(descriptor, 0, os.SEEK_CUR) == 0
        return kind
    finally:
        os.close(descriptor)


def refused(path: Path, data: bytes) -> str:
    with pytest.raises(RefusedError) as caught:
        told(path, data)
    error = caught.value
    assert (error.exit_code, error.rule) == (3, "R3")
    assert all((error.title, error.what, error.do))
    return error.title


def here(data: bytes) -> str:
    """What the child says, without a child: for many examples."""
    return sniff_child.answer(io.BytesIO(data))


@pytest.mark.parametrize("kind", made.WHOLE)
@pytest.mark.parametrize("name", ["right", "wrong.exe"])
def test_every_kind_is_told_by_its_content(tmp_path: Path, kind: str, name: str) -> None:
    data, sides = made.WHOLE[kind]
    found = told(tmp_path / name, data)
    assert (found.kind, (found.width, found.height), found.note) == (kind, sides, "")
    assert found.title == sniff.KINDS[kind]


OTHERS = {
    "VP8L": ("webp", made.webp(b"VP8L"), (640, 480)),
    "VP8": ("webp", made.webp(b"VP8 "), (640, 480)),
    "TIFF, Motorola": ("tiff", made.tiff(">"), (11, 9)),
    "BigTIFF": ("tiff", made.tiff(big=True), (11, 9)),
    "BMP of OS/2": ("bmp", b"BM" + struct.pack("<IHHIIHHHH", 40, 0, 0, 26, 12, 7, 5, 1, 24) + bytes(20), (7, 5)),
    "JPEG with large notes before it": ("jpeg", made.jpeg(4000, 3000, before=40), (4000, 3000)),
    "GIF of 10,000 frames": ("gif", made.gif(frames=10_000), (20, 10)),
    "QuickTime": ("video", made.mp4(b"qt  "), (None, None)),
    "old QuickTime": ("video", b"\x00\x00\x00\x10moov" + bytes(8), (None, None)),
    "Matroska": ("video", made.webm(b"matroska"), (None, None)),
    "WebM": ("video", made.webm(), (None, None)),
    "AVI": ("video", b"RIFF\x00\x10\x00\x00AVI LIST" + bytes(40), (None, None)),
    "UTF-8 with a mark": ("text", made.BOM + "Grüße".encode(), (None, None)),
    "UTF-16": ("text", "Grüße 🙂".encode("utf-16"), (None, None)),
    "UTF-16, Motorola": ("text", b"\xfe\xff" + "Grüße".encode("utf-16-be"), (None, None)),
    "text that begins as a program might": ("text", b"MZ: I saw it\nID3 too", (None, None)),
    "text that begins as a picture might": ("text", b"BM said it again and again, all of the week.", (None, None)),
    "a name in brackets": ("text", b"<Ash> no\n<Rowan> yes 1 < 2", (None, None)),
    "an empty line": ("text", b"\n", (None, None)),
    "a long address": ("text", b"https://example.test/watch?v=" + b"aB3-_x" * 60 + b"&t=" + b"kL9" * 90, (None, None)),
    "laughing": ("text", b"haha" * 900, (None, None)),
    "a list of names": ("text", b"".join(b"pupil%d\n" % n for n in range(4000)), (None, None)),
    "times and numbers": ("text", b"10:04 12 34 56 78 90 12\n" * 200, (None, None)),
    "PDF with a packed list": ("pdf", made.pdf(packed=b"1 0 << /Type /Page >>"), (None, None)),
    "PDF that was added to": ("pdf", made.PDF + made.PDF[9:], (None, None)),
    "PNG with a line behind it": ("png", made.png() + b"\r\n", (3, 2)),
    "two million letters": ("text", "ä".encode() * 2_000_000, (None, None)),
}


@pytest.mark.parametrize("name", OTHERS)
def test_the_less_usual_forms(name: str) -> None:
    kind, data, (width, height) = OTHERS[name]
    assert here(data) == f"kept {kind} {width or '-'} {height or '-'} -"


REFUSED = {
    "web page": (made.PAGE, "page"),
    "web page with a mark and empty lines": (made.BOM + b"\r\n\n  " + made.PAGE.lower(), "page"),
    "web page after a million empty lines": (b"\n" * (1 << 20) + made.PAGE, "page"),
    "web page in UTF-16": (made.PAGE.decode().encode("utf-16"), "page"),
    "web page after a comment": (b"<!-- saved from url -->" + made.PAGE, "page"),
    "web page after words": (b"as saved:\n" + made.PAGE, "page"),
    "picture as a web page": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "page"),
    "XML": (b"\n<?xml version='1.0'?><a/>", "page"),
    "MHTML": (made.SAVED_PAGE, "page"),
    "MHTML whose page comes late": (made.SAVED_PAGE.replace(b"<html>", b"x" * 9000), "page"),
    "mail with files": (b"Subject: x\nContent-Type: Multipart/Mixed; boundary=y\n\n", "carrier"),
    "text with a picture in it": (b"look: data:image/png;base64,iVBORw0KGgo=", "carrier"),
    "carrier over the edge of two blocks": (b"x" * ((1 << 20) - 4) + b";base64,xyz", "carrier"),
    "webarchive": (b"bplist00\xd1\x01\x02_WebMainResource" + bytes(9), "page"),
    "ZIP": (made.archive(), "archive"),
    "Word": (made.archive("word/document.xml"), "archive"),
    "7z": (b"7z\xbc\xaf\x27\x1c\x00\x04" + bytes(40), "archive"),
    "RAR": (b"Rar!\x1a\x07\x01\x00" + bytes(40), "archive"),
    "tar": (made.TAR, "archive"),
    "gzip": (b"\x1f\x8b\x08\x00" + bytes(9), "archive"),
    "old Word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), "document"),
    "RTF": (b"{\\rtf1 {\\pict}}", "document"),
    "Windows program": (b"MZ\x90\x00" + bytes(99), "program"),
    "Linux program": (b"\x7fELF\x02\x01" + bytes(99), "program"),
    "script": (b"#!/bin/sh\nrm -rf /\n", "program"),
    "sound": (b"ID3\x03\x00" + bytes(99), "sound"),
    "WAV": (b"RIFF\x10\x00\x00\x00WAVEfmt " + bytes(9), "sound"),
    "M4A": (made.mp4(b"M4A "), "sound"),
    "HEIC": (made.mp4(b"heic"), "picture"),
    "AVIF": (made.mp4(b"avif"), "picture"),
    "database": (b"SQLite format 3\x00" + bytes(99), "unknown"),
    "noise": (bytes(range(256)), "unknown"),
    "Windows-1252": ("Grüße".encode("cp1252"), "unknown"),
    "text with a zero": (b"abc\x00def", "unknown"),
    "half a letter at the end": ("ä".encode()[:1], "unknown"),
    "half a surrogate": (b"\xff\xfe\x00\xd8", "unknown"),
    "PNG and ZIP in one": (made.png() + made.archive(), "two"),
    "JPEG and ZIP in one, with a comment": (made.jpeg() + made.archive()[:-2] + b"\x04\x00more", "two"),
    "PDF and ZIP in one": (made.PDF + made.archive(), "two"),
    "video and ZIP in one": (made.mp4() + made.archive(), "two"),
    "PNG cut in its header": (made.png()[:30], "broken"),
    "PNG with a changed header": (made.png().replace(b"IHDR\x00", b"IHDR\x01", 1), "broken"),
    "PNG without sides": (made.png(0, 5), "broken"),
    "GIF cut in its header": (b"GIF89a\x01", "broken"),
    "JPEG without a frame": (b"\xff\xd8\xff\xe0\x00\x10JFIF", "broken"),
    "JPEG whose picture begins before its frame": (b"\xff\xd8\xff\xda" + bytes(99), "broken"),
    "TIFF that points nowhere": (b"II*\x00\xff\xff\xff\xff", "broken"),
    "BigTIFF that points nowhere": (b"II+\x00\x08\x00\x00\x00" + b"\xff" * 8, "broken"),
    "WebP of no form": (b"RIFF\x00\x00\x00\x00WEBPxxxx" + bytes(30), "broken"),
    "PNG behind a PNG": (made.png() + made.png(), "two"),
    "JPEG behind a PNG": (made.png() + b"\n" * 9 + made.jpeg(), "two"),
    "JPEG behind a JPEG": (made.jpeg() + made.jpeg(), "two"),
    "video behind a photograph, as telephones do it": (made.jpeg() + made.mp4(), "two"),
    "PNG behind a GIF": (made.gif(frames=3) + made.png(), "two"),
    "PNG behind a WebP": (made.webp() + made.png(), "two"),
    "PNG behind a BMP": (made.bmp() + made.png(), "two"),
    "PNG far behind a PNG": (made.png() + bytes(3 << 20) + made.png(), "two"),
    "TIFF of two pages": (made.tiff(more=8), "pages"),
    "TIFF with a picture below it": (made.tiff(below=True), "pages"),
    "PDF with a file": (made.pdf(b"<< /Type /EmbeddedFile /Length 3 >>"), "inside"),
    "PDF with a file in its packed list": (made.pdf(packed=b"1 0 << /Names << /EmbeddedFiles 2 0 R >> >>"), "inside"),
    "PDF whose packed list cannot be unpacked": (made.pdf(packed=b"x", broken=True), "inside"),
    "picture behind a PDF": (made.PDF + made.jpeg(), "inside"),
    "HAR": (b'{"log": {"content": {"encoding": "base64", "text": "iVBORw0KGgo="}}}', "carrier"),
    "address card": (b"BEGIN:VCARD\nPHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ\nEND:VCARD\n", "carrier"),
    "JSON with a picture": (b'{"image": "' + made.LETTERS + b'"}', "carrier"),
    "JSON that marks its strokes": (b'{"image": "' + made.LETTERS.replace(b"/", b"\\/") + b'"}', "carrier"),
    "base64 in lines": (made.in_lines(made.LETTERS), "carrier"),
    "base64 in lines, UTF-16": (made.in_lines(made.LETTERS).decode().encode("utf-16"), "carrier"),
    "hexadecimal in one piece": (bytes(range(256)).hex().encode() * 3, "carrier"),
    "hexadecimal as a dump": (made.dump(bytes(range(256)) * 3), "carrier"),
    "base64 over the edge of two blocks": (b"no \n" * 262_100 + made.LETTERS, "carrier"),
    "nothing": (b"", "empty"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_kept(name: str) -> None:
    data, why = REFUSED[name]
    assert here(data) == f"refused {why}"
    assert why in sniff._REASONS


@pytest.mark.parametrize("name", ["web page", "MHTML", "ZIP", "HEIC", "PNG and ZIP in one", "noise"])
def test_the_reason_is_a_plain_sentence(tmp_path: Path, name: str) -> None:
    data, why = REFUSED[name]
    assert refused(tmp_path / "Ash Linden.png", data) == sniff._REASONS[why][0]


def test_a_bomb_is_two_numbers(tmp_path: Path) -> None:
    begun = time.monotonic()
    assert told(tmp_path / "a", made.png(50_000, 50_000)).width == 50_000
    assert told(tmp_path / "b", made.png(2**31 - 1, 2**31 - 1)).height == 2**31 - 1
    assert told(tmp_path / "c", made.text_bomb()).kind == "png"
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize(
    ("data", "note"),
    [
        (made.png()[:-9], True),
        (made.jpeg()[:-2], True),
        (made.png() + b"<script>alert(1)</script>", False),  # kept as opaque bytes, by what it begins as
        (b"GIF89a=1/*" + made.gif()[10:] + b"*/;alert(1)", False),
    ],
)
def test_a_picture_that_is_cut_short_is_kept_and_said(tmp_path: Path, data: bytes, note: bool) -> None:
    assert ("cut short" in told(tmp_path / "x", data).note) == note


@given(st.binary(max_size=400), st.sampled_from([data[:n] for data, _ in made.WHOLE.values() for n in (2, 4, 12, 30)]))
@settings(max_examples=300)
def test_no_bytes_break_it(data: bytes, begin: bytes) -> None:
    found = here(begin + data)
    if found.startswith("kept "):
        assert sniff._read(found.encode()).kind == found.split()[1]
    else:
        assert found.removeprefix("refused ") in sniff._REASONS


ANSWERS = (
    *(b"", b"nonsense", b"9" * 5000, b"refused", b"refused x", b"refused \x1b[2J", b"\xff\xfe", b"kept", b"kept png"),
    *(b"kept exe - - -", b"kept png - - -", b"kept png 1 - -", b"kept png 1 -1 -", b"kept png 0 1 -", b"kept png 1 1"),
    *(b"kept png 1 9999999999 -", b"kept png 1 99999999999 -", b"kept png 1 1 hello", b"kept pdf 1 1 -"),
    *(b"kept png 1 1 -\n", b" kept png 1 1 -", b"kept png \xd9\xa1 1 -", b"kept png 1 1 -kept png 1 1 -"),
)


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_child_that_was_taken_over_is_not_believed(answer: bytes) -> None:
    with pytest.raises(StoreError):
        sniff._read(answer)


@pytest.mark.parametrize("code", ["import time; time.sleep(60)", "print('x' * 10**8)", "1/0", "raise SystemExit(3)"])
def test_a_child_that_hangs_floods_or_dies_is_ended(tmp_path: Path, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    child = tmp_path / "child.py"
    child.write_text(code)
    monkeypatch.setattr(sniff, "_CHILD", child)
    monkeypatch.setattr(sniff, "SECONDS", 1.0)
    with pytest.raises(StoreError) as caught:
        told(tmp_path / "x", b"hello")
    assert "could not be looked at" in caught.value.title


TRIES = """
import sys; sys.path.insert(0, {folder!r})
import sniff_child
sniff_child.limit()
try:
    {what}
except (OSError, MemoryError) as error:
    print("no")
else:
    print("yes")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="NO LIMITS WERE TRIED: other systems have other ones")
@pytest.mark.parametrize(
    "what",
    ["open('/etc/passwd')", "open({where!r}, 'wb').write(b'x')", "bytearray(1 << 29)", "__import__('os').pipe()"],
)
def test_the_child_can_do_little(tmp_path: Path, what: str) -> None:
    folder = str(Path(sniff_child.__file__).parent)
    code = TRIES.format(folder=folder, what=what.format(where=str(tmp_path / "written")))
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "no", done
    assert not (tmp_path / "written").exists()


def test_neither_the_name_nor_the_environment_reaches_the_child(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[object] = []
    real = subprocess.Popen

    def watch(command: list[str], **more: object) -> object:
        seen.append((command, more["env"]))
        return real(command, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "Popen", watch)
    monkeypatch.setenv("ESAFETY_HOME", "Ash Linden")
    told(tmp_path / "Ash Linden.png", made.png())
    assert len(seen) == 1
    assert "Ash" not in str(seen)
