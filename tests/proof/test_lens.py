"""What the search leaves out is truly of no account: random walks of real cases stay inside what was searched."""

from __future__ import annotations

import pytest

from esafety_tui.incident import commands as c
from esafety_tui.incident.standing import Standing
from esafety_tui.proof.moves import REPLY, TWO, Move, Moves, call, sign
from esafety_tui.proof.search import Space, after, explore
from esafety_tui.proof.trials import SETTLING
from tests.proof.conftest import PACKS, read
from tests.proof.walks import Walk

WALKS, STEPS = 40, 80
_SPACES: dict[str, Space] = {}


def space_of(name: str) -> Space:
    if name not in _SPACES:
        _SPACES[name] = explore(read(name))
    return _SPACES[name]


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
    assert len(boxes) > len(space.pack.procedure.node) * 0.75
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
                    if isinstance(move.command, c.Answer):
                        settled = described(space, settled)
                        if is_fork(space, settled, move.command):
                            continue
                    assert after(space.pack, settled, move) is not None, (seed, s, settled, move)
    assert tried > 3_000
    assert refused_at_first > 50


def is_fork(space: Space, s: Standing, answer: c.Answer) -> bool:
    """Whether an answer is not for cases about staff, or only for them; another answer of the box is open then."""
    node = space.pack.procedure[answer.node]
    choice = node.option(answer.choice)
    if choice is None or choice.needs != ("staff" if s.adult == "none" else "no-staff"):
        return False
    return any(after(space.pack, s, other) is not None for other in Moves(space.pack).answers[node.id])


def described(space: Space, s: Standing) -> Standing:
    """At the record's box what there is to look at is described, in words at least, before it is left."""
    words = c.AddRow("r1", "site", "an address", "a concern", looked=False)
    found = after(space.pack, s, Move("", words, TWO)) if space.lens.forms[s.node] == "review" else None
    return found[0] if found else s


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
