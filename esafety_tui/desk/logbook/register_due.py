"""What is due in the register itself, as the projection keeps it. The calendar is not here: it needs a clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple

from esafety_tui.register import events as r
from esafety_tui.register import filtering
from esafety_tui.register import register as registers
from esafety_tui.register.register import Register
from esafety_tui.store.journal import Journal
from esafety_tui.store.projection import DueRow, Projection


def register_projection(register: Register) -> Projection:
    """What is due in the register itself."""
    return Projection(None, (), tuple(_due(register)), "")


def rows(journal: Journal) -> list[tuple[str, ...]]:
    """The same as rows, made anew from the log's own entries: what stands in compartments is not among them."""
    entries = journal.read(r.STREAM)
    register = registers.fold((e.seq, registers.from_data(e.kind, e.pv, e.data)) for e in entries)
    return [astuple(one) for one in _due(register)]


def _due(register: Register) -> Iterator[DueRow]:
    if register.provisional:
        yield DueRow("setup", "Set the school up (esafety setup)", "", "", "")
    for gone in register.gone.values():
        if gone.out and gone.left.how == "plain":
            what = f"A copy that anybody can read has left ({gone.left.item}): destroy it, or have it signed for"
            yield DueRow(f"left-{gone.left.item}", what, "", "", "")
        elif gone.handed and gone.out:
            what = f"No receipt yet for what was handed over ({gone.left.item}): have it signed for, and enter that"
            yield DueRow(f"left-{gone.left.item}", what, "", "", "")
    for change in register.filters.values():
        if change.due:
            yield DueRow(f"filter-{change.request.item}", filtering.next_step(change), "", change.due, "")
