"""The two bars of every screen: where this is and who is present on top; the keys that protect, as buttons, below."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Button, Static

from esafety_tui.widgets.keysline import MoreKeys
from esafety_tui.widgets.prose import line, shortened

DEMO = " DEMO "


class TopBar(Static):
    """One line: DEMO where it is one, where this is, and who is present."""

    DEFAULT_CSS = """
    TopBar { dock: top; height: 1; padding: 0 1; background: $raised; color: $foreground; text-wrap: nowrap; }
    """

    def __init__(self) -> None:
        super().__init__(id="top-bar")
        self._where, self._demo, self._looking = "", False, ""
        self._present: tuple[str, ...] = ()

    def show(self, where: str, present: Sequence[str], demo: bool, looking: str = "") -> None:
        """Say where this is, who is present (one line a person), whether it is only a demo, and since when something
        is looked at."""
        self._where, self._present, self._demo, self._looking = where, tuple(present), demo, looking
        self._draw()

    def on_resize(self) -> None:
        self._draw()

    def _draw(self) -> None:
        width = self.content_region.width
        if not width:
            return  # not laid out yet: a name cut to nothing would stand there until it is
        demo = line((DEMO, "bold reverse"), " ") if self._demo else Content("")
        if self._looking:
            demo = Content.assemble(demo, line((f" {self._looking} ", "bold reverse $care"), " "))
        room = width - demo.cell_length
        # Who is present must never be cut away by where this is; where both do not fit, names alone stand there.
        for people in ("  +  ".join(self._present), "  +  ".join(one.partition(",")[0] for one in self._present)):
            if len(people) + len(self._where) + 4 <= room:
                break
        people = shortened(people, max(0, room - 4))
        where = shortened(self._where, max(0, room - len(people) - 4))
        left = Content.assemble(demo, line((where, "bold $accent")))
        right = line(("● " if people else "", "$accent"), people)
        gap = max(1, width - left.cell_length - right.cell_length)
        self.update(Content.assemble(left, " " * gap, right), layout=False)


class ProtectBar(Horizontal):
    """The protective keys as buttons: second person, this may be illegal, blank the screen."""

    DEFAULT_CSS = """
    ProtectBar { height: 1; background: $raised; }
    """

    def __init__(self, in_case: bool) -> None:
        super().__init__(id="protect-bar")
        self._in_case = in_case

    def compose(self) -> ComposeResult:
        if self._in_case:
            yield self._button("F8 This may be illegal", "protect-halt", "app.halt")
            yield self._button("F2 Second person", "protect-second", "app.second")
        else:
            yield self._button("F3 First-minute card", "protect-card", "app.card")
        yield self._button("F9 Blank", "protect-blank", "app.blank")
        yield MoreKeys()

    @staticmethod
    def _button(label: str, id: str, action: str) -> Button:
        button = Button(line(label), id=id, action=action, compact=True)
        # Each has its key. Tab stays with the question: Enter must never blank or halt by surprise.
        button.can_focus = False
        return button
