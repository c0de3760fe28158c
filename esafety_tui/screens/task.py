"""Something done with a case beside its present question (a note, a call, the second person ...), in a box over it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from textual.app import ComposeResult

from esafety_tui.desk.asks import Ask, Reply
from esafety_tui.errors import EsafetyError
from esafety_tui.screens.base import Dialog, Place
from esafety_tui.screens.incase import InCase
from esafety_tui.widgets.askpanel import AskPanel
from esafety_tui.widgets.review import LABELS


class TaskDialog(Dialog, InCase):
    """One task of a case. Dismissed with what the desk saved, or with None."""

    NAME = "Beside the question"
    ABOUT = "Choose, fill in what is asked and press Enter. Escape leaves without recording; what you typed is kept."

    def __init__(self, ref: str, task: str) -> None:
        super().__init__()
        self._ref, self._task_id = ref, task

    def body(self) -> ComposeResult:
        yield AskPanel()

    async def ready(self) -> None:
        try:
            ask = self.session.casework.task_ask(self._ref, self._task_id)
            draft = self.session.casework.draft(self._ref, f"task/{self._task_id}")
        except EsafetyError as error:
            self.desk.tell(error)
            self.dismiss(None)
            return
        await self.panel.show(ask, draft)

    def place(self) -> Place | None:
        return Place("task", self._ref, self._task_id)

    def send(self, ask: Ask, reply: Reply) -> Callable[[], object]:
        casework, ref, task = self.session.casework, self._ref, self._task_id
        return lambda: casework.task_reply(ref, task, reply)

    def draft_of(self, ask: Ask) -> str:
        return f"task/{self._task_id}"

    async def saved(self, result: object) -> None:
        self.dismiss(result)


class StepDialog(Dialog, InCase):
    """One answer of the present question, in a box over the evidence page. Dismissed as TaskDialog is."""

    NAME = "A step of the review"
    ABOUT = "Fill in what is asked and press Enter. Escape leaves without recording; what you typed is kept."

    def __init__(self, ref: str, choice: str) -> None:
        super().__init__()
        self._ref, self._choice = ref, choice

    def body(self) -> ComposeResult:
        yield AskPanel()

    async def ready(self) -> None:
        try:
            ask = self.session.casework.ask(self._ref)
            draft = self.session.casework.draft(self._ref, ask.id)
        except EsafetyError as error:
            self.desk.tell(error)
            self.dismiss(None)
            return
        choice = ask.choice(self._choice)
        if choice is None:
            # Something was recorded meanwhile that leads elsewhere.
            self.dismiss(None)
            return
        guidance = (choice.help,) if choice.help else ()
        alone = replace(
            ask, title=LABELS.get(choice.id, choice.label), choices=(replace(choice, help=""),), guidance=guidance,
            step=0, source="", acts="", protective=False,
        )  # fmt: skip
        await self.panel.show(alone, draft if draft and draft.choice == choice.id else None)

    def place(self) -> Place | None:
        return Place("step", self._ref, self._choice)

    def send(self, ask: Ask, reply: Reply) -> Callable[[], object]:
        casework, ref = self.session.casework, self._ref
        return lambda: casework.reply(ref, reply)

    async def saved(self, result: object) -> None:
        self.dismiss(result)
