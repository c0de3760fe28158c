"""What stays of a disposal: the entry, the certificate, and the backups that still hold what was destroyed (R16)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from esafety_tui.desk import clock
from esafety_tui.desk.copies.backup_notices import at_of
from esafety_tui.errors import UsageError
from esafety_tui.people import person as people
from esafety_tui.register import copy_events as c
from esafety_tui.register import retention as rules
from esafety_tui.store import backup_files, disposal, enclosed
from esafety_tui.store.backup_files import Backup, Place

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session


@dataclass(frozen=True)
class Disposal:
    """A disposal. number: of its entry; at: ISO 8601 with offset; cases: as in the entry; entries: how many lost their
    records, files: how many evidence files went; first, second: names; proof: "proven" or "attested"; apart:
    it was a case that was kept apart, with a file of its own."""

    number: int
    at: str
    cases: tuple[Mapping[str, Any], ...]
    entries: int
    spans: tuple[tuple[int, int], ...]
    files: int
    reason: str
    first: str
    second: str
    proof: str
    direction: str = ""
    apart: bool = False


@dataclass(frozen=True)
class Holding:
    """A backup made before a disposal. at: UTC; label: of its stick; disposals: the numbers of those whose records it
    still holds."""

    name: str
    at: str
    label: str
    disposals: tuple[int, ...]


def disposals(session: Session) -> list[Disposal]:
    """Newest first. Of an allegation against staff those alone know afterwards who decided it, and the head."""
    tables, me = session.pack.tables, session.person
    found = []
    for number, event in session.register.retention.disposals.items():  # of the log's own cases
        about_staff = any(one.get("class") == rules.STAFF for one in event.cases)
        if about_staff and me.id not in (event.first, event.second) and not people.is_head(me, tables):
            continue
        found.append(_disposal(session, number, event))
    # What stays of a case that was kept apart opens for those alone who could read it.
    found += [
        replace(_disposal(session, number, event), apart=True) for number, event in session.compartments.destroyed()
    ]
    return sorted(found, key=lambda one: one.number, reverse=True)


def _disposal(session: Session, number: int, event: rules.RecordsDisposed) -> Disposal:
    spans = tuple((first, last) for first, last in event.disposes)
    return Disposal(
        number, clock.iso(*_when(session, number)), tuple(event.cases), sum(last - first + 1 for first, last in spans),
        spans, len(event.evidence), event.reason, session.name(event.first), session.name(event.second), event.proof,
        event.direction,
    )  # fmt: skip


def _when(session: Session, number: int) -> tuple[str, int]:
    entry = session.journal.since(number - 1, 1)[0]
    return entry.at, entry.off


def holding(session: Session) -> list[Holding]:
    """The backups, not known to be deleted, that were made before a disposal and hold what it destroyed."""
    gone = spans(session)
    found = []
    for name, known in session.register.copies.backups.items():
        if not known.dropped:
            numbers = tuple(
                number for number, first in gone.items() if first <= known.made.head < number
            )  # fmt: skip
            if numbers:
                found.append(Holding(name, at_of(name), known.made.label, numbers))
    return sorted(found, key=lambda one: one.name, reverse=True)


def before_deleting(session: Session) -> str:
    """What comes before those are deleted, as a sentence: a new backup, or that one was made since a disposal."""
    last = session.register.copies.last
    if last is None or last.dropped or last.made.head < max(spans(session), default=0):
        return "Make a new backup first: without one the log would be on this computer alone."
    return f"A newer one was made since: {last.made.name} on {last.made.label}. Take that stick."


def spans(session: Session) -> dict[int, int]:
    """By the entry of each disposal: the log's first entry of what it destroyed. A backup with a head between the two
    holds some of it. Of a case that was kept apart: the entry from which on it was, or its first before that."""
    register = session.register
    found = {number: min(first for first, _ in one.disposes) for number, one in register.retention.disposals.items()}
    for known in register.compartments.values():
        if known.disposed:
            firsts = (known.opened_at, *(first for first, _ in known.opened.disposes))
            found[known.disposed] = min(firsts)
    return found


def destroy(session: Session, folder: Path | None) -> list[str]:
    """Delete them from the stick that is in, where a newer backup is on it; one that holds what is sealed by now stays
    (R5). Gives the names. Raises UsageError, StoreError."""
    wanted = {one.name for one in holding(session)}
    place, there = _on_stick(session, folder)
    if not there:
        raise UsageError(
            "The stick is not in", "No folder with backups of this log is there.", "Put it in, or name its folder."
        )
    newest = max(spans(session), default=0)
    if wanted and not any(one.seq >= newest and _of_this_log(session, one.seq, one.chain) for one in there.values()):
        raise UsageError(
            "There is no newer backup on that stick", "Without one the log would be on this computer alone.",
            "Make one first: esafety backup make.",
        )  # fmt: skip
    rooms = session.compartments.all()
    sealed = session.evidence.files.sealed().union(*(room.files.sealed() for room in rooms))
    names = sorted(name for name in wanted & set(there) if not sealed.intersection(there[name].holds))
    for name in names:
        backup_files.drop(there.pop(name))
    if names:
        session.note(c.BackupsDropped(place.label, names))
    _sweep_pool(session, place, there.values())
    return names


def _sweep_pool(session: Session, place: Place, backups: Iterable[Backup]) -> None:
    """Delete from the stick the evidence files of disposals that no backup there names any more."""
    rest = list(backups)
    apart = {copied.id for one in rest for copied in one.aparts}
    for known in session.register.compartments.values():
        if known.disposed and known.id not in apart:
            enclosed.remove(place.of(session.database.vault_id), known.id)
    named = {id for one in rest for id in one.evidence}
    pool = place.evidence(session.database.vault_id)
    for event in session.register.retention.disposals.values():
        for id in set(event.evidence) - named:
            if disposal.is_id(id):
                with suppress(OSError):
                    backup_files.evidence_file(pool, id).unlink()


def _on_stick(session: Session, folder: Path | None) -> tuple[Place, dict[str, Backup]]:
    """The stick, and the backups of this log on it by name; none where it is not in."""
    vault_id = session.database.vault_id
    usual = session.copies.place
    where = folder or (Path(usual.folder) if usual else None)
    label = backup_files.label_of(where) if where else ""
    if where is None or not label:
        return Place(Path(), ""), {}
    place = Place(backup_files.root_of(where), label)
    return place, {one.name: one for one in backup_files.backups(place.of(vault_id), vault_id)}


def _of_this_log(session: Session, seq: int, chain: bytes) -> bool:
    return session.journal.chain_at(seq) == chain


def write_certificate(session: Session, one: Disposal, out: Path) -> None:
    """The certificate as PDF. Raises UsageError (`out` is there), StoreError."""
    from esafety_tui.desk.account import report_draft
    from esafety_tui.reports import certificate, pending

    paper = certificate.Certificate(
        report_draft.letterhead(session, f"Entry {one.number}"),
        report_draft.head_of(session, session.journal.head()),
        one.number, clock.plain(*_when(session, one.number)), tuple(certificate.row(case) for case in one.cases),
        one.entries, certificate.numbers(one.spans), one.files, one.reason, one.first, one.second,
        one.proof, one.direction,
        tuple(f"{held.name} on {held.label}" for held in holding(session) if one.number in held.disposals), one.apart,
    )  # fmt: skip
    data = certificate.page(paper)
    with pending.dropped(pending.Plain(out)) as plain:
        plain.write(data)
        plain.keep()


def sweep(session: Session) -> None:
    """Delete the files of an earlier disposal that a crash or a full disk left; nobody has a key to them."""
    for event in session.register.retention.disposals.values():
        disposal.remove_files(session.home, event.evidence)
