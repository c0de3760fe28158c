"""What is due: overdue first, then this week, then later; each opens its case."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList, Static

from esafety_tui.desk.asks import Ask, Choice, Field, Reply
from esafety_tui.desk.forms.base import WHEN
from esafety_tui.desk.logbook.dues import KINDS, DueLine
from esafety_tui.desk.logbook.labels import PERIOD
from esafety_tui.screens.base import BaseScreen, Place, Told
from esafety_tui.widgets.prose import line, plain, shortened
from esafety_tui.widgets.rowlist import RowList
from esafety_tui.widgets.rows import day
from esafety_tui.widgets.safe import one_line, safe

NOTHING = (
    "Nothing is due.\n\nWhat is decided in a case with a day, an answer that is waited for and what has to be "
    "countersigned stand here."
)
NOT_THESE = "Nothing like this is due.\n\no shows what everybody has to do, k the other kinds, p another term."
WEEK = 7
#: R15: when it was done, beside when that is written down.
DONE_WHEN = replace(WHEN, label="When was it done?")


class DueScreen(BaseScreen):
    """Everything that somebody has to do."""

    NAME = "What is due"
    ABOUT = (
        "Everything that somebody has to do, overdue first. Enter opens the incident; m records that it was done, or "
        "why not; z puts it off with a reason. o shows only what is yours, k one kind at a time, p what was due in a "
        "term or school year."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("m", "done", "Done", tooltip="Record that it was done, or why it was not", id="due.done"),
        Binding("z", "postpone", "Put off", tooltip="Put it off to another day, with the reason", id="due.postpone"),
        Binding("k", "kind", "Kind", tooltip="Only one kind of what is due, or all", id="due.kind"),
        Binding("o", "mine", "Only mine", tooltip="Only what is mine to do, or everybody's", id="due.mine"),
        Binding("p", "period", "Term", tooltip="Only what was due this term, last term, this year", id="due.period"),
        Binding("t", "retention", "Kept", tooltip="How long records are kept, and destroying them", id="retention"),
        Binding("l", "log", "Log", tooltip="The log", id="log"),
        Binding("escape", "leave", "Back", tooltip="Back to where you came from", id="leave"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._lines: Sequence[DueLine] | None = None
        self._mine = False
        self._kind = ""
        self._period = ""

    def body(self) -> ComposeResult:
        yield Static(id="due-count")
        yield RowList("due-rows", signed=True)
        yield Static(id="due-nothing")

    def place(self) -> Place | None:
        return Place("due")

    async def ready(self) -> None:
        self.query_one("#due-rows").focus()
        self.renew()

    def resumed(self) -> None:
        if self._lines is not None:
            self.renew()

    def renew(self) -> None:
        """Read anew what is due."""
        if self.desk.session is not None:
            self.ask_desk("due", self.session.browsing.dues.lines)

    def on_told(self, event: Told) -> None:
        """What is due came from the thread."""
        event.stop()
        if event.error is not None:
            self.desk.tell(event.error)
        elif event.job == "due":
            self._lines = cast("Sequence[DueLine]", event.result)
            self._show()
            self.caught_up()

    @property
    def lines(self) -> list[DueLine]:
        """What is shown."""
        name = self.session.person.name
        first, last = self.session.browsing.dues.days(self._period)
        return [
            one
            for one in self._lines or ()
            if (not self._mine or one.owner == name)
            and self._kind in ("", one.kind)
            and (not self._period or first <= one.due <= last)
        ]

    @property
    def marked(self) -> DueLine | None:
        """The marked one."""
        number = self.query_one("#due-rows", RowList).marked.rpartition("/")[2]
        lines = self.lines
        return lines[int(number)] if number and int(number) < len(lines) else None

    def _show(self) -> None:
        lines = self.lines
        rows = self.query_one("#due-rows", RowList)
        rows.show(lambda width: list(_drawn(lines, width)))
        rows.display = bool(lines)
        nothing = self.query_one("#due-nothing", Static)
        nothing.display = not lines
        nothing.update(line((NOT_THESE if self._lines else NOTHING, "$quiet")))
        late = sum(one.overdue for one in lines)
        parts = (
            f"{len(lines)} due" if lines else "nothing due" if self._lines else "",
            f"{late} of them overdue" if late else "", "mine" if self._mine else "",
            f"only {KINDS[self._kind]}" if self._kind else "", PERIOD.get(self._period, ""),
        )  # fmt: skip
        said = ", ".join(part for part in parts if part)
        self.query_one("#due-count", Static).update(line((said, "$care" if late else "$quiet")))

    def action_mine(self) -> None:
        self._mine = not self._mine
        self._show()

    def action_kind(self) -> None:
        """The next kind of which something is due, and then all again."""
        there = ["", *(kind for kind in KINDS if any(one.kind == kind for one in self._lines or ()))]
        self._kind = there[(there.index(self._kind) + 1) % len(there)] if self._kind in there else ""
        self._show()

    def action_period(self) -> None:
        """The next period of the policy's calendar, and then everything again."""
        there = ["", *PERIOD]
        self._period = there[(there.index(self._period) + 1) % len(there)]
        self._show()

    def action_done(self) -> None:
        if (one := self.marked) is None:
            return
        if one.can_finish:
            self._done(one)
        else:
            self._open(one)

    def _done(self, one: DueLine) -> None:
        dues = self.session.browsing.dues
        self._ask(
            one, Ask("due-done", one.what, (
                Choice("yes", "It was done", (Field("reason", "What was done", "text"), DONE_WHEN)),
                Choice("no", "It was not done", (Field("reason", "Why not", "text", True),)),
            ), kind="task"),
            lambda reply: dues.done(
                one.ref, one.id, reply.choice == "yes", reply.fields.get("reason", ""), reply.fields.get("when", "")
            ),
        )  # fmt: skip

    def action_postpone(self) -> None:
        if (one := self.marked) is None:
            return
        if one.can_postpone:
            self._postpone(one)
        else:
            self.app.notify("This cannot be put off here.", timeout=3, markup=False)

    def _postpone(self, one: DueLine) -> None:
        dues = self.session.browsing.dues
        fields = (
            Field("until", "Until which day", "line", True, help="Like 3 March, or 2026-03-02."),
            Field("reason", "Why it is put off", "text", True),
        )
        self._ask(
            one,
            Ask("due-postpone", f"Put off: {one.what}", (Choice("postpone", "Put it off", fields),), kind="task"),
            lambda reply: dues.postpone(one.ref, one.id, reply.fields.get("until", ""), reply.fields.get("reason", "")),
        )

    def _ask(self, one: DueLine, ask: Ask, job: Callable[[Reply], object]) -> None:
        from esafety_tui.screens.form import FormDialog

        dialog = FormDialog(ask, job, name=self.NAME, box=f"{ask.id}/{one.ref}/{one.id}", ref=one.ref)
        self.app.push_screen(dialog, self.desk.recorded_over)

    def reopen(self, box: str) -> bool:
        from esafety_tui.screens.calendar import again

        return again(self.desk, box) or super().reopen(box)

    def open_box(self, box: str) -> None:
        kind, ref, id = (*box.split("/", 2), "", "")[:3]
        one = next((one for one in self._lines or () if (one.ref, one.id) == (ref, id)), None)
        if one is not None:
            self._done(one) if kind == "due-done" else self._postpone(one)

    def action_log(self) -> None:
        from esafety_tui.screens.log import LogScreen

        self.app.push_screen(LogScreen())

    def action_retention(self) -> None:
        self.desk.over(Place("retention"))

    @on(OptionList.OptionSelected, "#due-rows")
    def _selected(self) -> None:
        if self.marked is not None:
            self._open(self.marked)

    def _open(self, one: DueLine) -> None:
        from esafety_tui.screens.calendar import open_due
        from esafety_tui.screens.case import CaseScreen

        if one.ref:
            self.app.push_screen(CaseScreen(one.ref))
        elif not open_due(self.desk, one):
            self.app.notify(f"{safe(one.what)}: that is done under people and settings (s).", timeout=5, markup=False)

    async def recorded(self, said: str) -> None:
        if said:
            self.app.notify(safe(said), timeout=3, markup=False)
        self.renew()

    def action_leave(self) -> None:
        self.dismiss(None)


