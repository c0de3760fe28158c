"""The part of the panel that scrolls: what is asked."""

from __future__ import annotations

from collections.abc import Callable

from textual.containers import VerticalScroll
from textual.widget import Widget


class Body(VerticalScroll, can_focus=False):
    """What is asked. Calls `moved` whenever something else of it is in view."""

    def __init__(self, moved: Callable[[], None]) -> None:
        super().__init__(id="ask-body")
        self._moved = moved

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self.call_after_refresh(self._moved)

    def watch_virtual_size(self) -> None:
        self.call_after_refresh(self._moved)

    def on_resize(self) -> None:
        self.call_after_refresh(self._moved)
        focused, said = self.screen.focused, self.screen.query_one("#ask-trouble").display
        if said and focused is not None and isinstance(focused.parent, Widget) and self in focused.ancestors:
            # A reason that is said below takes room: what it is about stays in view.
            self.call_after_refresh(focused.parent.scroll_visible, animate=False)
