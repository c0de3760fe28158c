"""Drives the app as somebody at the keyboard would, and reads what the terminal would get."""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TypeVar

from textual.command import CommandPalette
from textual.drivers.headless_driver import HeadlessDriver
from textual.events import Key, Resize
from textual.geometry import Size
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import Input, OptionList, TextArea
from textual.worker import WorkerCancelled

from esafety_tui.app import EsafetyApp
from esafety_tui.widgets.askpanel import AskPanel
from esafety_tui.widgets.fields import FieldBox
from esafety_tui.widgets.pick import Pick
from tests.desk.made_school import RUTH, Colleague

SIZE = (80, 24)
W = TypeVar("W", bound=Widget)
NAMES = {" ": "space", ".": "full_stop", ",": "comma", "?": "question_mark", "/": "slash", "-": "minus"}


class Hands:
    """One person at the keyboard."""

    def __init__(self, app: EsafetyApp, pilot: Pilot[int]) -> None:
        self.app, self.pilot = app, pilot

    async def settle(self) -> None:
        """Wait until no thread is at work and everything is handled and painted. Pilot's own waiting only sleeps until
        the processor is idle, which is slow, and on a busy machine too short."""
        calm = 0
        while calm < 3:
            with suppress(WorkerCancelled):  # A screen that went away took its work with it.
                await self.app.workers.wait_for_complete()
            await self.pilot._wait_for_screen()
            await asyncio.sleep(0.002)
            calm = 0 if self._busy() else calm + 1

    def _busy(self) -> bool:
        app = self.app
        if not app.is_running or not app.screen_stack:
            return False
        screen = app.screen
        waiting = [app._message_queue, *(node._message_queue for node in screen.walk_children(with_self=True))]
        return bool(
            any(not queue.empty() for queue in waiting)
            or any(not worker.is_finished for worker in app.workers)
            or app._next_callbacks
            or screen._callbacks
            or screen._dirty_widgets
            or screen._layout_required
            # The palette asks those who provide it one after the other, between two of its own ticks.
            or (isinstance(screen, CommandPalette) and not screen.query_one(OptionList).option_count)
        )

    async def press(self, *keys: str) -> None:
        """Press keys one after another, and wait for what each does."""
        for key in keys:
            self._send(key)
            await self.settle()

    async def type(self, text: str) -> None:
        """Type into the field that has the focus, as quick fingers do."""
        for letter in text:
            self._send(letter)
        await self.settle()

    def _send(self, key: str) -> None:
        driver = self.app._driver
        assert driver is not None
        event = Key(NAMES.get(key, key), key if len(key) == 1 else None)
        event.set_sender(self.app)
        driver.send_message(event)

    async def resize(self, size: tuple[int, int]) -> None:
        """Somebody changes the size of the terminal, to columns and rows."""
        driver = self.app._driver
        assert isinstance(driver, HeadlessDriver)
        if tuple(self.app.size) != size:
            driver._size = size
            self.app.post_message(Resize(Size(*size), Size(*size)))
            await self.settle()

    async def put(self, id: str, value: str) -> None:
        """Fill in the field `id` of the present question."""
        entry = self.field(id).entry
        if isinstance(entry, TextArea):
            entry.text = value
        elif isinstance(entry, Input | Pick):
            entry.value = value
        await self.settle()

    async def answer(self, choice: str, **fields: str) -> None:
        """Choose by id, fill in the fields, record."""
        panel = self.panel
        assert panel.ask is not None
        ids = [one.id for one in panel.ask.choices]
        assert choice in ids, f"{panel.ask.id} offers {ids}"
        assert panel.choices is not None
        panel.choices.choose(ids.index(choice) + 1)
        await self.settle()
        for id, value in fields.items():
            await self.put(id, value)
        panel.record()
        await self.settle()

    async def unlock(self, person: Colleague = RUTH) -> None:
        """Type login and password at the door."""
        self.only("#login", Input).value = person.login
        self.only("#password", Input).value = person.password
        self.only("#password", Input).focus()
        await self.press("enter")

    async def home(self) -> None:
        """Escape until home is on top."""
        for _ in range(9):
            if self.top == "HomeScreen":
                return
            await self.press("escape")
        raise AssertionError(f"no way home from {self.top}")

    # -- what is there

    @property
    def panel(self) -> AskPanel:
        return self.app.screen.query_one(AskPanel)

    def field(self, id: str) -> FieldBox:
        return next(box for box in self.app.screen.query(FieldBox) if box.field.id == id)

    def only(self, selector: str, kind: type[W]) -> W:
        return self.app.screen.query_one(selector, kind)

    @property
    def top(self) -> str:
        """The name of the screen on top."""
        return type(self.app.screen).__name__

    @property
    def shown(self) -> str:
        """What the terminal shows now, line by line."""
        return shown(self.app)

    @property
    def asked(self) -> str:
        """The id of the question now shown."""
        assert self.panel.ask is not None
        return self.panel.ask.id

    @property
    def ref(self) -> str:
        """The case on the screen."""
        return self.app.case_ref()


def shown(app: EsafetyApp) -> str:
    """The text that the compositor hands to the terminal for the present screen."""
    strips = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip) for strip in strips)


def dangers(text: str) -> list[str]:
    """Every character that a terminal could obey or that hides or reorders text, but for line ends."""
    bad = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    return sorted({f"U+{ord(c):04X}" for c in text if c != "\n" and unicodedata.category(c) in bad})


@asynccontextmanager
async def at_keyboard(home: Path, size: tuple[int, int] = SIZE, app: EsafetyApp | None = None) -> AsyncIterator[Hands]:
    """The app on `home`, at the door."""
    app = app or EsafetyApp(home)
    async with app.run_test(size=size, notifications=True) as pilot:
        hands = Hands(app, pilot)
        await hands.settle()
        yield hands
    if app.session is not None:
        app.session.close()


@asynccontextmanager
async def behind_door(home: Path, size: tuple[int, int] = SIZE, person: Colleague = RUTH) -> AsyncIterator[Hands]:
    """The app on `home`, with somebody let in."""
    async with at_keyboard(home, size) as hands:
        await hands.unlock(person)
        yield hands
