"""Who was there at a look or a row, and how each of them is known: as it was then, not as it became later (R1)."""

from __future__ import annotations

from esafety_tui.desk import clock
from esafety_tui.incident import events as e
from esafety_tui.incident.case import Case, Moment
from esafety_tui.incident.exhibits import Look

#: How the second person of a sitting is known, by `proof` of an entry.
HOW = {
    "proven": "proven with their own password",
    "attested": "attested on paper, not proven",
    "guest": "named by the lead, not proven",
}


def how_known(case: Case, people: list[str], proof: str, seq: int) -> tuple[str, ...]:
    """How each of those who were there at an entry is known. people: whoever was signed in, then who was beside them;
    proof: the second one's; seq: of the entry. Countersigned later is said, with the day: it proves nothing of then."""
    first, *beside = [HOW["proven"], *(HOW.get(proof, "not proven") for _ in people[1:])]
    return (first, *(how + _later(case, person, proof, seq) for person, how in zip(people[1:], beside, strict=True)))


def not_proven(case: Case, people: list[str], proof: str, seq: int) -> str:
    """The same of the second of them in a few words; "" where their own password proves them, or nobody was beside."""
    known = how_known(case, people, proof, seq)[1:]
    return known[0] if known and proof != "proven" else ""


def _later(case: Case, person: str, proof: str, seq: int) -> str:
    if proof != "attested":
        return ""
    signed = (m for m in case.moments if m.seq > seq and isinstance(m.event, e.Countersigned))
    found = next((m for m in signed if isinstance(m.event, e.Countersigned) and m.event.person == person), None)
    return f"; countersigned with their own password {clock.plain(found.at, found.off)}" if found else ""


def look_of(case: Case, row: Moment) -> Look | None:
    """The look that a row is of; None for a row in words."""
    looked = isinstance(row.event, e.RowAdded) and row.event.looked
    return next((look for look in reversed(case.looks) if look.seq <= row.seq), None) if looked else None


def without_row(case: Case) -> tuple[Look, ...]:
    """The looks of which no row was written."""
    written = {look.seq for m in case.moments if (look := look_of(case, m))}
    return tuple(look for look in case.looks if look.seq not in written)
