"""R9 and R10: who decides an action, where those it would fall to may be the ones a case is about. Pure."""

from __future__ import annotations

from collections.abc import Collection

from esafety_tui.policy.tables import Role, Tables

#: What an older log wrote for the Chair, whatever the role is called in the pack.
CHAIR = "chair"


def head_of(tables: Tables) -> Role | None:
    """The role of the head of the school, or None where the pack has none."""
    return next(iter(tables.roles_that_may("principal")), None)


def chair_of(tables: Tables) -> Role | None:
    """The role of the Chair of Governors, or None where the pack has none."""
    return next(iter(tables.roles_that_may("chair")), None)


def who_decides(tables: Tables, role: str, out: Collection[str]) -> str:
    """The role that decides what falls to `role`, in a case that takes the roles `out` away (R10).

    What falls to the head goes to the Chair, and to nobody who stands in for the head. What falls to another goes to
    whoever stands in for them, else to the head, else to the Chair. "chair" stands for the Chair in older logs.
    """
    chair, head = chair_of(tables), head_of(tables)
    last = chair.id if chair else CHAIR
    if role in (CHAIR, last):
        return last
    if role not in out:
        return role
    if head is None or role == head.id:
        return last
    instead = (one.id for one in tables.roles if one.stands_in_for == role and one.id not in out)
    return next(instead, head.id if head.id not in out else last)


def title_of(tables: Tables, role: str) -> str:
    """A role by its title; "the lead" for no role of the pack."""
    found = tables.role(role) or (chair_of(tables) if role == CHAIR else None)
    return found.title if found else "Chair of Governors" if role == CHAIR else "the lead"
