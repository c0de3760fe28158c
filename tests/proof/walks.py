"""Real cases led at random: real events through the real rules, folded into a real case with people and actions."""

from __future__ import annotations

import random

from esafety_tui.incident import commands as c
from esafety_tui.incident import events as e
from esafety_tui.incident.case import Moment, fold
from esafety_tui.incident.decide import decide
from esafety_tui.incident.here import Here, Refusal
from esafety_tui.incident.standing import Standing, advance
from esafety_tui.policy.pack import Pack
from esafety_tui.proof.moves import ALONE, REPLY, TWO, Move, Moves, call, sign

RESERVED = (True, False, False, False, False)


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
            c.Propose(
                action, who, "pupil", "", "", title="Something else", outside="a reason", decider="chair-of-governors"
            ),
            c.DecideAction(action, who, pick(("do", "not")), "lead", "A name", "a reason", warns=pick((True, False))),
            c.FinishAction(action, who, pick((True, False)), "a reason"),
            c.DecideNothing(who, "a reason", "A name"),
            c.AddRow("r1", "site", "an address", "a concern", looked=False),
            c.Support(who, "help"),
            c.DecideParents(who, pick(("yes", "no", "later")), "no", "a reason"),
            c.DecideSuspension(pick(("yes", "no")), "chair", "A name", "a reason"),
            sign("head"),
        ]
        return [Move("", command, TWO) for command in commands]
