"""Set-up: one question after another, the recovery sheets shown once among them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from esafety_tui.desk.asks import Ask, Reply
from esafety_tui.desk.school.setup import Setup
from esafety_tui.screens.asking import Asking
from esafety_tui.screens.base import Place
from esafety_tui.widgets.askpanel import AskPanel
from esafety_tui.widgets.sofar import SoFar

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session


class SetUpScreen(Asking):
    """Drives a Setup. It is left by finishing, or by escape before the log is made."""

    NAME = "Set the school up"
    ABOUT = (
        "One question at a time; b goes back to the one before. Nothing of it stands in the way of a record: if "
        "something happens meanwhile, press escape and choose start now."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("b", "back", "Back", tooltip="Back to the question before", id="back"),
    ]

    def __init__(self, setup: Setup) -> None:
        super().__init__()
        self._setup = setup

    def body(self) -> ComposeResult:
        yield AskPanel(record="Go on")
        yield SoFar(empty="")

    async def ready(self) -> None:
        self.desk.setup = self._setup
        await self._renew()

    def place(self) -> Place | None:
        return Place("setup")

    async def _renew(self, said: str = "") -> None:
        ask = self._setup.ask()
        if ask is None:
            self._finish(self._setup.finish())
            return
        self.query_one(SoFar).show(ask.so_far, said)
        await self.panel.show(ask)

    def _finish(self, session: Session) -> None:
        self.desk.setup = None
        if self.desk.session is session:
            self.dismiss(None)
        else:
            self.desk.enter(session)

    async def action_back(self) -> None:
        if self._setup.back():
            await self._renew()

    def go_back(self) -> None:
        # Once the log is made its sheets are shown here and nowhere else: set-up is then gone through to its end.
        if not self._setup.sheets and (self._setup.session is None or self.desk.session is not None):
            self.desk.setup = None
            self.dismiss(None)

    def send(self, ask: Ask, reply: Reply) -> Callable[[], object]:
        return lambda: self._setup.reply(reply)

    async def saved(self, result: object) -> None:
        await self._renew(str(result))
