"""Everything about one person: each incident they had a part in, the part, and what was decided for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList, Static

from esafety_tui.desk.asks import Ask, Choice, Field, Option, Reply
from esafety_tui.desk.logbook.persons import Part, PersonPage
from esafety_tui.screens.base import BaseScreen, Place, Told
from esafety_tui.screens.choosing import ChooseDialog
from esafety_tui.widgets.lines import Lines, Marked, hang
from esafety_tui.widgets.prose import line
from esafety_tui.widgets.record import PARTS
from esafety_tui.widgets.rowlist import RowList
from esafety_tui.widgets.rows import day, status
from esafety_tui.widgets.safe import safe

if TYPE_CHECKING:
    from esafety_tui.app import EsafetyApp

#: In the list of records that may be joined: none of them.
TYPED = "typed"
NOBODY = "There is nothing about this person that you may read. Escape goes back."
NOT_KNOWN = "Nobody in this incident is known by name yet."
SUBSTANCE = {"yes": "there was substance", "no": "there was no substance"}


def choose_person(app: EsafetyApp, people: Sequence[tuple[str, str]]) -> None:
    """Open the page of one of these people (who, name): at once where there is only one."""
    known = [(who, name or "Not known yet") for who, name in people if who]
    if not known:
        app.notify(NOT_KNOWN, timeout=3, markup=False)
    elif len(known) == 1:
        app.push_screen(PersonScreen(known[0][0]))
    else:

        def chosen(who: object) -> None:
            if who:
                app.push_screen(PersonScreen(str(who)))

        app.push_screen(ChooseDialog("Which person", known), chosen)


class PersonScreen(BaseScreen):
    """One person across incidents."""

    NAME = "A person"
    ABOUT = (
        "Every incident that this person had a part in, newest first: which part, and what was decided for them. "
        "Enter opens one. j joins another record of the same person; u parts them again, or one incident that is of "
        "somebody else of the same name. Both are entries with a reason; earlier incidents are counted over them."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "join", "Join", tooltip="Another record is of the same person", id="person.join"),
        Binding("u", "part", "Part", tooltip="Joined records are of two people after all", id="person.part"),
        Binding("l", "log", "In the log", tooltip="The log, only what is about this person", id="person.log"),
        Binding("escape", "leave", "Back", tooltip="Back to where you came from", id="leave"),
    ]

    def __init__(self, who: str) -> None:
        super().__init__()
        self._who = who
        self._page: PersonPage | None = None

    def body(self) -> ComposeResult:
        yield Lines(id="person-head")
        yield RowList("person-rows", signed=True)
        yield Static(id="person-nothing")

    def where(self) -> str:
        return "A person" if self._page is None else self._page.name or "Somebody not known yet"

    def place(self) -> Place | None:
        return Place("person", "", self._who)

    async def ready(self) -> None:
        self.query_one("#person-rows").focus()
        self.renew()

    def renew(self) -> None:
        """Read the page anew."""
        persons, who = self.session.browsing.persons, self._who
        self.ask_desk("page", lambda: persons.page(who))

    def on_told(self, event: Told) -> None:
        """The page came from the thread, or whose record may be joined."""
        event.stop()
        if event.error is not None:
            self.desk.tell(event.error)
        elif event.job == "page":
            self._page = event.result if isinstance(event.result, PersonPage) else None
            self._show()
            self.caught_up()
        elif event.job == "alike" and isinstance(event.result, tuple):
            self._ask_join(event.result)

    def _show(self) -> None:
        page = self._page
        nothing = self.query_one("#person-nothing", Static)
        nothing.display = page is None or not page.parts
        nothing.update(line((NOBODY, "$quiet")))
        self.name_bar()
        if page is None:
            return
        self.query_one("#person-head", Lines).show(list(_head(page)))
        rows = self.query_one("#person-rows", RowList)
        rows.show(lambda width: [(f"{one.ref}/{n}", _drawn(one, width)) for n, one in enumerate(page.parts)])

    @on(OptionList.OptionSelected, "#person-rows")
    def _selected(self, event: OptionList.OptionSelected) -> None:
        from esafety_tui.screens.case import CaseScreen

        self.app.push_screen(CaseScreen((event.option.id or "").partition("/")[0]))

    # -- one person or two

    def action_join(self) -> None:
        persons, who = self.session.browsing.persons, self._who
        if self._page is not None:
            self.ask_desk("alike", lambda: persons.alike(who))

    def _ask_join(self, alike: Sequence[tuple[str, str]]) -> None:
        persons, who = self.session.browsing.persons, self._who
        options = (*(Option(id, said) for id, said in alike), Option(TYPED, "Somebody else: typed below"))
        fields = (
            Field("other", "Which record", "pick", True, options=options, value=options[0].id),
            Field("typed", "Their name, if it is none of these", "line"),
            Field("different", "Where name or kind differ: one person all the same?", "pick",
                  options=(Option("", "They do not differ"), Option("yes", "Yes, one person"))),
            Field("reason", "How you know", "text", True),
        )  # fmt: skip

        def join(reply: Reply) -> None:
            given = reply.fields
            other = given.get("other", "")
            other = persons.meant(given.get("typed", "")) if other == TYPED else other
            persons.join(who, other, given.get("reason", ""), given.get("different") == "yes")

        ask = Ask("person", "Another record of the same person", (Choice("record", "They are one person", fields),),
                  kind="task")  # fmt: skip
        self._open_form("join", ask, join)

    def open_box(self, box: str) -> None:
        self.action_join() if box == "join" else self.action_part()

    def action_part(self) -> None:
        if self._page is None:
            return
        persons, who = self.session.browsing.persons, self._who
        joined = [(one, f"The joined record of {name}: {reason}") for one, name, reason in self._page.joined]
        refs = list(dict.fromkeys(one.ref for one in self._page.parts))
        cases = [(ref, f"In {ref} it was somebody else of the same name") for ref in refs if len(refs) > 1]
        if not joined and not cases:
            self.app.notify("One incident, and no other record joined: nothing to part.", timeout=4, markup=False)
            return

        def part(other: str, reason: str) -> None:
            if other in refs:
                persons.apart(who, other, reason)
            else:
                persons.part(who, other, reason)

        self._ask("They are two people after all", "They are two people", [*joined, *cases], part)

    def _ask(
        self, title: str, choice: str, others: Sequence[tuple[str, str]], job: Callable[[str, str], object]
    ) -> None:
        options = tuple(Option(who, said) for who, said in others)
        fields = (
            Field("other", "Which record", "pick", True, options=options, value=options[0].id),
            Field("reason", "How you know", "text", True),
        )
        ask = Ask("person", title, (Choice("record", choice, fields),), kind="task")

        def answer(reply: Reply) -> object:
            return job(reply.fields.get("other", ""), reply.fields.get("reason", ""))

        self._open_form("part", ask, answer)

    def _open_form(self, box: str, ask: Ask, answer: Callable[[Reply], object]) -> None:
        from esafety_tui.screens.form import FormDialog

        # What is typed of somebody in a case that is kept apart waits where that case is.
        refs = [one.ref for one in self._page.parts] if self._page else []
        ref = next((ref for ref in refs if self.session.compartments.of_ref(ref)), "")
        dialog = FormDialog(ask, answer, name=self.NAME, box=box, ref=ref)
        dialog.return_to, self.return_to = self.return_to, ""
        self.app.push_screen(dialog, self.desk.recorded_over)

    async def recorded(self, said: str) -> None:
        if said:
            self.app.notify(safe(said), timeout=3, markup=False)
        self.renew()

    def action_log(self) -> None:
        from esafety_tui.screens.log import LogScreen

        self.app.push_screen(LogScreen(person=self._who))

    def action_leave(self) -> None:
        self.dismiss(None)


def _head(page: PersonPage) -> Iterator[Marked]:
    known = ", ".join(part for part in (page.kind, *page.groups) if part)
    if known:
        yield Marked(line(known))
    refs = {one.ref for one in page.parts if one.role != "entered-wrongly"}
    decided = {one.ref for one in page.parts if one.actions}
    said = (
        f"{len(refs)} incident{'' if len(refs) == 1 else 's'}, something decided for them in {len(decided) or 'none'}"
    )
    yield Marked(line((said + ("; older ones are in the log (l)" if page.more else ""), "$quiet")))
    for named in page.namesakes:
        yield Marked(line((f"Another record has this name: {named}. One person? j joins them", "$accent")))
    for _, name, reason in page.joined:
        yield Marked(line(f"Also recorded as {name or 'somebody not known'}", (f"  {reason}", "$quiet")))


def _drawn(one: Part, width: int) -> Content:
    sign, said, style = status({"status": one.status})
    head = line((one.ref, "bold"), f"  {day(one.opened_at)}  ", (f"{sign} {said}", style), "  ",
                (PARTS.get(one.role, one.role), "bold"), (f"  {one.group}", "$quiet"))  # fmt: skip
    rows = [Marked(line((", ".join(one.kinds), "$quiet")))] if one.kinds else []
    if one.row:
        rows.append(Marked(line(one.row)))
    if one.substance in SUBSTANCE:
        rows.append(Marked(line((SUBSTANCE[one.substance], "$quiet"))))
    for title, decision, outcome in one.actions:
        mark = ("✓ ", "bold $accent") if outcome == "done" else ("• ", "$accent")
        rows.append(Marked(line(f"{title}: {outcome or decision}"), line(mark)))
    for label, text in (("Parents told", one.parents), ("Allegation", one.outcome), ("", one.conclusion),
                        *(("Before that", text) for text in one.earlier), ("✎ put right", one.corrected)):  # fmt: skip
        if text:
            rows.append(Marked(line((f"{label}: " if label else "", "$quiet"), (text, "$quiet"))))
    indent = Content("    ")
    body = [Content.assemble(indent, text) for text in hang(rows, max(20, width - 6))]
    return Content("\n").join([head, *body])
