"""Figures as counts over coded facts. Every unit falls into exactly one category of each of its dimensions, so that
every table adds up to its total. Pure; a test holds that they equal a count over the journal.

Units: "incidents"; "parts" (a pupil's part in an incident, as subject or affected); "pupils" (a pupil, once in each
group they were in, however often); "actions" (an action decided on for a pupil); "filters" (a step of a change of
the filter: asked for, agreed, refused, put back).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from typing import NamedTuple

from esafety_tui.incident.wording import HOW
from esafety_tui.policy.tables import Tables
from esafety_tui.reports.course import COURSE
from esafety_tui.reports.facts import FilterFact, IncidentFact

INCIDENTS, PARTS, PUPILS, ACTIONS, FILTERS = "incidents", "parts", "pupils", "actions", "filters"
UNITS = {
    INCIDENTS: "incidents",
    PARTS: "pupils' parts in incidents",
    PUPILS: "pupils",
    ACTIONS: "actions for pupils",
    FILTERS: "steps about the filter",
}
FILTER_STEPS = (
    ("asked-allow", "Asked for: to allow something"), ("asked-block", "Asked for: to block something"),
    ("agreed", "Agreed, by two people"), ("refused", "Refused"), ("reverted", "Put back as it was"),
)  # fmt: skip
UNKNOWN = "unknown"
OTHER, STAFF = "other", "staff"
#: What concerns staff is never told apart in anything anonymous: there are one or two a year.
STAFF_AND_OTHER = "Something else, or about staff"

#: What everybody knows of these figures: the same count in two dimensions. How an incident goes binds more: course.py.
SAME = (
    (("referral", ("none",)), ("refer-time", ("none",))),
    (("status", ("open",)), ("close-time", ("none",))),
    (("bullying", ("none",)), ("motive", ("none",))),
    (("bullying", ("none",)), ("method", ("none",))),
)
#: Dimensions that such knowledge binds together.
FAMILY = {
    **dict.fromkeys((*COURSE, "refer-time", "close-time"), "course"),
    "motive": "bullying", "method": "bullying", "part-kind": "kind", "staff": "kind", "part-group": "group",
    "repeat": "group",
}  # fmt: skip

Bands = tuple[tuple[str, str, int], ...]
_REFER: Bands = (("same", "The same day", 0), ("next", "The next day", 1), ("later", "Later", 10**9))
_CLOSE: Bands = (
    ("week", "Within a week", 7),
    ("month", "Within a month", 31),
    ("longer", "Later", 10**9),
)


@dataclass(frozen=True)
class Dimension:
    """A way to count. cats: (id, title) in the policy's order; broad: category -> broader one, with `broad_cats`."""

    id: str
    unit: str
    title: str
    cats: tuple[tuple[str, str], ...]
    broad: Mapping[str, str] = field(default_factory=dict)
    broad_cats: tuple[tuple[str, str], ...] = ()


class Unit(NamedTuple):
    """One thing that is counted: when (a time atom), and its category in each dimension. key: for "pupils", who."""

    time: str
    cats: Mapping[str, str]
    key: tuple[str, str] = ("", "")


def dimensions(tables: Tables, *earlier: Tables) -> dict[str, Dimension]:
    """Every way to count that this policy gives, by id; with what only earlier versions of it had."""
    filters = Dimension("filter", FILTERS, "Changes of the filter", FILTER_STEPS)
    found = {one.id: one for one in (*_about(tables), *_course(), *_bullying(tables), *_people(tables), filters)}
    for old in earlier:
        for one in (*_about(old), *_bullying(old), *_people(old)):
            found[one.id] = _merged(found[one.id], one) if one.id in found else one
    return found


def _merged(new: Dimension, old: Dimension) -> Dimension:
    cats = dict(old.cats) | dict(new.cats)
    broad_cats = dict(old.broad_cats) | dict(new.broad_cats)
    order = [*dict(new.cats), *(id for id in dict(old.cats) if id not in dict(new.cats))]
    broad_order = [*dict(new.broad_cats), *(id for id in dict(old.broad_cats) if id not in dict(new.broad_cats))]
    return replace(
        new, cats=tuple((id, cats[id]) for id in order), broad={**old.broad, **new.broad},
        broad_cats=tuple((id, broad_cats[id]) for id in broad_order),
    )  # fmt: skip


