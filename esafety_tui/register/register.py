"""The register: who, which policy, which computer, when last anchored. A fold of its own stream."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from esafety_tui.people.person import Person
from esafety_tui.record import payload
from esafety_tui.register import access, compartments, copies, copy_events, filtering, issued, retention
from esafety_tui.register import events as r

KINDS: dict[str, type[r.RegisterEvent]] = {
    **payload.kinds_of(r, r.RegisterEvent),
    **payload.kinds_of(access, r.RegisterEvent),
    **payload.kinds_of(copy_events, r.RegisterEvent),
    **payload.kinds_of(issued, r.RegisterEvent),
    **payload.kinds_of(retention, r.RegisterEvent),
    **payload.kinds_of(compartments, r.RegisterEvent),
}
UPCASTS: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {}


def from_data(kind: str, version: int, data: dict[str, Any]) -> r.RegisterEvent | None:
    """The register event of an entry, or None where this program does not know it."""
    return payload.from_data(KINDS, UPCASTS, kind, version, data)


@dataclass(frozen=True)
class Gone:
    """Something that left (R19). seq: the entry that says so; end: where it ended, None while it is out; handed:
    somebody took it."""

    left: r.Left
    seq: int
    to_whom: str = ""
    receipt: str = ""
    end: r.LeftBack | None = None
    end_seq: int = 0
    handed: bool = False

    @property
    def out(self) -> bool:
        """It is neither back nor destroyed, and nobody signed for it."""
        return self.end is None and not self.receipt


@dataclass
class Register:
    """The folded register. Built by `fold` alone."""

    school: str = ""
    home: str = ""
    people: dict[str, Person] = field(default_factory=dict)
    packs: dict[str, r.PackAdopted] = field(default_factory=dict)
    pack_sha256: str = ""
    computers: dict[str, r.ComputerNamed] = field(default_factory=dict)
    numbers: dict[tuple[str, str], str] = field(default_factory=dict)
    anchored: r.Anchored | None = None
    anchored_seq: int = 0
    sheets_given: int = 0
    confirmed: dict[str, int] = field(default_factory=dict)
    disputed: dict[int, r.OwnDisputed] = field(default_factory=dict)
    joined: list[str] = field(default_factory=list)
    elsewhere: dict[str, str] = field(default_factory=dict)
    taken_for: dict[str, str] = field(default_factory=dict)
    keys_elsewhere: dict[str, frozenset[str]] = field(default_factory=dict)
    card_sha256: str = ""
    gone: dict[str, Gone] = field(default_factory=dict)
    filters: dict[str, filtering.Change] = field(default_factory=dict)
    calendar: list[r.CalendarDone] = field(default_factory=list)
    same_person: dict[frozenset[str], r.PersonsJoined] = field(default_factory=dict)
    access: access.Access = field(default_factory=access.Access)
    copies: copies.Copies = field(default_factory=copies.Copies)
    reports: issued.Reports = field(default_factory=issued.Reports)
    retention: retention.Retention = field(default_factory=retention.Retention)
    compartments: dict[str, compartments.Known] = field(default_factory=dict)
    entries: int = 0

    def same(self, who: str) -> tuple[str, ...]:
        """Every record of the person with this `who`: itself first, then those joined to it."""
        found = {who: None}
        todo = [who]
        while todo:
            here = todo.pop()
            for pair in self.same_person:
                if here in pair:
                    todo += [one for one in pair if one not in found]
                    found |= dict.fromkeys(sorted(pair))
        return tuple(found)

    @property
    def provisional(self) -> bool:
        """Set-up is still to be finished."""
        return self.home == "provisional" and not self.school


def fold(entries: Iterable[tuple[int, r.RegisterEvent | None]]) -> Register:
    """The register that these (entry number, event) come to, in order. An unknown event changes nothing."""
    register = Register()
    for seq, event in entries:
        register.entries += 1
        if event is not None:
            _apply(register, seq, event)
            access.fold(register.access, register.people, seq, event)
    return register


def _elsewhere(register: Register, event: r.HomeJoined | copy_events.TakenOver) -> None:
    """The people of a log or copy that was taken over, and the keys with which they signed there."""
    register.elsewhere |= event.people
    register.taken_for |= event.same
    for id, found in event.keys.items():
        register.keys_elsewhere[id] = register.keys_elsewhere.get(id, frozenset()) | frozenset(found)


def _apply(register: Register, seq: int, event: r.RegisterEvent) -> None:
    match event:
        case r.Founded():
            register.school, register.home = event.school, event.home
        case r.SchoolNamed():
            register.school = event.school
        case r.PersonAdded():
            register.people[event.person] = Person(
                event.person, event.name, event.login, event.role, event.senior, event.position,
                public_key=event.public_key,
            )  # fmt: skip
        case r.PersonRetired() if event.person in register.people:
            register.people[event.person] = replace(register.people[event.person], active=False)
        case r.PackAdopted():
            register.packs[event.sha256], register.pack_sha256 = event, event.sha256
        case r.ComputerNamed():
            register.computers[event.computer] = event
        case r.NumberConfirmed():
            register.numbers[event.agency, event.reach] = event.value
        case r.Anchored():
            register.anchored, register.anchored_seq = event, seq
        case r.SheetsGiven():
            register.sheets_given = event.set
        case r.OwnConfirmed():
            register.confirmed[event.person] = max(event.up_to, register.confirmed.get(event.person, 0))
        case r.OwnDisputed():
            register.disputed[event.seq] = event
        case r.HomeJoined():
            register.joined.append(event.vault)
            _elsewhere(register, event)
        case copy_events.TakenOver():
            _elsewhere(register, event)
            copies.fold(register.copies, seq, event)
        case r.CardCopied():
            register.card_sha256 = event.sha256
        case r.Left():
            register.gone[event.item] = Gone(event, seq, event.to_whom)
        case r.LeftHanded() if event.item in register.gone:
            gone = register.gone[event.item]
            register.gone[event.item] = replace(gone, to_whom=event.to_whom, receipt=event.receipt, handed=True)
        case r.PersonsJoined():
            register.same_person[frozenset((event.who, event.other))] = event
        case r.PersonsParted():
            register.same_person.pop(frozenset((event.who, event.other)), None)
        case r.LeftBack() if event.item in register.gone:
            register.gone[event.item] = replace(register.gone[event.item], end=event, end_seq=seq)
        case r.CalendarDone():
            register.calendar.append(event)
        case _:
            filtering.fold(register.filters, seq, event)
            copies.fold(register.copies, seq, event)
            issued.fold(register.reports, seq, event)
            retention.fold(register.retention, seq, event)
            compartments.fold(register.compartments, seq, event)
