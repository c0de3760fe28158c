"""R2, R3, R5 and R15 tried in every state: what may be copied, and that suspicion shuts what was kept.

Written out a second time on purpose, from the rules and not from the program's own conditions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from esafety_tui.incident import commands as c
from esafety_tui.incident import evidence_commands as ec
from esafety_tui.incident.decide import decide
from esafety_tui.incident.here import Here, Refusal
from esafety_tui.incident.standing import Standing, advance
from esafety_tui.policy.pack import Pack
from esafety_tui.policy.procedure import Node
from esafety_tui.proof.moves import (
    ALONE,
    ASK_COPY,
    COPY,
    ELSEWHERE,
    KEPT,
    LATER,
    NO_CLOCK,
    OTHER,
    SEEN,
    START_LOOK,
    TWO,
    Moves,
)

Failure = tuple[str, str]
COPIES: tuple[c.Command, ...] = (START_LOOK, ASK_COPY, COPY)
LOOKED_AT: tuple[c.Command, ...] = (START_LOOK, c.AddRow("r1", "site", "a site", "a concern", looked=True))
LOOK: c.Command = c.AskLooking("no", "a site")
READ = ec.ReadExhibit("x1")
REMOVE = ec.RemoveSource("x1")
SEALED_ALREADY = replace(TWO, kept=replace(KEPT, unsealed=()))
GIVES_BACK = replace(ALONE, kept=replace(KEPT, returnable=("x1",)))


def suspect(s: Standing) -> bool:
    """Something illegal is suspected, and no agency has said that it is none."""
    return s.lane == "illegal" or (s.suspected and s.answered != "no-crime")


def _allowed(pack: Pack, s: Standing, command: c.Command, here: Here = TWO) -> bool:
    return not isinstance(decide(pack, s, here, command), Refusal)


def copying(pack: Pack, s: Standing) -> Iterator[Failure]:
    """No copy without its own "no", none once something is suspected, none elsewhere, none before the clock."""
    ready = s._replace(r3="no", copy="no")
    if suspect(s) and any(_allowed(pack, ready, command) for command in COPIES):
        yield "R3", "Something can be copied, though something illegal is suspected."
    if any(_allowed(pack, ready, command, LATER) for command in (START_LOOK, COPY)):
        yield "R3", "An answer of another sitting opens the way to a look or a copy."
    if any(_allowed(pack, ready, command, OTHER) for command in LOOKED_AT):
        yield "R3", "An answer about something else opens the way to a look."
    if any(_allowed(pack, ready._replace(copy=said), COPY) for said in ("unasked", "yes", "unsure")):
        yield "R3", "Something can be copied before the question, or after yes or not sure."
    outcome = decide(pack, ready, TWO, COPY)
    if not isinstance(outcome, Refusal):
        for later in advance(ready, outcome[-1]):
            if _allowed(pack, later, COPY):
                yield "R3", "One answer is good for two copies."
    if any(_allowed(pack, ready, command, ELSEWHERE) for command in (*COPIES, LOOK)):
        yield "R2", "Somebody can go on looking or copying at another computer."
    if any(_allowed(pack, ready, command, NO_CLOCK) for command in COPIES):
        yield "R15", "Something can be kept before the clock was compared."
    yield from _opening(pack, s)
    yield from _seen(pack, s)


def _seen(pack: Pack, s: Standing) -> Iterator[Failure]:
    """R17: once something was looked at, R3's "yes" or "not sure" settles whether it was seen on this computer."""
    for answer in ("yes", "unsure"):
        for said in ("", "?", "yes", "unsure"):
            asked: tuple[c.Command, ...] = (c.AskLooking(answer, "a site", said), ec.AskCopying(answer, "r1", "", said))
            if any(not later.quiet for command in asked for later in _after(pack, s, command, SEEN)):
                yield "R17", "What was looked at may be illegal, and something more is written on this computer."


def _opening(pack: Pack, s: Standing) -> Iterator[Failure]:
    if _allowed(pack, s, READ, SEALED_ALREADY):
        yield "R5", "A sealed exhibit can be opened."
    if suspect(s) and _allowed(pack, s, READ):
        yield "R5", "An exhibit can be opened, though something illegal is suspected."
    if (s.suspected or s.lane == "illegal") and _allowed(pack, s, REMOVE):
        yield "R5", "The plain copy of an exhibit can be removed, though something illegal was suspected."


def sealing(pack: Pack, moves: Moves, s: Standing, node: Node) -> Iterator[Failure]:
    """R5: no move leads from something stored to a suspicion that leaves it open; a mistaken halt gives it back."""
    if suspect(s):
        return
    kept = s._replace(stored=1)
    for move in (*moves.answers[node.id], *moves.forms.get(node.form, ()), *moves.halts, moves.said):
        found = _after(pack, kept, move.command, move.here)
        if any(later.stored and suspect(later) for later in found):
            yield "R5", f'After "{move.label}" something stored stays open, though something illegal is suspected.'
    for halted in _after(pack, kept, moves.halts[0].command, ALONE):
        back = _after(pack, halted, c.Mistake("a reason"), GIVES_BACK) if halted.before else ()
        if any(later.stored != 1 and not suspect(later) for later in back):
            yield "R5", "A halt pressed by mistake does not give back what it sealed."
    for said in _after(pack, kept, moves.said.command, ALONE):
        if said.stored or not suspect(said) or _allowed(pack, said, c.Mistake("a reason"), GIVES_BACK):
            yield "R5", "What was said to be forbidden is not sealed for good."


def _after(pack: Pack, s: Standing, command: c.Command, here: Here) -> tuple[Standing, ...]:
    outcome = decide(pack, s, here, command)
    found: tuple[Standing, ...] = () if isinstance(outcome, Refusal) else (s,)
    for event in outcome if not isinstance(outcome, Refusal) else ():
        found = tuple(dict.fromkeys(later for one in found for later in advance(one, event)))
    return found
