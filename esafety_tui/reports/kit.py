"""The paper kit: the first-minute card, a numbered blank form and the staff report slip, for when no machine helps."""

from __future__ import annotations

from dataclasses import dataclass

from esafety_tui.reports.record_form import TITLE
from esafety_tui.reports.typeset import typeset
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


def paper_kit(kit: PaperKit) -> bytes:
    """Card, numbered blank form and staff report slip in one PDF/A-2b."""
    return _typeset(kit, "card", "form", "slip")


def card(kit: PaperKit) -> bytes:
    """The first-minute card alone."""
    return _typeset(kit, "card")


def blank_form(kit: PaperKit) -> bytes:
    """The numbered blank form alone."""
    return _typeset(kit, "form")


def staff_slip(kit: PaperKit) -> bytes:
    """The staff report slip alone."""
    return _typeset(kit, "slip")


def _typeset(kit: PaperKit, *parts: str) -> bytes:
    values = {
        "title": "Paper kit", "sheet": kit.letterhead, "card": kit.card, "never_copy": kit.never_copy, "parts": parts,
        "form_title": TITLE,
    }  # fmt: skip
    return typeset("kit", values, kit.letterhead.made_at)
