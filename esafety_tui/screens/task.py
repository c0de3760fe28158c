"""Something done with a case beside its present question (a note, a call, the second person ...), in a box over it."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult

from esafety_tui.desk.asks import Ask, Reply
from esafety_tui.errors import EsafetyError
from esafety_tui.screens.asking import Asking
from esafety_tui.screens.base import Dialog, Place
from esafety_tui.widgets.askpanel import AskPanel


class TaskDialog(Dialog, Asking):
    """One task of a case. Dismissed with what the desk saved, or with None."""

    NAME = "Beside the question"
    ABOUT = "Choose, fill in what is asked and press Enter. Escape leaves without recording; what you typed is kept."
    IN_CASE = True

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

    def where(self) -> str:
        return f"Incident {self._ref}"

    def place(self) -> Place | None:
        return Place("task", self._ref, self._task_id)

    def send(self, ask: Ask, reply: Reply) -> Callable[[], object]:
        casework, ref, task = self.session.casework, self._ref, self._task_id
        return lambda: casework.task_reply(ref, task, reply)

    def keep_draft(self, ask: Ask, draft: Reply) -> Callable[[], None] | None:
        casework, ref, task = self.session.casework, self._ref, self._task_id
        return lambda: casework.save_draft(ref, f"task/{task}", draft.choice, dict(draft.fields))

    async def saved(self, result: object) -> None:
        self.dismiss(result)
