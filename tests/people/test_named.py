"""Whether a written name is somebody's: for sure, perhaps, or not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esafety_tui.people.named import TITLES, a_word_of, by_name, may_be, named_in, perhaps, same_name, searched
from esafety_tui.people.person import Person

SURE, PERHAPS, NO = "sure", "perhaps", "no"

#: What was written, a name, and whether it is theirs.
TABLE = [
    # as it is
    ("Dave Deputy", "Dave Deputy", SURE),
    ("  dave   DEPUTY ", "Dave Deputy", SURE),
    ("Dáve Deputy", "Dave Deputy", SURE),
    ("Ｄave Deputy", "Dave Deputy", SURE),
    ("Dave\u200b Deputy", "Dave Deputy", SURE),
    ("Łukasz Sørensen", "Lukasz Sorensen", SURE),
    ("Anne-Marie O’Neill", "Anne Marie O'Neill", SURE),
    ("Seán Ó Néill", "Sean O'Neill", SURE),
    ("Ann Mac Kay", "Ann MacKay", SURE),
    # titles
    ("Mr Dave Deputy", "Dave Deputy", SURE),
    ("Mr. Dave Deputy", "Dave Deputy", SURE),
    ("Mrs Paula Principal", "Paula Principal", SURE),
    ("Miss Paula Principal", "Paula Principal", SURE),
    ("Ms Paula Principal", "Mrs Paula Principal", SURE),
    ("Mx Paula Principal", "Paula Principal", SURE),
    ("Dr Paula Principal", "Paula Principal", SURE),
    ("The Very Rev. Dr Paula Principal", "Paula Principal", SURE),
    ("Sir Dave Deputy", "Dave Deputy", SURE),
    ("Sister Paula Principal", "Paula Principal", SURE),
    ("Dean Ward", "Mr Dean Ward", SURE),
    # positions
    ("Mrs Lena Lead, DT", "Lena Lead", SURE),
    ("Ms Helen Ward, Principal", "Helen Ward", SURE),
    ("the Principal, Helen Ward", "Helen Ward", SURE),
    ("Vice-Principal: Mr Dave Deputy", "Dave Deputy", SURE),
    ("Dave Deputy (VP)", "Dave Deputy", SURE),
    ("Dave Deputy - Vice-Principal", "Dave Deputy", SURE),
    ("Deputy head Dave Deputy", "Dave Deputy", SURE),
    ("Mr Tom Teacher", "Tom Teacher, class P7", SURE),
    ("Helen Ward MBE", "Helen Ward", SURE),
    # the surname first
    ("Deputy, Dave", "Dave Deputy", SURE),
    ("DEPUTY, Mr Dave", "Dave Deputy", SURE),
    ("Mr Deputy, Dave", "Dave Deputy", SURE),
    ("Deputy, Dave, Vice-Principal", "Dave Deputy", SURE),
    ("van der Berg, Jan", "Jan van der Berg", SURE),
    ("Dave Deputy", "Deputy, Dave", SURE),
    # it could be them: to be asked
    ("Deputy Dave", "Dave Deputy", PERHAPS),
    ("Mr Deputy", "Dave Deputy", PERHAPS),
    ("the headteacher, Mrs Principal", "Paula Principal", PERHAPS),
    ("Frau Mrs van der Berg", "Jan van der Berg", PERHAPS),
    ("D. Deputy", "Dave Deputy", PERHAPS),
    ("Mr D Deputy", "Dave Deputy", PERHAPS),
    ("Dave D.", "Dave Deputy", PERHAPS),
    ("Dave Michael Deputy", "Dave Deputy", PERHAPS),
    ("Deputy, D.", "Dave Deputy", PERHAPS),
    ("Deputy, Dave M", "Dave Deputy", PERHAPS),
    ("Head, Dave Michael", "Dave Head", PERHAPS),
    ("Mr Ward", "Ward", PERHAPS),
    # somebody else
    ("Rose Deputy", "Dave Deputy", NO),
    ("Miss Rose Deputy", "Dave Deputy", NO),
    ("Deputy, Rose", "Dave Deputy", NO),
    ("Dave", "Dave Deputy", NO),
    ("Deputy", "Dave Deputy", NO),
    ("Sam Lee", "Sam", NO),
    ("Helen Warden", "Helen Ward", NO),
    ("Mrs Ward", "Mr Ward", NO),
    ("Val Orr, Deputy", "Dave Deputy", NO),
    ("Val Orr, the Principal", "Paula Principal", NO),
    ("Val Orr, Vice-Principal", "Sam Roe, Vice-Principal", NO),
    ("Vice-Principal", "Val Orr, Vice-Principal", NO),
    ("Tom Deputy, Dave Ward", "Dave Deputy", NO),
    ("Norma New, Chair of Governors", "Chris Chair", NO),
    ("", "Sam", NO),
    ("Sam Lee", "", NO),
    ("", "", NO),
    (" , ", ",", NO),
    # one word is all of a name or none of it
    ("Sam", "sam", SURE),
    ("Sam, a pupil", "Sam", SURE),
    ("Mr Ward, governor", "mr  ward", SURE),
]


@pytest.mark.parametrize(("written", "name", "whose"), TABLE)
def test_whose_a_written_name_is(written: str, name: str, whose: str) -> None:
    assert (named_in(written, name), may_be(written, name)) == (whose == SURE, whose != NO)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Jamie Weir", "jamie  WEIR", True), ("Weir, Jamie", "Jamie Weir", True),
        ("Miss Jamie Weir", "Jamie Weir", True),
        ("Jámie Weir", "Jamie-Weir", True), ("Weir, Miss Jamie", "Jamie Weir", True),
        ("Jamie Weir, the younger", "Jamie Weir", False), ("Jamie Weir (9B)", "Jamie Weir", False),
        ("Weir Jamie", "Jamie Weir", False), ("Jamie Ann Weir", "Jamie Weir", False),
        ("Robin Weir", "Jamie Weir", False),
        ("Mrs Weir", "Mr Weir", False), ("Mrs Weir", "Weir", False), ("J Weir", "Jamie Weir", False), ("", "", False),
    ],
)  # fmt: skip
def test_whole_names_are_one_only_where_they_are_the_same(one: str, other: str, same: bool) -> None:
    """What is behind a name, in between or the other way round tells two pupils apart: their records stay two."""
    assert same_name(one, other) is same


PARTS = st.sampled_from([
    "Dave", "Deputy", "Paula", "Principal", "Mr", "Mrs", "Dr", "the", "D", "O'Neill", "van", "Seán", ",", ", ", "(",
    "-", " - ", " ", " ", " ", ".", ":", "Chair", "\u200b", "Ł", "1",
])  # fmt: skip
WRITTEN = st.lists(PARTS, max_size=8).map("".join) | st.text(max_size=20)


@given(WRITTEN, WRITTEN)
def test_whichever_is_compared_with_which_the_answer_is_one(one: str, other: str) -> None:
    assert same_name(one, other) == same_name(other, one)
    assert named_in(one, other) == named_in(other, one)
    assert may_be(one, other) == may_be(other, one)


@given(WRITTEN, WRITTEN)
def test_what_is_surer_holds_where_the_less_sure_does(one: str, other: str) -> None:
    assert not same_name(one, other) or named_in(one, other)
    assert not named_in(one, other) or may_be(one, other)
    assert same_name(one, one) == may_be(one, one)


@given(st.sampled_from(["Dave Deputy", "Anne-Marie O'Neill", "Jan van der Berg"]), st.sampled_from(sorted(TITLES)))
def test_no_title_and_no_position_makes_somebody_else(name: str, title: str) -> None:
    first, last = name.partition(" ")[::2]
    for written in (f"{title} {name}", f"{title.upper()}. {name}, Vice-Principal", f"{last}, {title} {first}"):
        assert named_in(written, name)
    assert not named_in(f"{title} Rose {name.split()[-1]}", name)


def person(id: str, name: str) -> Person:
    return Person(id, name, id, "teacher", False)


def test_who_has_that_very_name_goes_first() -> None:
    people = [person("p1", "Mary Ann Ward"), person("p2", "Ann Ward"), person("p3", "Dave Deputy")]
    assert [found.id for name in ("Mrs Ann Ward", "Ward, Mary Ann", "Mr Dave Deputy, VP")
            if (found := by_name(people, name))] == ["p2", "p1", "p3"]  # fmt: skip
    assert by_name(people, "Mr Deputy") is None
    assert by_name(people, "") is None
    assert perhaps(people, "Mr Deputy") == people[2]
    assert perhaps(people, "Rose Deputy") is None


@pytest.mark.parametrize(
    ("written", "searched_for"),
    [("Weir, Miss Ann", "Weir, Ann"), ("Dr. Ann O'Neill", "Ann O'Neill"), ("Mrs Weir", "Mrs Weir"), (" ", " ")],
)
def test_a_name_is_searched_for_without_its_titles(written: str, searched_for: str) -> None:
    assert searched(written) == searched_for


@pytest.mark.parametrize(
    ("written", "name", "is_one"),
    [
        ("Time over, POPPY's", "Poppy Quux", True),
        ("it was seán", "Sean Quux", True),
        ("the QUUX’S", "Poppy Quux", True),
        ("Mrs Other asked", "Mrs Poppy Quux", False),
        ("It will be kept", "Will Quux", False),
        ("Will's mother", "Will Quux", True),
        ("poppycock", "Poppy Quux", False),
        ("The Tolvanesses case", "Ari Tolvaness", True),
        ("both quuxes", "Poppy Quux", False),
        ("both Quuxes and the Ellys", "Elly Quux", True),
        ("the kerrymores' case", "Poppy Kerrymore", True),
        ("Two Bradlies", "Poppy Bradly", True),
        ("they may pass", "Noa Pas", False),
        ("The last mays", "May Quux", False),
        ("it said P o p p y there", "Poppy Quux", True),
        ("a p.o.p-p y's", "Poppy Quux", True),
        ("P o p went q u u x", "Poppy Qu", False),
        ("", "Poppy Quux", False),
    ],
)
def test_one_word_of_a_name_in_what_was_written(written: str, name: str, is_one: bool) -> None:
    assert a_word_of(written, name) is is_one
