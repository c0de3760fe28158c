"""R19's register as a list: what left, where it is, and where it ended."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from esafety_tui.desk import clock
from esafety_tui.register import events as r
from esafety_tui.register.register import Gone
from esafety_tui.store.journal import PAGE, Entry

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session

#: How a list of cases begins; earlier entries have a count there, which says how many there are.
_LIST = re.compile(r"A list of (?:one incident|(?:[\d,]+ )?incidents)\b")


def left_list(session: Session, out_only: bool = False) -> list[dict[str, object]]:
    """What left, newest first. Of a case that the reader may not read in full nothing is there (R10)."""
    with session.lock:
        entries = {**_entries(session, r.Left.kind), **_entries(session, r.LeftBack.kind)}
        shown = [
            _line(session, gone, entries)
            for gone in session.register.gone.values()
            if (gone.out or not out_only) and _readable(session, gone.left.ref) and _told(session, gone.left)
        ]
        return shown[::-1]


def _readable(session: Session, ref: str) -> bool:
    if not ref:
        return True
    row = session.browse.incident(session.reader, ref)
    return row is not None and not row.reduced


def _seen(session: Session, ref: str) -> bool:
    return session.browse.incident(session.reader, ref) is not None


def _told(session: Session, left: r.Left) -> bool:
    """A list is there for who may know of a case in it."""
    return not left.refs or any(_seen(session, ref) for ref in left.refs)


def described(session: Session, description: str, refs: Sequence[str]) -> str:
    """What left, in words; a list counts the cases that the reader may know of, whatever it was written with (R10)."""
    found = _LIST.match(description) if refs else None
    if found is None:
        return description
    count = sum(_seen(session, ref) for ref in refs)
    return f"A list of {'one incident' if count == 1 else f'{count:,} incidents'}{description[found.end() :]}"


def _entries(session: Session, kind: str) -> dict[int, Entry]:
    found: dict[int, Entry] = {}
    after = 0
    while True:
        page = session.journal.of_kind(kind, after)
        found |= {entry.seq: entry for entry in page}
        if len(page) < PAGE:
            apart = (room.journal.of_kind(kind) for room in session.compartments.all())
            return found | {entry.seq: entry for entries in apart for entry in entries}
        after = page[-1].seq


def _line(session: Session, gone: Gone, entries: dict[int, Entry]) -> dict[str, object]:
    left, entry = gone.left, entries[gone.seq]
    end = entries.get(gone.end_seq)
    return {
        "item": left.item,
        "what": left.what,
        "how": left.how,
        "ref": left.ref,
        "description": described(session, left.description, left.refs),
        "refs": [ref for ref in left.refs if _seen(session, ref)],
        "medium": left.medium,
        "allowed_by": left.allowed_by,
        "to_whom": gone.to_whom,
        "receipt": gone.receipt,
        "sha256": left.sha256 or None,
        "size": left.size or None,
        "left_at": _when(entry),
        "by": session.name(entry.by),
        "out": gone.out,
        "ended": gone.end.how if gone.end else None,
        "ended_at": _when(end) if end else None,
        "ended_by": gone.end.who if gone.end else "",
        "note": gone.end.note if gone.end else "",
    }


def _when(entry: Entry) -> str:
    return clock.iso(entry.happened, entry.hoff or 0) if entry.happened else clock.iso(entry.at, entry.off)
