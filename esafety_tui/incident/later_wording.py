"""Links, reopening and days put off, as sentences that may be read out years later. Pure; the text is not escaped."""

from __future__ import annotations

from collections.abc import Callable

from esafety_tui.incident import later_events as le
from esafety_tui.incident.people_events import Event


def later(event: Event, name: Callable[[str], str]) -> str:
    """The entry in words; "" where it is of another kind. `name`: also from another case's reference to what the
    reader may know it by."""
    match event:
        case le.Linked():
            return f"Belongs together with {name(event.ref)}.{_because(event.reason)}"
        case le.Unlinked():
            return f"Does not belong together with {name(event.ref)} after all.{_because(event.reason)}"
        case le.Reopened():
            return f"Opened again; what was judged and signed before stays as it was. Reason: {event.reason}"
        case le.DuePostponed():
            return f"Put off from {event.was} to {event.until}: {event.what}. Reason: {event.reason}"
        case le.BullyingRecorded():
            motives, methods = (_listed(ids, event.titles) for ids in (event.motives, event.methods))
            outcome = event.titles.get(event.outcome, event.outcome)
            return (
                f"Recorded as bullying, alleged or found. What moved it: {motives}. How: {methods}. What was done: "
                f"{event.addressed} What became of it: {outcome}."
            )
    return ""


def _because(reason: str) -> str:
    return f" Reason: {reason}" if reason else ""


def _listed(ids: list[str], titles: dict[str, str]) -> str:
    return ", ".join(titles.get(id, id) for id in ids)
