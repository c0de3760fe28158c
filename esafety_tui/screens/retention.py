"""Records whose time has come: what the rule says, holds, what two people decide, and what was destroyed (R16)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar, cast

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList, Static

from esafety_tui.desk.asks import Ask, Choice, Field, Reply
from esafety_tui.desk.case.evidence import chosen_path
from esafety_tui.desk.filters.filtering_list import day_words
from esafety_tui.desk.retention import traces
from esafety_tui.desk.retention.times import Line
from esafety_tui.desk.retention.traces import Disposal, Holding
from esafety_tui.errors import EsafetyError
from esafety_tui.screens.base import Place
from esafety_tui.screens.beside import BesideScreen
from esafety_tui.screens.form import FormDialog
from esafety_tui.widgets.lines import Lines, Marked
from esafety_tui.widgets.prose import line
from esafety_tui.widgets.rowlist import RowList
from esafety_tui.widgets.safe import safe

DUE, HELD, DONE = "due", "held", "done"
VIEWS = (DUE, HELD, DONE)
NOTHING = {
    DUE: "No record has come to the end of its time. Nothing is ever destroyed by itself.\n\nv shows what is held and "
    "what was destroyed; n holds a record.",
    HELD: "No record is under a legal hold.",
    DONE: "Nothing was destroyed.",
}
TITLE = {
    DUE: ("record whose time has come", "records whose time has come"),
    HELD: ("record under a legal hold", "records under a legal hold"),
    DONE: ("order of destruction", "orders of destruction"),
}


class RetentionScreen(BesideScreen):
    """`t`: how long records are kept."""

    NAME = "Keeping and destroying records"
    ABOUT = (
        "Records that were kept as long as the policy says. Two people decide about each: keep it longer, or destroy "
        "it for good. A legal hold wins over every rule. v shows what is held and what was destroyed; there Enter "
        "writes the certificate. b deletes backups that still hold what was destroyed."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "step('dispose')", "Destroy", tooltip="Destroy the marked record for good, by two", id="keep.end"),
        Binding("k", "step('keep')", "Keep", tooltip="Keep the marked record longer, by two", id="keep.longer"),
        Binding("h", "step('hold')", "Hold", tooltip="Put the marked record under a legal hold", id="keep.hold"),
        Binding("r", "step('release')", "Release", tooltip="End the hold of the marked record, by two", id="keep.free"),
        Binding("n", "hold", "Hold one", tooltip="Put any record under a legal hold", id="keep.hold-one"),
        Binding("v", "view", "View", tooltip="Due, held, or destroyed", id="keep.view"),
        Binding(
            "c", "certificate", "Certificate", tooltip="Write the certificate of what was destroyed", id="keep.paper"
        ),
        Binding("b", "backups", "Backups", tooltip="Backups that still hold what was destroyed", id="keep.backups"),
        Binding("o", "open", "Open", tooltip="Open the marked record", id="keep.open"),
        Binding("escape", "leave", "Back", tooltip="Back to where you came from", id="leave"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._view = DUE
        self._lines: Sequence[Line] = ()
        self._done: Sequence[Disposal] = ()
        self._holding: Sequence[Holding] = ()

    def place(self) -> Place | None:
        return Place("retention")

    def renew(self) -> None:
        """Read anew."""
        if self.desk.session is None:
            return
        retention, view = self.session.retention, self._view

        def job() -> tuple[Sequence[Line], Sequence[Disposal], Sequence[Holding]]:
            lines = retention.held() if view == HELD else retention.due()
            return lines, retention.disposals(), retention.backups()

        self.ask_desk("keep", job)

    def take(self, result: object) -> None:
        read = cast("tuple[Sequence[Line], Sequence[Disposal], Sequence[Holding]]", result)
        self._lines, self._done, self._holding = read
        self._show()
        self.caught_up()

    def _show(self) -> None:
        rows = self.query_one("#keep-list", RowList)
        lines, done = self._lines, self._done
        if self._view == DONE:
            rows.show(lambda width: [(str(one.number), _done_row(one, width)) for one in done])
        else:
            rows.show(lambda width: [(one.ref, _row(one, width)) for one in lines])
        count = rows.option_count
        self.query_one("#keep").display = count > 0
        nothing = self.query_one("#keep-nothing", Static)
        nothing.display = count == 0
        nothing.update(line((NOTHING[self._view], "$quiet")))
        said = [(f"{count} {TITLE[self._view][count != 1]}", "$quiet")]
        if self._holding:
            many = f"{len(self._holding)} backup{'s' * (len(self._holding) != 1)}"
            said.append((f". {many} still hold what was destroyed (b)", "$care"))
        self.query_one("#keep-count", Static).update(line(*said))
        self._tell()

    def _tell(self) -> None:
        page = self.query_one("#keep-told", Lines)
        one, gone = self._marked, self._marked_done
        if self._view == DONE:
            page.show(_told_done(gone) if gone else [])
        else:
            page.show(_told(one) if one else [])
        self.query_one("#keep-page").scroll_home(animate=False)

    @property
    def _marked(self) -> Line | None:
        at = self._at
        return self._lines[at] if self._view != DONE and at is not None and at < len(self._lines) else None

    @property
    def _marked_done(self) -> Disposal | None:
        at = self._at
        return self._done[at] if self._view == DONE and at is not None and at < len(self._done) else None

    @on(OptionList.OptionSelected, "#keep-list")
    def _selected(self) -> None:
        if self._view == DONE:
            self.action_certificate()
        else:
            self.action_open()

    # -- keys

    def action_view(self) -> None:
        self._view = VIEWS[(VIEWS.index(self._view) + 1) % len(VIEWS)]
        self.renew()

    def action_open(self) -> None:
        from esafety_tui.screens.case import CaseScreen

        if self._marked is not None:
            self.app.push_screen(CaseScreen(self._marked.ref))

    def action_step(self, step: str) -> None:
        one = self._marked
        if one is None:
            self.app.notify("Choose a record from the list first.", markup=False)
            return
        self._step(step, one.ref)

    def _step(self, step: str, ref: str) -> None:
        self._ask(f"{step}/{ref}", lambda: self.session.retention.ask(step, [ref]), self._reply(step, [ref]), ref)

    def reopen(self, box: str) -> bool:
        step, _, what = box.partition("/")
        match step:
            case "hold-any":
                self.action_hold()
            case "certificate":
                self._certificate(int(what))
            case "backups":
                return super().reopen(box)
            case _:
                self._step(step, what)
        return True

    def open_box(self, box: str) -> None:
        self.action_backups()

    def action_hold(self) -> None:
        ref = Field("ref", "Which incident", "line", True, "Its reference.")
        retention = self.session.retention

        def ask() -> Ask:
            plain = retention.ask_hold()
            choice = plain.choices[0]
            return Ask(plain.id, plain.title, (Choice(choice.id, choice.label, (ref, *choice.fields)),), plain.guidance,
                       plain.acts, plain.kind)  # fmt: skip

        self._ask("hold-any", ask, lambda reply: retention.reply("hold", reply, [reply.fields.get("ref", "")]))

    def _reply(self, step: str, refs: Sequence[str]) -> Callable[[Reply], object]:
        retention = self.session.retention
        return lambda reply: retention.reply(step, reply, refs)

    def action_certificate(self) -> None:
        one = self._marked_done
        if one is None:
            self.app.notify("Press v until what was destroyed is shown, and mark an order.", markup=False)
            return
        self._certificate(one.number)

    def _certificate(self, number: int) -> None:
        where = Field("out", "Where to: a file that ends in .pdf", "line", True)
        ask = Ask("retention-certificate", f"Certificate of destruction: entry {number}",
                  (Choice("write", "Write it", (where,)),), ("No pupil is named on it. Both of you sign it.",),
                  kind="task")  # fmt: skip
        retention = self.session.retention

        def write(reply: Reply) -> object:
            out = chosen_path(reply.fields.get("out", ""))
            retention.certificate(number, out)
            return f"Written: {safe(str(out))}"

        self._ask(f"certificate/{number}", lambda: ask, write)

    def action_backups(self) -> None:
        if not self._holding:
            self.app.notify("No backup that this log knows of holds what was destroyed.", markup=False)
            return
        names = tuple(f"{one.name} on {one.label}" for one in self._holding)
        folder = Field("folder", "The stick's folder, if it is not the usual one", "line")
        ask = Ask("retention-backups", "Backups that still hold what was destroyed",
                  (Choice("destroy", "Delete those on the stick that is in", (folder,)),),
                  (traces.before_deleting(self.session), *names),
                  kind="task")  # fmt: skip
        retention = self.session.retention

        def destroy(reply: Reply) -> object:
            typed = reply.fields.get("folder", "").strip()
            gone = retention.destroy_backups(Path(typed) if typed else None)
            return f"Deleted: {', '.join(gone)}." if gone else "None of them is on the stick that is in."

        self._ask("backups", lambda: ask, destroy)

    def _ask(self, box: str, ask: Callable[[], Ask], job: Callable[[Reply], object], ref: str = "") -> None:
        try:
            dialog = RetentionDialog(ask(), job, "Decide", box=box, ref=ref)
            self.app.push_screen(dialog, self.desk.recorded_over)
        except EsafetyError as error:
            self.desk.tell(error)

    async def recorded(self, said: str) -> None:
        if said:
            self.app.notify(safe(said), timeout=12, markup=False)
        self.renew()


class RetentionDialog(FormDialog):
    """One decision about a record. Dismissed with what the desk saved, or None."""

    NAME = "Keeping and destroying records"
    ABOUT = "Read what stands there, fill in what is asked and press Enter. Escape leaves without deciding."


def _row(one: Line, width: int) -> Content:
    sign, style = ("■ held", "$care") if one.held else ("● ready", "$accent") if one.ready else ("◷ waits", "$quiet")
    head = line(
        (f" {one.ref}  ", "bold"), (sign, style), (f"  since {day_words(one.due)}" if one.due else "", "$quiet")
    )
    return Content("\n").join([head.truncate(width, ellipsis=True), line((f" {one.rule}", "$quiet"))])


def _done_row(one: Disposal, width: int) -> Content:
    refs = ", ".join(str(case.get("ref", "")) for case in one.cases)
    head = line((f" Entry {one.number}  ", "bold"), (day_words(one.at), "$quiet"))
    return Content("\n").join([head, line((f" {refs}", "$quiet")).truncate(width, ellipsis=True)])


def _told(one: Line) -> list[Marked]:
    ended = f", closed {day_words(one.closed)}" if one.closed else ", not closed"
    said = [f"{one.why}.", f"Opened {day_words(one.opened)}{ended}."]
    said += ["The policy itself gives no years: these are a suggestion."] if one.reconstructed else []
    rows = [Marked(line((one.ref, "bold $accent"), "  ", (one.rule, "bold")))]
    if one.held:
        rows.append(Marked(line(("Held: ", "bold $care"), one.held)))
    rows += [Marked(line((text, "$care")), line(("! ", "bold $care"))) for text in one.blocked]
    return [*rows, *(Marked(line(text), line(("• ", "$accent"))) for text in (*said, *one.told))]


def _told_done(one: Disposal) -> list[Marked]:
    known = "signed in" if one.proof == "proven" else "attested on paper"
    said = [
        f"Decided by {one.first} and {one.second} ({known}).",
        f"Reason: {one.reason}",
        f"{one.entries} entries lost what was recorded in them; {one.files} evidence files were deleted.",
        *(f"{case.get('ref', '')}: {case.get('title', '')}, its time came on {day_words(str(case.get('due', '')))}"
          for case in one.cases),
    ]  # fmt: skip
    if one.direction:
        said.append(f"Direction of the police: {one.direction}")
    head = Marked(line((f"Entry {one.number}", "bold $accent"), "  ", (day_words(one.at), "$quiet")))
    return [head, *(Marked(line(text), line(("• ", "$accent"))) for text in said)]
