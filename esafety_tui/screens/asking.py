"""What screens with a question share: the keys for the panel, sending the answer to the desk, keeping drafts."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType

from esafety_tui.desk.asks import Ask, Reply
from esafety_tui.errors import EsafetyError
from esafety_tui.screens.base import Told
from esafety_tui.screens.running import Progress, Running
from esafety_tui.widgets.askpanel import AskPanel

REPLY = "reply"


def _digit(digit: int) -> Binding:
    return Binding(str(digit), f"digit('{digit}')", "Choose", show=False, id=f"choose.{digit}")


class Asking(Running):
    """A screen with one AskPanel. Subclasses give the question, send the reply and go on when it was saved."""

    DOING = "Keeping the file"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "record", "Record", show=False, tooltip="Record the chosen answer", id="record"),
        Binding(
            "ctrl+r",
            "record_now",
            "Record",
            show=False,
            tooltip="Record the answer as it stands, from any field",
            id="record-now",
        ),
        Binding("up", "move(-1)", "Up", show=False, id="up"),
        Binding("down", "move(1)", "Down", show=False, id="down"),
        Binding("pageup", "page(-1)", "Page up", show=False, id="page-up"),
        Binding("pagedown", "page(1)", "Page down", show=False, id="page-down"),
        *(_digit(digit) for digit in range(10)),
    ]

    @property
    def panel(self) -> AskPanel:
        """The panel with the question."""
        return self.query_one(AskPanel)

    def send(self, ask: Ask, reply: Reply) -> Callable[[], object]:
        """The job that gives the reply to the desk, for a thread."""
        raise NotImplementedError

    def send_long(self, ask: Ask, reply: Reply) -> Callable[[Progress], object] | None:
        """The same for an answer that takes long: with its progress, and to be stopped. None for every other."""
        return None

    async def saved(self, result: object) -> None:
        """The desk has it: go on."""
        raise NotImplementedError

    def keep_draft(self, ask: Ask, draft: Reply) -> Callable[[], None] | None:
        """The job that keeps a draft, for a thread; None where drafts cannot be kept yet."""
        return None

    def keep(self) -> Callable[[], None] | None:
        if not self.query(AskPanel):
            return None
        panel = self.panel
        draft = panel.draft()
        return self.keep_draft(panel.ask, draft) if panel.ask and draft else None

    def forget(self) -> None:
        self.panel.forget_secrets()

    def in_field(self) -> str:
        fields = (self.panel.group if self.query(AskPanel) else None) or ()
        return next((box.field.id for box in fields if box.entry is self.focused), "")

    def to_field(self, id: str) -> None:
        for box in (self.panel.group if self.query(AskPanel) else None) or ():
            if box.field.id == id:
                box.entry.focus()

    def go_back(self) -> None:
        job = self.keep()
        if job is not None:
            # At once, not in a thread: whoever comes straight back has to find it.
            try:
                job()
            except EsafetyError as error:
                self.desk.tell(error)
        self.dismiss(None)

    async def action_record(self) -> None:
        await self.panel.enter()

    def action_record_now(self) -> None:
        self.panel.record()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action == "record_now" or super().check_action(action, parameters)

    def action_digit(self, digit: str) -> None:
        self.panel.digit(digit)

    def action_move(self, by: int) -> None:
        self.panel.move(by)

    def action_page(self, pages: int) -> None:
        self.panel.scroll(pages)

    @on(AskPanel.Answered)
    def _answered(self, event: AskPanel.Answered) -> None:
        event.stop()
        long = self.send_long(event.ask, event.reply)
        if long is not None:
            self.run_long(REPLY, long)
        else:
            self.ask_desk(REPLY, self.send(event.ask, event.reply))

    @on(AskPanel.Paused)
    def _paused(self, event: AskPanel.Paused) -> None:
        event.stop()
        job = self.keep_draft(event.ask, event.draft)
        if job is not None:
            self.desk.keep_draft(job)

    async def on_told(self, event: Told) -> None:
        """The desk answered. An error leaves everything typed where it is."""
        event.stop()
        self.ended()
        if event.error is not None:
            if event.job == REPLY:
                self.panel.refused(event.error)
            else:
                self.desk.tell(event.error)
        elif event.job == REPLY:
            await self.saved(event.result)
        else:
            await self.told(event.job, event.result)

    async def told(self, job: str, result: object) -> None:
        """Another job's result came back."""
