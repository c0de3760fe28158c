"""The search for a school that fits everything that was told, in whole numbers, each one checked; and, ten times as
quick, what not even a school in fractions could be. By HiGHS, which nothing that is called safe rests upon."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from esafety_tui.reports.cells import HIDDEN, Cell
from esafety_tui.reports.figures import FAMILY
from esafety_tui.reports.world import Form, Row, Secret, World

if TYPE_CHECKING:
    import highspy

#: For one search, as a last resort: on a busy machine the answer has to be the same.
SECONDS = 30.0
#: A bound that is missed by less is left to the search in whole numbers.
_CLEARLY = 0.01
_ENDLESS = 2**62
Near = tuple[str, frozenset[str]]


def near_to(secret: Secret) -> Near:
    """Where a search for a secret looks first: in the tables that share a dimension with it."""
    return secret.unit, _family(tuple(dim for dim, _ in secret.where))


class Sums:
    """Many counts of many schools at once, in whole numbers."""

    def __init__(self, forms: Iterable[Form]) -> None:
        import numpy

        parts = [tuple(form.items()) or ((0, 0),) for form in forms]
        self._starts = numpy.cumsum([0, *map(len, parts)])[:-1]
        self._variables = numpy.array([var for form in parts for var, _ in form], dtype=numpy.int64)
        self._factors = numpy.array([factor for form in parts for _, factor in form], dtype=numpy.int64)

    def of(self, schools: Any) -> Any:
        """What each form comes to (columns) in each school (rows)."""
        import numpy

        if not len(self._starts):
            return numpy.zeros((len(schools), 0), dtype=numpy.int64)
        return numpy.add.reduceat(schools[:, self._variables] * self._factors, self._starts, axis=1)


class Search:
    """What the world is bound by, and what these cells tell."""

    def __init__(self, world: World, cells: Iterable[Cell]) -> None:
        self._told = [(cell, world.form(*cell.bare)) for cell in dict.fromkeys(cells)]
        self._world, self._count = world, len(world.truth)
        self._rows = [*world.rows, *(_row(cell, form) for cell, form in self._told if cell.shown != HIDDEN)]
        self._exact: tuple[Any, ...] | None = None
        self._whole: highspy.Highs | None = None
        self._goal: set[int] = set()
        self._near: Near | None = None
        self._held: dict[Near, Any] = {}
        self._fractions: highspy.Highs | None = None
        self._asked: set[int] = set()

    @property
    def current(self) -> bool:
        """Whether the world has no more variables than when this was made."""
        return self._count == len(self._world.truth)

    def fits(self, schools: Any) -> Any:
        """Which of these schools (an array, a row each) agree with everything told, in whole numbers."""
        import numpy

        if self._exact is None:
            rows = self._world.rows
            bounds = [cell.bounds for cell, _ in self._told] + [(row.low, row.high) for row in rows]
            self._exact = (
                Sums([*(form for _, form in self._told), *(dict(row.form) for row in rows)]),
                numpy.array([low for low, _ in bounds], dtype=numpy.int64),
                numpy.array([_ENDLESS if high is None else high for _, high in bounds], dtype=numpy.int64),
            )
        sums, low, high = self._exact
        found = sums.of(schools)
        return (schools >= 0).all(axis=1) & (low <= found).all(axis=1) & (found <= high).all(axis=1)

    def rules_out(self, form: Form, largest: bool, edge: int) -> bool:
        """Whether no school that fits has `form` as large (or as small) as `edge`, not even one in fractions. False
        says nothing. Each search goes on where the last one ended, so that most take a few steps."""
        import highspy

        if self._fractions is None:
            # What the last one ended with still fits; only what is asked for is new: the primal simplex.
            self._fractions = self._model({"simplex_strategy": 4})
        self._asked = _aim(self._fractions, form, largest, self._asked)
        self._fractions.run()
        if self._fractions.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return False
        found = self._fractions.getInfo().objective_function_value
        return bool(-found < edge - _CLEARLY if largest else found > edge + _CLEARLY)

    def school(self, form: Form, largest: bool, near: Near | None = None, edge: int | None = None) -> Any:
        """A school that fits (an array, as `fits` takes them, of one row), with `form` as large (or as small) as was
        found, or, where `edge` is given, just that large (small); None where none was found.

        near: only the tables of a unit that share a dimension are searched, the others are as in the true school.
        """
        import highspy
        import numpy

        if self._whole is None:
            self._whole = self._model({"mip_rel_gap": 0.2, "mip_feasibility_tolerance": 1e-9,
                                       "mip_heuristic_run_feasibility_jump": False})  # fmt: skip
            whole = numpy.array([highspy.HighsVarType.kInteger] * self._count)
            self._whole.changeColsIntegrality(self._count, numpy.arange(self._count, dtype=numpy.int32), whole)
        model = self._whole
        self._hold(model, near)
        self._goal = _aim(model, form if edge is None else {}, largest, self._goal)
        if edge is not None:
            low, high = (float(edge), highspy.kHighsInf) if largest else (-highspy.kHighsInf, float(edge))
            model.addRow(low, high, len(form), numpy.array([*form], dtype=numpy.int32),
                         numpy.array([float(factor) for factor in form.values()]))  # fmt: skip
        model.run()
        status, values = model.getModelStatus(), numpy.array(model.getSolution().col_value)[: self._count]
        if edge is not None:
            model.deleteRows(1, numpy.array([len(self._rows)], dtype=numpy.int32))
        if status not in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kTimeLimit):
            return None
        if len(values) < self._count:
            return None
        school = numpy.rint(values).astype(numpy.int64)[None, :]
        return school if self.fits(school)[0] else None

    def _hold(self, model: highspy.Highs, near: Near | None) -> None:
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

    def _model(self, options: Mapping[str, float | bool]) -> highspy.Highs:
        """All rows over all variables, each from 0 to more than there ever are."""
        import highspy
        import numpy

        rows, count = self._rows, self._count
        model = highspy.Highs()  # type: ignore[no-untyped-call]
        for name, value in {"output_flag": False, "threads": 1, "time_limit": SECONDS, **options}.items():
            model.setOptionValue(name, value)
        model.addVars(count, numpy.zeros(count), numpy.full(count, float(self._world.most)))
        sizes = [len(row.form) for row in rows]
        model.addRows(
            len(rows), numpy.array([float(row.low) for row in rows]), numpy.array([float(row.high) for row in rows]),
            sum(sizes), numpy.cumsum([0, *sizes], dtype=numpy.int32)[:-1],
            numpy.array([var for row in rows for var, _ in row.form], dtype=numpy.int32),
            numpy.array([float(factor) for row in rows for _, factor in row.form]),
        )  # fmt: skip
        return model


def _aim(model: highspy.Highs, form: Form, largest: bool, before: set[int]) -> set[int]:
    """Let a model look for the largest (smallest) of a form; before: what it looked for until now."""
    import numpy

    goal = {var: float(-factor if largest else factor) for var, factor in form.items()}
    if touched := sorted(before | goal.keys()):
        model.changeColsCost(
            len(touched), numpy.array(touched, dtype=numpy.int32), numpy.array([goal.get(var, 0.0) for var in touched])
        )
    return set(goal)


@cache
def _family(ids: tuple[str, ...]) -> frozenset[str]:
    return frozenset(FAMILY.get(dim, dim) for dim in ids)


def _row(cell: Cell, form: Form) -> Row:
    """What a cell tells, as a row; it tells a largest number."""
    low, high = cell.bounds
    assert high is not None
    return Row(tuple(sorted(form.items())), low, high)
