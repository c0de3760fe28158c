"""What every screen is made of: the two bars, the keys that go everywhere, and talking to the desk in a thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, cast

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.screen import ModalScreen, Screen
from textual.widgets import Input

from esafety_tui.errors import EsafetyError
from esafety_tui.widgets.bars import ProtectBar, TopBar
from esafety_tui.widgets.keysline import KeysLine

if TYPE_CHECKING:
    from esafety_tui.app import EsafetyApp
    from esafety_tui.desk.session import Session


#: The place of a box that the screen below it opens again.
OVER = "over"


@dataclass(frozen=True)
class Place:
    """Where somebody was, in words that hold nothing of a case but its reference: to come back after a lock."""

    screen: str
    ref: str = ""
    task: str = ""


class Told(Message):
    """The desk answered a job given to it under the name `job`: a result or an error, never both."""

    def __init__(self, job: str, result: object = None, error: EsafetyError | None = None) -> None:
        super().__init__()
        self.job, self.result, self.error = job, result, error


class BaseScreen(Screen[object]):
    """A screen with the bars. Subclasses give `body` and say in `where` what the top bar names."""

    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-slim"), (80, "-normal"), (100, "-wide"), (150, "-vast")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-short"), (24, "-tall"), (36, "-high")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave", tooltip="Out of a field, or back", id="leave"),
        Binding("question_mark", "explain", "Help", key_display="?", tooltip="What this screen is for", id="help"),
    ]
    #: Shown by the help, under the screen's name.
    NAME = ""
    ABOUT = ""
    #: Whether the top screen belongs to a case, so that halt and second person are offered.
    IN_CASE = False
    #: Whether escape leads back from here.
    CAN_LEAVE = True
    #: What `reopen` of the screen below calls this one, where it lies over that and has no place of its own.
    box = ""
    #: The field that had the focus when the screen was blanked, "" for none.
    return_to = ""
    _over = ""

    @property
    def desk(self) -> EsafetyApp:
        """The app, with the home and the sitting it holds."""
        return cast("EsafetyApp", self.app)

    @property
    def session(self) -> Session:
        """The open sitting; only screens behind the door ask for it."""
        session = self.desk.session
        assert session is not None, "this screen is behind the door"
        return session

    # -- what a subclass fills in

    def body(self) -> ComposeResult:
        """What stands between the bars."""
        yield from ()

    def where(self) -> str:
        """What the top bar names."""
        return self.NAME

    def place(self) -> Place | None:
        """How to come back here after a lock; None for what need not come back."""
        return Place(OVER, "", self.box) if self.box else None

    def reopen(self, box: str) -> bool:
        """After a lock: open what lay over this screen under that name. False where the screen has to read first: then
        `caught_up` opens it."""
        self._over = box
        return False

    def open_box(self, box: str) -> None:
        """Open the box of that name, if what it is about is still there."""

    def caught_up(self) -> None:
        """What the screen reads is there: so is what lay over it before a lock."""
        box, self._over = self._over, ""
        if box and self.is_current:
            self.open_box(box)
            if isinstance(self.app.screen, BaseScreen) and self.app.screen is not self:
                self.app.screen.return_to, self.return_to = self.return_to, ""

    def in_field(self) -> str:
        """The field of a question that has the focus, by its id; "" for none."""
        return ""

    def to_field(self, id: str) -> None:
        """Put the focus into that field again, if it is there."""

    def patience(self) -> int:
        """Seconds without a key before the screen locks: long while two people look at something elsewhere (R1)."""
        return 60 * self.session.idle_minutes(self.looks())

    def looks(self) -> bool:
        """Whether two people look at something now."""
        return self.desk.looking is not None

    def forget(self) -> None:
        """The screen is blanked but stays: empty what must not wait in it (passwords)."""

    def stop(self) -> bool:
        """Stop what takes long here; whether there was anything to stop."""
        return False

    def keep(self) -> Callable[[], None] | None:
        """A job that keeps what has been typed here, for a thread; None where nothing was."""
        return None

    # -- the frame

    def compose(self) -> ComposeResult:
        yield TopBar()
        with Vertical(id="body"):
            yield from self.body()
        yield from self._keys()

    def _keys(self) -> ComposeResult:
        with Vertical(id="keys"):
            yield ProtectBar(self.IN_CASE)
            yield KeysLine(id="keys-line")

    async def on_mount(self) -> None:
        self.name_bar()
        await self.ready()
        if self.return_to:
            self.to_field(self.return_to)

    async def on_screen_resume(self) -> None:
        self.name_bar()
        self.resumed()

    # Textual runs the on_mount of every class of a screen: what a subclass does when it is there goes into these.

    async def ready(self) -> None:
        """The screen is there: fill it."""

    def resumed(self) -> None:
        """The screen is on top again."""

    async def recorded(self, said: str) -> None:
        """Something was recorded over this screen; `said` is the desk's message."""

    def name_bar(self) -> None:
        """Write the top bar anew: where this is and who is present."""
        session = self.desk.session
        present = session.presence() if session else ()
        bars = self.query(TopBar)
        if bars:
            ref, since = self.desk.looking or ("", "")
            # Never over another case than the one that is looked at.
            own = (getattr(self, "_ref", "") or ref) == ref
            looking = f"◉ Looking since {since}" if session and ref and own else ""
            paper = "✎ From paper" if session and session.paper else ""
            bars.first().show(self.where(), present, self.desk.demo, "  ".join(one for one in (looking, paper) if one))

    def note_look(self, ref: str) -> None:
        """Have every screen say that the look of this case goes on, or no longer. Raises NoSuchIncident."""
        from esafety_tui.desk import clock

        look = self.session.casework.case(ref).keeping.looking
        if look is not None:
            self.desk.looking = (ref, f"{clock.local(look.at, look.off):%H:%M}")
        elif self.desk.looking and self.desk.looking[0] == ref:
            self.desk.looking = None

    # -- keys

    @property
    def typing(self) -> bool:
        """Whether a field has the focus, so that letters and digits are text."""
        return isinstance(self.focused, Input) or getattr(self.focused, "TAKES_TEXT", False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys that are letters do not work, and are not offered, while a field has the focus."""
        return self.typing or self.CAN_LEAVE if action == "leave" else not self.typing

    def action_leave(self) -> None:
        """Escape: what takes long is stopped; else out of a field first, then out of the screen."""
        if self.stop():
            return
        if self.typing:
            self.set_focus(None)
        else:
            self.go_back()

    def go_back(self) -> None:
        """Escape outside every field. Screens that can be left override it."""

    def action_explain(self) -> None:
        self.desk.action_explain()

    # -- the desk

    def ask_desk(self, job: str, call: Callable[[], object]) -> None:
        """Run `call` in a thread; its result or its error comes back as `Told`."""
        self._in_thread(job, call)

    @work(thread=True, group="desk", exit_on_error=True)
    def _in_thread(self, job: str, call: Callable[[], object]) -> None:
        try:
            told = Told(job, call())
        except EsafetyError as error:
            told = Told(job, error=error)
        self.post_message(told)


class Dialog(ModalScreen[object], BaseScreen):
    """A box over the screen it came from; the protective keys work over it as everywhere."""

    AUTO_FOCUS = ""

    def compose(self) -> ComposeResult:
        yield TopBar()
        with Vertical(id="dialog"):
            yield from self.body()
        yield from self._keys()
