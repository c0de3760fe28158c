"""The first-minute card as it stands on every door: what to do, then whom to ring."""

from __future__ import annotations

from collections.abc import Sequence

from esafety_tui.widgets.lines import Lines, Marked
from esafety_tui.widgets.prose import line, plain

RING = "Ring: "


class FirstMinute(Lines):
    """Title and lines of the card. Those that say whom to ring stand out; on a high screen the lines stand apart."""

    DEFAULT_CSS = """
    FirstMinute { padding: 0 1; }
    """
    AIRY_FROM = 36

    def __init__(self, title: str, lines: Sequence[str]) -> None:
        super().__init__([Marked(line((title, "bold $accent"))), *_rows(lines)], classes="first-minute")

    @property
    def gap(self) -> int:
        return 1 if self.app.size.height >= self.AIRY_FROM else 0


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
