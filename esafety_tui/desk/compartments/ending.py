"""The end of a case that is kept apart (R16): the log's entry first, in one step, and then its whole folder.

Killed before that entry everything is as it was; after it, whoever unlocks next deletes what is left of the folder.
What the log had of the case before it was kept apart went when it was moved: nothing of it is in the log's file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from esafety_tui.desk.case.summary import case_of
from esafety_tui.desk.compartments import told
from esafety_tui.desk.compartments.keeping import anchor_of
from esafety_tui.errors import StoreError
from esafety_tui.register.compartments import CompartmentDisposed
from esafety_tui.register.retention import RecordsDisposed
from esafety_tui.store import disposal, enclosed
from esafety_tui.store.enclosed import Enclosed

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session

_LEFT = (
    "Not every file of the case that was destroyed could be deleted: another program has it open, or the disk refused. "
    "It is tried again at the next unlocking."
)


def dispose(session: Session, room: Enclosed, order: RecordsDisposed) -> int:
    """Destroy a case with its compartment; gives the number of the log's entry that says so. order: what is kept of it,
    for its readers alone. Raises StoreError: everything is then as it was."""
    rooms = session.compartments
    with room.database.writing():
        pass  # one that is not as it was is looked into first, and not destroyed
    readers = rooms.readers(case_of(room.journal.read(room.stream)))
    sealed = told.shut(told.Told(order, tuple(readers)), room.key, session.unlocked.header.vault_id)
    anchor = anchor_of(room, *room.journal.head())
    try:
        rooms.note(anchor, CompartmentDisposed(room.id, sealed))
    except StoreError:
        session.refresh()
        if not rooms.known(room).disposed:
            raise
    number = rooms.known(room).disposed
    rooms.drop(room)
    session.refresh()  # without what its own register had
    disposal.remove_files(session.home, order.evidence)  # what a disk left in the log's folder when it was moved
    if not enclosed.remove(session.home, room.id):
        session.warn(_LEFT)
    return number
