"""What is taken over from another log or copy: each entry keeps who wrote it, with whom, how proven and when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from esafety_tui.desk.case.summary import case_of, project
from esafety_tui.desk.logbook.signatures import wrong_in_log
from esafety_tui.errors import RefusedError
from esafety_tui.people.named import same_name
from esafety_tui.policy import pack as packs
from esafety_tui.record import origin
from esafety_tui.register import events as r
from esafety_tui.register import register as registers
from esafety_tui.register.register import Register
from esafety_tui.store.journal import Draft, Entry, Journal, Part

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session


class Carried:
    """The entries of another log, as they are written here."""

    def __init__(self, session: Session, journal: Journal) -> None:
        self._session, self._journal = session, journal
        self._vault = journal.database.vault_id.hex()
        self.entries = journal.read(r.STREAM)
        self.register = registers.fold((e.seq, registers.from_data(e.kind, e.pv, e.data)) for e in self.entries)
        #: Ids of that log -> ids of this one, of those who are the same person: by their name, as they have no id here.
        self.same = self._same()

    def _same(self) -> dict[str, str]:
        mine, theirs = self._session.register.people, self.register.people
        found: dict[str, str] = {}
        for id, person in theirs.items():
            here = [one.id for one in mine.values() if id not in mine and same_name(one.name, person.name)]
            if len(here) == 1 and here[0] not in theirs:
                found[id] = here[0]
        twice = Counter(found.values())
        return {id: here for id, here in found.items() if twice[here] == 1}

    @property
    def names(self) -> dict[str, str]:
        """The names of that log's people, and of those whom it took over itself, by the ids they have there."""
        mine = self._session.register
        all = {id: person.name for id, person in self.register.people.items()} | self.register.elsewhere
        return {id: name for id, name in all.items() if id not in mine.people}

    @property
    def keys(self) -> dict[str, list[str]]:
        """With which keys they signed there, by the ids that they have here."""
        keys = {id: [key for _, key in known if key] for id, known in self.register.access.keys.items()}
        mine = self._session.register.access.keys
        known = {self.same.get(id, id): found for id, found in keys.items()}
        return {id: new for id, found in known.items()
                if (new := [key for key in found if key not in {one for _, one in mine.get(id, ())}])}  # fmt: skip

    def check_signatures(self) -> None:
        """Raises RefusedError (R7) where a signature there does not hold."""
        if wrong_in_log(self._journal, self.register):
            raise RefusedError(
                "A signature there does not hold", "So what is there is not taken over.",
                "Run esafety verify on it first.", "R7",
            )  # fmt: skip

    def draft(self, entry: Entry, kind: str = "", data: dict[str, Any] | None = None) -> Draft:
        """An entry of that log as it is written here; kind, data: what is written in its place. What was taken over
        there already stays whose it was first."""
        first = entry.origin or origin.Origin(
            self._vault, entry.seq, entry.chain.hex(), entry.by, entry.witness, entry.proof, entry.computer, entry.at,
            entry.off, entry.happened, entry.hoff, entry.late, entry.clockback,
        )  # fmt: skip
        happened = (first.happened, first.hoff or 0) if first.happened else (first.at, first.off)
        told = origin.added(entry.data if data is None else data, first)
        return Draft(kind or entry.kind, self._as_here(told), entry.pv if data is None else 1, happened, True)

    def part(self, stream: str, entries: list[Entry], known: Mapping[str, r.PackAdopted]) -> Part:
        """A whole case as it is written here. Raises RefusedError where it keeps its computer quiet (R17)."""
        case = case_of(entries)
        if case.standing.quiet:
            raise RefusedError(
                "That log is kept quiet",
                "Something illegal was seen on its computer, so nothing is merged until an agency has released it.",
                "Record the release in that log first.",
                "R17",
            )
        adopted = known[case.pack_sha256]
        pack = packs.parse(adopted.policy, adopted.procedure, adopted.name)
        return Part(stream, [self.draft(e) for e in entries], 0, lambda written: project(case_of(written), pack))

    def _as_here(self, value: Any) -> Any:
        """The same with the ids that people have here."""
        if isinstance(value, dict):
            return {name: self._as_here(one) for name, one in value.items()}
        if isinstance(value, list | tuple):
            return [self._as_here(one) for one in value]
        return self.same.get(value, value) if isinstance(value, str) else value


def known_by(entry: Entry) -> str:
    """By what an entry is known in whichever log or copy it is by now: its chain value (hex) where it was written
    first."""
    return entry.origin.chain if entry.origin else entry.chain.hex()


def taken_for(register: Register) -> list[str]:
    """Who of the logs that were taken over is counted as somebody of this one, in sentences."""
    return [
        f"{register.elsewhere.get(there, there)} there is counted as {register.people[here].name} here, by the name."
        for there, here in register.taken_for.items()
        if here in register.people
    ]
