"""R10: the roles that a case takes away from those who decide, because it is about everybody who has them."""

from __future__ import annotations

from collections.abc import Iterable

from esafety_tui.desk.forms.base import View
from esafety_tui.incident.case import Action
from esafety_tui.incident.rules.deciders import head_of, title_of, who_decides
from esafety_tui.policy.tables import SanctionAction

#: Who is part of a case in a way that leaves no decision to them; a witness or whoever reported it may decide.
INVOLVED = ("subject", "affected")


def roles_out(v: View) -> frozenset[str]:
    """The roles of the pack whose every holder with a login the case is about, who was hurt or was excluded; the head's
    too where the head has no login here."""
    return _held_by(v, INVOLVED)


def roles_it_is_about(v: View) -> frozenset[str]:
    """The same, but for whoever was only hurt: nothing is referred to somebody whom it is about."""
    return _held_by(v, ("subject",))


def _held_by(v: View, parts: tuple[str, ...]) -> frozenset[str]:
    parties = [party for party in v.case.parties.values() if party.role in parts]
    ids = {party.person for party in parties if party.person} | v.case.excluded
    holders: dict[str, set[str]] = {}
    for person in v.session.register.people.values():
        if person.active and not person.guest:
            holders.setdefault(person.role, set()).add(person.id)
    found = {role for role, all_of_it in holders.items() if all_of_it <= ids}
    head = head_of(v.pack.tables)
    if head and any(party.reserved and not party.person for party in parties):
        found.add(head.id)
    return frozenset(found)


def deciding_instead(v: View, roles: Iterable[str]) -> set[str]:
    """Who decides in this case what falls to these roles."""
    out = roles_out(v)
    return {who_decides(v.pack.tables, role, out) for role in roles}


def decider_title(v: View, role: str) -> str:
    """Who decides in this case what falls to a role, by title."""
    return title_of(v.pack.tables, who_decides(v.pack.tables, role, roles_out(v)))


def to_them(v: View, action: SanctionAction | None) -> bool:
    """Whether an action of the pack would take the case to the very person it is about."""
    return action is not None and action.refers_to in roles_it_is_about(v)


def refers_to_them(v: View, action: Action) -> bool:
    """The same for an action that was proposed for somebody."""
    party = v.case.parties.get(action.party)
    if party is None:
        return False
    group = "pupil" if party.is_child else "staff"
    return to_them(v, next((one for one in v.pack.tables.actions(group) if one.id == action.action), None))
