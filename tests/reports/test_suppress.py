"""What is hidden of a table at first, and what its signs tell whoever knows how that is done (R12)."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from esafety_tui.reports.cells import HIDDEN, SMALL, ZERO
from esafety_tui.reports.suppress import Line, suppress

THRESHOLD = 5


def table(rows: list[list[int]]) -> tuple[dict[object, int], list[Line]]:
    """Counts by (row, column), -1 for the totals, and the lines that add up."""
    high, wide = range(len(rows)), range(len(rows[0]))
    values: dict[object, int] = {(y, x): rows[y][x] for y in high for x in wide}
    values |= {(y, -1): sum(rows[y]) for y in high}
    values |= {(-1, x): sum(rows[y][x] for y in high) for x in wide}
    values[-1, -1] = sum(map(sum, rows))
    lines = [Line(tuple((y, x) for x in wide), (y, -1)) for y in (*high, -1)]
    lines += [Line(tuple((y, x) for y in high), (-1, x)) for x in (*wide, -1)]
    return values, lines


@st.composite
def tables(draw: st.DrawFn) -> list[list[int]]:
    count = st.integers(0, 4) | st.integers(0, 12) | st.just(0)
    wide = draw(st.integers(1, 5))
    return draw(st.lists(st.lists(count, min_size=wide, max_size=wide), min_size=1, max_size=4))


def told_apart(line: Line, shown: Mapping[object, str]) -> bool:
    """Whether the signs of a line say which of its hidden counts are small."""
    return {SMALL, HIDDEN} <= {shown[part] for part in line.parts}


@given(tables(), st.sets(st.tuples(st.integers(0, 3), st.integers(0, 4)), max_size=4))
def test_no_sign_says_that_a_hidden_count_is_not_small(rows: list[list[int]], before: set[tuple[int, int]]) -> None:
    values, lines = table(rows)
    shown = suppress(values, lines, THRESHOLD, dict.fromkeys(before, HIDDEN))
    for line in lines:
        assert not told_apart(line, shown)
    for key, value in values.items():
        sign = shown[key]
        assert sign != SMALL or 0 < value < THRESHOLD
        assert sign in (SMALL, HIDDEN) or (sign == ZERO if value == 0 else int(sign) == value >= THRESHOLD)


def test_a_count_hidden_beside_small_ones_leaves_room_for_each_of_them() -> None:
    """Beside a five, a one would be all that a total of six leaves: what is hidden and not small is at least five."""
    values, lines = table([[24, 7, 5, 0, 7, 22, 18, 31, 1, 0]])
    shown = suppress(values, lines, THRESHOLD)
    assert [shown[0, x] for x in range(10)] == ["24", "7", "5", ZERO, "7", "22", HIDDEN, "31", HIDDEN, ZERO]
    mixed = {key: SMALL if 0 < value < THRESHOLD else shown[key] for key, value in values.items()}
    assert told_apart(lines[0], mixed)


@given(st.lists(st.integers(0, 30), min_size=2, max_size=8))
def test_in_a_line_any_small_number_has_room(row: list[int]) -> None:
    values = dict[object, int](enumerate(row)) | {-1: sum(row)}
    shown = suppress(values, [Line(tuple(range(len(row))), -1)], THRESHOLD)
    hidden = [n for at, n in enumerate(row) if shown[at] == HIDDEN]
    small = sum(0 < n < THRESHOLD for n in hidden)
    if small and shown[-1] not in (SMALL, HIDDEN) and any(shown[at] not in (HIDDEN, ZERO) for at in range(len(row))):
        # One of them is not small; beside it each small one may be as large as small ones are, the others being one.
        assert sum(hidden) >= THRESHOLD + (THRESHOLD - 1) + (small - 1)


def test_small_counts_alone_keep_the_sign_that_says_so() -> None:
    values, lines = table([[2, 3, 0, 4]])
    assert [suppress(values, lines, THRESHOLD)[0, x] for x in range(4)] == [SMALL, SMALL, ZERO, SMALL]
