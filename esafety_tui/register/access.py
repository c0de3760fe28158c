"""Who may open the log, as entries: roles, passwords, recovery, wrong tries; and what they come to."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import ClassVar

from esafety_tui.people.person import Person
from esafety_tui.register import events as r


@dataclass(frozen=True)
class RoleChanged(r.RegisterEvent):
    """Somebody has another role of the pack, or is a senior member of staff now, or no longer."""

    kind: ClassVar[str] = "role-changed"
    person: str
    role: str
    senior: bool
    reason: str


@dataclass(frozen=True)
class PasswordChanged(r.RegisterEvent):
    """Somebody who knew their password chose another; their keys are the same."""

    kind: ClassVar[str] = "password-changed"
    person: str


@dataclass(frozen=True)
class Recovered(r.RegisterEvent):
    """Two recovery sheets gave somebody a new password and with it a **new** signing key (64 hex digits).

    sheets: their letters, as "AC"; sheet_set: the set they are of; new_set: the set made in their place, which is
    confirmed by SheetsGiven.
    """

    kind: ClassVar[str] = "recovered"
    person: str
    public_key: str
    sheets: str
    sheet_set: int
    new_set: int


@dataclass(frozen=True)
class KeyAcknowledged(r.RegisterEvent):
    """The owner of a login says that the recovery and the new signing key are theirs."""

    kind: ClassVar[str] = "key-acknowledged"
    person: str
    public_key: str


@dataclass(frozen=True)
class FailedUnlocks(r.RegisterEvent):
    """R13: when wrong names or passwords were tried since the log was last opened (UTC), and how many before those."""

    kind: ClassVar[str] = "failed-unlocks"
    times: list[str] = field(default_factory=list)
    earlier: int = 0


@dataclass
class Access:
    """What these entries come to. keys: each person's public keys with the entry that gave it, the oldest first.

    password_set: the entry since which the present password stands. recovered: entry of a recovery that its owner has
    not acknowledged. tried: the last wrong tries that were entered, so that none is entered twice.
    """

    keys: dict[str, tuple[tuple[int, str], ...]] = field(default_factory=dict)
    password_set: dict[str, int] = field(default_factory=dict)
    recovered: dict[str, int] = field(default_factory=dict)
    tried: frozenset[str] = frozenset()

    def key_at(self, person: str, seq: int) -> str:
        """The public key with which somebody signed an entry of this number; "" where they had none yet."""
        return next((key for since, key in reversed(self.keys.get(person, ())) if since < seq), "")


def fold(access: Access, people: dict[str, Person], seq: int, event: r.RegisterEvent) -> None:
    """Take one entry in. Any other event changes nothing."""
    match event:
        case r.PersonAdded():
            access.keys[event.person] = ((seq, event.public_key),)
            access.password_set[event.person] = seq
        case RoleChanged() if event.person in people:
            people[event.person] = replace(people[event.person], role=event.role, senior=event.senior)
        case PasswordChanged():
            access.password_set[event.person] = seq
        case Recovered() if event.person in people:
            people[event.person] = replace(people[event.person], public_key=event.public_key)
            access.keys[event.person] = (*access.keys.get(event.person, ()), (seq, event.public_key))
            access.password_set[event.person] = seq
            access.recovered[event.person] = seq
        case KeyAcknowledged():
            access.recovered.pop(event.person, None)
        case FailedUnlocks():
            access.tried = frozenset(event.times)