#: The width of the column of owners at most, and from which width on a third is theirs.
_OWNER, _WIDE = 20, 110


def _drawn(lines: Sequence[DueLine], width: int) -> Iterator[tuple[str, Content]]:
    """A row each; before the first of a group its heading."""
    group = ""
    most = _OWNER if width < _WIDE else width // 3
    owner = min(most, max((len(one_line(one.owner)) for one in lines), default=0))
    for number, one in enumerate(lines):
        if _group(one) != group:
            head = line((_group(one), "bold $care" if one.overdue else "bold $accent"))
            yield "", Content("\n").join([Content(""), head]) if group else head
            group = _group(one)
        yield f"{one.ref}/{number}", _row(one, width, owner)


def _group(one: DueLine) -> str:
    if one.overdue:
        return "Overdue"
    if not one.due:
        return "Without a day"
    return "Within a week" if one.due <= (date.today() + timedelta(days=WEEK)).isoformat() else "Later"


def _row(one: DueLine, width: int, widest: int) -> Content:
    """widest: letters of the longest owner."""
    when = f"{day(one.due) if one.due else '':<12}"
    # Owner and reference stand under each other; where it is narrow the owner is in the case.
    wide = widest + 2 if width >= 70 and widest else 0
    owner = shortened(one.owner, widest) if wide else ""
    room = max(10, width - len(when) - wide - 14)
    what = plain(one_line(one.what)).truncate(room, ellipsis=True, pad=True)
    return Content.assemble(
        line(("! " if one.overdue else "  ", "bold $care"), (when, "bold"), " "),
        what,
        line(" ", (owner, "$quiet"), " " * (wide - len(owner)), (f"{one.ref:>8}", "$quiet")),
    )
