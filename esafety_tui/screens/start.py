"""Start now: a name and a password, then the first question of the procedure."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult

from esafety_tui.desk import opening
from esafety_tui.desk.asks import Ask, Reply
from esafety_tui.screens.asking import Asking
from esafety_tui.screens.base import Place
from esafety_tui.widgets.askpanel import AskPanel

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session


class StartScreen(Asking):
    """The one screen between nothing and a first record."""

    NAME = "Start now"
    ABOUT = "Your name goes into the record; the password keeps it closed to others. Everything else can wait."

    def body(self) -> ComposeResult:
        yield AskPanel(record="Start")

    async def ready(self) -> None:
        await self.panel.show(opening.start_ask())

    def go_back(self) -> None:
        self.dismiss(None)

    def send(self, ask: Ask, reply: Reply) -> Callable[[], object]:
        def start() -> tuple[Session, str]:
            session = opening.start_reply(self.desk.home, reply)
            return session, session.casework.begin()

        return start

    async def saved(self, result: object) -> None:
        session, ref = cast("tuple[Session, str]", result)
        self.desk.enter(session, (Place("wizard", ref),))
        self.app.notify(
            f"Your login is {session.person.login}. You need it with your password.", timeout=15, markup=False
        )
