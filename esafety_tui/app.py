"""The full-screen program: colours, the keys that work everywhere, the lock, and coming back after it.

Screens own their behaviour; this holds only what outlives a screen: the home, the sitting, and where somebody was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual import events, work
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from esafety_tui.desk import opening
from esafety_tui.errors import EsafetyError, StoreError
from esafety_tui.screens import doors
from esafety_tui.screens.base import BaseScreen, Place
from esafety_tui.widgets import settings, theme
from esafety_tui.widgets.safe import safe

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session
    from esafety_tui.desk.setup import Setup

DOOR, WORK, BLANK = "door", "work", "blank"
IDLE_SECONDS, WARNING_SECONDS = 300, 60
CRASHED = (
    "The program has stopped because of a fault in it. Everything that was shown as saved is kept.",
    "Start it again: it opens at the same question. In the meantime the first minute's rules hold:",
    "see that the child is safe, do not look again, copy or delete anything, leave the device as it is.",
)


class EsafetyApp(App[int]):
    """The app. `home` is the folder of the log."""

    TITLE = "esafety"
    CSS_PATH = "screens/app.tcss"
    DEFAULT_MODE = DOOR
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
        Binding("ctrl+q", "quit", "Leave", show=False, priority=True, id="quit",
                tooltip="Leave the program; everything saved is kept"),
    ]  # fmt: skip

    def __init__(self, home: Path, clock: Callable[[], float] = monotonic) -> None:
        super().__init__()
        self.home = home
        self.session: Session | None = None
        #: A set-up under way: it may hold recovery sheets that are shown only there.
        self.setup: Setup | None = None
        self.facts = opening.HomeFacts(False, "", False)
        self.trouble: EsafetyError | None = None
        self._clock = clock
        self._last_seen = clock()
        self._warned = False
        self._places: tuple[Place, ...] = ()
        self._who = ""
        self.add_mode(DOOR, self._door)
        self.add_mode(BLANK, doors.blank)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return theme.THEMES[0].variables

    async def on_load(self) -> None:
        for one in theme.THEMES:
            self.register_theme(one)
        remembered = settings.remembered_theme()
        self.theme = remembered if remembered in theme.NAMES else theme.DEFAULT
        self.look_at_home()

    def on_mount(self) -> None:
        keys, wrong = settings.keymap()
        self.set_keymap(keys)
        if wrong:
            self.notify(wrong, markup=False)
        self.set_interval(1.0, self._idle)

    def look_at_home(self) -> None:
        """See what the folder says without a password; trouble with it is shown at the door."""
        self.trouble = None
        try:
            self.facts = opening.peek(self.home)
        except StoreError as error:
            # Damaged: the door says so, with the card, instead of offering a new log.
            self.facts, self.trouble = opening.HomeFacts(True, "", False), error

    @property
    def demo(self) -> bool:
        """Whether every screen says DEMO."""
        return self.session.demo if self.session else self.facts.demo

    # -- coming in

    def _door(self) -> Screen[object]:
        return doors.unlock() if self.facts.exists else doors.first_run()

    def enter(self, session: Session, places: tuple[Place, ...] = ()) -> None:
        """Somebody was let in: show what was recorded in their name, home, and where they had been."""
        self.session = session
        self._last_seen, self._warned = self._clock(), False
        if self._who == session.person.id:
            places = places or self._places
        self._who, self._places = session.person.id, ()
        self.look_at_home()
        self.add_mode(WORK, doors.home)
        self.switch_mode(WORK)
        for place in places:
            screen = doors.open(place)
            if screen is not None:
                self.push_screen(screen)
        if session.mine():
            self.push_screen(doors.mine())
        if DOOR in self._modes:
            self.remove_mode(DOOR)

    # -- the keys that protect

    def case_ref(self) -> str:
        """The reference of the case on the screen, or ""."""
        for screen in reversed(self.screen_stack):
            place = screen.place() if isinstance(screen, BaseScreen) else None
            if place and place.ref:
                return place.ref
        return ""

    def action_halt(self) -> None:
        """R4: in a case the stop instructions at once; elsewhere the card, which begins with them."""
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
        top = self.screen
        if isinstance(top, BaseScreen) and top.place() == wanted:
            return
        made = doors.open(wanted)
        if made is not None:
            self.push_screen(made)

    def action_blank(self) -> None:
        """R1: nothing to see at once; then what was typed is kept, the sitting closed and every widget dropped."""
        if self.current_mode == BLANK:
            return
        stack = [screen for screen in self.screen_stack if isinstance(screen, BaseScreen)]
        jobs = [job for screen in stack if (job := screen.keep()) is not None]
        mode, session = self.current_mode, self.session
        self.switch_mode(BLANK)
        if mode == WORK and session is not None:
            self._places = tuple(place for screen in stack if (place := screen.place()) is not None)
            self.session = None
            self.remove_mode(WORK)
            self._close(session, jobs)

    @work(thread=True, group="lock", exit_on_error=True)
    def _close(self, session: Session, jobs: list[Callable[[], None]]) -> None:
        try:
            for job in jobs:
                job()
        except EsafetyError:
            pass  # A draft that cannot be kept must not stop the lock; the answers are saved already.
        finally:
            session.close()

    def come_back(self) -> None:
        """A key was pressed on the blank screen: to the door, or to where set-up was."""
        if DOOR not in self._modes:
            self.look_at_home()
            self.add_mode(DOOR, self._door)
        self.switch_mode(DOOR)

    # -- idle

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key | events.MouseDown | events.MouseScrollDown | events.Paste):
            self._last_seen, self._warned = self._clock(), False
        await super().on_event(event)

    def _idle(self) -> None:
        if self.session is None or self.current_mode != WORK:
            return
        idle = self._clock() - self._last_seen
        if idle >= IDLE_SECONDS:
            self.action_blank()
        elif idle >= IDLE_SECONDS - WARNING_SECONDS and not self._warned:
            self._warned = True
            self.notify("The screen locks in a minute. Press any key to stay.", timeout=WARNING_SECONDS, markup=False)

    # -- everything else

    def tell(self, error: EsafetyError) -> None:
        """Show an error that belongs to no question."""
        self.notify(safe(" ".join((error.what, error.do))), title=safe(error.title), timeout=20, markup=False)

    def action_explain(self) -> None:
        if isinstance(self.screen, BaseScreen) and self.screen.NAME and self.current_mode != BLANK:
            self.push_screen(doors.help(self.screen))

    def action_colours(self) -> None:
        self.theme = theme.after(self.theme)
        settings.remember_theme(self.theme)
        self.notify(f"Colours: {theme.NAMES[self.theme]}", timeout=2, markup=False)

    async def action_quit(self) -> None:
        """Leave: what was typed is kept first, and the sitting closed."""
        session, self.session = self.session, None
        if session is not None:
            stack = [screen for screen in self.screen_stack if isinstance(screen, BaseScreen)]
            self._close(session, [job for screen in stack if (job := screen.keep()) is not None])
            await self.workers.wait_for_complete()
        self.exit(0)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Every command by name; Textual's own screenshot and the like are left out."""
        yield from doors.commands(self, screen)

    def copy_to_clipboard(self, text: str) -> None:
        """Inside the program only: a terminal's clipboard (OSC 52) is kept and read by other programs."""
        self._clipboard = text

    def _fatal_error(self) -> None:
        # Textual would print every local variable: names, passwords.
        self.panic("\n".join(CRASHED))


def run_app(home: Path) -> int:
    """Run the full-screen program on the folder `home`; gives the exit status. Call environment.scrub before import."""
    app = EsafetyApp(home)
    result = app.run()
    if app.session is not None:
        app.session.close()
    return result if result is not None else app.return_code or 0
