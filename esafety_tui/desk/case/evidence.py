"""Exhibits at the desk: the question first, then the file, then the entry; who may open one; where screenshots lie."""

from __future__ import annotations

import heapq
import os
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from esafety_tui.desk import clock
from esafety_tui.desk.asks import whole
from esafety_tui.desk.case.marks import Marks
from esafety_tui.desk.case.plain_copies import named, whole_path
from esafety_tui.desk.case.sealed import SealedFiles, refuse_twice, still_sealed
from esafety_tui.desk.case.typed_path import chosen_path as chosen_path
from esafety_tui.desk.forms.base import Step, View, new_id
from esafety_tui.desk.refusals import refuse
from esafety_tui.errors import StoreError, UsageError
from esafety_tui.incident import events as e
from esafety_tui.incident import evidence_commands as ec
from esafety_tui.incident.case import Case
from esafety_tui.incident.decide import decide
from esafety_tui.incident.evidence_wording import on_one_line
from esafety_tui.incident.here import Kept, Refusal
from esafety_tui.people.person import Person

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from esafety_tui.desk.case.casework import Saved
    from esafety_tui.desk.session import Session
    from esafety_tui.store.evidence import Evidence as Files

#: Told (bytes done, bytes in all); it stops where it is answered True, and nothing is kept.
Progress = Callable[[int, int], object]
MOST_FILES = 200


@dataclass(frozen=True)
class FileLine:
    """A file that could be chosen. name: for showing, whatever bytes it has; modified: UTC text as in Stamp.at."""

    path: Path
    name: str
    size: int
    modified: str


