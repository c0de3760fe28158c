"""What leaves of the log: what is shown or selected as a table, and one incident day by day as pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from esafety_tui.desk.asks import Ask, Choice, Field, Reply
from esafety_tui.desk.case.evidence import chosen_path
from esafety_tui.desk.logbook.logfilter import LogFilter
from esafety_tui.desk.papers import media
from esafety_tui.desk.papers.handing import READABLE
from esafety_tui.desk.papers.leaving import Allowed
from esafety_tui.screens.base import OVER, Place
from esafety_tui.screens.leaving import LeavingDialog

ZIP, TABLE, LINES, PRINT = "zip", "csv", "jsonl", "print"
ENCRYPTED = "The passphrase is shown once, here, and kept nowhere."
PLAIN = "Anybody can read it. It stands under what is due until it is destroyed."
NAMES = "It names people. It leaves only for somebody who may know, and what leaves is written down."


class _Export(LeavingDialog):
    """What both have in common: where to, to whom, allowed by whom."""

    NAMED = "incidents"

    def first(self) -> Ask:
        self.session.refuse_when_quiet()
        return self.question()

    def question(self) -> Ask:
        """The first question."""
        raise NotImplementedError

    def fields(self, ending: str) -> tuple[Field, ...]:
        """Where to, to whom, allowed by whom (R19)."""
        found = media.sticks() if ending == ZIP else ()
        value = str(found[0] / f"{self.NAMED}.zip") if found else ""
        senior = self.session.person.senior
        return (
            Field("out", f"Where to: a folder, or a file that ends in .{ending}", "line", True, value=value),
            Field("medium", "What is written on the label of the stick", "line"),
            Field("to", "Whom is it for", "line", True),
            Field("by", "Which senior colleague allowed it", "line", not senior,
                  value=self.session.person.name if senior else ""),
        )  # fmt: skip

    def out(self, reply: Reply, ending: str) -> Path:
        """The file that was named. Raises UsageError."""
        path = chosen_path(reply.fields.get("out", ""))
        return path / f"{self.NAMED}.{ending}" if path.is_dir() else path

    @staticmethod
    def allowed(reply: Reply) -> Allowed:
        """To whom, on what, allowed by whom."""
        said = reply.fields.get("readable", "") == "yes"
        return Allowed(*(reply.fields.get(id, "") for id in ("medium", "to", "by")), plain=said)


class ExportDialog(_Export):
    """`w` in the log: what the filter leaves, or what is selected."""

    NAME = "Write out of the log"
    ABOUT = (
        "A table and lines of JSON of the incidents that are shown or selected, in one encrypted file, or plain. It "
        "is asked whom it is for, and it is entered in the list of what left. Escape leaves without it."
    )
    IN_CASE = False
    KIND = "export"

    def __init__(self, filter: LogFilter, refs: Sequence[str], said: str) -> None:
        super().__init__("")
        self._filter, self._refs, self._said = filter, tuple(refs), said

    def where(self) -> str:
        return self.NAME

    def place(self) -> Place | None:
        return Place(OVER, "", self.KIND)

    def question(self) -> Ask:
        return Ask("export", self._said, (
            Choice(ZIP, "As an encrypted file: the table and lines of JSON", self.fields(ZIP), ENCRYPTED),
            Choice(TABLE, "As a table, plain (.csv)", (*self.fields(TABLE), READABLE), PLAIN),
            Choice(LINES, "As lines of JSON, plain (.jsonl)", (*self.fields(LINES), READABLE), PLAIN),
        ), (NAMES,), kind="task")  # fmt: skip

    def send(self, ask: Ask, reply: Reply) -> Callable[[], object]:
        if reply.choice not in (ZIP, TABLE, LINES):
            return super().send(ask, reply)
        exporting, filter, refs = self.session.browsing.exporting, self._filter, self._refs

        def write() -> object:
            done = exporting.log(self.out(reply, reply.choice), self.allowed(reply), filter, refs)
            return done if done.passphrase else f"Saved as {done.path}, number {done.item} in the list of what left."

        return write


class ChronologyDialog(_Export):
    """`w` on the case page: every entry, day by day, as pages."""

    NAME = "The chronology on paper"
    ABOUT = (
        "Every entry of this incident, day by day, as pages: into the private print folder that is emptied when the "
        "program locks, or as an encrypted file to give away. Escape leaves without it."
    )
    KIND = "chronology"

    def __init__(self, ref: str) -> None:
        super().__init__(ref)
        self.NAMED = f"chronology-{ref}"

    def question(self) -> Ask:
        to, by = self.fields(ZIP)[-2:]
        return Ask("chronology", self.NAME, (
            Choice(PRINT, "Print it here: into the private print folder", (to, by),
                   "The folder is emptied when the program locks or is left."),
            Choice(ZIP, "Give it away: as an encrypted file", self.fields(ZIP), ENCRYPTED),
        ), (NAMES,), kind="task")  # fmt: skip

    def send(self, ask: Ask, reply: Reply) -> Callable[[], object]:
        if reply.choice not in (ZIP, PRINT):
            return super().send(ask, reply)
        leaving, ref = self.session.leaving, self._ref

        def write() -> object:
            out = self.out(reply, ZIP) if reply.choice == ZIP else None
            done = leaving.chronology(ref, out, self.allowed(reply))
            return done if done.passphrase else f"It is in the print folder: {done.path}. Print it now."

        return write
