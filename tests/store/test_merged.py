"""The log with compartments beside it against the same cases in one list: every order, place, direction and count."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from esafety_tui.store.browse import Browse
from esafety_tui.store.filters import Wanted
from esafety_tui.store.journal import Journal
from esafety_tui.store.merged import Merged
from esafety_tui.store.pages import Key, Pages, Sort
from esafety_tui.store.projection import DueRow, IncidentRow, PersonRow, Projection
from tests.store.made_log import LEADER, draft, fresh, stamp
from tests.store.test_pages import FILTERS, INCIDENTS, LEADS, PEOPLE, SORTS


def projected(n: int, facts: dict[str, Any], people: tuple[PersonRow, ...]) -> Projection:
    row = replace(IncidentRow(**{"ref": f"R{n}", **facts}), restricted=False, excluded=())
    due = (DueRow("review", "Look again", row.lead, row.next_due, row.ref),) if row.next_due else ()
    return Projection(row, people, due, row.title)


def walked(pages: Pages, wanted: Wanted, sort: Sort, reverse: bool, limit: int, back: bool) -> list[tuple[Any, ...]]:
    """Every page from one end to the other: its rows, keys, and whether there is more on either side."""
    found, at = [], None
    while True:
        page = pages.page(LEADER, wanted, sort, at, "before" if back else "after", limit, reverse, LEADS)
        found.append((tuple(row.ref for row in page.rows), page.keys, page.before, page.after))
        if not page.rows or not (page.before if back else page.after):
            return found
        at = page.keys[0 if back else -1]


@settings(max_examples=40)
@given(
    cases=st.lists(st.tuples(INCIDENTS, PEOPLE, st.integers(0, 2)), min_size=1, max_size=9),
    filters=FILTERS,
    sort=st.sampled_from(SORTS),
    reverse=st.booleans(),
    back=st.booleans(),
    limit=st.integers(1, 4),
)
def test_pages_are_those_of_one_list(
    cases: list[tuple[dict[str, Any], tuple[PersonRow, ...], int]], filters: dict[str, Any], sort: Sort, reverse: bool,
    back: bool, limit: int,
) -> None:  # fmt: skip
    wanted = Wanted(**filters)
    with ExitStack() as open:
        plain, log, *rooms = (open.enter_context(fresh()) for _ in range(4))
        one, own = Journal(plain), Journal(log)
        for n, (facts, people, where) in enumerate(cases, 1):
            made = projected(n, facts, people)
            one.append(f"incident/R{n}", [draft()], stamp(n), 0, made)
            if where == 0:
                own.append(f"incident/R{n}", [draft()], stamp(n), 0, made)
            else:
                own.append(f"register/{n}", [draft()], stamp(n), 0)  # the anchor has the number that the case goes by
                room = Journal(rooms[where - 1])
                room.place = n
                room.append(f"incident/R{n}", [draft()], stamp(n), 0, made)
        whole, merged = Browse(plain), Merged(log, lambda: [Browse(room) for room in rooms])
        assert walked(merged.pages, wanted, sort, reverse, limit, back) == walked(
            whole.pages, wanted, sort, reverse, limit, back
        )
        assert merged.pages.count(LEADER, wanted) == whole.pages.count(LEADER, wanted)
        assert merged.pages.total(LEADER, wanted) == whole.pages.total(LEADER, wanted)
        for n in range(1, len(cases) + 1):
            assert merged.pages.key_of(LEADER, f"R{n}", sort) == whole.pages.key_of(LEADER, f"R{n}", sort)
            assert merged.incident(LEADER, f"R{n}") == replace_seq(whole.incident(LEADER, f"R{n}"), merged, n)
        for direction in ("after", "from", "before"):
            at = Key(len(cases) // 2, whole.pages.key_of(LEADER, "R1", sort).band)  # type: ignore[union-attr]
            pair = [b.pages.page(LEADER, wanted, sort, at, direction, limit, reverse, LEADS) for b in (merged, whole)]  # type: ignore[arg-type]
            assert pair[0].keys == pair[1].keys
            assert (pair[0].before, pair[0].after) == (pair[1].before, pair[1].after)
        assert sorted(map(repr, merged.due(LEADER))) == sorted(map(repr, whole.due(LEADER)))
        names = [{row.name for row in browse.people_matching(LEADER, "a")} for browse in (merged, whole)]
        assert names[0] == names[1]
        for who in ("w1", "w2"):
            told = [sorted(e.ref for e in browse.earlier_incidents(who, None, LEADER)) for browse in (merged, whole)]
            assert told[0] == told[1]


def replace_seq(row: Any, merged: Merged, n: int) -> Any:
    """The same row; its last entry has another number in a compartment."""
    here = merged.incident(LEADER, f"R{n}")
    return replace(row, last_seq=here.last_seq) if here else row