class Evidence:
    """What is kept of a case beside its words."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._never_again: dict[str, SealedFiles] = {}  # by compartment; "" for the log itself
        self._asked: dict[tuple[str, str], str] = {}  # (case, "look" or "copy"): the second person who was there
        self.marks = Marks(session)
        self._sealed: dict[str, bytes] = {}  # keys taken away by the halt that was the last thing recorded
        self._sealed_ids: tuple[str, ...] = ()
        self._pending: tuple[dict[str, bytes], tuple[str, ...]] = ({}, ())
        self._sealed_at = 0

    @property
    def files(self) -> Files:
        """The encrypted files themselves: for whoever has asked the rules (`may_read`) before."""
        from esafety_tui.store.evidence import Evidence as Files

        return Files(self._session.home, self._session.database, self._session.unlocked)

    def sealed(self) -> frozenset[str]:
        """The ids of all sealed files of the log and of the compartments that are open."""
        rooms = self._session.compartments.all()
        return self.files.sealed().union(*(room.files.sealed() for room in rooms))

    def files_of(self, ref: str) -> Files:
        """The same of one case: one that is kept apart has files and keys of its own."""
        room = self._session.compartments.of_ref(ref)
        return room.files if room else self.files

    def _sealed_files(self) -> list[SealedFiles]:
        journals = self.marks.journals().items()
        return [self._never_again.setdefault(id, SealedFiles(journal)) for id, journal in journals]

    # -- what the rules are told

    def kept(self, case: Case, marks: bool = False) -> Kept:
        """What the rules may know of this case's looks and exhibits; `marks`: of every mark in the log too."""
        keeping = case.keeping
        looking = keeping.looking
        return Kept(
            keeping.computer.id if keeping.computer else "",
            looking.started.look if looking else "",
            frozenset(row.row for row in case.rows),
            keeping.asked_row,
            keeping.unsealed,
            self._returnable(case),
            frozenset(self.marks.all()) if marks else frozenset(),
            frozenset(held.id for held in keeping.custody.values() if held.ended is None),
            keeping.seen,
            frozenset(what for what in ("look", "copy") if not self.asked_now(case, what)),
            keeping.asked_what,
            frozenset(keeping.sticks.values()),
        )

    def asked_now(self, case: Case, what: str) -> bool:
        """Whether R3's question before a "look" or a "copy" was answered in this sitting, beside the same second."""
        beside = self._asked.get((case.ref, what))
        return beside is not None and self._second() in ("", beside)  # nobody beside the lead: R1 says so

    def _second(self) -> str:
        beside = self._session.second
        return beside.person.id if beside else ""

    def _returnable(self, case: Case) -> tuple[str, ...]:
        if not self._sealed or self._session.journal.head()[0] != self._sealed_at:
            self._forget()
            return ()
        return tuple(id for id in self._sealed_ids if id in case.exhibits)

    def _forget(self) -> None:
        self._sealed, self._sealed_ids = {}, ()

    def stick_mark(self, case: Case, label: str) -> str:
        """The exhibit mark of the school's stick that a bundle goes on: the one it has, else the next of whoever is
        signed in. "" where its label is not said."""
        return case.keeping.sticks.get(label) or self.mark_for(self._session.person) if label else ""

    def mark_for(self, person: Person) -> str:
        """The mark of the next exhibit that somebody produces, like "AB/3"."""
        return self.marks.next(person)

    # -- into the record

    def add(
        self,
        ref: str,
        path: str | Path,
        description: str,
        producer: str = "",
        progress: Progress | None = None,
        ask: str = "",
        again: bool = False,
    ) -> Saved:
        """Keep a file for the row that the question was just answered for. producer: the id of the one of the two who
        produces it; empty: whoever is signed in. ask: the question whose draft goes with the entry. again: keep it
        although the case has the very same file already.

        Raises RefusedError (a rule, or what the file is), UsageError (no such file), StoreError (not kept), Stopped:
        nothing is kept then. `progress` is told how far it is. While the file is read the sitting is free: a halt comes
        through at once, and the rules are asked again before the entry.
        """
        session = self._session
        with session.lock:
            new = self._allowed(session.casework.view(ref), description, producer)

        def tell(done: int, of: int) -> object:
            return session.closed or (progress(done, of) if progress else None)

        step = self._taken(ref, new, str(path), tell)
        try:
            with session.lock:
                self._may_come_in(session.casework.case(ref), step, again)
                return session.casework.write(session.casework.view(ref), [step], ask)
        except BaseException:
            if step.undo:
                step.undo()
            raise

    def file_step(self, v: View, path: str, description: str, producer: str = "", again: bool = False) -> Step:
        """The step that keeps a file: the rules are asked before the file is touched. Raises as `add` does."""
        step = self._taken(v.case.ref, self._allowed(v, description, producer), path)
        try:
            self._may_come_in(v.case, step, again)
        except BaseException:
            if step.undo:
                step.undo()
            raise
        return step

    def _may_come_in(self, case: Case, step: Step, again: bool) -> None:
        """R5: what was sealed does not come in again, nothing twice by accident. Raises; the bytes are discarded."""
        if isinstance(step.command, ec.AddExhibit):
            for sealed in self._sealed_files():
                sealed.refuse_bytes(step.command.exhibit.sha256)
            if not again:
                refuse_twice(case, step.command.exhibit.sha256)

    def _allowed(self, v: View, description: str, producer: str) -> e.Exhibited:
        """The exhibit that may be made now, without what only the file can tell. Raises RefusedError."""
        person = self._producer(producer)
        keeping = v.case.keeping
        new = e.Exhibited(
            new_id("x"), self.mark_for(person), keeping.asked_row, person.name, person.id, description.strip(), ""
        )
        here = self._session.casework.here(v.case, marks=True)
        outcome = decide(v.pack, v.standing, here, ec.AddExhibit(new))
        if isinstance(outcome, Refusal):
            raise refuse(outcome)
        return new

    def _taken(self, ref: str, new: e.Exhibited, path: str, progress: Progress | None = None) -> Step:
        """The file is read, hashed and kept encrypted; the step makes the entry that names it."""
        from esafety_tui.store import intake

        source = whole_path(chosen_path(path, listed=True))
        with self._session.lock:
            for sealed in self._sealed_files():
                sealed.refuse_place(source)
        files = self.files_of(ref)
        taken = intake.take(files, source, progress=progress)
        source_path, source_bytes = named(source)
        made = replace(
            new,
            source_name=taken.name,
            source_modified=taken.modified,
            source_path=source_path,
            source_bytes=source_bytes,
            file_kind=taken.kind,
            size=taken.size,
            width=taken.width,
            height=taken.height,
            sha256=taken.sha256,
            evidence=taken.id,
            stored_sha256=taken.stored_sha256,
            stored_size=taken.stored_size,
            note=taken.note,
        )
        return Step(
            ec.AddExhibit(made),
            also=lambda connection: files.keep(connection, taken.key),
            undo=lambda: files.discard(taken.id),
        )

    def words_step(self, v: View, row: str, description: str, where: str, why: str, producer: str = "") -> Step:
        """The step that describes something in words alone, with a mark and without a hash."""
        person = self._producer(producer)
        item = e.NotCopied(
            new_id("x"), self.mark_for(person), row, person.name, person.id, description.strip(), where, why
        )
        return Step(ec.DescribeItem(item))

    def _producer(self, id: str) -> Person:
        session = self._session
        beside = session.second
        if id and beside and id == beside.person.id:
            return beside.person
        return session.person

    def seal(self, ref: str, exhibit: str, reason: str, seen_here: str) -> Saved:
        """R5: an item kept here may be what must never be copied. All of the case's are sealed at once, for good."""
        session = self._session
        with session.lock:
            return session.casework.run(ref, [Step(ec.SayForbidden(exhibit, reason, seen_here))])

    def writing(
        self, case: Case, events: Sequence[e.Event], steps: Sequence[Step]
    ) -> Callable[[Connection], None] | None:
        """What has to be written in the same transaction as these events, or None. case: with the events in it."""
        sealed = [id for event in events if isinstance(event, e.Sealed) for id in event.exhibits]
        undone = any(isinstance(event, e.SealUndone) for event in events)
        others = [step.also for step in steps if step.also]
        if not (sealed or undone or others):
            return None
        lasting = any(isinstance(event, e.Sealed) and event.how == "said" for event in events)

        def write(connection: Connection) -> None:
            for other in others:
                other(connection)
            if undone:
                self.files_of(case.ref).give_back(connection, self._sealed)
            taken = self._seal(case.ref, connection, [case.exhibits[id].evidence for id in sealed])
            self._pending = ({}, ()) if lasting else (taken, tuple(sealed))

        return write

    def _seal(self, ref: str, connection: Connection, ids: Sequence[str]) -> dict[str, bytes]:
        taken: dict[str, bytes] = {}
        for id in ids:
            try:
                taken |= self.files_of(ref).seal(connection, [id])
            except StoreError:
                # It has no key here, so nobody can open it anyway: a halt is never refused for that.
                continue
        return taken

    def written(self, ref: str, events: Sequence[e.Event]) -> None:
        """These are in the record now: what a halt took away can be given back only as the very next thing."""
        for event in events:
            if isinstance(event, e.AskedBeforeLooking | e.AskedBeforeCopying):
                what = "look" if isinstance(event, e.AskedBeforeLooking) else "copy"
                self._asked[ref, what] = self._second()
        self._forget()
        if any(isinstance(event, e.Sealed) for event in events):
            self._sealed, self._sealed_ids = self._pending
            self._sealed_at = self._session.journal.head()[0]

    def saved(self, case: Case, events: Sequence[e.Event]) -> str:
        """What is said once these are kept: "Saved.", what stays sealed where a halt was taken back too late, and where
        copies are of what was just sealed."""
        from esafety_tui.desk.papers.outside import warning

        elsewhere = warning(self._session, case) if any(isinstance(event, e.Sealed) for event in events) else ""
        return " ".join(part for part in ("Saved.", still_sealed(case, events), elsewhere) if part)

    # -- out of the record

    def may_read(self, ref: str, exhibit: str) -> None:
        """Raises RefusedError where an exhibit may not be opened now (R5), NoSuchIncident where the case may not be."""
        session = self._session
        with session.lock:
            view = session.casework.view(ref)
            outcome = decide(view.pack, view.standing, session.casework.here(view.case), ec.ReadExhibit(exhibit))
            if isinstance(outcome, Refusal):
                raise refuse(outcome)

    def read(self, ref: str, exhibit: str) -> Iterator[bytes]:
        """An exhibit's own bytes, for the form and the bundle; the program shows them nowhere. Raises as `may_read`,
        and StoreError where the file is missing or damaged."""
        self.may_read(ref, exhibit)
        return self.files_of(ref).read(self._session.casework.case(ref).exhibits[exhibit].evidence)

    # -- choosing a file

    @staticmethod
    def folder() -> Path:
        """Where this computer puts screenshots; else the pictures folder, else the person's own folder."""
        return screenshot_folder()

    @staticmethod
    def new_files(since: str = "", folder: Path | None = None) -> tuple[FileLine, ...]:
        """The newest files of the screenshot folder, newest first, at most 200; `since`: changed at or after this
        moment (UTC text as in Stamp.at). Raises UsageError where the folder cannot be read."""
        return files_in(folder or screenshot_folder(), since)


