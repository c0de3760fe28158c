"""The least that a full-screen program with a label and a field can be: the floor under the password screen."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Input, Label


class Bare(App[None]):
    """A label and a field."""

    def compose(self) -> ComposeResult:
        yield Label("Bare floor")
        yield Input()


if __name__ == "__main__":
    Bare().run()
