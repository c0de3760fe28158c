"""Putting a log back from a backup on a machine that has none, and the entry that two people make of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from esafety_tui.desk.copies import withheld
from esafety_tui.errors import RefusedError, UsageError
from esafety_tui.record import words
from esafety_tui.register import copy_events as c
from esafety_tui.store import backup_files, restore
from esafety_tui.store.backup_files import Backup
from esafety_tui.store.copying import Progress
from esafety_tui.vault import heads, lock
from esafety_tui.vault import home as vault

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session


@dataclass(frozen=True)
class PutBack:
    """What was put back. left_out: sealed files, which no backup holds; missing: files that the stick did not keep;
    later: files that are sealed by now, as a later backup proved; claimed: of the missing, those that a
    later list calls sealed that nothing here proves; changed, proven: as in restore.Came."""

    home: Path
    backup: str
    head: int
    left_out: int
    missing: int
    later: int = 0
    changed: bool = False
    proven: bool = True
    claimed: int = 0


def choose(path: Path, name: str = "") -> Backup:
    """The newest backup on a stick, or the one named; `path` may be the backup's own folder. Raises UsageError."""
    found = [one for one in backup_files.found_at(path) if not name or one.name == name]
    if not found:
        raise UsageError(
            "There is no backup here", "The folder holds no whole backup by that name.", "Name the stick's folder."
        )
    if len({one.vault_id for one in found}) > 1:
        raise UsageError(
            "The stick holds backups of more than one log", "Which is meant cannot be guessed.",
            "Name the folder of one: " + ", ".join(sorted({one.folder.parent.name for one in found})) + ".",
        )  # fmt: skip
    return found[0]


def with_password(one: Backup, home: Path, login: str, password: str, progress: Progress | None = None) -> PutBack:
    """Put a backup back into an empty folder, by somebody whose password opens it.

    Raises as vault.unlock does, StoreError (there is a log, no room, not sound), Stopped.
    """
    with vault.unlock(one.folder, login, password) as opened:
        data_key = opened.data_key
        return _put_back(one, home, lambda: data_key, progress)


def with_sheets(one: Backup, home: Path, first: str, second: str, progress: Progress | None = None) -> PutBack:
    """The same with two recovery sheets, for when no password is to be had. It lets nobody in: that is done with two
    sheets in the home itself (desk.recovering). Raises UsageError, NotLetInError, StoreError, Stopped."""
    return _put_back(one, home, lambda: vault.open_with_sheets(one.folder, first, second), progress)


def opens(one: Backup, first: str, second: str) -> None:
    """Whether these sheets open the backup. Raises as `with_sheets` does where they do not."""
    vault.open_with_sheets(one.folder, first, second)


def _put_back(one: Backup, home: Path, key: Callable[[], bytes], progress: Progress | None) -> PutBack:
    with lock.home_lock(home, make=True):
        _, came = restore.restore(one, home, key(), progress)
    left_out = set(came.left_out) - set(came.missing)
    return PutBack(
        home,
        came.backup,
        came.seq,
        len(left_out),
        len(came.missing),
        len(came.later),
        came.changed,
        came.proven,
        len(came.claimed),
    )


# -- the entry


def record(session: Session, login: str, password: str, reason: str, newest: str = "") -> c.Restored:
    """Two people record the restore: whoever is signed in and another one; the log may be written again.

    newest: the newest entry known from paper, as number and words or digits, "" where none is. Raises UsageError
    (nothing to record, no reason, words not understood), RefusedError (the same person twice), as vault.unlock does.
    """
    with session.lock:
        event = restored(session, login, password, reason, newest)
        with withheld.let_through(session):
            session.note(event)
        return event


