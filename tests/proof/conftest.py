"""The packs that come with the program, read once, and a way to break one on purpose."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from esafety_tui import resources
from esafety_tui.incident import commands as c
from esafety_tui.incident.standing import Standing
from esafety_tui.policy.pack import PROCEDURE_FILE, Pack, parse
from esafety_tui.proof import Report, check
from esafety_tui.proof.lens import Lens
from esafety_tui.proof.moves import ALONE, Move, Moves
from esafety_tui.proof.search import Space, after, steps

PACKS = [name for name in resources.packs() if (resources.pack_dir(name) / PROCEDURE_FILE).is_file()]
_READ: dict[str, Pack] = {}
_PROVED: dict[str, Report] = {}


def read(name: str) -> Pack:
    """A pack of the program."""
    if name not in _READ:
        folder = resources.pack_dir(name)
        texts = [(folder / file).read_text(encoding="utf-8") for file in ("policy.toml", PROCEDURE_FILE)]
        _READ[name] = parse(texts[0], texts[1])
    return _READ[name]


def proved(name: str) -> Report:
    """The proof of a pack of the program, made once."""
    if name not in _PROVED:
        _PROVED[name] = check(read(name))
    return _PROVED[name]


def changed(text: str, table: str, id: str, old: str, new: str) -> str:
    """A pack's text with one change inside one entry, for example the [[node]] with id "stop"."""
    entries = re.split(rf"(?m)^(?=\[\[{table}\]\]$)", text)
    for number, entry in enumerate(entries):
        if entry.startswith(f'[[{table}]]\nid = "{id}"\n'):
            assert entry.count(old) == 1, f"{entry.count(old)} times {old!r} in {id}"
            entries[number] = entry.replace(old, new)
            return "".join(entries)
    raise AssertionError(f"no {table} {id}")


def broken(pack: Pack, *changes: tuple[str, str, str], policy: str | None = None) -> Pack:
    """A copy of a pack whose boxes were changed: (box, old text, new text) each."""
    text = pack.procedure_text
    for box, old, new in changes:
        text = changed(text, "node", box, old, new)
    return parse(policy or pack.policy_text, text)


@pytest.fixture(params=PACKS)
def pack(request: pytest.FixtureRequest) -> Pack:
    return read(request.param)


@pytest.fixture(scope="session")
def spires() -> Pack:
    return read("spires")


def replay(pack: Pack, example: tuple[str, ...]) -> set[str]:
    """The boxes that one is in after the steps of an example, taken one by one through the real rules."""
    moves, space = Moves(pack), Space(pack, Lens(pack.procedure))
    states = {space.lens(s) for s in after(pack, Standing(), Move("", c.Open("A1"), ALONE)) or ()}
    for label in example[:-1]:
        states = {later for state in states for move, later in steps(space, moves, state) if move.label == label}
        assert states, f"no such step: {label}"
    return {state.node for state in states}


@pytest.fixture(scope="session")
def small(spires: Pack) -> Pack:
    """A chart of few boxes with the tables of a real pack."""
    return parse(spires.policy_text, (Path(__file__).parent / "small.toml").read_text(encoding="utf-8"))