def _about(tables: Tables) -> Iterable[Dimension]:
    kinds = tuple((kind.id, kind.title) for kind in tables.kinds if kind.id not in (OTHER, STAFF))
    yield Dimension("kind", INCIDENTS, "What it was about", (*kinds, (OTHER, STAFF_AND_OTHER)))
    yield Dimension("part-kind", PARTS, "What it was about", (*kinds, (OTHER, STAFF_AND_OTHER)))
    yield Dimension("how", INCIDENTS, "How it came to light", (*HOW_TITLES, (UNKNOWN, "Not said")))
    yield Dimension("class", INCIDENTS, "Everyday or suspicion", (
        ("ordinary", "Everyday incident"), ("suspicion", "Suspicion, full procedure"),
        (UNKNOWN, "Not decided yet")))  # fmt: skip


def _course() -> Iterable[Dimension]:
    nobody, later = ("none", "Nobody outside was told"), ("none", "Not closed")
    for id, title, cats in (
        ("branch", "Which way it went",
         (("internal", "Within the school"), ("illegal", "Possibly against the law"),
          ("undecided", "Everyday, or not begun"))),
        ("substance", "Whether there was substance",
         (("yes", "There was substance"), ("no", "There was none"),
          (UNKNOWN, "Not judged, or no need to"))),
        ("status", "Where it stands",
         (("closed", "Closed"), ("monitoring", "Closed, and watched"), ("open", "Still open"))),
        ("referral", "Who outside was told",
         (("police", "The police"), ("others", "Others, not the police"),
          ("none", "Nobody outside"))),
        ("answer", "What the agencies answered",
         (("no-crime", "No crime"), ("crime", "Dealt with as a crime"), ("waiting", "No answer yet"), nobody)),
        ("refer-time", "From the record to the first call", (*((id, title) for id, title, _ in _REFER), nobody)),
        ("close-time", "From the record to the end", (*((id, title) for id, title, _ in _CLOSE), later)),
        ("staff", "About staff", (("yes", "About a member of staff"), ("no", "Not about staff"))),
    ):  # fmt: skip
        yield Dimension(id, INCIDENTS, title, cats)


def _bullying(tables: Tables) -> Iterable[Dimension]:
    """What the law asks to be told of bullying; nothing where the policy has no lists for it."""
    if (lists := tables.bullying) is None:
        return
    for id, title, listed in (
        ("bullying", "Bullying, and what became of it", lists.outcomes),
        ("motive", "What mainly moved the bullying", lists.motives),
        ("method", "How the bullying was mainly done", lists.methods),
    ):
        named = tuple((one.id, one.title) for one in listed)
        yield Dimension(id, INCIDENTS, title, (*named, ("none", "Not recorded as bullying")))


def _people(tables: Tables) -> Iterable[Dimension]:
    groups = (*((one.id, one.title) for one in tables.groups), (UNKNOWN, "Group not said"))
    broad = {**{one.id: one.stage for one in tables.groups}, UNKNOWN: UNKNOWN}
    stages = (*((stage, stage) for stage in tables.stages), (UNKNOWN, "Group not said"))
    yield Dimension("group", PUPILS, "Pupils by group", groups, broad, stages)
    yield Dimension("part-group", PARTS, "Parts by group", groups, broad, stages)
    yield Dimension("repeat", PUPILS, "How often", (("once", "In one incident"), ("more", "In two or more")))
    titles = {one.id: one for one in tables.actions("pupil")}
    kinds = {one.id: "sanction" if one.sanction else OTHER for one in titles.values()}
    yield Dimension(
        "action", ACTIONS, "What was decided for pupils",
        (*((one.id, one.title) for one in titles.values()), (OTHER, "Another action")),
        {**kinds, OTHER: OTHER}, (("sanction", "A warning or a sanction"), (OTHER, "Another step")),
    )  # fmt: skip


HOW_TITLES = tuple((id, title[:1].upper() + title[1:]) for id, title in HOW.items())


