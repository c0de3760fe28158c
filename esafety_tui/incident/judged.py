"""The reviewers' judgements of a case, and what became of each: one that was replaced stays to be read (R7). Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from esafety_tui.incident import events as e
from esafety_tui.incident.case import Case, Moment

Name = Callable[[str], str]


@dataclass(frozen=True)
class Judgement:
    """A judgement and its entry. by: the entry that replaced it, None while it counts."""

    said: e.Judged
    moment: Moment
    by: Moment | None = None


def judgements(case: Case) -> tuple[Judgement, ...]:
    """Every judgement since the case was last opened again, in order. A third person's stands between two others:
    where one of them judges anew, it no longer counts."""
    found: list[Judgement] = []
    for moment in case.moments:
        event = moment.event
        if isinstance(event, e.Reopened):
            found = []
        if not isinstance(event, e.Judged):
            continue
        gone = (event.seat,) if event.seat == "third" else (event.seat, "third")
        found = [replace(one, by=moment) if one.by is None and one.said.seat in gone else one for one in found]
        found.append(Judgement(event, moment))
    return tuple(found)


def whose(event: e.Judged, name: Name) -> str:
    """Who judged, and where they did not do it with their own hands, how it came into the record (R1)."""
    if event.how == "attested":
        return f"{name(event.person)} (attested on paper)"
    by = f" (as {name(event.written_by)} wrote it down)" if event.written_by else ""
    return f"{name(event.person)}{by}"


def finding(event: e.Judged) -> str:
    """What was judged."""
    return "substance" if event.substance == "yes" else "no substance"


def why_replaced(one: Judgement) -> str:
    """The reason that the entry gives which replaced a judgement; "" while it counts."""
    event = one.by.event if one.by else None
    if not isinstance(event, e.Judged):
        return ""
    return event.why if event.seat == one.said.seat else "A reviewer judged anew."
