"""What is tried in every state: each thing that a rule forbids, and each item that has to be possible to settle.

A trial asks the real `decide` and compares with what the rules say, written out here a second time on purpose.
"""

from __future__ import annotations

from collections.abc import Iterator

from esafety_tui.incident import commands as c
from esafety_tui.incident import events as e
from esafety_tui.incident.decide import decide
from esafety_tui.incident.here import Here, Refusal
from esafety_tui.incident.standing import NOBODY, Standing, advance
from esafety_tui.policy.pack import Pack
from esafety_tui.policy.procedure import Node
from esafety_tui.proof import keeping
from esafety_tui.proof.chart import tells
from esafety_tui.proof.gaps import gaps
from esafety_tui.proof.moves import ALONE, NOT_TWO, REPLY, TWO, Move, Moves, answer, call, judge, party, words
from esafety_tui.proof.search import after

#: (rule, text)
Failure = tuple[str, str]
CALM = (c.Contact, c.Halt, c.Mistake, c.EndQuiet, c.ChangeLead)
LOOKS: tuple[c.Command, ...] = (
    c.AskLooking("no", "a site"),
    c.AddRow("r1", "site", "a site", "a concern", looked=True),
)
TELLS: tuple[c.Command, ...] = (
    c.DecideParents("P1", "yes", "no", "a reason"),
    c.DecideAction("a1", "P1", "do", "lead", "A name", "a reason", warns=True),
    c.FinishAction("a1", "P1", True, "", warns=True),
    c.DecideSuspension("yes", "chair", "A name", "a reason"),
)
TO_THEM: tuple[c.Command, ...] = (
    c.DecideAction("a1", "P1", "do", "lead", "A name", "a reason", to_them=True),
    c.FinishAction("a1", "P1", True, "", to_them=True),
)
DROPS: tuple[c.Command, ...] = (
    c.DecideAction("a1", "P1", "not", "lead", "A name", "a reason", police=True),
    c.FinishAction("a1", "P1", False, "a reason", police=True),
)
REFERRED = c.FinishAction("a1", "P1", True, "", police=True)
NO_SUSPENSION = c.DecideSuspension("no", "chair", "A name", "a reason")
ENDED = c.DecideOutcome("P1", "unfounded", "a reason", "A name")
REVIEWERS = (("lead", "p1"), ("second", "p2"), ("third", "p3"))
NOTE = c.Record(e.Noted("a note"))
ROW_IN_WORDS = c.AddRow("r1", "site", "an address", "a concern", looked=False)
#: Each count with the entry that settles one of it.
SETTLING: tuple[tuple[str, c.Command], ...] = (
    ("undecided", c.DecideNothing("P1", "a reason", "A name")),
    ("untold", c.DecideParents("P1", "no", "unsure", "a reason")),
    ("unsupported", c.Support("P1", "help")),
    ("open_actions", c.FinishAction("a1", "P1", False, "a reason")),
    ("open_actions", c.DecideAction("a1", "P1", "not", "lead", "A name", "a reason")),
)
CLOSES = (c.Close("closed", "a conclusion"), c.Close("monitoring", "a conclusion"))