class Tally:
    """Counts over facts. time_of: the time atom of an incident, and of a step about the filter."""

    def __init__(
        self,
        facts: Iterable[IncidentFact],
        dims: Mapping[str, Dimension],
        time_of: Callable[[IncidentFact | FilterFact], str],
        filters: Iterable[FilterFact] = (),
    ) -> None:
        self.dims = dims
        self._known = {one.id: frozenset(id for id, _ in one.cats) for one in dims.values()}
        self._units: dict[str, list[Unit]] = {unit: [] for unit in UNITS}
        for fact in facts:
            self._take(fact, time_of(fact))
        for step in filters:
            self._units[FILTERS].append(Unit(time_of(step), {"filter": step.what}))
        self._counted: dict[tuple[str, tuple[str, ...]], Counter[tuple[str, tuple[str, ...]]]] = {}
        self._pupils: dict[tuple[frozenset[str], tuple[str, ...]], Counter[tuple[str, ...]]] = {}

    def value(self, unit: str, times: frozenset[str], where: Mapping[str, frozenset[str]]) -> int:
        """How many of a unit fall into these time atoms and, in each dimension named, into these categories."""
        ids = tuple(sorted(where))
        if unit == PUPILS:
            distinct = self._distinct(times, ids)
            return sum(distinct[cats] for cats in product(*(where[id] for id in ids)))
        counted = self._count(unit, ids)
        return sum(counted[time, cats] for cats in product(*(where[id] for id in ids)) for time in times)

    def spread(self, unit: str, times: frozenset[str], ids: tuple[str, ...]) -> dict[tuple[str, ...], int]:
        """How many of a unit (not pupils) fall into each combination of categories, where there are any."""
        found: Counter[tuple[str, ...]] = Counter()
        for (time, cats), n in self._count(unit, ids).items():
            if time in times:
                found[cats] += n
        return dict(found)

    def _count(self, unit: str, ids: tuple[str, ...]) -> Counter[tuple[str, tuple[str, ...]]]:
        key = unit, ids
        if key not in self._counted:
            self._counted[key] = Counter((one.time, tuple(one.cats[id] for id in ids)) for one in self._units[unit])
        return self._counted[key]

    def _distinct(self, times: frozenset[str], ids: tuple[str, ...]) -> Counter[tuple[str, ...]]:
        key = times, ids
        if key not in self._pupils:
            often = Counter(one.key for one in self._units[PUPILS] if one.time in times)
            self._pupils[key] = Counter(
                tuple(group if id == "group" else "more" if n > 1 else "once" for id in ids)
                for (_, group), n in often.items()
            )
        return self._pupils[key]

    def _cat(self, dim: str, found: str, otherwise: str = UNKNOWN) -> str:
        return found if found in self._known[dim] else otherwise

    def _take(self, fact: IncidentFact, time: str) -> None:
        kind = self._cat("kind", OTHER if fact.about_staff else fact.kind, OTHER)
        self._units[INCIDENTS].append(Unit(time, self._incident(fact, kind)))
        whose: dict[tuple[str, str], None] = {}
        for one in fact.people:
            if one.counted:
                whose[one.who, self._cat("group", one.group)] = None
        for who, group in whose:
            self._units[PARTS].append(Unit(time, {"part-kind": kind, "part-group": group}))
            self._units[PUPILS].append(Unit(time, {}, (who, group)))
        for action in fact.actions:
            if action.whom == "pupil":
                self._units[ACTIONS].append(Unit(time, {"action": self._cat("action", action.id, OTHER)}))

    def _incident(self, fact: IncidentFact, kind: str) -> dict[str, str]:
        told = "police" if "police" in fact.called else "others" if fact.called & {"care", "authority"} else "none"
        outcome, motive, method = _bullied(fact, self._known)
        status = fact.status if fact.status in ("closed", "monitoring") else "open"
        return {
            "kind": kind,
            "how": self._cat("how", fact.how),
            "class": self._cat("class", fact.class_),
            "branch": self._cat("branch", fact.branch, "undecided"),
            "substance": self._cat("substance", fact.substance),
            "status": status,
            "referral": told,
            "answer": (self._cat("answer", fact.answered, "waiting")) if told != "none" else "none",
            "refer-time": _band(_REFER, fact.refer_days) if told != "none" else "none",
            "close-time": _band(_CLOSE, fact.close_days) if status != "open" else "none",
            "staff": "yes" if fact.about_staff else "no",
            "bullying": outcome,
            "motive": motive,
            "method": method,
        }


def _bullied(fact: IncidentFact, known: Mapping[str, frozenset[str]]) -> tuple[str, str, str]:
    """Its categories in the three dimensions of bullying: all of them, or none."""
    motive, method, outcome = fact.bullied
    told = outcome in known.get("bullying", ()), motive in known.get("motive", ()), method in known.get("method", ())
    return (outcome, motive, method) if all(told) else ("none", "none", "none")


def _band(bands: Bands, days: int | None) -> str:
    """The band of a number of days; a clock that went back counts as the same day."""
    if days is None:
        return bands[-1][0]
    return next(id for id, _, most in bands if days <= most)
