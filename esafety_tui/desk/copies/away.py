"""The computer with the log was taken away: what is recorded of it, and what becomes of it when it comes back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from esafety_tui.desk import clock
from esafety_tui.desk.copies import parting, restoring, withheld
from esafety_tui.desk.logbook.register_due import register_projection
from esafety_tui.errors import StoreError, UsageError
from esafety_tui.record.payload import to_data
from esafety_tui.register import copy_events as c
from esafety_tui.register import events as r
from esafety_tui.register import register as registers
from esafety_tui.store import compare
from esafety_tui.store import database as databases
from esafety_tui.store import verify as checking
from esafety_tui.store.copying import Progress, watched
from esafety_tui.store.database import Database
from esafety_tui.store.evidence_check import Where
from esafety_tui.store.journal import Draft, Entry, Part, Stamp
from esafety_tui.store.projection import Projection
from esafety_tui.vault import header as headers
from esafety_tui.vault import home as vault
from esafety_tui.vault import lock
from esafety_tui.vault.home import Unlocked

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session

_NEVER = UsageError("That is this log", "It is the same as itself.", "Name the folder of the other copy.")


@dataclass(frozen=True)
class Taking:
    """Who took it and what they signed. name: which computer, as the register calls it; "" for the one it must be.

    when: as people say it. said: anything else. newest: the newest entry known from paper.
    """

    officer: str
    force: str = ""
    number: str = ""
    receipt: str = ""
    name: str = ""
    when: str = ""
    said: str = ""
    newest: str = ""


class Away:
    """The log's other copies."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def taken(self, taking: Taking, login: str = "", password: str = "") -> c.TakenAway:
        """Record that the computer with the log was taken. In a log that was put back from a backup a second person
        (login, password) is needed: the restore is recorded with it.

        On the taken computer itself, while there is still time, one person records it, and its copy is for reading only
        from then on. Raises UsageError (nobody named, which computer), RefusedError (R1, R17), as vault.unlock does.
        """
        session = self._session
        with session.lock:
            session.refuse_when_quiet()
            if not taking.officer.strip():
                raise UsageError("Nobody is named", "Who took it has to be said.", "Name the officer: --officer NAME.")
            back = withheld.not_recorded(session)
            event = self._event(taking, back)
            noted: list[r.RegisterEvent] = [event]
            if back:
                reason = f"The computer was taken away by {event.officer}."
                noted.insert(0, restoring.restored(session, login, password, reason, taking.newest))
            with withheld.let_through(session):
                self._note(noted, taking.when)
            withheld.apply(session)
            return event

    def _event(self, taking: Taking, back: bool) -> c.TakenAway:
        session = self._session
        computer = self._which(taking.name, back)
        named = session.register.computers.get(computer)
        counts = compare.counts(session.database)
        return c.TakenAway(
            computer, named.name if named else taking.name.strip(), taking.officer.strip(), taking.force.strip(),
            taking.number.strip(), taking.receipt.strip(), session.journal.head()[0], *counts, taking.said.strip(),
        )  # fmt: skip

    def _which(self, name: str, back: bool) -> str:
        """The id of the computer that was taken: the one named; else the last that wrote before a restore; else
        this."""
        session = self._session
        if name.strip():
            known = session.register.computers.values()
            found = [one.computer for one in known if one.name.casefold() == name.strip().casefold()]
            if back and session.computer_id in found:
                raise UsageError(
                    "That is this computer", "The log goes on here, so it cannot be the one that was taken.",
                    "Leave the name out, or name the other.",
                )  # fmt: skip
            return found[-1] if found else ""
        if not back and not session.register.copies.restored:
            return session.computer_id
        before = [e.computer for e in session.journal.since(max(session.journal.head()[0] - 200, 0))]
        others = [one for one in before if one and one != session.computer_id]
        return others[-1] if others else ""

    def _note(self, noted: list[r.RegisterEvent], when: str = "") -> None:
        session = self._session
        happened = clock.parse(when) if when.strip() else None
        drafts = [
            Draft(one.kind, to_data(one), one.version, happened if isinstance(one, c.TakenAway) else None)
            for one in noted
        ]
        at, off = clock.now()
        stamp = Stamp(at, off, session.person.id, None, "none", session.computer_id)
        part = Part(r.STREAM, drafts, session.register.entries, self._due)
        session.journal.append_many([part], stamp)
        session.refresh()

    def _due(self, _: list[Entry]) -> Projection:
        entries = self._session.journal.read(r.STREAM)
        return register_projection(registers.fold((e.seq, registers.from_data(e.kind, e.pv, e.data)) for e in entries))

    def not_taken(self, reason: str, login: str, password: str) -> None:
        """It was not taken after all, or it is to be written on again: two people agree. Raises UsageError,
        RefusedError (R1), as vault.unlock does."""
        session = self._session
        with session.lock:
            if elsewhere := withheld.goes_on_elsewhere(session):
                raise elsewhere
            if session.computer_id not in session.register.copies.away:
                raise UsageError("This computer was not taken", "Nothing says so in this log.", "Go on.")
            if not reason.strip():
                raise UsageError("A reason is needed", "It is kept beside the entry.", "Say why.")
            second = restoring.other_person(session, login, password)
            with withheld.let_through(session):
                self._note([c.NotTaken(session.computer_id, reason.strip(), session.person.id, second)])
            withheld.apply(session)

    def paper(self, out: Path) -> None:
        """Write the page for the head of the school: how to get everything back with two sheets. It holds no names, so
        it is no entry. Raises UsageError (`out` is there already), StoreError, RefusedError (R17)."""
        from esafety_tui.desk.account import report_draft
        from esafety_tui.reports import away_paper, pending

        session = self._session
        with session.lock:
            session.refuse_when_quiet()
            place = session.copies.place
            head = report_draft.head_of(session, session.journal.head())
            sheet = report_draft.letterhead(session, "")
            data = away_paper.page(away_paper.AwayPage(sheet, head, place.label if place else ""))
            with pending.dropped(pending.Plain(out)) as plain:
                plain.write(data)
                plain.keep()

    # -- the other copy

    def compared(self, home: Path, login: str, password: str, progress: Progress | None = None) -> dict[str, Any]:
        """Where this log and another copy of it part: {common, first_different, only_here, only_there, sound, head,
        explained}.

        first_different: the number of the first entry that is not the same in both, null where one is the beginning of
        the other. sound: whether the other copy holds together in itself; explained: why they part, by the entries of
        either. Raises UsageError (this very folder, another log), StoreError, Stopped, as vault.unlock does.
        """
        with self._other(home, login, password) as (other, _):
            return self._compared(other, progress)

    def _compared(self, other: Database, progress: Progress | None) -> dict[str, Any]:
        found = compare.parting(self._session.database, other)
        gone = compare.evidence_ids(other).union(self._session.register.copies.absent)
        files = Where(shared=True, absent=gone)
        report = checking.verify(other, files=files, cost=checking.NO_WORDS, progress=watched(progress))
        return {
            "common": found.common,
            "first_different": found.first,
            "only_here": found.here - found.common,
            "only_there": found.there - found.common,
            "sound": report.ok,
            "head": report.head,
            "explained": parting.explained(self._session, other, found),
        }

    def came_back(self, home: Path, login: str, password: str, progress: Progress | None = None) -> dict[str, Any]:
        """The other copy is here again: compare it, make it one for reading only, and record both. Gives what
        `compared` does. Raises the same, and RefusedError (R17)."""
        session = self._session
        session.refuse_when_quiet()
        with self._other(home, login, password) as (other, _):
            told = self._compared(other, progress)
            event = c.Superseded(
                told["common"], told["first_different"] or 0, told["only_there"], told["only_here"], told["head"],
                "" if told["sound"] else "It does not hold together in itself.",
            )  # fmt: skip
            with session.lock:
                session.refuse_when_quiet()
                with session.database.writing():
                    pass  # locked meanwhile, or not to be written: before the other copy is marked
                withheld.mark(home, other, session.database.header_epoch, clock.now()[0])
                self._note([event])
                # What was to be done is done: only why they part is still to be said.
                told["explained"] = told["explained"][:1]
        return told

    @contextmanager
    def _other(self, home: Path, login: str, password: str) -> Iterator[tuple[Database, Unlocked]]:
        """Another copy of this log, opened for reading."""
        session = self._session
        if home.resolve() == session.home.resolve():
            raise _NEVER
        if not headers.exists(home):
            raise StoreError("There is no log there", "The folder holds none.", "Name the folder of the other copy.")
        if headers.peek(home).vault_id != session.database.vault_id:
            raise UsageError("That is another log", "It was never the same as this one.", "Name a copy of this log.")
        with lock.home_lock(home), vault.unlock(home, login, password) as opened:
            header = opened.header
            with _of_the_other():
                database = databases.open(home / header.database, opened.data_key, header.vault_id, header.epoch)
            try:
                yield database, opened
            finally:
                database.close()

    def take_over(
        self,
        home: Path,
        login: str,
        password: str,
        second_login: str,
        second_password: str,
        progress: Progress | None = None,
    ) -> tuple[c.TakenOver, tuple[str, ...]]:
        """Take over what was written on the other copy meanwhile, as late, agreed by two: a case that is not here comes
        whole; to one that is here too, each of its entries comes as a note; so does what its register has of holds,
        of what left and of the filter. Nothing is taken over twice. Gives the entry, and a sentence for each thing that
        stays there, as far as whoever takes over may know: by somebody else it can be done again.

        Raises as `compared` does; RefusedError (R1, R7 where it does not hold together, R17, taken over before).
        """
        from esafety_tui.desk.copies.taking_over import TakingOver

        session = self._session
        session.refuse_when_quiet()
        second = restoring.other_person(session, second_login, second_password)
        with self._other(home, login, password) as (other, opened):
            with _of_the_other():
                head = other_head(other)
                taking = TakingOver(session, home, other, opened)
                taking.check(watched(progress))
            with session.lock:
                session.refuse_when_quiet()
                event = taking.run(head, second)
                return event, tuple(one.text for one in taking.behind)


@contextmanager
def _of_the_other() -> Iterator[None]:
    """What goes wrong with the other copy is not said as if it were this log's."""
    try:
        yield
    except StoreError as error:
        raise StoreError(
            "The other copy cannot be read",
            f"{error.title}. {error.what} The log here is as it was.",
            "Keep that copy as it is, and change nothing in it. What its computer still shows of it (esafety --home "
            "FOLDER, for reading) is typed in here as recorded late; a later backup of it may be whole.",
        ) from None


def other_head(database: Database) -> str:
    """The chain value of the newest entry of an open log: 64 hex digits."""
    from esafety_tui.store.journal import Journal

    return Journal(database).head()[1].hex()
