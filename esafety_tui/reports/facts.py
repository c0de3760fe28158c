"""What a report may know of an incident: coded facts and nothing that anybody wrote in their own words. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

#: A person counts in figures for what they did or for what was done to them, never for having told or seen.
COUNTED_ROLES = frozenset({"subject", "affected"})


@dataclass(frozen=True)
class PersonFact:
    """Somebody's part in an incident. who: the same person over all incidents; kind: "pupil", "staff" ...; group: an
    id of the policy, or "" where it is not one of them."""

    who: str
    kind: str
    role: str
    group: str = ""

    @property
    def counted(self) -> bool:
        """A pupil who counts in figures."""
        return self.kind == "pupil" and self.role in COUNTED_ROLES


@dataclass(frozen=True)
class ActionFact:
    """An action that was decided on for one person. sanction: whether the policy calls it a warning or sanction."""

    id: str
    whom: str
    sanction: bool


@dataclass(frozen=True)
class IncidentFact:
    """One incident as it stood at an entry.

    seq: the number of its first entry; day: the local day on which it happened as far as is known, never after that
    on which it was recorded; frozen: the entry up to which it was read, where an issued report counts it already (0:
    all of it).

    kind: the first of its kinds, so that every incident counts once; refer_days, close_days: whole days from the first
    entry to the first call that reached an agency, and to the end (None: none); bullied: what mainly moved it, how
    mainly, and what became of it, where it was recorded as bullying (ids of the policy's lists).
    """

    ref: str
    seq: int
    day: date
    kind: str = ""
    class_: str = ""
    branch: str = "undecided"
    how: str = ""
    substance: str = ""
    status: str = "open"
    called: frozenset[str] = frozenset()
    answered: str = ""
    refer_days: int | None = None
    close_days: int | None = None
    bullied: tuple[str, str, str] = ("", "", "")
    people: tuple[PersonFact, ...] = ()
    actions: tuple[ActionFact, ...] = ()
    frozen: int = 0

    @property
    def about_staff(self) -> bool:
        """A member of staff or a volunteer is its subject."""
        return any(one.role == "subject" and one.kind in ("staff", "volunteer") for one in self.people)


@dataclass(frozen=True)
class FilterFact:
    """One step about the filter. seq: its entry; day: its local day; what: an id of `figures.FILTER_STEPS`. What was
    done is never undone by a later step, so that it counts once and for good."""

    seq: int
    day: date
    what: str
