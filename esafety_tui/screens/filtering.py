"""Changes of the filter: the list, what is recorded of each, and the steps from the request to putting it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Input, OptionList, Static

from esafety_tui.desk.asks import Ask, Reply
from esafety_tui.desk.filters import filtering_asks
from esafety_tui.desk.filters.filtering import REQUEST
from esafety_tui.desk.filters.filtering_list import OPEN, STATUS, asked_words, day_words, span_words, told
from esafety_tui.errors import EsafetyError
from esafety_tui.screens.asking import Asking
from esafety_tui.screens.base import BaseScreen, Dialog, Place
from esafety_tui.screens.leaving import LeavingDialog
from esafety_tui.widgets.askpanel import AskPanel
from esafety_tui.widgets.entry import SafeInput
from esafety_tui.widgets.lines import Lines, Marked
from esafety_tui.widgets.prose import line, shortened
from esafety_tui.widgets.rowlist import RowList
from esafety_tui.widgets.safe import safe

EMPTY = "Nobody has asked for a change of the filter yet. Press n when somebody does."
NOT_FOUND = "Nothing is found for these words. Try fewer of them, or the beginning of a name."
NONE_OPEN = "Nothing is to be decided, done or put back. Press o to see the earlier ones."
#: status -> (sign, style). Red is for the illegal branch alone.
SIGNS = {
    "requested": ("◷", "$care"),
    "agreed": ("◐", "$care"),
    "in-force": ("●", "$accent"),
    "reverted": ("✓", "$quiet"),
    "refused": ("–", "$quiet"),
    "dropped": ("–", "$quiet"),
}
#: What Enter does, by status.
NEXT = {"requested": "decide", "agreed": "change", "in-force": "revert"}


class FilteringScreen(BaseScreen):
    """`f`: the log of changes of the filter."""

    NAME = "Changes of the filter"
    ABOUT = (
        "Who asked for which site to be let through or blocked, for whom and why; which two people agreed; who changed "
        "the filter, and when it is to be put back. Nobody decides alone. Enter does what comes next for the marked "
        "one. What was typed and not taken is kept."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "step('request')", "Ask", tooltip="Ask for a change of the filter", id="filter.new"),
        Binding("enter", "next", "Next step", show=False, tooltip="What comes next for the marked change", id="do"),
        Binding("d", "step('decide')", "Decide", tooltip="Two people decide about it", id="filter.decide"),
        Binding("h", "step('change')", "Changed", tooltip="The filter was changed: by whom, when", id="filter.changed"),
        Binding("r", "step('revert')", "Put back", tooltip="The filter was put back", id="filter.revert"),
        Binding("c", "step('correct')", "Correct", tooltip="Put a correction beside the record", id="correct"),
        Binding("x", "leaving", "Paper", tooltip="The month on paper, or all of it as data", id="filter.paper"),
        Binding("o", "open_only", "Open/all", tooltip="Only what is still to be done, or all", id="filter.open"),
        Binding("slash", "search", "Search", key_display="/", tooltip="Search by words", id="search"),
        Binding("escape", "leave", "Back", tooltip="Out of the search, or back", id="leave"),
    ]

    def __init__(self, item: str = "") -> None:
        super().__init__()
        self._item = item
        self._open_only = False
        self._rows: list[dict[str, Any]] = []

    def body(self) -> ComposeResult:
        yield SafeInput(placeholder="Words: a site, a name, a reason", id="filter-search")
        yield Static(id="filter-count")
        with Horizontal(id="filter"):
            yield RowList("filter-list")
            with VerticalScroll(id="filter-page", can_focus=False):
                yield Lines(id="filter-told")

    def place(self) -> Place | None:
        return Place("filtering", "", self._item)

    async def ready(self) -> None:
        self.renew()
        self.query_one("#filter-list").focus()

    def renew(self) -> None:
        """Read the list anew; the marked one stays marked."""
        search = self.query_one("#filter-search", Input).value
        try:
            self._rows = self.session.filtering.list("open" if self._open_only else "", search)
        except EsafetyError as error:
            self.desk.tell(error)
            self.dismiss(None)
            return
        rows, wanted = self._rows, self._item
        shown = self.query_one("#filter-list", RowList)
        shown.show(lambda width: [(one["item"], change_row(one, width)) for one in rows])
        at = next((place for place, one in enumerate(rows) if one["item"] == wanted), first_open(rows))
        shown.highlighted = at if rows else None
        self.query_one("#filter").display = bool(rows)
        self.query_one("#filter-count", Static).update(line((self._count(search), "$quiet")))
        self._tell(rows[at] if rows else None)

    def _count(self, search: str) -> str:
        if not self._rows:
            return NOT_FOUND if search.strip() else NONE_OPEN if self._open_only else EMPTY
        waiting = sum(one["status"] in OPEN for one in self._rows)
        late = sum(one["overdue"] for one in self._rows)
        shown = "to be seen to" if self._open_only else f"in all, {waiting} of them open"
        return f"{len(self._rows)} {shown}{f', {late} overdue' if late else ''}"

    def _tell(self, one: dict[str, Any] | None) -> None:
        page = self.query_one("#filter-told", Lines)
        if one is None:
            page.show([])
            return
        self._item = one["item"]
        what, *rest = told(one)
        rows = [Marked(line((one["item"], "bold $accent"), "  ", *_status(one))), Marked(line((what, "bold")))]
        if one["due"]:
            late = ("overdue since ", "bold $care") if one["overdue"] else ("due by ", "$quiet")
            rows.append(Marked(line(late, (day_words(one["due"]), "bold"))))
        page.show([*rows, *(Marked(line(text), line(("• ", "$accent"))) for text in rest)])
        self.query_one("#filter-page").scroll_home(animate=False)

    @on(OptionList.OptionHighlighted, "#filter-list")
    def _marked(self, event: OptionList.OptionHighlighted) -> None:
        self._tell(next((one for one in self._rows if one["item"] == event.option.id), None))

    @on(OptionList.OptionSelected, "#filter-list")
    def _chosen(self) -> None:
        self.action_next()

    # -- keys

    def action_next(self) -> None:
        one = next((one for one in self._rows if one["item"] == self._item), None)
        if one is not None:
            self.action_step(NEXT.get(one["status"], "correct"))

    def action_step(self, step: str) -> None:
        if step != REQUEST and not self._item:
            self.app.notify("Choose a change from the list first.", markup=False)
            return
        item = "" if step == REQUEST else self._item
        self.app.push_screen(FilterDialog(step, item), self.desk.recorded_over)

    def action_leaving(self) -> None:
        self.app.push_screen(FilterPaperDialog(), self.desk.recorded_over)

    def action_open_only(self) -> None:
        self._open_only = not self._open_only
        self.renew()

    def action_search(self) -> None:
        self.query_one("#filter-search").focus()

    async def recorded(self, said: str) -> None:
        if said:
            self.app.notify(safe(said), timeout=4, markup=False)
        self.renew()

    def action_leave(self) -> None:
        if self.typing:
            self.query_one("#filter-list").focus()
        else:
            self.dismiss(None)

    @on(Input.Changed, "#filter-search")
    def _searched(self) -> None:
        if self.is_mounted:
            self.renew()

    @on(Input.Submitted, "#filter-search")
    def _search_done(self) -> None:
        self.query_one("#filter-list").focus()


class FilterDialog(Dialog, Asking):
    """One step of a change. Dismissed with what the desk saved, or None; what was typed is kept."""

    NAME = "A change of the filter"
    ABOUT = "Choose, fill in what is asked and press Enter. Escape leaves without recording; what you typed is kept."

    def __init__(self, step: str, item: str = "") -> None:
        super().__init__()
        self._step, self._item = step, item

    def body(self) -> ComposeResult:
        yield AskPanel()

    def where(self) -> str:
        return self._item or self.NAME

    def place(self) -> Place | None:
        return Place("filter-step", "", f"{self._step}/{self._item}")

    async def ready(self) -> None:
        try:
            ask = self.session.filtering.ask(self._step, self._item)
            draft = self.session.filtering.draft(self._step, self._item)
        except EsafetyError as error:
            self.desk.tell(error)
            self.dismiss(None)
            return
        await self.panel.show(ask, draft)

    def send(self, ask: Ask, reply: Reply) -> Callable[[], object]:
        filtering, step, item = self.session.filtering, self._step, self._item
        return lambda: filtering.reply(step, reply, item)

    def keep_draft(self, ask: Ask, draft: Reply) -> Callable[[], None] | None:
        filtering, step, item = self.session.filtering, self._step, self._item
        return lambda: filtering.save_draft(step, draft, item)

    async def saved(self, result: object) -> None:
        self.dismiss(result)


class FilterPaperDialog(LeavingDialog):
    """The month on paper, or all of it as data."""

    NAME = "Changes of the filter, on paper"
    ABOUT = (
        "One page a month for the safeguarding governor and whoever looks after the filter, to print or as an "
        "encrypted file; or everything as data. Escape leaves without it."
    )
    IN_CASE = False
    KIND = "filter-paper"
    DOING = "Setting the page"

    def __init__(self) -> None:
        super().__init__("")

    def where(self) -> str:
        return "Changes of the filter"

    def first(self) -> Ask:
        return self.session.filtering.leaving_ask()

    def send(self, ask: Ask, reply: Reply) -> Callable[[], object]:
        if reply.choice not in (filtering_asks.PRINT, filtering_asks.ZIP, filtering_asks.EXPORT):
            return super().send(ask, reply)
        filtering = self.session.filtering
        return lambda: filtering.leaving_reply(reply)


def first_open(rows: list[dict[str, Any]]) -> int:
    """The place of the newest that is still to be seen to; 0 where there is none."""
    return next((place for place, one in enumerate(rows) if one["status"] in OPEN), 0)


def change_row(one: dict[str, Any], width: int) -> Content:
    """Two lines of a change: number, where it stands, its days; then what for whom."""
    days = ("  overdue", "bold $care") if one["overdue"] else (f"  {span_words(one)}", "$quiet")
    head = line((f" {one['item']}  ", "bold"), *_status(one), days)
    below = f" {asked_words(one)}"
    return Content("\n").join(
        [head.truncate(width, ellipsis=True), line((" " + shortened(below, width - 2), "$quiet"))]
    )


def _status(one: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    sign, style = SIGNS[one["status"]]
    return ((f"{sign} {STATUS[one['status']]}", style),)
