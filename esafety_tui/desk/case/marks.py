"""The marks of exhibits: every one that was given, and the next. No mark is given twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esafety_tui.desk.copies import withheld
from esafety_tui.incident import events as e
from esafety_tui.incident.codec import from_data
from esafety_tui.incident.exhibits import Numbered, after_restores, next_mark, numbered, tail_of
from esafety_tui.people.person import Person
from esafety_tui.store.journal import PAGE

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session
    from esafety_tui.store.journal import Journal

_KINDS = (e.Exhibited.kind, e.NotCopied.kind, e.Bundled.kind)


class Marks:
    """The marks that a sitting knows of: of the log, and of the compartments that are open. Only what is new since the
    last time is read."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._series: dict[str, Numbered] = {}
        self._marks: set[str] = set()
        self._by_entry: list[tuple[int, str]] = []
        self._read_up_to: dict[tuple[str, str], int] = {}

    def journals(self) -> dict[str, Journal]:
        """Everywhere that exhibits are recorded: the log (""), and each open compartment by its id."""
        session = self._session
        return {"": session.journal, **{room.id: room.journal for room in session.compartments.all()}}

    def all(self) -> set[str]:
        """Every mark that was ever given."""
        for where, journal in self.journals().items():
            for kind in _KINDS:
                self._read(where, journal, kind)
        return self._marks

    def next(self, person: Person) -> str:
        """The mark of the next exhibit that somebody produces, like "AB/3"."""
        self.all()
        session = self._session
        tail = tail_of(session.unlocked.header.vault_id) if session.kind == "provisional" else ""
        made = next_mark(person.id, person.name, self._series, tail)
        return after_restores(made, self._by_entry, withheld.restores(session))

    def _read(self, where: str, journal: Journal, kind: str) -> None:
        while True:
            entries = journal.of_kind(kind, self._read_up_to.get((where, kind), 0))
            for entry in entries:
                event, at = from_data(entry.kind, entry.pv, entry.data), self._at(where, entry.seq)
                if isinstance(event, e.Exhibited | e.NotCopied):
                    self._given(at, event.mark, event.person, event.by)
                elif isinstance(event, e.Bundled) and event.stick:
                    self._given(at, event.stick, entry.author, self._session.name(entry.author))
                self._read_up_to[where, kind] = entry.seq
            if len(entries) < PAGE:
                return

    def _at(self, where: str, seq: int) -> int:
        """An entry's number in the log, also for one of a compartment."""
        known = self._session.register.compartments.get(where)
        return known.at(seq, self._session.journal.head()[0]) if known else seq

    def _given(self, seq: int, mark: str, person: str, name: str) -> None:
        self._marks.add(mark)
        self._by_entry.append((seq, mark))
        numbered(self._series, mark, person, name)