class Trials:
    """All trials of a pack."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        moves = self.moves = Moves(pack)
        self.every = {node.id: self._one_of_each(moves.of(node)) for node in pack.procedure.node}
        self.named, self.grave = self._named(), self._grave()
        self.tried: set[tuple[str, str, Standing]] = set()

    @staticmethod
    def _one_of_each(moves: tuple[Move, ...]) -> tuple[c.Command, ...]:
        """One command of each kind that can be tried at a box."""
        items: tuple[c.Command, ...] = (
            *LOOKS, *keeping.COPIES, *TELLS, *DROPS, c.Advice(REPLY), c.NotReferred("police", "a reason"),
            party("pupil"),
            c.DecideNothing("P1", "a reason", "A name"), c.Support("P1", "help"), NOTE, ENDED,
        )  # fmt: skip
        return tuple({type(command): command for command in (*(move.command for move in moves), *items)}.values())

    def _named(self) -> list[c.Command]:
        """Naming what a person did: a row of each matrix, and a sanction."""
        found: list[c.Command] = []
        for group in ("pupil", "staff"):
            matrix = self.pack.tables.matrix(group)
            if matrix:
                row = next((row for row in matrix.rows if not row.illegal), matrix.rows[0])
                found.append(c.ChooseRow("P1", row.id, group))
            sanction = next((action for action in self.pack.tables.actions(group) if action.sanction), None)
            if sanction:
                found.append(c.Propose("a1", "P1", group, "", sanction.id, outside="a reason"))
        return found

    def _grave(self) -> tuple[c.Command, ...]:
        """Naming what could be illegal: those rows of each matrix."""
        tables = ((group, self.pack.tables.matrix(group)) for group in ("pupil", "staff"))
        return tuple(
            c.ChooseRow("P1", row.id, group) for group, table in tables if table for row in table.rows if row.illegal
        )

    def of(self, s: Standing) -> Iterator[Failure]:
        """Every failure in one state."""
        node = self.pack.procedure[s.node]
        if s.quiet:
            yield from self._quiet(s)
            return
        yield from self._place(s, node)
        yield from self._halt(s)
        yield from self._referring(s, node)
        yield from keeping.sealing(self.pack, self.moves, s, node)
        if node.kind == "end" and not s.ended:
            yield from self._closing(s)
        # No rule knows a box by name: at another box of the same form the same can be done.
        alike = (node.form, node.kind, s._replace(node=""))
        if alike not in self.tried:
            self.tried.add(alike)
            yield from self._acts(s)

    def _acts(self, s: Standing) -> Iterator[Failure]:
        yield from self._alone(s)
        yield from self._looking(s)
        yield from keeping.copying(self.pack, s)
        yield from self._telling(s)
        yield from self._naming(s)
        yield from self._reserved(s)
        if not s.ended:
            yield from self._items_settle(s)

    def allowed(self, s: Standing, command: c.Command, here: Here = TWO) -> bool:
        """Whether the rules allow a command."""
        return not isinstance(decide(self.pack, s, here, command), Refusal)

    def _place(self, s: Standing, node: Node) -> Iterator[Failure]:
        """What must not be so wherever one is."""
        unanswered = s.suspected and not s.answered
        typed = node.form or any(item.required for item in node.field)
        if not s.protected and s.keys == 2:
            yield "R0", f'"{node.title}" comes as the third key before anything protects.'
        if not s.protected and s.keys < 2 and (typed or len(node.choice) > 9):
            yield "R0", f'"{node.title}" asks for typing before anything protects.'
        if node.form == "review" and (s.lane == "illegal" or unanswered):
            yield "R3", f'At "{node.title}" people look, though something illegal is suspected.'
        if unanswered and s.lane != "illegal":
            yield "R4", f'"{node.title}" is off the illegal side, and no agency has answered.'
        if node.kind == "wait" and not s.called.intersection(node.calls):
            yield "R6", f'"{node.title}" waits for somebody whom nobody has called.'
        if tells(node) and (s.lane == "illegal" or unanswered):
            yield "R18", f'At "{node.title}" people are told or sanctioned, and no agency has answered.'
        if node.form == "decisions" and s.substance != "yes" and s.answered != "crime":
            yield "R9", f'"{node.title}" is reached before it was judged that there is something to decide.'
        if unanswered:
            for choice in node.choice:
                outcome = decide(self.pack, s, TWO, answer(node, choice).command)
                if isinstance(outcome, Refusal) and outcome.rule == "R4":
                    yield "R4", f'"{node.title}" offers "{choice.label}", a way off the illegal side without an answer.'

    def _halt(self, s: Standing) -> Iterator[Failure]:
        """R4: the halt works everywhere, and a mistaken one changes nothing."""
        outcome = decide(self.pack, s, ALONE, c.Halt("no"))
        if isinstance(outcome, Refusal):
            yield "R4", "The halt is refused here."
            return
        (halted,) = advance(s, outcome[0])
        if halted.lane != "illegal" or not halted.suspected or halted.answered or halted.ended:
            yield "R4", "The halt does not lead to the illegal side."
        if halted.before is None:
            return
        back = decide(self.pack, halted, ALONE, c.Mistake("a reason"))
        as_before = s._replace(r3="unasked", copy="unasked", protected=True)
        if isinstance(back, Refusal) or advance(halted, back[0]) != (as_before,):
            yield "R4", "A halt pressed by mistake cannot be taken back."

    def _alone(self, s: Standing) -> Iterator[Failure]:
        """R1: nobody looks or judges without a second senior person who has no part in it."""
        ready = s._replace(r3="no", copy="no")
        for who, here in NOT_TWO.items():
            if any(self.allowed(ready, command, here) for command in (*LOOKS, *keeping.COPIES)):
                yield "R1", f"Somebody can look or copy {who}."
            if any(self.allowed(s, judge(seat, "yes"), here) for seat in ("lead", "second")):
                yield "R1", f"Somebody can judge {who}."
        judged = s._replace(lead_says="yes", second_says="no", third_says="yes")
        silent = (c.Judge(seat, person, "no", "reasons") for seat, person in REVIEWERS)
        if any(self.allowed(judged, command) for command in silent):
            yield "R1", "A judgement can be replaced, and nobody says why."

    def _looking(self, s: Standing) -> Iterator[Failure]:
        """R3: no look once something illegal is suspected, nor before the question."""
        suspect = s.lane == "illegal" or (s.suspected and s.answered != "no-crime")
        if suspect and any(self.allowed(s._replace(r3="no"), command) for command in LOOKS):
            yield "R3", "Something can be looked at, though something illegal is suspected."
        if any(self.allowed(s._replace(r3=r3), LOOKS[1]) for r3 in ("unasked", "yes", "unsure")):
            yield "R3", "Something can be looked at before the question what it could show."

    def _telling(self, s: Standing) -> Iterator[Failure]:
        """R18: nobody told, warned or sanctioned before an agency agreed."""
        suspect = s.lane == "illegal" or (s.suspected and s.answered != "no-crime")
        for adult in ("none", "staff"):
            for advice in (False, True):
                if not suspect and (adult == "none" or advice):
                    continue
                tried = s._replace(adult=adult, advice=advice, agreed=False)
                for command in TELLS:
                    if self.allowed(tried, command):
                        yield "R18", f"{words(command)} is possible before an agency agreed."
        silent = s._replace(adult="staff", advice=False)
        unheard = s._replace(adult="staff", suspected=True, answered="")
        if self.allowed(silent, ENDED) or self.allowed(unheard, ENDED):
            yield "R18", "How an allegation about staff ended is said before an agency advised."
        if any(self.allowed(s._replace(agreed=True), command) for command in TO_THEM):
            yield "R10", "A case can be referred to the person it is about."

    def _naming(self, s: Standing) -> Iterator[Failure]:
        """R9: deeds are named after the judgement; a ticked police referral is not dropped by one person."""
        if s.substance != "yes" and s.answered != "crime":
            for command in self.named:
                if self.allowed(s, command):
                    yield "R9", f"{words(command)} is possible before the judgement."
        for command in DROPS:
            if self.allowed(s, command, ALONE) or self.allowed(s._replace(trigger="must"), command):
                yield "R6", "A police referral can be dropped."
        if self.allowed(s._replace(called=s.called - {"police"}), REFERRED):
            yield "R6", "A police referral counts as done though nobody rang the police."
        if any(self.allowed(s._replace(trigger="none"), command) for command in self.grave):
            yield "R6", "What could be illegal is named, and no police trigger with it."

    def _reserved(self, s: Standing) -> Iterator[Failure]:
        """R10: about the Principal nothing but the call is possible until the Chair or the authority was rung."""
        stopped = s._replace(adult="reserved", called=s.called - {"chair", "authority"})
        for command in self.every[s.node]:
            if not isinstance(command, CALM) and self.allowed(stopped, command):
                yield "R10", f"{words(command)} is possible before the Chair was rung."
        for purpose in ("chair", "authority"):
            rung = after(self.pack, stopped, call(purpose, "the call"))
            if not rung or not any(self.allowed(one, NOTE) for one in rung):
                yield "R10", "The call that opens a case about the Principal does not open it."

    def _referring(self, s: Standing, node: Node) -> Iterator[Failure]:
        """R6: a box that says to ring is not left before somebody was rung."""
        if node.kind != "refer" or s.ended:
            return
        missing = [frozenset({p}) for p in node.calls] if node.every else [frozenset(node.calls)]
        for purposes in missing:
            silent = s._replace(called=s.called - purposes)
            if any(self.allowed(silent, answer(node, choice).command) for choice in node.choice):
                yield "R6", f'"{node.title}" can be left though nobody was rung.'

    def _items_settle(self, s: Standing) -> Iterator[Failure]:
        """Each child, action, referral and decision can be settled here, so that none of them keeps a case open."""
        for count, command in SETTLING:
            full, single = (s._replace(**{count: n}) for n in (2, 1))  # type: ignore[arg-type]
            outcome = decide(self.pack, full, TWO, command)
            lower = () if isinstance(outcome, Refusal) else advance(full, outcome[0])
            last = () if isinstance(outcome, Refusal) else advance(single, outcome[0])
            if not any(getattr(one, count) == 1 for one in lower) or not any(getattr(one, count) == 0 for one in last):
                yield "end", f"Here {count.replace('_', ' ')} cannot be settled."
        alleged = s._replace(adult="staff", advice=True, unended=1)
        heard = s.answered or not s.suspected
        if heard and (s.substance or s.answered == "crime"):
            outcome = decide(self.pack, alleged, TWO, ENDED)
            if isinstance(outcome, Refusal) or not any(one.unended == 0 for one in advance(alleged, outcome[0])):
                yield "end", "Here it cannot be recorded how an allegation about staff ended."
        bare = s._replace(called=NOBODY, advice=False, agreed=False, people=False, met=NOBODY, signed=NOBODY)
        for purpose in ("police", "care", "authority"):
            rung = after(self.pack, bare, call(purpose, "the call")) or ()
            if not any(self.allowed(one, c.Advice(REPLY, purpose)) for one in rung):
                yield "end", "Here a call and what was advised cannot be recorded."
        if s.trigger == "advice" and not self.allowed(bare, c.NotReferred("police", "a reason")):
            yield "end", "Here the reason for a referral not made cannot be recorded."
        if not self.allowed(bare, ROW_IN_WORDS, ALONE):
            yield "end", "Here what there is to look at cannot be described in words."
        if not self.allowed(bare, party("unknown")) or not self.allowed(bare, NO_SUSPENSION):
            yield "end", "Here a person or a decision cannot be recorded."

    def _closing(self, s: Standing) -> Iterator[Failure]:
        """R6, R8: no end with anything missing."""
        for rule, text, gap in gaps(s):
            if any(self.allowed(gap, close) for close in CLOSES):
                yield rule, f"The case can be closed {text}."

    def _quiet(self, s: Standing) -> Iterator[Failure]:
        """R17: nothing is written on a quiet computer before an agency releases it."""
        for command in self.every[s.node]:
            if self.allowed(s, command):
                yield "R17", f"{words(command)} is written though it was seen on this computer."
