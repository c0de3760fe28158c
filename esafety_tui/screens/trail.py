"""The audit trail (R13): who opened, printed, exported, failed to come in, and when; written out with one key."""

from __future__ import annotations

from typing import ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from esafety_tui.desk.asks import Ask, Choice, Field, Reply
from esafety_tui.desk.case.evidence import chosen_path
from esafety_tui.desk.logbook.trail import ABOUT, SHOWN, Trace
from esafety_tui.desk.papers.handing import READABLE
from esafety_tui.desk.papers.leaving import Allowed
from esafety_tui.screens.base import Dialog, Told
from esafety_tui.screens.form import FormDialog
from esafety_tui.widgets.prose import line, plain, shortened
from esafety_tui.widgets.rowlist import RowList
from esafety_tui.widgets.safe import one_line

_TO = (Field("to", "Whom it is for", "line", True), Field("medium", "Label of the stick it goes on", "line"))
_FILE = "Name of the file: it ends in"
_WRITE = Ask(
    "trail-out",
    "Write the audit trail out",
    (
        Choice("zip", "Write it encrypted", (Field("file", f"{_FILE} .zip", "line", True), *_TO)),
        Choice(
            "plain",
            "Write it plain",
            (Field("file", f"{_FILE} .csv or .jsonl", "line", True), *_TO, READABLE),
            "It stands under what is due until it is destroyed.",
        ),
    ),
    ("All of it, with names. It is entered in the register of what left.",),
)


class TrailDialog(Dialog):
    """The newest lines, all parts or one."""

    NAME = "The audit trail"
    ABOUT = (
        "Who opened, printed and exported what, wrong names and passwords, and changes of who may come in, the newest "
        f"first, at most {SHOWN}. P shows one part after the other, w writes all of it to a file. Of a case that is "
        "closed to you nothing is here."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "part", "Part", tooltip="All of it, or one part", id="trail.part"),
        Binding("w", "write", "Write out", tooltip="Write all of it to a file", id="trail.write"),
    ]

    box = "trail"

    def __init__(self) -> None:
        super().__init__()
        self._part, self._said = "", False

    def body(self) -> ComposeResult:
        yield Static(line((self.NAME, "bold $accent")), id="choosing-title")
        yield RowList("choosing")

    async def ready(self) -> None:
        self.query_one(RowList).focus()
        self._read()

    def _read(self) -> None:
        part, trail = self._part, self.session.people.trail
        self.ask_desk("read", lambda: trail.traces(part))

    def action_part(self) -> None:
        """The next part; after the last all of it again."""
        parts = ["", *ABOUT]
        self._part = parts[(parts.index(self._part) + 1) % len(parts)]
        self._read()

    def action_write(self) -> None:
        trail = self.session.people.trail

        def write(reply: Reply) -> str:
            given = reply.fields
            allowed = Allowed(given.get("medium", ""), given["to"], "", plain=given.get("readable") == "yes")
            done = trail.export(chosen_path(given["file"]), allowed)
            secret = f" Passphrase, shown once: {done.passphrase}" if done.passphrase else ""
            return f"Written: {done.path} ({done.item}).{secret}"

        self.app.push_screen(FormDialog(_WRITE, write, "Write it", self.NAME, "trail-out"), self._written)

    def reopen(self, box: str) -> bool:
        self.action_write()
        return True

    def _written(self, said: object) -> None:
        if said is not None:
            self._said = True  # a passphrase among it is shown once, until another key is pressed
            self.query_one("#choosing-title", Static).update(plain(str(said)))
            self._read()

    def on_told(self, event: Told) -> None:
        """The lines, or why there are none."""
        event.stop()
        title = self.query_one("#choosing-title", Static)
        if event.error is not None:
            title.update(plain(str(event.error)))
            return
        found = cast("list[Trace]", event.result)
        part = ABOUT.get(self._part, "Everything")
        if not self._said:
            title.update(line((f"{self.NAME}: ", "bold $accent"), part if found else f"{part}: nothing is in the log."))
        self._said = False
        self.query_one(RowList).show(
            lambda width: [
                (
                    str(one.seq),
                    line((f"{one.at[:16].replace('T', ' ')}  ", "$quiet"), shortened(_told(one), max(20, width - 19))),
                )
                for one in found
            ]
        )

    def action_leave(self) -> None:
        self.dismiss(None)


def _told(one: Trace) -> str:
    who = f" ({one.who})" if one.who else ""
    return one_line(f"{one.ref + ': ' if one.ref else ''}{one.what}{who}")
