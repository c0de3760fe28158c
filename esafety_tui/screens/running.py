"""What takes long: its progress as a line, and escape that stops it with nothing left behind."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from time import monotonic

from textual.content import Content
from textual.message import Message
from textual.widgets import Static
from textual.worker import get_current_worker

from esafety_tui.screens.base import BaseScreen
from esafety_tui.widgets.prose import line

#: Told (done, in all); it answers True where the work has to stop.
Progress = Callable[[int, int], object]

EVERY = 0.1
WIDTH = 20


class Reached(Message):
    """So much of so much is done."""

    def __init__(self, done: int, of: int) -> None:
        super().__init__()
        self.done, self.of = done, of


class Running(BaseScreen):
    """A screen that can have one long piece of work under way."""

    #: What the line says while it runs.
    DOING = "Working"

    _stopping: Event | None = None
    _told_at = 0.0

    @property
    def running(self) -> bool:
        """Whether something is under way."""
        return self._stopping is not None

    def run_long(self, job: str, call: Callable[[Progress], object]) -> None:
        """Run `call` in a thread, as `ask_desk` does, with progress and a way to stop it."""
        stopping = self._stopping = Event()

        def progress(done: int, of: int) -> object:
            if stopping.is_set() or get_current_worker().is_cancelled:
                return True
            if monotonic() - self._told_at >= EVERY:
                self._told_at = monotonic()
                self.post_message(Reached(done, of))
            return None

        self._say_running(line(f"{self.DOING} …  ", ("Esc: stop", "$quiet")))
        self.ask_desk(job, lambda: call(progress))

    def ended(self) -> None:
        """It came back, with a result or an error."""
        self._stopping = None

    def stop(self) -> bool:
        if self._stopping is None:
            return False
        self._stopping.set()
        self._say_running(line("Stopping …"))
        return True

    def on_reached(self, event: Reached) -> None:
        """Show how far it is."""
        event.stop()
        if self._stopping is None or self._stopping.is_set():
            return
        share = min(1.0, event.done / event.of) if event.of > 0 else 0.0
        full = round(share * WIDTH)
        bar = (("━" * full, "$accent"), ("─" * (WIDTH - full), "$quiet"))
        self._say_running(line(f"{self.DOING}  ", *bar, f" {share:4.0%}  ", ("Esc: stop", "$quiet")))

    def _say_running(self, said: Content) -> None:
        for hint in self.query("#ask-hint").results(Static):
            hint.update(said, layout=False)
