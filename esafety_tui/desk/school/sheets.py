"""The three recovery sheets: shown once, confirmed by an entry, and made anew where nobody confirmed them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from esafety_tui.desk.asks import Ask, Choice, Reply, chosen
from esafety_tui.desk.copies import withheld
from esafety_tui.errors import RefusedError, UsageError
from esafety_tui.register import events as r
from esafety_tui.vault import changes
from esafety_tui.vault import sheets as papers
from esafety_tui.vault.sheets import Sheet

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session

HOLDERS = ("the head of the school", "the Chair of Governors", "a third person whom both trust")
GUIDANCE = (
    "Three sheets open the log when passwords are lost. Any two of them do. They are shown this once.",
    "Copy each by hand, with the number of its set, put each in its own envelope, and give them to three people: "
    + "; ".join(HOLDERS) + ".",
)  # fmt: skip


def texts(sheets: Sequence[Sheet]) -> list[str]:
    """The sheets as they are to be written down, each for its holder."""
    return [
        f"Sheet {sheet.letter}, set {sheet.sheet_set}, for {holder}: {sheet.text}"
        for sheet, holder in zip(sheets, HOLDERS, strict=True)
    ]


def letter(text: str) -> str:
    """The letter of a sheet as it was typed. Raises UsageError, with the group that is wrong."""
    return papers.read(text)[0]


def same(letter: str) -> UsageError:
    """The same sheet was typed twice."""
    return UsageError(
        "Two different sheets are needed", f"This is sheet {letter} again.", "Type the one with another letter."
    )


class Sheets:
    """New sheets for a log whose sheets nobody confirmed, or that are lost. The older ones then open nothing."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._shown: list[str] = []

    def missing(self) -> bool:
        """Whether nobody ever said that the sheets in force are written down (the program may have died before)."""
        session = self._session
        return session.kind == "school" and session.register.sheets_given != session.unlocked.header.sheet_set

    def confirm(self) -> None:
        """All three are written down and given out. They are not shown again."""
        self._shown = []
        with withheld.for_sheets(self._session):
            self._session.note(r.SheetsGiven(self._session.unlocked.header.sheet_set))

    def ask(self) -> Ask:
        """Whether to make them; then the sheets themselves."""
        if self._shown:
            done = Choice("done", "All three are written down and given out")
            return Ask("sheets", "The three recovery sheets", (done,), (*GUIDANCE, *self._shown))
        make = Choice("make", "Make three new sheets now")
        why = "The sheets before open nothing from then on. Do it only when all three can be given out."
        return Ask("sheets", "New recovery sheets", (make,), (why,), acts="the head of the school")

    def reply(self, reply: Reply) -> str:
        """Take an answer. Raises RefusedError where this person may not, or the computer is kept quiet."""
        session = self._session
        with session.lock:
            if not session.may & {"settings", "principal"} and session.kind not in ("test", "demo"):
                raise RefusedError("Your role does not make sheets", "The head of the school does.", "Ask them.", "R10")
            session.refuse_when_quiet()
            if chosen(self.ask().choices, reply.choice).id == "done":
                self.confirm()
                return "They are not shown again."
            session.unlocked.header, sheets = changes.new_sheets(session.home, session.unlocked.data_key)
            self._shown = texts(sheets)
            session.compartments.tend()
            return "Write them down now."

    def show(self, papers: Sequence[Sheet]) -> None:
        """Sheets that were made elsewhere (a recovery): shown by `ask` until they are confirmed."""
        self._shown = texts(papers)

    @property
    def open(self) -> bool:
        """Sheets are being shown, and nobody has confirmed them yet."""
        return bool(self._shown)
