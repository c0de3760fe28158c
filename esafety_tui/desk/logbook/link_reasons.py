"""Finding a case by why it was linked with another or parted from it: for whoever may read both (R10).

The reasons stand in no index: what of them somebody may know is asked of both cases each time, so that a case that
becomes closed to them takes its reasons out of their searches at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from esafety_tui.desk.case.casework import STREAM
from esafety_tui.incident import events as e
from esafety_tui.store import links
from esafety_tui.store import search as words
from esafety_tui.store.journal import PAGE, Entry

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session
    from esafety_tui.store.access import Reader

_KINDS = frozenset({e.Linked.kind, e.Unlinked.kind})
#: Cases that one search finds in this way at most, the newest first.
MOST = 50


@dataclass(frozen=True)
class _Reason:
    other: str
    text: str
    words: tuple[str, ...]


class LinkReasons:
    """The reasons of the log as they were last read, made current before each search."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._up_to: int | None = None
        self._known: dict[str, list[_Reason]] = {}
        self._last: tuple[tuple[str, int | None, Reader], tuple[str, ...]] | None = None

    def found(self, search: str) -> tuple[str, ...]:
        """References of the two cases of each such reason in which every word of a search stands, as far as this reader
        may read the other of them; the case itself is for the query to ask. Raises StoreError. Call with the lock."""
        terms = words.terms(search)
        if not terms:
            return ()
        self._read()
        asked = (search, self._up_to, self._session.reader)
        if self._last is None or self._last[0] != asked:
            self._last = (asked, tuple(islice(self._matching(terms), MOST)))
        return self._last[1]

    def written_elsewhere(self, ref: str) -> Iterator[tuple[str, str]]:
        """Why another case was linked with this one, or parted from it: (that case, the reason), newest case first, as
        far as this reader may read that case. Raises StoreError. Call with the lock."""
        self._read()
        for other, reasons in self._known.items():
            told = [one.text for one in reasons if one.other == ref and one.text]
            if told and self._may_read(other):
                yield from ((other, text) for text in told)

    def _matching(self, terms: Sequence[words.Term]) -> Iterator[str]:
        found = set[str]()
        both = (
            pair for ref, reasons in self._known.items() for one in reasons if words.holds(one.words, terms)
            for pair in ((ref, one.other), (one.other, ref))
        )  # fmt: skip
        for ref, other in both:
            if ref not in found and self._may_read(other):
                found.add(ref)
                yield ref

    def _may_read(self, ref: str) -> bool:
        row = self._session.browse.incident(self._session.reader, ref)
        return row is not None and not row.reduced

    def _read(self) -> None:
        journal, database = self._session.journal, self._session.database
        head = journal.head()[0]
        if self._up_to == head:
            return
        fresh = journal.since(self._up_to) if self._up_to is not None else []
        if self._up_to is None or len(fresh) == PAGE:
            streams = links.cases(database)
            self._known = {}
        else:
            streams = [entry.stream for entry in fresh if entry.kind in _KINDS]
        for stream in streams:
            self._known[stream.removeprefix(STREAM)] = [_reason(one) for one in links.entries(database, stream)]
        self._up_to = head


def _reason(entry: Entry) -> _Reason:
    ref, text = (str(entry.data.get(name, "")) for name in ("ref", "reason"))
    return _Reason(ref, text, tuple(words.folded(text).split()))
