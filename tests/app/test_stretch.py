"""The stretch of rows that the log's table holds, against a plain list, whatever is pressed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esafety_tui.widgets import stretch
from esafety_tui.widgets.logcolumns import Look, cells, placed
from esafety_tui.widgets.rows import STATUS
from esafety_tui.widgets.stretch import Chunk, Edge, Row, Stretch


def row(number: int) -> Row:
    return {"ref": f"R{number}", "key": number, "place": None}


class Model:
    """A list of numbers, and pages out of it as the desk gives them."""

    def __init__(self, count: int, page: int) -> None:
        self.all, self.page = list(range(0, count * 10, 10)), page

    def chunk(self, start: int, end: int, at: int = 0) -> Chunk:
        start, end = max(0, start), min(len(self.all), end)
        return Chunk([row(n) for n in self.all[start:end]], start > 0, end < len(self.all), at)

    def beyond(self, edge: Edge, held: Stretch) -> Chunk:
        key = held.rows[-1 if edge == "after" else 0]["key"]
        if edge == "after":
            start = next((i for i, n in enumerate(self.all) if n > key), len(self.all))
            return self.chunk(start, start + self.page)
        end = sum(n < key for n in self.all)
        return self.chunk(end - self.page, end)


MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("move"), st.integers(-3, 3)),
        st.tuples(st.just("page"), st.integers(-40, 40)),
        st.tuples(st.just("roll"), st.integers(-9, 9)),
        st.tuples(st.just("resize"), st.integers(1, 30)),
        st.tuples(st.just("insert"), st.integers(0, 5000)),
        st.tuples(st.just("jump"), st.integers(0, 500)),
    ),
    max_size=40,
)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 400), st.integers(5, 60), MOVES)
def test_any_sequence_shows_what_the_list_shows(count: int, page: int, moves: list[tuple[str, int]]) -> None:
    model, held = Model(count, page), Stretch()
    # Small bounds, so that rows are let go at both ends.
    most, near, stretch.MOST, stretch.NEAR = stretch.MOST, stretch.NEAR, 90, 8
    try:
        held.resize(12)
        held.begin(model.chunk(0, page))
        for what, number in moves:
            press(model, held, what, number)
            while (edge := held.wants()) is not None:
                held.extend(edge, model.beyond(edge, held))
            check(model, held)
    finally:
        stretch.MOST, stretch.NEAR = most, near


def press(model: Model, held: Stretch, what: str, number: int) -> None:
    if what == "move":
        held.move(number)
    elif what == "page":
        held.move(number, scroll=True)
    elif what == "roll":
        held.roll(number)
    elif what == "resize":
        held.resize(number)
    elif what == "insert" and number % 10:
        # Written by somebody meanwhile: it is there when the rows around it are read again.
        model.all = sorted({*model.all, number})
        if not held.rows:
            held.begin(model.chunk(0, 7))
        else:
            key = held.rows[held.at]["key"]
            held.begin(model.chunk(model.all.index(key) - 20, model.all.index(key) + 20, min(20, model.all.index(key))))
    elif what == "jump" and model.all:
        at = number % len(model.all)
        held.begin(model.chunk(at - 10, at + 30, min(at, 10)), keep=3)


def check(model: Model, held: Stretch) -> None:
    if not model.all:
        assert (held.marked, held.shown(), held.share()) == (None, [], None)
        return
    keys = [one["key"] for one in held.rows]
    start = model.all.index(keys[0])
    assert keys == model.all[start : start + len(keys)], "a gap, or a row twice"
    assert (held.before, held.after) == (start > 0, start + len(keys) < len(model.all))
    assert held.top <= held.at < min(held.top + held.height, len(keys))
    assert len(held.shown()) == min(held.height, len(model.all)), "a half-empty screen"
    assert len(keys) <= 90 + 60 + 2 * 30 + 16, "more rows are held than needed"


@given(st.integers(1, 120), st.integers(1, 30))
def test_every_row_is_reached_by_going_down(count: int, height: int) -> None:
    model, held = Model(count, 7), Stretch()
    held.resize(height)
    held.begin(model.chunk(0, 7))
    seen = []
    for _ in range(count):
        while (edge := held.wants()) is not None:
            held.extend(edge, model.beyond(edge, held))
        assert held.marked is not None
        seen.append(held.marked["key"])
        held.move(1)
    assert seen == model.all


def test_a_move_past_what_is_held_is_made_up_for_when_more_is_there() -> None:
    model, held = Model(50, 10), Stretch()
    held.resize(5)
    held.begin(model.chunk(0, 10))
    held.move(14, scroll=True)
    assert held.rows[held.at]["key"] == 90
    held.extend("after", model.beyond("after", held))
    assert held.rows[held.at]["key"] == 140


def test_what_it_is_sorted_by_has_a_column_at_every_width() -> None:
    for width in (60, 80, 120, 160):
        for sort, title in (("happened", "Happened"), ("due", "Due"), ("lead", "Lead"), ("status", "Status")):
            assert title in [one.column.title for one in placed(width, sort)]
            last = placed(width, sort)[-1]
            assert last.start + last.width <= width


LONG = "A film of a pupil in the changing room was sent round in the class chat, and shown to others on the bus."


@pytest.mark.parametrize("sort", ["opened", "happened", "due", "status"])
@pytest.mark.parametrize("width", [55, 75, 115, 155, 195])
@pytest.mark.parametrize("status", STATUS)
def test_what_a_column_says_is_never_cut_but_for_texts(width: int, status: str, sort: str) -> None:
    branch = "illegal" if status in ("halted", "awaiting-police") else "undecided"
    one = {"ref": "7KQ2-M9X", "opened_at": "2025-09-30", "happened_at": "2025-09-28", "next_due": "2025-12-31",
           "status": status, "branch": branch, "class": "suspicion", "title": LONG, "lead": "Jo Ray",
           "people": [{"name": LONG, "group": "", "role": "subject"}]}  # fmt: skip
    columns = placed(width, sort)
    line = cells(one, columns, Look("", "2026-11-22")).plain
    assert len(line) == width
    for column in columns:
        text = line[column.start : column.start + column.width]
        assert ("…" in text) == (column.column.id in ("what", "who")), column.column.title


def test_what_happened_gets_more_than_half_of_what_is_left_and_nothing_is_lost() -> None:
    room = {width: next(one.width for one in placed(width) if one.column.id == "what") for width in (55, 75, 115, 155)}
    assert room[55] >= 25
    assert room[75] >= 20
    assert room[115] >= 28
    assert room[155] >= 28
    for width in room:
        columns = placed(width)
        assert columns[-1].start + columns[-1].width == width


@pytest.mark.parametrize("width", [77, 117, 157])
def test_what_happened_goes_on_where_nothing_is_due_or_nobody_is_named(width: int) -> None:
    look, columns = Look("", "2026-11-22"), placed(width)
    one = {"ref": "7KQ2-M9X", "opened_at": "2026-09-30", "happened_at": "2026-09-28", "next_due": "", "lead": "Jo Ray",
           "status": "open", "title": LONG, "people": []}  # fmt: skip
    what = next(column for column in columns if column.column.id == "what")
    after = columns[columns.index(what) + 1]
    line = cells(one, columns, look).plain
    assert line[what.start :].startswith(LONG[: after.start + after.width - what.start - 1])
    assert len(line) == width
    filled = {**one, "next_due": "2026-12-01", "people": [{"name": "Ann", "group": "", "role": "subject"}]}
    other = cells(filled, columns, look).plain
    assert other[after.start :].strip().startswith("1 Dec" if after.column.id == "due" else "Ann")
    assert len(other) == width


def test_a_day_that_was_put_right_has_the_sign_in_its_own_column() -> None:
    one = {"ref": "7KQ2-M9X", "opened_at": "2026-09-30", "happened_at": "2026-09-28", "happened_corrected_by": 9,
           "status": "open", "people": []}  # fmt: skip
    look = Look("", "2026-11-22")
    assert "✎ 28 Sep " in cells(one, placed(157), look).plain
    assert "✎ 28 Sep 2026" in cells(one, placed(190), look).plain
    assert "✎ 28 Sep " in cells(one, placed(77, "happened"), look).plain
    assert "✎" not in cells({**one, "happened_corrected_by": None}, placed(190), look).plain


def test_a_window_with_room_has_whole_days() -> None:
    one = {"ref": "7KQ2-M9X", "opened_at": "2025-09-30", "happened_at": "2025-09-28", "next_due": "2025-12-31",
           "status": "open", "people": []}  # fmt: skip
    line = cells(one, placed(155), Look("", "2026-11-22")).plain
    assert "30 Sep 2025" in line
    assert "28 Sep 2025" in line
    assert "31 Dec 2025" in line


def test_pages_pressed_faster_than_rows_come_are_made_up_for() -> None:
    held = Stretch(height=10)
    held.begin(Chunk([row(n) for n in range(60)], after=True))
    for _ in range(20):
        held.move(9, scroll=True)
    assert (held.at, held.owed) == (59, 180 - 59)
    held.extend("after", Chunk([row(n) for n in range(60, 160)], after=True))
    assert (held.at, held.owed) == (159, 180 - 159)
    held.extend("after", Chunk([row(n) for n in range(160, 260)]))
    assert (held.at, held.owed) == (180, 0)
    held.move(500)
    held.move(-len(held.rows))
    assert held.at == 0, "the other way is not held back by what was owed"
