"""Start now: a name and a password, then the first question of the procedure."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult

from esafety_tui.desk import opening
from esafety_tui.desk.asks import Ask, Choice, Reply
from esafety_tui.screens.asking import Asking
from esafety_tui.screens.base import Place
from esafety_tui.screens.form import FormDialog
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
        await self.panel.show(opening.start_ask(), self.desk.begun)

    def go_back(self) -> None:
        # What was typed waits in memory until the program ends; passwords do not.
        self.desk.begun = self.panel.draft() or self.desk.begun
        self.dismiss(None)

    def send(self, ask: Ask, reply: Reply) -> Callable[[], object]:
        def start() -> tuple[Session, str]:
            session = opening.start_reply(self.desk.home, reply)
            return session, session.casework.begin()

        return start

    async def saved(self, result: object) -> None:
        session, ref = cast("tuple[Session, str]", result)
        self.desk.begun = None
        login = session.person.login
        if self.desk.enter(session, (Place("wizard", ref),)):
            self.app.push_screen(LoginDialog(login))


class LoginDialog(FormDialog):
    """The login that was made, until enter says that it is written down: nobody is let in again without it."""

    NAME = "Your login"
    IN_CASE = True
    ABOUT = "Write the login down and press Enter. It was made of your name; you need it with your password."

    def __init__(self, login: str) -> None:
        ask = Ask(
            "login",
            f"Your login is {login}",
            (Choice("done", "I have written it down"),),
            ("Write it down; you need it with your password. Nobody else can open this log.",),
        )
        super().__init__(ask, lambda reply: None, "Go on")

    async def saved(self, result: object) -> None:
        self.dismiss(None)
