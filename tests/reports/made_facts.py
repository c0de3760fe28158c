"""Made-up schools as coded facts: small enough for an attacker to search them through."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

from esafety_tui.desk.policies import packs
from esafety_tui.policy.tables import Tables
from esafety_tui.reports.course import COURSES, ENDED, MISTAKEN
from esafety_tui.reports.facts import ActionFact, FilterFact, IncidentFact, PersonFact
from esafety_tui.reports.figures import FILTER_STEPS

#: A short record, as nearly all are.
SLIP = ("ordinary", "undecided", "unknown", "closed", "none", "none", "unknown", "week", "no")
FIRST = date(2025, 9, 1)
SANCTIONS = frozenset(one.id for one in packs.load("spires").tables.actions("pupil") if one.sanction)


def tables() -> Tables:
    """The first policy, cut down to three kinds and four groups in two stages."""
    whole = packs.load("spires").tables
    assert whole.bullying is not None
    lists = {"motives": whole.bullying.motives[:3], "methods": whole.bullying.methods[:2]}
    less = {"kinds": whole.kinds[:2], "groups": whole.groups[:4], "terms": whole.terms[:3]}
    return whole.model_copy(update={**less, "bullying": whole.bullying.model_copy(update=lists)})


def school(seed: int, incidents: int, pupils: int = 40, days: int = 330) -> list[IncidentFact]:
    """Incidents of one school year, in order of recording."""
    chance, policy = random.Random(seed), tables()
    kinds, groups = [kind.id for kind in policy.kinds] + ["other"], [group.id for group in policy.groups]
    actions = [action.id for action in policy.actions("pupil")]
    weights = [chance.random() ** 2 + 0.02 for _ in kinds], [chance.random() ** 2 + 0.02 for _ in groups]
    home = {n: chance.choices(groups, weights[1])[0] for n in range(pupils)}
    found = []
    for seq in range(1, incidents + 1):
        who = chance.sample(range(pupils), chance.choice((1, 1, 1, 2)))
        day, about = FIRST + timedelta(days=chance.randrange(days)), chance.choices(kinds, weights[0])[0]
        people = tuple(PersonFact(f"who-{n}", "pupil", "subject", home[n]) for n in who)
        done = (ActionFact(chance.choice(actions), "pupil", False),)
        fact = IncidentFact(f"R{seq}", seq, day, about, how=chance.choice(("told", "filter")), people=people)
        found.append(_gone(chance, replace(fact, actions=done if chance.random() < 0.6 else ())))
    return sorted(found, key=lambda fact: fact.seq)


def _gone(chance: random.Random, fact: IncidentFact) -> IncidentFact:
    """An incident on one of the courses that the procedure has, most of them everyday ones."""
    course = SLIP if chance.random() < 0.6 else chance.choice(sorted(COURSES))
    class_, branch, substance, status, told, answered, how, when, staff = course
    people = fact.people
    if staff == "yes":
        people = (replace(people[0], who=f"staff-{fact.seq}", kind="staff", group=""), *people[1:])
    if course in MISTAKEN:
        fact, people = replace(fact, kind="", actions=()), ()
    days = {"week": (0, 3), "later": (20, 60), "none": (0,)}[when]
    called = {"none": (), "police": ("police",), "others": (chance.choice(("care", "authority")),)}[told]
    if how != "said":
        fact = replace(fact, actions=())
    if substance != "yes" and answered != "crime":
        fact = replace(fact, actions=tuple(one for one in fact.actions if one.id not in SANCTIONS))
    return replace(
        fact, people=people, how=fact.how if how == "said" else "", class_=class_, branch=branch,
        substance=substance, status=status, called=frozenset(called),
        answered=answered if answered in ("crime", "no-crime") else "",
        refer_days=chance.choice((0, 1, 5)) if called else None,
        close_days=chance.choice(days) if status in ENDED else None,
    )  # fmt: skip


def bullied(seed: int, facts: list[IncidentFact]) -> list[IncidentFact]:
    """The same incidents, some of them recorded as bullying."""
    chance, lists = random.Random(seed), tables().bullying
    assert lists is not None
    often = chance.choice((0.1, 0.4, 0.9))
    return [
        replace(fact, bullied=(chance.choice(lists.motives).id, chance.choice(lists.methods).id,
                               chance.choice(lists.outcomes).id)) if chance.random() < often else fact
        for fact in facts
    ]  # fmt: skip


def steps(seed: int, count: int, days: int = 330) -> list[FilterFact]:
    """Steps about the filter of the same year."""
    chance = random.Random(seed)
    return [
        FilterFact(seq, FIRST + timedelta(days=chance.randrange(days)), chance.choice(FILTER_STEPS)[0])
        for seq in range(1, count + 1)
    ]
