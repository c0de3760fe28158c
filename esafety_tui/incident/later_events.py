"""What is recorded of a case beside its course: links to other cases, reopening, a day put off, somebody entered
wrongly (R7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from esafety_tui.incident.people_events import Event, PartyIdentified


@dataclass(frozen=True)
class Linked(Event):
    """Somebody says that another case belongs to this one. ref: of that case, in which the same is written."""

    kind: ClassVar[str] = "linked"
    ref: str
    reason: str


@dataclass(frozen=True)
class Unlinked(Event):
    """The two do not belong together after all."""

    kind: ClassVar[str] = "unlinked"
    ref: str
    reason: str


@dataclass(frozen=True)
class Reopened(Event):
    """A case that had ended goes on at `to`, with the reason. Its earlier outcome and signatures stay in the record;
    what is judged from here needs new ones."""

    kind: ClassVar[str] = "reopened"
    to: str
    lane: str
    reason: str


@dataclass(frozen=True)
class PartyCorrected(PartyIdentified):
    """Somebody was entered wrongly: who they are, their group, their part. Both entries stay. What the earlier one made
    binding stays so: a correction never makes a rule milder.

    wrong: "person" where it is somebody else, so that nothing decided for the one is taken as decided for the other;
    "about" where it is the same person; "" in older entries, which did not say.
    """

    kind: ClassVar[str] = "party-corrected"
    reason: str = ""
    wrong: str = ""


@dataclass(frozen=True)
class DuePostponed(Event):
    """Something that is due (its id in the due list) is due on another day than it was, with the reason. ISO days."""

    kind: ClassVar[str] = "due-postponed"
    item: str
    was: str
    until: str
    what: str
    reason: str


@dataclass(frozen=True)
class BullyingRecorded(Event):
    """What the law asks to be recorded of bullying among pupils; recorded again, the later one counts.

    motives, methods: ids of the policy's lists, the main one first; outcome: an id of its list; titles: each id as it
    read; addressed: what was done about it, in words. Addressing Bullying in Schools Act (NI) 2016, section 3.
    """

    kind: ClassVar[str] = "bullying-recorded"
    motives: list[str]
    methods: list[str]
    outcome: str
    addressed: str
    titles: dict[str, str]
