"""Six words for a head: vector, slips of the hand, nonsense."""

import base64
import hashlib

import pytest
from argon2 import low_level
from hypothesis import given, settings
from hypothesis import strategies as st
from mnemonic import Mnemonic

from esafety_tui.record.words import HEAD_COST, Cost, Head, HeadError, head_words, parse_head

CHEAP = Cost(passes=1, memory_kib=8, lanes=1)
CHAIN, VAULT = bytes(range(32)), bytes(range(16))
SIX = "abandon ability able about above absent"


def test_vector_at_the_cost_of_the_format():
    assert Cost(passes=4, memory_kib=32768, lanes=1) == HEAD_COST
    assert head_words(CHAIN, VAULT) == "off blush eternal camera above section"


@settings(max_examples=25)
@given(st.binary(min_size=32, max_size=32), st.binary(min_size=16, max_size=16))
def test_a_second_implementation_agrees(chain, vault):
    encoded = low_level.hash_secret(chain, vault, 1, 8, 1, 16, low_level.Type.ID).decode().rsplit("$", 1)[1]
    digest = base64.b64decode(encoded + "==")
    bits = "".join(f"{byte:08b}" for byte in digest)[:66]
    words = Mnemonic("english").wordlist
    expected = " ".join(words[int(bits[i : i + 11], 2)] for i in range(0, 66, 11))
    assert head_words(chain, vault, CHEAP) == expected


def test_the_word_list_is_the_one_of_the_format():
    joined = "\n".join(Mnemonic("english").wordlist) + "\n"
    # The well-known SHA-256 of the BIP-39 English list.
    assert (
        hashlib.sha256(joined.encode()).hexdigest()
        == "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda"
    )


def test_another_vault_has_other_words():
    assert head_words(CHAIN, VAULT, CHEAP) != head_words(CHAIN, bytes(16), CHEAP)


@pytest.mark.parametrize(
    "text",
    [
        f"412 {SIX}",
        "412 abandon-ability-able-about-above-absent",
        "  412.  ABANDON Ability,\table\n about above   absent. ",
        "412abandon ability able about above absent",
        f"Entry 412: {SIX}",
        f"entry number 412 {SIX}",
        f"No. 412 {SIX}",
        f"000412 {SIX}",
    ],
)
def test_words_are_read_however_they_are_written(text):
    assert parse_head(text) == Head(seq=412, words=SIX)


DIGITS = CHAIN.hex()


@pytest.mark.parametrize(
    ("text", "seq"),
    [
        (DIGITS, None),
        (DIGITS.upper(), None),
        (" ".join(DIGITS[i : i + 8] for i in range(0, 64, 8)), None),
        ("-".join(DIGITS[i : i + 4] for i in range(0, 64, 4)), None),
        (f"412 {DIGITS}", 412),
        (f"412: {DIGITS[:32]}\n{DIGITS[32:]}", 412),
        (f"412-{DIGITS}", 412),
    ],
)
def test_digits_are_read_with_or_without_the_number(text, seq):
    assert parse_head(text) == Head(seq=seq, chain=CHAIN)


def test_digits_that_are_all_decimal_are_no_entry_number():
    ones = " ".join(["1111"] * 16)
    assert parse_head(ones) == Head(seq=None, chain=b"\x11" * 32)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "entry number"),
        (SIX, "entry number"),
        ("412", "here are 0"),
        ("412 abandon ability able about above", "here are 5"),
        (f"412 {SIX} zoo", "here are 7"),
        ("412 abandn ability able about above absent", '"abandn" is not one of the words used here. Is it "abandon"?'),
        ("412 abandon ability able about above qqqqqqqq", '"qqqqqqqq" is not one of the words used here.'),
        ("412 ab\u0000\u202e[/x] ability able about above absent", "is not one of the words"),
        (f"412 {'z' * 1500}", '..." is not one'),
        ("9" * 100 + " " + SIX, "too long"),
        ("x" * 3000, "too long"),
        ("\u0664\u0661\u0662 " + SIX, "entry number"),
        (DIGITS[:-1], "64 digits"),
        (f"412 {DIGITS}0", "64 digits"),
    ],
)
def test_what_is_no_head_is_said_plainly(text, says):
    with pytest.raises(HeadError) as refused:
        parse_head(text)
    assert says in str(refused.value)
    assert len(str(refused.value)) < 120


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text):
    try:
        head = parse_head(text)
    except HeadError:
        return
    assert (head.words is None) != (head.chain is None)


def test_a_head_matches_its_entry_alone():
    words = head_words(CHAIN, VAULT, CHEAP)
    head = parse_head(f"412 {words}")
    assert head.matches(412, CHAIN, VAULT, CHEAP)
    assert not head.matches(413, CHAIN, VAULT, CHEAP)
    assert not head.matches(412, bytes(32), VAULT, CHEAP)
    assert parse_head(DIGITS).matches(7, CHAIN, VAULT)
    assert not parse_head(DIGITS).matches(7, bytes(32), VAULT)
    assert not parse_head(f"6 {DIGITS}").matches(7, CHAIN, VAULT)


def test_wrong_lengths_are_refused():
    for chain, vault in ((b"", VAULT), (CHAIN, b"")):
        with pytest.raises(ValueError, match="bytes"):
            head_words(chain, vault, CHEAP)
