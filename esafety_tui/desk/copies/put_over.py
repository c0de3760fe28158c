"""What tells that an older copy was put back over a newer one, or that nobody could tell: later files that the log does
not name, and what this computer remembers of the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esafety_tui.store import enclosed, generations
from esafety_tui.vault import heads

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session

#: Said at unlocking and by verify where what is remembered is there and cannot be read.
FORGOTTEN = (
    "What this computer remembers of the log cannot be read (the file is damaged, or something else lies in its "
    "place), so an older copy put back would not be noticed by it. Compare the last words in the bound book: esafety "
    "verify --head."
)
#: Said at unlocking and by verify where nothing can be kept.
NOT_KEPT = (
    "This computer cannot keep what it remembers of the log (its state folder cannot be written), so an older copy put "
    "back would not be noticed by it. Have the folder put right; until then compare the words in the bound book."
)


def later_log(session: Session) -> list[str]:
    """Sentences: each database of the log that is later than the one its header names."""
    return [
        f"A later file of the log lies here than the one that its header names: {name}. An older copy was put back "
        "over a newer one. Nothing was removed."
        for name in generations.later(session.home, session.unlocked.header.database)
    ]


def later_apart(session: Session) -> list[str]:
    """The same of the cases that are kept apart, whoever may read them."""
    found = []
    for known in session.register.compartments.values():
        if known.disposed:
            continue
        folder = enclosed.folder_of(session.home, known.id)
        for name in generations.later(folder, f"log-{known.generation}.db"):
            where = (folder / name).relative_to(session.home).as_posix()
            found.append(
                f"A later file of a case that is kept apart lies here than the one that the log names: {where}. The "
                "log was put back from an older copy, or the folder was exchanged. Nothing was removed."
            )
    return found


def forgotten(session: Session) -> bool:
    """Whether what this computer remembers of the log is there and cannot be read."""
    return heads.damaged(session.database.vault_id)


def not_kept(session: Session) -> bool:
    """Whether what this computer remembers cannot be written. On a computer that is kept quiet nothing is tried."""
    return not session.journal.head_kept or not heads.can_be_kept(session.database.vault_id)
