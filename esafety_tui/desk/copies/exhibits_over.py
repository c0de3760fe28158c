"""Exhibits of a case that both copies hold: which come over with their file, and not as a note alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from esafety_tui.desk.case.casework import STREAM
from esafety_tui.desk.case.summary import case_of
from esafety_tui.desk.copies.carried import known_by
from esafety_tui.incident import events as e
from esafety_tui.incident.case import Case
from esafety_tui.record.payload import to_data
from esafety_tui.store.evidence import Evidence
from esafety_tui.store.journal import Entry

if TYPE_CHECKING:
    from esafety_tui.desk.copies.taking_over import TakingOver


SUSPECTED = "something illegal is suspected in the case, so nobody copies it. Only a note came: leave the file there."
MISSING = "its file is missing there too, or cannot be opened any more. Only a note came."
TWICE = "another exhibit here has that mark. Only a note came: take it in again."


@dataclass(frozen=True)
class Sorted:
    """Of exhibits in the other copy, by what they are known by (`known_by`): which come as they are, also where an
    earlier taking over left them as a note; and why each other one does not. found: the evidence ids of those that are
    here, whose files an earlier taking over missed there."""

    coming: frozenset[str] = frozenset()
    why: Mapping[str, str] = field(default_factory=dict)
    found: tuple[str, ...] = ()


def sorted_out(taking: TakingOver, stream: str, there: list[Entry], since: Iterable[Entry], files: Evidence) -> Sorted:
    """there: all of the case there; since: what this log did not have when the copies parted; files: where theirs are.

    None of a case in which something illegal is suspected in either copy: nothing is carried that may be what must
    never be copied (R3, R5). None without its file there, or whose key was given up.
    """
    session = taking.session
    kept = [one for one in since if one.kind == e.Exhibited.kind and one.data.get("evidence")]
    if not kept:
        return Sorted()
    here = session.casework.case(stream.removeprefix(STREAM), as_rules=True)
    if any(one.standing.suspected or one.standing.lane == "illegal" for one in (here, case_of(there))):
        return Sorted(why={known_by(one): SUSPECTED for one in kept})
    marks = session.evidence.marks.all()
    why = {known_by(one): TWICE for one in kept if str(one.data["mark"]) in marks}
    why |= {known_by(one): MISSING for one in kept if not _whole(files, one)}
    absent = session.register.copies.absent
    found = [str(one.data["evidence"]) for one in kept if one.data["evidence"] in absent and _whole(files, one)]
    return Sorted(frozenset(known_by(one) for one in kept) - why.keys(), why, tuple(found))


def as_it_is(event: e.Exhibited, here: Case) -> dict[str, Any]:
    """What is written of such an exhibit here: all of it, but for a row that this log's case does not have."""
    known = any(row.row == event.row for row in here.rows)
    return to_data(event if known else replace(event, row=""))


def _whole(files: Evidence, entry: Entry) -> bool:
    id = str(entry.data.get("evidence") or "")
    return bool(id) and files.has(id) and files.path(id).is_file() and files.row(id).wrapped is not None
