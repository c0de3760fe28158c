"""The paper kit: the first-minute card, a numbered blank form and the staff report slip, for when no machine helps."""

from __future__ import annotations

from dataclasses import dataclass

from esafety_tui.reports.values import Contact, Letterhead


@dataclass(frozen=True)
class Card:
    """The first-minute card of the school's policy: what to do, in order, then whom to ring, then the warning."""

    title: str
    lines: tuple[str, ...]
    ring: tuple[Contact, ...] = ()
    footer: str = ""


@dataclass(frozen=True)
class PaperKit:
    """letterhead.reference is the number of the blank form. never_copy: what must never be copied, in words."""

    letterhead: Letterhead
    card: Card
    never_copy: tuple[str, ...] = ()
