"""Every loop-free walk of each chart, with real payloads through the real desk, to its proper end.

A walk that shares its beginning with another goes on from a copy of the home as it stood there. Where the copy has come
to a box with the very Standing, the people and the walk ahead that another walk has had, what follows would be the same
commands put to the same pure rules; that part is gone through once, or every time under ESAFETY_TORTURE=1. What the
Standing keeps for the proof alone (the answer about danger, keys pressed) makes no difference to any rule.
"""

from __future__ import annotations

import functools
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from esafety_tui.desk.policies import packs
from esafety_tui.desk.session import Session
from esafety_tui.incident import decide
from esafety_tui.policy import pack as policy_pack
from esafety_tui.policy.procedure import Procedure
from tests.desk.driver import Driver
from tests.desk.made_school import PACKS, checked, rebuilt_as_it_was, unlock

Edge = tuple[str, str]
Walk = tuple[Edge, ...]
EVERYTHING = os.environ.get("ESAFETY_TORTURE") == "1"
ABOUT_STAFF = {("agencies", "staff"), ("report-now", "adult"), ("risk", "adult"), ("concern", "staff")}


def walks(chart: Procedure, node: str, before: frozenset[str] = frozenset()) -> Iterator[Walk]:
    """Every way from a box to an end that meets no box twice."""
    if not chart[node].choice:
        yield ()
    for choice in chart[node].choice:
        if choice.to not in before and choice.to != node:
            for rest in walks(chart, choice.to, before | {node}):
                yield ((node, choice.id), *rest)


PROOF_ALONE = {"danger": "", "keys": 0, "protected": True}


def crime(walk: Walk) -> str:
    """What a walk answers to "could it be a crime?": by this the walks are shared out."""
    return next(choice for node, choice in walk if node == "could-be")


@dataclass
class Explorer:
    """Walks a tree of walks depth first, each branch from a copy of the home as it stood at the fork."""

    home: Path
    about: str
    session: Session
    ref: str = ""
    forks: int = 0
    ended: int = 0
    shared: int = 0
    met: set[object] = field(default_factory=set)

    def explore(self, todo: list[Walk]) -> None:
        """Go every walk of `todo` from where the case stands."""
        while todo and todo != [()]:
            ways = dict.fromkeys(walk[0] for walk in todo)
            if self._met_before(todo):
                self.shared += len(todo)
                return
            if len(ways) > 1:
                self._fork(ways, todo)
                return
            self._take(next(iter(ways)))
            todo = [walk[1:] for walk in todo]
        self._end()

    def _fork(self, ways: dict[Edge, None], todo: list[Walk]) -> None:
        here = self.home.with_name(f"{self.home.name}-fork-{self.forks}")
        self.forks += 1
        self._copy(self.home, here)
        for i, edge in enumerate(ways):
            if i:
                self.session.close()
                self._copy(here, self.home)
                self.session = unlock(self.home)
            self._take(edge)
            self.explore([walk[1:] for walk in todo if walk[0] == edge])
        shutil.rmtree(here)

    @staticmethod
    def _copy(source: Path, target: Path) -> None:
        """The home, and what this computer remembers of it outside."""
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(source, target)
        state, kept = Path(os.environ["ESAFETY_STATE"]), "kept-state"
        if (source / kept).exists():
            shutil.rmtree(state)
            shutil.move(target / kept, state)
        else:
            shutil.copytree(state, target / kept)

    def _take(self, edge: Edge) -> None:
        node, choice = edge
        asked = self.session.casework.ask(self.ref)
        assert asked.id == node, f"the case stands at {asked.id}, not at {node}"
        Driver(self.session, self.about).go(self.ref, choice)

    def _met_before(self, todo: list[Walk]) -> bool:
        case = self.session.casework.case(self.ref)
        people = tuple(sorted((p.name, p.decided, p.supported, p.parents) for p in case.parties.values()))
        actions = tuple((a.action, a.party, a.decision, a.done) for a in case.actions.values())
        second = self.session.second.person.name if self.session.second else ""
        standing = case.standing._replace(**PROOF_ALONE)
        key = (standing, people, actions, second, tuple(case.triggers), tuple(todo))
        if key in self.met and not EVERYTHING:
            return True
        self.met.add(key)
        return False

    def _end(self) -> None:
        driver = Driver(self.session, self.about)
        monitored = self.ended % 2 == 1
        ordinary = self.session.casework.ask(self.ref).id == "ordinary"
        driver.end(self.ref, monitored)
        self.ended += 1
        assert driver.status(self.ref) == ("monitoring" if monitored and not ordinary else "closed")
        assert not self.session.quiet_ref
        checked(self.session)
        rebuilt_as_it_was(self.session)


@pytest.mark.parametrize("about", ["pupil", "staff"])
@pytest.mark.parametrize("answer", ["yes", "no", "unsure"])
@pytest.mark.parametrize("pack", PACKS)
def test_every_walk_comes_to_its_end(
    quick_folder: Path, templates: Callable[[str], Path], own_folders: Path, monkeypatch: pytest.MonkeyPatch,
    pack: str, answer: str, about: str,
) -> None:  # fmt: skip
    # The same texts are parsed at every unlock: once is enough here.
    monkeypatch.setattr(policy_pack, "parse", functools.cache(policy_pack.parse))
    chart = packs.load(pack).procedure
    mine = [walk for walk in walks(chart, chart.start) if crime(walk) == answer]
    mine = [walk for walk in mine if (about == "staff") == bool(ABOUT_STAFF & set(walk))]
    # A case about staff has only the answer that says so.
    mine = [walk for walk in mine if about == "pupil" or ("agencies", "others") not in walk]
    assert len(mine) > 20
    home = quick_folder / own_folders.name / "home"
    shutil.copytree(templates(pack), home)
    explorer = Explorer(home, about, unlock(home))
    try:
        explorer.ref = explorer.session.casework.begin()
        explorer.explore(mine)
        assert explorer.session.care.verify()["ok"]
    finally:
        explorer.session.close()
    assert explorer.ended + explorer.shared == len(mine)
    assert explorer.ended >= 5


@pytest.mark.parametrize("kept", PROOF_ALONE)
def test_what_is_kept_for_the_proof_alone_is_read_by_no_rule(kept: str) -> None:
    rules = Path(decide.__file__).parent
    for source in (rules / "decide.py", rules / "here.py", *(rules / "rules").glob("*.py")):
        assert f".{kept}" not in source.read_text(encoding="utf-8").replace(".keys()", ""), source.name
