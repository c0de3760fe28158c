"""What outlives a screen: the home, the sitting, the lock, and coming back after it to exactly the same place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import monotonic, time
from typing import TYPE_CHECKING

from rich.text import Text
from textual import events, work
from textual.app import App
from textual.message import Message
from textual.screen import Screen

from esafety_tui.desk import opening
from esafety_tui.errors import EsafetyError, NotLetInError, StoreError
from esafety_tui.screens import doors, hangups
from esafety_tui.screens.base import OVER, BaseScreen, Place
from esafety_tui.widgets.safe import safe

if TYPE_CHECKING:
    from esafety_tui.desk.asks import Reply
    from esafety_tui.desk.pin import Paused
    from esafety_tui.desk.school.setup import Setup
    from esafety_tui.desk.session import Session

DOOR, WORK, BLANK = "door", "work", "blank"
WARNING_SECONDS = 60
#: A second that lasted so long: the computer or the program had been stopped.
ASLEEP_SECONDS = 30
WARNING = "The screen locks in a minute. Press any key to stay."


class NotKept(Message):
    """A draft could not be kept."""

    def __init__(self, error: EsafetyError) -> None:
        super().__init__()
        self.error = error


class Keeping(App[int]):
    """The app as a keeper of the sitting. Three modes: the door, work behind it, and the blank screen.

    home: the folder of the log; clock: seconds that only go forward; login: who is expected at the door, or "";
    wall: the clock on the wall, in seconds, which goes on while the computer sleeps.
    """

    DEFAULT_MODE = DOOR

    def __init__(
        self, home: Path, clock: Callable[[], float] = monotonic, login: str = "", wall: Callable[[], float] = time
    ) -> None:
        super().__init__()
        self.home = home
        #: The login that stands at the door already, from the command line.
        self.login = login
        #: What was typed into start now by somebody who left it again. It holds no password.
        self.begun: Reply | None = None
        self.session: Session | None = None
        #: A set-up under way: it may hold recovery sheets that are shown only there.
        self.setup: Setup | None = None
        self.facts = opening.HomeFacts(False, "", False)
        self.trouble: EsafetyError | None = None
        #: The case in which a look goes on, and since when.
        self.looking: tuple[str, str] | None = None
        #: A sitting of two that a lock paused (R1). In memory only, and gone with the program.
        self.paused: Paused | None = None
        self._clock = clock
        self._wall = wall
        self._last_seen = clock()
        self._ticked = (clock(), wall())
        self._warned = False
        self._places: tuple[Place, ...] = ()
        self._field = ""
        self._who = ""
        self._held: Session | None = None
        self._begun_at = 0
        self._leaving = False
        self._said: str | None = None
        self.add_mode(DOOR, self._door)
        self.add_mode(BLANK, lambda: self._styled(doors.blank()))

    def _styled(self, screen: Screen[object]) -> Screen[object]:
        # A new screen gets its styles when it is mounted. Without this Textual reads every style sheet anew, twice,
        # before it shows a mode for the first time: a tenth of a second in which a blanked screen is not blank.
        screen._css_update_count = self._css_update_count
        return screen

    def on_load(self) -> None:
        self.look_at_home()

    def on_mount(self) -> None:
        self.set_interval(1.0, self.look_at_clock)
        hangups.watch(self)

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
        return self._styled(doors.unlock() if self.facts.exists else doors.first_run())

    def let_in(self, login: str, password: str, digits: str = "") -> Session:
        """The sitting for a login and password; with the other's digits, the paused sitting of two. For a thread.
        Raises NotLetInError, StoreError, RefusedError (the digits)."""
        if self._held is None:
            if self.paused is not None and digits.strip():
                return opening.resume(self.home, login, password, self.paused, digits)
            return opening.unlock(self.home, login, password)
        from esafety_tui.vault import home as vault

        with vault.prove(self.home, login, password) as proven:
            if proven.person_id != self._held.person.id:
                raise NotLetInError(
                    "Set-up is not finished",
                    "It is open under another login.",
                    "The person who began it signs in.",
                )
        return self._held

    def enter(self, session: Session, places: tuple[Place, ...] = ()) -> bool:
        """Somebody was let in: show what was recorded in their name, home, and where they had been. False where the
        screen was blanked meanwhile: the sitting is closed again, and they come in by the door."""
        if self.current_mode == BLANK:
            self._held = None if self._held is session else self._held
            session.close()
            if DOOR in self._modes:
                self.remove_mode(DOOR)  # made anew by whoever comes back: there may be a log now
            return False
        self.session, self._held = session, None
        self._begun_at = session.journal.head()[0]
        self._last_seen, self._warned = self._clock(), False
        if self._who == session.person.id or session.second is not None:
            # Two who go on together come back to the same place, whoever of them typed the password.
            places = places or self._places
        self._who, self._places, self.paused = session.person.id, (), None
        self.look_at_home()
        self.add_mode(WORK, lambda: self._styled(doors.home()))
        self.switch_mode(WORK)
        self._open_again(places)
        if session.to_confirm():
            self.push_screen(doors.mine())
        if DOOR in self._modes:
            self.remove_mode(DOOR)
        return True

    def _open_again(self, places: tuple[Place, ...]) -> None:
        """Everything that lay over home, from below; what had the focus gets it again."""
        field, self._field = self._field, ""
        for place in places:
            if place.screen == OVER and isinstance(self.screen, BaseScreen):
                self.screen.reopen(place.task)
            elif (screen := doors.open(place, self.setup)) is not None:
                self.push_screen(screen, self.recorded_over)
        if places and isinstance(self.screen, BaseScreen):
            self.screen.return_to = field

    async def recorded_over(self, saved: object) -> None:
        """A screen went away that may have recorded something: the one below is told."""
        if saved is not None and isinstance(self.screen, BaseScreen):
            await self.screen.recorded(str(getattr(saved, "message", saved)))
            self.offer_pins()

    def offer_pins(self) -> None:
        """R1: the second person has signed in: each of the two is shown their own six digits, once."""
        session = self.session
        if session and session.second and session.second.proof == "proven" and session.pins is None:
            self.push_screen(doors.pins())

    @work(thread=True, group="draft", exit_on_error=True)
    def keep_draft(self, job: Callable[[], None]) -> None:
        """Keep what was typed. The work is the app's: a screen that goes away would take its own with it."""
        try:
            job()
        except EsafetyError as error:
            self.post_message(NotKept(error))

    def on_not_kept(self, event: NotKept) -> None:
        """Say that a draft could not be kept, and what to do."""
        self.tell(event.error)

    def tell(self, error: EsafetyError) -> None:
        """Show an error that belongs to no question."""
        self.notify(safe(" ".join((error.what, error.do))), title=safe(error.title), timeout=20, markup=False)

    # -- the lock

    def action_blank(self) -> None:
        """Nothing to see at once; then what was typed is kept, the sitting closed and every widget dropped."""
        if self.current_mode == BLANK:
            return
        mode, session = self.current_mode, self.session
        stack = self._own_screens()
        jobs = [job for screen in stack if (job := screen.keep()) is not None]
        self.switch_mode(BLANK)
        self.clear_notifications()
        self._clipboard = ""
        if session is None and not (self.setup and self.setup.session):
            # Nobody was let in yet: the door, or a set-up that has nothing to open again, stays as it is.
            for screen in stack:
                screen.stop()
                screen.forget()
            return
        self._places = tuple(place for screen in stack if (place := screen.place()) is not None)
        self._field = stack[-1].in_field() if stack else ""
        self._leaving = False
        self.paused = session.pause() if session is not None else None
        self.session, self.looking = None, None
        self.remove_mode(mode)
        if self.setup and self.setup.session:
            self._held, self._who = self.setup.session, self.setup.session.person.id
        elif session is not None:
            self._close(session, jobs)

    def _own_screens(self) -> list[BaseScreen]:
        return [screen for screen in self.screen_stack if isinstance(screen, BaseScreen)]

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

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key | events.MouseDown | events.MouseScrollDown | events.Paste):
            self._seen()
        await super().on_event(event)

    def look_at_clock(self) -> None:
        """Once a second: lock when nobody has touched a key for long, and say so a minute before; lock when the
        computer or the program had been stopped: who is there now need not be who was there."""
        before, self._ticked = self._ticked, (self._clock(), self._wall())
        if self.session is None or self.current_mode != WORK:
            return
        slept = max(now - then for now, then in zip(self._ticked, before, strict=True)) >= ASLEEP_SECONDS
        patience = max((screen.patience() for screen in self._own_screens()), default=0)
        idle = self._clock() - self._last_seen
        if idle >= patience or slept:
            self.action_blank()
        elif idle >= patience - WARNING_SECONDS and not self._warned:
            self._warned = True
            self.notify(WARNING, timeout=WARNING_SECONDS, markup=False)

    def _seen(self) -> None:
        """Somebody is there: the time begins anew, and a warning goes away."""
        self._last_seen = self._clock()
        if self._warned:
            self._warned = False
            for one in list(self._notifications):
                if one.message == WARNING:
                    self._unnotify(one)

    # -- leaving

    async def action_quit(self) -> None:
        """Leave. If something was written in this sitting, its words are for the bound book first; a second time
        leaves without."""
        session = self.session
        written = session is not None and session.journal.head()[0] > self._begun_at and not session.quiet_ref
        if written and not self._leaving and self.current_mode == WORK:
            self._leaving = True
            self.push_screen(doors.book(leaving=True), self._leave_or_stay)
        else:
            await self.leave()

    async def _leave_or_stay(self, said: object) -> None:
        self._leaving = False
        if said is not None:
            await self.leave()

    async def leave(self) -> None:
        """Keep what was typed, make the backup, close the sitting and end."""
        await self.shut()
        self.exit(0, message=Text(safe(self._said)) if self._said else None)

    async def shut(self, backup: bool = True) -> None:
        """Keep what was typed and close the sitting. backup: somebody is there to wait for one."""
        session, self.paused = self.session or self._held, None
        if session is not None:
            # The screens ask the sitting for their drafts: it goes only when they have been kept.
            jobs = [job for screen in self._own_screens() if (job := screen.keep()) is not None]
            if session.register.copies.place is not None and backup:
                self.notify("Making a backup. This takes a moment.", timeout=60, markup=False)
                jobs.append(lambda: self._backed_up(session))
            await self._close(session, jobs).wait()
            self.session = None

    def _backed_up(self, session: Session) -> None:
        """The backup after a sitting; what came of it is said on the terminal after the screen is gone."""
        self._said = session.copies.after_sitting() or None
