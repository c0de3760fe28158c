"""When a log is for reading only: put back from a backup and not yet recorded, or the copy that was taken away."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from esafety_tui.errors import StoreError
from esafety_tui.vault import files, heads

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session

#: In the home of a copy that came back: {"v": 1, "epoch": of the log that goes on, "at": UTC}.
FILE = "superseded.json"
_MAX_FILE = 10_000


def unrecorded() -> StoreError:
    """The error of every write until two people have recorded a restore."""
    return StoreError(
        "This log was put back from a backup and is for reading only",
        "Two people first record which backup it was and why: what was written after that backup is not in it.",
        "Home, b, r; or esafety backup record. Where the computer was taken: a, or esafety away.",
    )


def superseded() -> StoreError:
    """The error of every write in the copy that came back."""
    return StoreError(
        "This copy is for reading only",
        "Its computer was taken away, and the school has gone on with another copy of this log.",
        "Write in the other copy. esafety verify --against FOLDER compares the two.",
    )


def why(session: Session) -> StoreError | None:
    """Why nothing may be written in this log; None where it may."""
    copies = session.register.copies
    if marked(session.home) or session.computer_id in copies.away:
        return superseded()
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


def heads_to_find(session: Session) -> list[heads.SeenHead]:
    """Every head that this computer has seen and the log must hold: not those that two people know to be lost by a
    restore, and none while they have not said so yet (the check at unlock says that instead); none in a copy that the
    school has gone on without, since what this computer saw may be the other's."""
    if not_recorded(session) or marked(session.home):
        return []
    lost = session.register.copies.acknowledged
    seen = heads.read_heads(session.database.vault_id)
    return [one for one in seen if (one.seq, one.chain.hex()) not in lost]


@contextmanager
def let_through(session: Session) -> Iterator[None]:
    """Write although the log is held back: for the entries that end it, and for letting back in with two recovery
    sheets whoever has to make them."""
    if marked(session.home):
        raise superseded()
    session.database.withhold(None)
    try:
        yield
    finally:
        session.database.withhold(why(session))


def for_sheets(session: Session) -> AbstractContextManager[None]:
    """The same where two recovery sheets let somebody back in: a log that was put back waits for two people, and they
    first have to be able to come in. Anything else that holds the log back still does."""
    return let_through(session) if not_recorded(session) else nullcontext()


def marked(home: Path) -> bool:
    """Whether the school has gone on with another copy than the one in this folder."""
    return (home / FILE).exists()


def mark(home: Path, epoch: bytes, at: str) -> None:
    """Make the copy in this folder one for reading only. Raises StoreError where nothing can be written there."""
    try:
        files.replace(home / FILE, json.dumps({"v": 1, "epoch": epoch.hex(), "at": at}).encode())
    except OSError as error:
        raise files.plain_error(error, "mark the other copy") from None
