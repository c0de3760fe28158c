"""What leaves: the record form and the hand-over bundle. What it will hold, where to, its progress, its passphrase."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from textual.app import ComposeResult
from textual.widgets import Static

from esafety_tui.desk import boxes
from esafety_tui.desk.asks import Ask, Choice, Reply
from esafety_tui.desk.papers import outgoing
from esafety_tui.desk.papers.leaving import Written
from esafety_tui.errors import EsafetyError, UsageError
from esafety_tui.screens.asking import Asking
from esafety_tui.screens.base import Dialog, Place
from esafety_tui.screens.running import Progress
from esafety_tui.widgets.askpanel import AskPanel
from esafety_tui.widgets.prose import line

NOTED, UNWANTED, DONE = "noted", "unwanted", "done"
#: Groups of a passphrase on one line.
GROUPS = 3
ONCE = UsageError(
    "It is shown only now",
    "Without the passphrase nobody can open the file, and nobody can find it again.",
    "Write it down and press 1, or press 2 if the file is not wanted.",
)


class LeavingDialog(Dialog, Asking):
    """Asks where to, writes, and shows the passphrase once. Dismissed with a sentence, or None."""

    IN_CASE = True
    KIND = ""

    def __init__(self, ref: str) -> None:
        super().__init__()
        self._ref = ref
        self._written: Written | None = None
        self._done = False

    def body(self) -> ComposeResult:
        yield Static(id="secret")
        yield AskPanel(record="Go on")

    def where(self) -> str:
        return f"Incident {self._ref}"

    def place(self) -> Place | None:
        return Place(self.KIND, self._ref)

    async def ready(self) -> None:
        try:
            ask, draft = self.first(), boxes.load(self.session, self.kept_as, self._ref)
        except EsafetyError as error:
            self.desk.tell(error)
            self.dismiss(None)
            return
        await self.panel.show(ask, draft)

    def first(self) -> Ask:
        """The first question. Raises EsafetyError where there is none."""
        return outgoing.ask(self.session, self._ref, self.KIND)

    @property
    def kept_as(self) -> str:
        """The name under which what was typed is kept over a lock."""
        return f"out/{self.KIND or self.NAME}"

    def keep_draft(self, ask: Ask, draft: Reply) -> Callable[[], None] | None:
        session, kept_as, ref = self.session, self.kept_as, self._ref
        return (lambda: boxes.save(session, kept_as, draft, ref)) if not self._done else None

    # -- afterwards

    async def saved(self, result: object) -> None:
        self._done = True
        self._forget()
        if isinstance(result, Written):
            await self._show(result)
        else:
            self.dismiss(result)

    async def _show(self, done: Written) -> None:
        if not done.passphrase:
            await self.panel.show(printed(done))
            return
        self._written = done
        self.query_one("#secret", Static).update(line(*passphrase(done.passphrase)))
        self.add_class("-secret")
        await self.panel.show(written(done))

    def send(self, ask: Ask, reply: Reply) -> Callable[[], object]:
        leaving, done, who = self.session.leaving, self._written, self.session.person.name
        if reply.choice != UNWANTED or done is None:
            return lambda: "Saved: what left is in the list."

        def destroy() -> str:
            try:
                done.path.unlink(missing_ok=True)
            except OSError:
                raise UsageError(
                    "The file could not be removed", "It is still there.", "Remove it yourself, then press Enter again."
                ) from None
            leaving.back(done.item, "destroyed", who, "The passphrase was not noted.")
            return "Saved: the file is destroyed."

        return destroy

    def go_back(self) -> None:
        if self._written is not None:
            self.panel.refused(ONCE)
        else:
            self._forget()
            self.dismiss(None)

    def _forget(self) -> None:
        try:
            boxes.forget(self.session, self.kept_as, self._ref)
        except EsafetyError as error:
            self.desk.tell(error)


class FormDialog(LeavingDialog):
    """`o`: the record form."""

    NAME = "The record form"
    ABOUT = (
        "The form that schools know, as pages to print: into a private folder that is emptied when the program locks, "
        "or as an encrypted file to give away. Escape leaves without it."
    )
    KIND = "form"
    DOING = "Setting the pages"

    def send(self, ask: Ask, reply: Reply) -> Callable[[], object]:
        if reply.choice not in (outgoing.PRINT, outgoing.ZIP):
            return super().send(ask, reply)
        return lambda: outgoing.write(self.session, self._ref, reply)


class BundleDialog(LeavingDialog):
    """`h`: the hand-over bundle, and that it was handed over."""

    NAME = "The hand-over bundle"
    ABOUT = (
        "Everything about this case for the police or another agency, in one encrypted file on a stick of the "
        "school's, and a page that says how to check it. Escape stops the writing; nothing is left behind then."
    )
    KIND = "bundle"
    DOING = "Writing the bundle"

    def send(self, ask: Ask, reply: Reply) -> Callable[[], object]:
        if reply.choice != outgoing.HANDED:
            return super().send(ask, reply)
        return lambda: outgoing.write(self.session, self._ref, reply)

    def send_long(self, ask: Ask, reply: Reply) -> Callable[[Progress], object] | None:
        if reply.choice != outgoing.BUNDLE:
            return None
        return lambda progress: outgoing.write(self.session, self._ref, reply, progress)


def passphrase(secret: str) -> Iterator[tuple[str, str]]:
    """The passphrase in large groups, and how it is typed."""
    words = secret.split("-")
    yield ("Write this down now. It is shown once.\n", "bold $care")
    for number, word in enumerate(words, 1):
        end = "\n" if number % GROUPS == 0 or number == len(words) else "   "
        yield (f"{number} ", "$quiet")
        yield (f"{' '.join(word):<15}{end}", "bold $accent")
    yield ("In one, with hyphens: ", "$quiet")
    yield (secret, "bold")


def written(done: Written) -> Ask:
    """After a zip was written: is the passphrase written down?"""
    return Ask(
        NOTED, "It is written",
        (Choice(NOTED, "It is written down, apart from the stick"),
         Choice(UNWANTED, "Not wanted after all: destroy the file again")),
        (f"{done.path}, number {done.item} in the list of what left.",
         f"The stick is exhibit {done.stick}: write that on its label too." if done.stick else ""), kind="task",
    )  # fmt: skip


def printed(done: Written) -> Ask:
    """After the form was put in the print folder."""
    how = "Open it from there and print it now. It is gone when the program locks or is left."
    where = f"{done.path}\n\nNumber {done.item} in the list of what left."
    return Ask(DONE, "The form is in the print folder", (Choice(DONE, "Done"),), (where, how), kind="task")
