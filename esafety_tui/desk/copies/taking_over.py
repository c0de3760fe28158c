"""What was written on the copy that came back, taken into the log that went on: nothing twice, each entry still whose
it was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from esafety_tui.desk import clock
from esafety_tui.desk.case.casework import STREAM
from esafety_tui.desk.case.summary import moment, project
from esafety_tui.desk.copies.carried import Carried
from esafety_tui.desk.logbook.register_due import register_projection
from esafety_tui.errors import RefusedError
from esafety_tui.incident import events as e
from esafety_tui.incident import wording
from esafety_tui.incident.case import fold
from esafety_tui.incident.codec import from_data
from esafety_tui.record.payload import to_data
from esafety_tui.register import copy_events as c
from esafety_tui.register import events as r
from esafety_tui.store import compare
from esafety_tui.store import verify as checking
from esafety_tui.store.database import Database
from esafety_tui.store.evidence import Evidence
from esafety_tui.store.evidence_check import Where
from esafety_tui.store.evidence_join import brought
from esafety_tui.store.journal import Draft, Entry, Journal, Part, Stamp
from esafety_tui.store.projection import Projection
from esafety_tui.vault.home import Unlocked

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from esafety_tui.desk.session import Session


class TakingOver:
    """One taking over: all of it in one transaction, or nothing."""

    def __init__(self, session: Session, home: Path, other: Database, opened: Unlocked) -> None:
        self._session, self._home, self._other, self._opened = session, home, other, opened
        self._journal = Journal(other, _no_head)
        self._common = 0
        self._known: dict[str, bool] = {}  # stream -> whether it is gone from this log
        self._theirs = Carried(session, self._journal)

    def check(self, progress: checking.Progress | None = None) -> None:
        """What is taken over has to hold together. Raises RefusedError (R7), StoreError, and what `progress` raises."""
        files = Where(shared=True, absent=compare.evidence_ids(self._other))
        if not checking.verify(self._other, files=files, progress=progress).ok:
            raise RefusedError(
                "That copy is damaged", "Its entries do not hold together.", "Run esafety verify on it first.", "R7"
            )
        self._theirs.check_signatures()

    def run(self, head: str, second: str) -> c.TakenOver:
        """Take over a copy that was checked. Raises RefusedError (R17), StoreError."""
        session = self._session
        self._common = compare.parting(session.database, self._other).common
        since = self._since(self._common)
        whole = [stream for stream in since if not session.journal.count(stream)]
        packs = {**self._theirs.register.packs, **session.register.packs}
        parts = [self._theirs.part(stream, self._journal.read(stream), packs) for stream in whole]
        noted = [self._notes(stream, entries) for stream, entries in since.items() if stream not in whole]
        event = c.TakenOver(
            head, sum(map(len, since.values())), session.person.id, second,
            [stream.removeprefix(STREAM) for stream in since], sum(len(part.drafts) for part in noted),
            self._theirs.names, self._theirs.same, self._theirs.keys,
        )  # fmt: skip
        own = Part(
            r.STREAM, [Draft(event.kind, to_data(event), event.version)], session.register.entries, _due(session)
        )
        self._append([own, *parts, *noted], parts, second)
        session.refresh()
        return event

    def _since(self, common: int) -> dict[str, list[Entry]]:
        """What the other copy alone holds, by case. Entries of its register are its own affair."""
        found: dict[str, list[Entry]] = {}
        after = common
        while entries := self._journal.since(after):
            for entry in entries:
                if entry.stream.startswith(STREAM) and not self._gone(entry.stream):
                    found.setdefault(entry.stream, []).append(entry)
            after = entries[-1].seq
        return found

    def _gone(self, stream: str) -> bool:
        """Whether this log had the case and has it no more: it was destroyed here (R16), or is kept apart (R10), and is
        not brought back by a copy that does not know."""
        if stream not in self._known:
            first = self._journal.read(stream)[0].seq
            with self._session.database.reading() as connection:
                row = connection.exec_driver_sql("SELECT 1 FROM disposal WHERE seq = ?", (first,)).first()
            self._known[stream] = row is not None and first <= self._common
        return self._known[stream]

    def _notes(self, stream: str, entries: list[Entry]) -> Part:
        """Entries of a case that both copies hold: each as a note of whoever wrote it, with its own time, so that
        nothing is settled twice and whoever leads the case decides what follows from it."""
        session = self._session
        case = session.casework.case(stream.removeprefix(STREAM), as_rules=True)
        known = session.casework.name(case)

        def names(id: str) -> str:
            said = known(id)
            return self._theirs.names.get(id, said) if said == id else said

        drafts = []
        for entry in entries:
            text = wording.sentence(from_data(entry.kind, entry.pv, entry.data), names)
            note = e.Noted(f"From the copy that came back, its entry {entry.seq}: {text}")
            drafts.append(self._theirs.draft(entry, note.kind, to_data(note)))
        pack = session.pack_of(case.pack_sha256)

        def projection(written: list[Entry]) -> Projection:
            return project(fold([*case.moments, *map(moment, written)]), pack)

        return Part(stream, drafts, len(case.moments), projection)

    def _append(self, parts: list[Part], whole: list[Part], second: str) -> None:
        session = self._session
        ours = Evidence(session.home, session.database, session.unlocked)
        theirs = Evidence(self._home, self._other, self._opened)
        ids = [id for part in whole for id in _evidence(part)]
        at, off = clock.now()
        stamp = Stamp(at, off, session.person.id, second, "proven", session.computer_id)
        with brought(ours, theirs, ids) as rows:

            def keys(connection: Connection) -> None:
                for row in rows:
                    ours.keep(connection, row)

            session.journal.append_many(parts, stamp, also=keys)


def _evidence(part: Part) -> Iterator[str]:
    for draft in part.drafts:
        if draft.kind == e.Exhibited.kind and draft.data.get("evidence"):
            yield str(draft.data["evidence"])


def _due(session: Session) -> Projection:
    return register_projection(session.register)


def _no_head(vault_id: bytes, seq: int, chain: bytes) -> bool:
    """The other copy is only read: this computer's memory of it stays as it is."""
    return True
