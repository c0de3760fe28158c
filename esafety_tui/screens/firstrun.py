"""The very first screen: the card, and three numbers. Nothing has to be set up before something can be written down."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult
from textual.containers import VerticalScroll

from esafety_tui.desk import opening
from esafety_tui.desk.asks import Ask, Choice, Reply
from esafety_tui.screens import doors
from esafety_tui.screens.asking import Asking
from esafety_tui.widgets.askpanel import AskPanel
from esafety_tui.widgets.card import FirstMinute

START, SET_UP, CARD, RESTORE = "start", "setup", "card", "restore"
WELCOME = Ask(
    "welcome",
    "What do you need now?",
    (
        Choice(START, "Something has happened: start now"),
        Choice(SET_UP, "Set the school up"),
        Choice(CARD, "Show the card larger"),
        Choice(RESTORE, "Put a log back from a backup"),
    ),
)


class FirstRunScreen(Asking):
    """The card on top, the three ways in below."""

    NAME = "esafety"
    CAN_LEAVE = False
    ABOUT = (
        "Press 1 and Enter if something has happened: nothing has to be set up first. Press 2 in a quiet hour to enter "
        "your school, your colleagues and your telephone numbers. The card above needs no password. Press 4 if this "
        "school has a log already, and this computer is to go on with it from the stick."
    )

    def body(self) -> ComposeResult:
        with VerticalScroll(id="first-card", can_focus=False):
            yield FirstMinute(*opening.first_card(self.desk.home))
        yield AskPanel(record="Go on")

    async def ready(self) -> None:
        await self.panel.show(WELCOME)

    def send(self, ask: Ask, reply: Reply) -> Callable[[], object]:
        return lambda: reply.choice

    async def saved(self, result: object) -> None:
        from esafety_tui.desk.school.setup import Setup
        from esafety_tui.screens.setup import SetUpScreen
        from esafety_tui.screens.start import StartScreen

        self.panel.rest()
        if result == START:
            self.app.push_screen(StartScreen())
        elif result == SET_UP:
            self.app.push_screen(SetUpScreen(Setup(self.desk.home)))
        elif result == RESTORE:
            from esafety_tui.screens.restoring import RestoreDialog

            self.app.push_screen(RestoreDialog(self.desk.home), self._put_back)
        else:
            self.desk.action_card()

    def _put_back(self, done: object) -> None:
        """There is a log now: to its door."""
        if done is not None:
            self.desk.look_at_home()
            self.app.push_screen(doors.unlock())
