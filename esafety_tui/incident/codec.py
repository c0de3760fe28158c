"""Events to and from the JSON payload of an entry. Old payload versions are lifted here, for ever."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from esafety_tui.incident import events
from esafety_tui.incident.events import Event, Unknown
from esafety_tui.record import payload
from esafety_tui.record.payload import to_data

__all__ = ["KINDS", "UPCASTS", "from_data", "to_data"]

KINDS: dict[str, type[Event]] = payload.kinds_of(events, Event)
del KINDS[Unknown.kind]

#: (kind, old version) -> a function that lifts that payload by one version. Every payload is version 1 so far.
UPCASTS: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {}


def from_data(kind: str, version: int, data: dict[str, Any]) -> Event:
    """The event of an entry. A kind, version or shape this program does not know comes back as Unknown."""
    return payload.from_data(KINDS, UPCASTS, kind, version, data) or Unknown(kind, data)
