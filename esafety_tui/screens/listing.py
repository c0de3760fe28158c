"""What the log screen shows of the log: which incidents in which order, and the place in it, kept for the next time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from esafety_tui.desk import clock
from esafety_tui.desk.logbook.logfilter import Chip, LogFilter
from esafety_tui.errors import UsageError
from esafety_tui.widgets.logtable import Wish
from esafety_tui.widgets.stretch import Chunk

if TYPE_CHECKING:
    from esafety_tui.desk.logbook.paging import Page
    from esafety_tui.desk.session import Session
    from esafety_tui.store.pages import Sort

__all__ = ["SORTS", "Chip", "Shown", "count", "day_typed", "reader", "today"]

#: Rows read at first, so that they are painted soon, on either side of a place that is gone to; rows read on at a time.
FIRST, PAGE = 60, 200
#: Each order with what it is called; which of them run downwards from the latest.
SORTS: dict[Sort, str] = {
    "opened": "newest first",
    "happened": "last to happen first",
    "due": "due first",
    "status": "by status",
    "lead": "by lead",
}
TURNED: dict[Sort, str] = {
    "opened": "oldest first",
    "happened": "first to happen first",
    "due": "due last first",
    "status": "by status, turned round",
    "lead": "by lead, turned round",
}


NOT_THERE = UsageError(
    "No such incident", "There is no incident with this reference that you can open.", "Check it letter by letter."
)


@dataclass(frozen=True)
class Shown:
    """What is shown. key, keep: the marked row's place in the order, and how far below the top it stands."""

    filter: LogFilter = field(default_factory=LogFilter)
    sort: Sort = "opened"
    reverse: bool = False
    key: str = ""
    keep: int = 0
    pane: bool = True

    @property
    def down(self) -> bool:
        """Whether the largest stands first."""
        return self.reverse != (self.sort in ("opened", "happened"))

    @property
    def order(self) -> str:
        """The order in words."""
        return (TURNED if self.reverse else SORTS)[self.sort]

    def searched(self, typed: str) -> Shown:
        """The same with other words searched for."""
        return replace(self, filter=replace(self.filter, search=typed))

    # -- from one time to the next

    @staticmethod
    def load(session: Session) -> Shown:
        """What this person saw last; the whole log where nothing was kept. Raises StoreError."""
        with session.lock:
            body = session.drafts.load(_key(session)) or {}
        kept = body.get("filter")
        words = {item.name: str(kept[item.name]) for item in fields(LogFilter) if item.name in kept} if kept else {}
        sort: Sort = next((one for one in SORTS if one == body.get("sort")), "opened")
        return Shown(
            LogFilter(**words), sort, body.get("reverse") is True, str(body.get("key", "")),
            int(body.get("keep", 0)), body.get("pane") is not False,
        )  # fmt: skip

    def save(self, session: Session) -> None:
        """Keep it in the log itself, for this person; not on a quiet machine (R17). Raises StoreError."""
        with session.lock:
            body = asdict(self)
            if not session.closed and not session.quiet_ref and session.drafts.load(_key(session)) != body:
                session.drafts.save(_key(session), body, clock.now()[0])


def _key(session: Session) -> str:
    return f"log/{session.person.id}"


def day_typed(typed: str) -> str:
    """A day that somebody typed as ISO text, "" for none. Raises UsageError where it is not understood."""
    return clock.parse_day(typed) if typed.strip() else ""


def today() -> str:
    """Today as ISO text."""
    return date.today().isoformat()


def reader(session: Session, shown: Shown) -> Callable[[Wish], Chunk]:
    """Reads rows of what is shown, in a thread. Raises UsageError (a reference or a day that is none), StoreError."""

    def read(wish: Wish) -> Chunk:
        listing = _Listing(session, shown)
        value = str(wish.value or "")
        match wish.where:
            case "top":
                return listing.chunk(listing.page(None, "after"))
            case "end":
                found = listing.page(None, "before")
                return listing.chunk(found, len(found.rows) - 1)
            case "before" | "after" as direction:
                return listing.chunk(listing.page(value, direction, PAGE))
            case "ref":
                key = session.browsing.key_of(value, shown.sort)
                if key is None:
                    raise NOT_THERE
                return listing.around(key)
            case "day":
                return listing.around(session.browsing.key_at(value, shown.sort))
            case "share":
                return listing.around(session.browsing.key_at_fraction(float(value), shown.sort))
            case _:
                return listing.around(value) if value else listing.chunk(listing.page(None, "after"))

    return read


def count(session: Session, shown: Shown) -> str:
    """How many there are, in words; for a thread."""
    number, exact = session.browsing.total(shown.filter)
    return f"{number:,}{'' if exact else '+'} {'incident' if number == 1 and exact else 'incidents'}"


class _Listing:
    """Pages of one filter in one order."""

    def __init__(self, session: Session, shown: Shown) -> None:
        self._browsing, self._shown = session.browsing, shown

    def page(self, at: str | None, direction: Any, limit: int = FIRST) -> Page:
        return self._browsing.page(self._shown.filter, self._shown.sort, at, direction, limit, self._shown.reverse)

    def around(self, key: str) -> Chunk:
        """The rows from a place on with some above it; the end of the list where nothing follows."""
        below = self.page(key, "from")
        above = self.page(key, "before")
        if not below.rows:
            return self.chunk(above, len(above.rows) - 1)
        return Chunk((*self._rows(above), *self._rows(below)), above.before, below.after, len(above.rows))

    def chunk(self, page: Page, at: int = 0) -> Chunk:
        return Chunk(self._rows(page), page.before, page.after, at)

    def _rows(self, page: Page) -> tuple[dict[str, Any], ...]:
        places: dict[str, float] = {}
        if page.keys and self._shown.sort not in ("lead", "status"):
            # A few in each page are enough for a bar: what stands between them is hardly elsewhere.
            for key in (page.keys[0], page.keys[-1]):
                places[key] = self._browsing.fraction(key, self._shown.sort)
            first, last = places[page.keys[0]], places[page.keys[-1]]
            step = (last - first) / max(1, len(page.keys) - 1)
            turned = self._shown.reverse
            shares = [first + step * i for i in range(len(page.keys))]
            marks: list[float | None] = [1.0 - one if turned else one for one in shares]
        else:
            marks = [None] * len(page.rows)
        return tuple(
            {**row, "key": key, "place": mark} for row, key, mark in zip(page.rows, page.keys, marks, strict=True)
        )
