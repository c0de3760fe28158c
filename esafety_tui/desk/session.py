"""A sitting: the home is open, somebody is signed in, perhaps a second person beside them. Both doors work on this."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from esafety_tui.desk import clock
from esafety_tui.desk.compartments.journals import Journals, RoutedDrafts
from esafety_tui.desk.compartments.keeping import Compartments
from esafety_tui.desk.logbook.register_due import register_projection as register_projection
from esafety_tui.desk.papers import printing
from esafety_tui.desk.refusals import QUIET_ELSEWHERE, refuse
from esafety_tui.desk.rooms import Rooms
from esafety_tui.errors import StoreError
from esafety_tui.incident.here import Here, Kept, Second
from esafety_tui.people import person as people
from esafety_tui.people.person import Person
from esafety_tui.policy import pack as packs
from esafety_tui.policy.pack import Pack
from esafety_tui.record.payload import to_data
from esafety_tui.register import events as r
from esafety_tui.register import register as registers
from esafety_tui.register import retention as rt
from esafety_tui.register.register import Register
from esafety_tui.store import search
from esafety_tui.store.access import RULES, Reader
from esafety_tui.store.database import Database
from esafety_tui.store.journal import Draft, Entry, Stamp
from esafety_tui.store.merged import Merged
from esafety_tui.store.projection import Projection
from esafety_tui.vault.home import Unlocked

if TYPE_CHECKING:
    from esafety_tui.desk.pin import Cost, Paused, Pins


@dataclass(frozen=True)
class Line:
    """An entry recorded or signed in somebody's name. at: as a person reads it; ref: its case."""

    seq: int
    at: str
    text: str
    ref: str = ""


@dataclass(frozen=True)
class Beside:
    """The second person of this sitting, and since which case they are recorded."""

    person: Person
    proof: str


#: What the register of a compartment has for everybody who can open it. That somebody confirmed what was recorded in
#: their name is counted there by itself.
_OF_A_CASE = frozenset(
    {
        r.Left.kind, r.LeftHanded.kind, r.LeftBack.kind, r.OwnDisputed.kind,
        rt.RetentionHeld.kind, rt.RetentionReleased.kind, rt.RetentionKept.kind,
    }
)  # fmt: skip


