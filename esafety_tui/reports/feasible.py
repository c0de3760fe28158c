"""The proof that nothing hidden can be worked back (R12): for every hidden count, two schools that fit all that was
ever told, one with a smaller and one with a larger count than could give anything away.

HiGHS searches for them; each one is then checked in whole numbers (search.py). So a report is only called safe on
grounds that need no trust in the solver, and a search that finds nothing, or takes too long, counts as not safe.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from esafety_tui.reports.cells import Cell
from esafety_tui.reports.search import Near, Search, Sums, near_to
from esafety_tui.reports.world import Form, Secret, World

#: So many schools are kept for the next draft.
KEPT = 200
#: So many that fail are enough to change a draft.
ENOUGH = 12
#: A secret, and whether a large count of it is still to be found (or a small one).
_Open = tuple[Secret, bool]


class Prover:
    """Looks for the two schools of each secret. One for a report: what it found for one draft serves the next.

    earlier: what reports before this one told; check: called before every search; it may raise, and then that is what
    comes out of every method.
    """

    def __init__(
        self, world: World, earlier: Sequence[Cell] = (), check: Callable[[], None] = lambda: None, seed: int = 1
    ) -> None:
        self._world, self._earlier, self._check = world, tuple(earlier), check
        self._chance = random.Random(seed)
        #: Schools that were found, an array of one row each, the last first.
        self._schools: list[Any] = []
        #: What failed, the last first: it is likely to fail again.
        self._failed: dict[Secret, None] = {}
        self._before: Search | None = None
        #: What earlier reports left open of a secret, of those that failed.
        self._left: dict[Secret, Secret] = {}

    def failing(self, cells: Sequence[Cell], secrets: Sequence[Secret], enough: int = ENOUGH) -> list[Secret]:
        """The first secrets, in their order and not more than `enough`, for which no such two schools were found, given
        what these cells and earlier reports tell; as far as those left them open. Empty: every one of them is safe."""
        told = [*self._earlier, *cells]
        while True:
            found = self._first(told, self._wanted(secrets), enough)
            if not self._told_before(found):
                return found

    def safe(self, cells: Sequence[Cell], secrets: Sequence[Secret]) -> bool:
        """Whether there are none: sooner known than which."""
        told = [*self._earlier, *cells]
        while (one := self._any(told, self._wanted(secrets))) is not None:
            if not self._told_before([one]):
                return False
        return True

    def _wanted(self, secrets: Iterable[Secret]) -> list[Secret]:
        return list(dict.fromkeys(self._left.get(secret, secret) for secret in secrets))

    def _told_before(self, failing: Sequence[Secret]) -> bool:
        """Whether earlier reports told anything of secrets that fail: what they told already, nobody can keep. Only
        those that fail need to be looked at: what this report leaves open as well, they did."""
        known = {*self._left, *self._left.values()}
        new = [secret for secret in failing if secret not in known]
        if not new:
            return False
        self._left |= dict(zip(new, new, strict=True))
        for one in self._first(self._earlier, new, len(new)):
            search = self._search(self._earlier)
            true = self._world.true(self._world.secret(one))
            low = next((n for n in range(one.low, true) if self._possible(search, one, False, n)), true)
            high = next((n for n in range(one.high, true, -1) if self._possible(search, one, True, n)), true)
            self._left[one] = replace(one, low=max(one.low, low), high=min(one.high, high))
        return any(self._left[secret] != secret for secret in new)

    def _first(self, told: Sequence[Cell], secrets: Sequence[Secret], enough: int) -> list[Secret]:
        """The first secrets that fail, given what is told."""
        proof = self._begun(told, secrets)
        for one in proof.open:
            if one[0] in self._failed:
                self._rule_out(proof, one)
        proof.leave(enough)
        self._look_for_many(proof)
        self._rule_out_first(proof, enough)
        while proof.open:
            self._settle(proof, proof.open[0])
            proof.leave(enough)
        found = sorted(proof.failing, key=proof.order.__getitem__)[:enough]
        self._failed = dict.fromkeys((*found, *self._failed))
        return found

    def _any(self, told: Sequence[Cell], secrets: Sequence[Secret]) -> Secret | None:
        """A secret that fails, whichever is found soonest."""
        proof = self._begun(told, secrets)
        for one in [(secret, high) for secret in self._failed for high in (False, True)]:
            if not proof.failing:
                self._rule_out(proof, one)
        if not proof.failing:
            self._look_for_many(proof)
            self._rule_out_first(proof, 1)
        while proof.open and not proof.failing:
            self._settle(proof, proof.open[0])
        self._failed = dict.fromkeys((*proof.failing, *self._failed))
        return next(iter(proof.failing), None)

    def _possible(self, search: Search, secret: Secret, largest: bool, edge: int) -> bool:
        self._check()
        form = self._world.secret(secret)
        if search.rules_out(form, largest, edge):
            return False
        return any(search.school(form, largest, where, edge) is not None for where in (near_to(secret), None))

    def _search(self, told: Sequence[Cell]) -> Search:
        """The search over what is told; that over earlier reports serves until something new is thought of."""
        if told is not self._earlier:
            return Search(self._world, told)
        if self._before is None or not self._before.current:
            self._before = Search(self._world, told)
        return self._before

    def _begun(self, told: Sequence[Cell], secrets: Sequence[Secret]) -> _Proof:
        """What is to be shown, but for what schools that are known already show."""
        import numpy

        # What is asked for may need variables of its own: schools found before it was thought of are too short.
        forms = {secret: self._world.secret(secret) for secret in secrets}
        proof = _Proof(self._search(told), forms)
        true = numpy.array([self._world.truth], dtype=numpy.int64)
        known = [school for school in self._schools if school.shape == true.shape][:KEPT]
        fits = proof.search.fits(numpy.concatenate([true, *known]))[1:]
        fitting = [school for school, fit in zip(known, fits, strict=True) if fit]
        self._schools = fitting + [school for school, fit in zip(known, fits, strict=True) if not fit]
        proof.show(numpy.concatenate([true, *fitting]))
        return proof

    def _rule_out_first(self, proof: _Proof, enough: int) -> None:
        """Rule out what can be, in order, until enough are."""
        for one in proof.open:
            if len(proof.failing) < enough:
                self._rule_out(proof, one)
        proof.leave(enough)

    def _rule_out(self, proof: _Proof, one: _Open) -> None:
        """Note as failing what even fractions do not allow."""
        if proof.is_open(one):
            self._check()
            if proof.search.rules_out(proof.forms[one[0]], one[1], _edge(one)):
                proof.fail(one[0])

    def _look_for_many(self, proof: _Proof) -> None:
        """Look for schools that show many things at once: everything small, or everything large."""
        for large in (False, True):
            for near in dict.fromkeys(near_to(secret) for secret, high in proof.open if high == large):
                if mine := [one for one in proof.open if one[1] == large and near_to(one[0]) == near]:
                    self._look(proof, (_together(mine, proof.forms, self._chance), large), near)

    def _settle(self, proof: _Proof, one: _Open) -> None:
        """Find the school that shows it; where there is none, it fails."""
        self._rule_out(proof, one)
        goal, near = (proof.forms[one[0]], one[1]), near_to(one[0])
        # What is as large as can be is found sooner than what has just the size that is needed.
        for where, edge in ((near, _edge(one)), (None, None), (None, _edge(one))):
            if proof.is_open(one):
                self._look(proof, goal, where, edge)
        if proof.is_open(one):
            proof.fail(one[0])

    def _look(self, proof: _Proof, goal: tuple[Form, bool], near: Near | None, edge: int | None = None) -> None:
        self._check()
        school = proof.search.school(*goal, near, edge)
        if school is not None:
            self._schools.insert(0, school)
            proof.show(school)


class _Proof:
    """How far the proof of one draft is. order: of the secrets; failing: those of which one school cannot be."""

    def __init__(self, search: Search, forms: Mapping[Secret, Form]) -> None:
        import numpy

        self.search, self.forms = search, forms
        self.order = {secret: n for n, secret in enumerate(forms)}
        self.failing: dict[Secret, None] = {}
        self._secrets, self._sums = list(forms), Sums(forms.values())
        self._low = numpy.array([secret.low for secret in forms], dtype=numpy.int64)
        self._high = numpy.array([secret.high for secret in forms], dtype=numpy.int64)
        #: Of each secret, whether a small count and whether a large one is still to be found.
        self._open = numpy.ones((len(forms), 2), dtype=bool)

    @property
    def open(self) -> list[_Open]:
        """The schools still to be found, in order."""
        return [(self._secrets[at], bool(high)) for at, high in zip(*self._open.nonzero(), strict=True)]

    def is_open(self, one: _Open) -> bool:
        """Whether a school is still to be found."""
        at = self.order.get(one[0])
        return at is not None and bool(self._open[at, int(one[1])])

    def show(self, schools: Any) -> None:
        """Take off what these schools show."""
        values = self._sums.of(schools)
        self._open[:, 0] &= (values > self._low).all(axis=0)
        self._open[:, 1] &= (values < self._high).all(axis=0)

    def fail(self, secret: Secret) -> None:
        """Nothing more is asked of a secret."""
        self.failing[secret] = None
        self._open[self.order[secret]] = False

    def leave(self, enough: int) -> None:
        """Where enough fail, leave off what comes after them."""
        if len(self.failing) >= enough:
            self._open[sorted(map(self.order.__getitem__, self.failing))[enough - 1] :] = False


def _edge(one: _Open) -> int:
    secret, high = one
    return secret.high if high else secret.low


def _together(open_: Iterable[_Open], forms: Mapping[Secret, Form], chance: random.Random) -> Form:
    """Many counts as one, none of them as weighty as the next."""
    goal: dict[int, int] = {}
    for secret, _ in open_:
        weight = chance.randint(1, 5)
        for var, factor in forms[secret].items():
            goal[var] = goal.get(var, 0) + weight * factor
    return goal