def restored(session: Session, login: str, password: str, reason: str, newest: str) -> c.Restored:
    """The entry of a restore, agreed by two. Raises as `record` does."""
    came = restore.came_from(session.database)
    if came is None or not withheld.not_recorded(session):
        raise UsageError(
            "There is nothing to record", "This log was not put back, or two people have recorded it.", "Go on."
        )
    if not reason.strip():
        raise UsageError("A reason is needed", "It is kept beside the entry.", "Say why it was put back.")
    second = other_person(session, login, password)
    # What an earlier restore named is missing since that one, not since this.
    known = session.register.copies.acknowledged
    seen = [one for one in heads.read_heads(session.database.vault_id) if (one.seq, one.chain.hex()) not in known]
    lost = [one for one in seen if not _holds(session, one.seq, one.chain)]
    seq, chain = _newest(session, newest, lost, came.seq)
    return c.Restored(
        session.database.header_epoch.hex(), came.backup, came.seq, came.chain.hex(), reason.strip(),
        session.person.id, second, seq, chain, [(one.seq, one.chain.hex()) for one in lost], list(came.left_out),
        list(came.later), list(came.missing),
    )  # fmt: skip


def settle(session: Session, login: str, password: str, reason: str) -> list[c.MissingSettled]:
    """Two people record what became of the entries that are missing since the log was put back, and of what stayed in
    the other copies; an entry for each restore, and one for those copies. Raises UsageError (nothing is missing, no
    reason), RefusedError (the same person twice; R17), StoreError, as vault.unlock does."""
    with session.lock:
        session.refuse_when_quiet()
        copies = session.register.copies
        found = copies.missing
        if not (found or copies.left_there):
            raise UsageError(
                "There is nothing to settle", "No entry is known to be missing from this log.", "Leave it as it is."
            )
        if not reason.strip():
            raise UsageError(
                "What became of it is needed", "It is kept beside the entry.",
                "Say what was written down again and where, or why nothing is known.",
            )  # fmt: skip
        second = other_person(session, login, password)
        missing: list[tuple[str, int, list[str]]] = [(one.epoch, one.newest, []) for one in found]
        if copies.left_there:
            missing.append(("", 0, sorted(copies.left_there)))
        events = [
            c.MissingSettled(epoch, newest, reason.strip(), session.person.id, second, left)
            for epoch, newest, left in missing
        ]
        for event in events:
            session.note(event)
        return events


def recorded(session: Session) -> c.Restored | None:
    """The entry that two people made of the last restore; None where there was none, or none is made of it yet."""
    found = session.register.copies.restored.get(session.database.header_epoch.hex())
    return found[1] if found else None


def other_person(session: Session, login: str, password: str) -> str:
    """The id of a second person, by their own password. Raises RefusedError (R1), as vault.unlock does."""
    with vault.prove(session.home, login, password) as proven:
        other = proven.person_id
    known = session.register.people.get(other)
    if other == session.person.id or known is None or not known.active:
        raise RefusedError(
            "Two people record this", "The second one has to be somebody else who can open the log.",
            "Ask a colleague to type their password.", "R1",
        )  # fmt: skip
    return other


def _holds(session: Session, seq: int, chain: bytes) -> bool:
    return session.journal.chain_at(seq) == chain


def _newest(session: Session, said: str, lost: list[heads.SeenHead], head: int) -> tuple[int, str]:
    """The newest entry that is known and not here: from paper, or as this computer saw it. head: the backup's last."""
    known = [(one.seq, one.chain.hex()) for one in lost]
    if said.strip():
        try:
            paper = words.parse_head(said)
        except words.HeadError as error:
            raise UsageError(
                "Those are not an entry's words", str(error), "Copy the number and the six words as they stand."
            ) from None
        here = session.journal.chain_at(paper.seq) if paper.seq else None
        own = here is not None and paper.matches(paper.seq or 0, here, session.database.vault_id)
        if paper.seq is not None and paper.seq > head and not own:
            known.append((paper.seq, paper.chain.hex() if paper.chain else paper.words or ""))
    return max(known, default=(0, ""))
