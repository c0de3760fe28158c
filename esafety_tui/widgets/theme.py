"""The colours: dark, light, high contrast, the terminal's own sixteen. One accent; red is for the illegal branch."""

from __future__ import annotations

from textual.theme import Theme

#: Names as people read them, in the order in which the key goes through them.
NAMES = {
    "esafety-dark": "Dark",
    "esafety-light": "Light",
    "esafety-contrast": "High contrast",
    "esafety-16": "The terminal's own 16 colours",
}
DEFAULT = "esafety-dark"


def _theme(name: str, dark: bool, **colours: str) -> Theme:
    """A theme out of the colours named below."""
    c = colours
    variables = {
        "quiet": c["quiet"],
        "hairline": c["line"],
        "raised": c["raised"],
        "on-accent": c["on_accent"],
        "care": c["care"],
        "illegal": c["illegal"],
        "on-illegal": c["on_illegal"],
        "illegal-ground": c["illegal_ground"],
        "footer-background": c["raised"],
        "footer-foreground": c["text"],
        "footer-key-foreground": c["accent"],
        "footer-key-background": c["raised"],
        "footer-description-foreground": c["quiet"],
        "footer-item-background": c["raised"],
        "footer-description-background": c["raised"],
        "input-cursor-background": c["text"],
        "input-cursor-foreground": c["ground"],
        "input-selection-background": c["accent"],
        "input-selection-foreground": c["on_accent"],
        "block-cursor-background": c["accent"],
        "block-cursor-foreground": c["on_accent"],
        "block-cursor-text-style": "bold",
        "border": c["accent"],
        "border-blurred": c["line"],
        "scrollbar": c["line"],
        "scrollbar-background": c["ground"],
        "scrollbar-corner-color": c["ground"],
        "scrollbar-background-hover": c["ground"],
        "scrollbar-background-active": c["ground"],
        "scrollbar-hover": c["accent"],
        "scrollbar-active": c["accent"],
    }
    return Theme(
        name=name, primary=c["accent"], secondary=c["quiet"], accent=c["accent"], warning=c["care"],
        error=c["illegal"], success=c["accent"], foreground=c["text"], background=c["ground"],
        surface=c["ground"], panel=c["raised"], boost=c["raised"], dark=dark, text_alpha=1.0, variables=variables,
    )  # fmt: skip


def _sixteen() -> Theme:
    theme = _theme(
        "esafety-16", True,
        ground="ansi_default", raised="ansi_default", line="ansi_bright_black", text="ansi_default",
        quiet="ansi_default", accent="ansi_cyan", on_accent="ansi_black", care="ansi_yellow",
        illegal="ansi_red", on_illegal="ansi_bright_white", illegal_ground="ansi_default",
    )  # fmt: skip
    theme.ansi = True
    theme.variables |= {
        "ansi-background": "ansi_black",
        "ansi-foreground": "ansi_white",
        "input-cursor-background": "ansi_white",
        "input-cursor-foreground": "ansi_black",
        "screen-selection-background": "ansi_cyan",
        "screen-selection-foreground": "ansi_black",
    }
    return theme


THEMES = (
    _theme(
        "esafety-dark", True,
        ground="#11161c", raised="#1a222b", line="#3a4855", text="#e8edf2", quiet="#a7b4c0", accent="#7fd1c7",
        on_accent="#0b1a1c", care="#f0c674", illegal="#ff8f87", on_illegal="#2a0503", illegal_ground="#2b1416",
    ),
    _theme(
        "esafety-light", False,
        ground="#faf8f3", raised="#efebe2", line="#bdb5a5", text="#1c2329", quiet="#3f4a54", accent="#075a5f",
        on_accent="#ffffff", care="#6b4200", illegal="#9c0f14", on_illegal="#ffffff", illegal_ground="#fbe6e3",
    ),
    _theme(
        "esafety-contrast", True,
        ground="#000000", raised="#000000", line="#ffffff", text="#ffffff", quiet="#ffffff", accent="#5ff5ff",
        on_accent="#000000", care="#ffe14d", illegal="#ffa8a8", on_illegal="#000000", illegal_ground="#000000",
    ),
    _sixteen(),
)  # fmt: skip


def after(name: str) -> str:
    """The name of the colours that come after `name` when going through them."""
    order = list(NAMES)
    return order[(order.index(name) + 1) % len(order)] if name in order else DEFAULT
