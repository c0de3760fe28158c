"""Backups and the log's other copies: when the last good one was made, what is on the stick, and what to do with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static

from esafety_tui.desk import clock
from esafety_tui.desk.asks import Ask, Choice, Reply
from esafety_tui.desk.copies import backup_notices, copy_replies, withheld
from esafety_tui.desk.copies import copy_asks as asks
from esafety_tui.desk.copies.copy_replies import Outcome
from esafety_tui.errors import EsafetyError
from esafety_tui.screens.asking import Asking
from esafety_tui.screens.base import BaseScreen, Dialog, Place, Told
from esafety_tui.screens.running import Progress
from esafety_tui.widgets.askpanel import AskPanel
from esafety_tui.widgets.lines import Lines, Marked
from esafety_tui.widgets.prose import line
from esafety_tui.widgets.rowlist import RowList
from esafety_tui.widgets.safe import safe

HOW = "Put a stick in that is kept for nothing else, write a name on it, and press m."
NOTHING = f"There is no backup of this log yet. {HOW}"
#: What the line says while it runs, by step and by answer.
DOING = {
    asks.MAKE: "Making the backup", asks.CHECK: "Checking the backup", asks.COMPARE: "Comparing",
    asks.BACK: "Comparing", asks.TAKE_OVER: "Checking the other copy",
}  # fmt: skip
DONE = "done"
MEGABYTE = 1_000_000


class CopiesScreen(BaseScreen):
    """`b`: the backups of this log."""

    NAME = "Backups and other copies"
    ABOUT = (
        "m makes a backup now; c proves that the marked one can be put back; p says where they go by themselves after "
        "every sitting. a is for when the computer is taken away, and for the copy that comes back. Each can be "
        "stopped with Escape. Putting a log back is done where there is none yet: start the program on the other "
        "computer and choose it there."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("m", "step('make')", "Make now", tooltip="Make a backup now", id="copies.make"),
        Binding("c", "step('check')", "Check", tooltip="Prove that the marked backup can be put back",
                id="copies.check"),
        Binding("p", "step('place')", "Where", tooltip="Where backups go by themselves", id="copies.place"),
        Binding("a", "step('away')", "Taken away", tooltip="The computer was taken away; the copy that comes back",
                id="copies.away"),
        Binding("r", "step('record')", "Put back", tooltip="Record by two that this log was put back from a backup",
                id="copies.record"),
        Binding("w", "step('settle')", "Missing", tooltip="Say by two what became of the entries that are missing",
                id="copies.settle"),
        Binding("t", "kept", "Destroyed", show=False, tooltip="What was destroyed, and backups that still hold it",
                id="copies.kept"),
    ]  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self._rows: Sequence[dict[str, Any]] = ()
        self._read = False

    def body(self) -> ComposeResult:
        yield Lines(id="copies-now")
        with Horizontal(id="copies"):
            yield RowList("copies-list")
            with VerticalScroll(id="copies-page", can_focus=False):
                yield Lines(id="copies-told")
        yield Static(line((NOTHING, "$quiet")), id="copies-nothing")

    def place(self) -> Place | None:
        return Place("copies")

    async def ready(self) -> None:
        self.query_one("#copies").display = self.query_one("#copies-nothing").display = False
        self.renew()
        self.query_one("#copies-list").focus()

    def renew(self) -> None:
        """Read anew, the stick too."""
        session = self.desk.session
        if session is None:
            return
        self.query_one("#copies-now", Lines).show(_now(session))
        self.refresh_bindings()
        self.ask_desk("list", session.copies.listed)

    def on_told(self, event: Told) -> None:
        """What was read came from the thread."""
        event.stop()
        if event.error is not None:
            self.desk.tell(event.error)
            return
        rows = self._rows = cast("Sequence[dict[str, Any]]", event.result)
        self.query_one("#copies").display = bool(rows)
        self.query_one("#copies-nothing").display = not rows
        session = self.desk.session
        if session is not None and (source := backup_notices.put_back_from(session)):
            self.query_one("#copies-nothing", Static).update(line((f"{source}. {HOW}", "$quiet")))
        self.query_one("#copies-list", RowList).show(
            lambda width: [(str(one["name"]), _row(one).truncate(width, ellipsis=True)) for one in rows]
        )
        if self.focused is None:
            self.query_one("#copies-list").focus()
        self._tell()

    @property
    def _marked(self) -> dict[str, Any] | None:
        at = self.query_one("#copies-list", RowList).highlighted
        return self._rows[at] if at is not None and at < len(self._rows) else None

    @on(OptionList.OptionHighlighted, "#copies-list")
    def _tell(self) -> None:
        one = self._marked
        self.query_one("#copies-told", Lines).show(_told(one) if one else [])
        self.query_one("#copies-page").scroll_home(animate=False)

    @on(OptionList.OptionSelected, "#copies-list")
    def _selected(self) -> None:
        self.action_step(asks.CHECK)

    # -- keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The record of a restore, and of what became of what is missing since, are offered where they are wanted."""
        if action == "step" and parameters == (asks.RECORD,):
            session = self.desk.session
            return session is not None and withheld.not_recorded(session)
        if action == "step" and parameters == (asks.SETTLE,):
            session = self.desk.session
            return session is not None and bool(session.register.copies.missing or session.register.copies.left_there)
        return super().check_action(action, parameters)

    def action_step(self, step: str) -> None:
        one = self._marked
        name = str(one["name"]) if step == asks.CHECK and one else ""
        self.app.push_screen(CopyDialog(step, name), self.desk.recorded_over)

    def action_kept(self) -> None:
        self.desk.over(Place("retention"))

    async def recorded(self, said: str) -> None:
        self.renew()

    def resumed(self) -> None:
        self.renew()

    def go_back(self) -> None:
        self.dismiss(None)


