"""The paper kit: each has a number of its own, and a telephone number that nobody confirmed says so."""

from __future__ import annotations

from datetime import datetime

import pytest

from esafety_tui.desk.papers import blank_papers
from esafety_tui.desk.papers.handover import Handover
from esafety_tui.desk.session import Session
from esafety_tui.policy.parts import Reach
from esafety_tui.register import events as r


def test_two_kits_of_one_minute_have_two_numbers() -> None:
    made = datetime(2026, 3, 2, 9, 15)
    numbers = {blank_papers.number(made) for _ in range(20)}
    assert len(numbers) == 20
    assert all(one.startswith("BLANK-260302-0915-") for one in numbers)


@pytest.mark.parametrize(
    ("ways", "confirmed", "printed"),
    [
        ([("telephone", "101", True)], {}, "101 (not confirmed)"),
        ([("telephone", "101", False)], {}, "101"),
        ([("telephone", "101", True)], {("police", "telephone"): "028 1"}, "028 1"),
        ([("telephone", "", True), ("web", "x.example", True)], {}, ""),
        ([("telephone", "101", True), ("telephone", "102", False)], {}, "101 (not confirmed), 102"),
    ],
)
def test_what_nobody_confirmed_says_so(
    session: Session, ways: list[tuple[str, str, bool]], confirmed: dict[tuple[str, str], str], printed: str
) -> None:
    reach = [Reach.model_validate({"kind": k, "value": v, "needs_confirming": n}) for k, v, n in ways]
    agency = session.pack.tables.agencies[0].model_copy(update={"id": "police", "reach": reach})
    assert blank_papers.phone(agency, confirmed) == printed


def test_page_one_says_which_numbers_are_not_confirmed(session: Session) -> None:
    ref = session.casework.begin()
    known = session.register.numbers
    waiting = {
        one.title: one.id
        for one in session.pack.tables.agencies
        if one.purpose in ("police", "care", "authority") and (one.id, "telephone") not in known
        for way in one.reach
        if way.kind == "telephone" and way.value and way.needs_confirming
    }
    assert waiting or session.pack.name != "spires", "the policy gives numbers for the school to confirm"

    def marked() -> set[str]:
        cover = Handover(session.leaving.paperwork(ref), "", "", {}).cover("ab" * 32)
        return {one.name for one in cover.ring if "(not confirmed)" in one.phone}

    assert marked() == set(waiting)
    for agency in waiting.values():
        session.note(r.NumberConfirmed(agency, "telephone", "028 9000 0000"))
    assert marked() == set()
