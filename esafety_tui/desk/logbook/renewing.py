"""The log's rows, search words and due items, made again from the entries where an earlier program made them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esafety_tui.desk.case.summary import case_of, project
from esafety_tui.errors import StoreError
from esafety_tui.register import events as r
from esafety_tui.store import projection
from esafety_tui.store.journal import Entry
from esafety_tui.store.projection import Projection

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session


def renew(session: Session) -> bool:
    """Make them again where that is needed; whether it was. It takes about a minute for 100,000 entries.

    Raises StoreError where it cannot be written; the log is then as it was.
    """
    if not projection.stale(session.database):
        return False
    if session.database.read_only:
        raise StoreError(
            "This log has to be opened once where it can be written",
            "An earlier version of the program kept it. Its entries are whole; the list of them has to be made again.",
            "Copy the folder to a disk that can be written, and open it there.",
        )
    projection.rebuild(session.journal, lambda stream, entries: made(session, stream, entries))
    return True


def made(session: Session, stream: str, entries: list[Entry]) -> Projection | None:
    """The projection of a stream from all of its entries."""
    from esafety_tui.desk.session import register_projection

    if stream == r.STREAM:
        return register_projection(session.register)
    case = case_of(entries)
    return project(case, session.pack_of(case.pack_sha256)) if case.pack_sha256 else None
