"""What the search leaves out is truly of no account: random walks of real cases stay inside what was searched.

A walk records real events through the real rules and folds them into a real case, people and actions included.
"""

from __future__ import annotations

import random

import pytest

from esafety_tui.incident import commands as c
from esafety_tui.incident import events as e
from esafety_tui.incident.case import Moment, fold
from esafety_tui.incident.decide import decide
from esafety_tui.incident.here import Here, Refusal
from esafety_tui.incident.standing import Standing, advance
from esafety_tui.policy.pack import Pack
from esafety_tui.proof.moves import ALONE, REPLY, TWO, Move, Moves, call, sign
from esafety_tui.proof.search import Space, after, explore
from esafety_tui.proof.trials import SETTLING
from tests.proof.conftest import PACKS, read

WALKS, STEPS = 40, 80
RESERVED = (True, False, False, False, False)
_SPACES: dict[str, Space] = {}


def space_of(name: str) -> Space:
    if name not in _SPACES:
        _SPACES[name] = explore(read(name))
    return _SPACES[name]


class Walk:
    """One case, from its beginning, as somebody who presses anything might lead it."""

    def __init__(self, pack: Pack, seed: int) -> None:
        self.pack, self.moves = pack, Moves(pack)
        self.random = random.Random(seed)
        self.calm = seed % 2 == 0
        self.moments: list[Moment] = []
        self.standing = Standing()
        self.try_it(c.Open("A1"), ALONE)

    def try_it(self, command: c.Command, here: Here = TWO) -> bool:
        """Whether the rules allowed it; then it is recorded."""
        outcome = decide(self.pack, self.standing, here, command)
        if isinstance(outcome, Refusal):
            return False
        for event in outcome:
            before = self.standing
            self.moments.append(Moment(event, len(self.moments) + 1))
            self.standing = fold(self.moments).standing
            assert self.standing in advance(before, event), (before, event, self.standing)
        return True

    def step(self) -> None:
        """Something at random; forward more often than anything else, and in every second case without alarms."""
        chart = self.pack.procedure
        node = chart[self.standing.node]
        forward = list(self.moves.answers[node.id])
        options = [*self.moves.of(node), self.moves.release, *self._items()]
        if self.calm:
            forward = [
                move
                for move, choice in zip(forward, node.choice, strict=True)
                if chart[choice.to].lane != "illegal" or node.lane == "illegal"
            ]
            options = [move for move in options if move.calm and not isinstance(move.command, c.Answer | c.Back)]
        options += self.moves.forms.get(node.form, ()) * 3
        move = self.random.choice(forward if forward and self.random.random() < 0.4 else options)
        self.try_it(move.command, move.here)

    def _items(self) -> list[Move]:
        pick = self.random.choice
        who, action = pick(("P1", "P2", "P3")), pick(("a1", "a2"))
        party: c.AddParty = c.AddParty(
            f"P{self.random.randint(1, 4)}", "somebody", pick(("pupil", "staff", "parent", "unknown")),
            pick(("subject", "affected", "witness")), "A name", age=pick((None, 8, 15)), reserved=pick(RESERVED),
        )  # fmt: skip
        measure = next(iter(self.pack.tables.actions("pupil")))
        commands: list[c.Command] = [
            party,
            c.Identify(who, "somebody", pick(("pupil", "staff")), pick(("subject", "witness")), "A name", age=9),
            c.Mistake("a reason"),
            *(call(p, "a call").command for p in ("police", "care", "authority", "chair")),
            c.Advice(REPLY, pick(("police", "care", "authority"))),
            c.NotReferred("police", "a reason"),
            c.Record(e.Noted("a note")),
            c.Propose(action, who, "pupil", "", measure.id, outside="a reason"),
            c.Propose(action, who, "pupil", "", "", title="Something else", outside="a reason"),
            c.DecideAction(action, who, pick(("do", "not")), "lead", "A name", "a reason", warns=pick((True, False))),
            c.FinishAction(action, who, pick((True, False)), "a reason"),
            c.DecideNothing(who, "a reason"),
            c.Support(who, "help"),
            c.DecideParents(who, pick(("yes", "no", "later")), "no", "a reason"),
            c.DecideSuspension(pick(("yes", "no")), "chair", "A name", "a reason"),
            sign("head"),
        ]
        return [Move("", command, TWO) for command in commands]


@pytest.mark.parametrize("name", PACKS)
def test_every_real_case_stays_within_what_was_searched(name: str) -> None:
    space = space_of(name)
    boxes: set[str] = set()
    seen: set[Standing] = set()
    for seed in range(WALKS):
        walk = Walk(read(name), seed)
        for _ in range(STEPS):
            walk.step()
            assert space.lens(walk.standing) in space.came, (seed, walk.standing)
            boxes.add(walk.standing.node)
            seen.add(walk.standing)
    # Otherwise the walks would have shown nothing.
    assert len(boxes) > len(space.pack.procedure.node) * 0.8
    assert len(seen) > 500


@pytest.mark.parametrize("name", PACKS)
def test_what_the_search_allows_a_real_case_can_do_once_its_items_are_settled(name: str) -> None:
    space = space_of(name)
    tried = refused_at_first = 0
    for seed in range(WALKS // 4):
        walk = Walk(read(name), 10_000 + seed)
        for _ in range(STEPS // 2):
            walk.step()
            walk.step()
            s = walk.standing
            for move in Moves(space.pack).of(space.pack.procedure[s.node]):
                allowed = after(space.pack, space.lens(s), move) is not None
                real = after(space.pack, s, move)
                # The search allows at least what a real case may do.
                assert allowed or real is None, (seed, s, move)
                tried += 1
                if allowed and real is None:
                    refused_at_first += 1
                    settled = settle_everything(space, s)
                    assert space.lens(settled) == space.lens(s)
                    assert after(space.pack, settled, move) is not None, (seed, s, settled, move)
    assert tried > 3_000
    assert refused_at_first > 50


def settle_everything(space: Space, s: Standing) -> Standing:
    """The Standing once somebody has recorded everything that can be recorded without moving the case."""
    todo: list[c.Command] = [
        c.EndQuiet("agency", "an officer", "telephone", "none given"),
        call("chair", "a call").command,
        *(call(p, "a call").command for p in ("care", "authority") if p not in space.lens.awaited),
        c.Advice(REPLY, "authority"),
        c.NotReferred("police", "a reason"),
        c.AddParty("P9", "somebody", "parent", "witness", "A name"),
        c.DecideSuspension("no", "chair", "A name", "a reason"),
        *(command for _, command in SETTLING for _ in range(2)),
        sign("head"),
    ]  # fmt: skip
    for command in todo:
        # Quiet is no item: it is searched, and its release is a move of its own.
        if isinstance(command, c.EndQuiet):
            continue
        found = after(space.pack, s, Move("", command, TWO))
        if found:
            s = min(found, key=lambda one: (one.undecided, one.untold, one.unsupported, one.open_actions))
    return s
