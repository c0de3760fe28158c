"""The keys that work now, on one line: what does not fit is left to the help. Each can also be clicked."""

from __future__ import annotations

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

    def __init__(self) -> None:
        super().__init__()
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

    def render(self) -> Content:
        room, at = self.content_region.width, 0
        self._places = []
        parts: list[Content] = []
        for binding in self.working():
            part = line((self.app.get_key_display(binding), "bold $accent"), (f" {binding.description}", "$quiet"))
            if at + part.cell_length > room:
                break
            self._places.append((at, at + part.cell_length, binding.key))
            parts.append(part)
            at += part.cell_length + 2
        return Content("  ").join(parts)

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        for start, end, key in self._places:
            if offset is not None and start <= offset.x < end:
                self.app.simulate_key(key)
