"""Who decides for somebody: offered from whom the pack names, and never one of those it is about (R9, R10)."""

from __future__ import annotations

from collections.abc import Iterable

from esafety_tui.desk.asks import Field, Option
from esafety_tui.desk.forms.base import Fields, View, text
from esafety_tui.desk.forms.taken_out import INVOLVED, decider_title, deciding_instead, roles_out
from esafety_tui.desk.forms.who import stands_for
from esafety_tui.errors import RefusedError, UsageError
from esafety_tui.incident.case import Party
from esafety_tui.incident.here import FLOOR, POLICY
from esafety_tui.people import person as people
from esafety_tui.people.named import by_name, may_be, named_in
from esafety_tui.people.person import Person

OTHER = "other"


def deciding_roles(v: View, right: str = "decide-") -> tuple[str, ...]:
    """The ids of the pack's roles that decide anything, or one thing ("decide-suspension")."""
    return tuple(role.id for role in v.pack.tables.roles if any(may.startswith(right) for may in role.may))


def decider_fields(v: View, roles: Iterable[str]) -> tuple[Field, ...]:
    """Two fields: somebody with a login whose role decides it in this case, or a name as it is written down."""
    wanted = deciding_instead(v, roles)
    offered = tuple(
        Option(p.id, f"{p.name}, {_title(v, p.role)}")
        for p in v.session.register.people.values()
        if p.active and not p.guest and _decides(v, p, wanted) and not involved(v, p.name, p)
    )
    return (
        Field("by", "Who decided it", "pick", True, options=(*offered, Option(OTHER, "Somebody else: write who"))),
        Field("name", "If somebody else decided: full name and position", "line"),
    )


def read_decider(v: View, fields: Fields, roles: Iterable[str]) -> str:
    """The name as the record has it; where it belongs to no login of such a role, that it was written down.

    Raises UsageError where nobody is named, RefusedError where they are part of the case or their role does not decide.
    """
    wanted, by, written = deciding_instead(v, roles), text(fields, "by"), text(fields, "name")
    known = v.session.register.people.get(by)
    if known is None and not written:
        raise UsageError("Who decided?", "A decision is somebody's.", "Choose them, or write their name and position.")
    if known is not None and written and not named_in(written, known.name):
        raise UsageError(
            "Two people are named", "Chosen is one, and written is another.", "Leave the written name empty, or choose "
            "somebody else.",
        )  # fmt: skip
    name = known.name if known else written
    person = known or _by_written(v, name)
    if involved(v, name, person):
        raise RefusedError(
            "They are part of this case", "Nobody decides about what they are involved in.",
            f"It is decided by: {_titles(v, wanted)}.", "R10",
        )  # fmt: skip
    near = "" if person else _half_a_name(v, name)
    if near:
        raise UsageError(
            f"That could be {near}", "It has to be clear years later who decided.",
            "Choose them from the list, or write first name and surname, as they are recorded, and the position.",
        )  # fmt: skip
    if person is not None and _has_role(v, person):
        if not _decides(v, person, wanted):
            raise RefusedError(
                f"This is decided by: {_titles(v, wanted)}", f"{person.name} has another role.",
                f"Ask them, and record what they decided. (This is {FLOOR if roles_out(v) else POLICY}.)", "R9",
            )  # fmt: skip
        return person.name
    return f"{name.rstrip('. ')} (as {v.session.person.name} wrote it down)"


def involved(v: View, name: str, person: Person | None = None) -> bool:
    """R10: whether a written name, or somebody with a login, is one of those a case is about, or excluded from it."""
    parties = [party for party in v.case.parties.values() if party.role in INVOLVED]
    if person and person.id in v.case.excluded:
        return True
    if person:
        return any(stands_for(party, person) or _about_the_head(v, party, person) for party in parties)
    excluded = [p.name for p in v.session.register.people.values() if p.id in v.case.excluded]
    return any(named_in(name, one) for one in (*(party.name for party in parties), *excluded))


def _about_the_head(v: View, party: Party, person: Person) -> bool:
    """The head of the school was recorded without a login: then nobody with the head's role decides."""
    return party.reserved and not party.person and people.is_head(person, v.pack.tables)


def _by_written(v: View, name: str) -> Person | None:
    return by_name((p for p in v.session.register.people.values() if p.active and not p.guest), name)


def _half_a_name(v: View, name: str) -> str:
    """Whose name what was written ("Mr Moss") is half of: somebody with a login, or one of those it is about."""
    logins = [p.name for p in v.session.register.people.values() if p.active and not p.guest]
    parties = [party.name for party in v.case.parties.values() if party.role in INVOLVED]
    return next((one for one in (*parties, *logins) if may_be(name, one)), "")


def _has_role(v: View, person: Person) -> bool:
    """In a log that was begun in a hurry nobody has a role yet: names are written down."""
    return v.session.kind != "provisional" and v.pack.tables.role(person.role) is not None


def _decides(v: View, person: Person, wanted: set[str]) -> bool:
    """Their role, who stands in for it, or the head, who may decide what others in the school may."""
    role = v.pack.tables.role(person.role)
    if role is None:
        return False
    if role.id in wanted or role.stands_in_for in wanted:
        return True
    if "lead" in wanted and person.id == v.case.lead:
        return True
    in_school = {one.id for one in v.pack.tables.roles if not one.paper} | {"lead"}
    return people.is_head(person, v.pack.tables) and bool(wanted & in_school)


def _titles(v: View, wanted: set[str]) -> str:
    listed = [role.title for role in v.pack.tables.roles if role.id in wanted]
    return " or ".join(listed or [decider_title(v, one) for one in sorted(wanted)])


def _title(v: View, role: str) -> str:
    found = v.pack.tables.role(role)
    return found.title if found else role
