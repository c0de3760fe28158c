"""A pasted text arrives in its own order, whatever is in it.

Textual 8.2 reads an escape character inside a bracketed paste as the beginning of a key: what follows it is then typed
before what stands in front of it, and somebody's own words come out in another order. Here such a character reaches
the program as the symbol for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module

from textual._xterm_parser import XTermParser
from textual.message import Message

ESC, SYMBOL = "\x1b", "␛"
BEGIN, END = "\x1b[200~", "\x1b[201~"
#: Where Textual makes its parser, by platform.
_USERS = ("textual.drivers.linux_driver", "textual.drivers.linux_inline_driver", "textual.drivers.win32")


class PasteParser(XTermParser):
    """Textual's parser, with every escape character inside a paste but the one that ends it made a symbol."""

    _pasting = False
    _held = ""  # inside a paste: what may be the beginning of its end
    _tail = ""  # outside: the last characters, which may be the beginning of a beginning

    def feed(self, data: str) -> Iterable[Message]:
        plain = self._plain(data)
        # Nothing at all would say that the terminal is gone.
        return () if data and not plain else super().feed(plain)

    def _plain(self, data: str) -> str:
        done: list[str] = []
        while data:
            part, data = self._pasted(data) if self._pasting else self._typed(data)
            done.append(part)
        return "".join(done)

    def _typed(self, data: str) -> tuple[str, str]:
        """What comes before a paste, its mark with it, and the rest."""
        whole = self._tail + data
        at = whole.find(BEGIN)
        if at < 0:
            self._tail = whole[1 - len(BEGIN) :]
            return data, ""
        cut = at + len(BEGIN) - len(self._tail)
        self._pasting, self._tail = True, ""
        return data[:cut], data[cut:]

    def _pasted(self, data: str) -> tuple[str, str]:
        """What is pasted, up to its end with it, and the rest."""
        inside, end, rest = (self._held + data).partition(END)
        self._held = ""
        if end:
            self._pasting = False
        else:
            inside, self._held = _without_beginning(inside, END)
        return inside.replace(ESC, SYMBOL) + end, rest


def _without_beginning(text: str, mark: str) -> tuple[str, str]:
    """A text without the beginning of `mark` at its end, and that beginning: the rest of it may come next."""
    for length in range(min(len(mark) - 1, len(text)), 0, -1):
        if text.endswith(mark[:length]):
            return text[:-length], text[-length:]
    return text, ""


def install() -> None:
    """Let Textual's drivers use it, as far as this platform has them."""
    for name in _USERS:
        try:
            driver = import_module(name)
        except ImportError:
            continue  # Another platform's.
        if hasattr(driver, "XTermParser"):
            driver.XTermParser = PasteParser  # type: ignore[attr-defined]
