"""The first-minute card as it stands on every door: what to do, then whom to ring."""

from __future__ import annotations

from collections.abc import Sequence

from textual.containers import Vertical
from textual.widgets import Static

from esafety_tui.widgets.lines import Lines, Marked
from esafety_tui.widgets.prose import line, plain

RING = "Ring: "


class FirstMinute(Vertical):
    """Title and lines of the card. Lines that begin with "Ring: " stand out."""

    DEFAULT_CSS = """
    FirstMinute { height: auto; padding: 0 1; }
    FirstMinute .card-title { text-style: bold; color: $accent; }
    """

    def __init__(self, title: str, lines: Sequence[str]) -> None:
        super().__init__(
            Static(plain(title), classes="card-title"),
            *(Lines([row], classes="card-line") for row in _rows(lines)),
            classes="first-minute",
        )


def _rows(lines: Sequence[str]) -> list[Marked]:
    rows: list[Marked] = []
    count = 0
    for number, text in enumerate(lines, 1):
        if text.startswith(RING):
            rows.append(Marked(line((text.removeprefix(RING), "bold")), line(("☎  ", "bold $accent"))))
        elif number == len(lines):
            rows.append(Marked(plain(text), line(("!  ", "bold $accent"))))
        else:
            count += 1
            bare = text.removeprefix(f"{count}. ")
            rows.append(Marked(plain(bare), line((f"{count}  ", "bold $accent"))))
    return rows
