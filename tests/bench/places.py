"""Homes to measure on: a school's own with real password costs, holding as many incidents as wanted."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from esafety_tui.desk import opening
from esafety_tui.desk.asks import Reply
from esafety_tui.desk.case.casework import STREAM
from esafety_tui.desk.case.summary import case_of, project
from esafety_tui.desk.policies import packs
from esafety_tui.desk.school import founding
from esafety_tui.desk.school.founding import Founding, Newcomer
from esafety_tui.desk.session import Session
from esafety_tui.store.journal import Draft, Entry, Journal, Part
from esafety_tui.store.projection import Projection

LOGIN, PASSWORD = "rmoore", "quiet harbour lantern seven"
TOGETHER = 250
OPEN = 12
#: The answers that protect, until the first one with something to write.
FIRST = ("no", "no", "done")
NAMES = ("Ash", "Birch", "Cedar", "Elm", "Hazel", "Linden", "Maple", "Oak", "Poplar", "Rowan", "Willow", "Yew")


@contextmanager
def folder() -> Iterator[Path]:
    """A folder of this run's own, with the program's state in it; all of it is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="esafety-bench-") as name:
        os.environ["ESAFETY_STATE"] = str(Path(name) / "state")
        yield Path(name)


def found(home: Path) -> Session:
    """A school's own home, with the costs of a real password."""
    people = (
        Newcomer("Robin Moore", LOGIN, "designated-teacher", True, PASSWORD),
        Newcomer("Kim Falls", "kfalls", "vice-principal", True, PASSWORD + " two"),
    )
    plan = Founding("school", "A school", packs.load("spires"), "office laptop", "the office", people)
    return founding.found(home, plan)[0]


def unlock(home: Path) -> Session:
    return opening.unlock(home, LOGIN, PASSWORD)


def fill(session: Session, incidents: int) -> None:
    """As many everyday incidents: one is written through the desk, the others are like it under other names.

    Written in bulk, straight into the journal: through the desk it would take hours. A dozen open cases come last.
    """
    slip = {"name": "Ash Birch", "group": "P6", "kind": "message", "what": "An unkind word.", "done": "An apology."}
    saved = session.slips.reply(Reply("record", slip))
    session.slips.countersign([saved.ref])
    pattern = session.journal.read(STREAM + saved.ref)
    names = itertools.cycle(f"{first} {last}" for first in NAMES for last in NAMES if first != last)
    bulk = Journal(session.database, lambda *_: True)
    for begin in range(1, incidents - OPEN, TOGETHER):
        count = min(TOGETHER, incidents - OPEN - begin)
        bulk.append_many([_like(session, pattern, next(names)) for _ in range(count)], session.stamp())
    for _ in range(OPEN):
        begun(session)
    session.care.record_anchor()


def begun(session: Session) -> str:
    """A case with its first answers, through the desk; gives its reference."""
    ref = session.casework.begin()
    for choice in FIRST:
        session.casework.reply(ref, Reply(choice))
    session.casework.reply(ref, Reply("recorded", {"how": "told", "named": "ask", "summary": "A hurtful message."}))
    return ref


def _like(session: Session, pattern: list[Entry], name: str) -> Part:
    ref = session.casework.new_reference()
    drafts = [Draft(entry.kind, _renamed(entry.data, ref, name), entry.pv) for entry in pattern]

    def projection(entries: list[Entry]) -> Projection:
        return project(case_of(entries), session.pack)

    return Part(STREAM + ref, drafts, 0, projection)


def _renamed(data: dict[str, object], ref: str, name: str) -> dict[str, object]:
    changed = dict(data)
    if "ref" in changed:
        changed["ref"] = ref
    if changed.get("name"):
        changed |= {"name": name, "who": "w" + name.encode().hex()[:16]}
    return changed


def copy(home: Path, name: str) -> Path:
    """The same home beside itself, as it is now. Closed homes only."""
    beside = home.with_name(name)
    shutil.copytree(home, beside)
    return beside
