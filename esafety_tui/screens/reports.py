"""Reports: for whom and over which period, the figures as bars with their numbers, and what can be done with them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static

from esafety_tui.desk.account.report_draft import Draft
from esafety_tui.desk.account.report_forms import AUDIENCES, ask, reply
from esafety_tui.desk.account.reporting import Period
from esafety_tui.reports.anonymous import Shown
from esafety_tui.reports.leadership import Leadership
from esafety_tui.reports.pending import Stopped
from esafety_tui.screens.base import BaseScreen, Place, Told
from esafety_tui.screens.form import FormDialog
from esafety_tui.widgets.prose import line, shortened
from esafety_tui.widgets.rowlist import RowList

COUNTING = "Counting, and proving that nothing hidden can be worked back …"
BAR = "█"
NO_BAR = "┄┄┄"
BEFORE = "┃"
NAME_WIDTH = 44


class ReportsScreen(BaseScreen):
    """The preview of a report."""

    NAME = "Reports"
    ABOUT = (
        "At the left the school years and terms; a changes whom the report is for. At the right what it would tell: "
        "bars with their numbers. * is a small number, # one that is hidden so that no other can be worked out. Tab "
        "goes over to it, Page Down reads on. w writes it, issues it, or records who took part or has seen it."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "audience", "For whom", tooltip="Governors, collated, leadership", id="report.audience"),
        Binding("w", "write", "Write or issue", tooltip="Write it, issue it, who took part, who has seen it",
                id="report.write"),
        Binding("tab", "app.focus_next", "Read", key_display="tab", id="report.read",
                tooltip="Over to the preview, and back; Page Up and Page Down read on"),
        Binding("escape", "leave", "Home", tooltip="Back home", id="leave"),
    ]  # fmt: skip

    def __init__(self, at: str = "") -> None:
        """at: for whom and of which days, as `place` gives it; "" for the first."""
        super().__init__()
        audience, *self._days = at.split("/")
        self._audience = audience if audience in AUDIENCES else next(iter(AUDIENCES))
        self._periods: tuple[Period, ...] = ()
        self._at = -1
        self._shown: Draft | Leadership | None = None

    def body(self) -> ComposeResult:
        yield Static(id="report-for")
        with Horizontal(id="report-body"):
            yield RowList("report-periods")
            with Vertical(id="report-side"), VerticalScroll(id="report-scroll"):
                yield Static(id="report-text")

    def place(self) -> Place | None:
        chosen = self._periods[self._at] if self._at >= 0 else None
        return Place("reports", "", f"{self._audience}/{chosen.since}/{chosen.until}" if chosen else "")

    async def ready(self) -> None:
        self._periods = self.session.reporting.periods()
        rows = [(str(n), line(one.title)) for n, one in enumerate(self._periods)]
        shown = self.query_one("#report-periods", RowList)
        shown.show(lambda width: rows)
        shown.highlighted = next((n for n, one in enumerate(self._periods) if [one.since, one.until] == self._days), 0)
        shown.focus()

    def resumed(self) -> None:
        if self._at >= 0 and self.desk.session is not None:
            self._count()

    @on(OptionList.OptionHighlighted, "#report-periods")
    def _chosen(self, event: OptionList.OptionHighlighted) -> None:
        now = self.query_one("#report-periods", RowList).highlighted
        if event.option_index != self._at and event.option_index == now:
            self._at = event.option_index
            self._count()
            self.caught_up()

    @on(OptionList.OptionSelected, "#report-periods")
    def _selected(self) -> None:
        self.action_write()

    def action_audience(self) -> None:
        known = list(AUDIENCES)
        self._audience = known[(known.index(self._audience) + 1) % len(known)]
        self._count()

    def action_write(self) -> None:
        if self._at < 0:
            return
        period, audience, session = self._periods[self._at], self._audience, self.session
        job = partial(reply, session, audience, period)
        box = f"report/{audience}/{period.since}/{period.until}"
        self.app.push_screen(FormDialog(ask(session, audience, period), job, name=self.NAME, box=box), self._said)

    def open_box(self, box: str) -> None:
        self.action_write()

    def _said(self, said: object) -> None:
        if said is not None:
            self.app.notify(str(said), markup=False)

    def go_back(self) -> None:
        self.session.reporting.stop()
        self.dismiss(None)

    # -- counting

    def _count(self) -> None:
        period, audience, reporting = self._periods[self._at], self._audience, self.session.reporting
        self._shown = None  # what is on the screen is never that of another heading
        self.query_one("#report-for", Static).update(
            line(("For: ", "$quiet"), (AUDIENCES[audience], "bold $accent"), (f"   {period.title}", "bold"))
        )
        self.query_one("#report-text", Static).update(line((COUNTING, "$quiet")))
        days = period.since, period.until
        if audience == "leadership":
            self.ask_desk(self._job, lambda: reporting.monitoring(*days))
        else:
            self.ask_desk(self._job, lambda: reporting.draft(audience, *days))

    @property
    def _job(self) -> str:
        return f"{self._audience} {self._at}"

    def on_told(self, event: Told) -> None:
        """A draft was made; one that nobody waits for any more is left, and so is one that was stopped."""
        event.stop()
        if event.job != self._job or isinstance(event.error, Stopped):
            return
        if event.error is not None:
            self.query_one("#report-text", Static).update(line(str(event.error)))
        elif isinstance(event.result, Draft | Leadership):
            self._shown = event.result
            self._draw()

    def on_resize(self) -> None:
        self._draw()

    def _draw(self) -> None:
        if self._shown is None:
            return
        width = self.query_one("#report-scroll").size.width or 60
        lines = _draft(self._shown, width) if isinstance(self._shown, Draft) else _monitoring(self._shown, width)
        self.query_one("#report-text", Static).update(Content("\n").join(lines))
        self.query_one("#report-scroll", VerticalScroll).scroll_home(animate=False)


def _draft(draft: Draft, width: int) -> Iterator[Content]:
    report = draft.report
    if draft.issued:
        yield line(
            (f"Issued as {', '.join(draft.issued)}", "bold"), ("   Below: what another one would tell now.", "$quiet")
        )
    yield line((report.status, "bold"), (f"   {report.days}", "$quiet"))
    yield from (line(text) for text in report.says)
    for one in report.tables:
        yield line("")
        yield line((one.title, "bold $accent"), (f"   {one.unit}", "$quiet"))
        if one.words:
            yield line(one.words)
        elif one.lines:
            yield from _trends(one, width)
        else:
            yield from _bars(one, width) if one.bars else _table(one, width)
        if one.zeros:
            yield line((f"None (-): {'; '.join(one.zeros)}", "$quiet"))
    yield line("")
    yield from (line((f"{sign}  ", "bold"), (meaning, "$quiet")) for sign, meaning in report.key)
    yield from (line((text, "$quiet")) for text in (*report.coarsened, *report.frozen))
    yield line("")
    yield line(("Before it is issued", "bold $accent"))
    yield from (line(text) for text in draft.cost)


def _bars(one: Shown, width: int) -> Iterator[Content]:
    names = min(NAME_WIDTH, max(12, width - 20))
    room = max(4, width - names - 11)
    for title, sign, share in one.bars:
        bar = BAR * max(1, round(share * room)) if share else NO_BAR if sign in "*#" else ""
        yield line(f"{shortened(title, names):<{names}} ", (f"{sign:>5}  ", "bold"), (bar, "$accent"))
    if one.total:
        yield line((f"{'All':<{names}} ", "$quiet"), (f"{one.rows[-1][1][0]:>5}", "bold"))


def _trends(one: Shown, width: int) -> Iterator[Content]:
    """What runs over terms: a bar with its number for each, one year under the other."""
    titles = [title for title, _ in one.rows[: len(one.rows) - one.total]]
    names = min(NAME_WIDTH, max(12, width - 20))
    room = max(4, width - names - 11)
    for year, points in one.lines:
        if len(one.lines) > 1:
            yield line((year, "$quiet"))
        for title, (sign, share) in zip(titles, points, strict=True):
            bar = BAR * max(1, round(share * room)) if share > 0 else NO_BAR if share < 0 else ""
            yield line(f"{shortened(title, names):<{names}} ", (f"{sign:>5}  ", "bold"), (bar, "$accent"))
    if one.total:
        signs = "  ".join(one.rows[-1][1])
        yield line((f"{'All':<{names}} ", "$quiet"), (f"{signs:>5}", "bold"))


def _table(one: Shown, width: int) -> Iterator[Content]:
    if len(one.cols) == 1:
        yield from (line(f"{shortened(title, NAME_WIDTH):<{NAME_WIDTH}} ", (f"{signs[0]:>5}", "bold"))
                    for title, signs in one.rows)  # fmt: skip
        return
    wide = max(6, min(14, (width - 24) // len(one.cols) - 1))
    names = max(12, width - len(one.cols) * (wide + 1) - 1)
    yield line((" " * names, ""), *((f" {shortened(col, wide):>{wide}}", "$quiet") for col in one.cols))
    for title, signs in one.rows:
        numbers = [(f" {sign:>{wide}}", "bold") for sign in signs]
        yield line(f"{shortened(title, names):<{names}}", *numbers)


def _monitoring(report: Leadership, width: int) -> Iterator[Content]:
    overdue = sum(one.overdue for one in report.open)
    yield line(
        (f"{len(report.open)} open and {overdue} overdue today; {len(report.referrals)} referred in {report.period}",
         "bold")
    )  # fmt: skip
    yield from (line(text) for text in (report.without, report.alone if report.tables else "") if text)
    names = min(NAME_WIDTH, max(12, width - 32))
    room = max(4, width - names - 26)
    for table in report.tables:
        if not table.rows:
            continue
        most = max(1, *(max(now, before or 0) for _, now, before in table.rows))
        yield line("")
        beside = f", this period and before ({BEFORE})" if report.beside else ""
        yield line((table.title, "bold $accent"), (f"   {table.unit}{beside}", "$quiet"))
        for title, now, before in table.rows:
            said = "" if before is None else f"  before {before:<5} "
            yield line(f"{shortened(title, names):<{names}} ", (f"{now:>5}", "bold"), (f"{said:<15}", "$quiet"),
                       *_compared(now, before or 0, room / most))  # fmt: skip
    yield from _listed(report)


def _listed(report: Leadership) -> Iterator[Content]:
    """What is open today, by its reference, and who outside was told in the period."""
    yield line("")
    yield line((f"Open and overdue on {report.today}", "bold $accent"), ("   of whatever period", "$quiet"))
    for one in report.open:
        due = f"overdue since {one.due}" if one.overdue else f"due {one.due}" if one.due else ""
        yield line((f"{one.ref}  ", "bold"), f"{one.status}, {one.days} days  ", (due, "$quiet"))
    yield line("")
    yield line(("Referrals", "bold $accent"))
    yield from (line((f"{ref}  ", "bold"), f"told {told}: {answer}") for ref, told, answer in report.referrals)


def _compared(now: int, before: int, scale: float) -> Iterator[tuple[str, str]]:
    """A bar for now, with a mark where it ended before."""
    long, mark = round(now * scale), round(before * scale)
    if not before:
        yield BAR * long, "$accent"
    elif mark <= long:
        yield BAR * max(0, mark - 1), "$accent"
        yield BEFORE, "bold"
        yield BAR * (long - max(1, mark)), "$accent"
    else:
        yield BAR * long, "$accent"
        yield " " * (mark - long - 1), ""
        yield BEFORE, "bold"
