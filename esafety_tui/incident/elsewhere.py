"""Which entries of a case tell of other cases, which not every reader of this one may know of (R10). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from esafety_tui.incident import codec
from esafety_tui.incident import events as e
from esafety_tui.incident.case import Moment


def others(moments: Sequence[Moment]) -> dict[int, frozenset[str]]:
    """{entry number: references of the other cases that it tells of}: links, what corrects one, what names one."""
    linked = {m.event.ref for m in moments if isinstance(m.event, e.Linked | e.Unlinked)}
    found: dict[int, frozenset[str]] = {}
    if not linked:
        return found
    for moment in moments:
        event = moment.event
        if isinstance(event, e.Linked | e.Unlinked):
            refs = frozenset({event.ref})
        else:
            said = " ".join(_plain(text) for text in _texts(codec.to_data(event)))
            refs = frozenset(ref for ref in linked if _plain(ref) in said)
            if isinstance(event, e.Corrected):
                refs |= found.get(event.seq, frozenset())
        if refs:
            found[moment.seq] = refs
    return found


def _plain(text: str) -> str:
    """As a reference is compared, however it was typed."""
    return text.upper().replace("-", "").replace(" ", "")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _all(value.values())
    elif isinstance(value, list | tuple):
        yield from _all(value)


def _all(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        yield from _texts(value)
