"""Everything that can be done with a case beside its present question, as numbers."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult

from esafety_tui.desk.asks import Ask, Choice, Reply
from esafety_tui.errors import EsafetyError
from esafety_tui.screens.asking import Asking
from esafety_tui.screens.base import Dialog
from esafety_tui.widgets.askpanel import AskPanel


class TasksDialog(Dialog, Asking):
    """Dismissed with the id of the chosen task, or None."""

    NAME = "What else can be done"
    ABOUT = "Choose by number, or type a word of it; escape goes back to the question."
    IN_CASE = True

    def __init__(self, ref: str) -> None:
        super().__init__()
        self._ref = ref

    def body(self) -> ComposeResult:
        yield AskPanel(record="Choose")

    def where(self) -> str:
        return f"Incident {self._ref}"

    async def ready(self) -> None:
        try:
            tasks = self.session.casework.tasks(self._ref)
        except EsafetyError as error:
            self.desk.tell(error)
            self.dismiss(None)
            return
        choices = tuple(
            Choice(task.id, f"{task.title}  ({task.key})" if task.key else task.title, refused=task.refused)
            for task in tasks
        )
        await self.panel.show(Ask("tasks", "What else can be done now", choices, kind="task"))

    def send(self, ask: Ask, reply: Reply) -> Callable[[], object]:
        return lambda: reply.choice

    async def saved(self, result: object) -> None:
        self.dismiss(result)
