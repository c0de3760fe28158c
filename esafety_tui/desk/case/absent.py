"""Exhibits whose file was missing in the copy of the log that their case was taken over from: what is said of them.

Their entry came, with the hash; this log has neither the file nor a key for it, and goes on without.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from esafety_tui.incident.case import Case
from esafety_tui.incident.exhibits import Exhibit

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session


def is_absent(session: Session, one: Exhibit) -> bool:
    """Whether the file of an exhibit is not in this log, as two people recorded."""
    return one.copied and one.evidence in session.register.copies.absent


def of(session: Session, case: Case) -> dict[str, str]:
    """The same for a case: by the id of each exhibit without its file, why."""
    return {one.id: why for one in case.exhibits.values() if (why := said(session, one))}


def said(session: Session, one: Exhibit) -> str:
    """Why the file of an exhibit is not here, as a sentence with the entry of the register that says so; "" where it
    is here, or must be."""
    if not is_absent(session, one):
        return ""
    entry = session.register.copies.absent[one.evidence]
    return f"Its file was missing in the copy it came from (entry {entry})."
