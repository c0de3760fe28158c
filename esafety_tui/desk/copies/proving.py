"""The proof that a backup can be put back, and that it is the one which the log recorded under its name."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from esafety_tui.errors import NotLetInError, StoreError, UsageError
from esafety_tui.register import copy_events as c
from esafety_tui.store import backup_check, backup_files, backup_plan
from esafety_tui.store.backup_files import Backup
from esafety_tui.store.copying import NotWrittenError, Progress, not_written

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session


def check(
    session: Session, path: Path | None = None, name: str = "", progress: Progress | None = None
) -> dict[str, Any]:
    """Restore a backup into a scratch folder and read all of it: the newest on the stick, or the one named.

    Gives {ok, name, label, head, entries, evidence_checked, evidence_bad, findings, notes}; entered too, where the log
    may be written. Raises UsageError (none there), StoreError (also where this computer has no room to restore into:
    that says nothing of the backup), NotLetInError (made under another key), Stopped.
    """
    one, label = _chosen(session, path, name)
    findings, notes = _not_as_recorded(session, one), list[str]()
    report = None
    with _scratch() as scratch:
        try:
            report, plan = backup_check.check(one, scratch, session.unlocked.data_key, progress)
            findings += [finding.text for finding in report.findings]
            if not plan.proven and not plan.changed:
                notes = [backup_plan.NOT_PROVEN]
        except NotWrittenError:
            raise
        except StoreError as error:
            if not findings and _other_key(one, session.database.header_epoch, session.unlocked.header.generation):
                raise NotLetInError(
                    "This backup was made under an earlier key",
                    "The log has a new key since. This one opens with the passwords and sheets of its day.",
                    "Check a newer one, or put it back into an empty folder: esafety backup restore.",
                ) from None
            findings += [str(error)]
    told = {
        "ok": not findings,
        "name": one.name,
        "label": label,
        "head": one.seq,
        "entries": report.entries if report else 0,
        "evidence_checked": report.evidence_checked if report else 0,
        "evidence_bad": report.evidence_bad if report else 0,
        "findings": findings,
        "notes": notes,
    }
    with session.lock:
        if not (session.closed or session.quiet_ref or session.database.read_only):
            what = findings[0] if findings else ""
            session.note(c.BackupChecked(one.name, label, one.seq, not findings, what))
    return told


def _not_as_recorded(session: Session, one: Backup) -> list[str]:
    """That a backup is not the one which this log recorded under its name: every part of an older one is genuine, and
    only the log knows how far this one goes."""
    known = session.register.copies.backups.get(one.name)
    if known is None:
        return []
    made = known.made
    if (made.head, made.chain) != (one.seq, one.chain.hex()):
        return [f"It is another one: the log recorded {one.name} as up to entry {made.head}, and this one goes up to "
                f"entry {one.seq}. Somebody put it there under this name."]  # fmt: skip
    if made.size != one.size or (made.contents and made.contents != backup_files.contents(one)):
        return ["Its list of contents is not the one that the log recorded: it was changed since."]
    return []


def _chosen(session: Session, path: Path | None, name: str) -> tuple[Backup, str]:
    place = session.copies.place
    where = path or (Path(place.folder) if place else None)
    if where is None:
        raise UsageError("Which backup?", "Where backups go is not said.", "Name the stick: --from FOLDER.")
    vault_id = session.database.vault_id
    found = [one for one in backup_files.found_at(where) if one.vault_id == vault_id]
    found = [one for one in found if not name or one.name == name]
    if not found:
        raise UsageError("There is no such backup", "The stick holds none of this log by that name.", "See: list.")
    return found[0], backup_files.label_of(where) or backup_files.label_of(found[0].folder.parent.parent)


@contextmanager
def _scratch() -> Iterator[Path]:
    """A folder to restore into, gone afterwards. Raises NotWrittenError."""
    try:
        made = tempfile.TemporaryDirectory(prefix="esafety-check-", ignore_cleanup_errors=True)
    except OSError as error:
        raise not_written(error) from None
    with made as folder:
        yield Path(folder)


def _other_key(one: Backup, epoch: bytes, generation: int) -> bool:
    return one.generation != generation or one.epoch != epoch
