"""How long records are kept (R16): what the policy says of each, holds, decisions, and what was disposed of. Pure.

The years are the policy's. Where it gives none for a sort of record, DEFAULTS do, marked as reconstructed. A child's
day of birth is not asked for in a case: from the age at the time follows the last day on which it can have been.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, Literal

from esafety_tui.policy.tables import RetentionRule
from esafety_tui.register import events as r

ORDINARY, SUSPICION, PROTECTION, STAFF = "ordinary", "suspicion", "child-protection", "staff-allegation"
#: A child without a recorded age is counted as of this age: the youngest at a school.
YOUNGEST = 3
#: The oldest that a pupil is: for finding early what may be due.
OLDEST = 19
Basis = Literal["closure", "date of birth", "allegation", "issue"]
_BIRTH: Basis = "date of birth"
_NO_WORD = "Not in the policy. Advice of the authority and the school's own schedule come first."


def _default(id: str, title: str, basis: Basis, years: int) -> RetentionRule:
    return RetentionRule(
        id=id, title=title, basis=basis, years=years, then="review", source=_NO_WORD, confidence="reconstructed"
    )


# After the IRMS toolkit for schools (child protection: date of birth + 25 years, then a review) and Keeping Children
# Safe in Education, part four (allegations against staff: ten years, or to pension age where that is later).
DEFAULTS: tuple[RetentionRule, ...] = (
    _default(ORDINARY, "Ordinary incidents", "closure", 6),
    _default(SUSPICION, "Reviewed incidents", _BIRTH, 25),
    _default(PROTECTION, "Child-protection cases", _BIRTH, 25),
    _default(STAFF, "Allegations against staff", "allegation", 10),
)


# ---------------------------------------------------------------- entries


@dataclass(frozen=True)
class RetentionHeld(r.RegisterEvent):
    """A legal hold: the record of this case is not disposed of, whatever the rule says. asked_by: who asked for it."""

    kind: ClassVar[str] = "retention-held"
    ref: str
    reason: str
    asked_by: str = ""


@dataclass(frozen=True)
class RetentionReleased(r.RegisterEvent):
    """Two people ended the hold. first, second: their ids."""

    kind: ClassVar[str] = "retention-released"
    ref: str
    reason: str
    first: str
    second: str


@dataclass(frozen=True)
class RetentionKept(r.RegisterEvent):
    """Two people looked at a record whose time had come, and keep it until another day (ISO)."""

    kind: ClassVar[str] = "retention-kept"
    ref: str
    until: str
    reason: str
    first: str
    second: str


@dataclass(frozen=True)
class RecordsDisposed(r.RegisterEvent):
    """Two people had the records of these cases destroyed; this entry orders it and is what is left of them.

    cases: objects {ref, class (the rule's id), title, years, basis, basis_day, due, entries, evidence (its files)};
    disposes: the entries that lost their records, as [first, last] pairs; evidence: ids of the files that were deleted;
    proof: how the second person was known, "proven" or "attested"; direction: the police's written direction, where
    something sealed went too (R5).
    """

    kind: ClassVar[str] = "records-disposed"
    cases: list[dict[str, Any]]
    disposes: list[list[int]]
    reason: str
    first: str
    second: str
    proof: str
    evidence: list[str] = field(default_factory=list)
    direction: str = ""


@dataclass
class Retention:
    """What was decided so far. Built by `fold` alone. disposals: with the number of the entry, oldest first."""

    holds: dict[str, tuple[int, RetentionHeld]] = field(default_factory=dict)
    kept: dict[str, RetentionKept] = field(default_factory=dict)
    disposals: dict[int, RecordsDisposed] = field(default_factory=dict)


def fold(retention: Retention, seq: int, event: r.RegisterEvent) -> None:
    """Take in one entry of the register; any other changes nothing."""
    match event:
        case RetentionHeld():
            retention.holds[event.ref] = (seq, event)
        case RetentionReleased():
            retention.holds.pop(event.ref, None)
        case RetentionKept():
            retention.kept[event.ref] = event
        case RecordsDisposed():
            retention.disposals[seq] = event
            for one in event.cases:
                retention.kept.pop(str(one.get("ref")), None)


# ---------------------------------------------------------------- when


@dataclass(frozen=True)
class Facts:
    """What the rules have to know of a closed case. opened, closed: local days; ages: of the children at the time, None
    where it was not recorded; staff: an allegation against staff; protection: a child-protection case."""

    klass: str
    opened: date
    closed: date
    ages: tuple[int | None, ...] = ()
    staff: bool = False
    protection: bool = False


@dataclass(frozen=True)
class Time:
    """How long a record is kept. due: the first day on which it may go, None: for good. why: how that was counted."""

    rule: RetentionRule
    basis_day: date
    due: date | None
    why: str


def rules(given: Iterable[RetentionRule]) -> dict[str, RetentionRule]:
    """The rules by the sort of record: the policy's, and the defaults for what it does not speak of."""
    return {rule.id: rule for rule in (*DEFAULTS, *given)}


def time_of(facts: Facts, rules: dict[str, RetentionRule]) -> Time:
    """When the record of a case may go. Where several rules hold for it, the latest day counts: a record about two
    children, or about a child and a member of staff, is one record."""
    sorts = [facts.klass if facts.klass in rules else SUSPICION]
    sorts += [PROTECTION] * facts.protection + [STAFF] * facts.staff
    return max((_counted(facts, rules[sort]) for sort in sorts), key=lambda one: one.due or date.max)


def kept_until(time: Time, kept: RetentionKept | None) -> date | None:
    """The day on which two people look at it: the rule's, or the later one to which two put it off."""
    if kept is None or time.due is None:
        return time.due
    try:
        return max(time.due, date.fromisoformat(kept.until))
    except ValueError:
        return time.due


def soonest(rules: dict[str, RetentionRule]) -> int:
    """The least number of years after its opening at which any case can be due."""
    years = (
        max(rule.years - OLDEST, 0) if rule.basis == _BIRTH else rule.years
        for rule in (rules[ORDINARY], rules[SUSPICION])
    )
    return min(years)


def years_after(day: date, years: int) -> date:
    """The same day so many years later; 29 February is 1 March where there is none. Never beyond the last year."""
    year = min(day.year + years, date.max.year)
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def years_before(day: date, years: int) -> date:
    """The same day so many years earlier."""
    return years_after(day, -years) if day.year > years else date.min


def _counted(facts: Facts, rule: RetentionRule) -> Time:
    basis, why = _basis(facts, rule)
    if rule.then == "keep":
        return Time(rule, basis, None, f"{rule.title}: kept for good")
    told = f"{rule.title}: {rule.years} year{'s' * (rule.years != 1)} from {why}, {_said(basis)}"
    return Time(rule, basis, years_after(basis, rule.years), told)


def _basis(facts: Facts, rule: RetentionRule) -> tuple[date, str]:
    match rule.basis:
        case "date of birth" if facts.ages:
            # Somebody aged 9 on that day was born on its date nine years earlier at the latest.
            youngest = min(YOUNGEST if age is None else max(age, 0) for age in facts.ages)
            unknown = None in facts.ages
            how = f"an age was not recorded, so counted as {YOUNGEST}" if unknown else f"aged {youngest} at the time"
            return years_before(facts.opened, youngest), f"the last day on which the youngest can be born ({how})"
        case "date of birth":
            return facts.closed, "the day it was closed, because no child is named in it"
        case "allegation":
            return facts.opened, "the allegation"
        case _:
            return facts.closed, "the day it was closed"


def _said(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"
