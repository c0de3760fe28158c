"""Exhibit marks: the producer's initials and a running number, unique for ever."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esafety_tui.incident.exhibits import Numbered, next_mark, numbered, tail_of


@pytest.mark.parametrize(
    ("name", "mark"),
    [
        ("Ruth Carson", "RC/1"),
        ("Ruth Ann Carson", "RC/1"),
        ("Áine Ó Néill", "AN/1"),
        ("Prince", "PR/1"),
        ("Q", "QX/1"),
        ("Ольга Ким", "ОК/1"),
        ("", "XX/1"),
        ("!!! 42", "XX/1"),
    ],
)
def test_the_first_mark_is_the_initials_and_one(name: str, mark: str) -> None:
    assert next_mark("p1", name, {}) == mark


def test_the_number_runs_on_for_the_person_over_all_cases() -> None:
    known: dict[str, Numbered] = {}
    for number in range(1, 4):
        mark = next_mark("p1", "Ruth Carson", known)
        assert mark == f"RC/{number}"
        numbered(known, mark, "p1", "Ruth Carson")
    # A new name by marriage: the series of the person goes on.
    assert next_mark("p1", "Ruth Weir", known) == "RC/4"


def test_two_people_with_the_same_initials_get_another_letter() -> None:
    known = {"RC": Numbered("p1", "Ruth Carson", 7)}
    assert next_mark("p2", "Rory Crane", known) == "RCR/1"
    assert next_mark("p2", "Rory Ian Crane", known) == "RIC/1"
    known["RCR"] = Numbered("p2", "Rory Crane", 1)
    assert next_mark("p3", "Rory Crane", known) == "RCRA/1"
    assert next_mark("p2", "Rory Crane", known) == "RCR/2"


def test_a_log_that_may_be_taken_over_has_marks_of_its_own() -> None:
    known: dict[str, Numbered] = {}
    tail = tail_of(bytes.fromhex("00112233445566778899aabbccddeeff"))
    mark = next_mark("p1", "Ruth Carson", known, tail)
    assert mark == f"RC{tail}/1"
    assert mark.removesuffix("/1").isalpha()
    numbered(known, mark, "p1", "Ruth Carson")
    assert next_mark("p1", "Ruth Carson", known, tail) == f"RC{tail}/2"
    assert next_mark("p9", "Ruth Carson", known) == "RC/1"
    assert len({tail_of(bytes([n] * 16)) for n in range(26)}) > 20


def test_a_guest_who_comes_again_goes_on_with_their_series() -> None:
    known = {"SL": Numbered("guest-1", "Sam Long", 2)}
    assert next_mark("guest-2", "sam  long", known) == "SL/3"
    assert next_mark("p9", "Sam Long", known) == "SLO/1"


@given(
    st.lists(
        st.tuples(st.sampled_from(["p1", "p2", "p3", "p4", "guest-1", "guest-2"]), st.text(max_size=12)), max_size=40
    )
)
def test_no_mark_is_ever_given_twice(given_to: list[tuple[str, str]]) -> None:
    known: dict[str, Numbered] = {}
    seen: dict[str, str] = {}
    for person, name in given_to:
        mark = next_mark(person, name, known)
        assert mark not in seen
        seen[mark] = person
        numbered(known, mark, person, name)


def test_many_people_of_one_name_all_get_their_own() -> None:
    known: dict[str, Numbered] = {}
    for number in range(80):
        mark = next_mark(f"p{number}", "Jo Lee", known)
        assert mark.endswith("/1")
        numbered(known, mark, f"p{number}", "Jo Lee")
    assert len(known) == 80
