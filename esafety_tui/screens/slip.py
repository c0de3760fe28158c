"""The short record of an everyday incident: six fields, under a minute."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult

from esafety_tui.desk.asks import Ask, Reply
from esafety_tui.errors import EsafetyError
from esafety_tui.screens.asking import Asking
from esafety_tui.screens.base import Place
from esafety_tui.widgets.askpanel import AskPanel

if TYPE_CHECKING:
    from esafety_tui.desk.case.casework import Saved


class SlipScreen(Asking):
    """One slip after another; escape goes home."""

    NAME = "Everyday incident"
    ABOUT = (
        "For what you know, what nobody has to look at, and what was dealt with at once. Anything else goes through "
        "the full procedure: choose 2. After saving, the next slip can be written; escape goes home."
    )

    def body(self) -> ComposeResult:
        yield AskPanel()

    async def ready(self) -> None:
        await self._next()

    async def _next(self) -> None:
        try:
            ask, draft = self.session.slips.ask(), self.session.slips.draft()
        except EsafetyError as error:  # nothing new can be written here, or not any more
            self.desk.tell(error)
            self.go_back()
            return
        await self.panel.show(ask, draft)

    def place(self) -> Place | None:
        return Place("slip")

    def keep_draft(self, ask: Ask, draft: Reply) -> Callable[[], None] | None:
        return partial(self.session.slips.save_draft, draft.choice, dict(draft.fields))

    def send(self, ask: Ask, reply: Reply) -> Callable[[], object]:
        session = self.session

        def job() -> tuple[str, Saved]:
            return reply.choice, session.slips.reply(reply)

        return job

    async def saved(self, result: object) -> None:
        choice, saved = cast("tuple[str, Saved]", result)
        if choice == "full":
            from esafety_tui.screens.wizard import WizardScreen

            self.app.switch_screen(WizardScreen(saved.ref))
            return
        self.app.notify(f"Saved as {saved.ref}. Here is the next slip.", markup=False)
        await self._next()
