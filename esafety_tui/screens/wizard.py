"""The wizard: the chart with the way taken at the left, the present question at the right, the record so far below."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical

from esafety_tui.desk.asks import Ask, Reply
from esafety_tui.errors import EsafetyError
from esafety_tui.screens.base import Place
from esafety_tui.screens.incase import InCase
from esafety_tui.widgets.askpanel import AskPanel
from esafety_tui.widgets.flowmap import FlowMap
from esafety_tui.widgets.sofar import SoFar

if TYPE_CHECKING:
    from esafety_tui.desk.case.casework import Saved


class WizardScreen(InCase):
    """One case at its present question."""

    NAME = "The procedure, step by step"
    ABOUT = (
        "One question at a time. Press the number of an answer, fill in what it asks for, and press Enter: then it is "
        "recorded, and the next question comes. Nothing is recorded before that, and what you typed is kept. The chart "
        "shows where you are. If it may be illegal, press F8 at any time. To stop for now, press escape: the case "
        "waits at this question."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "b",
            "task('back')",
            "Back",
            tooltip="Back to an earlier question; what was recorded stays",
            id="back",
        ),
        Binding("a", "task('note')", "Note", tooltip="Add a note to this incident", id="note"),
        Binding("t", "tasks", "More", tooltip="Everything else that can be done with this incident", id="tasks"),
        Binding("m", "map", "Chart", tooltip="Show or hide the chart", id="map"),
        Binding("e", "evidence", "Evidence", tooltip="Rows, screenshots, devices: the review", id="evidence"),
        Binding("v", "case", "Record", tooltip="The whole record of this incident", id="view"),
        Binding("p", "policy", "Policy", tooltip="The passage of the policy that applies now", id="policy"),
        Binding("c", "task('correct')", "Correct", tooltip="Put a correction beside an entry", id="correct"),
        Binding("escape", "leave", "Home", tooltip="Out of a field, or home; the case waits here", id="leave"),
    ]

    def __init__(self, ref: str) -> None:
        super().__init__()
        self._ref = ref
        self._looking = False

    def body(self) -> ComposeResult:
        with Horizontal(id="wizard"):
            yield FlowMap(id="map")
            with Vertical(id="question"):
                yield AskPanel()
                yield SoFar()

    def looks(self) -> bool:
        return self._looking or super().looks()

    def place(self) -> Place | None:
        return Place("wizard", self._ref)

    async def ready(self) -> None:
        await self.renew()

    async def renew(self, said: str = "", answered: bool = False) -> None:
        """Show the present question, its draft and the chart as they are now; `said` is what was just saved.

        answered: what stands in the panel is recorded; else it stays there, if the question is still the same.
        """
        casework = self.session.casework
        try:
            casework.saw(self._ref)
            ask, boxes = casework.ask(self._ref), casework.boxes(self._ref)
            self._looking = casework.view(self._ref).node.form == "review"
            self.note_look(self._ref)
            draft = casework.draft(self._ref, ask.id)
            if not answered and self.panel.ask and self.panel.ask.id == ask.id:
                draft = self.panel.draft() or draft
        except EsafetyError as error:
            self.desk.tell(error)
            self.dismiss(None)
            return
        self.name_bar()
        self.set_class(ask.lane == "illegal", "-illegal")
        self.query_one(FlowMap).show(boxes)
        self.query_one(SoFar).show(ask.so_far, said)
        await self.panel.show(ask, draft)

    # -- answering

    def send(self, ask: Ask, reply: Reply) -> Callable[[], object]:
        casework, ref = self.session.casework, self._ref
        return lambda: casework.reply(ref, reply)

    async def saved(self, result: object) -> None:
        await self.renew(cast("Saved", result).message, answered=True)
        self.desk.offer_pins()

    async def recorded(self, said: str) -> None:
        await self.renew(said)

    # -- beside the question

    def action_task(self, task: str) -> None:
        self.desk.over_case(self._ref, task)

    def action_tasks(self) -> None:
        self.desk.offer_tasks(self._ref)

    def action_case(self) -> None:
        from esafety_tui.screens.case import CaseScreen

        self.app.push_screen(CaseScreen(self._ref))

    def action_evidence(self) -> None:
        from esafety_tui.screens.evidence import EvidenceScreen

        self.app.push_screen(EvidenceScreen(self._ref), self.desk.recorded_over)

    def action_policy(self) -> None:
        self.desk.over(Place("policy", self._ref))

    def action_map(self) -> None:
        self.toggle_class("-map")
        self.query_one(FlowMap).refresh(layout=True)
