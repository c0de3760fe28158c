"""What happened in a case, day by day: in the order of what happened or of writing, late entries and corrections
visibly so, narrowed by words. It draws only the lines on the screen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, ClassVar, Literal

from textual.cache import LRUCache
from textual.content import Content
from textual.geometry import Size
from textual.strip import Strip
from textual.visual import Visual

from esafety_tui.desk.logbook import labels
from esafety_tui.widgets.lines import Marked, Rows, wrapped
from esafety_tui.widgets.lit import found, lit_lines
from esafety_tui.widgets.prose import line
from esafety_tui.widgets.rows import clock_time, day

Entry = Mapping[str, Any]
Order = Literal["happened", "written"]

ORDERS: dict[Order, str] = {"happened": "in the order of what happened", "written": "in the order of writing"}
PROOFS = {"attested": " (attested on paper)"}  # that somebody is a guest stands with their name
NOTHING = "Nothing is recorded yet."
NOT_FOUND = "No entry has these words. Escape shows all of them again."


def arranged(entries: Sequence[Entry], order: Order, typed: str = "") -> list[Entry]:
    """The entries in that order, only those in which every word stands that was typed."""
    kept = [one for one in entries if found(f"{one['text']} {one['by']} {one['witness']}", typed)]
    return sorted(kept, key=lambda one: (one["happened_at"] or one["at"], one["seq"])) if order == "happened" else kept


def lines(entries: Sequence[Entry], order: Order, typed: str = "") -> Iterator[Marked]:
    """The lines of a chronology, with a heading a day."""
    shown = arranged(entries, order, typed)
    if not shown:
        yield Marked(line((NOT_FOUND if entries else NOTHING, "$quiet")))
    field = "happened_at" if order == "happened" else "at"
    for date, same_day in groupby(shown, key=lambda one: str(one[field] or one["at"])[:10]):
        yield Marked(Content(""))
        yield Marked(line((day(date), "bold")))
        for one in same_day:
            yield from _entry(one, order, typed)


def _entry(one: Entry, order: Order, typed: str) -> Iterator[Marked]:
    hour = clock_time(one["happened_at"] or one["at"]) if order == "happened" else clock_time(one["at"])
    sign, style = ("✎", "bold $accent") if one.get("corrects") else ("◷", "$care") if one.get("late") else (" ", "")
    mark = line((f"{one['seq']:>5} ", "$quiet"), (sign, style), (f" {hour:>5}  ", "bold"))
    beside = f" with {one['witness']}{PROOFS.get(one.get('proof', ''), '')}" if one["witness"] else ""
    other = _other_time(one, order)
    said = Content.assemble(lit_lines(one["text"], typed), "  ", line((f"{one['by']}{beside}{other}", "$quiet")))
    yield Marked(said, mark)
    for note, how in _notes(one):
        yield Marked(line((note, how)), Content(" " * mark.cell_length))


def _other_time(one: Entry, order: Order) -> str:
    """The other of the two times of an entry, where it is not late but not at once either."""
    at, happened = str(one["at"]), str(one["happened_at"] or one["at"])
    if one.get("late") or happened[:16] == at[:16]:
        return ""
    return f", written {_moment(at)}" if order == "happened" else f", happened {_moment(happened)}"


def _notes(one: Entry) -> Iterator[tuple[str, str]]:
    """What has to be said of an entry beside its words."""
    taken = one.get("taken_over")
    if taken:
        who = f"{taken['by']} with {taken['witness']}" if taken["witness"] else taken["by"]
        yield f"◷ taken over on {_moment(str(taken['at']))} by {who}", "$care"
    if one.get("late") and (not taken or taken["late"]):
        yield f"◷ late: written {_moment(str(one['at']))}, happened {_moment(str(one['happened_at']))}", "$care"
    if one.get("clock_back"):
        yield "! the clock had gone back when this was written", "$care"
    if beside := one.get("corrected_by"):
        yield f"✎ {labels.corrected(beside)}", "$accent"


def _moment(text: str) -> str:
    return f"{day(text)} {clock_time(text)}".strip()


class Chronology(Rows):
    """Shows the entries of a case."""

    DEFAULT_CSS = """
    Chronology { height: auto; width: 1fr; }
    """
    LINES: ClassVar[int] = 400

    def __init__(self, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._entries: Sequence[Entry] = ()
        self.order: Order = "happened"
        self.typed = ""
        self._wrapped: tuple[int, list[Content]] = (0, [])
        self._begin: list[int] = []
        self._strips: LRUCache[int, Strip] = LRUCache(self.LINES)

    def show(self, entries: Sequence[Entry]) -> None:
        """Show these entries."""
        self._entries = entries
        self._anew()

    def rearrange(self, order: Order | None = None, typed: str | None = None) -> None:
        """Show them in another order, or only those with these words."""
        self.order = order or self.order
        self.typed = self.typed if typed is None else typed
        self._anew()

    @property
    def matching(self) -> int:
        """How many entries are shown."""
        return len(arranged(self._entries, self.order, self.typed))

    @property
    def entries(self) -> int:
        """How many there are, with and without the words."""
        return len(self._entries)

    def starts(self) -> Sequence[int]:
        self._at(self.content_region.width)
        return self._begin

    def _anew(self) -> None:
        self._wrapped = (0, [])
        self._strips.clear()
        self.refresh(layout=True)

    def _at(self, width: int) -> list[Content]:
        if self._wrapped[0] != width:
            found, self._begin = list[Content](), []
            for row in lines(self._entries, self.order, self.typed):
                self._begin.append(len(found))
                found.extend(wrapped(row, width))
            self._wrapped = (width, found)
            self._strips.clear()
        return self._wrapped[1]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._at(width))

    def notify_style_update(self) -> None:
        self._strips.clear()
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        """One line."""
        width = self.content_region.width
        drawn = self._at(width)
        if y >= len(drawn):
            return Strip.blank(width, self.visual_style.rich_style)
        strip = self._strips.get(y)
        if strip is None:
            strips = Visual.to_strips(self, drawn[y], width, 1, self.visual_style, pad=True, apply_selection=False)
            strip = self._strips[y] = strips[0] if strips else Strip.blank(width, self.visual_style.rich_style)
        return strip
