"""The proof that nothing hidden can be worked back (R12): for every hidden count, two schools that fit all that was
ever told, one with a smaller and one with a larger count than could give anything away.

HiGHS searches for them; each one is then checked here in whole numbers. So a report is only called safe on grounds that
need no trust in the solver, and a search that finds nothing, or takes too long, counts as not safe.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from esafety_tui.reports.cells import HIDDEN, SMALL, ZERO, Cell
from esafety_tui.reports.figures import FAMILY
from esafety_tui.reports.world import Form, Row, Secret, World

if TYPE_CHECKING:
    import highspy

#: For one search, as a last resort: on a busy machine the answer has to be the same.
SECONDS = 30.0
KEPT = 60
#: So many that fail are enough to change a draft.
ENOUGH = 12
_ROUNDS = 4
_Near = tuple[str, frozenset[str]]
#: A secret, and whether a large count of it is still to be found (or a small one).
_Open = tuple[Secret, bool]


class Prover:
    """Looks for the two schools of each secret. One for a report: what it found for one draft serves the next.

    check: called before every search; it may raise, and then that is what comes out of every method.
    """

    def __init__(self, world: World, check: Callable[[], None] = lambda: None, seed: int = 1) -> None:
        self._world, self._check = world, check
        self._chance = random.Random(seed)
        self._schools: list[tuple[int, ...]] = []

    def failing(self, cells: Sequence[Cell], secrets: Sequence[Secret], enough: int = ENOUGH) -> list[Secret]:
        """Secrets for which no such two schools were found, given what all these cells tell; the search ends with the
        first few of them (`enough`). Empty: every one of them is safe."""
        # What is asked for may need variables of its own: schools found before it was thought of are too short.
        forms = {secret: self._world.secret(secret) for secret in secrets}
        search = _Search(self._world, cells)
        kept = [school for school in self._schools if search.fits(school)][:KEPT]
        self._schools = [tuple(self._world.truth), *kept]
        open_: list[_Open] = [(secret, high) for secret in secrets for high in (False, True)]
        for school in self._schools:
            open_ = _unseen(open_, forms, school)
        for round_ in range(_ROUNDS):
            for near in dict.fromkeys(_near(secret) for secret, _ in open_):
                mine = [one for one in open_ if _near(one[0]) == near]
                goal = _together(mine, forms, round_, self._chance)
                open_ = self._look(search, goal, near, open_, forms) if mine else open_
        missing: dict[Secret, None] = {}
        while open_ and len(missing) < enough:
            one = open_[0]
            goal, edge = (forms[one[0]], one[1]), one[0].high if one[1] else one[0].low
            open_ = self._look(search, goal, _near(one[0]), open_, forms, edge)
            if one in open_:
                open_ = self._look(search, goal, None, open_, forms, edge)
            if one in open_:
                missing[one[0]] = None
                open_ = [other for other in open_ if other[0] != one[0]]
        return list(missing)

    def left(self, cells: Sequence[Cell], secrets: Sequence[Secret]) -> dict[Secret, Secret]:
        """Each secret, as far as these cells leave it open: what they tell already, nobody can keep."""
        found = {secret: secret for secret in secrets}
        failing = self.failing(cells, secrets, len(secrets))
        search = _Search(self._world, cells)
        for one in failing:
            form = self._world.secret(one)
            true = self._world.true(form)
            self._check()
            low = next((n for n in range(one.low, true) if search.school(form, False, None, n)), true)
            high = next((n for n in range(one.high, true, -1) if search.school(form, True, None, n)), true)
            found[one] = replace(one, low=max(one.low, low), high=min(one.high, high))
        return found

    def _look(
        self, search: _Search, goal: tuple[Form, bool], near: _Near | None, open_: list[_Open],
        forms: Mapping[Secret, Form], edge: int | None = None,
    ) -> list[_Open]:  # fmt: skip
        self._check()
        school = search.school(*goal, near, edge)
        if school is None:
            return open_
        self._schools.insert(0, school)
        return _unseen(open_, forms, school)


def _near(secret: Secret) -> _Near:
    """Where a search for a secret looks first: in the tables that share a dimension with it."""
    return secret.unit, frozenset(FAMILY.get(dim, dim) for dim, _ in secret.where)


def _together(
    open_: Sequence[_Open], forms: Mapping[Secret, Form], round_: int, chance: random.Random
) -> tuple[Form, bool]:
    """A goal that serves many secrets at once: some as large as can be, the others as small."""
    goal: dict[int, int] = {}
    for secret, high in open_:
        if round_ < 2 and high != bool(round_):
            continue
        weight = chance.randint(1, 5) * (1 if high else -1)
        for var, factor in forms[secret].items():
            goal[var] = goal.get(var, 0) + weight * factor
    return goal, True


def _unseen(open_: list[_Open], forms: Mapping[Secret, Form], school: Sequence[int]) -> list[_Open]:
    """What a school does not settle."""
    return [
        (secret, high)
        for secret, high in open_
        if not (_value(forms[secret], school) >= secret.high if high else _value(forms[secret], school) <= secret.low)
    ]


def _value(form: Form, school: Sequence[int]) -> int:
    return sum(factor * school[var] for var, factor in form.items())


class _Search:
    """One model for HiGHS: the world, and what the cells tell."""

    def __init__(self, world: World, cells: Iterable[Cell]) -> None:
        self._told = [(cell, world.form(*cell.bare)) for cell in dict.fromkeys(cells)]
        self._world, self._count = world, len(world.truth)
        self._rows = [*world.rows, *(_row(cell, form) for cell, form in self._told if cell.shown != HIDDEN)]
        self._model: highspy.Highs | None = None
        self._exact: tuple[Any, ...] | None = None
        self._goal: set[int] = set()
        self._near: _Near | None = None
        self._held: dict[_Near, Any] = {}

    def fits(self, school: Sequence[int]) -> bool:
        """Whether a school agrees with everything told, in whole numbers."""
        if len(school) != self._count or min(school, default=0) < 0:
            return False
        told, bound = self._sums(school)
        return bound and all(cell.fits(n) for (cell, _), n in zip(self._told, told, strict=True))

    def _sums(self, school: Sequence[int]) -> tuple[list[int], bool]:
        """What each cell comes to in a school, and whether it keeps to everything that binds the world."""
        import numpy

        if self._exact is None:
            forms = [tuple(form.items()) for _, form in self._told] + [row.form for row in self._world.rows]
            flat = [part for form in forms for part in form or ((0, 0),)]
            starts = numpy.cumsum([0] + [max(len(form), 1) for form in forms])[:-1]
            self._exact = tuple(
                numpy.array(one, dtype=numpy.int64)
                for one in ([var for var, _ in flat], [factor for _, factor in flat], starts,
                            [row.low for row in self._world.rows], [row.high for row in self._world.rows])
            )  # fmt: skip
        variables, factors, starts, low, high = self._exact
        if not len(starts):
            return [], True
        sums = numpy.add.reduceat(numpy.array(school, dtype=numpy.int64)[variables] * factors, starts)
        bound = sums[len(self._told) :]
        return sums[: len(self._told)].tolist(), bool(((low <= bound) & (bound <= high)).all())

    def school(
        self, form: Form, largest: bool, near: _Near | None = None, edge: int | None = None
    ) -> tuple[int, ...] | None:
        """A school that fits, with `form` as large (or as small) as was found, or, where `edge` is given, just that
        large (small); None where none was found.

        near: only the tables of a unit that share a dimension are searched, the others are as in the true school.
        """
        import highspy
        import numpy

        model = self._made()
        self._hold(model, near)
        goal = {var: float(-factor if largest else factor) for var, factor in form.items()} if edge is None else {}
        for var in sorted(self._goal | set(goal)):
            model.changeColCost(var, goal.get(var, 0.0))
        self._goal = set(goal)
        if edge is not None:
            low, high = (float(edge), highspy.kHighsInf) if largest else (-highspy.kHighsInf, float(edge))
            model.addRow(low, high, len(form), numpy.array([*form], dtype=numpy.int32),
                         numpy.array([float(factor) for factor in form.values()]))  # fmt: skip
        model.run()
        status, values = model.getModelStatus(), list(model.getSolution().col_value)[: self._count]
        if edge is not None:
            model.deleteRows(1, numpy.array([len(self._rows)], dtype=numpy.int32))
        if status not in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kTimeLimit):
            return None
        if len(values) < self._count:
            return None
        school = tuple(round(value) for value in values)
        return school if self.fits(school) else None

    def _hold(self, model: highspy.Highs, near: _Near | None) -> None:
        """Let only the tables near by differ from the true school."""
        import numpy

        if near == self._near:
            return
        self._near = near
        low = numpy.zeros(self._count)
        high = numpy.full(self._count, float(self._world.most))
        if near is not None:
            if near not in self._held:
                self._held[near] = numpy.array([
                    var
                    for (unit, _, ids, _), var in self._world.index.items()
                    if unit != near[0] or not near[1] & _family(ids)
                ], dtype=numpy.int32)  # fmt: skip
            held = self._held[near]
            low[held] = high[held] = numpy.array(self._world.truth, dtype=float)[held]
        model.changeColsBounds(self._count, numpy.arange(self._count, dtype=numpy.int32), low, high)

    def _made(self) -> highspy.Highs:
        if self._model is None:
            self._model = self._build()
        return self._model

    def _build(self) -> highspy.Highs:
        import highspy
        import numpy

        most, count = self._world.most, self._count
        model = highspy.Highs()  # type: ignore[no-untyped-call]
        for name, value in (
            ("output_flag", False),
            ("threads", 1),
            ("time_limit", SECONDS),
            ("mip_rel_gap", 0.2),
            ("mip_feasibility_tolerance", 1e-9),
        ):
            model.setOptionValue(name, value)
        model.addVars(count, numpy.zeros(count), numpy.full(count, float(most)))
        whole = numpy.array([highspy.HighsVarType.kInteger] * count)
        model.changeColsIntegrality(count, numpy.arange(count, dtype=numpy.int32), whole)
        for row in self._rows:
            index = numpy.array([var for var, _ in row.form], dtype=numpy.int32)
            model.addRow(float(row.low), float(row.high), len(index), index,
                         numpy.array([float(factor) for _, factor in row.form]))  # fmt: skip
        return model


@cache
def _family(ids: tuple[str, ...]) -> frozenset[str]:
    return frozenset(FAMILY.get(dim, dim) for dim in ids)


def _row(cell: Cell, form: Form) -> Row:
    """What a cell tells, as a row."""
    told = tuple(sorted(form.items()))
    if cell.shown == SMALL:
        return Row(told, 1, cell.threshold - 1)
    number = 0 if cell.shown == ZERO else int(cell.shown)
    return Row(told, number, number)
