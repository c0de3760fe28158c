"""Events to and from the JSON payload of an entry. Old payload versions are lifted here, for ever."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from pydantic import TypeAdapter, ValidationError

from esafety_tui.incident import events
from esafety_tui.incident.events import Event, Unknown

KINDS: dict[str, type[Event]] = {
    cls.kind: cls
    for cls in vars(events).values()
    if isinstance(cls, type) and issubclass(cls, Event) and cls not in (Event, Unknown)
}

#: (kind, old version) -> a function that lifts that payload by one version. None yet: every payload is version 1.
UPCASTS: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {}


def to_data(event: Event) -> dict[str, Any]:
    """The payload of an event as JSON values; empty optional fields are left out."""
    data: dict[str, Any] = {}
    for item in dataclasses.fields(event):
        value = getattr(event, item.name)
        default = item.default_factory() if item.default_factory is not dataclasses.MISSING else item.default
        if (item.default is dataclasses.MISSING and item.default_factory is dataclasses.MISSING) or value != default:
            data[item.name] = value
    return data


_ADAPTERS: dict[str, TypeAdapter[Any]] = {}


def _adapter(cls: type[Event]) -> TypeAdapter[Any]:
    # Built on first use: building all of them costs start-up time.
    if cls.kind not in _ADAPTERS:
        _ADAPTERS[cls.kind] = TypeAdapter(cls)
    return _ADAPTERS[cls.kind]


def from_data(kind: str, version: int, data: dict[str, Any]) -> Event:
    """The event of an entry. A kind, version or shape this program does not know comes back as Unknown."""
    cls = KINDS.get(kind)
    if cls is None or version > cls.version:
        return Unknown(kind, data)
    while version < cls.version:
        lift = UPCASTS.get((kind, version))
        if lift is None:
            return Unknown(kind, data)
        data, version = lift(data), version + 1
    try:
        event: Event = _adapter(cls).validate_python(data)
        return event
    except ValidationError:
        return Unknown(kind, data)
