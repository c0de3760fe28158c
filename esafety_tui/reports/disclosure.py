"""Disclosure control of an anonymous report (R12): hide, prove, and where the proof fails show less, until it holds.

Nothing is shown that was not proven together with everything that earlier reports of an overlapping period told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from esafety_tui.reports import feasible, world
from esafety_tui.reports.cells import HIDDEN, Cell, Where, place
from esafety_tui.reports.figures import FAMILY, INCIDENTS, PARTS, PUPILS, UNITS, Dimension, Tally
from esafety_tui.reports.plans import TIME, TOTAL, Grid, Plan, Shape, fine, grid, in_order
from esafety_tui.reports.suppress import Line, hide_one_more, is_exact, suppress
from esafety_tui.reports.world import Secret, Times
from esafety_tui.reports.years import BESIDE, Year, beside

Bare = tuple[str, Times, Where]
REPAIRS = 3
_AT_ONCE = 12
_BESIDE_SAID = {
    1: "School years are shown beside each other as a whole, not term by term: a few incidents would stand out.",
    2: "Earlier school years are not shown beside this one: a few incidents would stand out.",
}
#: What is said of everything that is counted in a unit.
_ALL = "all "
_STAFF: Where = (("staff", frozenset({"yes"})),)


@dataclass(frozen=True)
class Question:
    """What a report wants to tell. terms: (key, title, time atoms) of its period, in order; years: school years whose
    numbers stand beside each other, this one last, with as many terms each; earlier: every cell that an issued report
    of an overlapping period told; periods: the time atoms that each of those reports covers."""

    plans: tuple[Plan, ...]
    terms: tuple[tuple[str, str, Times], ...]
    threshold: int
    years: tuple[Year, ...] = ()
    earlier: tuple[Cell, ...] = ()
    periods: tuple[Times, ...] = ()

    @property
    def times(self) -> Times:
        """The whole period."""
        return frozenset[str]().union(*(times for _, _, times in self.terms))


@dataclass(frozen=True)
class Answer:
    """What may be told. shown: per count; coarsened: in words, what is shown less finely than it could be, and why;
    withheld: the titles of tables that are not shown at all."""

    grids: tuple[Grid, ...]
    shown: Mapping[Bare, str]
    coarsened: tuple[str, ...]
    withheld: tuple[str, ...]
    threshold: int

    def tells_of(self, unit: str) -> bool:
        """Whether it tells how many of a unit there were, or that there were few or none."""
        totals = [one.cells[TOTAL, TOTAL] for one in self.grids if one.plan.unit == unit and one.plan is not BESIDE]
        return any(self.shown[bare] != HIDDEN for bare in totals)

    def cells(self) -> tuple[Cell, ...]:
        """Everything that it tells, for the reports after it."""
        return tuple(Cell(*bare, sign, self.threshold) for bare, sign in self.shown.items())


@dataclass
class _Draft:
    """A report on its way. levels: how far down its ladder each plan is (past the end: not shown)."""

    question: Question
    tally: Tally
    dims: Mapping[str, Dimension]
    levels: dict[str, int] = field(default_factory=dict)
    extra: set[Bare] = field(default_factory=set)
    repaired: dict[str, int] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    grids: list[Grid] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    values: dict[object, int] = field(default_factory=dict)
    shown: dict[object, str] = field(default_factory=dict)
    floor: dict[str, int] = field(default_factory=dict)
    counted: dict[Bare, int] = field(default_factory=dict)
    first_said: dict[str, str] = field(default_factory=dict)

    # -- what it tells now

    def make(self) -> None:
        """Lay the tables out in their present shapes, and hide what has to be hidden at first."""
        q = self.question
        self.grids = [
            grid(plan, plan.ladder[self.levels[plan.id]], self.dims, q.terms)
            for plan in q.plans
            if self.levels[plan.id] < len(plan.ladder)
        ]
        if q.years and self.levels[BESIDE.id] < len(BESIDE.ladder):
            self.grids.append(beside(q.years, self.levels[BESIDE.id]))
        self.lines = [line for one in self.grids for line in one.lines()]
        bares = dict.fromkeys(bare for one in self.grids for bare in one.cells.values())
        self.values = {bare: self._value(bare) for bare in bares}
        told: dict[object, str] = {cell.bare: cell.shown for cell in q.earlier}
        told |= dict.fromkeys(self.extra, HIDDEN)
        self.shown = suppress(self.values, self.lines, q.threshold, told)

    def cells(self) -> list[Cell]:
        shown = cast("dict[Bare, str]", self.shown)
        return [Cell(*bare, sign, self.question.threshold) for bare, sign in shown.items()]

    def _value(self, bare: Bare) -> int:
        if bare not in self.counted:
            unit, times, where = bare
            self.counted[bare] = self.tally.value(unit, times, dict(where))
        return self.counted[bare]

    # -- what must stay hidden

    def secrets(self) -> list[Secret]:
        """Every small count of the time atoms, terms, periods and what lies between two reports, in every way of
        counting that this report could use at its finest or an earlier one used: a table that is not shown is still
        worth working out. With them every zero that is hidden, every group that is all in one place, and whether
        anything was about staff."""
        q, low, high = self.question, 1, self.question.threshold - 1
        found: dict[Secret, None] = {}
        ways, reach = self._ways(), self._reach
        for unit in sorted(ways):
            for times, without in self._times(unit):
                near = not times.isdisjoint(reach)
                for where in ways[unit] if near else [()]:
                    value = self._value((unit, times, where))
                    value -= self._value((unit, without, where)) if without else 0
                    if 1 <= value <= high and not (without and any(dim == "repeat" for dim, _ in where)):
                        least = 0 if where == _STAFF else low
                        found[Secret(unit, times, where, least, high, without)] = None
        for bare, sign in cast("dict[Bare, str]", self.shown).items():
            if sign == HIDDEN and not self.values[bare]:
                found[Secret(*bare, 0, 1)] = None
        for plan in q.plans:
            if plan.strict:
                for line in grid(plan, plan.ladder[0], self.dims, q.terms).lines():
                    found |= dict.fromkeys(self._elsewhere(line))
        # Totals first: where they give something away, no table below them can help.
        return sorted(found, key=lambda secret: len(secret.where))

    @property
    def _reach(self) -> Times:
        """The time of which more than totals is told: that of this report and of those before it."""
        return self.question.times.union(*(cell.times for cell in self.question.earlier if cell.where))

    def _ways(self) -> dict[str, list[Where]]:
        """The ways of counting each unit, the same on every run: this report's finest, and those of earlier ones."""
        found: dict[str, set[Where]] = {}
        for cell in (*self.question.earlier, *self.cells()):
            found.setdefault(cell.unit, set()).add(cell.where)
        kinds = {(unit, tuple(dim for dim, _ in where)) for unit, ways in found.items() for where in ways}
        for plan in self.question.plans:
            dims = sorted(axis.dim for shape in plan.ladder[:1] for axis in shape.axes() if axis.dim != TIME)
            kinds.add((plan.unit, tuple(dims)))
        for unit, ids in kinds:
            found.setdefault(unit, set()).update(fine(ids, self.dims))
        if INCIDENTS in found:
            found[INCIDENTS].add(_STAFF)
        return {unit: sorted(ways, key=in_order) for unit, ways in found.items()}

    def _elsewhere(self, line: Line) -> list[Secret]:
        """That what a line counts is not all in one place, where it is."""
        some = [part for part in line.parts if self._value(cast(Bare, part))]
        if not line.strict or len(some) != 1 or len(line.parts) < 2:
            return []
        unit, times, where = cast(Bare, some[0])
        total = dict(cast(Bare, line.total)[2])
        (dim,) = [dim for dim, _ in where if dim not in total]
        others = frozenset(cat for cat, _ in self.dims[dim].cats) - dict(where)[dim]
        return [Secret(unit, times, place({**total, dim: others}), 0, 1)]

    def _times(self, unit: str) -> list[tuple[Times, Times]]:
        q = self.question
        whole = list(dict.fromkeys((q.times, *q.periods)))
        none: Times = frozenset()
        if unit == PUPILS:
            return [(one, none) for one in whole] + [(a, b) for a in whole for b in whole if b < a]
        parts = [times for _, _, times in q.terms] + [times for year in q.years for _, _, times in year.terms]
        years = [year.times for year in q.years]
        atoms = [frozenset({atom}) for times in (*whole, *parts) for atom in sorted(times)]
        between = [found for a in whole for b in whole if a != b for found in (a - b, a & b) if found]
        return [(times, none) for times in dict.fromkeys((*atoms, *parts, *years, *whole, *between))]

    # -- telling less

    def repair(self, failing: Sequence[Secret]) -> bool:
        """Hide one more count in the tables that give something away; whether there was one worth trying."""
        done: set[str] = set()
        if not failing[0].where and not self._by_term(failing[0].unit):
            return False
        # Against what earlier reports told, hiding one count more seldom helps.
        most = 1 if self.question.earlier else REPAIRS
        for secret in failing[:_AT_ONCE]:
            for one in self.grids:
                if one.plan.unit != secret.unit or self.repaired.get(one.plan.id, 0) >= most:
                    continue
                line = next((line for line in one.lines() if self._touches(line, secret)), None)
                if line is not None and hide_one_more(line, self.values, self.shown):
                    done.add(one.plan.id)
        for id in done:
            self.repaired[id] = self.repaired.get(id, 0) + 1
        if done:
            self.extra |= {bare for bare, sign in self.shown.items() if sign == HIDDEN}  # type: ignore[misc]
        return bool(done)

    def _touches(self, line: Line, secret: Secret) -> bool:
        """Whether a line has a hidden part of which the secret is one."""
        for part in line.parts:
            _, times, where = cast(Bare, part)
            mine, theirs = dict(where), dict(secret.where)
            same = mine.keys() == theirs.keys() and all(mine[dim] & theirs[dim] for dim in mine)
            if same and times & secret.times and not is_exact(self.shown[part]):
                return True
        return False

    def coarsen(self, failing: Sequence[Secret]) -> bool:
        """Take the table that gives most away a step further down; whether there was one left."""
        secret = failing[0]
        dims = frozenset(dim for dim, _ in secret.where)
        open_ = [plan for plan in self.question.plans if self.levels[plan.id] < len(plan.ladder)]
        beside = self.levels[BESIDE.id] < len(BESIDE.ladder) and bool(self.question.years)
        inside = secret.times <= self.question.times and (dims or self._by_term(INCIDENTS))
        if beside and secret.unit == INCIDENTS and not inside:
            self.levels[BESIDE.id] += 1
            self.said[BESIDE.id] = _BESIDE_SAID[self.levels[BESIDE.id]]
            return True
        by_term = [] if dims else self._by_term(secret.unit)
        if not dims and not by_term and self.leave_out(secret.unit):
            return True
        if not open_:
            return False
        plan = min(by_term or open_, key=lambda plan: self._blame(plan, secret.unit, dims))
        self.step(plan, self._why())
        # Others that give something away by themselves go at once; where that was too much, `refine` takes it back.
        rest = [one for one in open_ if one is not plan]
        for other in failing[1:]:
            mine = frozenset(dim for dim, _ in other.where)
            told = [one for one in rest if not self._blame(one, other.unit, mine)[0]]
            if told:
                rest.remove(told[0])
                self.step(told[0], self._why())
        return True

    def _blame(self, plan: Plan, unit: str, dims: frozenset[str]) -> tuple[int, int]:
        """How little a table, as it is now, has to do with a secret: the smallest comes first."""
        used = {axis.dim for axis in plan.ladder[self.levels[plan.id]].axes()}
        kin = {FAMILY.get(dim, dim) for dim in used} & {FAMILY.get(dim, dim) for dim in dims}
        if used & dims and plan.unit == unit:
            return 0, -len(used & dims) - len(used)
        if kin:
            return 1, -len(used)
        if unit in (PUPILS, PARTS) and plan.unit == PARTS:
            return 2, -len(used)
        return (3 if plan.unit == unit else 4), -len(used)

    def refine(self, prover: feasible.Prover) -> None:
        """Show again, one step finer, what turns out to be safe now that other tables tell less."""
        for plan in self.question.plans:
            if self.levels[plan.id] <= self.floor[plan.id] or _ALL + plan.unit in self.said:
                continue
            before, said = self.levels[plan.id], dict(self.said)
            self.step(plan, self._why(), -1)
            self.make()
            if not prover.safe(self.cells(), self.secrets()):
                self.levels[plan.id], self.said = before, said
                self.make()

    def _by_term(self, unit: str) -> list[Plan]:
        """The tables of a unit that now tell its terms apart."""
        now = [one for one in self.grids if one.plan.unit == unit and len(one.rows) + len(one.cols) > 2]
        return [one.plan for one in now if any(axis.dim == TIME for axis in one.shape.axes())]

    def _why(self) -> str:
        return (
            "together with an earlier report it would give away a small number"
            if self.question.earlier
            else "a small number could be worked out"
        )

    def step(self, plan: Plan, why: str, by: int = 1) -> None:
        """One step down, and said why; or up again, as far as it was at first."""
        self.levels[plan.id] += by
        self.repaired.pop(plan.id, None)
        at = self.levels[plan.id]
        if by < 0 and at <= self.floor[plan.id]:
            self.said.pop(plan.id, None)
            if plan.id in self.first_said:
                self.said[plan.id] = self.first_said[plan.id]
            return
        if at >= len(plan.ladder):
            now = "not shown"
        elif plan.ladder[at].rows is None:
            now = "only the total is shown"
        else:
            now = f"shown {plan.ladder[at].what}, not {plan.ladder[at - 1].what}"
        self.said[plan.id] = f"{plan.title}: {now}, because {why}."

    def leave_out(self, unit: str) -> bool:
        """Show nothing of a unit, where its very total would tell too much; whether anything of it was shown."""
        open_ = [one for one in self.question.plans if one.unit == unit and self.levels[one.id] < len(one.ladder)]
        for plan in open_:
            self.levels[plan.id] = len(plan.ladder)
        for plan in self.question.plans:
            if plan.unit == unit:
                self.said.pop(plan.id, None)
        if unit == INCIDENTS:
            self.levels[BESIDE.id] = len(BESIDE.ladder)
        every = f"The number of {UNITS[unit]}, and every table of them"
        self.said[_ALL + unit] = f"{every}: not shown, because {self._why()}."
        return bool(open_)

    def broad_first(self) -> None:
        """Begin with what can say something: not with tables that would be stars, nor term by term with one term."""
        for plan in self.question.plans:
            if len(self.question.terms) == 1 and _by_time(plan.ladder[0]) and len(plan.ladder) > 1:
                self.levels[plan.id] = 1
            while self.levels[plan.id] < len(plan.ladder) - 1 and self._stars(plan):
                self.step(plan, "too few are counted, or all of them in one place")
        self.floor, self.first_said = dict(self.levels), dict(self.said)

    def _stars(self, plan: Plan) -> bool:
        one = grid(plan, plan.ladder[self.levels[plan.id]], self.dims, self.question.terms)
        inner = [self._value(bare) for (row, col), bare in one.cells.items()
                 if (row != TOTAL or len(one.rows) == 1) and (col != TOTAL or len(one.cols) == 1)]  # fmt: skip
        some = [value for value in inner if value]
        if not some or (plan.strict and len(some) == 1):
            return bool(some)
        large = sum(value >= self.question.threshold for value in some)
        return 2 * large < len(some) if len(one.cols) > 1 else not large


