"""Home: what is open and where it stands, what is due, and the three things people come for."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, OptionList, Static

from esafety_tui.desk.logbook.dues import DueLine
from esafety_tui.errors import EsafetyError
from esafety_tui.screens.base import BaseScreen, Place, Told
from esafety_tui.widgets.lines import Lines, Marked, hang
from esafety_tui.widgets.prose import line
from esafety_tui.widgets.rowlist import RowList
from esafety_tui.widgets.rows import case_row, due_row

NOTHING_OPEN = "Nothing is open. Press n when something has happened, or o for an everyday incident."
NOTHING_DUE = "Nothing is due."
MORE_OPEN, MORE_DUE = "More are open: l shows all, f there narrows them.", "More is due: d shows it."


class HomeScreen(BaseScreen):
    """The first screen behind the door."""

    NAME = "Home"
    CAN_LEAVE = False
    ABOUT = (
        "The open incidents, newest first, with the step each waits at; below, what is due. Press n if something has "
        "happened. Arrows and Enter, or a number, open a case where it waits."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "n",
            "new",
            "New incident",
            tooltip="Something has happened: the procedure from its first question",
            id="new",
        ),
        Binding(
            "k",
            "apart",
            "Keep apart",
            show=False,
            tooltip="A new incident that only you and those you name can open",
            id="apart",
        ),
        Binding("o", "slip", "Everyday slip", tooltip="The short record of an everyday incident", id="slip"),
        Binding("l", "log", "Log", tooltip="All incidents, and to search them", id="log"),
        Binding("d", "due", "Due", tooltip="Everything that is due, overdue first", id="due"),
        Binding("f", "filtering", "Filter", tooltip="Changes of the filter: asked for, agreed, done", id="filtering"),
        Binding("p", "policy", "Policy", tooltip="The policy that this school has adopted", id="policy"),
        Binding(
            "r", "reports", "Reports", tooltip="Reports to governors and leadership, with their figures", id="reports"
        ),
        Binding(
            "s",
            "settings",
            "Settings",
            tooltip="People and settings: set-up, colleagues, the bound book, the check",
            id="settings",
        ),
        Binding(
            "slash",
            "log(True)",
            "Search",
            key_display="/",
            show=False,
            priority=True,
            tooltip="Search the log",
            id="search",
        ),
        Binding(
            "t",
            "retention",
            "Kept",
            show=False,
            tooltip="How long records are kept, and destroying them",
            id="retention",
        ),
        Binding(
            "b",
            "copies",
            "Backups",
            show=False,
            tooltip="Backups, putting back, and when the computer is taken away",
            id="copies",
        ),
        Binding("x", "left", "Left", show=False, tooltip="What left this computer: forms, bundles, prints", id="left"),
        Binding("v", "view", "Record", show=False, tooltip="The whole record of the marked incident", id="view"),
        *(Binding(str(digit), f"open({digit})", show=False, id=f"open.{digit}") for digit in range(1, 10)),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._due_lines: list[DueLine] = []
        self._reduced: set[str] = set()  # cases of which this reader sees the reference and dates

    def body(self) -> ComposeResult:
        yield Lines(id="astray")
        with Horizontal(id="home-do"):
            yield Button(line("n  New incident"), id="do-new", action="screen.new", compact=True)
            yield Button(line("o  Everyday slip"), id="do-slip", action="screen.slip", compact=True)
            yield Button(line("l  Log"), id="do-log", action="screen.log", compact=True)
        with Horizontal(id="home-lists"):
            with Vertical(id="home-open"):
                yield Static(line(("Open incidents", "bold $accent")), classes="list-title")
                yield RowList("open-list", signed=True)
                yield Static(line((NOTHING_OPEN, "$quiet")), id="nothing-open")
            with Vertical(id="home-due"):
                yield Static(line(("Due", "bold $accent")), classes="list-title")
                yield RowList("due-list", signed=True)
                yield Static(line((NOTHING_DUE, "$quiet")), id="nothing-due")
                yield Lines(id="notices")

    def where(self) -> str:
        session = self.desk.session
        return (session.school if session else "") or "Home"

    async def ready(self) -> None:
        self.renew()

    def resumed(self) -> None:
        self.renew()

    def renew(self) -> None:
        """Read anew what is open and due; nothing is kept from before."""
        if self.desk.session is None:
            return
        try:
            view = self.session.browsing.home()
        except EsafetyError as error:
            self.desk.tell(error)
            return
        cases, due = self.query_one("#open-list", RowList), self.query_one("#due-list", RowList)
        more_open, more_due = ([("", line((said, "$quiet")))] if more else [] for said, more in
                               ((MORE_OPEN, view.more_open), (MORE_DUE, view.more_due)))  # fmt: skip
        cases.show(lambda width: [*((row["ref"], case_row(row, width, n)) for n, row in enumerate(view.open, 1)),
                                  *more_open])  # fmt: skip
        self._reduced = {str(row["ref"]) for row in view.open if row["reduced"]}
        self._due_lines = view.due
        due.show(
            lambda width: [*((f"{item.ref}/{n}", _due(item, width)) for n, item in enumerate(view.due)), *more_due]
        )
        for rows, empty, some in ((cases, "#nothing-open", view.open), (due, "#nothing-due", view.due)):
            rows.display = bool(some)
            self.query_one(empty).display = not some
        if view.open and self.focused is None:
            cases.focus()
        first = view.urgent
        alarm = [Marked(line((text, "bold")), line(("! ", "bold $care"))) for text in view.notices[:first]]
        self.query_one("#astray", Lines).show(alarm)
        self.query_one("#astray").display = bool(alarm)
        said = [Marked(line((text, "$quiet")), line(("• ", "$care"))) for text in view.notices[first:]]
        self.query_one("#notices", Lines).show(said)

    # -- keys

    def action_new(self) -> None:
        self.ask_desk("new", self.session.casework.begin)

    def action_apart(self) -> None:
        from esafety_tui.screens.apart import ApartDialog

        self.app.push_screen(ApartDialog(self.session), self._begun)

    def reopen(self, box: str) -> bool:
        from esafety_tui.screens.calendar import again

        if not again(self.desk, box):
            self.action_apart()
        return True

    def _begun(self, ref: object) -> None:
        if isinstance(ref, str) and ref:
            self._open(ref)

    def on_told(self, event: Told) -> None:
        """A new case began, or why it could not."""
        event.stop()
        if event.error is not None:
            self.desk.tell(event.error)
        elif event.job == "new":
            self._open(str(event.result))

    def action_slip(self) -> None:
        from esafety_tui.screens.slip import SlipScreen

        try:
            self.session.slips.ask()
        except EsafetyError as error:
            self.desk.tell(error)
        else:
            self.app.push_screen(SlipScreen())

    def action_log(self, search: bool = False) -> None:
        from esafety_tui.screens.log import LogScreen

        self.app.push_screen(LogScreen(search))

    def action_due(self) -> None:
        from esafety_tui.screens.due import DueScreen

        self.app.push_screen(DueScreen())

    def action_filtering(self) -> None:
        self.desk.over(Place("filtering"))

    def action_left(self) -> None:
        self.desk.over(Place("left"))

    def action_retention(self) -> None:
        self.desk.over(Place("retention"))

    def action_copies(self) -> None:
        self.desk.over(Place("copies"))

    def action_policy(self) -> None:
        self.desk.over(Place("policy"))

    def action_reports(self) -> None:
        from esafety_tui.screens.reports import ReportsScreen

        self.app.push_screen(ReportsScreen())

    def action_settings(self) -> None:
        from esafety_tui.screens.settings import SettingsDialog

        self.app.push_screen(SettingsDialog())

    def action_open(self, number: int) -> None:
        cases = self.query_one("#open-list", OptionList)
        if number <= cases.option_count:
            self._open(cases.get_option_at_index(number - 1).id or "")

    def action_view(self) -> None:
        from esafety_tui.screens.case import CaseScreen

        option = self.query_one("#open-list", OptionList).highlighted_option
        if option is not None and option.id:
            self.app.push_screen(CaseScreen(option.id))

    @on(OptionList.OptionSelected, "#open-list")
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self._open(event.option.id or "")

    @on(OptionList.OptionSelected, "#due-list")
    def _due_selected(self, event: OptionList.OptionSelected) -> None:
        from esafety_tui.screens.calendar import open_due

        one = self._due_lines[event.option_index]
        if one.ref:
            self._open(one.ref)
        elif not open_due(self.desk, one):
            self.action_settings()

    def _open(self, ref: str) -> None:
        from esafety_tui.screens.case import CaseScreen
        from esafety_tui.screens.wizard import WizardScreen

        self.app.push_screen(CaseScreen(ref) if ref in self._reduced else WizardScreen(ref))


def _due(item: DueLine, width: int) -> Content:
    return Content("\n").join(hang([due_row(item)], width))
