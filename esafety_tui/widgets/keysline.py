"""The keys that work now: on the last line, and what does not fit there beside the keys that protect. Each can also be
clicked."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.binding import Binding
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

from esafety_tui.widgets.prose import line


class KeysLine(Widget):
    """Shows the bindings that are meant to be shown and work at the moment.

    One widget that draws itself: Textual's own footer is made anew out of ten widgets at every change of focus.
    """

    DEFAULT_CSS = """
    KeysLine { height: 1; padding: 0 1; background: $raised; text-wrap: nowrap; }
    """

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._places: list[tuple[int, int, str]] = []

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def on_unmount(self) -> None:
        self.screen.bindings_updated_signal.unsubscribe(self)

    def _changed(self, screen: Screen[object]) -> None:
        self.refresh()

    def working(self) -> list[Binding]:
        """The bindings to show, each action once."""
        found: dict[str, Binding] = {}
        for active in self.screen.active_bindings.values():
            if active.binding.show and active.enabled:
                found.setdefault(active.binding.action, active.binding)
        return list(found.values())

    def fitting(self, bindings: Sequence[Binding], room: int) -> list[Content]:
        """As many of them, from the first on, as there is room for (cells)."""
        at, parts = 0, []
        self._places = []
        for binding in bindings:
            part = line((self.app.get_key_display(binding), "bold $accent"), (f" {binding.description}", "$quiet"))
            if at + part.cell_length > room:
                break
            self._places.append((at, at + part.cell_length, binding.key))
            parts.append(part)
            at += part.cell_length + 2
        return parts

    def render(self) -> Content:
        return Content("  ").join(self.fitting(self.working(), self.content_region.width))

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        for start, end, key in self._places:
            if offset is not None and start <= offset.x < end:
                self.app.simulate_key(key)


class MoreKeys(KeysLine):
    """The bindings for which the last line has no room."""

    DEFAULT_CSS = """
    MoreKeys { width: 1fr; padding: 0 1 0 2; }
    """

    def render(self) -> Content:
        first, working = self.screen.query_one("#keys-line", KeysLine), self.working()
        shown = len(first.fitting(working, first.content_region.width))
        return Content("  ").join(self.fitting(working[shown:], self.content_region.width))
