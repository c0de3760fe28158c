"""The log together with the compartments that are open: their few rows among its own, in every order and every count.

A compartment is asked with the same queries. Whoever holds its key reads its case, unless excluded (access.py); whoever
does not hold it has none open, so that here too nothing is there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from esafety_tui.store.access import RULES, Reader
from esafety_tui.store.browse import Browse, Earlier
from esafety_tui.store.database import Database
from esafety_tui.store.filters import Wanted
from esafety_tui.store.pages import COUNTED, MOST, SORTED, STATUSES, Direction, Key, Pages, Slice, Sort
from esafety_tui.store.projection import DueRow, PersonRow
from esafety_tui.store.rows import Listed

Others = Callable[[], Sequence[Browse]]
_NAMES = 20


def inside(reader: Reader) -> Reader:
    """The same reader within a compartment whose key they hold."""
    return reader if reader is RULES else Reader(reader.person_id, may_read_all=True, reads_child_protection=True)


class Merged(Browse):
    """Browse over the log (`own` is that alone) and the open compartments."""

    def __init__(self, database: Database, others: Others) -> None:
        super().__init__(database)
        self.own = Browse(database)
        self._others = others
        self.pages = MergedPages(database, lambda: [one.pages for one in others()])

    def incident(self, reader: Reader, ref: str) -> Listed | None:
        """As Browse.incident."""
        found = super().incident(reader, ref)
        for other in self._others():
            found = found or other.incident(inside(reader), ref)
        return found

    def due(self, reader: Reader, until: str | None = None) -> list[DueRow]:
        """As Browse.due."""
        found = super().due(reader, until)
        others = [row for other in self._others() for row in other.due(inside(reader), until)]
        return sorted([*found, *others], key=lambda row: row.due)[:MOST] if others else found

    def people_matching(self, reader: Reader, text: str) -> list[PersonRow]:
        """As Browse.people_matching."""
        found = {_who(row): row for row in super().people_matching(reader, text)}
        for other in self._others():
            found |= {_who(row): row for row in other.people_matching(inside(reader), text) if _who(row) not in found}
        return list(found.values())[:_NAMES]

    def person(self, reader: Reader, who: Iterable[str]) -> PersonRow | None:
        """As Browse.person; the log's own cases come first."""
        asked = tuple(who)
        found = super().person(reader, asked)
        for other in self._others():
            found = found or other.person(inside(reader), asked)
        return found

    def earlier_incidents(self, who: str, before: str | None = None, reader: Reader | None = None) -> list[Earlier]:
        """As Browse.earlier_incidents. A case at hand that lies elsewhere counts by the time of its opening."""
        others = self._others()
        found = super().earlier_incidents(who, before, reader)
        for other in others:
            found += other.earlier_incidents(who, before, inside(reader or RULES))
        if not others:
            return found
        at = self.incident(RULES, before) if before else None
        kept = [one for one in found if at is None or (one.opened_at < at.opened_at and one.ref != before)]
        return sorted(kept, key=lambda one: one.opened_at, reverse=True)[:MOST]


class MergedPages(Pages):
    """Pages over the log and the open compartments: every row has its own key, so that they are merged by it."""

    def __init__(self, database: Database, others: Callable[[], Sequence[Pages]]) -> None:
        super().__init__(database)
        self._own = Pages(database)
        self._others = others

    def page(
        self,
        reader: Reader,
        wanted: Wanted,
        sort: Sort = "opened",
        at: Key | None = None,
        direction: Direction = "after",
        limit: int = 50,
        reverse: bool = False,
        leads: Sequence[str] = (),
    ) -> Slice:
        """As Pages.page."""
        own = self._own.page(reader, wanted, sort, at, direction, limit, reverse, leads)
        others = [
            one.page(inside(reader), wanted, sort, at, direction, limit, reverse, leads) for one in self._others()
        ]
        if not others:
            return own
        return _merged([own, *others], _order(sort, reverse, leads), direction, min(max(limit, 1), MOST))

    def count(self, reader: Reader, wanted: Wanted, most: int = COUNTED) -> int:
        """As Pages.count."""
        found = self._own.count(reader, wanted, most)
        return min(found + sum(one.count(inside(reader), wanted, most) for one in self._others()), most + 1)

    def total(self, reader: Reader, wanted: Wanted, most: int = SORTED) -> tuple[int, bool]:
        """As Pages.total."""
        found, exact = self._own.total(reader, wanted, most)
        return found + sum(one.count(inside(reader), wanted, most) for one in self._others()), exact

    def key_of(self, reader: Reader, ref: str, sort: Sort = "opened") -> Key | None:
        """As Pages.key_of."""
        found = self._own.key_of(reader, ref, sort)
        for other in self._others():
            found = found or other.key_of(inside(reader), ref, sort)
        return found

    def span(self, sort: Sort = "opened") -> tuple[int, int]:
        """As Pages.span."""
        spans = [
            one for one in (self._own.span(sort), *(other.span(sort) for other in self._others())) if one != (0, 0)
        ]
        return (min(low for low, _ in spans), max(high for _, high in spans)) if spans else (0, 0)


def _order(sort: Sort, reverse: bool, leads: Sequence[str]) -> Callable[[Key], tuple[int, int]]:
    """How keys are compared, so that the smaller stands higher (see pages.py)."""
    names = list(STATUSES if sort == "status" else dict.fromkeys(("", *leads)) if sort == "lead" else ("",))
    if reverse:
        names.reverse()
    up = 1 if (sort == "due") != reverse else -1
    places = {name: at for at, name in enumerate(names)}
    return lambda key: (places.get(key.band, len(places)), up * key.number)


def _merged(
    slices: Sequence[Slice], order: Callable[[Key], tuple[int, int]], direction: Direction, limit: int
) -> Slice:
    found = sorted(
        ((key, row) for one in slices for key, row in zip(one.keys, one.rows, strict=True)),
        key=lambda item: order(item[0]),
    )
    cut = len(found) > limit
    kept = found[-limit:] if direction == "before" else found[:limit]
    before, after = (any(one.before for one in slices), any(one.after for one in slices))
    if direction == "before":
        before = before or cut
    else:
        after = after or cut
    return replace(slices[0], rows=tuple(row for _, row in kept), keys=tuple(key for key, _ in kept),
                   before=before, after=after)  # fmt: skip


def _who(row: PersonRow) -> str:
    return row.who or row.party + row.name
