"""One question of the desk in a box: a new colleague, a policy to adopt, the words for the bound book."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult

from esafety_tui.desk import boxes
from esafety_tui.desk.asks import Ask, Reply
from esafety_tui.errors import EsafetyError
from esafety_tui.screens.asking import Asking
from esafety_tui.screens.base import Dialog
from esafety_tui.screens.running import Progress
from esafety_tui.widgets.askpanel import AskPanel


class FormDialog(Dialog, Asking):
    """Asks `ask` and gives the reply to `job`. Dismissed with what the job gave, or None.

    name: of the screen that it lies over; box: under which that screen's `reopen` knows it, so that it is there again
    after a lock, with what was typed; ref: of the case that it is about.
    """

    NAME = "People and settings"
    ABOUT = "Fill in what is asked and press Enter; escape leaves without doing it."

    def __init__(
        self, ask: Ask, job: Callable[[Reply], object], record: str = "Record it", name: str = "",
        box: str = "", ref: str = "",
    ) -> None:  # fmt: skip
        super().__init__()
        self.NAME, self.box = name or self.NAME, box
        self._ask, self._job, self._record, self._ref = ask, job, record, ref

    def body(self) -> ComposeResult:
        yield AskPanel(record=self._record)

    async def ready(self) -> None:
        try:
            draft = boxes.load(self.session, self.box, self._ref) if self.box else None
        except EsafetyError as error:
            self.desk.tell(error)
            draft = None
        await self.panel.show(self._ask, draft)

    def send(self, ask: Ask, reply: Reply) -> Callable[[], object]:
        return self._once(lambda: self._job(reply))

    def _once(self, job: Callable[[], object]) -> Callable[[], object]:
        """The job, after which nothing of what was typed waits any more."""
        session, box, ref = self.desk.session, self.box, self._ref

        def done() -> object:
            result = job()
            if session is not None and box:
                boxes.forget(session, box, ref)
            return result

        return done

    def keep_draft(self, ask: Ask, draft: Reply) -> Callable[[], None] | None:
        session, box, ref = self.desk.session, self.box, self._ref
        return (lambda: boxes.save(session, box, draft, ref)) if session is not None and box else None

    async def saved(self, result: object) -> None:
        self.dismiss(result if result is not None else "Done.")

    def go_back(self) -> None:
        """Left by somebody: nothing of it waits, unlike after a lock."""
        if self.box:
            try:
                boxes.forget(self.session, self.box, self._ref)
            except EsafetyError as error:
                self.desk.tell(error)
        self.dismiss(None)


class LongFormDialog(FormDialog):
    """The same for what takes long: `job` is told how far it is by what it is given, and can be stopped."""

    DOING = "Giving the log a new key"

    def __init__(
        self, ask: Ask, job: Callable[[Reply, Progress | None], object], record: str = "Record it", box: str = ""
    ) -> None:
        super().__init__(ask, lambda reply: job(reply, None), record, box=box)
        self._long = job

    def send_long(self, ask: Ask, reply: Reply) -> Callable[[Progress], object] | None:
        def job(progress: Progress) -> object:
            return self._once(lambda: self._long(reply, progress))()

        return job