def screenshot_folder() -> Path:
    """See Evidence.folder."""
    import platformdirs

    pictures, desktop = Path(platformdirs.user_pictures_dir()), Path(platformdirs.user_desktop_dir())
    usual = [desktop] if sys.platform == "darwin" else [pictures / "Screenshots", pictures]
    for folder in (*usual, pictures, desktop):
        if folder.is_dir():
            return folder
    return Path.home()


def files_in(folder: Path, since: str = "") -> tuple[FileLine, ...]:
    """The newest ordinary files of a folder. Links, folders and devices are left out: they cannot be kept."""
    try:
        with os.scandir(folder) as listed:
            found = [line for entry in listed if (line := _line(entry)) is not None and line.modified >= since]
    except (OSError, ValueError):
        raise UsageError("That folder cannot be read", "It is missing or not open to you.", "Choose another.") from None
    return tuple(heapq.nlargest(MOST_FILES, found, key=lambda line: (line.modified, line.name)))


def _line(entry: os.DirEntry[str]) -> FileLine | None:
    try:
        facts = entry.stat(follow_symlinks=False)
    except OSError:
        return None  # gone since it was listed
    if not stat.S_ISREG(facts.st_mode) or entry.name.startswith("."):
        return None
    try:
        modified = clock.of(datetime.fromtimestamp(facts.st_mtime, UTC))[0]
    except (OSError, OverflowError, ValueError):
        modified = ""  # a time that no calendar has
    return FileLine(
        Path(entry.path),
        on_one_line(whole(os.fsencode(entry.name).decode("utf-8", "replace"))),
        facts.st_size,
        modified,
    )
