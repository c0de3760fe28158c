"""One question of the desk in a box: a new colleague, a policy to adopt, the words for the bound book."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult

from esafety_tui.desk.asks import Ask, Reply
from esafety_tui.screens.asking import Asking
from esafety_tui.screens.base import Dialog
from esafety_tui.screens.running import Progress
from esafety_tui.widgets.askpanel import AskPanel


class FormDialog(Dialog, Asking):
    """Asks `ask` and gives the reply to `job`. name: of the screen that it lies over. Dismissed with what the job gave,
    or None."""

    NAME = "People and settings"
    ABOUT = "Fill in what is asked and press Enter; escape leaves without doing it."

    def __init__(self, ask: Ask, job: Callable[[Reply], object], record: str = "Record it", name: str = NAME) -> None:
        super().__init__()
        self.NAME = name
        self._ask, self._job, self._record = ask, job, record

    def body(self) -> ComposeResult:
        yield AskPanel(record=self._record)

    async def ready(self) -> None:
        await self.panel.show(self._ask)

    def send(self, ask: Ask, reply: Reply) -> Callable[[], object]:
        return lambda: self._job(reply)

    async def saved(self, result: object) -> None:
        self.dismiss(result if result is not None else "Done.")


class LongFormDialog(FormDialog):
    """The same for what takes long: `job` is told how far it is by what it is given, and can be stopped."""

    DOING = "Giving the log a new key"

    def __init__(self, ask: Ask, job: Callable[[Reply, Progress | None], object], record: str = "Record it") -> None:
        super().__init__(ask, lambda reply: job(reply, None), record)
        self._long = job

    def send_long(self, ask: Ask, reply: Reply) -> Callable[[Progress], object] | None:
        return lambda progress: self._long(reply, progress)
