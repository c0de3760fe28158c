"""The short record of an everyday incident: six fields, under a minute."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult

from esafety_tui.desk.asks import Ask, Reply
from esafety_tui.screens.asking import Asking
from esafety_tui.screens.base import Place
from esafety_tui.widgets.askpanel import AskPanel

if TYPE_CHECKING:
    from esafety_tui.desk.casework import Saved

#: Under this key what is typed and not yet recorded is kept; a slip has no reference yet.
DRAFT = "slip"


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
        kept = self.session.drafts.load(DRAFT)
        draft = Reply(str(kept["choice"]), dict(kept["fields"])) if kept else None
        await self.panel.show(self.session.slips.ask(), draft)

    def place(self) -> Place | None:
        return Place("slip")

    def keep_draft(self, ask: Ask, draft: Reply) -> Callable[[], None] | None:
        session = self.session
        body = {"choice": draft.choice, "fields": dict(draft.fields)}
        # R17: on a quiet computer nothing more is written.
        return None if session.quiet_ref else lambda: session.drafts.save(DRAFT, body)

    def send(self, ask: Ask, reply: Reply) -> Callable[[], object]:
        session = self.session

        def job() -> tuple[str, Saved]:
            saved = session.slips.reply(reply)
            session.drafts.remove(DRAFT)
            return reply.choice, saved

        return job

    async def saved(self, result: object) -> None:
        choice, saved = cast("tuple[str, Saved]", result)
        if choice == "full":
            from esafety_tui.screens.wizard import WizardScreen

            self.app.switch_screen(WizardScreen(saved.ref))
            return
        self.app.notify(f"Saved as {saved.ref}. Here is the next slip.", markup=False)
        await self._next()
