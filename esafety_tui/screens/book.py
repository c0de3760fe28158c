"""The words for the bound book: shown to be copied by hand, and the record that it was done."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from textual.app import ComposeResult

from esafety_tui.desk.asks import Ask, Choice, Reply
from esafety_tui.screens.asking import Asking
from esafety_tui.screens.base import Dialog
from esafety_tui.widgets.askpanel import AskPanel

WORDS = "words"
DONE, LATER = "done", "later"
ON_PAPER = "With the date and your signature it shows later that nothing before this entry was changed."


class BookDialog(Dialog, Asking):
    """Dismissed with a sentence when it was copied or put off, with None on escape."""

    NAME = "The bound book"
    ABOUT = (
        "Copy the number and the words by hand into the bound book, with the date and your signature. Whoever holds "
        "this computer could put an older copy of the log back; what stands on paper shows it."
    )

    def __init__(self, leaving: bool = False) -> None:
        super().__init__()
        self._leaving = leaving
        self.box = "" if leaving else "anchor"

    def body(self) -> ComposeResult:
        yield AskPanel(record="Go on")

    async def ready(self) -> None:
        # The words are made slowly on purpose: in a thread.
        self.ask_desk(WORDS, self.session.care.anchor)

    async def told(self, job: str, result: object) -> None:
        seq, words, digits = cast("tuple[int, str, str]", result)
        title = "Before you go: copy this into the bound book" if self._leaving else "Copy this into the bound book"
        later = (Choice(LATER, "Leave without copying it"),) if self._leaving else ()
        shown = (f"{seq}   {words}", f"In full: {digits}", ON_PAPER)
        await self.panel.show(Ask("book", title, (Choice(DONE, "It is copied and signed"), *later), shown))

    def send(self, ask: Ask, reply: Reply) -> Callable[[], object]:
        care = self.session.care

        def job() -> str:
            if reply.choice == LATER:
                return "Not copied this time."
            care.record_anchor()
            return "Recorded: the words were copied."

        return job

    async def saved(self, result: object) -> None:
        self.dismiss(result)
