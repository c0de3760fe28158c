"""What paper can show is told by content, bounded before it is decoded, and handed on byte for byte."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esafety_tui.reports import pictures, record_form, typeset
from esafety_tui.reports.pictures import Shown
from esafety_tui.reports.record_form import Picture
from tests.reports import outside, sample

KINDS = {"png": sample.png(40, 30), "jpeg": sample.JPEG, "gif": sample.GIF, "webp": sample.WEBP}
SIZES = {"png": (40, 30), "jpeg": (17, 24), "gif": (1, 1), "webp": (1, 1)}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_told_apart_measured_and_printed(kind):
    found = pictures.shown(KINDS[kind])
    assert found == Shown(kind, *SIZES[kind], KINDS[kind])
    made = record_form.render(sample.form(pictures=(Picture("MA/1", KINDS[kind]),)))
    assert outside.images(made) == 1
    assert "Kept as a file" not in outside.text(made)


def test_a_jpeg_is_in_the_file_byte_for_byte():
    assert sample.JPEG in record_form.render(sample.form(pictures=(Picture("MA/1", sample.JPEG),)))


def test_a_damaged_picture_beside_transparent_ones_is_found():
    damaged = sample.WEBP[:21] + sample.WEBP[21:25] + bytes(len(sample.WEBP) - 25)
    found = pictures.shown(damaged)
    assert isinstance(found, Shown)
    assert typeset.unprintable({"a": found, "b": Shown("webp", 1, 1, sample.WEBP)}) == {"a"}
    made = record_form.render(sample.form(pictures=(Picture("MA/1", damaged), Picture("MA/2", sample.WEBP))))
    assert outside.images(made) == 1
    assert outside.shows(made, "MA/1 It is damaged") == []


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"BM" + bytes(60),
        b"II*\0" + bytes(60),
        b"%PDF-1.4",
        b"<svg/>",
        b"\0\0\0 ftypisom" + bytes(40),
        b"RIFF1234WAVE",
    ],
)
def test_other_kinds_are_not_printed(data):
    assert pictures.shown(data) == pictures.NOT_A_PICTURE


def test_a_size_is_read_from_every_kind_of_webp():
    whole = b"RIFF\0\0\0\0WEBP"
    extended = (
        whole + b"VP8X" + struct.pack("<IBxxx", 10, 0) + (799).to_bytes(3, "little") + (599).to_bytes(3, "little")
    )
    lossy = whole + b"VP8 " + struct.pack("<I", 10) + b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 800, 600)
    assert pictures.dimensions(extended, "webp") == (800, 600)
    assert pictures.dimensions(lossy, "webp") == (800, 600)
    assert pictures.dimensions(whole + b"ABCD" + bytes(20), "webp") == (0, 0)


def test_too_many_pixels_or_bytes_are_not_decoded(monkeypatch):
    def never(*_: object, **__: object) -> bytes:
        raise AssertionError("a picture that is too large was given to the typesetter")

    monkeypatch.setattr(typeset, "_as_svg", never)
    bomb = sample.GIF[:6] + struct.pack("<HH", 65_535, 65_535) + sample.GIF[10:]
    assert "too large" in str(pictures.shown(bomb))
    monkeypatch.setattr(pictures, "MOST_BYTES", 100)
    assert "too large" in str(pictures.shown(sample.JPEG))


def test_more_pictures_than_a_paper_can_hold_are_named(monkeypatch):
    monkeypatch.setattr(pictures, "MOST_PIXELS_TOGETHER", 2 * 40 * 30)
    marks = [item.mark for item in sample.EXHIBITS if item.copied and not item.sealed]
    many = [Picture(mark, sample.png(40, 30)) for mark in (*marks, *marks)]
    made = record_form.render(sample.form(pictures=tuple(many)))
    assert outside.images(made) == 2
    assert outside.shows(made, "too large. It is kept like the others.") == []


@given(st.sampled_from(sorted(KINDS)), st.integers(0, 60), st.binary(max_size=80))
def test_no_bytes_make_the_reading_fail(kind, cut, rest):
    data = KINDS[kind][:cut] + rest
    found = pictures.shown(data)
    assert isinstance(found, str) or (found.width > 0 and found.height > 0 and found.data == data)
