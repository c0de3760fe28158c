"""Backups at the desk: where they go, when one is due, which are kept, and the proof that one can be put back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from esafety_tui.desk import clock
from esafety_tui.desk.copies import proving, withheld
from esafety_tui.desk.copies.backup_notices import at_of, day_of
from esafety_tui.errors import RefusedError, StoreError, UsageError
from esafety_tui.policy.tables import Tables, term_of
from esafety_tui.register import copies as register_copies
from esafety_tui.register import copy_events as c
from esafety_tui.store import backup, backup_files, restore
from esafety_tui.store.backup_files import Backup, Place
from esafety_tui.store.copying import Progress, Stopped
from esafety_tui.store.journal import PAGE

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session

#: Entries that alone make no backup due: they tell of backups, or that somebody read.
_ADD_NOTHING = frozenset({c.BackupMade.kind, c.BackupsDropped.kind, c.BackupChecked.kind, "viewed"})


@dataclass(frozen=True)
class Made:
    """A backup that was made and checked. dropped: names of those that need not be kept any more and were deleted.

    left_out: sealed files that did not go along (R5); missing: files that are not whole in the log itself.
    """

    path: Path
    name: str
    label: str
    head: int
    size: int
    left_out: int
    missing: int
    same_disk: bool
    dropped: tuple[str, ...] = ()


class Copies:
    """The backups of an open log."""

    def __init__(self, session: Session) -> None:
        self._session = session

    # -- where they go

    @property
    def place(self) -> c.BackupPlaceSet | None:
        """Where backups go on this computer; None for nowhere, or where another computer's place was said."""
        found = self._session.register.copies.place
        return found if found and found.computer == self._session.computer_id else None

    def set_place(self, folder: Path, label: str = "") -> str:
        """Backups go there from now on, after every sitting; gives the label. Raises UsageError (no such folder, no
        label, another stick, inside the log's own folder), StoreError (also where the next backup would not fit
        there), RefusedError (R17); nothing is written there then."""
        session = self._session

        def fits(place: Place) -> None:
            with session.database.writing():
                pass  # a log that may not be written says why before anything is labelled
            backup.room_for_next(session.home, session.database, place, folder, session.compartments.to_copy())

        with session.lock:
            session.refuse_when_quiet()
            place = self._open(folder, label, fits)
            session.note(c.BackupPlaceSet(place.label, str(folder.resolve()), session.computer_id))
            return place.label

    def no_place(self) -> None:
        """None is made by itself any more. Raises StoreError, RefusedError (R17)."""
        self._session.note(c.BackupPlaceSet("", "", self._session.computer_id))

    def _open(self, folder: Path, label: str, fits: Callable[[Place], object] | None = None) -> Place:
        home, there = self._session.home.resolve(), folder.resolve()
        if there == home or home in there.parents:
            raise UsageError(
                "That is inside the log's own folder", "Who takes the one takes the other.", "Name a stick, kept apart."
            )
        return backup_files.place_at(folder, label, fits)

    def _said(self, folder: Path | None, label: str) -> Place:
        if folder is not None:
            return self._open(folder, label)
        set_before = self.place
        if set_before is None:
            raise UsageError(
                "Where backups go is not said",
                "A backup belongs on a labelled stick that is kept away from this computer.",
                "esafety backup make --to FOLDER --label NAME",
            )
        return self._open(Path(set_before.folder), set_before.label)

    # -- making one

    def make(self, folder: Path | None = None, label: str = "", progress: Progress | None = None) -> Made:
        """Make a backup, on the stick in `folder` or where they usually go, and delete what need not be kept there.

        It counts only after it was opened and checked. Raises UsageError (no place, no label, another stick),
        StoreError (no room, a disk fails, something was sealed meanwhile, not sound), RefusedError (R17), Stopped;
        nothing half made is left. The log can be used meanwhile.
        """
        session = self._session
        with session.lock:
            session.refuse_when_quiet()
            with session.database.writing():
                pass  # a log that may not be written says why before anything is copied
            place = self._said(folder, label)
            gate = self._gate()
        made = backup.make(
            session.home, session.database, session.unlocked.data_key, place, clock.now()[0], gate, progress,
            session.compartments.to_copy(),
        )  # fmt: skip
        with session.lock:
            gate()
            session.note(
                c.BackupMade(
                    made.name, place.label, made.seq, made.chain.hex(), made.size, len(made.evidence),
                    list(made.left_out), made.generation, backup_files.contents(made),
                )
            )  # fmt: skip
            dropped = self._rotate(place)
        same = _device(place.root) == _device(session.home)
        missing = len(set(made.missing) - session.register.copies.left_out)
        return Made(
            made.folder, made.name, place.label, made.seq, made.size, len(made.left_out), missing, same, dropped,
        )  # fmt: skip

    def _gate(self) -> Callable[[], None]:
        """Raises where what is being copied may not leave any more: locked, quiet (R17), or sealed meanwhile (R5)."""
        session = self._session
        sealed = session.evidence.sealed()

        def ask() -> None:
            with session.lock:
                if session.closed:
                    raise Stopped()
                session.refuse_when_quiet()
                if session.evidence.sealed() != sealed:
                    raise StoreError(
                        "The backup was given up", "Something was sealed while it was made.", "Make it again."
                    )

        return ask

    def _rotate(self, place: Place) -> tuple[str, ...]:
        """Delete the backups of this log that need not be kept. One that holds what is sealed by now stays, for the
        police to know of (R5), and so does one of another history: only what this log holds whole is superfluous."""
        session = self._session
        sealed = session.evidence.sealed()
        here = [one for one in backup_files.backups(place.of(session.database.vault_id), session.database.vault_id)
                if session.journal.chain_at(one.seq) == one.chain]  # fmt: skip
        tables = session.pack.tables
        days = [(one.name, day_of(one.at)) for one in here]
        terms = [_term(tables, day) for _, day in days]
        gone = set(register_copies.superfluous(days, terms, tables.backups_last, tables.backups_weeks))
        names: list[str] = []
        for one in here:
            if one.name in gone and not sealed & one.holds:
                backup_files.drop(one)
                names.append(one.name)
        if names:
            session.note(c.BackupsDropped(place.label, names))
        return tuple(names)

    # -- by itself, after a sitting

    def wanted(self) -> bool:
        """Whether something was recorded since the last backup, and there is a place for the next."""
        session = self._session
        if self.place is None or session.closed or session.quiet_ref or session.database.read_only:
            return False
        return self._recorded_since(self._last_made())

    def _last_made(self) -> int:
        last = self._session.register.copies.last
        return last.seq if last else 0

    def _recorded_since(self, seq: int) -> bool:
        since = self._session.journal.since(seq)
        return len(since) == PAGE or any(entry.kind not in _ADD_NOTHING for entry in since)

    def after_sitting(self, progress: Progress | None = None, by_command: bool = False) -> str:
        """Make a backup where one is wanted; gives what is to be said about it, "" where there is nothing.
        by_command: after one command, which says that none could be made where it recorded something itself.

        For the doors, before they close the session. What goes wrong is said and never keeps anybody from leaving.
        """
        since = self._session.began_at if by_command else self._last_made()
        if not self.wanted() or self.place is None:
            return self._no_place_here(since)
        label = self.place.label
        if backup_files.label_of(Path(self.place.folder)) != label:
            if not self._recorded_since(since):
                return ""
            return f"No backup was made: the stick {label} is not in. Put it in and run esafety backup make."
        try:
            made = self.make(progress=progress)
        except Stopped:
            return "The backup was stopped. The one before it still counts."
        except (StoreError, UsageError, RefusedError) as error:
            return f"No backup was made. {error}"
        return f"Backup made and checked, on {made.label}. Take the stick out, and keep it away from this computer."

    def _no_place_here(self, since: int) -> str:
        """That backups go somewhere from another computer alone, where something was recorded since this entry."""
        session = self._session
        if self.place is not None or session.register.copies.place is None or session.closed or session.quiet_ref:
            return ""
        if session.database.read_only or not self._recorded_since(since):
            return ""
        return (
            "No backup was made: where backups go from this computer is not said yet. esafety backup place FOLDER "
            "--label NAME"
        )

    # -- which there are

    def listed(self, folder: Path | None = None) -> list[dict[str, Any]]:
        """Every backup that was recorded or lies on the stick, newest first, as objects for JSON.

        on_stick: whether it is on the stick that is in, null where none is. holds_sealed: evidence ids that are sealed
        by now and were not when it was made (R5). holds_destroyed: whether it holds what was destroyed since (R16).
        """
        from esafety_tui.desk.retention import traces

        session = self._session
        with session.lock:
            there = self._there(folder)
            known = session.register.copies.backups
            sealed = session.evidence.sealed()
            destroyed = {one.name for one in traces.holding(session)}
            rows = [self._row(name, known.get(name), (there or {}).get(name), there is not None, sealed)
                    for name in {**known, **self._from(), **(there or {})}]  # fmt: skip
            for row in rows:
                row["holds_destroyed"] = row["name"] in destroyed
            return sorted(rows, key=lambda row: (str(row["at"]), str(row["name"])), reverse=True)

    def _from(self) -> dict[str, None]:
        """The backups that the log was put back from: what says that they were made came after them."""
        return {event.backup: None for _, event in self._session.register.copies.restored.values()}

    def _there(self, folder: Path | None) -> dict[str, Backup] | None:
        where = folder or (Path(self.place.folder) if self.place else None)
        if where is None or not backup_files.label_of(where):
            return None
        vault_id = self._session.database.vault_id
        logs = Place(backup_files.root_of(where), "").of(vault_id)
        return {one.name: one for one in backup_files.backups(logs, vault_id)}

    def _row(
        self,
        name: str,
        known: register_copies.Backup | None,
        there: Backup | None,
        looked: bool,
        sealed: frozenset[str],
    ) -> dict[str, Any]:
        restored = (event for _, event in self._session.register.copies.restored.values())
        source = next((event for event in restored if event.backup == name), None)
        seq = there.seq if there else known.made.head if known else source.head if source else 0
        chain = there.chain.hex() if there else known.made.chain if known else source.chain if source else ""
        kept = self._session.journal.chain_at(seq)
        return {
            "name": name,
            "at": at_of(name),
            "label": known.made.label if known else "",
            "head": seq,
            "size": there.size if there else known.made.size if known else 0,
            "on_stick": (there is not None) if looked else None,
            "deleted": bool(known and known.dropped),
            "of_this_history": kept is not None and kept.hex() == chain,
            "holds_sealed": sorted(sealed & there.holds) if there else [],
        }

    def holders(self, evidence_id: str) -> list[dict[str, Any]]:
        """The recorded backups made while an evidence file was open: what the police, or whoever destroys it, has to be
        told of (R5, R16). A deleted backup is among them: its stick may still hold the file."""
        session = self._session
        with session.lock:
            added = next((e.seq for e in self._exhibited() if e.data.get("evidence") == evidence_id), None)
            if added is None:
                return []
            return [
                {"name": name, "at": at_of(name), "label": one.made.label, "deleted": one.dropped}
                for name, one in session.register.copies.backups.items()
                if one.made.head >= added and evidence_id not in one.made.left_out
            ]

    def _exhibited(self) -> Any:
        after = 0
        while True:
            entries = self._session.journal.of_kind("exhibited", after)
            yield from entries
            if len(entries) < PAGE:
                return
            after = entries[-1].seq

    # -- the proof that one can be put back

    def check(self, path: Path | None = None, name: str = "", progress: Progress | None = None) -> dict[str, Any]:
        """Restore a backup into a scratch folder and read all of it: the newest on the stick, or the one named. Gives
        and raises as `proving.check`."""
        return proving.check(self._session, path, name, progress)

    # -- what verify has to know

    def lost_and_absent(self) -> tuple[list[Any], frozenset[str]]:
        """The heads that the log must hold, and the evidence ids whose files it goes on without after a restore."""
        came = restore.came_from(self._session.database)
        waiting = came.later if came and withheld.not_recorded(self._session) else ()
        known = self._session.register.copies
        return withheld.heads_to_find(self._session), known.sealed_later.union(known.absent, waiting)

    def left_out(self) -> frozenset[str]:
        """The evidence ids that a restore left out as sealed: their files need not be here where an entry says so."""
        came = restore.came_from(self._session.database)
        waiting = came.left_out if came and withheld.not_recorded(self._session) else ()
        return frozenset(waiting).union(*(one.left_out for _, one in self._session.register.copies.restored.values()))


def _term(tables: Tables, day: date) -> str:
    """The school term of a day with the year in which it began."""
    term = term_of(tables, day)
    return f"{day.year if day.strftime('%m-%d') >= term.starts else day.year - 1}-{term.id}"


def _device(path: Path) -> int:
    try:
        return path.stat().st_dev
    except OSError:
        return -1
