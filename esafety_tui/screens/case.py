"""The whole record of an incident: summary, people, what was looked at, decisions, signatures, day by day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from esafety_tui.desk.case import bookmark
from esafety_tui.desk.case.bookmark import Bookmark
from esafety_tui.desk.logbook.persons import Related
from esafety_tui.errors import EsafetyError
from esafety_tui.screens.base import BaseScreen, Place
from esafety_tui.widgets import record
from esafety_tui.widgets.chronology import ORDERS, Chronology, Order
from esafety_tui.widgets.entry import SafeInput
from esafety_tui.widgets.lines import Lines, RowsPage
from esafety_tui.widgets.prose import line
from esafety_tui.widgets.rows import day
from esafety_tui.widgets.safe import safe
from esafety_tui.widgets.way import Way

DAYS = "Day by day"


class PartNames(Static):
    """The parts of the page by number: in one line, or in two where the width there is does not hold it."""

    _names: Sequence[Content] = ()

    def show(self, names: Sequence[Content]) -> None:
        """Name these parts."""
        self._names = names
        self._draw()

    def on_resize(self) -> None:
        self._draw()

    def _draw(self) -> None:
        names, width = self._names, self.content_region.width or self.screen.size.width - 2
        # Where they need two lines, no number is left behind at the end of the first.
        half = len(names) // 2 + 1 if sum(map(len, names)) > width else len(names)
        split = [Content("").join(some) for some in (names[:half], names[half:]) if some]
        self.update(Content("\n").join(split))


class CaseScreen(BaseScreen):
    """One incident to be read; what can be done with it is behind keys."""

    NAME = "The record of an incident"
    ABOUT = (
        "Everything recorded of one incident. Nothing here can be changed or removed: a note (a) or a correction (c) "
        "is put beside it. Enter goes on with the procedure where it waits. Day by day stands in the order of what "
        "happened; y shows the order of writing. A clock marks what was written late, a pencil what was corrected."
    )
    IN_CASE = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "go_on", "Go on", tooltip="To the question where the procedure waits", id="go-on"),
        Binding("a", "task('note')", "Note", tooltip="Add a note to this incident", id="note"),
        Binding("c", "task('correct')", "Correct", tooltip="Put a correction beside an entry", id="correct"),
        Binding("e", "evidence", "Evidence", tooltip="Rows, screenshots, devices: the review", id="evidence"),
        Binding("o", "form", "Form", tooltip="The record form, to print or to give away", id="form"),
        Binding("h", "bundle", "Hand over", tooltip="The bundle for the police or another agency", id="bundle"),
        Binding(
            "w", "write", "Write out", show=False, tooltip="Day by day as pages, to print or to give away", id="write"
        ),
        Binding("t", "tasks", "More", tooltip="Everything else that can be done with this incident", id="tasks"),
        Binding("escape", "leave", "Back", tooltip="Back to where you came from", id="leave"),
        Binding("slash", "find", "Find", key_display="/", tooltip="Only the entries with these words", id="find"),
        Binding("y", "order", "Order", tooltip="Day by day: as it happened, or as it was written", id="order"),
        Binding("p", "person", "Person", tooltip="Everything about a person of this incident", id="person"),
        Binding(
            "r", "related", "Related", show=False, tooltip="To an incident that belongs with this one", id="related"
        ),
        *(Binding(str(number), f"section({number})", show=False, id=f"section.{number}") for number in range(1, 10)),
    ]

    def __init__(self, ref: str, place: str = "") -> None:
        """place: where in the record to begin (Bookmark.bare); where this person was last, if nothing is said."""
        super().__init__()
        self._ref, self._place = ref, place
        #: Where the page is to be once it is laid out: until then its own place says nothing.
        self._back_to: Bookmark | None = None
        self._order: Order = "happened"
        self._days: Chronology | None = None
        self._related: Sequence[Related] = ()
        self._people: list[tuple[str, str]] = []

    def body(self) -> ComposeResult:
        yield PartNames(id="case-sections")
        with Horizontal(id="case-finding"):
            yield SafeInput(placeholder="Only entries with these words", id="case-find")
            yield Static(id="case-found")
        yield RowsPage(id="case-page")

    def where(self) -> str:
        return f"Incident {self._ref}"

    def place(self) -> Place | None:
        return Place("case", self._ref, self.here.bare)

    async def ready(self) -> None:
        try:
            kept = bookmark.load(self.session, self._ref)
        except EsafetyError as error:
            self.desk.tell(error)
            kept = Bookmark()
        kept = Bookmark.read(self._place, kept.typed) if self._place else kept
        self._order = "written" if kept.written else "happened"
        find = self.query_one("#case-find", SafeInput)
        with find.prevent(Input.Changed):
            find.value = kept.typed
        self.set_class(bool(kept.typed), "-finding")
        self._back_to = kept
        await self.renew()
        self.query_one("#case-page").focus()

    # -- where in the record this is

    @property
    def here(self) -> Bookmark:
        """The part of the record at the top of the screen, and how far into it that is."""
        if self._back_to is not None or not self.is_mounted:
            return self._back_to or Bookmark.read(self._place)
        top = round(self.query_one("#case-page").scroll_target_y)
        starts = [part.virtual_region.y for part in self.query(".section")]
        number = max((n for n, start in enumerate(starts, 1) if start <= top), default=1)
        line = top - starts[number - 1] if starts and number > 1 else top
        return Bookmark(number, max(0, line), self._order == "written", self.query_one("#case-find", SafeInput).value)

    def _go_back_to(self) -> None:
        """The page is laid out: show again what was at its top."""
        at, self._back_to = self._back_to, None
        parts = list(self.query(".section"))
        if at is not None and parts:
            start = parts[at.section - 1].virtual_region.y if 1 < at.section <= len(parts) else 0
            self.query_one("#case-page").scroll_to(y=start + at.line, animate=False)

    def keep(self) -> Callable[[], None] | None:
        if self.desk.session is None or not self.query(".section"):
            return None
        session, ref, here = self.session, self._ref, self.here
        return lambda: bookmark.save(session, ref, here)

    def _keep_place(self) -> None:
        job = self.keep()
        if job is not None:
            self.desk.keep_draft(job)

    async def renew(self) -> None:
        """Read the record anew; what is at the top of the screen stays there."""
        self._back_to = self.here
        try:
            shown = self.session.browsing.show(self._ref)
            if not shown.get("reduced"):
                self.note_look(self._ref)
        except EsafetyError as error:
            self.desk.tell(error)
            self.dismiss(None)
            return
        self.name_bar()
        parts = list(self._parts(shown))
        names = [line((f" {number} ", "bold $accent"), name) for number, (name, _) in enumerate(parts, 1)]
        self.query_one("#case-sections", PartNames).show(names)
        page = self.query_one("#case-page", RowsPage)
        await page.remove_children()
        await page.mount_all(part for _, part in parts)
        self.call_after_refresh(self._go_back_to)

    def _parts(self, shown: dict[str, Any]) -> Iterator[tuple[str, Widget]]:
        """The parts of the page, each with its name in the line of numbers."""
        summary, *others = record.sections(shown)
        yield summary.name, _section(summary.title, Lines(summary.lines))
        if shown.get("reduced"):
            return
        self._people = [(one["id"], one["name"]) for one in shown["people"]]
        self._days = Chronology()
        self._days.rearrange(self._order, self.query_one("#case-find", SafeInput).value)
        self._days.show(shown["chronology"])
        self._tell_found(self._days)
        yield "Days", _section(DAYS, self._days)
        for one in others:
            yield one.name, _section(one.title, Lines(one.lines))
        self._related = self.session.browsing.persons.related(self._ref)
        related = record.related([(one.ref, one.row, one.why) for one in self._related])
        yield "Related", _section("Related incidents", Lines(related))
        yield "Way", _section("The way taken", Way(self.session.casework.boxes(self._ref)))

    def action_section(self, number: int) -> None:
        found = list(self.query(".section"))
        if number <= len(found):
            self.query_one("#case-page").scroll_to_widget(found[number - 1], top=True, animate=False)

    def action_order(self) -> None:
        """Day by day in the other order."""
        self._order = "written" if self._order == "happened" else "happened"
        if self._days is not None:
            self._days.rearrange(self._order)
            self.app.notify(f"Day by day {ORDERS[self._order]}.", timeout=2, markup=False)

    def action_person(self) -> None:
        from esafety_tui.screens.person import choose_person

        choose_person(self.desk, self._people)

    def action_related(self) -> None:
        """Open one of the related incidents."""
        from esafety_tui.screens.choosing import ChooseDialog

        if not self._related:
            self.app.notify(record.ALONE, timeout=4, markup=False)
            return
        options = [(one.ref, f"{one.ref}  {day(one.row['opened_at'])}  {'; '.join(one.why)}") for one in self._related]
        self.app.push_screen(ChooseDialog("Which incident", options), self._open_related)

    def _open_related(self, ref: object) -> None:
        if ref:
            self.app.push_screen(CaseScreen(str(ref)))

    def action_find(self) -> None:
        self.add_class("-finding")
        self.query_one("#case-find").focus()

    @on(Input.Changed, "#case-find")
    def _finding(self, event: Input.Changed) -> None:
        if self._days is not None:
            self._days.rearrange(typed=event.value)
            self._tell_found(self._days)
            self.call_after_refresh(self.action_section, 2)

    def _tell_found(self, days: Chronology) -> None:
        """Beside the words: that this is not all."""
        found = line((f"{days.matching:,} of {days.entries:,} entries; Escape shows all", "$quiet"))
        self.query_one("#case-found", Static).update(found if days.typed.strip() else Content(""))

    @on(Input.Submitted, "#case-find")
    def _found(self) -> None:
        self.query_one("#case-page").focus()

    def action_go_on(self) -> None:
        from esafety_tui.screens.wizard import WizardScreen

        self._keep_place()
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

    def action_write(self) -> None:
        from esafety_tui.screens.exporting import ChronologyDialog

        self.app.push_screen(ChronologyDialog(self._ref), self.desk.recorded_over)

    def action_bundle(self) -> None:
        self.desk.over(Place("bundle", self._ref))

    async def recorded(self, said: str) -> None:
        if said:
            self.app.notify(safe(said), timeout=3, markup=False)
        await self.renew()

    def action_leave(self) -> None:
        find = self.query_one("#case-find", SafeInput)
        if self.has_class("-finding"):
            self.remove_class("-finding")
            find.value = ""
            self.query_one("#case-page").focus()
        else:
            self._keep_place()
            self.dismiss(None)


def _section(title: str, inside: Widget) -> Vertical:
    return Vertical(Static(line((title, "bold $accent"))), inside, classes="section")
