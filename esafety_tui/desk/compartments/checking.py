"""The check of the compartments (verify): each against itself, and against the heads that the log has of it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from esafety_tui.desk.case.casework import STREAM
from esafety_tui.desk.compartments.keeping import FORGED
from esafety_tui.desk.logbook.signatures import wrong_in
from esafety_tui.errors import StoreError, UsageError
from esafety_tui.record import words
from esafety_tui.register.compartments import Known
from esafety_tui.store import enclosed, rows_check
from esafety_tui.store import verify as checking
from esafety_tui.store.enclosed import Enclosed
from esafety_tui.store.evidence import FOLDER as EVIDENCE
from esafety_tui.store.evidence_check import STRAYS, Where
from esafety_tui.store.verify import Finding

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session

#: A file of a compartment, of whatever key, with what a kill leaves beside it.
_OURS = re.compile(r"(?:log-\d+\.db(?:-journal|\.new)?(?:-journal)?|making-\d+(?:\.new)?)$")
#: So many are said, and so much of a name.
_MOST_STRAYS, _LONGEST = 20, 120
#: Entries of a compartment have numbers from here on; no log has so many of its own.
FIRST_NUMBER = 100_000_000


@dataclass
class Checked:
    """What was found. count: the compartments that were read through; gone: those that were disposed of; findings: in
    words, with the entry if any."""

    count: int = 0
    gone: int = 0
    evidence: int = 0
    evidence_bad: int = 0
    evidence_absent: tuple[str, ...] = ()
    findings: list[Finding] = field(default_factory=list)

    def say(self, seq: int | None, text: str) -> None:
        """Something is wrong with an entry, or with the whole."""
        self.findings.append(Finding(seq, text))


def check(
    session: Session, absent: frozenset[str], head: words.Head | None, progress: Callable[..., Any] | None
) -> Checked:
    """Every compartment that is open here, whole; of one that is closed to this reader, whether its file is there; of
    one that was disposed of, that nothing is."""
    found = Checked()
    rooms = {room.id: room for room in session.compartments.all()}
    for known in session.register.compartments.values():
        room = rooms.get(known.id)
        if known.disposed:
            _gone(session, known, found)
        elif room is None:
            _closed(session, known, found)
        else:
            _open(session, room, known, absent, head if head_of(session, head) is room else None, progress, found)
    _unnamed(session, found)
    return found


def _unnamed(session: Session, found: Checked) -> None:
    """What lies among the compartments and no entry names. What a kill left is swept away at unlocking, where the log
    may be written; so this is rare."""
    folder = session.home / enclosed.FOLDER
    known = session.register.compartments
    try:
        strays = [
            path
            for one in sorted(folder.iterdir() if folder.is_dir() else ())
            for path in ([one] if one.name not in known or not one.is_dir() else _strays(one))
            if path.name not in STRAYS and not (one.name in known and known[one.name].disposed)
        ]
    except OSError:
        found.say(None, "The folder of cases that are kept apart cannot be read.")
        return
    for path in strays[:_MOST_STRAYS]:
        name = str(path.relative_to(session.home))[:_LONGEST]
        found.say(None, f"No entry names {name}: something was broken off there, or it was put there.")


def _strays(folder: Path) -> list[Path]:
    """What is neither a database of a compartment, nor what its writing leaves beside it, nor its exhibits."""
    ours = (EVIDENCE, enclosed.IN_FORCE)
    return [path for path in sorted(folder.iterdir()) if path.name not in ours and not _OURS.match(path.name)]


def head_of(session: Session, head: words.Head | None) -> Enclosed | None:
    """The open compartment whose head was copied from paper; None where it is the log's. Raises UsageError for one that
    can only be of a compartment which is closed to this reader."""
    if head is None:
        return None
    for room in session.compartments.all():
        if head.seq is None:
            if any(entry.chain == head.chain for entry in room.journal.entries()):
                return room
        elif room.database.base < head.seq <= room.database.base + 1_000_000:
            return room
    if head.seq is not None and head.seq > FIRST_NUMBER:
        raise UsageError(
            "That is no entry that you can check",
            "It is no number of this log's own.",
            "Whoever printed the paper can check it.",
        )
    return None


def _gone(session: Session, known: Known, found: Checked) -> None:
    found.gone += 1
    if session.compartments.forged(known):
        found.say(known.disposed, FORGED)
    folder = enclosed.folder_of(session.home, known.id)
    if os.path.lexists(folder):
        name = folder.relative_to(session.home)
        found.say(known.disposed, f"A case was disposed of, and {name} is there: it was put back, or could not go.")


def _closed(session: Session, known: Known, found: Checked) -> None:
    path = enclosed.folder_of(session.home, known.id) / f"log-{known.generation}.db"
    name = path.relative_to(session.home)
    if not path.is_file() or path.stat().st_size == 0:
        found.say(None, f"A file that belongs to this log is missing: {name}.")
    elif session.compartments.should_open(known):
        found.say(None, f"A case that is kept apart cannot be opened: {name} is damaged, or another's.")


def _open(
    session: Session,
    room: Enclosed,
    known: Known,
    absent: frozenset[str],
    head: words.Head | None,
    progress: Callable[..., Any] | None,
    found: Checked,
) -> None:
    found.count += 1
    report = checking.verify(
        room.database,
        head=head,
        heads=known.anchors,
        progress=progress,
        files=Where(absent=absent, left_out=session.copies.left_out()),
        cost=words.HEAD_COST if head else checking.NO_WORDS,
    )
    found.evidence += report.evidence_checked
    found.evidence_bad += report.evidence_bad
    found.evidence_absent += report.evidence_absent
    found.findings += report.findings
    try:
        for entry in room.journal.stored(room.stream):
            if entry.kind == enclosed.MOVED and (text := enclosed.wrong(entry, session.database)):
                found.say(entry.seq, text)
        if report.first_bad is None:
            for seq, text in wrong_in(session, room):
                found.say(seq, text)
        if report.ok:  # else the rows may not even be readable, and that is said already
            found.findings += (Finding(*one) for one in rows_check.check(room.database, STREAM))
    except StoreError as error:
        found.say(None, str(error))
