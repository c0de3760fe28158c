"""What a backup brings, by the log inside it: its list of contents lies in clear, and whoever holds the stick can write
in that. One plan for putting back and for the check, so that the check proves what would be put back.

Only what the log knows as sealed is left out, and what a later backup says was sealed where its list is proven.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from esafety_tui.errors import StoreError
from esafety_tui.register import compartments, copies, copy_events, register
from esafety_tui.register.events import RegisterEvent
from esafety_tui.store import backup, backup_apart, backup_files
from esafety_tui.store.backup import Kept
from esafety_tui.store.backup_apart import Copied
from esafety_tui.store.backup_files import Backup
from esafety_tui.store.database import Database
from esafety_tui.store.evidence import FOLDER, STORED
from esafety_tui.store.journal import PAGE, Journal
from esafety_tui.vault.header import Header

_KINDS = (
    copy_events.Restored.kind, copy_events.TakenOver.kind, compartments.CompartmentOpened.kind,
    compartments.CompartmentKeyed.kind, compartments.CompartmentDisposed.kind,
)  # fmt: skip
CHANGED = (
    "Its list of contents was changed since it was made: what it says is not what the log in it says. The log decides "
    "what is put back, and not the list."
)
NOT_PROVEN = (
    "Nothing proves its list of contents: an earlier version made it, or the proof was taken away. Of a case that is "
    "kept apart nobody can say before its readers check the whole log whether the list names every exhibit."
)


class Item(NamedTuple):
    """An evidence file to be brought. source: on the stick; target: below the home; apart: it is of a compartment."""

    source: Path
    target: Path
    kept: Kept
    apart: bool


@dataclass(frozen=True)
class Plan:
    """What a backup brings. aparts: its compartments; sealed: evidence ids that are left out because they were sealed
    then; later: since then, by the proven list of another backup; gone: those that the log itself goes on without.

    nowhere: ids that an unproven list calls sealed, in a compartment that only its readers can look into, and whose
    file is not to be had. claimed: ids of files that are not brought because the list of a later backup says that they
    were sealed since, though nothing here proves it: what is sealed may be illegal to have, and they stay on the stick
    and are named as missing (R5). changed: the list is not as it was made; proven: whether its proof is there.
    """

    items: tuple[Item, ...]
    aparts: tuple[Copied, ...]
    sealed: frozenset[str]
    later: frozenset[str]
    gone: frozenset[str]
    nowhere: frozenset[str]
    claimed: frozenset[str]
    changed: bool
    proven: bool

    @property
    def size(self) -> int:
        """How many bytes of evidence are to be brought."""
        return sum(_size(item.source) for item in self.items)


def plan(one: Backup, log: Database, header: Header, data_key: bytes) -> Plan:
    """log: the open copy of the backup's log, checked; header: the backup's own. Raises StoreError where the list does
    not name the cases kept apart that the log knows."""
    known, told = _of_register(log)
    _same_aparts(one, known)
    journal = Journal(log)
    proven = backup_files.proven(one, data_key)
    others = backup_files.backups(one.folder.parent, one.vault_id)
    later, said = _sealed_later(one, others, journal, data_key)
    later |= told.sealed_later
    left = later | said
    kept = backup.evidence_of(log)
    sealed = {each.id for each in kept if each.sealed}
    items = [
        Item(backup_files.evidence_file(one.pool, each.id), Path(FOLDER) / f"{each.id}{STORED}", each, False)
        for each in kept
        if not each.sealed and each.id not in left
    ]
    nowhere: set[str] = set()
    aparts = one.aparts if proven else tuple(_unproven(apart, one, others) for apart in one.aparts)
    for apart in aparts:
        items += _of_apart(one, apart, left)
        sealed.update(apart.left_out)
        nowhere.update(apart.left_out if not proven else ())
    there = {each.id for each in kept}.union(*(apart.evidence for apart in aparts))
    changed = (bool(one.mac) and not proven) or not (
        backup_files.list_agrees(one, header.epoch, header.generation) and _same_evidence(one, kept)
    )
    return Plan(
        tuple(items), aparts, frozenset(sealed), later - sealed, told.left_out, frozenset(nowhere),
        (said & there) - sealed - later, changed, proven,
    )  # fmt: skip


def _of_register(log: Database) -> tuple[dict[str, compartments.Known], copies.Copies]:
    """What the log knows of its compartments, and which evidence it goes on without."""
    entries = sorted(_entries(Journal(log)), key=lambda found: found[0])
    known: dict[str, compartments.Known] = {}
    told = copies.Copies()
    for seq, event in entries:
        compartments.fold(known, seq, event)
        copies.fold(told, seq, event)
    return known, told


def _entries(journal: Journal) -> Iterator[tuple[int, RegisterEvent]]:
    for kind in _KINDS:
        after = 0
        while True:
            entries = journal.of_kind(kind, after)
            for entry in entries:
                event = register.from_data(entry.kind, entry.pv, entry.data)
                if event is not None:
                    yield entry.seq, event
                after = entry.seq
            if len(entries) < PAGE:
                break


def _same_aparts(one: Backup, known: dict[str, compartments.Known]) -> None:
    of_log = {found.id: f"log-{found.generation}.db" for found in known.values() if not found.disposed}
    if of_log != {apart.id: apart.file for apart in one.aparts} or len(of_log) != len(one.aparts):
        raise StoreError(
            "This backup is damaged",
            "The log in it knows of cases that are kept apart, and its list of contents does not name the same ones.",
            "Take the one before it: esafety backup list.",
        )


def _sealed_later(
    one: Backup, others: list[Backup], journal: Journal, data_key: bytes
) -> tuple[frozenset[str], frozenset[str]]:
    """What was sealed by the time of a backup that this log does not know of, later or of another history: an older one
    does not bring it back (R5). Those of proven lists, and those of lists that nothing here proves: anybody can write
    an id into a list, and a log with a new key since proves its own by that."""
    found: dict[bool, set[str]] = {True: set(), False: set()}
    for other in others:
        if other.folder != one.folder and other.seals and journal.chain_at(other.seq) != other.chain:
            found[backup_files.proven(other, data_key)] |= other.seals
    return frozenset(found[True]), frozenset(found[False])


def _unproven(apart: Copied, one: Backup, others: list[Backup]) -> Copied:
    """A compartment by an unproven list: with every evidence file that this list or an older one on the stick names.
    What is left of `left_out` then is known by its id alone."""
    evidence: dict[str, str] = {}
    for other in (*(other for other in others if other.seq <= one.seq), one):
        for there in other.aparts:
            if there.id == apart.id:
                evidence |= there.evidence
    there_now = {id: sha256 for id, sha256 in evidence.items() if id in apart.evidence or _lies(one, apart, id)}
    return replace(apart, evidence=there_now, left_out=tuple(id for id in apart.left_out if id not in there_now))


def _lies(one: Backup, apart: Copied, id: str) -> bool:
    return backup_files.evidence_file(backup_apart.pool(one.folder.parent, apart.id), id).is_file()


def _of_apart(one: Backup, apart: Copied, left: frozenset[str]) -> Iterator[Item]:
    pool, folder = backup_apart.pool(one.folder.parent, apart.id), apart.path(Path()).parent / FOLDER
    for id, sha256 in apart.evidence.items():
        if id not in left:
            kept = Kept(id, sha256, 0, False)
            yield Item(backup_files.evidence_file(pool, id), folder / f"{id}{STORED}", kept, True)


def _same_evidence(one: Backup, kept: list[Kept]) -> bool:
    """Whether the list says of the log's own evidence what its entries say."""
    sealed = {each.id for each in kept if each.sealed}
    return set(one.left_out) == sealed and set(one.evidence) == {each.id for each in kept} - sealed


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
