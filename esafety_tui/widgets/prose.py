"""Text for the screen as Content, never as markup: brackets that somebody typed are only brackets."""

from __future__ import annotations

from textual.content import Content

from esafety_tui.widgets.safe import one_line, safe

Part = str | tuple[str, str]


def plain(text: str) -> Content:
    """`text` (any text, line breaks kept) as Content."""
    return Content(safe(text))


def line(*parts: Part) -> Content:
    """One line out of parts; a part is a text, or a text and its style ("bold", "$accent" ...)."""
    return Content.assemble(*map(_safe_part, parts))


def shortened(text: str, width: int) -> str:
    """`text` on one line, cut to `width` letters with an ellipsis."""
    flat = one_line(text)
    return flat if len(flat) <= width else flat[: max(0, width - 1)].rstrip() + "…"


def _safe_part(part: Part) -> str | tuple[str, str]:
    if isinstance(part, str):
        return safe(part)
    text, style = part
    return safe(text), style
