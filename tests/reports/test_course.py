"""What a reader is taken to know of the procedure is not laxer than the policies themselves: nothing is thought
possible that no case can come to."""

from __future__ import annotations

import pytest

from esafety_tui.desk.policies import packs
from esafety_tui.incident.standing import Standing
from esafety_tui.proof.search import explore
from esafety_tui.reports.course import COURSE, COURSES, ENDED, Course
from esafety_tui.reports.figures import dimensions

OUTSIDE = frozenset({"care", "authority"})


def of(s: Standing) -> Course:
    """The course of a standing. The search takes every call for made that leads nowhere by itself, so that "nobody was
    told" looks like "others were"."""
    told = "police" if "police" in s.called else "others" if s.called & OUTSIDE else "none"
    return (
        "unknown" if s.klass == "unset" else s.klass, s.branch, s.substance or "unknown",
        s.status if s.status in ENDED else "open", told, s.answered or "waiting",
    )  # fmt: skip


@pytest.mark.parametrize("name", ["spires", "woodside-park"])
def test_every_course_is_one_that_a_case_can_take_under_each_policy(name: str) -> None:
    taken = {of(state) for state in explore(packs.load(name)).came if state.status != "none"}
    looked_for = {
        course: (*course[:4], "others", "waiting") if course[4] == "none" else course for course in COURSES
    }  # fmt: skip
    assert [course for course, seen in looked_for.items() if seen not in taken] == []


def test_the_courses_are_made_of_the_categories_that_are_counted() -> None:
    dims = dimensions(packs.load("spires").tables)
    for at, dim in enumerate(COURSE):
        assert {course[at] for course in COURSES} == {id for id, _ in dims[dim].cats}
