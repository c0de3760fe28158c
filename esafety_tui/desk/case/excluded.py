"""R10: what somebody had of a case before they were excluded: what they read, printed, recorded and signed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from esafety_tui.desk import clock
from esafety_tui.incident import events as e
from esafety_tui.incident.case import Case, Moment

Name = Callable[[str], str]


def of_case(case: Case, name: Name) -> list[dict[str, Any]]:
    """For each who is excluded: {person, read, printed, signed, recorded}; times as ISO text, entries by number."""
    return [
        {
            "person": name(id),
            "read": [clock.iso(m.at, m.off) for m in _by(case, id) if isinstance(m.event, e.Viewed)],
            "printed": [clock.iso(m.at, m.off) for m in _by(case, id) if isinstance(m.event, e.Printed | e.Bundled)],
            "signed": [seq for seq, signed in case.signatures if signed.person == id],
            "recorded": [m.seq for m in _by(case, id) if not isinstance(m.event, e.Viewed | e.Printed | e.Bundled)],
        }
        for id in sorted(case.excluded)
    ]


def said(case: Case, id: str, name: Name) -> Iterator[str]:
    """The same of one person, in sentences, for whoever excludes them."""
    read = [clock.plain(m.at, m.off) for m in _by(case, id) if isinstance(m.event, e.Viewed)]
    if read:
        yield f"{name(id)} opened it on {'; '.join(read)}."
    written = [str(m.seq) for m in _by(case, id) if not isinstance(m.event, e.Viewed)]
    if written:
        yield f"{name(id)} made the entries {', '.join(written)}, and so knows them."
    if not read and not written:
        yield f"{name(id)} has not opened it, as far as it is recorded here."
    if any(signed.person == id for _, signed in case.signatures):
        yield f"The signature of {name(id)} stays in the record, and is marked from now on."


def _by(case: Case, id: str) -> list[Moment]:
    return [m for m in case.moments if m.by == id]
