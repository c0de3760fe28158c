"""The third person, who decides where the two reviewers differ: somebody else than all who are part of the case, with
their own password, or as the lead writes it down (R1, R8, R10)."""

from __future__ import annotations

from esafety_tui.desk.forms.base import Fields, View, text
from esafety_tui.desk.forms.who import stands_for
from esafety_tui.errors import RefusedError, UsageError
from esafety_tui.incident import events as e
from esafety_tui.incident.standing import STAFF_KINDS
from esafety_tui.people.named import by_name, in_full, may_be, named_in, perhaps
from esafety_tui.people.person import Person, may
from esafety_tui.vault import home as vault


def signed_in(v: View, fields: Fields) -> str:
    """The id of the third person, who has typed their own password. Raises NotLetInError, RefusedError."""
    with vault.prove(v.session.home, text(fields, "login"), fields.get("password", "")) as proven:
        person = v.session.register.people.get(proven.person_id)
    if person is None or not person.active:
        raise RefusedError("The log does not know them", "They have no entry in it.", "Name another colleague.")
    _fits(v, person)
    return person.id


def written_down(v: View, name: str, senior: bool) -> str:
    """The third person's id, or name and position where they have no login; the record says who wrote it down. senior:
    whether it was said that they are a senior colleague or a governor; of a login holder the log knows it.

    Raises UsageError for half a name, RefusedError for somebody who is part of the case or cannot decide this.
    """
    logins = [p for p in v.session.register.people.values() if p.active and not p.guest]
    known = by_name(logins, name)
    if known is not None:
        _fits(v, known)
        return known.id
    if any(named_in(name, party.name) or _half(name, party.name, party.kind) for party in v.case.parties.values()):
        raise _part_of_it()
    if any(p.id in v.case.excluded and named_in(name, p.name) for p in v.session.register.people.values()):
        raise _part_of_it()
    if any(may_be(name, one) for one in _judged_by(v).values()):
        raise _somebody_else()
    near = perhaps(logins, name)
    if near is not None or not in_full(name):
        raise UsageError(
            f"That could be {near.name}, who has a login" if near else "The full name is missing",
            "It has to be clear years later who decided.", "Write their first name and surname, and their position.",
        )  # fmt: skip
    if not senior:
        raise _not_senior()
    return name.rstrip(". ")


def _fits(v: View, person: Person) -> None:
    """Raises RefusedError where somebody with a login cannot be the third."""
    if person.id in v.case.excluded or any(stands_for(party, person) for party in v.case.parties.values()):
        raise _part_of_it()
    if person.id in _judged_by(v):
        raise _somebody_else()
    if not (person.senior or "chair" in may(person, v.pack.tables)):
        raise _not_senior()


def _judged_by(v: View) -> dict[str, str]:
    """Who leads, is or was beside the lead, or has judged as one of the two: ids and names."""
    ids = {v.case.lead, v.session.person.id, v.case.second}
    ids |= {v.session.second.person.id} if v.session.second else set()
    ids |= {m.event.person for m in v.case.moments if isinstance(m.event, e.Judged) and m.event.seat != "third"}
    name = v.session.casework.name(v.case)
    names = {v.session.second.person.id: v.session.second.person.name} if v.session.second else {}
    return {id: names.get(id) or name(id) for id in ids if id}


def _half(written: str, name: str, kind: str) -> bool:
    """A colleague of whom the case has, or this is, half a name ("Mr Moss")."""
    return kind in STAFF_KINDS and may_be(written, name)


def _not_senior() -> RefusedError:
    return RefusedError(
        "The third person has to be a senior colleague, or a governor", "By what was entered they are neither.",
        "Name another.", "R1",
    )  # fmt: skip


def _part_of_it() -> RefusedError:
    return RefusedError(
        "They are part of this case", "Somebody who is involved does not decide it.", "Name another senior colleague.",
        "R10",
    )  # fmt: skip


def _somebody_else() -> RefusedError:
    return RefusedError(
        "The third person has to be somebody else", "This is one of those who lead or review this case.",
        "Name a third senior colleague.", "R8",
    )  # fmt: skip
