"""What was written on the copy that came back, taken into the log that went on: nothing twice, each entry still whose
it was, and nothing left behind that is not named.

It can be done again: what is here already is known by where it came from, so whoever may read more takes over more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from esafety_tui.desk import clock
from esafety_tui.desk.case.casework import STREAM
from esafety_tui.desk.case.summary import moment, project
from esafety_tui.desk.copies import exhibits_over
from esafety_tui.desk.copies import left_there as left
from esafety_tui.desk.copies.carried import Carried, known_by
from esafety_tui.desk.copies.left_there import Behind
from esafety_tui.desk.copies.taking_apart import TakingApart
from esafety_tui.desk.logbook.register_due import register_projection
from esafety_tui.errors import RefusedError
from esafety_tui.incident import events as e
from esafety_tui.incident import wording
from esafety_tui.incident.case import fold
from esafety_tui.incident.codec import from_data
from esafety_tui.record.payload import to_data
from esafety_tui.record.words import head_words
from esafety_tui.register import copies as register_copies
from esafety_tui.register import copy_events as c
from esafety_tui.register import events as r
from esafety_tui.register import register as registers
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
    """One taking over. Each case that is kept apart is written in a step of its own, everything else in one; what was
    written before a kill is not written again."""

    def __init__(self, session: Session, home: Path, other: Database, opened: Unlocked) -> None:
        self.session, self._home, self._other, self.opened = session, home, other, opened
        self.journal = Journal(other, _no_head)
        self.theirs = Carried(session, self.journal)
        self.common = compare.parting(session.database, other).common
        #: What stays there, in sentences for whoever takes over; and the files of exhibits that are not there either.
        self.behind: list[Behind] = []
        self.absent: list[str] = []
        #: Of these, the ones of an earlier taking over that came now.
        self._found: list[str] = []
        #: By what they are known by (`known_by`), exhibits there that come with their file into a case that is here.
        self._coming: frozenset[str] = frozenset()
        #: Why the others do not.
        self._why: dict[str, str] = {}
        #: How many of them an earlier taking over had left as a note.
        self._no_note_now = 0
        self._before = session.register.copies.taken_over

    @property
    def home(self) -> Path:
        """The folder of the other copy."""
        return self._home

    def check(self, progress: checking.Progress | None = None) -> None:
        """What is taken over has to hold together. Raises RefusedError (R7), StoreError, and what `progress` raises."""
        copies = self.theirs.register.copies
        files = Where(shared=True, absent=compare.evidence_ids(self._other).union(copies.absent))
        if not checking.verify(self._other, files=files, progress=progress).ok:
            raise RefusedError(
                "That copy is damaged", "Its entries do not hold together.",
                "Run esafety verify on it, and keep it as it is. What can be read in it is opened there, for reading, "
                "and typed in here as recorded late; an older backup of it may be whole.", "R7",
            )  # fmt: skip
        self.theirs.check_signatures()

    def run(self, head: str, second: str) -> c.TakenOver:
        """Take over a copy that was checked. Raises RefusedError (R17; R7 where nothing is left to take over),
        StoreError."""
        session = self.session
        self._policies(second)
        apart = TakingApart(self, second).run()
        since = self._since()
        whole = [stream for stream in since if not session.journal.count(stream)]
        parts = [self.whole(stream, since[stream]) for stream in whole]
        noted = [part for stream in since if stream not in whole if (part := self.notes(stream, since[stream]))]
        main = [part for part in noted if session.compartments.of(part.stream) is None]
        carried = self._register()
        files = [id for part in (*parts, *main) for id in self.present(part, self._home_files(), self._ref(part))]
        entries = sum(len(part.drafts) for part in (*parts, *noted))
        event = c.TakenOver(
            head, entries + apart.entries + len(carried), session.person.id, second,
            [part.stream.removeprefix(STREAM) for part in (*parts, *main)],
            sum(one.kind != e.Exhibited.kind for part in noted for one in part.drafts) + apart.noted,
            self.theirs.names, self.theirs.same, self.theirs.keys, len(carried), self._left(head), apart.done,
            self.absent, self._heads(), self._found,
        )  # fmt: skip
        if not event.entries and self._said_before(event):
            if not event.left:
                raise RefusedError("It was taken over before", "Nothing is written twice.", "Read it in the log.", "R7")
            return event
        for part in noted:
            if part not in main:
                self.append([part], second, self.present(part, self._home_files(), self._ref(part)))
        drafts = [*carried, Draft(event.kind, to_data(event), event.version)]
        own = Part(r.STREAM, drafts, session.register.entries, lambda _: _due(session))
        self.append([own, *parts, *main], second, files)
        session.refresh()
        return event

    def _left(self, head: str) -> dict[str, int]:
        """What stays there, in counts. What an earlier taking over left as a note, or without its file, stays so, but
        for the exhibits that came now."""
        last = next((one for one in reversed(self._before) if one.chain == head), None)
        stays = {kind: count for kind, count in ((last and last.left) or {}).items() if kind in left.STAYS}
        for kind, came in ((left.EXHIBIT, self._no_note_now), (left.FILE, len(self._found))):
            if kind in stays:
                stays[kind] -= came
        now = left.counts(self.behind)
        least = {kind: most for kind, count in stays.items() if (most := max(count, now.get(kind, 0))) > 0}
        return now | least

    def _said_before(self, event: c.TakenOver) -> bool:
        last = next((one for one in reversed(self._before) if one.chain == event.chain), None)
        had = {known for one in self._before for known in one.heads}
        new = event.apart or event.found or not had.issuperset(event.heads)
        return last is not None and last.left == event.left and not new

    def _heads(self) -> list[tuple[int, str]]:
        """Which of the heads that restores name as lost the other copy holds."""
        restored = (one for _, one in self.session.register.copies.restored.values())
        named = {known for one in restored for known in register_copies.heads_of(one)}
        return sorted(known for known in named if self._holds(*known))

    def _holds(self, seq: int, said: str) -> bool:
        chain = self.journal.chain_at(seq)
        if chain is None:
            return False
        return said == chain.hex() or said == head_words(chain, self.session.database.vault_id)

    # -- the register

    def _policies(self, second: str) -> None:
        """The cases that come whole go on under the policy they began with, so its text comes along first; the school's
        own stays in force because it is adopted again after it."""
        mine = self.session.register
        since = (one for one in self.theirs.entries if one.seq > self.common and one.kind == r.PackAdopted.kind)
        new = [self.theirs.draft(one) for one in since if one.data["sha256"] not in mine.packs]
        if new:
            again = mine.packs[mine.pack_sha256]
            drafts = [*new, Draft(again.kind, to_data(again), again.version)]
            self.append([Part(r.STREAM, drafts, mine.entries, lambda _: _due(self.session))], second)
            self.session.refresh()

    def _register(self) -> list[Draft]:
        """What comes along of the other register; what does not is said."""
        ours = self.session.journal.read(r.STREAM)
        had = set(map(known_by, ours))
        theirs = [one for one in self.theirs.entries if one.seq > self.common]
        # A policy that came with the cases is in this log, and is not in force.
        carried, behind = left.sorted_out(theirs, [one for one in ours if one.seq > self.common], self._known, self.ref)
        self.behind += behind
        return [self.theirs.draft(one) for one in carried if known_by(one) not in had]

    def _known(self, ref: str) -> bool:
        return bool(self.session.journal.count(STREAM + ref)) or STREAM + ref in self._written_there

    def ref(self, ref: str) -> str:
        """A reference, as far as whoever takes over may know of the case."""
        row = self.session.browse.incident(self.session.reader, ref)
        new = not self.session.journal.count(STREAM + ref) and STREAM + ref in self._written_there
        return ref if row is not None or new else "a case that you may not read"

    def _ref(self, part: Part) -> str:
        return self.ref(part.stream.removeprefix(STREAM))

    # -- the cases of the log itself

    def _entries(self) -> Iterator[Entry]:
        """The entries of cases that the other copy alone holds, without those that were disposed of there."""
        after = self.common
        while entries := self.journal.since(after):
            yield from (one for one in entries if one.stream.startswith(STREAM) and one.kind != "disposed")
            after = entries[-1].seq

    @cached_property
    def _written_there(self) -> frozenset[str]:
        return frozenset(one.stream for one in self._entries())

    def _since(self) -> dict[str, list[Entry]]:
        """What is to come, by case: what the other copy alone holds, without what is here from there already. What
        cannot come, because the case is kept apart here from whoever takes over, is said."""
        found: dict[str, list[Entry]] = {}
        for entry in self._entries():
            found.setdefault(entry.stream, []).append(entry)
        return {stream: new for stream, entries in found.items() if (new := self._new(stream, entries))}

    def _new(self, stream: str, entries: list[Entry]) -> list[Entry]:
        here = self.session.journal.read(stream)
        if not here:
            gone = self._gone(stream)
            if gone == "apart":
                text = f"{_many(len(entries))} of a case that is kept apart here: whoever may read it takes over again."
                self.behind.append(Behind(left.APART, len(entries), text))
            if gone:
                return []
            return entries
        new = self.new(stream, self.journal.read(stream), entries, here, self._home_files())
        self.only_told(self.ref(stream.removeprefix(STREAM)), entries, here)
        return new

    def new(
        self, stream: str, there: list[Entry], since: list[Entry], here: list[Entry], files: Evidence
    ) -> list[Entry]:
        """What is to come of a case that is here: of what that copy alone holds (`since`), without what is here from
        there already, but for an exhibit that is here as a note and comes as it is now. there, here: all of the
        case; files: where its exhibits lie there."""
        exhibits = exhibits_over.sorted_out(self, stream, there, since, files)
        self._coming |= exhibits.coming
        self._why |= exhibits.why
        self._bring(stream, exhibits.found, files)
        had = set(map(known_by, here))
        self._no_note_now += len(exhibits.coming & had)
        return [one for one in since if known_by(one) not in had or self._comes(one)]

    def _bring(self, stream: str, ids: Iterable[str], files: Evidence) -> None:
        """Files that an earlier taking over missed, with their keys. Nothing counts on them until the entry says so."""
        room = self.session.compartments.of(stream)
        ours, database = (room.files, room.database) if room else (self.session.evidence.files, self.session.database)
        for id in ids:
            with brought(ours, files, () if ours.has(id) else (id,)) as rows, database.writing() as connection:
                for row in rows:
                    ours.keep(connection, row)
            self._found.append(id)

    def _comes(self, entry: Entry) -> bool:
        return entry.kind == e.Exhibited.kind and known_by(entry) in self._coming

    def _gone(self, stream: str) -> str:
        """ "apart" where this log had the case and it is kept apart from this reader now (R10); "destroyed" where its
        records were destroyed here (R16): it is not brought back by a copy that does not know. "" for a new one."""
        first = self.journal.read(stream)[0].seq
        if first > self.common:
            taken = any(stream.removeprefix(STREAM) in one.cases for one in self._before)
            return "destroyed" if taken else ""
        moved = (one.opened.disposes for one in self.session.register.compartments.values())
        return "apart" if any(a <= first <= b for ranges in moved for a, b in ranges) else "destroyed"

    def whole(self, stream: str, entries: list[Entry]) -> Part:
        """A case that is not here. Raises RefusedError (R17)."""
        packs = {**self.theirs.register.packs, **self.session.register.packs}
        return self.theirs.part(stream, entries, packs)

    def notes(self, stream: str, entries: list[Entry]) -> Part | None:
        """Entries of a case that both copies hold: each as a note of whoever wrote it, with its own time, so that
        nothing is settled twice and whoever leads the case decides what follows from it. An exhibit that comes with its
        file is one here too. Who may not read it any more may not here either (R10)."""
        session = self.session
        case = session.casework.case(stream.removeprefix(STREAM), as_rules=True)
        known = session.casework.name(case)

        def names(id: str) -> str:
            said = known(id)
            return self.theirs.names.get(id, said) if said == id else said

        drafts = []
        for entry in entries:
            event = from_data(entry.kind, entry.pv, entry.data)
            if isinstance(event, e.Excluded | e.Restricted):
                drafts.append(self.theirs.draft(entry))
                continue
            if isinstance(event, e.Exhibited) and self._comes(entry):
                drafts.append(self.theirs.draft(entry, entry.kind, exhibits_over.as_it_is(event, case)))
                continue
            text = wording.sentence(event, names)
            note = e.Noted(f"From the copy that came back, its entry {entry.seq}: {text}")
            drafts.append(self.theirs.draft(entry, note.kind, to_data(note)))
        return self.part_of(stream, drafts) if drafts else None

    def part_of(self, stream: str, drafts: list[Draft]) -> Part:
        """More entries of a case that is here."""
        session = self.session
        case = session.casework.case(stream.removeprefix(STREAM), as_rules=True)
        pack = session.pack_of(case.pack_sha256)

        def projection(written: list[Entry]) -> Projection:
            return project(fold([*case.written, *map(moment, written)]), pack)

        return Part(stream, drafts, len(case.moments), projection)

    def only_told(self, ref: str, entries: Iterable[Entry], here: Iterable[Entry]) -> None:
        """Of entries that are, or will be, here as notes alone: what a note does not do."""
        as_they_were = {(known_by(one), one.kind) for one in here}
        for entry in entries:
            if (known_by(entry), entry.kind) in as_they_were or self._comes(entry):
                continue
            event = from_data(entry.kind, entry.pv, entry.data)
            if isinstance(event, e.Exhibited) and event.evidence:
                text = f"Exhibit {event.mark} of {ref}: {self._why[known_by(entry)]}"
                self.behind.append(Behind(left.EXHIBIT, 1, text))
            elif isinstance(event, e.Halted | e.Sealed):
                what = "halted, because it may be illegal" if isinstance(event, e.Halted) else "sealed in part"
                text = f"{ref} was {what} there (entry {entry.seq} there). A note does not do that: do it here now."
                self.behind.append(Behind(left.HALTED, 1, text))

    # -- writing

    def _home_files(self) -> Evidence:
        return Evidence(self._home, self._other, self.opened)

    def present(self, part: Part, files: Evidence, ref: str) -> Iterator[str]:
        """The evidence files of a case that comes whole, which are there; of one that is missing there it is said, and
        the log goes on without it."""
        for draft in part.drafts:
            if draft.kind != e.Exhibited.kind or not draft.data.get("evidence"):
                continue
            id = str(draft.data["evidence"])
            if files.path(id).is_file() and files.has(id):
                yield id
            else:
                text = f"Exhibit {draft.data.get('mark', '')} of {ref}: its file is missing in that copy as well."
                self.behind.append(Behind(left.FILE, 1, text))
                self.absent.append(id)

    def append(self, parts: list[Part], second: str, ids: Iterable[str] = (), files: Evidence | None = None) -> None:
        """Write in one step, with these evidence files: where the case is, in the log or kept apart. files: where they
        lie there, if not in the other log itself. Raises StoreError."""
        rooms = (self.session.compartments.of(part.stream) for part in parts)
        room = next((one for one in rooms if one), None)
        ours = room.files if room else Evidence(self.session.home, self.session.database, self.session.unlocked)
        with brought(ours, files or self._home_files(), ids) as rows:

            def keys(connection: Connection) -> None:
                for row in rows:
                    ours.keep(connection, row)

            self.session.journal.append_many(parts, self.stamp(second), also=keys)
        for part in parts:
            self.session.casework.forget(part.stream.removeprefix(STREAM))

    def stamp(self, second: str) -> Stamp:
        """Now, by the two who take over."""
        at, off = clock.now()
        return Stamp(at, off, self.session.person.id, second, "proven", self.session.computer_id)


def _many(count: int) -> str:
    return f"{count} entries" if count != 1 else "One entry"


def _due(session: Session) -> Projection:
    entries = session.journal.read(r.STREAM)
    return register_projection(registers.fold((e.seq, registers.from_data(e.kind, e.pv, e.data)) for e in entries))


def _no_head(vault_id: bytes, seq: int, chain: bytes) -> bool:
    """The other copy is only read: this computer's memory of it stays as it is."""
    return True
