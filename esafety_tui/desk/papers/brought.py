"""What a paper says of entries that came from another log or copy, and of a signer who may no longer read the case."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from esafety_tui.desk import clock
from esafety_tui.incident import events as e
from esafety_tui.incident.case import Case, Moment
from esafety_tui.store.disposal import ranges

Name = Callable[[str], str]


def by_whom(m: Moment, name: Name) -> str:
    """When and by whom an entry was taken over; "" for one that was written here."""
    if m.taken is None:
        return ""
    beside = f" with {name(m.taken.witness)}" if m.taken.witness else ""
    return f"taken over on {clock.plain(m.taken.at, m.taken.off)} by {name(m.taken.by)}{beside}"


def of_what(m: Moment, vault_id: bytes) -> str:
    """Of what an entry that was taken over is one; "" for one that was written here. vault_id: of this log."""
    if m.taken is None:
        return ""
    return "the copy that came back" if m.taken.vault == vault_id.hex() else "the log that was taken over"


def brought(case: Case, name: Name, vault_id: bytes) -> tuple[str, ...]:
    """Which entries were taken over, by their numbers here and there: a sentence for each time. vault_id: of this
    log."""
    found: dict[tuple[str, str], list[Moment]] = {}
    for m in case.moments:
        if m.taken:
            found.setdefault((by_whom(m, name), of_what(m, vault_id)), []).append(m)
    return tuple(_sentence(how, log, those) for (how, log), those in found.items())


def _sentence(how: str, log: str, those: list[Moment]) -> str:
    here, there = _numbers(m.seq for m in those), _numbers(m.taken.seq for m in those if m.taken)
    if len(those) == 1:
        return f"Entry {here} was {how}. It is entry {there} of {log}."
    return f"Entries {here} were {how}. They are entries {there} of {log}."


def _numbers(seqs: Iterable[int]) -> str:
    return ", ".join(str(first) if first == last else f"{first} to {last}" for first, last in ranges(seqs))


def access_ended(case: Case, person: str) -> str:
    """R10: that a signer may no longer read the case, since when and by which entry; "" where they may."""
    for m in case.moments:
        if isinstance(m.event, e.Excluded) and m.event.person == person:
            return f"May no longer read the case, since {clock.plain(m.at, m.off)} (entry {m.seq})."
    return ""
