"""The record of reviewing devices and internet sites: who is here, what comes next, and what is kept so far."""

from __future__ import annotations

from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from esafety_tui.desk.case import absent, kept
from esafety_tui.desk.forms.base import View
from esafety_tui.desk.papers.outside import outside
from esafety_tui.errors import EsafetyError
from esafety_tui.screens.base import BaseScreen, Place
from esafety_tui.widgets import kept as drawn
from esafety_tui.widgets import review
from esafety_tui.widgets.choices import ChoiceRow, Choices
from esafety_tui.widgets.lines import Lines, Marked
from esafety_tui.widgets.pick import Digits
from esafety_tui.widgets.prose import Part, line

PROOFS = {"proven": "signed in", "attested": "on paper", "guest": "guest"}


#: Below what does not fit beside the choices.
ROOMY, FORM_TITLE = 100, 78
MORE = "▼ more: page down, or m"


class EvidenceScreen(BaseScreen):
    """The review of one case."""

    NAME = "Evidence: sites, devices, screenshots"
    ABOUT = (
        "What two people look at and what is kept of it. The marked line is what comes next: press Enter, or another "
        "number first. Nobody looks alone, the question always comes first, and this program never shows a picture. "
        "If it may be illegal, press F8. m shows what is recorded over the whole width."
    )
    IN_CASE = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "do", "Do it", tooltip="Do what is marked", id="do"),
        Binding("o", "form", "Form", tooltip="The record form, to print or to give away", id="form"),
        Binding("h", "bundle", "Hand over", tooltip="The bundle for the police or another agency", id="bundle"),
        Binding("m", "record", "Record", tooltip="Show what is recorded over the whole width, or no longer", id="map"),
        Binding("t", "tasks", "More", tooltip="Everything else that can be done with this incident", id="tasks"),
        Binding("a", "task('note')", "Note", tooltip="Add a note to this incident", id="note"),
        Binding("escape", "leave", "Back", tooltip="Back to where you came from", id="leave"),
        Binding("up", "move(-1)", "Up", show=False, id="up"),
        Binding("down", "move(1)", "Down", show=False, id="down"),
        Binding("pageup", "page(-1)", "Page up", show=False, id="page-up"),
        Binding("pagedown", "page(1)", "Page down", show=False, id="page-down"),
        *(Binding(str(digit), f"digit('{digit}')", "Choose", show=False, id=f"choose.{digit}") for digit in range(10)),
    ]

    def __init__(self, ref: str) -> None:
        super().__init__()
        self._ref = ref
        self._digits = Digits()
        self._found: dict[str, Any] = {}

    def body(self) -> ComposeResult:
        yield Static(id="evidence-head")
        with Horizontal(id="evidence"):
            with VerticalScroll(id="evidence-do", can_focus=False):
                yield Static(id="evidence-next")
                yield Choices(())
            with Vertical(id="evidence-right"):
                with VerticalScroll(id="evidence-kept", can_focus=False):
                    yield Lines(id="kept-rows", classes="kept")
                    with Vertical(id="kept-things"):
                        yield Lines(id="kept-exhibits", classes="kept")
                        yield Lines(id="kept-devices", classes="kept")
                yield Static(line(MORE), id="evidence-more")

    def where(self) -> str:
        return f"Incident {self._ref}"

    def place(self) -> Place | None:
        return Place("evidence", self._ref)

    async def ready(self) -> None:
        await self.renew()

    async def renew(self, said: str = "") -> None:
        """Show the case as it is now, with what comes next marked; `said` is what was just saved."""
        casework = self.session.casework
        try:
            casework.saw(self._ref)
            view = casework.view(self._ref)
            at_record = view.node.form == "review" and not view.standing.ended and not view.standing.quiet
            question = [choice.id for choice in casework.ask(self._ref).choices] if at_record else []
            now = review.now(view, question, [task.id for task in casework.tasks(self._ref)])
            gone = absent.of(self.session, view.case)
            here = self.session.computer_id
            found = kept.kept(view.case, casework.name(view.case), outside(self.session, view.case), gone, here)
            self.note_look(self._ref)
        except EsafetyError as error:
            self.desk.tell(error)
            self.dismiss(None)
            return
        self.name_bar()
        self.set_class(now.alarmed, "-illegal")
        self.query_one("#evidence-head", Static).update(self._head(view, drawn.counts(found)))
        sign = ("■ ", "bold $illegal") if now.alarmed else ("► ", "bold $accent")
        just = [(f"✓ {said}\n", "$accent")] if said else []
        self.query_one("#evidence-next", Static).update(line(*just, sign, (now.words, "bold")))
        self._found = found
        self._draw()
        async with self.batch():
            await self.query_one(Choices).remove()
            await self.query_one("#evidence-do").mount(Choices(now.choices, now.next))
        self.query_one("#evidence-do").scroll_home(animate=False)

    def _draw(self) -> None:
        """The three lists, brief where they stand beside the choices on a small screen."""
        brief = self.size.width < ROOMY and not self.has_class("-record")
        names = ("rows", "exhibits", "devices")
        for name, (title, lines) in zip(names, drawn.sections(self._found, brief), strict=True):
            self.query_one(f"#kept-{name}", Lines).show([Marked(line((title, "bold $accent"))), *lines])
        self.call_after_refresh(self._more)

    def _more(self) -> None:
        page = self.query_one("#evidence-kept")
        self.query_one("#evidence-more").display = page.max_scroll_y > 0

    def on_resize(self) -> None:
        if self._found:
            self._draw()

    def _head(self, view: View, counts: str) -> Content:
        """Title and counts; who is present and how proven; this computer and its clock."""
        session = view.session
        people: list[Part] = [("● ", "$accent"), (session.person.name, "bold"), " (signed in)"]
        if session.second is not None:
            proof = PROOFS[session.second.proof]
            people += [("  ● ", "$accent"), (session.second.person.name, "bold"), f" ({proof})"]
        else:
            people += [("  ○ ", "$care"), "nobody beside you (F2)"]
        fixed = view.case.computer
        place = ", ".join(part for part in ((fixed.name, fixed.place) if fixed else (session.computer,)) if part)
        other = fixed is not None and fixed.id != session.computer_id
        computer: list[Part] = [("! Not at the first computer, ", "$care") if other else "At ", place]
        clock: Part = (
            ("; clock compared", "$quiet") if session.clock_compared else ("; clock not compared yet", "$care")
        )
        title = "Record of reviewing devices / internet sites" if self.size.width >= FORM_TITLE else "Reviewed"
        head: list[Part] = [(title, "bold $accent"), (f"  {counts}", "$quiet")]
        return Content("\n").join([line(*head), line(*people), line(*computer, clock)])

    # -- choosing

    @property
    def choices(self) -> Choices:
        """What can be done, by number."""
        return self.query_one(Choices)

    def action_digit(self, digit: str) -> None:
        number = self._digits.number(digit, len(self.choices.rows))
        if number is not None:
            self.choices.choose(number)

    def action_move(self, by: int) -> None:
        self.choices.move(by)

    def action_page(self, pages: int) -> None:
        page = self.query_one("#evidence-kept")
        page.scroll_page_down(animate=False) if pages > 0 else page.scroll_page_up(animate=False)

    @on(Choices.Changed)
    def _changed(self, event: Choices.Changed) -> None:
        event.stop()
        if (row := self.choices.chosen_row) is not None:
            row.scroll_visible(animate=False)

    @on(ChoiceRow.Pressed)
    def _pressed(self, event: ChoiceRow.Pressed) -> None:
        event.stop()
        self.action_do() if event.again else self.choices.choose(event.row.number)

    def action_do(self) -> None:
        chosen = self.choices.chosen
        if chosen is None:
            self.app.notify("Choose one of the numbers first.", timeout=3, markup=False)
        elif chosen.id == review.ON:
            self.action_go_on()
        elif chosen.id in review.OF_THE_QUESTION:
            self.desk.over(Place("step", self._ref, chosen.id))
        else:
            self.desk.over_case(self._ref, chosen.id)

    def action_go_on(self) -> None:
        """To the question where the procedure waits."""
        from esafety_tui.screens.wizard import WizardScreen

        below = self.app.screen_stack[-2] if len(self.app.screen_stack) > 1 else None
        if isinstance(below, BaseScreen) and below.place() == Place("wizard", self._ref):
            self.dismiss("")
        else:
            self.app.switch_screen(WizardScreen(self._ref))

    # -- beside them

    def action_form(self) -> None:
        self.desk.over(Place("form", self._ref))

    def action_bundle(self) -> None:
        self.desk.over(Place("bundle", self._ref))

    def action_task(self, task: str) -> None:
        self.desk.over_case(self._ref, task)

    def action_tasks(self) -> None:
        self.desk.offer_tasks(self._ref)

    def action_record(self) -> None:
        self.toggle_class("-record")
        self._draw()

    async def recorded(self, said: str) -> None:
        await self.renew(said)

    def action_leave(self) -> None:
        self.dismiss("")
