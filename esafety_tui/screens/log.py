"""The log as a plain list, newest first, a page at a time."""

from __future__ import annotations

from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, OptionList, Static

from esafety_tui.errors import EsafetyError
from esafety_tui.screens.base import BaseScreen, Place
from esafety_tui.widgets.entry import SafeInput
from esafety_tui.widgets.prose import line
from esafety_tui.widgets.rowlist import RowList
from esafety_tui.widgets.rows import case_row

PAGE = 50
EMPTY = "The log is empty. The first incident begins with n on the home screen."
NOT_FOUND = "Nothing is found for these words. Try fewer of them, or the beginning of a name."


class LogScreen(BaseScreen):
    """A page of incidents; words narrow it down; Enter opens the record."""

    NAME = "The log"
    ABOUT = (
        "Newest first. Press / and type words, names or a reference to search. Enter opens the whole record. Fifty "
        "incidents are shown at a time: . shows older ones, , newer ones."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "slash",
            "search",
            "Search",
            key_display="/",
            tooltip="Search by words, names, reference",
            id="search",
        ),
        Binding("full_stop", "older", "Older", key_display=".", tooltip="The next fifty, older", id="older"),
        Binding("comma", "newer", "Newer", key_display=",", tooltip="Back to newer ones", id="newer"),
        Binding("escape", "leave", "Home", tooltip="Out of the search, or home", id="leave"),
    ]

    def __init__(self) -> None:
        super().__init__()
        # The last reference of each page gone through: enough to come back without counting.
        self._before: list[str | None] = [None]
        self._rows: list[dict[str, Any]] = []

    def body(self) -> ComposeResult:
        with Vertical(id="log"):
            yield SafeInput(placeholder="Words, a name, or a reference", id="log-search")
            yield Static(id="log-count")
            yield RowList("log-list")

    def place(self) -> Place | None:
        return Place("log")

    async def ready(self) -> None:
        self.renew()
        self.query_one("#log-list").focus()

    def resumed(self) -> None:
        if self._rows and self.desk.session is not None:
            self.renew()

    def renew(self) -> None:
        """Read the page anew."""
        words = self.query_one("#log-search", Input).value
        try:
            self._rows = self.session.browsing.log(search=words, limit=PAGE, after=self._before[-1])
        except EsafetyError as error:
            self.desk.tell(error)
            return
        rows = self._rows
        self.query_one("#log-list", RowList).show(lambda width: [(row["ref"], case_row(row, width)) for row in rows])
        self.query_one("#log-count", Static).update(line((self._count(words), "$quiet")))

    def _count(self, words: str) -> str:
        if not self._rows:
            return NOT_FOUND if words.strip() else EMPTY
        first = PAGE * (len(self._before) - 1) + 1
        more = ", and there are older ones (.)" if len(self._rows) == PAGE else ""
        return f"{first} to {first + len(self._rows) - 1}{more}"

    def action_search(self) -> None:
        self.query_one("#log-search").focus()

    def action_older(self) -> None:
        if len(self._rows) == PAGE:
            self._before.append(self._rows[-1]["ref"])
            self.renew()

    def action_newer(self) -> None:
        if len(self._before) > 1:
            self._before.pop()
            self.renew()

    def action_leave(self) -> None:
        if self.typing:
            self.query_one("#log-list").focus()
        else:
            self.dismiss(None)

    @on(Input.Changed, "#log-search")
    def _searched(self) -> None:
        if self.is_mounted:
            self._before = [None]
            self.renew()

    @on(Input.Submitted, "#log-search")
    def _search_done(self) -> None:
        self.query_one("#log-list").focus()

    @on(OptionList.OptionSelected, "#log-list")
    def _selected(self, event: OptionList.OptionSelected) -> None:
        from esafety_tui.screens.case import CaseScreen

        self.app.push_screen(CaseScreen(event.option.id or ""))
