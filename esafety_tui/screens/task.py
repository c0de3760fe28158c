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

    CSS_PATH = "task.tcss"
    NAME = "Beside the question"
    ABOUT = "Choose, fill in what is asked and press Enter. Escape leaves without recording; what you typed is kept."
    IN_CASE = True

    def __init__(self, ref: str, task: str) -> None:
        super().__init__()
        self._ref, self._task = ref, task

    def body(self) -> ComposeResult:
        yield AskPanel()

    async def on_mount(self) -> None:
        try:
            ask = self.session.casework.task_ask(self._ref, self._task)
            draft = self.session.casework.draft(self._ref, ask.id)
        except EsafetyError as error:
            self.desk.tell(error)
            self.dismiss(None)
            return
        await self.panel.show(ask, draft)

    def place(self) -> Place | None:
        return Place("task", self._ref, self._task)

    def go_back(self) -> None:
        job = self.keep()
        if job is not None:
            self.ask_desk("draft", job)
        self.dismiss(None)

    def send(self, ask: Ask, reply: Reply) -> Callable[[], object]:
        casework, ref, task = self.session.casework, self._ref, self._task
        return lambda: casework.task_reply(ref, task, reply)

    def keep_draft(self, ask: Ask, draft: Reply) -> Callable[[], None] | None:
        casework, ref = self.session.casework, self._ref
        return lambda: casework.save_draft(ref, ask.id, draft.choice, draft.fields)

    async def saved(self, result: object) -> None:
        self.dismiss(result)
