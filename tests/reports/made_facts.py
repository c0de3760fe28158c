"""Made-up schools as coded facts: small enough for an attacker to search them through."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

from esafety_tui.desk.policies import packs
from esafety_tui.policy.tables import Tables
from esafety_tui.reports.facts import ActionFact, FilterFact, IncidentFact, PersonFact
from esafety_tui.reports.figures import FILTER_STEPS

FIRST = date(2025, 9, 1)


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
        told = chance.random() < 0.15
        found.append(
            IncidentFact(
                f"R{seq}", seq, FIRST + timedelta(days=chance.randrange(days)), chance.choices(kinds, weights[0])[0],
                class_=chance.choice(("ordinary", "ordinary", "suspicion")), how=chance.choice(("told", "filter")),
                status=chance.choice(("closed", "closed", "open")), called=frozenset({"police"} if told else ()),
                people=tuple(PersonFact(f"who-{n}", "pupil", "subject", home[n]) for n in who),
                actions=(ActionFact(chance.choice(actions), "pupil", False),),
            )
        )  # fmt: skip
    return sorted(found, key=lambda fact: fact.seq)


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
