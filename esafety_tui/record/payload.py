"""Payloads of entries: a frozen dataclass per kind, to JSON values and back, lifted from old versions for ever."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, TypeVar

from pydantic import TypeAdapter, ValidationError


@dataclasses.dataclass(frozen=True)
class Payload:
    """Base of all payloads: `kind` is the journal's word, `version` that of the payload."""

    kind: ClassVar[str] = ""
    version: ClassVar[int] = 1


P = TypeVar("P", bound=Payload)
Upcasts = Mapping[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]]

_ADAPTERS: dict[type[Payload], TypeAdapter[Any]] = {}


def to_data(payload: Payload) -> dict[str, Any]:
    """The payload as JSON values; optional fields that hold their default are left out."""
    data: dict[str, Any] = {}
    for item in dataclasses.fields(payload):
        value = getattr(payload, item.name)
        default = item.default_factory() if item.default_factory is not dataclasses.MISSING else item.default
        if default is dataclasses.MISSING or value != default:
            data[item.name] = value
    return data


def from_data(
    kinds: Mapping[str, type[P]], upcasts: Upcasts, kind: str, version: int, data: dict[str, Any]
) -> P | None:
    """The payload of an entry, or None where this program does not know the kind, the version or the shape.

    `upcasts` lifts the payload of (kind, old version) by one version.
    """
    cls = kinds.get(kind)
    if cls is None or version > cls.version:
        return None
    while version < cls.version:
        lift = upcasts.get((kind, version))
        if lift is None:
            return None
        data, version = lift(data), version + 1
    try:
        found: P = _adapter(cls).validate_python(data)
    except ValidationError:
        return None
    return found


def _adapter(cls: type[Payload]) -> TypeAdapter[Any]:
    # Built on first use: building all of them costs start-up time.
    if cls not in _ADAPTERS:
        _ADAPTERS[cls] = TypeAdapter(cls)
    return _ADAPTERS[cls]


def read_ahead(kinds: Mapping[str, type[Payload]]) -> None:
    """Build now what reads entries of these kinds, so that nobody waits for it later."""
    for cls in kinds.values():
        _adapter(cls)


def kinds_of(module: object, base: type[P]) -> dict[str, type[P]]:
    """Every payload class of a module by its kind."""
    return {
        cls.kind: cls for cls in vars(module).values() if isinstance(cls, type) and issubclass(cls, base) and cls.kind
    }