class Session(Rooms):
    """An open home. Used from one thread at a time: `lock` is held by every public method that touches the store."""

    def __init__(
        self, home: Path, unlocked: Unlocked, database: Database, held: AbstractContextManager[bool], computer: str
    ) -> None:
        self.home, self.unlocked, self.database, self._held = home, unlocked, database, held
        self.computer_id = computer
        self.lock = threading.RLock()
        self.compartments = Compartments(self)
        self.journal = Journals(database, self.compartments)
        self.drafts = RoutedDrafts(database, self.compartments)
        self.browse = Merged(database, self.compartments.browses)
        self.second: Beside | None = None
        self.closed = False
        #: What takes long and does not hold the lock asks this now and then, and ends.
        self.closing = False
        self._quiet: str | None = None
        self.clock_compared = False
        self.pins: Pins | None = None
        #: Whose drafts are shown and kept: of whoever is signed in, or who began a sitting that two resumed.
        self.drafts_of = unlocked.person_id
        #: Cases that are being typed in from paper: when the paper form was written.
        self.paper: dict[str, clock.When] = {}
        self.warnings: tuple[str, ...] = ()
        #: What the check at unlock found: this may not be the history that this computer has seen.
        self.astray: tuple[str, ...] = ()
        self._packs: dict[str, Pack] = {}
        self.register = self._read_register()
        #: The number of the newest entry when the sitting began.
        self.began_at = self.journal.head()[0]

    # -- who and where

    @property
    def kind(self) -> str:
        """ "school", "provisional", "test" or "demo"."""
        return self.unlocked.header.kind

    @property
    def demo(self) -> bool:
        """Whether every screen and page says DEMO."""
        return self.kind in ("test", "demo")

    @property
    def person(self) -> Person:
        """Who is signed in."""
        found = self.register.people.get(self.unlocked.person_id)
        if found is None:
            raise StoreError(
                "This log does not know you",
                "The password is right, but the log has no entry that brought you in.",
                "Ask a colleague to open it and run esafety verify.",
            )
        return found

    @property
    def school(self) -> str:
        """The school's name; empty until set-up is finished."""
        return self.register.school

    @property
    def computer(self) -> str:
        """The name of this computer."""
        named = self.register.computers.get(self.computer_id)
        return named.name if named else "this computer"

    @property
    def place(self) -> str:
        """Where this computer stands."""
        named = self.register.computers.get(self.computer_id)
        return named.place if named else ""

    @property
    def pack(self) -> Pack:
        """The policy in force."""
        return self.pack_of(self.register.pack_sha256)

    def pack_of(self, sha256: str) -> Pack:
        """The adopted policy with this hash, run from the log's own copy. Raises StoreError where there is none."""
        if sha256 not in self._packs:
            adopted = self.register.packs.get(sha256)
            if adopted is None:
                raise StoreError(
                    "The policy of this case is not in the log",
                    "A case is worked under the policy it began with.",
                    "Run esafety verify; until then record on paper.",
                )
            self._packs[sha256] = packs.parse(adopted.policy, adopted.procedure, adopted.name)
        return self._packs[sha256]

    def idle_minutes(self, looking: bool) -> int:
        """After how many minutes without a key the program locks; looking: while two people look at something."""
        try:
            tables = self.pack.tables
        except StoreError:
            return 30 if looking else 5  # a policy that cannot be read must not keep the log open
        return max(tables.idle_minutes, tables.idle_minutes_looking) if looking else tables.idle_minutes

    @property
    def may(self) -> frozenset[str]:
        """What the person signed in may do."""
        return people.may(self.person, self.pack.tables)

    def name(self, id: str) -> str:
        """The name for a person's id; the id itself where nobody has it."""
        found = self.register.people.get(id)
        if found is None and self.second and self.second.person.id == id:
            found = self.second.person
        return found.name if found else self.register.elsewhere.get(id, id)

    def role_title(self, person: Person) -> str:
        """The title of a person's role, or the position they gave."""
        role = self.pack.tables.role(person.role)
        return person.position or (role.title if role else person.role)

    def presence(self) -> tuple[str, ...]:
        """Who is present, for the bar on top."""
        lines = [f"{self.person.name}, {self.role_title(self.person)}"]
        if self.second:
            how = {"proven": "signed in", "attested": "on paper", "guest": "guest"}[self.second.proof]
            lines.append(f"{self.second.person.name}, second person, {how}")
        return tuple(lines)

    @property
    def reader(self) -> Reader:
        """What the person signed in may see, for the store's one access clause."""
        tables = self.pack.tables
        everything = people.reads_everything(self.person, tables) or self.kind == "provisional"
        founding = self.kind == "provisional"
        return Reader(
            self.person.id, everything, people.reads_protection(self.person, tables) or founding,
            people.reads_staff(self.person, tables) or founding,
        )  # fmt: skip

    def here(
        self, excluded: frozenset[str] = frozenset(), lead: str = "", earlier: int = 0, kept: Kept | None = None
    ) -> Here:
        """The sitting as the rules see it, for a case from which these people are excluded and that keeps this."""
        beside = self.second
        second = None
        if beside:
            second = Second(beside.person.id, beside.proof, beside.person.senior, beside.person.id in excluded)
        return Here(
            self.person.id, self.person.role, self.may, self.person.senior, self.person.id in excluded, second, lead,
            min(earlier, 2), self.clock_compared, self.computer_id, self.computer, self.place, kept or Kept(),
        )  # fmt: skip

    def set_second(self, person: Person | None, proof: str = "proven") -> None:
        """Somebody joined the lead, or nobody is there any more. The digits of a sitting before are void."""
        self.second = Beside(person, proof) if person else None
        self.pins, self.drafts_of = None, self.unlocked.person_id

    def draft_key(self, name: str) -> str:
        """The key of a draft: nobody is shown what somebody else typed and did not record."""
        return f"{name}/{self.drafts_of}"

    def give_pins(self, cost: Cost | None = None) -> dict[str, str]:
        """R1: six digits for each of the two, by their ids, to be shown once to their owner alone; empty where the
        second person did not sign in. Digits given before are void."""
        from esafety_tui.desk.pin import Pins

        if self.second is None or self.second.proof != "proven":
            return {}
        self.pins = Pins(cost)
        return {id: self.pins.give(id) for id in (self.person.id, self.second.person.id)}

    def pause(self) -> Paused | None:
        """What the door keeps before it closes this sitting, so that `opening.resume` can go on with it; None where
        nobody is beside the lead, or no digits were given."""
        from esafety_tui.desk.pin import Paused

        if self.second is None or self.pins is None or not self.pins.valid:
            return None
        return Paused(
            self.person.id, self.second.person.id, self.second.proof, self.clock_compared, self.pins, self.drafts_of
        )

    def compared_clock(self) -> None:
        """R15: the clock was compared with another in this sitting."""
        self.clock_compared = True

    def warn(self, text: str) -> None:
        """Say something among the notices of the first screen, once a sitting."""
        if text not in self.warnings:
            self.warnings = (*self.warnings, text)

    # -- R17: the quiet computer

    @property
    def quiet_ref(self) -> str:
        """The reference of a case whose halt keeps this computer quiet; empty where there is none."""
        if self._quiet is None:
            halted = self.browse.incidents(RULES, status="halted", limit=500)
            self._quiet = next((row.ref for row in halted if self.casework.case(row.ref, True).standing.quiet), "")
        return self._quiet

    def heard(self, ref: str, quiet: bool) -> None:
        """Whether a case now keeps this computer quiet."""
        if quiet:
            self._quiet = ref
        elif self._quiet == ref:
            self._quiet = None

    def refuse_when_quiet(self) -> None:
        """Raise RefusedError while a case keeps this computer quiet: before anything that writes, in any file."""
        if self.quiet_ref:
            raise refuse(QUIET_ELSEWHERE)

    # -- writing

    def stamp(self) -> Stamp:
        """When, by whom, with whom: the same for all entries of one answer."""
        at, off = clock.now()
        beside = self.second
        return Stamp(
            at, off, self.person.id, beside.person.id if beside else None, beside.proof if beside else "none",
            self.computer_id,
        )  # fmt: skip

    def note(self, *events: r.RegisterEvent) -> None:
        """Write into the register."""
        with self.lock:
            self.refuse_when_quiet()
            drafts = [Draft(event.kind, to_data(event), event.version) for event in events]
            self.journal.append(
                r.STREAM, drafts, self.stamp(), after=self.register.entries, projection=self._register_projection
            )
            self.register = self._read_register()

    def refresh(self) -> None:
        """Read the register again, after something was written to it from elsewhere."""
        self.register = self._read_register()

    def _register_projection(self, entries: Sequence[object]) -> Projection:
        return register_projection(self._folded(self.journal.read(r.STREAM)))  # with the entries just written

    def _read_register(self) -> Register:
        """The log's register, and what left of cases that are kept apart: their compartments have one of their own."""
        entries = self.journal.read(r.STREAM)
        apart = [e for room in self.compartments.all() for e in room.journal.read(r.STREAM) if e.kind in _OF_A_CASE]
        found = self._folded([*entries, *apart])
        found.entries = len(entries)
        return found

    @staticmethod
    def _folded(entries: Sequence[Entry]) -> Register:
        return registers.fold((e.seq, registers.from_data(e.kind, e.pv, e.data)) for e in entries)

    def mine(self) -> list[Line]:
        """What was recorded in the signed-in person's name by somebody else since they last confirmed (R1)."""
        return list(self.people.mine())

    def to_confirm(self) -> list[Line]:
        """The same where it can be confirmed now: nothing in a log that is for reading only, or is kept quiet (R17)."""
        return [] if self.database.read_only or self.quiet_ref else self.mine()

    def confirm_mine(self) -> None:
        """All of it is right."""
        self.people.confirm_mine()

    def dispute(self, seq: int, reason: str) -> None:
        """One of them is not right."""
        self.people.dispute(seq, reason)

    def close(self) -> None:
        """Lock: keys and connection are dropped, the next opener may come. Safe to call twice."""
        self.closing = True
        with self.lock:
            if self.closed:
                return
            self.closed = True
            self.second = None
            self._tidy()
            self.compartments.close()
            self.database.close()
            self.unlocked.close()
            self._held.__exit__(None, None, None)

    def _tidy(self) -> None:
        """Empty the print folder (R19), and merge the search index now, so that no answer waits for it. Not on a quiet
        machine (R17)."""
        try:
            if not self.quiet_ref:
                printing.empty(self.home)
                search.tidy(self.database)
                for room in self.compartments.all():
                    search.tidy(room.database)
        except StoreError:
            return  # A full or a read-only disk: the index is only a little slower, and leaving must work.
