"""The password screen. The rest of the program is imported in a thread while the person types."""

from __future__ import annotations

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal, Vertical, VerticalScroll
from textual.widgets import Button, Input, Static

from esafety_tui.desk import loading, opening
from esafety_tui.errors import EsafetyError, NotLetInError, RefusedError
from esafety_tui.screens.base import BaseScreen, Told
from esafety_tui.widgets.card import FirstMinute
from esafety_tui.widgets.entry import SafeInput
from esafety_tui.widgets.prose import line, plain

UNLOCK = "unlock"
#: After start now there is nobody to ask for a forgotten login.
TOGETHER = "Together: the other's six digits. Alone: leave it empty."
LOGIN_HINT = "It is your first letter and surname: Ruth Carrick is rcarrick."


class UnlockScreen(BaseScreen):
    """Login and password, with the first-minute card beside them or one key away."""

    NAME = "Open the log"
    CAN_LEAVE = False
    ABOUT = (
        "Type your login and your password, then press Enter. The first-minute card needs no password: it is beside "
        "this form, or behind F3 on a small screen. After three wrong passwords there is a pause before the next try. "
        "A password is forgotten: F4, and two of the three recovery sheets bring its owner back."
    )

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "to_password",
            "Password",
            show=False,
            priority=True,
            tooltip="On to the password",
            id="to-password",
        ),
        Binding("tab", "to_password", "Password", show=False, priority=True, id="tab-to-password"),
        Binding(
            "f4",
            "forgotten",
            "A password is forgotten",
            show=False,
            priority=True,
            tooltip="Come back in with two of the three recovery sheets",
            id="forgotten",
        ),
    ]

    def body(self) -> ComposeResult:
        with Container(id="door"):
            with VerticalScroll(id="door-card", can_focus=False):
                yield FirstMinute(*opening.first_card(self.desk.home))
            with Vertical(id="door-form"):
                yield Static(plain("The log on this computer is locked"), id="door-title")
                with Horizontal(classes="door-field"):
                    yield Static(line(("Your login", "bold")), classes="door-label")
                    yield SafeInput(self.desk.login, id="login")
                if self.desk.facts.kind == "provisional":
                    yield Static(line((LOGIN_HINT, "$quiet")), id="door-hint")
                with Horizontal(classes="door-field"):
                    yield Static(line(("Your password", "bold")), classes="door-label")
                    yield SafeInput(id="password", password=True)
                if self.desk.paused:
                    with Vertical(id="together"):
                        with Horizontal(classes="door-field"):
                            yield Static(line(("The other's digits", "bold")), classes="door-label")
                            yield SafeInput(id="digits", password=True)
                        yield Static(line((TOGETHER, "$quiet")), id="together-hint")
                with Horizontal(classes="door-field"):
                    yield Static(classes="door-label")
                    yield Button(line("Open the log"), id="open", compact=True)
                yield Static(id="door-trouble")

    async def ready(self) -> None:
        self._say(self.desk.trouble)
        self.query_one("#password" if self.desk.login else "#login").focus()
        # First the screen, then what is behind it.
        self.call_after_refresh(self._import)

    @work(thread=True, group="import")
    def _import(self) -> None:
        loading.load()
        import esafety_tui.screens.home  # noqa: F401

        loading.read_ahead()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "to_password":
            return self.focused is not None and self.focused.id == "login"
        return action == "forgotten" or super().check_action(action, parameters)

    def action_to_password(self) -> None:
        """Enter or tab in the login, at once: a password typed ahead of a slow machine must not land in the login,
        where it can be read. In the other fields enter waits its turn behind what was typed."""
        self.set_focus(self.query_one("#password"))

    @on(Input.Submitted, "#password")
    def _password_done(self) -> None:
        digits = self.query("#digits")
        if digits and self.desk.paused:
            digits.first().focus()
        else:
            self._open()

    @on(Input.Submitted, "#digits")
    @on(Button.Pressed, "#open")
    def _open(self) -> None:
        button = self.query_one("#open", Button)
        if button.disabled:
            return
        button.disabled = True
        login, password, digits = (
            self.query_one("#login", Input).value.strip(),
            self.query_one("#password", Input).value,
            "".join(one.value for one in self.query("#digits").results(Input)),
        )
        self.query_one("#door-trouble", Static).update(plain("Opening …"))
        self.ask_desk(UNLOCK, lambda: self.desk.let_in(login, password, digits))

    def action_forgotten(self) -> None:
        """Two sheets instead of a password. The three new ones are then shown first of all."""
        from esafety_tui.screens.recover import RecoverDialog

        if self.desk.facts.kind and self.app.screen is self:
            self.app.push_screen(RecoverDialog(self.desk.home), self._recovered)

    def _recovered(self, session: object) -> None:
        if session is None:
            return
        from esafety_tui.screens.recover import show_sheets

        if self.desk.enter(session):  # type: ignore[arg-type]
            show_sheets(self.desk)

    def forget(self) -> None:
        # The login too: who typed ahead of a slow machine may have typed the password there.
        self.query_one("#login", Input).value = self.desk.login
        self.query_one("#password", Input).value = ""
        for one in self.query("#digits").results(Input):
            one.value = ""

    def on_told(self, event: Told) -> None:
        """Let in, or told why not."""
        event.stop()
        password = self.query_one("#password", Input)
        if event.error is None:
            password.value = ""
            self.desk.enter(event.result)  # type: ignore[arg-type]
            return
        self.query_one("#open", Button).disabled = False
        if isinstance(event.error, NotLetInError):
            self.forget()  # "Type both again"
        self._say(event.error)
        if isinstance(event.error, RefusedError):
            self._wrong_digits()
        else:
            (password if self.query_one("#login", Input).value else self.query_one("#login")).focus()

    def _wrong_digits(self) -> None:
        """R1: the digits were not right. After three times the sitting of two has ended, and the field goes."""
        digits = self.query_one("#digits", Input)
        digits.value = ""
        if self.desk.paused and self.desk.paused.pins.valid:
            digits.focus()
            return
        self.desk.paused = None
        self.query_one("#together").display = False
        self.query_one("#open").focus()

    def _say(self, error: EsafetyError | None) -> None:
        text = (
            line(("! ", "bold $care"), (f"{error.title}. ", "bold $care"), error.what, f" {error.do}") if error else ""
        )
        self.query_one("#door-trouble", Static).update(text)
