"""R1: each of the two is shown their own six digits, once, while the other looks away."""

from __future__ import annotations

from typing import ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Button, Digits, Static

from esafety_tui.screens.base import Dialog, Told
from esafety_tui.widgets.prose import line, plain

GIVEN = "given"
WHY = (
    "When the screen locks, the two of you go on with one password and the other's six digits. Keep them in your "
    "head or on a slip of your own. They are not kept anywhere and sign nothing."
)


class PinDialog(Dialog):
    """Two people, four steps: whose turn it is, then their digits. Escape leaves without any."""

    IN_CASE = True
    NAME = "Six digits for after a lock"
    ABOUT = (
        "Each of the two gets six digits that only they see. After a lock either password and the other's digits open "
        "the sitting again for both. Press Enter to go on; escape to do without."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "on", "Go on", tooltip="Show the digits; then: they are noted", id="pin.on"),
        Binding("escape", "leave", "Without", tooltip="Do without: a lock then ends the sitting of two", id="leave"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._left: list[tuple[str, str]] = []
        self._open = False

    def body(self) -> ComposeResult:
        with Vertical(id="pins"):
            yield Static(line((self.NAME, "bold $accent")), id="pins-title")
            yield Static(plain(WHY), id="pins-why")
            yield Static(plain("One moment …"), id="pins-whose")
            yield Digits("", id="pins-digits")
            yield Button(line("Go on"), id="pins-on", compact=True)

    async def ready(self) -> None:
        session = self.session
        # The digits are hashed slowly on purpose: in a thread.
        self.ask_desk(GIVEN, session.give_pins)

    def on_told(self, event: Told) -> None:
        """The digits are made."""
        event.stop()
        if event.error is not None:
            self.desk.tell(event.error)
            self.dismiss(None)
            return
        given = cast("dict[str, str]", event.result)
        self._left = [(self.session.name(id), digits) for id, digits in given.items()]
        self._show()

    @on(Button.Pressed, "#pins-on")
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.action_on()

    def action_on(self) -> None:
        """Show the digits of whose turn it is; then to the next person."""
        if not self._left:
            return
        if self._open:
            self._left.pop(0)
        self._open = not self._open
        self._show()

    def _show(self) -> None:
        if not self._left:
            self.dismiss(None)
            return
        name, digits = self._left[0]
        groups = f"{digits[:3]} {digits[3:]}" if self._open else ""
        after: tuple[str, str] = (f": {groups}", "bold") if groups else (". Everybody else looks away.", "")
        self.query_one("#pins-whose", Static).update(line("Only for ", (name, "bold $accent"), after))
        self.query_one("#pins-digits", Digits).update(groups)
        label = "Enter: I have it" if self._open else "Enter: show them to me"
        self.query_one("#pins-on", Button).label = line(label)

    def action_leave(self) -> None:
        pins = self.session.pins
        if pins is not None:
            pins.void()
        self.dismiss(None)