def _by_time(shape: Shape) -> bool:
    """Whether the columns of a table are terms."""
    return shape.cols is not None and shape.cols.dim == TIME


def control(question: Question, tally: Tally, check: Callable[[], None] = lambda: None) -> Answer:
    """What of these plans may be told: proven safe with everything that earlier reports told.

    check: called now and then; it may raise, to stop the search.
    """
    draft = _Draft(question, tally, tally.dims, dict.fromkeys([plan.id for plan in question.plans], 0) | {BESIDE.id: 0})
    draft.broad_first()
    shapes = [
        bare
        for plan in question.plans
        for shape in plan.ladder
        for bare in grid(plan, shape, tally.dims, question.terms).cells.values()
    ]
    shapes += [(INCIDENTS, times, ()) for year in question.years for _, _, times in year.terms]
    prover = feasible.Prover(world.world(tally, question.earlier, shapes), question.earlier, check)
    draft.make()
    while True:
        failing = prover.failing(draft.cells(), draft.secrets())
        if not failing or not (draft.repair(failing) or draft.coarsen(failing)):
            break
        draft.make()
    if not failing:
        draft.refine(prover)
    left = {one.plan.id for one in draft.grids}
    withheld = tuple(plan.title for plan in question.plans if plan.id not in left)
    shown: dict[Bare, str] = dict(draft.shown)  # type: ignore[arg-type]
    return Answer(tuple(draft.grids), shown, _together(draft.said.values()), withheld, question.threshold)


def _together(said: Iterable[str]) -> tuple[str, ...]:
    """Tables of which the same is said in one line."""
    alike: dict[str, list[str]] = {}
    for line in said:
        title, colon, rest = line.partition(": ")
        alike.setdefault(colon + rest, []).append(title)
    return tuple("; ".join(titles) + rest for rest, titles in alike.items())
