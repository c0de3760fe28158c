"""The full-screen program: its colours, the keys that work everywhere, the commands. Screens own their behaviour."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path, PurePath
from time import monotonic, time
from typing import TYPE_CHECKING, ClassVar

from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from esafety_tui.errors import code_of
from esafety_tui.screens import doors
from esafety_tui.screens.base import BaseScreen, Place
from esafety_tui.screens.keeping import BLANK, WORK, Keeping
from esafety_tui.widgets import pasting, settings, theme

if TYPE_CHECKING:
    from textual.command import Provider

SHEETS = (
    "app",
    "card",
    "case",
    "copies",
    "evidence",
    "filtering",
    "firstrun",
    "halt",
    "help",
    "home",
    "leaving",
    "log",
    "pins",
    "reports",
    "retention",
    "policy",
    "unlock",
    "wizard",
)
CRASHED = (
    "The program has stopped because of a fault in it. Everything that was shown as saved is kept.",
    "Start it again: it opens at the same question. In the meantime the first minute's rules hold:",
    "see that the child is safe, do not look again, copy or delete anything, leave the device as it is.",
)
CODE = "Give this code to whoever looks after the program:"


class EsafetyApp(Keeping):
    """The app. `home` is the folder of the log."""

    TITLE = "esafety"
    # All at once: a style sheet that comes with its screen makes Textual read every one anew.
    CSS_PATH: ClassVar[list[str | PurePath]] = [f"screens/{name}.tcss" for name in SHEETS]
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {doors.log_provider}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f8,ctrl+g", "halt", "This may be illegal", show=False, priority=True, id="halt",
                tooltip="Stop: what to do now where something may be illegal"),
        Binding("f2,ctrl+t", "second", "Second person", show=False, priority=True, id="second",
                tooltip="Somebody comes to sit beside you, or leaves"),
        Binding("f9,ctrl+l", "blank", "Blank the screen", show=False, priority=True, id="blank",
                tooltip="The screen is empty at once, and locked"),
        Binding("f3", "card", "First-minute card", show=False, priority=True, id="card",
                tooltip="What to do in the first minute"),
        Binding("f1", "explain", "Help", show=False, priority=True, id="help.f1", tooltip="What this screen is for"),
        Binding("f6", "colours", "Colours", show=False, priority=True, id="colours",
                tooltip="Dark, light, high contrast, sixteen colours"),
        Binding("ctrl+p", "command_palette", "Commands", priority=True, id="commands", tooltip="Every command by name"),
        Binding("ctrl+q", "quit", "Leave", show=False, priority=True, id="quit",
                tooltip="Leave the program; everything saved is kept"),
    ]  # fmt: skip

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return theme.THEMES[0].variables

    def __init__(
        self, home: Path, clock: Callable[[], float] = monotonic, login: str = "", wall: Callable[[], float] = time
    ) -> None:
        super().__init__(home, clock, login, wall)
        for one in theme.THEMES:
            self.register_theme(one)
        remembered = settings.remembered_theme()
        # Before anything is styled: chosen later, every style would be worked out twice.
        self.set_reactive(EsafetyApp.theme, remembered if remembered in theme.NAMES else theme.DEFAULT)
        self.stylesheet.set_variables(self.get_css_variables())

    def on_mount(self) -> None:
        keys, wrong = settings.keymap()
        self.set_keymap(keys)
        if wrong:
            self.notify(wrong, markup=False)

    # -- the keys that protect

    def case_ref(self) -> str:
        """The reference of the case on the screen, or ""."""
        for screen in reversed(self.screen_stack):
            place = screen.place() if isinstance(screen, BaseScreen) else None
            if place and place.ref:
                return place.ref
        return ""

    def action_halt(self) -> None:
        """R4: in a case the stop instructions at once; elsewhere the card, which begins with them. Nothing is copied
        any further."""
        for screen in self.screen_stack:
            if isinstance(screen, BaseScreen):
                screen.stop()
        self._over("halt", self.case_ref())

    def action_second(self) -> None:
        if self.case_ref():
            self._over("second", self.case_ref())
        elif self.current_mode == WORK:
            self.notify("Open an incident first: who is present is written into its record.", markup=False)

    def action_card(self) -> None:
        self._over("card")

    def _over(self, screen: str, ref: str = "") -> None:
        """Open a protective screen over whatever is there, the palette included, once."""
        if self.current_mode == BLANK:
            return
        wanted = Place("card") if screen == "halt" and not ref else Place(screen, ref)
        if screen == "second":
            wanted = Place("task", ref, "second")
        top = self.screen
        if isinstance(top, BaseScreen) and top.place() == wanted:
            return
        made = doors.open(wanted)
        if made is not None:
            self.push_screen(made, self.recorded_over)

    def over_case(self, ref: str, task: str) -> None:
        """Open a task of a case over the present screen, which is told when something was recorded."""
        self.over(Place("task", ref, task))

    def over(self, place: Place) -> None:
        """Open a place over the present screen, which is told when something was recorded."""
        made = doors.open(place)
        if made is not None:
            self.push_screen(made, self.recorded_over)

    def offer_tasks(self, ref: str) -> None:
        """Open the list of what can be done with a case, and then what was chosen."""
        self.push_screen(doors.tasks(ref), lambda task: self.over_case(ref, str(task)) if task else None)

    # -- everything else

    def action_explain(self) -> None:
        if isinstance(self.screen, BaseScreen) and self.screen.NAME and self.current_mode != BLANK:
            self.push_screen(doors.help(self.screen))

    def action_colours(self) -> None:
        self.theme = theme.after(self.theme)
        settings.remember_theme(self.theme)
        self.notify(f"Colours: {theme.NAMES[self.theme]}", timeout=2, markup=False)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Every command by name; Textual's own screenshot and the like are left out."""
        yield from doors.commands(self, screen)

    def copy_to_clipboard(self, text: str) -> None:
        """Inside the program only: a terminal's clipboard (OSC 52) is kept and read by other programs."""
        self._clipboard = text

    def _fatal_error(self) -> None:
        # Textual would print every local variable: names, passwords.
        code = code_of(self._exception) if self._exception else ""
        self.panic("\n".join((*CRASHED, f"{CODE} {code}")))


def run_app(home: Path, login: str = "") -> int:
    """Run the full-screen program on the folder `home`; gives the exit status. Call environment.scrub before import.

    login: what stands in the login field at the door already.
    """
    pasting.install()
    app = EsafetyApp(home, login=login)
    result = app.run()
    if app.session is not None:
        app.session.close()
    return result if result is not None else app.return_code or 0
