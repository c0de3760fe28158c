"""People and settings: set-up, colleagues, the policy, this computer's clock, the bound book, the check of the log."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult

from esafety_tui.desk.asks import Ask, Choice, Field, Reply
from esafety_tui.screens.asking import Asking
from esafety_tui.screens.base import Dialog, Place
from esafety_tui.screens.form import FormDialog
from esafety_tui.widgets.askpanel import AskPanel

MENU = (
    Choice("person", "Add a colleague"),
    Choice("adopt", "Adopt a policy"),
    Choice("clock", "Compare this computer's clock with another"),
    Choice("anchor", "Copy the words into the bound book"),
    Choice("verify", "Check the whole log"),
    Choice("colours", "Change the colours"),
)
SET_UP = Choice("setup", "Set the school up", help="School, policy, colleagues, recovery sheets, telephone numbers.")


class SettingsDialog(Dialog, Asking):
    """A menu; each entry opens its own box."""

    CSS_PATH = "task.tcss"
    NAME = "People and settings"
    ABOUT = "Choose by number. Escape goes back."

    def body(self) -> ComposeResult:
        yield AskPanel(record="Choose")

    async def on_mount(self) -> None:
        await self._menu()

    async def _menu(self) -> None:
        choices = (SET_UP, *MENU) if self.session.kind == "provisional" else MENU
        people = tuple(f"{one['name']}, {one['title']}" for one in self.session.people.list() if one["active"])
        await self.panel.show(Ask("settings", "People and settings", choices, ("Here: " + "; ".join(people),)))

    def place(self) -> Place | None:
        return Place("settings")

    def send(self, ask: Ask, reply: Reply) -> Callable[[], object]:
        return lambda: reply.choice

    async def saved(self, result: object) -> None:
        self.panel.rest()
        people, care = self.session.people, self.session.care
        match result:
            case "setup":
                self._set_up()
            case "person":
                self._form(people.add_ask(), people.add_reply)
            case "adopt":
                self._form(people.adopt_ask(), people.adopt_reply)
            case "clock":
                self._form(CLOCK, lambda reply: _difference(care.check_clock(reply.fields.get("other", ""))))
            case "anchor":
                self.app.push_screen(anchor_form(*care.anchor(), care.record_anchor), self._told)
            case "verify":
                from esafety_tui.screens.verify import VerifyDialog

                self.app.push_screen(VerifyDialog())
            case _:
                self.desk.action_colours()

    def _set_up(self) -> None:
        from esafety_tui.desk.setup import Setup
        from esafety_tui.screens.setup import SetUpScreen

        self.app.switch_screen(SetUpScreen(Setup(self.session.home, self.session)))

    def _form(self, ask: Ask, job: Callable[[Reply], object]) -> None:
        self.app.push_screen(FormDialog(ask, job), self._told)

    async def _told(self, said: object) -> None:
        if said is not None:
            self.app.notify(str(said), markup=False)
            await self._menu()


CLOCK = Ask(
    "clock", "What time does another clock say?",
    (Choice("record", "Record it", (Field("other", "Your telephone or a radio-controlled clock says", help="Empty: the same as here."),)),),
    ("Times in the record come from this computer. Once in a sitting they are compared, and the difference is kept.",),
)  # fmt: skip


def _difference(minutes: int) -> str:
    return "The clocks agree." if minutes == 0 else f"Recorded: this computer is {minutes:+d} minutes apart."


def anchor_form(seq: int, words: str, digits: str, record: Callable[[], None]) -> FormDialog:
    """The box with the entry number and the words, to be copied by hand."""
    ask = Ask(
        "anchor", "Copy this into the bound book, by hand",
        (Choice("done", "It is copied, with today's date and my signature"),),
        (f"{seq}   {words}", f"In full: {digits}",
         "On paper it proves later that nothing before this entry was changed."),
    )  # fmt: skip

    def job(reply: Reply) -> str:
        record()
        return "Recorded: the words were copied."

    return FormDialog(ask, job)
