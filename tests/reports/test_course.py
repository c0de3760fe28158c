"""What a reader is taken to know of the procedure is not laxer than the policies themselves: nothing is thought
possible that no case can come to. And whatever a way through the chart has to ask, or never asks, is known."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest

from esafety_tui.desk.policies import packs
from esafety_tui.incident import commands as c
from esafety_tui.incident.standing import Standing
from esafety_tui.proof.moves import Moves
from esafety_tui.proof.search import Space, explore, steps
from esafety_tui.reports.course import COURSE, COURSES, ENDED, MISTAKEN, NOT_SAID, SAID, Course, seen
from esafety_tui.reports.figures import INCIDENTS, dimensions

PACKS = ("spires", "woodside-park")
OUTSIDE = frozenset({"care", "authority"})
SLIP = ("ordinary", "undecided", "unknown", "closed", "none", "none", NOT_SAID, "week", "no")
#: What a box of the chart has to have recorded before it is left, by its form, and the figures that this decides.
ASKED = {"reported": "how", "kind": "kind", "people": "people"}
#: Every way of counting incidents that the procedure does not bind by itself, and why a reader learns nothing by it.
FREE = {
    "kind": "asked on every way; not of what was opened by mistake: world._about_nothing_said",
    "refer-time": "days, only of what was referred: figures.SAME",
    "bullying": "may be recorded of anything in which a pupil had a part, by itself; with its two lists: figures.SAME",
    "motive": "as bullying", "method": "as bullying",
}  # fmt: skip


def of(s: Standing) -> tuple[str, ...]:
    """The course of a standing, without how it came and how long it took. The search takes every call for made that
    leads nowhere by itself, so that "nobody was told" looks like "others were"; and nobody for recorded."""
    told = "police" if "police" in s.called else "others" if s.called & OUTSIDE else "none"
    return (
        "unknown" if s.klass == "unset" else s.klass, s.branch, s.substance or "unknown",
        s.status if s.status in ENDED else "open", told, s.answered or "waiting",
    )  # fmt: skip


@cache
def searched(name: str) -> Space:
    return explore(packs.load(name))


@cache
def asked(name: str) -> frozenset[tuple[Standing, frozenset[str]]]:
    """Every standing that a case can come to, with what was asked on the way there; without opening anything again."""
    space, pack = searched(name), packs.load(name)
    every, forms = Moves(pack), {node.id: node.form for node in pack.procedure.node}
    onwards: dict[Standing, list[tuple[str, Standing]]] = {}

    def on(state: Standing) -> Iterator[tuple[str, Standing]]:
        for move, later in steps(space, every, state):
            if not isinstance(move.command, c.Reopen):
                told = ASKED.get(forms[move.command.node], "") if isinstance(move.command, c.Answer) else ""
                yield told, later

    begun = [(state, frozenset[str]()) for state, came in space.came.items() if came is None]
    begun += [
        (state, frozenset[str]())
        for state, came in space.came.items()
        if came is not None and "mistake, and closed" in came[1].label
    ]
    found, todo = set(begun), begun
    while todo:
        state, said = todo.pop()
        if state not in onwards:
            onwards[state] = list(dict.fromkeys(on(state)))
        for told, later in onwards[state]:
            now = (later, said | {told} if told else said)
            if now not in found:
                found.add(now)
                todo.append(now)
    return frozenset(found)


def without_calls(course: Course) -> tuple[str, ...]:
    return (*course[:4], "others", "waiting") if course[4] == "none" else course[:6]


@pytest.mark.parametrize("name", PACKS)
def test_every_course_is_one_that_a_case_can_take_under_each_policy(name: str) -> None:
    taken = {of(state) for state in searched(name).came if state.status != "none"}
    assert [course for course in COURSES if without_calls(course) not in taken] == []


@pytest.mark.parametrize("name", PACKS)
def test_how_it_came_is_unknown_only_where_no_way_there_has_asked_it(name: str) -> None:
    """For each course: whether a case can come there with the question asked, and without. Nothing is thought possible
    that cannot be, and nothing is missed: a field that is "not said" only for some class of case is knowledge."""
    ways: dict[tuple[str, ...], set[bool]] = {}
    for state, said in asked(name):
        if state.status != "none":
            ways.setdefault(of(state), set()).add("how" in said)
    known: dict[tuple[str, ...], set[bool]] = {}
    for course in COURSES - {SLIP}:
        known.setdefault(without_calls(course), set()).add(course[6] == SAID)
    assert {course: said - ways[course] for course, said in known.items() if said - ways[course]} == {}
    ended = {course for course in known if course[3] != "open"}
    assert all(known[course] == ways[course] for course in ended)
    assert {course[0] for course in ended if False in ways[course]} == {"unknown"}, "only what was opened by mistake"


@pytest.mark.parametrize("name", PACKS)
def test_what_it_was_about_and_who_had_a_part_is_asked_on_every_way_to_an_end(name: str) -> None:
    for state, said in asked(name):
        if state.ended and of(state)[0] != "unknown":
            assert {"how", "kind", "people"} <= said


def test_a_short_record_goes_the_way_of_the_chart_without_how_it_came_and_is_closed_at_once() -> None:
    assert SLIP in COURSES
    assert {course for course in COURSES if course[6] == NOT_SAID and course[3] != "open"} == {SLIP, *MISTAKEN}


def test_what_is_about_staff_is_never_everyday() -> None:
    assert {course[0] for course in COURSES if course[8] == "yes"} == {"suspicion", "unknown"}
    assert {course[3] for course in COURSES if course[8] == "yes" and course[0] == "unknown"} == {"open"}


@pytest.mark.parametrize("name", PACKS)
def test_every_way_of_counting_incidents_is_bound_or_said_to_be_free(name: str) -> None:
    counted = {id for id, dim in dimensions(packs.load(name).tables).items() if dim.unit == INCIDENTS}
    assert counted <= {*COURSE, *FREE}


def test_the_courses_are_made_of_the_categories_that_are_counted() -> None:
    dims = dimensions(packs.load("spires").tables)
    for at, dim in enumerate(COURSE):
        assert {course[at] for course in COURSES} == {seen(dim, id) for id, _ in dims[dim].cats}
