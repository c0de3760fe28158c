"""When a log is for reading only: put back from a backup and not yet recorded, or the copy that was taken away."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from esafety_tui.errors import StoreError
from esafety_tui.store import restore, schema
from esafety_tui.vault import files, heads

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session
    from esafety_tui.store.database import Database

#: In the home of a copy that came back: {"v": 1, "epoch": of the log that goes on, "at": UTC}. The same is in the
#: database, which nobody changes without a password; the file is for whoever looks at the folder.
FILE = "superseded.json"
_MAX_FILE = 10_000
_EPOCH = re.compile("[0-9a-f]{32}")
#: What a note in the folder may be: it says that the school goes on elsewhere, or nobody can read it.
SAYS, UNREADABLE = "says", "unreadable"


def unrecorded() -> StoreError:
    """The error of every write until two people have recorded a restore."""
    return StoreError(
        "This log was put back from a backup and is for reading only",
        "Two people first record which backup it was and why: what was written after that backup is not in it.",
        "Home, b, r; or esafety backup record. Where the computer was taken: a, or esafety away. A new incident can be "
        "recorded at once, by one person alone.",
    )


def superseded() -> StoreError:
    """The error of every write in the copy that came back."""
    return StoreError(
        "This copy is for reading only",
        "Its computer was taken away, and the school has gone on with another copy of this log.",
        "Write in the other copy. esafety verify --against FOLDER compares the two.",
    )


def noted() -> StoreError:
    """The error of every write where a note in the folder, and nothing in the log, says that it is such a copy."""
    return StoreError(
        "This copy is for reading only",
        "A note in its folder says that the school has gone on with another copy. The log itself does not say so, and "
        "anybody who can write in the folder could have put the note there.",
        f"Write in the other copy. If there is none, move the file {FILE} out of the folder, and write down that it "
        "was there.",
    )


_CANNOT_BE_READ = (
    f"There is a file {FILE} in the folder of this log that cannot be read. It changes nothing. Such a note says that "
    "the school goes on with another copy: if it does, write there. If it does not, move the file away."
)


def why(session: Session) -> StoreError | None:
    """Why nothing may be written in this log; None where it may."""
    copies = session.register.copies
    if known(session) or session.computer_id in copies.away:
        return superseded()
    if note_in(session.home) == SAYS:
        return noted()
    return unrecorded() if not_recorded(session) else None


def not_recorded(session: Session) -> bool:
    """Whether the log was put back from a backup, and no two people have said so yet."""
    database = session.database
    now = database.header_epoch
    return now != database.epoch and now.hex() not in session.register.copies.restored


def apply(session: Session) -> None:
    """Hold back every write where one of these holds; to be asked again after each of their entries."""
    reason = why(session)
    if reason is not None or session.database.withheld:
        session.database.withhold(reason)
    if reason is not None:
        session.warn(str(reason))
    if note_in(session.home) == UNREADABLE:
        session.warn(_CANNOT_BE_READ)


def heads_to_find(session: Session) -> list[heads.SeenHead]:
    """Every head that this computer has seen and the log must hold: not those that two people know to be lost by a
    restore, and none while they have not said so yet (the check at unlock says that instead); not those of a copy that
    this log superseded; none in a copy that the school has gone on without, since what this computer saw may be the
    other's."""
    if not_recorded(session) or known(session):
        return []
    copies = session.register.copies
    others = copies.acknowledged | copies.of_others
    seen = heads.read_heads(session.database.vault_id)
    return [one for one in seen if (one.seq, one.chain.hex()) not in others]


@contextmanager
def let_through(session: Session) -> Iterator[None]:
    """Write although the log is held back: for the entries that end it, and for letting back in with two recovery
    sheets whoever has to make them."""
    if elsewhere := goes_on_elsewhere(session):
        raise elsewhere
    session.database.withhold(None)
    try:
        yield
    finally:
        session.database.withhold(why(session))


@contextmanager
def for_new(session: Session, first: int = 0) -> Iterator[None]:
    """R0: no failure keeps anybody from a new record, so what began after the restore can be written by one person
    alone while the log waits for two. first: the number of the case's first entry, 0 for one that begins now."""
    if not session.database.withheld or cannot_begin(session) is not None or not _is_new(session, first):
        yield
        return
    session.database.withhold(None)
    try:
        yield
    finally:
        session.database.withhold(why(session))


def cannot_begin(session: Session) -> StoreError | None:
    """Why not even a new incident can be recorded here; None where one can."""
    if not not_recorded(session) or session.computer_id in session.register.copies.away:
        return why(session)
    return goes_on_elsewhere(session)


def _is_new(session: Session, first: int) -> bool:
    came = restore.came_from(session.database)
    return came is not None and (not first or first > came.seq)


def restores(session: Session) -> tuple[int, ...]:
    """After which entries exhibit marks go on at the next hundred: the restores, and one that is not recorded yet."""
    recorded = session.register.copies.restores
    came = restore.came_from(session.database) if not_recorded(session) else None
    return (*recorded, came.seq) if came else recorded


def for_sheets(session: Session) -> AbstractContextManager[None]:
    """The same where two recovery sheets let somebody back in: a log that was put back waits for two people, and they
    first have to be able to come in. Anything else that holds the log back still does."""
    return let_through(session) if not_recorded(session) else nullcontext()


def known(session: Session) -> bool:
    """Whether the log itself says that the school has gone on with another copy."""
    with session.database.reading() as connection:
        query = "SELECT 1 FROM meta WHERE key = ?"
        return connection.exec_driver_sql(query, (schema.SUPERSEDED,)).first() is not None


def note_in(home: Path) -> str:
    """What a note in the folder is: SAYS, UNREADABLE, or "" for none. It proves nothing, in either direction."""
    try:
        told: Any = json.loads(files.read_small(home / FILE, _MAX_FILE))
    except FileNotFoundError:
        return ""
    except (OSError, ValueError, RecursionError):
        return UNREADABLE
    good = isinstance(told, dict) and told.get("v") == 1 and isinstance(told.get("at"), str)
    return SAYS if good and _EPOCH.fullmatch(str(told.get("epoch"))) else UNREADABLE


def goes_on_elsewhere(session: Session) -> StoreError | None:
    """The error where the school has gone on with another copy than this one, by the log or by a note."""
    if known(session):
        return superseded()
    return noted() if note_in(session.home) == SAYS else None


def mark(home: Path, database: Database, epoch: bytes, at: str) -> None:
    """Make the copy in this folder, whose open database this is, one for reading only. Raises StoreError where nothing
    can be written there."""
    note = json.dumps({"v": 1, "epoch": epoch.hex(), "at": at})
    with database.writing() as connection:
        query = "INSERT INTO meta(key, value) VALUES (?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value"
        connection.exec_driver_sql(query, (schema.SUPERSEDED, note))
    try:
        files.replace(home / FILE, note.encode())
    except OSError as error:
        raise files.plain_error(error, "mark the other copy") from None
