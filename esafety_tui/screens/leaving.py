"""What leaves: the record form and the hand-over bundle. What it will hold, where to, its progress, its passphrase."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

from textual.app import ComposeResult
from textual.widgets import Static

from esafety_tui.desk import media
from esafety_tui.desk.asks import Ask, Choice, Field, Option, Reply
from esafety_tui.desk.evidence import chosen_path
from esafety_tui.desk.exhibits_out import readable
from esafety_tui.desk.forms.base import View
from esafety_tui.desk.leaving import Allowed, Recipient, Written
from esafety_tui.errors import EsafetyError, UsageError
from esafety_tui.screens.asking import Asking
from esafety_tui.screens.base import Dialog, Place
from esafety_tui.screens.running import Progress
from esafety_tui.widgets.askpanel import AskPanel
from esafety_tui.widgets.prose import line

PRINT, ZIP, BUNDLE, HANDED, NOTED, UNWANTED, DONE = "print", "zip", "bundle", "handed", "noted", "unwanted", "done"
#: Groups of a passphrase on one line.
GROUPS = 3
ENCRYPTED = "It is an encrypted zip. The passphrase is shown once, here, and kept nowhere."
NAMES = "It names people: it leaves only for somebody who may know, and what leaves is written down."
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

    def body(self) -> ComposeResult:
        yield Static(id="secret")
        yield AskPanel(record="Go on")

    def where(self) -> str:
        return f"Incident {self._ref}"

    def place(self) -> Place | None:
        return Place(self.KIND, self._ref)

    async def ready(self) -> None:
        try:
            self.session.refuse_when_quiet()
            ask = self.first(self.session.casework.view(self._ref))
        except EsafetyError as error:
            self.desk.tell(error)
            self.dismiss(None)
            return
        await self.panel.show(ask)

    def first(self, view: View) -> Ask:
        """The first question: what it will hold, and where it goes."""
        raise NotImplementedError

    # -- fields that both have

    def out_field(self) -> Field:
        """Where to put it: on a stick that is plugged in, if there is one."""
        name = f"{self.KIND}-{self._ref}.zip"
        found = media.sticks()
        value = str(found[0] / name) if found else ""
        return Field(
            "out", "Where to: a folder, or a file that ends in .zip", "line", True, value=value,
            help="This stick is plugged in." if found else "Put in a new stick of the school's, then type its folder.",
        )  # fmt: skip

    def allowed_fields(self, stick: bool = True) -> tuple[Field, ...]:
        """R19: medium, to whom, allowed by whom."""
        alone = self.session.person.senior
        by = Field("by", "Which senior colleague allowed it", "line", not alone, value=self.session.person.name * alone)
        if not stick:
            return (by,)
        return (
            Field("medium", "What is written on the label of the stick", "line"),
            Field("to", "Who will get it", "line"),
            by,
        )

    def out(self, reply: Reply) -> Path:
        """The file to write; in a folder it gets its usual name. Raises UsageError."""
        path = chosen_path(reply.fields.get("out", ""))
        try:
            return path / f"{self.KIND}-{self._ref}.zip" if path.is_dir() else path
        except OSError:
            return path

    @staticmethod
    def allowed(reply: Reply) -> Allowed:
        """What was said of it."""
        return Allowed(*(reply.fields.get(id, "") for id in ("medium", "to", "by")))

    # -- afterwards

    async def saved(self, result: object) -> None:
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
            self.dismiss(None)


class FormDialog(LeavingDialog):
    """`o`: the record form."""

    NAME = "The record form"
    ABOUT = (
        "The form that schools know, as pages to print: into a private folder that is emptied when the program locks, "
        "or as an encrypted file to give away. Escape leaves without it."
    )
    KIND = "form"
    DOING = "Setting the pages"

    def first(self, view: View) -> Ask:
        into = Choice(PRINT, "Print it here: into the private print folder", self.allowed_fields(stick=False),
                      "The folder is emptied when the program locks or is left.")  # fmt: skip
        zipped = Choice(
            ZIP, "Give it away: as an encrypted file", (self.out_field(), *self.allowed_fields()), ENCRYPTED
        )
        return Ask(
            "form", "The record form, as pages", (into, zipped), (" ".join(_form_holds(self, view)), NAMES), kind="task"
        )

    def send(self, ask: Ask, reply: Reply) -> Callable[[], object]:
        if reply.choice not in (PRINT, ZIP):
            return super().send(ask, reply)
        leaving, ref = self.session.leaving, self._ref

        def write() -> Written:
            return leaving.form(ref, self.out(reply) if reply.choice == ZIP else None, self.allowed(reply))

        return write


class BundleDialog(LeavingDialog):
    """`h`: the hand-over bundle, and that it was handed over."""

    NAME = "The hand-over bundle"
    ABOUT = (
        "Everything about this case for the police or another agency, in one encrypted file on a stick of the "
        "school's, and a page that says how to check it. Escape stops the writing; nothing is left behind then."
    )
    KIND = "bundle"
    DOING = "Writing the bundle"

    def first(self, view: View) -> Ask:
        bundle = Choice(BUNDLE, "Write the bundle", (self.out_field(), *self.allowed_fields()), ENCRYPTED)
        gone = self._out_now()
        handed = (Choice(HANDED, "It was handed over: who took it", _handed_fields(gone)),) if gone else ()
        holds = " ".join(_bundle_holds(self, view))
        return Ask("bundle", "Hand over: the bundle", (bundle, *handed), (holds, NAMES), kind="task")

    def _out_now(self) -> tuple[Option, ...]:
        """What left of this case and was not handed to anybody yet."""
        left = cast("list[dict[str, str]]", self.session.leaving.left(out_only=True))
        return tuple(
            Option(one["item"], f"{one['item']}: {one['what']}, {one['medium'] or 'no label'}")
            for one in left
            if one["ref"] == self._ref and one["how"] == "zip" and not one["receipt"]
        )

    def send(self, ask: Ask, reply: Reply) -> Callable[[], object]:
        if reply.choice != HANDED:
            return super().send(ask, reply)
        leaving, get = self.session.leaving, reply.fields.get

        def note() -> str:
            to = Recipient(*(get(id, "") for id in ("name", "force", "number", "reference")))
            leaving.hand_over(get("item", ""), to, get("receipt", ""), get("when", ""))
            return "Saved: it was handed over."

        return note

    def send_long(self, ask: Ask, reply: Reply) -> Callable[[Progress], object] | None:
        if reply.choice != BUNDLE:
            return None
        leaving, ref = self.session.leaving, self._ref
        return lambda progress: leaving.bundle(ref, self.out(reply), self.allowed(reply), progress)


def _handed_fields(gone: tuple[Option, ...]) -> tuple[Field, ...]:
    return (
        Field("item", "Which", "pick", True, options=gone, value=gone[0].id),
        Field("name", "Who took it: full name", "line", True),
        Field("force", "Force or agency", "line"),
        Field("number", "Officer's number", "line"),
        Field("reference", "Their reference", "line"),
        Field("receipt", "How they signed for it", "line", help="Like: signed the receipt on page one."),
        Field("when", "When was that?", "when"),
    )


def _form_holds(screen: LeavingDialog, view: View) -> Iterator[str]:
    case = view.case
    inside = {one.id for one in readable(screen.session, view)}
    shots = [one.mark for one in case.exhibits.values() if one.id in inside]
    rows = _many(len(case.rows), "row")
    signed = _many(len(case.signatures), "signature")
    yield f"On it: {rows}, {_many(len(case.exhibits), 'exhibit')}, {signed}, the words for the bound book."
    if shots:
        yield f"Pictures that are printed: {', '.join(shots)}."
    if withheld := [one.mark for one in case.exhibits.values() if one.copied and one.id not in inside]:
        yield f"Listed, and never printed: {', '.join(withheld)}."


def _bundle_holds(screen: LeavingDialog, view: View) -> Iterator[str]:
    inside = {one.id for one in readable(screen.session, view)}
    case = view.case
    files = [one.mark for one in case.exhibits.values() if one.id in inside]
    kept = f"the files of {', '.join(files)}" if files else "no file of an exhibit"
    yield f"In it: a first page for whoever gets it, the form, every entry day by day, {kept}, and how to check it all."
    if sealed := [one.mark for one in case.exhibits.values() if one.copied and one.id not in inside]:
        yield f"Not in it, but listed: {', '.join(sealed)}, which nobody opens, and where the device is."
    if words := [one.mark for one in case.exhibits.values() if not one.copied]:
        yield f"In words alone: {', '.join(words)}."


def _many(count: int, thing: str) -> str:
    return f"{count or 'no'} {thing}{'' if count == 1 else 's'}"


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
        (f"{done.path}, number {done.item} in the list of what left.",), kind="task",
    )  # fmt: skip


def printed(done: Written) -> Ask:
    """After the form was put in the print folder."""
    how = "Open it from there and print it now. It is gone when the program locks or is left."
    where = f"{done.path}\n\nNumber {done.item} in the list of what left."
    return Ask(DONE, "The form is in the print folder", (Choice(DONE, "Done"),), (where, how), kind="task")
