"""One value, one form: vectors, an independent second implementation, and everything that must be refused."""

import enum
import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esafety_tui.record.canonical import MAX_DEPTH, MAX_INT, CanonicalError, decode, encode


def independent(value):
    """The canonical form written again from FORMAT.md, without the json module."""
    if value is None or value is True or value is False:
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        named = {0x22: '\\"', 0x5C: "\\\\", 8: "\\b", 9: "\\t", 10: "\\n", 12: "\\f", 13: "\\r"}
        out = ""
        for character in unicodedata.normalize("NFC", value):
            code = ord(character)
            out += named.get(code) or (f"\\u00{code:02x}" if code < 0x20 else character)
        return f'"{out}"'
    if isinstance(value, list):
        return "[" + ",".join(independent(item) for item in value) + "]"
    pairs = sorted((unicodedata.normalize("NFC", key), item) for key, item in value.items())
    return "{" + ",".join(f"{independent(key)}:{independent(item)}" for key, item in pairs) + "}"


text = st.text(st.characters(exclude_categories=["Cs"]))
scalars = st.none() | st.booleans() | st.integers(-MAX_INT, MAX_INT) | text


def _distinct_in_nfc(mapping):
    return len({unicodedata.normalize("NFC", key) for key in mapping}) == len(mapping)


values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4).filter(_distinct_in_nfc),
    max_leaves=20,
)

VECTORS = [
    ({}, "7b7d"),
    ([], "5b5d"),
    (None, "6e756c6c"),
    ({"b": 1, "a": [True, False, None]}, "7b2261223a5b747275652c66616c73652c6e756c6c5d2c2262223a317d"),
    (
        {"Z": 1, "a": 2, "É": 3, "😀": 4, "｡": 5},
        "7b225a223a312c2261223a322c22c389223a332c22efbda1223a352c22f09f9880223a347d",
    ),
    ("e\u0301", "22c3a922"),
    ('\x00\x1f\b\t\n\f\r"\\/\x7f\u2028', "225c75303030305c75303031665c625c745c6e5c665c725c225c5c2f7fe280a822"),
    ([-(2**53), 2**53, 0], "5b2d393030373139393235343734303939322c393030373139393235343734303939322c305d"),
]


@pytest.mark.parametrize(("value", "expected"), VECTORS)
def test_vectors(value, expected):
    assert encode(value).hex() == expected
    assert independent(value).encode().hex() == expected


@given(values)
def test_two_implementations_agree_and_the_way_back_is_the_same(value):
    made = encode(value)
    assert made == independent(value).encode()
    assert encode(decode(made, strict=True)) == made
    assert decode(made) == decode(made, strict=True)


@given(text)
def test_composed_and_decomposed_text_have_one_form(written):
    forms = {encode(unicodedata.normalize(form, written)) for form in ("NFC", "NFD")}
    assert len(forms) == 1


def test_key_order_and_container_do_not_matter():
    class Colour(enum.StrEnum):
        RED = "red"

    assert encode({"a": 1, "b": (1, 2)}) == encode({"b": [1, 2], "a": 1})
    assert encode(Colour.RED) == b'"red"'


def _nested(levels):
    value = []
    for _ in range(levels - 1):
        value = [value]
    return value


def test_depth_has_a_bound_either_way():
    assert decode(encode(_nested(MAX_DEPTH)), strict=True) == _nested(MAX_DEPTH)
    with pytest.raises(CanonicalError, match="nested"):
        encode(_nested(MAX_DEPTH + 1))
    with pytest.raises(CanonicalError):
        decode(b"[" * 100_000)


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ({"data": {"people": [{"age": 1.0}]}}, "data.people[0].age"),
        ([1, float("nan")], "[1]"),
        ({"n": 2**53 + 1}, "n"),
        ({"n": -(2**53) - 1}, "n"),
        ({"a": ["\ud800"]}, "a[0]"),
        ({"\udfff": 1}, "\\udfff"),
        ({"e\u0301": 1, "\u00e9": 2}, "\u00e9"),
        ({1: 2}, "(the whole)"),
        ({"x": {b"y"}}, "x"),
        ({"x": b"bytes"}, "x"),
        (3.0, "(the whole)"),
    ],
)
def test_what_has_no_form_is_refused_with_its_place(value, place):
    with pytest.raises(CanonicalError) as refused:
        encode(value)
    assert refused.value.place == place
    assert isinstance(refused.value, ValueError)
    str(refused.value).encode()


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1, "b":2}',
        b'{"b":1,"a":2}',
        b'{"a":1}\n',
        b'"\\u00e9"',
        '"e\u0301"'.encode(),
        b'"\\/"',
        b"-0",
        b'"\\u001F"',
    ],
)
def test_strict_refuses_every_other_form(data):
    decode(data)
    with pytest.raises(CanonicalError, match="not in canonical form"):
        decode(data, strict=True)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"\xff",
        b"\xef\xbb\xbf{}",
        b'{"a":1,"a":1}',
        b"1.5",
        b"1e3",
        b"NaN",
        b"Infinity",
        b"9007199254740993",
        b"9" * 5000,
        b'"\\ud800"',
        b'{"\\udc00":1}',
        b"[01]",
        b"nul",
        "{}".encode("utf-16"),
    ],
)
@pytest.mark.parametrize("strict", [False, True])
def test_what_no_encoder_wrote_is_refused_either_way(data, strict):
    with pytest.raises(CanonicalError):
        decode(data, strict=strict)


@given(st.binary(max_size=40))
def test_any_bytes_are_read_or_refused_and_nothing_else(data):
    try:
        value = decode(data, strict=True)
    except CanonicalError:
        return
    assert encode(value) == data


@given(values, st.data())
def test_no_changed_byte_passes_for_the_same_value(value, data):
    made = encode(value)
    place = data.draw(st.integers(0, len(made) - 1))
    changed = bytearray(made)
    changed[place] ^= data.draw(st.integers(1, 255))
    try:
        read = decode(bytes(changed), strict=True)
    except CanonicalError:
        return
    assert json.dumps(read) != json.dumps(decode(made))
