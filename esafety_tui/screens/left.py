"""R19's register: what left this computer, on what, to whom, and where it is now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import ClassVar, cast

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList, Static

from esafety_tui.desk.filters.filtering_list import day_words
from esafety_tui.desk.papers import left_asks
from esafety_tui.errors import EsafetyError
from esafety_tui.screens.base import Place
from esafety_tui.screens.beside import BesideScreen
from esafety_tui.screens.form import FormDialog
from esafety_tui.widgets.lines import Lines, Marked
from esafety_tui.widgets.prose import line
from esafety_tui.widgets.rowlist import RowList
from esafety_tui.widgets.safe import safe

Row = Mapping[str, object]
NOTHING = {
    False: "Nothing has left this computer.\n\na writes down what left by another way: a print, a device, a stick.",
    True: "Nothing is out: all that left is back, or destroyed. v shows all of it.",
}
HOW = {"zip": "encrypted", "plain": "can be read by anybody", "print-folder": "printed", "paper": "paper",
       "thing": "a thing"}  # fmt: skip


class LeftScreen(BesideScreen):
    """`x`: what left."""

    NAME = "What left this computer"
    ABOUT = (
        "Forms, bundles, prints and devices that left, newest first: on what, to whom, allowed by whom, and where each "
        "is now. h writes down who took it and how they signed; k that it is back or destroyed; a what left by another "
        "way."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("h", "step('hand')", "Handed over", tooltip="Who took the marked one, and how they signed",
                id="left.hand"),
        Binding("k", "step('back')", "Is back", tooltip="The marked one came back, or was destroyed", id="left.back"),
        Binding("a", "step('add')", "Add", tooltip="Something left by another way: a print, a device", id="left.add"),
        Binding("v", "view", "Out only", tooltip="All that left, or only what is still out", id="left.view"),
        Binding("o", "open", "Open", tooltip="Open the incident it belongs to", id="left.open"),
        Binding("escape", "leave", "Back", tooltip="Back to where you came from", id="leave"),
    ]  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self._out_only = False
        self._rows: Sequence[Row] = ()

    def place(self) -> Place | None:
        return Place("left")

    def renew(self) -> None:
        """Read anew."""
        if self.desk.session is not None:
            leaving, out_only = self.session.leaving, self._out_only
            self.ask_desk("left", lambda: leaving.left(out_only))

    def take(self, result: object) -> None:
        self._rows = cast("Sequence[Row]", result)
        self._show()
        self.caught_up()

    def _show(self) -> None:
        rows, found = self.query_one("#keep-list", RowList), self._rows
        rows.show(lambda width: [(str(one["item"]), _row(one, width)) for one in found])
        self.query_one("#keep").display = bool(found)
        nothing = self.query_one("#keep-nothing", Static)
        nothing.display = not found
        nothing.update(line((NOTHING[self._out_only], "$quiet")))
        out = sum(bool(one["out"]) for one in found)
        said = f"{len(found)} still out" if self._out_only else f"{len(found)} left, {out} still out"
        self.query_one("#keep-count", Static).update(line((said if found else "", "$quiet")))
        self._tell()

    def _tell(self) -> None:
        self.query_one("#keep-told", Lines).show(_told(self._marked) if self._marked else [])
        self.query_one("#keep-page").scroll_home(animate=False)

    @property
    def _marked(self) -> Row | None:
        at = self._at
        return self._rows[at] if at is not None and at < len(self._rows) else None

    @on(OptionList.OptionSelected, "#keep-list")
    def _selected(self) -> None:
        self.action_open()

    # -- keys

    def action_view(self) -> None:
        self._out_only = not self._out_only
        self.renew()

    def action_open(self) -> None:
        from esafety_tui.screens.case import CaseScreen

        ref = str(self._marked["ref"]) if self._marked else ""
        if ref:
            self.app.push_screen(CaseScreen(ref))
        elif self._marked:
            self.app.notify("It belongs to no single incident.", markup=False)

    def action_step(self, step: str) -> None:
        one = self._marked
        if step != left_asks.ADD and (one is None or one["ended"]):
            said = "Mark one in the list first." if one is None else "That one is back, or destroyed, already."
            self.app.notify(said, markup=False)
            return
        self._step(step, one)

    def open_box(self, box: str) -> None:
        step, _, item = box.partition("/")
        one = next((one for one in self._rows if str(one["item"]) == item), None)
        if step == left_asks.ADD or (one is not None and not one["ended"]):
            self._step(step, one)

    def _step(self, step: str, one: Row | None) -> None:
        session = self.session
        item, what = (str(one["item"]), _what(one)) if one and step != left_asks.ADD else ("", "")
        try:
            ask = left_asks.ask(session, step, item, what)
        except EsafetyError as error:
            self.desk.tell(error)
            return
        job = partial(left_asks.reply, session, step, item=item)
        ref = str(one["ref"] or "") if one and item else ""
        self.app.push_screen(FormDialog(ask, job, name=self.NAME, box=f"{step}/{item}", ref=ref), self._said)

    def _said(self, said: object) -> None:
        if said is not None:
            self.app.notify(safe(str(said)), markup=False)
            self.renew()


def _what(one: Row) -> str:
    return str(one["description"] or one["what"])


def _row(one: Row, width: int) -> Content:
    sign, style = ("✓ ended" if one["ended"] else "✓ signed for", "$quiet")
    sign, style = ("● out", "$care") if one["out"] else (sign, style)
    head = line((f" {_what(one)}", "bold"), ("  ", ""), (str(one["ref"]), "$accent"))
    on = day_words(str(one["left_at"]))
    under = line((f" {on}  ", "$quiet"), (sign, style), (f"  {one['to_whom']}" if one["to_whom"] else "", "$quiet"))
    return Content("\n").join([head.truncate(width, ellipsis=True), under.truncate(width, ellipsis=True)])


def _told(one: Row) -> list[Marked]:
    refs = one["refs"] if isinstance(one["refs"], list) else []
    size = f"{one['size']:,} bytes" if isinstance(one["size"], int) else ""
    where = (
        f"{one['ended']} on {day_words(str(one['ended_at']))}, by {one['ended_by'] or 'nobody named'}"
        if one["ended"] else f"signed for: {one['receipt']}" if one["receipt"] else "out; nobody has signed for it"
    )  # fmt: skip
    said = (
        ("Number", one["item"]), ("Left on", day_words(str(one["left_at"]))),
        ("How", HOW.get(str(one["how"]), one["how"])),
        ("Label", one["medium"]), ("To whom", one["to_whom"]), ("Allowed by", one["allowed_by"]),
        ("Written out by", one["by"]), ("Incidents in it", ", ".join(map(str, refs))), ("Size", size),
        ("SHA-256", one["sha256"] or ""), ("Now", where), ("Remark", one["note"]),
    )  # fmt: skip
    head = Marked(line((_what(one), "bold"), "  ", (str(one["ref"]), "bold $accent")))
    return [head, *(Marked(line((f"{name}: ", "$quiet"), str(told))) for name, told in said if told)]
