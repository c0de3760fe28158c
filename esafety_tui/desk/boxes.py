"""What was typed into a box that lies over a screen (a new colleague, a login that ends), and not recorded yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esafety_tui.desk import clock
from esafety_tui.desk.asks import Reply

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session

#: What stands in the key of such a draft, after the reference of the case that the box is about.
BOX = "box"


def save(session: Session, box: str, draft: Reply, ref: str = "") -> None:
    """Keep what was typed into the box, which holds no password; not in a log that may not be written. Raises
    StoreError.

    ref: of the case that the box is about, "" where there is none.
    """
    with session.lock:
        if _may_write(session):
            body = {"choice": draft.choice, "fields": dict(draft.fields)}
            session.drafts.save(_key(session, box, ref), body, clock.now()[0])


def load(session: Session, box: str, ref: str = "") -> Reply | None:
    """What the person signed in had typed into the box. Raises StoreError."""
    with session.lock:
        found = session.drafts.load(_key(session, box, ref))
        return Reply(str(found["choice"]), dict(found["fields"])) if found else None


def forget(session: Session, box: str, ref: str = "") -> None:
    """It was recorded, or left. Raises StoreError."""
    with session.lock:
        key = _key(session, box, ref)
        if _may_write(session) and session.drafts.load(key) is not None:
            session.drafts.remove(key)


def _may_write(session: Session) -> bool:
    return not (session.closed or session.quiet_ref or session.database.read_only)


def _key(session: Session, box: str, ref: str) -> str:
    return session.draft_key(f"{ref}/{BOX}/{box}" if ref else f"{BOX}/{box}")
