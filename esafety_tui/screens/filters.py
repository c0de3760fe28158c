"""What the log is narrowed by: each filter with its choices, and beside each choice how many incidents it leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static

from esafety_tui.desk.logbook.logfilter import LogFilter
from esafety_tui.errors import EsafetyError
from esafety_tui.screens import listing
from esafety_tui.screens.base import Dialog, Told
from esafety_tui.widgets.entry import SafeInput
from esafety_tui.widgets.prose import line, shortened
from esafety_tui.widgets.rowlist import RowList

if TYPE_CHECKING:
    from esafety_tui.desk.logbook.paging import Counted

#: The filters in their order: the name of each and what it is called.
NAMES = {
    "status": "Status", "class_": "Class", "branch": "Branch", "kind": "What it is about", "group": "Pupil group",
    "whom": "Pupils or staff", "period": "Period", "since": "From a day", "until": "Up to a day",
    "happened_since": "Happened from", "happened_until": "Happened up to", "person": "Person",
    "lead": "Lead", "police": "Police told", "due": "What is due", "exhibits": "Exhibits",
}  # fmt: skip
#: Those that are typed, with what may be typed.
TYPED = {
    "since": "2026-01-08, 8 January",
    "until": "2026-04-02, yesterday",
    "happened_since": "2026-01-08, 8 January",
    "happened_until": "2026-04-02, yesterday",
    "person": "A name, or part of one",
}
ALL = "*"


class FiltersDialog(Dialog):
    """Dismissed with the LogFilter."""

    NAME = "Narrow the log"
    ABOUT = (
        "Left what the log can be narrowed by, right the choices, with how many incidents each leaves. Enter goes "
        "right and chooses; delete takes one filter away, x all of them; escape shows the log."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right", "choices", "Choices", show=False, tooltip="To the choices", id="filter.choices"),
        Binding("left", "names", "Back", show=False, tooltip="Back to the filters", id="filter.names"),
        Binding("delete,backspace", "drop", "Take away", tooltip="Take this filter away", id="filter.drop"),
        Binding("x", "clear", "None", tooltip="No filter at all", id="filter.clear"),
        Binding("escape", "leave", "Show the log", tooltip="Show what is left", id="leave"),
    ]

    def __init__(self, filter: LogFilter) -> None:
        super().__init__()
        self.filter = filter
        self._field = "status"
        self._choices: dict[str, Sequence[Counted]] = {}
        self._number = 0

    def body(self) -> ComposeResult:
        with Horizontal(id="filters"):
            yield RowList("filter-names")
            with Vertical(id="filter-side"):
                yield Static(id="filter-title")
                yield SafeInput(id="filter-typed")
                yield RowList("filter-choices")
        yield Static(id="filter-count")

    async def ready(self) -> None:
        self._names()
        self.query_one("#filter-names").focus()
        self._changed()

    # -- what is shown

    def _names(self) -> None:
        words = {chip.field: chip.text.partition(": ")[2] or chip.text for chip in self._chips()}
        self.query_one("#filter-names", RowList).show(
            lambda width: [(name, _name(title, words.get(name, ""), width)) for name, title in NAMES.items()]
        )

    def _chips(self) -> Sequence[listing.Chip]:
        return self.session.browsing.chips(self.filter)

    def _side(self) -> None:
        """The choices of the marked filter."""
        typed = self._field in TYPED
        entry = self.query_one("#filter-typed", SafeInput)
        entry.display = typed
        rows = self.query_one("#filter-choices", RowList)
        rows.display = not typed
        self.query_one("#filter-title", Static).update(line((NAMES[self._field], "bold $accent")))
        if typed:
            entry.placeholder = TYPED[self._field]
            with entry.prevent(Input.Changed):
                entry.value = getattr(self.filter, self._field)
            return
        chosen = getattr(self.filter, self._field)
        counted = self._choices.get(self._field, ())
        rows.show(
            lambda width: [
                (ALL, _choice("all", "", not chosen, width)),
                *((one.value, _choice(one.title, str(one), one.value == chosen, width)) for one in counted),
            ]
        )

    def _changed(self) -> None:
        """Another filter: count anew."""
        self._number += 1
        self._choices = {}
        self._names()
        self._side()
        self._ask()
        session, shown = self.session, listing.Shown(self.filter)
        self.ask_desk(f"count/{self._number}", lambda: listing.count(session, shown))

    def _ask(self) -> None:
        if self._field not in TYPED and self._field not in self._choices:
            browsing, filter, field = self.session.browsing, self.filter, self._field
            self.ask_desk(f"{field}/{self._number}", lambda: browsing.counts(filter, (field,))[field])

    def on_told(self, event: Told) -> None:
        """Counts came from the thread."""
        event.stop()
        job, _, number = event.job.partition("/")
        if number != str(self._number):
            return
        said = self.query_one("#filter-count", Static)
        if event.error is not None:
            said.update(line((f"{event.error.title}. {event.error.do}", "$care")))
        elif job == "count":
            said.update(line((f"{event.result}. Escape shows them.", "bold")))
        else:
            self._choices[job] = cast("Sequence[Counted]", event.result)
            if job == self._field:
                self._side()

    # -- keys and mouse

    @on(OptionList.OptionHighlighted, "#filter-names")
    def _marked(self, event: OptionList.OptionHighlighted) -> None:
        if event.option.id and event.option.id != self._field:
            self._field = event.option.id
            self._side()
            self._ask()

    @on(OptionList.OptionSelected, "#filter-names")
    def _entered(self) -> None:
        self.action_choices()

    @on(OptionList.OptionSelected, "#filter-choices")
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self._set("" if event.option.id == ALL else event.option.id or "")

    @on(Input.Submitted, "#filter-typed")
    def _typed(self, event: Input.Submitted) -> None:
        try:
            value = listing.day_typed(event.value) if self._field != "person" else event.value.strip()
        except EsafetyError as error:
            self.query_one("#filter-count", Static).update(line((f"{error.title}. {error.do}", "$care")))
            return
        self._set(value)

    def _set(self, value: str) -> None:
        self.filter = replace(self.filter, **{self._field: value})
        self._changed()
        self.query_one("#filter-names").focus()

    def action_choices(self) -> None:
        self.query_one("#filter-typed" if self._field in TYPED else "#filter-choices").focus()

    def action_names(self) -> None:
        self.query_one("#filter-names").focus()

    def action_drop(self) -> None:
        self._set("")

    def action_clear(self) -> None:
        self.filter = LogFilter(search=self.filter.search)
        self._changed()
        self.query_one("#filter-names").focus()

    def action_leave(self) -> None:
        if self.typing:
            self.query_one("#filter-names").focus()
        else:
            self.dismiss(self.filter)


def _name(title: str, chosen: str, width: int) -> Content:
    sign = ("● ", "bold $accent") if chosen else ("  ", "")
    return line(sign, (title, "bold" if chosen else ""), (f"  {shortened(chosen, max(4, width - len(title) - 5))}"
                if chosen else "", "$accent"))  # fmt: skip


def _choice(title: str, count: str, chosen: bool, width: int) -> Content:
    said = shortened(title, max(6, width - 12))
    sign = ("● ", "bold $accent") if chosen else ("○ ", "$quiet")
    gap = " " * max(1, width - len(said) - len(count) - 3)
    return line(sign, (said, "bold" if chosen else ""), gap, (count, "$quiet"))
