"""Who answers for a report: who may draft and issue one, who takes part in it, who sees it. The policy names them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from esafety_tui.errors import RefusedError, UsageError
from esafety_tui.people.person import reads_everything
from esafety_tui.policy.tables import Role

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session

POLICY = "This is your school's policy."


def refuse_others(session: Session) -> None:
    """Raise RefusedError (R12) where the policy names others for this: a report counts cases that not everybody with a
    login may read. A policy that names nobody leaves it to whoever keeps the log."""
    named, person = session.pack.tables.reports, session.person
    if named is None and reads_everything(person, session.pack.tables):
        return
    if named is not None and person.role in named.issued_by:
        return
    who = " or ".join(role.title for role in _roles(session, named.issued_by)) if named else "whoever keeps the log"
    raise RefusedError(
        "Reports are made by others", "A report counts cases that you may not read.", f"Ask: {who}. {POLICY}", "R12"
    )


def sees_all(session: Session) -> bool:
    """Whether this person reads every case that a report counts. Anybody else could take exact figures of what they
    read from an anonymous report of everything, and would have the cases that are closed to them (R10, R12)."""
    reader = session.reader
    return reader.may_read_all and reader.reads_child_protection and reader.reads_staff


def refuse_partial(session: Session) -> None:
    """Raise RefusedError (R12) where this person may not read everything. Raises as `refuse_others` does."""
    refuse_others(session)
    if not sees_all(session):
        who = " or ".join(role.title for role in seeing_all(session)) or "whoever reads every case"
        raise RefusedError(
            "This is made by somebody whose role reads every case",
            "Exact rows of some cases, beside the governors' report of all, would tell of those closed to you.",
            f"Ask: {who}. {POLICY}", "R12",
        )  # fmt: skip


def seeing_all(session: Session) -> tuple[Role, ...]:
    """The roles that read every case, and so may make what has exact figures."""
    tables = session.pack.tables
    named = tables.reports.issued_by if tables.reports else [role.id for role in tables.roles]
    return tuple(
        role
        for role in _roles(session, tuple(named))
        if "principal" in role.may or {"log", "read-cp", "read-staff"} <= set(role.may)
    )


def readers_of_all(session: Session) -> set[str]:
    """The ids of everybody, gone or not, whose role reads every case. A case that is closed to one of them, because it
    is about them, is in no figure and on no list of a report: beside the others it could be told from them (R10)."""
    roles = {role.id for role in seeing_all(session)}
    return {one.id for one in session.register.people.values() if one.role in roles}


def taking_part(session: Session) -> tuple[Role, ...]:
    """The roles that take part in the governors' report; all of the policy's where it names none."""
    named = session.pack.tables.reports
    return _roles(session, named.taking_part) if named and named.taking_part else session.pack.tables.roles


def seeing(session: Session) -> tuple[Role, ...]:
    """The roles that see an issued report; all of the policy's where it names none."""
    named = session.pack.tables.reports
    return _roles(session, named.seen_by) if named else session.pack.tables.roles


def chosen(roles: tuple[Role, ...], id: str) -> str:
    """The role with this id. Raises UsageError for any other."""
    if id not in {role.id for role in roles}:
        known = ", ".join(role.id for role in roles)
        raise UsageError(
            "That role is not named for it", f"Your school's policy names: {known}.", "Choose one of them."
        )
    return id


def missing(session: Session, taken: tuple[str, ...]) -> tuple[Role, ...]:
    """Who has still to take part before a joint report is issued. taken: roles that have."""
    named = session.pack.tables.reports
    if named is None or not named.joint:
        return ()
    there = {*taken, session.person.role}
    return tuple(role for role in _roles(session, named.taking_part) if role.id not in there)


def refuse_alone(session: Session, audience: str, taken: tuple[str, ...]) -> None:
    """Raise RefusedError where the policy wants the governors' report from several, and some have not taken part."""
    absent = missing(session, taken) if audience == "governors" else ()
    if absent:
        raise RefusedError(
            "This report is made together",
            f"Not taken part yet: {', '.join(role.title for role in absent)}.",
            f"Show them the draft and record that they took part. {POLICY}",
            "R12",
        )


def _roles(session: Session, ids: tuple[str, ...]) -> tuple[Role, ...]:
    return tuple(role for id in ids if (role := session.pack.tables.role(id)) is not None)
