"""People and settings: set-up, colleagues, the policy, this computer's clock, the bound book, the check of the log."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult

from esafety_tui.desk.asks import Ask, Choice, Reply
from esafety_tui.screens.asking import Asking
from esafety_tui.screens.base import Dialog, Place
from esafety_tui.screens.book import BookDialog
from esafety_tui.screens.form import FormDialog, LongFormDialog
from esafety_tui.widgets.askpanel import AskPanel

MENU = (
    Choice("person", "Add a colleague"),
    Choice("adopt", "Adopt a policy"),
    Choice("sheets", "Make new recovery sheets"),
    Choice("anchor", "Copy the words into the bound book"),
    Choice("verify", "Check the whole log"),
    Choice("copies", "Backups, and when the computer is taken away"),
    Choice("logins", "End a login, or change a role"),
    Choice("password", "Change your password"),
    Choice("trail", "Who opened, printed and exported what"),
)
SET_UP = Choice("setup", "Set the school up", help="School, policy, colleagues, recovery sheets, telephone numbers.")


class SettingsDialog(Dialog, Asking):
    """A menu; each entry opens its own box."""

    NAME = "People and settings"
    ABOUT = "Choose by number. Escape goes back."

    def body(self) -> ComposeResult:
        yield AskPanel(record="Choose")

    async def ready(self) -> None:
        await self._menu()

    async def _menu(self) -> None:
        # Nine at most, so that one digit chooses: who started alone has nobody whose login could end.
        alone = tuple(choice for choice in MENU if choice.id != "logins")
        choices = (SET_UP, *alone) if self.session.kind == "provisional" else MENU
        people = tuple(
            f"{one['name']}, {one['title']}, login {one['login']}"
            for one in self.session.people.list()
            if one["active"]
        )
        await self.panel.show(Ask("settings", "People and settings", choices, ("Here: " + "; ".join(people),)))

    def place(self) -> Place | None:
        return Place("settings")

    def send(self, ask: Ask, reply: Reply) -> Callable[[], object]:
        return lambda: reply.choice

    async def saved(self, result: object) -> None:
        self.panel.rest()
        self.open_box(str(result))

    def reopen(self, box: str) -> bool:
        self.open_box(box)
        return True

    def open_box(self, box: str) -> None:
        people = self.session.people
        match box:
            case "setup":
                self._set_up()
            case "person":
                self._form(box, people.add_ask(), people.add_reply)
            case "logins":
                dialog = LongFormDialog(people.logins_ask(), people.logins_reply, box=box)
                self.app.push_screen(dialog, self._told)
            case "password":
                self._form(box, people.password_ask(), people.password_reply)
            case "trail":
                from esafety_tui.screens.trail import TrailDialog

                self.app.push_screen(TrailDialog())
            case "adopt":
                self._form(box, people.adopt_ask(), people.adopt_reply)
            case "sheets":
                self._sheets()
            case "anchor":
                self.app.push_screen(BookDialog(), self._told)
            case "verify":
                from esafety_tui.screens.verify import VerifyDialog

                self.app.push_screen(VerifyDialog())
            case _:
                self.desk.over(Place("copies"))

    def _set_up(self) -> None:
        from esafety_tui.desk.school.setup import Setup
        from esafety_tui.screens.setup import SetUpScreen

        self.app.switch_screen(SetUpScreen(Setup(self.session.home, self.session)))

    def _sheets(self) -> None:
        sheets = self.session.sheets
        self._form("sheets", sheets.ask(), sheets.reply)

    def _form(self, box: str, ask: Ask, job: Callable[[Reply], object]) -> None:
        self.app.push_screen(FormDialog(ask, job, box=box), self._told)

    async def _told(self, said: object) -> None:
        if said is not None:
            self.app.notify(str(said), markup=False)
            await self._menu()
        if self.session.sheets.open:
            self._sheets()  # They are on paper before anything else goes on.
