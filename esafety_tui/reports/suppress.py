"""Which counts of a report are hidden at first: small ones, whole groups, and as many others as keep a table's sums
from giving those away. What this leaves open, feasible.py finds. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from esafety_tui.reports.cells import HIDDEN, SMALL, ZERO


@dataclass(frozen=True)
class Line:
    """Counts that add up to a total. strict: it may not be seen that all of them are in one place."""

    parts: tuple[object, ...]
    total: object
    strict: bool = False


def primary(value: int, threshold: int) -> str:
    """What is shown of a count on its own."""
    if value == 0:
        return ZERO
    return SMALL if value < threshold else str(value)


def suppress(
    values: Mapping[object, int], lines: Sequence[Line], threshold: int, told: Mapping[object, str] | None = None
) -> dict[object, str]:
    """What is shown of every count. told: what an earlier report hid stays hidden."""
    shown = {key: primary(value, threshold) for key, value in values.items()}
    for key, sign in (told or {}).items():
        if key in shown and sign in (SMALL, HIDDEN) and shown[key] != SMALL:
            shown[key] = HIDDEN
    for line in lines:
        if line.strict and sum(values[part] > 0 for part in line.parts) == 1 and len(line.parts) > 1:
            _hide(shown, line.parts)
    while sum(_balanced(line, values, shown, threshold) for line in lines):
        pass
    while sum(_alike(line, shown) for line in lines):
        pass
    return shown


def hide_one_more(line: Line, values: Mapping[object, int], shown: dict[object, str], least: int = 0) -> bool:
    """Hide the smallest shown part of a line, of those that are at least `least` if there are any; whether there was
    one to hide. Zeros come last."""
    open_ = [part for part in line.parts if is_exact(shown[part])]
    open_.sort(key=lambda part: (values[part] == 0, values[part]))
    if not open_:
        return False
    _hide(shown, [next((part for part in open_ if values[part] >= least), open_[0])])
    return True


def is_exact(sign: str) -> bool:
    """Whether a reader is told the number itself."""
    return sign not in (SMALL, HIDDEN)


def _balanced(line: Line, values: Mapping[object, int], shown: dict[object, str], threshold: int) -> bool:
    """Hide more where the total would narrow a hidden count; whether anything was changed."""
    small = [part for part in line.parts if shown[part] == SMALL]
    hidden = [part for part in line.parts if shown[part] == HIDDEN]
    if not (small or hidden) or shown[line.total] == HIDDEN:
        return False
    if shown[line.total] == SMALL:
        # Each of two small parts of a small total would be known to be smaller still.
        crowded = len(small) + len(hidden) > 1 and bool(small)
        for part in small if crowded else ():
            shown[part] = HIDDEN
        return crowded
    sum_ = sum(values[part] for part in (*small, *hidden))
    least = threshold - 1 + max(len(small) - 1, 0)
    if not hidden and len(small) > 1 and least <= sum_ <= 1 + (len(small) - 1) * (threshold - 1):
        return False
    # Whoever knows that one of them is not small must still find room for any small number beside it. Which one is
    # hidden beside small ones does not go by how small they are.
    least += threshold if small else 0
    if hidden and len(small) + len(hidden) > 1 and sum_ >= least:
        return False
    return hide_one_more(line, values, shown, 2 * (threshold - 1) if small else least - sum_)


def _alike(line: Line, shown: dict[object, str]) -> bool:
    """Give all hidden parts of a line one sign, where one has HIDDEN; whether anything was changed.

    Whoever knows how counts are hidden knows that a small one is SMALL on its own. A HIDDEN beside it would be none or
    many, and a total of both would narrow what is small.
    """
    small = [part for part in line.parts if shown[part] == SMALL]
    if not small or not any(shown[part] == HIDDEN for part in line.parts):
        return False
    shown.update(dict.fromkeys(small, HIDDEN))
    return True


def _hide(shown: dict[object, str], parts: Iterable[object]) -> None:
    for part in parts:
        if shown[part] != SMALL:
            shown[part] = HIDDEN
