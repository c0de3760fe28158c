"""Where somebody was in the record of a case: kept beside the case, for them alone, until they read elsewhere in it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from esafety_tui.desk import clock

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session

#: Stands in the key behind the case's reference: the place goes where the case goes, and is destroyed with it.
KIND = ".page"
_WRITTEN = "written"


@dataclass(frozen=True)
class Bookmark:
    """A place in the record. section: its part, from 1; line: lines below where that begins; written: day by day in
    the order of writing; typed: the words that narrow it."""

    section: int = 1
    line: int = 0
    written: bool = False
    typed: str = ""

    @property
    def bare(self) -> str:
        """The same without the words, as a text that `read` takes."""
        return f"{self.section}.{self.line}.{_WRITTEN if self.written else ''}"

    @staticmethod
    def read(bare: str, typed: str = "") -> Bookmark:
        """What `bare` says; the beginning of the record where it is none."""
        section, _, rest = bare.partition(".")
        line, _, order = rest.partition(".")
        if not (section.isdecimal() and line.isdecimal()):
            return Bookmark(typed=typed)
        return Bookmark(max(1, int(section)), int(line), order == _WRITTEN, typed)


def load(session: Session, ref: str) -> Bookmark:
    """Where this person was in the case, or its beginning. Raises StoreError."""
    with session.lock:
        body = session.drafts.load(_key(session, ref)) or {}
    kept = Bookmark.read(f"{body.get('section')}.{body.get('line')}", str(body.get("typed", "")))
    return replace(kept, written=body.get("written") is True)


def save(session: Session, ref: str, at: Bookmark) -> None:
    """Keep it; not on a quiet machine (R17), nor in a copy that is only read. Raises StoreError."""
    with session.lock:
        if session.closed or session.quiet_ref or session.database.read_only or load(session, ref) == at:
            return
        if at == Bookmark():
            session.drafts.remove(_key(session, ref))
        else:
            session.drafts.save(_key(session, ref), asdict(at), clock.now()[0])


def of_reading(key: str) -> bool:
    """Whether a draft is only a place, and nothing that somebody typed to be recorded."""
    return f"/{KIND}/" in key


def _key(session: Session, ref: str) -> str:
    return session.draft_key(f"{ref}/{KIND}")
