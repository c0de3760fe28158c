"""The six digits that resume a sitting: they prove presence for that sitting, and nothing after three errors."""

from __future__ import annotations

from esafety_tui.desk.pin import DIGITS, MOST_ERRORS, Cost, Paused, Pins

CHEAP = Cost(passes=1, memory_kib=8)


def wrong(digits: str) -> str:
    return f"{(int(digits) + 1) % 10**DIGITS:0{DIGITS}}"


def test_each_of_the_two_has_six_digits_of_their_own() -> None:
    pins = Pins(CHEAP)
    mine, theirs = pins.give("p1"), pins.give("p2")
    assert mine.isdecimal()
    assert len(mine) == DIGITS
    assert pins.proves("p1", mine)
    assert pins.proves("p2", theirs)
    assert pins.proves("p1", f" {mine[:3]} {mine[3:]} ")
    if mine != theirs:
        assert not pins.proves("p1", theirs)


def test_after_three_errors_in_a_row_the_right_digits_are_void_too() -> None:
    pins = Pins(CHEAP)
    mine, theirs = pins.give("p1"), pins.give("p2")
    for _ in range(MOST_ERRORS - 1):
        assert not pins.proves("p1", wrong(mine))
    assert pins.tries_left == 1
    assert not pins.proves("p2", wrong(theirs))  # two people, one count
    assert not pins.valid
    assert pins.tries_left == 0
    assert not pins.proves("p1", mine)
    assert not pins.proves("p2", theirs)


def test_a_right_answer_begins_the_count_anew() -> None:
    pins = Pins(CHEAP)
    mine = pins.give("p1")
    for _ in range(3):
        assert not pins.proves("p1", wrong(mine))
        assert not pins.proves("p1", wrong(mine))
        assert pins.proves("p1", mine)


def test_nobody_without_a_pin_gets_in_and_odd_text_is_only_wrong() -> None:
    for typed in ("", "0" * DIGITS, "٣٤٥٦٧٨", "\ud800", "x" * 10_000):
        pins = Pins(CHEAP)
        pins.give("p1")
        assert not pins.proves("p3", typed)


def test_new_digits_make_the_old_ones_void() -> None:
    pins = Pins(CHEAP)
    old = pins.give("p1")
    new = pins.give("p1")
    assert pins.proves("p1", new)
    assert old == new or not pins.proves("p1", old)


def test_nothing_of_a_pin_can_be_read_off_what_is_kept() -> None:
    pins = Pins(CHEAP)
    digits = pins.give("p1")
    paused = Paused("p1", "p2", "proven", True, pins)
    assert digits not in repr(paused) + repr(vars(pins))
    assert paused.other("p1") == "p2"
    assert paused.other("p2") == "p1"
    assert paused.other("p3") == ""
