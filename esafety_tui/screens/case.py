"""The whole record of an incident: summary, people, what was looked at, decisions, signatures, day by day."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from esafety_tui.errors import EsafetyError
from esafety_tui.screens.base import BaseScreen, Place
from esafety_tui.widgets import record
from esafety_tui.widgets.lines import Lines, Marked
from esafety_tui.widgets.prose import line
from esafety_tui.widgets.safe import safe


class CaseScreen(BaseScreen):
    """One incident to be read; what can be done with it is behind keys."""

    NAME = "The record of an incident"
    ABOUT = (
        "Everything recorded of one incident, in the order it was written. Nothing here can be changed or removed: a "
        "note (a) or a correction (c) is put beside it. Enter goes on with the procedure where it waits."
    )
    IN_CASE = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "go_on", "Go on", tooltip="To the question where the procedure waits", id="go-on"),
        Binding("a", "task('note')", "Note", tooltip="Add a note to this incident", id="note"),
        Binding("c", "task('correct')", "Correct", tooltip="Put a correction beside an entry", id="correct"),
        Binding("e", "evidence", "Evidence", tooltip="Rows, screenshots, devices: the review", id="evidence"),
        Binding("o", "form", "Form", tooltip="The record form, to print or to give away", id="form"),
        Binding("h", "bundle", "Hand over", tooltip="The bundle for the police or another agency", id="bundle"),
        Binding("t", "tasks", "More", tooltip="Everything else that can be done with this incident", id="tasks"),
        Binding("escape", "leave", "Back", tooltip="Back to where you came from", id="leave"),
        *(Binding(str(number), f"section({number})", show=False, id=f"section.{number}") for number in range(1, 7)),
    ]

    def __init__(self, ref: str) -> None:
        super().__init__()
        self._ref = ref

    def body(self) -> ComposeResult:
        yield Static(id="case-sections")
        yield VerticalScroll(id="case-page")

    def where(self) -> str:
        return f"Incident {self._ref}"

    def place(self) -> Place | None:
        return Place("case", self._ref)

    async def ready(self) -> None:
        await self.renew()
        self.query_one("#case-page").focus()

    async def renew(self) -> None:
        """Read the record anew."""
        try:
            self.session.casework.saw(self._ref)
            self.note_look(self._ref)
            shown = self.session.browsing.show(self._ref)
        except EsafetyError as error:
            self.desk.tell(error)
            self.dismiss(None)
            return
        self.name_bar()
        page = self.query_one("#case-page", VerticalScroll)
        sections = record.sections(shown)
        names = [(f" {number} ", "bold $accent") if even else title + " "
                 for number, (title, _) in enumerate(sections, 1) for even in (True, False)]  # fmt: skip
        self.query_one("#case-sections", Static).update(Content.assemble(*names))
        await page.remove_children()
        await page.mount_all(_section(title, lines) for title, lines in sections)

    def action_section(self, number: int) -> None:
        found = list(self.query(".section").results(Lines))
        if number <= len(found):
            self.query_one("#case-page").scroll_to_widget(found[number - 1], top=True, animate=False)

    def action_go_on(self) -> None:
        from esafety_tui.screens.wizard import WizardScreen

        below = self.app.screen_stack[-2] if len(self.app.screen_stack) > 1 else None
        if isinstance(below, WizardScreen) and below.place() == Place("wizard", self._ref):
            self.dismiss(None)
        else:
            self.app.switch_screen(WizardScreen(self._ref))

    def action_task(self, task: str) -> None:
        self.desk.over_case(self._ref, task)

    def action_tasks(self) -> None:
        self.desk.offer_tasks(self._ref)

    def action_evidence(self) -> None:
        from esafety_tui.screens.evidence import EvidenceScreen

        self.app.push_screen(EvidenceScreen(self._ref), self.desk.recorded_over)

    def action_form(self) -> None:
        self.desk.over(Place("form", self._ref))

    def action_bundle(self) -> None:
        self.desk.over(Place("bundle", self._ref))

    async def recorded(self, said: str) -> None:
        if said:
            self.app.notify(safe(said), timeout=3, markup=False)
        await self.renew()

    def action_leave(self) -> None:
        self.dismiss(None)


def _section(title: str, rows: list[Marked]) -> Lines:
    return Lines([Marked(line((title, "bold $accent"))), *rows], classes="section")
