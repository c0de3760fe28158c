"""The log: every incident that may be seen, narrowed by words and filters, in the order that is wanted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, ClassVar, cast

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.timer import Timer
from textual.widgets import Input, Static

from esafety_tui.desk.logbook.logfilter import LogFilter
from esafety_tui.desk.logbook.paging import Found
from esafety_tui.errors import EsafetyError
from esafety_tui.screens import listing
from esafety_tui.screens.base import BaseScreen, Place, Told
from esafety_tui.screens.listing import SORTS, Shown
from esafety_tui.widgets import preview
from esafety_tui.widgets.chips import Chips
from esafety_tui.widgets.entry import SafeInput
from esafety_tui.widgets.lines import Lines, Marked
from esafety_tui.widgets.logcolumns import Look
from esafety_tui.widgets.logtable import LogTable, Wish
from esafety_tui.widgets.prose import line
from esafety_tui.widgets.safe import safe
from esafety_tui.widgets.stretch import Row

EMPTY = "The log is empty.\n\nThe first incident begins with n on the home screen: press Escape, then n."
NOT_FOUND = (
    "Nothing is found like this.\n\nTry fewer words, or the beginning of a name.\n"
    "Escape, then x, shows everything again."
)
#: Seconds a row has to be marked before the pane beside it shows the record, which is then an entry (R13); before
#: what was found in it is looked up; before the rows are counted.
LOOKED, LOOKS, COUNTS = 2.0, 0.15, 0.1
#: Seconds of rest after which filters, order and place are kept: whatever ends the program then, they are there again.
KEPT = 1.0


class LogScreen(BaseScreen):
    """The virtual table with its search, its filters and the pane below it."""

    NAME = "The log"
    ABOUT = (
        "Every incident, newest first. Press / and type words, a name, part of a web address (a whole one: its host), "
        "2026-03 or a reference; f narrows by status, kind, group, term and more; s puts it in another order. Enter "
        "opens the record. Where there is room it is shown below; after two seconds that counts as opening it."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        # Before any field gets a key: what is typed on at once is searched for, and none of it is a command.
        Binding(
            "slash", "search", "Search", key_display="/", priority=True, tooltip="By words, names, places", id="search"
        ),
        Binding("enter", "to_rows", show=False, priority=True, id="to-rows"),
        Binding("f", "filters", "Filter", tooltip="By status, class, kind, group, term, lead, police ...", id="filter"),
        Binding("s", "sort", "Order", tooltip="Another order: opened, happened, due, status, lead", id="sort"),
        Binding("i", "turn", "Turn round", show=False, tooltip="The same order the other way round", id="turn"),
        Binding("g", "go_to", "Go to", tooltip="To a date or a reference", id="go-to"),
        Binding("x", "clear", "All", tooltip="No filter, no search: everything again", id="clear"),
        Binding("p", "person", "Person", tooltip="Everything about a person of the marked incident", id="person"),
        Binding("d", "due", "Due", tooltip="What is due", id="due"),
        Binding("w", "export", "Write out", tooltip="What is shown or selected, as a file", id="export"),
        Binding("v", "preview", "Pane", show=False, tooltip="Show or hide the marked incident below", id="preview"),
        Binding("escape", "leave", "Back", tooltip="Out of the search, the selection, or home", id="leave"),
    ]

    def __init__(self, search: bool = False, person: str = "") -> None:
        super().__init__()
        self._begin_with_search, self._person = search, person
        self._shown = Shown()
        self._counted = ""
        self._number = 0
        self._pending: dict[str, Timer] = {}
        self._record: dict[str, Any] | None = None
        self._cannot_keep = False

    def body(self) -> ComposeResult:
        with Vertical(id="log"):
            yield SafeInput(placeholder="/ words, a name, part of an address, 2026-03, a reference", id="log-search")
            yield Chips(id="log-chips")
            yield LogTable(id="log-table")
            yield Static(id="log-empty")
            yield Lines(id="log-found")
            with VerticalScroll(id="log-preview", can_focus=False):
                yield Lines(id="log-pane")

    def place(self) -> Place | None:
        return Place("log")

    async def ready(self) -> None:
        try:
            self._shown = Shown.load(self.session)
        except EsafetyError as error:
            self.desk.tell(error)
        if self._person:
            self._shown = replace(self._shown, filter=LogFilter(person=self._person), key="")
        entry = self.query_one("#log-search", Input)
        entry.value = self._shown.filter.search
        # Not by a message of the field: the letter would be painted alone, and what it finds a frame later.
        self.watch(entry, "value", self._searched, init=False)
        self.set_class(self._shown.pane, "-pane")
        where = Wish("key", self._shown.key) if self._shown.key else Wish("top")
        self._load(where, self._shown.keep)
        self.set_focus(entry if self._begin_with_search else self.table)

    @property
    def table(self) -> LogTable:
        """The rows."""
        return self.query_one(LogTable)

    @property
    def shown(self) -> Shown:
        """What is shown now, with the place in it."""
        held = self.table.stretch
        key = str(held.marked["key"]) if held.marked else ""
        return replace(self._shown, key=key, keep=held.at - held.top)

    def resumed(self) -> None:
        if self.table.loaded and not self.table.waiting and self.desk.session is not None:
            here = self.shown
            self._load(Wish("key", here.key) if here.key else Wish("top"), here.keep)

    async def recorded(self, said: str) -> None:
        self.resumed()

    # -- reading

    def _load(self, wish: Wish, keep: int = 0, typing: bool = False) -> None:
        shown = self._shown
        look = Look(shown.filter.search, listing.today())
        self.table.show(listing.reader(self.session, shown), wish, shown.sort, shown.down, look, keep)
        self._number += 1
        if typing:
            self._later("count", COUNTS, self._count)
        else:
            self._count()
        self._say()

    def _count(self) -> None:
        session, shown = self.session, self._shown
        self.ask_desk(f"count/{self._number}", lambda: listing.count(session, shown))

    def _narrow(self, shown: Shown, typing: bool = False) -> None:
        """Show something else, from its top."""
        self._shown, self._counted = shown, ""
        self._load(Wish("top"), typing=typing)
        self._later("place", KEPT, self._keep_place)

    def on_told(self, event: Told) -> None:
        """The desk answered from its thread: a count, where words were found, the record of the marked incident."""
        event.stop()
        job, _, about = event.job.partition("/")
        if event.error is not None:
            if job != "found" and not (job == "place" and self._cannot_keep):
                self.desk.tell(event.error)
            self._cannot_keep = self._cannot_keep or job == "place"
        elif job == "count" and about == str(self._number):
            self._counted = str(event.result)
            self._say()
        elif job == "found" and about == f"{self._number}/{self._marked_ref()}":
            self._show_found(cast("tuple[Found, ...]", event.result))
        elif job == "record" and about == self._marked_ref() and isinstance(event.result, dict):
            self._record = event.result
            self._show_pane()

    @on(LogTable.Trouble)
    def _trouble(self, event: LogTable.Trouble) -> None:
        event.stop()
        self.desk.tell(event.error)

    # -- what is said around the table

    def _say(self) -> None:
        shown, picked = self._shown, len(self.table.picked)
        selected = f"{picked} selected · " if picked else ""
        counted = f"{self._counted}, " if self._counted else ""
        # What is searched for stands in its field already.
        chips = [
            (chip.field, chip.text) for chip in self.session.browsing.chips(shown.filter) if chip.field != "search"
        ]
        none = "" if shown.filter.search.strip() else "All incidents. f narrows them."
        self.query_one(Chips).show(chips, f"{selected}{counted}{shown.order}", none)

    @on(LogTable.Marked)
    def _row_marked(self, event: LogTable.Marked) -> None:
        event.stop()
        row = event.row
        table = self.table
        nothing = row is None and table.loaded
        self.set_class(nothing, "-nothing")
        if nothing:
            self.query_one("#log-empty", Static).update(
                line((NOT_FOUND if not self._shown.filter.empty else EMPTY, "$quiet"))
            )
        self._record = None
        self._later("record", LOOKED, self._look)
        self._later("place", KEPT, self._keep_place)
        if self._shown.filter.search.strip() and row is not None:
            self._later("found", LOOKS, self._look_up)
        self._show_found(())
        self._show_pane()

    def _marked_ref(self) -> str:
        row = self.table.stretch.marked
        return str(row["ref"]) if row else ""

    def _later(self, name: str, seconds: float, call: Callable[[], None]) -> None:
        """Do something when nothing else comes for so long."""
        if name in self._pending:
            self._pending[name].stop()
        self._pending[name] = self.set_timer(seconds, call)

    def _look_up(self) -> None:
        ref, typed, browsing = self._marked_ref(), self._shown.filter.search, self.session.browsing
        if ref:
            self.ask_desk(f"found/{self._number}/{ref}", lambda: browsing.matches(ref, typed))

    def _look(self) -> None:
        """R13: the marked incident was there to be read for two seconds."""
        row, session = self.table.stretch.marked, self.desk.session
        read = self._pane_there() or self.query_one("#log-found").display  # what is found is read there too
        if row and session and not row.get("reduced") and read and self.app.screen is self:
            ref, browsing = str(row["ref"]), session.browsing
            self.ask_desk(f"record/{ref}", lambda: browsing.show(ref))

    def _pane_there(self) -> bool:
        return bool(self.query_one("#log-preview").display) and self.query_one("#log-preview").size.height > 0

    def _show_found(self, found: Sequence[Found]) -> None:
        """Where the words were found: what the columns do not show comes first."""
        order = sorted(found, key=lambda one: one.where in ("reference", "person"))
        pane, width = self.query_one("#log-found", Lines), self.size.width - 4
        if order or pane.display:  # no class of the screen: that would style everything on it anew
            pane.display = bool(order)
            pane.show([preview.place_found(one, width) for one in order[:2]])

    def _show_pane(self) -> None:
        row, typed = self.table.stretch.marked, self._shown.filter.search
        lines: list[Marked] = [Marked(line((preview.NOBODY, "$quiet")))]
        if row is not None:
            resting = "" if self._record or row.get("reduced") else preview.RESTING
            lines = list(preview.of_row(row, typed, listing.today(), resting))
            lines += preview.of_record(self._record, typed) if self._record else ()
        self.query_one("#log-pane", Lines).show(lines)

    # -- search and filters

    def _searched(self, value: str) -> None:
        if self.is_mounted and value != self._shown.filter.search:
            self._narrow(self._shown.searched(value), typing=True)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self.typing if action == "to_rows" else super().check_action(action, parameters)

    def action_to_rows(self) -> None:
        self.set_focus(self.table)

    def action_search(self) -> None:
        entry = self.query_one("#log-search", Input)
        self.set_focus(entry)
        entry.action_select_all()  # what is typed takes the place of what was searched for before

    def on_key(self, event: events.Key) -> None:
        """A letter that was pressed before the field was there."""
        if self.typing and event.is_printable and event.character:
            event.stop()
            self.query_one("#log-search", Input).insert_text_at_cursor(event.character)

    def action_filters(self) -> None:
        from esafety_tui.screens.filters import FiltersDialog

        self.app.push_screen(FiltersDialog(self._shown.filter), self._filtered)

    def _filtered(self, chosen: object) -> None:
        if isinstance(chosen, LogFilter) and chosen != self._shown.filter:
            self._narrow(replace(self._shown, filter=chosen))

    @on(Chips.Dropped)
    def _dropped(self, event: Chips.Dropped) -> None:
        event.stop()
        self._narrow(replace(self._shown, filter=self._shown.filter.without(event.name)))

    def action_clear(self) -> None:
        self._narrow(replace(self._shown, filter=LogFilter()))
        self.query_one("#log-search", Input).value = ""
        self.table.focus()

    # -- order and place

    def action_sort(self) -> None:
        names = list(SORTS)
        self._sort(names[(names.index(self._shown.sort) + 1) % len(names)])

    def action_turn(self) -> None:
        self._narrow(replace(self._shown, reverse=not self._shown.reverse))

    @on(LogTable.SortBy)
    def _heading(self, event: LogTable.SortBy) -> None:
        event.stop()
        self.action_turn() if event.sort == self._shown.sort else self._sort(event.sort)

    def _sort(self, sort: str) -> None:
        chosen = next(name for name in SORTS if name == sort)
        self._narrow(replace(self._shown, sort=chosen, reverse=False))

    def action_go_to(self) -> None:
        from esafety_tui.screens.goto import go_to_dialog

        self.app.push_screen(go_to_dialog(self.session), self._go)

    def _go(self, wish: object) -> None:
        if isinstance(wish, Wish):
            if wish.where == "day" and self._shown.sort not in ("opened", "happened", "due"):
                self._shown = replace(self._shown, sort="opened", reverse=False)
            self._load(wish, self.table.lines_shown // 3)
            self.table.focus()

    # -- rows

    @on(LogTable.Opened)
    def _opened(self, event: LogTable.Opened) -> None:
        from esafety_tui.screens.case import CaseScreen

        event.stop()
        self.app.push_screen(CaseScreen(event.ref))

    @on(LogTable.Picked)
    def _picked(self, event: LogTable.Picked) -> None:
        event.stop()
        self._say()

    def action_person(self) -> None:
        row: Row | None = self.table.stretch.marked
        if row is not None:
            from esafety_tui.screens.person import choose_person

            choose_person(self.desk, [(one["id"], one["name"]) for one in row["people"]])

    def action_due(self) -> None:
        from esafety_tui.screens.due import DueScreen

        self.app.push_screen(DueScreen())

    def action_export(self) -> None:
        from esafety_tui.screens.exporting import ExportDialog

        refs = tuple(self.table.picked)
        said = f"Write out {len(refs)} selected" if refs else f"Write out {self._counted or 'what is shown'}"
        self.app.push_screen(ExportDialog(self._shown.filter, refs, said), self._written)

    def _written(self, said: object) -> None:
        if said:
            self.app.notify(safe(str(said)), timeout=8, markup=False)

    def action_preview(self) -> None:
        self._shown = replace(self._shown, pane=not self._shown.pane)
        self.set_class(self._shown.pane, "-pane")
        self._later("record", LOOKED, self._look)

    # -- leaving

    def keep(self) -> Callable[[], None] | None:
        if not self.table.loaded or self.desk.session is None:
            return None
        shown, session = self.shown, self.session
        return lambda: shown.save(session)

    def _keep_place(self) -> None:
        job = self.keep()
        if job is not None and self.app.screen is self:
            self.ask_desk("place", job)

    def go_back(self) -> None:
        if self.table.picked:
            self.table.pick_none()
            return
        job = self.keep()
        try:
            if job is not None:
                job()
        except EsafetyError as error:
            self.desk.tell(error)
        self.dismiss(None)

    def action_leave(self) -> None:
        if self.typing:
            self.table.focus()
        else:
            self.go_back()
