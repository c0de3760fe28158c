"""What left, as sentences that may be read out years later. Pure; the text is not escaped."""

from __future__ import annotations

from esafety_tui.incident import leaving_events as le
from esafety_tui.incident.people_events import Event

_HOW = {
    "zip": "as an encrypted file", "plain": "as a file that anybody can read", "print-folder": "to be printed here",
}  # fmt: skip
_PAPERS = {
    "page-one": "Page one of the bundle",
    "chronology": "The chronology",
    "list": "In a list of incidents this one",
}


def leaving(event: Event) -> str:
    """The entry in words; "" where it is of another kind."""
    match event:
        case le.Printed():
            how = _HOW.get(event.how, event.how)
            what = _PAPERS.get(event.what, "The record form")
            return f"{what} was written out {how}, up to entry {event.up_to} ({event.item})."
        case le.Bundled():
            inside = f"with {', '.join(event.included)}" if event.included else "without exhibits"
            only = f"; listed and not included: {', '.join(event.withheld)}" if event.withheld else ""
            stick = f" It is on the school's own stick {event.label}, exhibit {event.stick}." if event.stick else ""
            return f"A hand-over bundle was made {inside}{only}, up to entry {event.up_to} ({event.item}).{stick}"
        case le.HandedOver():
            officer = ", ".join(
                part for part in (event.force, event.number, event.reference and f"reference {event.reference}") if part
            )
            who = f"{event.to_whom} ({officer})" if officer else event.to_whom
            on = f" on {event.medium}" if event.medium else ""
            signed = f" Receipt: {event.receipt}." if event.receipt else " No receipt yet."
            return f"Handed over{on} to {who} ({event.item}).{signed}"
    return ""