class CopyDialog(Dialog, Asking):
    """One step with a copy: asks, does it with its progress, says what came of it. Dismissed with a title, or None."""

    NAME = "Backups and other copies"
    ABOUT = "Fill in what is asked and press Enter. Escape stops what runs; else it leaves without doing it."

    def __init__(self, step: str, name: str = "") -> None:
        super().__init__()
        self._step, self._backup = step, name
        self._done: Outcome | None = None

    def body(self) -> ComposeResult:
        yield AskPanel(record="Go on")

    def place(self) -> Place | None:
        return Place("copy-step", self._backup, self._step) if self._done is None else None

    async def ready(self) -> None:
        try:
            ask = asks.ask(self.session, self._step, self._backup)
            draft = copy_replies.draft(self.session, self._step)
        except EsafetyError as error:
            self.desk.tell(error)
            self.dismiss(None)
            return
        await self.panel.show(ask, draft)

    def send(self, ask: Ask, reply: Reply) -> Callable[[], object]:
        return lambda: self._done

    def send_long(self, ask: Ask, reply: Reply) -> Callable[[Progress], object] | None:
        if self._done is not None:
            return None
        session, step, name = self.session, self._step, self._backup
        self.DOING = DOING.get(step) or DOING.get(reply.choice, "Saving")
        return lambda progress: copy_replies.reply(session, step, reply, progress, name)

    def keep_draft(self, ask: Ask, draft: Reply) -> Callable[[], None] | None:
        session, step = self.session, self._step
        return None if self._done is not None else lambda: copy_replies.save_draft(session, step, draft)

    async def saved(self, result: object) -> None:
        done = cast("Outcome", result)
        if self._done is not None:
            self.dismiss(done.title)
            return
        self._done = done
        await self.panel.show(outcome(done))

    def go_back(self) -> None:
        if self._done is not None:
            self.dismiss(self._done.title)
        else:
            super().go_back()


def outcome(done: Outcome) -> Ask:
    """What came of it, with nothing to do but to read it."""
    return Ask(DONE, done.title, (Choice(DONE, "Done"),), done.lines, kind="task")


def _now(session: Any) -> list[Marked]:
    """Where they go, when the last good one was, and why nothing may be written."""
    bullet = line(("• ", "$accent"))
    why = withheld.why(session)
    rows = [Marked(line((str(why), "bold $care")), line(("! ", "bold $care")))] if why else []
    usual = session.copies.place
    goes = f"They go to {safe(usual.label)}, in {safe(usual.folder)}." if usual else "None is made by itself: press p."
    rows.append(Marked(line(goes), bullet))
    return [*rows, *(Marked(line(text), bullet) for text in backup_notices.notices(session))]


def _row(one: dict[str, Any]) -> Content:
    sign, style = ("○", "$quiet") if one["deleted"] else ("●", "$accent")
    care = not one["of_this_history"] or one["holds_sealed"] or one["holds_destroyed"]
    when = clock.plain(one["at"], clock.now()[1]) if one["at"] else one["name"]
    return line((f" {sign} ", style), (when, "bold"), (f"  {one['label'] or 'no label'}", "$quiet"),
                ("  !" if care else "", "bold $care"))  # fmt: skip


def _told(one: dict[str, Any]) -> list[Marked]:
    where = {True: "On the stick that is in.", False: "Not on the stick that is in.", None: "Its stick is not in."}
    lies = "Deleted: it need not be kept any more." if one["deleted"] else where[one["on_stick"]]
    said = [f"Up to entry {one['head']}, {one['size'] / MEGABYTE:.1f} MB.", lies]
    warned = []
    if not one["of_this_history"]:
        warned.append("It is NOT of this log's history.")
    if one["holds_sealed"]:
        many = len(one["holds_sealed"])
        files = "a file that is" if many == 1 else f"{many} files that are"
        warned.append(f"It holds {files} sealed by now: tell the police of it.")
    if one["holds_destroyed"]:
        warned.append("It still holds what two people had destroyed (t).")
    head = Marked(line((one["name"], "bold $accent")))
    return [
        head,
        *(Marked(line((text, "$care")), line(("! ", "bold $care"))) for text in warned),
        *(Marked(line(text), line(("• ", "$accent"))) for text in said),
    ]
