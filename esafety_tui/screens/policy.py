"""The adopted policy to be read: its tables, the flowchart, roles and agencies, each with where it comes from."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import OptionList, Static

from esafety_tui.desk.policies.policy_pages import Page
from esafety_tui.errors import EsafetyError
from esafety_tui.screens.base import BaseScreen, Place
from esafety_tui.screens.form import FormDialog
from esafety_tui.widgets.policypage import PolicyPage
from esafety_tui.widgets.prose import line
from esafety_tui.widgets.rowlist import RowList
from esafety_tui.widgets.safe import safe


class PolicyScreen(BaseScreen):
    """`p`: the policy, page by page; from a case, what applies there now comes first."""

    NAME = "The policy"
    ABOUT = (
        "The policy that this school has adopted, in its own order. Up and down choose a page, page up and page down "
        "read on. ◇ marks what the paper leaves open and this pack filled in. From a case, the first page is what "
        "applies there now."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("comma", "turn(-1)", "Page before", key_display=",", tooltip="The page before", id="policy.before"),
        Binding("full_stop", "turn(1)", "Next page", key_display=".", tooltip="The next page", id="policy.next"),
        Binding("o", "sources", "Sources", tooltip="Show or hide where each entry comes from", id="policy.sources"),
        Binding("a", "adopt", "Adopt", tooltip="Adopt a policy, or a new version of it: two people", id="policy.adopt"),
        Binding("pagedown,space", "read(1)", "Read on", show=False, id="page-down"),
        Binding("pageup", "read(-1)", "Back up", show=False, id="page-up"),
        Binding("enter", "read(1)", "Read on", show=False, id="policy.read"),
        Binding("escape", "leave", "Back", tooltip="Back to where you came from", id="leave"),
        *(Binding(str(digit), f"open({digit})", show=False, id=f"open.{digit}") for digit in range(1, 10)),
    ]

    def __init__(self, ref: str = "", page: str = "") -> None:
        super().__init__()
        self._ref, self._at = ref, page
        self._pages: list[Page] = []
        self._sources = True
        self.IN_CASE = bool(ref)

    def body(self) -> ComposeResult:
        yield Static(id="policy-title")
        with Horizontal(id="policy"):
            yield RowList("policy-list")
            with VerticalScroll(id="policy-page", can_focus=False):
                yield PolicyPage()

    def where(self) -> str:
        return f"Incident {self._ref}: the policy" if self._ref else self.NAME

    def place(self) -> Place | None:
        return Place("policy", self._ref, self._at)

    async def ready(self) -> None:
        self.renew()
        self.query_one("#policy-list").focus()

    def renew(self) -> None:
        """Read the policy anew."""
        try:
            self._pages = self.session.policy.pages(self._ref)
        except EsafetyError as error:
            self.desk.tell(error)
            self.dismiss(None)
            return
        titles = [page.title for page in self._pages]
        shown = self.query_one("#policy-list", RowList)
        shown.show(lambda width: [(f"page/{n}", line((f"{n:>2}  ", "bold $accent"), title))
                                  for n, title in enumerate(titles, 1)])  # fmt: skip
        at = next((place for place, page in enumerate(self._pages) if page.id == self._at), 0)
        shown.highlighted = at
        self._show(at)

    def _show(self, at: int) -> None:
        page = self._pages[at]
        self._at = page.id
        boxes = self.session.policy.boxes(self._ref) if page.chart else ()
        self.query_one(PolicyPage).show(page, boxes, self._sources)
        self.query_one("#policy-page").scroll_home(animate=False)
        count = (f"  {at + 1} of {len(self._pages)}", "$quiet")
        self.query_one("#policy-title", Static).update(line((page.title, "bold $accent"), count))

    @on(OptionList.OptionHighlighted, "#policy-list")
    def _marked(self, event: OptionList.OptionHighlighted) -> None:
        at = event.option_index
        if at < len(self._pages) and self._pages[at].id != self._at:
            self._show(at)

    @on(OptionList.OptionSelected, "#policy-list")
    def _chosen(self) -> None:
        self.action_read(1)

    # -- keys

    def action_turn(self, by: int) -> None:
        shown = self.query_one("#policy-list", RowList)
        if shown.highlighted is not None:
            shown.highlighted = max(0, min(shown.highlighted + by, len(self._pages) - 1))

    def action_open(self, number: int) -> None:
        if number <= len(self._pages):
            self.query_one("#policy-list", RowList).highlighted = number - 1

    def action_read(self, pages: int) -> None:
        page = self.query_one("#policy-page", VerticalScroll)
        page.scroll_relative(y=pages * max(1, page.size.height - 2), animate=False)

    def action_sources(self) -> None:
        self._sources = not self._sources
        self._show(next(place for place, page in enumerate(self._pages) if page.id == self._at))

    def action_adopt(self) -> None:
        people = self.session.people
        self.app.push_screen(
            FormDialog(people.adopt_ask(), people.adopt_reply, "Adopt it", self.NAME, "adopt"), self.desk.recorded_over
        )

    def reopen(self, box: str) -> bool:
        self.action_adopt()
        return True

    async def recorded(self, said: str) -> None:
        if said:
            self.app.notify(safe(said), timeout=4, markup=False)
        self.renew()

    def action_leave(self) -> None:
        self.dismiss(None)
