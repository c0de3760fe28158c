"""Somebody who uses the program, and what they may do and read. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from esafety_tui.policy.tables import Role, Tables


@dataclass(frozen=True)
class Person:
    """id: opaque; role: an id of the pack; senior: as set-up says of this person; active: has a slot.

    A guest reviewer is a person without a login.
    """

    id: str
    name: str
    login: str
    role: str
    senior: bool
    position: str = ""
    active: bool = True
    public_key: str = ""

    @property
    def guest(self) -> bool:
        return not self.login


def may(person: Person, tables: Tables) -> frozenset[str]:
    """What the person's role may do in this pack; a role the pack does not know may do nothing of its own."""
    role = tables.role(person.role)
    return frozenset(role.may) if role else frozenset()


def is_head(person: Person, tables: Tables) -> bool:
    """Whether this is the head of the school (the Principal, or the headteacher)."""
    return "principal" in may(person, tables)


def reads_everything(person: Person, tables: Tables) -> bool:
    """Whether the person keeps or reads the log (R10's reduced view may still hide child-protection cases)."""
    return bool(may(person, tables) & {"log", "read-cp", "principal"})


def reads_protection(person: Person, tables: Tables) -> bool:
    """Whether the person reads child-protection cases in full."""
    return bool(may(person, tables) & {"read-cp", "principal"})


def reads_staff(person: Person, tables: Tables) -> bool:
    """Whether the person reads cases about colleagues that they neither lead nor review: the head, and whom the pack
    names (R10)."""
    return bool(may(person, tables) & {"read-staff", "principal"})


def roles_with_login(tables: Tables) -> tuple[Role, ...]:
    """The roles that may have a login: governors and technicians get paper."""
    return tuple(role for role in tables.roles if not role.paper)


def initials(name: str) -> str:
    """The initials of a name, for exhibit marks: "Ruth Mary Carson" is RMC; "" for an empty name."""
    return "".join(part[0].upper() for part in name.replace("-", " ").split() if part[0].isalpha())
