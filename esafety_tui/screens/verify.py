"""The check of the whole log, with its progress; it can be stopped."""

from __future__ import annotations

from typing import Any, cast

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widgets import ProgressBar, Static
from textual.worker import get_current_worker

from esafety_tui.desk.logbook.care import LEFT_OVER, calm, only_left_over
from esafety_tui.errors import EsafetyError
from esafety_tui.screens.base import Dialog, Told
from esafety_tui.widgets.prose import line, plain


class Stopped(EsafetyError):
    """The person stopped the check."""


class VerifyDialog(Dialog):
    """Runs when it is shown; escape stops it, or closes it when it is done."""

    NAME = "The check of the log"
    ABOUT = "Every entry is compared with the chain. Nothing is changed. Escape stops it."
    box = "verify"  # after a lock the check begins anew

    class Reached(Message):
        """So many entries of so many are checked."""

        def __init__(self, done: int, of: int) -> None:
            super().__init__()
            self.done, self.of = done, of

    def body(self) -> ComposeResult:
        with VerticalScroll(id="help-page"):
            yield Static(line((self.NAME, "bold $accent")))
            yield Static(plain("Checking every entry …"), id="verify-text", classes="help-text")
            yield ProgressBar(id="verify-bar", show_eta=False)

    async def ready(self) -> None:
        care = self.session.care
        self.ask_desk("verify", lambda: care.verify(progress=self._progress))

    def _progress(self, done: int, of: int) -> None:
        if get_current_worker().is_cancelled:
            raise Stopped("Stopped", "The check was stopped; nothing was changed.", "Run it again when there is time.")
        self.post_message(self.Reached(done, of))

    def on_verify_dialog_reached(self, event: Reached) -> None:
        self.query_one(ProgressBar).update(total=event.of, progress=event.done)

    def on_told(self, event: Told) -> None:
        """Done, stopped, or it could not be read."""
        event.stop()
        self.query_one(ProgressBar).display = False
        text = str(event.error) if event.error else _summary(cast("dict[str, Any]", event.result))
        self.query_one("#verify-text", Static).update(plain(text))

    def action_leave(self) -> None:
        for worker in self.workers:
            if worker.node is self:
                worker.cancel()
        self.dismiss(None)


def _summary(report: dict[str, Any]) -> str:
    if report["ok"]:
        memory = f"\n\n{report['memory']}" if report["memory"] else ""
        return f"✓ All {report['entries']} entries hold together.\n\nThe words now: {report['words']}{memory}"
    if calm(report):
        lines = "\n".join(one["text"] for one in report["findings"])
        means = "\n".join(LEFT_OVER) if only_left_over(report) else ""
        return f"✓ All {report['entries']} entries hold together.\n\n{lines}\n\n{means}".rstrip()
    found = "\n".join(_finding(finding) for finding in report["findings"])
    advice = "Leave the folder as it is, make no entry, and ask for help."
    return f"! Something does not hold together.\n\n{found}\n\n{advice}"


def _finding(finding: dict[str, Any]) -> str:
    where = f"Entry {finding['seq']}: " if finding["seq"] else ""
    return f"! {where}{finding['text']}"
