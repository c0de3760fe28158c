"""Who was called otherwise before: a name that was put right leads on to the person who bears another one now, so that
"has this pupil been here before?" is answered by either name (R9).

The projections know names as they stand now; the earlier ones stand in the entries, and the words of a case find them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from esafety_tui.people.named import same_name
from esafety_tui.store import search as words
from esafety_tui.store.filters import Wanted
from esafety_tui.store.projection import PersonRow

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session

#: Cases with these words that are looked into at most, the newest first.
MOST = 50


@dataclass(frozen=True)
class Called:
    """Somebody who stood in a case under another name. person: as they stand now; then: the earlier name; ref, seq: the
    case, and its entry that put the name right."""

    person: PersonRow
    then: str
    ref: str
    seq: int

    def __str__(self) -> str:
        now = ", ".join(part for part in (self.person.name or "not known", self.person.group) if part)
        return f"{self.then} is now {now}: put right in {self.ref} by entry {self.seq}."


def called_before(session: Session, typed: str) -> tuple[Called, ...]:
    """Those whom `typed` means (the beginnings of the words of a name) by an earlier name and no more by the one that
    they have now. Raises StoreError. Call with the lock."""
    begins = words.folded(typed).split()
    return tuple(one for one in earlier_names(session, typed) if not words.means(begins, one.person.name))


def earlier_names(session: Session, typed: str) -> tuple[Called, ...]:
    """Everybody who stood under a name that `typed` means in a case that this reader may read in full, and has another
    name since; each once, newest case first. Raises StoreError. Call with the lock."""
    begins = words.folded(typed).split()
    if not begins or not words.terms(typed):
        return ()
    found: dict[str, Called] = {}
    for row in session.browse.pages.page(session.reader, Wanted(search=typed), limit=MOST).rows:
        if row.reduced:
            continue
        case = session.casework.case(row.ref)
        entered = {moment.seq: moment.event for moment in case.moments}
        for seq, one in case.replaced.items():
            if not one.renamed or not words.means(begins, one.was.name):
                continue
            person = session.browse.person(session.reader, (getattr(entered[seq], "who", ""),))
            if person is not None and not same_name(person.name, one.was.name):
                found.setdefault(person.who, Called(person, one.was.name, row.ref, seq))
    return tuple(found.values())
