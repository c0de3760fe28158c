"""The copies of the log, as its register knows them: backups, restores, computers taken away. A fold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from esafety_tui.register import copy_events as c
from esafety_tui.register.events import RegisterEvent

#: How many backups are kept, where the policy says nothing: the last ones, one a week, one a term for ever.
KEEP_LAST, KEEP_WEEKS = 7, 8


@dataclass(frozen=True)
class Backup:
    """A backup that was made. seq: the entry that says so; at: when (UTC), "" where the caller did not say."""

    made: c.BackupMade
    seq: int
    dropped: bool = False


@dataclass
class Copies:
    """Built by `fold` alone."""

    place: c.BackupPlaceSet | None = None
    backups: dict[str, Backup] = field(default_factory=dict)
    last: Backup | None = None
    last_bad: c.BackupChecked | None = None
    last_checked: c.BackupChecked | None = None
    restored: dict[str, tuple[int, c.Restored]] = field(default_factory=dict)
    #: By the epoch of a restore: up to which of the entries that it left out two people have said what became of them.
    settled: dict[str, int] = field(default_factory=dict)
    away: dict[str, tuple[int, c.TakenAway]] = field(default_factory=dict)
    superseded: list[c.Superseded] = field(default_factory=list)
    taken_over: list[c.TakenOver] = field(default_factory=list)
    #: Evidence whose file was missing in the copy that it was taken over from: its id, and the entry that says so.
    absent: dict[str, int] = field(default_factory=dict)
    #: By the head of a copy: what the last taking over left there, until it comes too or two people have settled it.
    left_there: dict[str, c.TakenOver] = field(default_factory=dict)
    #: The same, once two people have said what became of it, with the number of their entry: it is still only there.
    left_settled: dict[str, tuple[int, c.TakenOver]] = field(default_factory=dict)

    @property
    def restores(self) -> tuple[int, ...]:
        """The entries that record a restore, in order: exhibit marks go on at the next hundred after each."""
        return tuple(sorted(seq for seq, _ in self.restored.values()))

    @property
    def missing(self) -> tuple[c.Restored, ...]:
        """The restores of which entries are known to be missing, and nobody has said what became of them; each with the
        newest of these. A taking over ends the loss of what its copy held, and no other."""
        brought = {(seq, chain) for taken in self.taken_over for seq, chain in taken.heads}
        found = []
        for _, one in self.restored.values():
            gone = [head for head in heads_of(one) - brought if head[0] > self.settled.get(one.epoch, 0)]
            if gone:
                newest, chain = max(gone)
                found.append(replace(one, newest=newest, newest_chain=chain))
        return tuple(found)

    @property
    def acknowledged(self) -> frozenset[tuple[int, str]]:
        """Heads that two people know to be lost by a restore: (entry number, 64 hex digits)."""
        return frozenset((seq, chain) for _, one in self.restored.values() for seq, chain in one.lost)

    @property
    def of_others(self) -> frozenset[tuple[int, str]]:
        """The heads of the copies that this log superseded, as they were then: (entry number, 64 hex digits)."""
        return frozenset((one.common + one.there, one.chain) for one in self.superseded)

    @property
    def left_out(self) -> frozenset[str]:
        """Evidence that the log goes on without: sealed, so that no backup holds its file (R5), or missing in the copy
        that it was taken over from."""
        restored = (id for _, one in self.restored.values() for id in one.left_out)
        return frozenset((*restored, *self.sealed_later, *self.absent))

    @property
    def sealed_later(self) -> frozenset[str]:
        """Evidence that is sealed by what a later backup proved, and not by an entry of this log."""
        return frozenset(id for _, one in self.restored.values() for id in one.sealed_later)


def fold(copies: Copies, seq: int, event: RegisterEvent) -> None:
    """Take in one entry; any other event changes nothing."""
    match event:
        case c.BackupPlaceSet():
            copies.place = event if event.folder else None
        case c.BackupMade():
            copies.last = copies.backups[event.name] = Backup(event, seq)
        case c.BackupsDropped():
            for name in event.names:
                if name in copies.backups:
                    copies.backups[name] = Backup(copies.backups[name].made, copies.backups[name].seq, dropped=True)
        case c.BackupChecked():
            copies.last_checked = event
            copies.last_bad = None if event.ok else event
        case c.Restored():
            copies.restored[event.epoch] = (seq, event)
        case c.MissingSettled():
            copies.settled[event.epoch] = event.newest
            for chain in list(copies.left_there) if event.left is None else event.left:
                if chain in copies.left_there:
                    copies.left_settled[chain] = (seq, copies.left_there.pop(chain))
        case c.TakenAway():
            copies.away[event.computer] = (seq, event)
        case c.NotTaken():
            copies.away.pop(event.computer, None)
        case c.Superseded():
            copies.superseded.append(event)
        case c.TakenOver():
            copies.taken_over.append(event)
            for id in event.absent:
                copies.absent.setdefault(id, seq)
            for id in event.found:
                copies.absent.pop(id, None)
            copies.left_there.pop(event.chain, None)
            copies.left_settled.pop(event.chain, None)
            if event.left:
                copies.left_there[event.chain] = event


def heads_of(one: c.Restored) -> frozenset[tuple[int, str]]:
    """The heads of entries that a restore is known to have left out, as it names them: number, and 64 hex digits or
    the words on paper."""
    known = ((one.newest, one.newest_chain), *((seq, chain) for seq, chain in one.lost))
    return frozenset((seq, chain) for seq, chain in known if seq > one.head)


def superfluous(
    made: Sequence[tuple[str, date]], term: Sequence[str], last: int = KEEP_LAST, weeks: int = KEEP_WEEKS
) -> list[str]:
    """Which of these backups need not be kept. made: (name, local day), newest first; term: the school term of each,
    with its year, in the same order.

    Kept are: the newest `last`; of the newest `weeks` weeks (Monday to Sunday) that have one the newest; of every term
    the newest, for ever.
    """
    kept = {name for name, _ in made[:last]}
    seen: set[tuple[int, int]] = set()
    for name, day in made:
        week = day.isocalendar()[:2]
        if week not in seen and len(seen) < weeks:
            kept.add(name)
        seen.add(week)
    terms: set[str] = set()
    for (name, _), which in zip(made, term, strict=True):
        if which not in terms:
            kept.add(name)
        terms.add(which)
    return [name for name, _ in made if name not in kept]
