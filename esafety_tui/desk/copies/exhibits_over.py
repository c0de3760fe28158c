"""Exhibits of a case that both copies hold: which come over with their file, and not as a note alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from esafety_tui.desk.case.casework import STREAM
from esafety_tui.desk.case.summary import case_of
from esafety_tui.incident import events as e
from esafety_tui.incident.case import Case
from esafety_tui.record.payload import to_data
from esafety_tui.store.evidence import Evidence
from esafety_tui.store.journal import Entry

if TYPE_CHECKING:
    from esafety_tui.desk.copies.taking_over import TakingOver


def coming(
    taking: TakingOver, stream: str, there: list[Entry], since: Iterable[Entry], files: Evidence
) -> frozenset[str]:
    """The chain values (hex) of those entries whose exhibit comes as it is, also where an earlier taking over left it
    as a note. there: all of the case there; since: what this log did not have when the copies parted; files: where
    theirs are.

    None of a case in which something illegal is suspected in either copy: nothing is carried that may be what must
    never be copied (R3, R5). None without its file there, or whose key was given up.
    """
    session = taking.session
    whole = [one for one in since if one.kind == e.Exhibited.kind and _whole(files, one)]
    if not whole:
        return frozenset()
    here = session.casework.case(stream.removeprefix(STREAM), as_rules=True)
    if any(one.standing.suspected or one.standing.lane == "illegal" for one in (here, case_of(there))):
        return frozenset()
    marks = session.evidence.marks.all()
    return frozenset(one.chain.hex() for one in whole if str(one.data["mark"]) not in marks)


def as_it_is(event: e.Exhibited, here: Case) -> dict[str, Any]:
    """What is written of such an exhibit here: all of it, but for a row that this log's case does not have."""
    known = any(row.row == event.row for row in here.rows)
    return to_data(event if known else replace(event, row=""))


def _whole(files: Evidence, entry: Entry) -> bool:
    id = str(entry.data.get("evidence") or "")
    return bool(id) and files.has(id) and files.path(id).is_file() and files.row(id).wrapped is not None
