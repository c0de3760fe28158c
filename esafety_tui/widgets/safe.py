"""The display edge of the screens: what a person, a file or a web page gave, made harmless (see `esafety_tui.safe`)."""

from __future__ import annotations

from esafety_tui.safe import BIDI, BREAK, BROKEN, INVISIBLE, one_line, safe

__all__ = ["BIDI", "BREAK", "BROKEN", "INVISIBLE", "one_line", "safe"]
