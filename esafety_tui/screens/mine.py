"""What was recorded or signed in your name since you were last here: confirmed, or disputed (R1)."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult

from esafety_tui.desk.asks import Ask, Choice, Field, Option, Reply
from esafety_tui.screens.asking import Asking
from esafety_tui.screens.base import Place
from esafety_tui.widgets.askpanel import AskPanel

RIGHT, WRONG = "right", "wrong"


class MineScreen(Asking):
    """The lines, and two answers."""

    NAME = "Recorded in your name"
    ABOUT = (
        "These entries name you although somebody else was at the keyboard. Press 1 if all of it is right. Press 2 if "
        "one of them is not: nothing is erased, your words are put beside it."
    )

    def body(self) -> ComposeResult:
        yield AskPanel()

    async def ready(self) -> None:
        await self._renew()

    def place(self) -> Place | None:
        return Place("mine")

    async def _renew(self) -> None:
        lines = self.session.mine()
        if not lines:
            self.dismiss(None)
            return
        listed = tuple(Option(str(one.seq), f"{one.at}: {one.text}") for one in lines)
        fields = (
            Field("entry", "Which one", "pick", True, options=listed, value=listed[0].id),
            Field("reason", "What is wrong with it", "text", True),
        )
        ask = Ask(
            "mine", "This was recorded in your name since you were last here",
            (Choice(RIGHT, "All of it is right"), Choice(WRONG, "One of them is not right", fields)),
            tuple(f"{one.at}   {one.text}" for one in lines),
        )  # fmt: skip
        await self.panel.show(ask)

    def send(self, ask: Ask, reply: Reply) -> Callable[[], object]:
        session = self.session

        def answer() -> None:
            if reply.choice == RIGHT:
                session.confirm_mine()
            else:
                session.dispute(int(reply.fields["entry"]), reply.fields.get("reason", ""))

        return answer

    async def saved(self, result: object) -> None:
        await self._renew()
