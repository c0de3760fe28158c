"""The search: every Standing of a chart and every command, through the real `decide` and `advance`, breadth first.

Nothing is sampled. Going back, halts, repeated records and a change of judgement are ordinary moves.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from esafety_tui.incident import commands as c
from esafety_tui.incident.decide import decide
from esafety_tui.incident.here import Refusal
from esafety_tui.incident.standing import Standing, advance
from esafety_tui.policy.pack import Pack
from esafety_tui.proof.lens import Lens
from esafety_tui.proof.moves import ALONE, Move, Moves

#: A chart of forty boxes has some thousand states. Far more than this is no chart for people.
MOST_STATES = 200_000


Edges = dict[Standing, set[Standing]]


@dataclass
class Space:
    """All that was found: each state with the move that first led there, and who leads where."""

    pack: Pack
    lens: Lens
    came: dict[Standing, tuple[Standing, Move] | None] = field(default_factory=dict)
    calm: Edges = field(default_factory=dict)  # state -> the states that lead to it calmly
    taken: set[tuple[str, str]] = field(default_factory=set)  # (box, answer) that can be given
    moves: int = 0
    whole: bool = True

    def way(self, state: Standing) -> tuple[str, ...]:
        """The shortest way to a state: each step, then the box that one is in."""
        steps: list[str] = []
        at = self.came[state]
        while at is not None:
            steps.append(at[1].label)
            at = self.came[at[0]]
        return (*reversed(steps), self.pack.procedure[state.node].title)

    def first(self, box: str) -> tuple[str, ...] | None:
        """The shortest way to a box, or None where it is never reached."""
        state = next((state for state in self.came if state.node == box), None)
        return self.way(state) if state else None

    def traps(self) -> list[list[Standing]]:
        """Where cases are caught: states that lead only to one another, and to no proper end without an alarm.

        Each trap is a list of its states in the order found; what merely leads into one is not listed.
        """
        forward: Edges = {}
        for later, sources in self.calm.items():
            for source in sources:
                forward.setdefault(source, set()).add(later)
        ended = {state for state in self.came if state.ended}
        ending = _reached(self.calm, ended)
        stuck = [state for state in self.came if state not in ending]
        found: list[list[Standing]] = []
        while stuck:
            seen: set[Standing] = set()
            last = stuck[0]
            for state in stuck:
                if state not in seen:
                    # Whatever led to an earlier one is seen already, so the last one leads to nothing else.
                    seen |= _reached(self.calm, {state})
                    last = state
            inside = _reached(forward, {last})
            found.append([state for state in stuck if state in inside])
            leading = _reached(self.calm, {last})
            stuck = [state for state in stuck if state not in leading]
        return found


def _reached(edges: Edges, start: set[Standing]) -> set[Standing]:
    found, todo = set(start), list(start)
    while todo:
        for state in edges.get(todo.pop(), ()):
            if state not in found:
                found.add(state)
                todo.append(state)
    return found


def after(pack: Pack, s: Standing, move: Move) -> tuple[Standing, ...] | None:
    """Every Standing that a case may have after a move, or None where it is refused."""
    outcome = decide(pack, s, move.here, move.command)
    if isinstance(outcome, Refusal):
        return None
    found: tuple[Standing, ...] = (s,)
    for event in outcome:
        found = tuple(dict.fromkeys(later for standing in found for later in advance(standing, event)))
    return found


OPENED_BY_MISTAKE = Move("Opened by mistake, and closed", c.Close("closed", "a reason"), ALONE, calm=False)


def explore(pack: Pack, progress: Callable[[int], None] | None = None, avoid: frozenset[str] = frozenset()) -> Space:
    """Every state of the pack's chart. `progress` is told the number of states now and then; a box of `avoid` is
    not gone into (to show what can be reached without it)."""
    space = Space(pack, Lens(pack.procedure))
    all_moves = Moves(pack)
    (begun,) = after(pack, Standing(), Move("", c.Open("A1"), ALONE)) or ()
    start = space.lens(begun)
    space.came[start] = None
    queue = deque([start])
    # The lens takes a beginning for one that was touched, so what only an untouched case can do comes first.
    for closed in after(pack, begun, OPENED_BY_MISTAKE) or ():
        space.came[space.lens(closed)] = (start, OPENED_BY_MISTAKE)
        queue.append(space.lens(closed))
    while queue:
        state = queue.popleft()
        for move, later in steps(space, all_moves, state):
            space.moves += 1
            if move.calm:
                space.calm.setdefault(later, set()).add(state)
            if later not in space.came and later.node not in avoid:
                space.came[later] = (state, move)
                queue.append(later)
        if progress and len(space.came) % 256 == 0:
            progress(len(space.came))
        if len(space.came) > MOST_STATES:
            space.whole = False
            break
    return space


def _who_it_is_about(pack: Pack, state: Standing, move: Move) -> Standing:
    """An answer about a member of staff is given once they are recorded, which can be done in every state; the lens
    keeps nobody, like every other item."""
    if not isinstance(move.command, c.Answer) or state.adult != "none":
        return state
    choice = pack.procedure[move.command.node].option(move.command.choice)
    return state._replace(adult="staff") if choice and choice.needs == "staff" else state


def steps(space: Space, all_moves: Moves, state: Standing) -> Iterator[tuple[Move, Standing]]:
    """Every move that is allowed in a state, with the state it leads to. A halt may be taken back at once: a later
    mistake comes to the same, because what is recorded in between could be recorded before."""
    node = space.pack.procedure[state.node]
    for move in (all_moves.release,) if state.quiet else all_moves.of(node):
        found = after(space.pack, _who_it_is_about(space.pack, state, move), move)
        if found is None:
            continue
        if isinstance(move.command, c.Answer):
            space.taken.add((node.id, move.command.choice))
        for later in dict.fromkeys(space.lens(standing) for standing in found):
            yield move, later
        if move in all_moves.halts:
            for halted in found:
                for standing in after(space.pack, halted, all_moves.mistake) or ():
                    yield all_moves.mistake, space.lens(standing)
