"""Every school that a reader of anonymous reports may imagine: integer counts, bound together by what adds up.

A table's cells are variables, a time atom and a category each; what the reader is told are rows over them. The true
school is one point among them. Pure: search.py searches, this says what is searched.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product

from esafety_tui.reports.cells import Cell, Where, place
from esafety_tui.reports.course import COURSE, COURSES, MISTAKEN, SAID, seen
from esafety_tui.reports.figures import ACTIONS, FILTERS, INCIDENTS, OTHER, PARTS, PUPILS, SAME, Tally

Form = Mapping[int, int]
Times = frozenset[str]
_Var = tuple[str, Times, tuple[str, ...], tuple[str, ...]]
EVERYWHERE: Where = ()
OFTEN: Where = (("repeat", frozenset({"more"})),)


@dataclass(frozen=True)
class Row:
    """low <= form <= high, over the variables of a World."""

    form: tuple[tuple[int, int], ...]
    low: int
    high: int

    def holds(self, school: Sequence[int]) -> bool:
        return self.low <= sum(factor * school[var] for var, factor in self.form) <= self.high


@dataclass(frozen=True)
class Secret:
    """A count that must stay hidden: a reader must find schools in which it is at most `low`, and at least `high`.

    without: the count of these times is taken off (who came new from one period to a longer one).
    """

    unit: str
    times: Times
    where: Where
    low: int
    high: int
    without: Times = frozenset()


@dataclass
class World:
    """The variables, what binds them whatever is told, and the true school. Made by `world`."""

    tally: Tally
    most: int
    index: dict[_Var, int] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    truth: list[int] = field(default_factory=list)
    _made: set[tuple[str, Times, tuple[str, ...]]] = field(default_factory=set)
    _forms: dict[tuple[str, Times, Where], Form] = field(default_factory=dict)

    def cats(self, dim: str) -> tuple[str, ...]:
        """The categories of a dimension."""
        return tuple(id for id, _ in self.tally.dims[dim].cats)

    def form(self, unit: str, times: Times, where: Where) -> Form:
        """The count as a sum of variables, each made when it is first needed."""
        bare = unit, times, where
        if bare not in self._forms:
            self._forms[bare] = self._form(*bare)
        return self._forms[bare]

    def _form(self, unit: str, times: Times, where: Where) -> Form:
        where = tuple((dim, cats) for dim, cats in where if len(cats) < len(self.cats(dim)))
        ids = tuple(dim for dim, _ in where)
        found: dict[int, int] = {}
        for time in self.atoms(unit, times):
            self._table(unit, time, ids)
            for cats in product(*(sorted(cats) for _, cats in where)):
                var = self.index[unit, time, ids, cats]
                found[var] = found.get(var, 0) + 1
        return found

    def secret(self, secret: Secret) -> Form:
        """The count of a secret."""
        form = self.form(secret.unit, secret.times, secret.where)
        return _less(form, self.form(secret.unit, secret.without, secret.where)) if secret.without else form

    def true(self, form: Form) -> int:
        """What a form comes to in the true school."""
        return sum(factor * self.truth[var] for var, factor in form.items())

    @staticmethod
    def atoms(unit: str, times: Times) -> tuple[Times, ...]:
        """What adds up over time: the time atoms, but for pupils only the period as a whole."""
        return (times,) if unit == PUPILS else tuple(frozenset({time}) for time in sorted(times))

    def _table(self, unit: str, time: Times, ids: tuple[str, ...]) -> None:
        """The variables of a table, and that its margins are the tables with one dimension less."""
        if (unit, time, ids) in self._made:
            return
        self._made.add((unit, time, ids))
        for cats in product(*(self.cats(dim) for dim in ids)):
            self.index[unit, time, ids, cats] = len(self.truth)
            where = {dim: frozenset({cat}) for dim, cat in zip(ids, cats, strict=True)}
            self.truth.append(self.tally.value(unit, time, where))
        for at in range(len(ids)):
            rest = ids[:at] + ids[at + 1 :]
            self._table(unit, time, rest)
            for cats in product(*(self.cats(dim) for dim in rest)):
                inner = [(*cats[:at], cat, *cats[at:]) for cat in self.cats(ids[at])]
                row = {self.index[unit, time, ids, one]: 1 for one in inner}
                row[self.index[unit, time, rest, cats]] = -1
                self._bind(row, 0, 0)

    def _bind(self, form: Form, low: int, high: int | None = None) -> None:
        self.rows.append(Row(tuple(sorted(form.items())), low, self.most**2 if high is None else high))


def world(tally: Tally, cells: Iterable[Cell], shapes: Iterable[tuple[str, Times, Where]]) -> World:
    """The world in which these cells, and any that have one of these shapes, can be spoken of."""
    times: dict[str, set[Times]] = {}
    every = [(unit, when, where) for unit, when, where in shapes] + [cell.bare for cell in cells]
    everything = frozenset[str]().union(*(when for _, when, _ in every))
    units = {unit for unit, _, _ in every}
    largest = max((tally.value(unit, everything, {}) for unit in units), default=0)
    made = World(tally, 4 * largest + 100)
    for unit, when, where in every:
        times.setdefault(unit, set()).add(when)
        made.form(unit, when, where)
    periods = sorted(times.get(PUPILS, ()), key=sorted)
    for small, large in combinations(periods, 2):
        _nested(made, small, large) if small < large else _nested(made, large, small) if large < small else None
    _covered(made, periods)
    for period in periods:
        _pupils_and_parts(made, period)
    used = {dim for _, _, where in every for dim, _ in where}
    for (dim, cats), (other, others) in SAME:
        if {dim, other} <= used:
            _same(made, everything, place({dim: frozenset(cats)}), place({other: frozenset(others)}))
    if INCIDENTS in units and used & set(COURSE):
        _courses_and_what_they_bind(made, every, everything, used)
    if {INCIDENTS, PARTS} <= units:
        _parts_and_incidents(made, everything)
    if {INCIDENTS, ACTIONS} <= units and "sanction" in dict(made.tally.dims["action"].broad_cats):
        _sanctions(made, everything)
    if FILTERS in units:
        _filters(made, {when for unit, when, _ in every if unit == FILTERS})
    return made


def _courses_and_what_they_bind(
    made: World, every: Iterable[tuple[str, Times, Where]], times: Times, used: set[str]
) -> None:
    bound = [dim for dim in COURSE if dim in used or dim == "staff"]
    settled = any({"kind", "referral"} <= dict(where).keys() for _, _, where in every)
    for at, ways in _courses(made, times, bound).items():
        if "kind" in used:
            _about_nothing_said(made, at, ways, settled)
        if any(unit == ACTIONS for unit, _, _ in every):
            _no_slips(made, at, ways)


def _same(made: World, times: Times, one: Where, other: Where) -> None:
    """What everybody knows to be the same count, where it is so."""
    for time in sorted(times):
        at = frozenset({time})
        form = _less(made.form(INCIDENTS, at, one), made.form(INCIDENTS, at, other))
        if made.true(form) == 0:
            made._bind(form, 0, 0)


def _courses(made: World, times: Times, used: Sequence[str]) -> dict[Times, dict[tuple[str, ...], int]]:
    """An incident's categories go together as the procedure has it; what went otherwise, a reader is taken to know.
    Gives the variable of each course, by time atom."""
    found: dict[Times, dict[tuple[str, ...], int]] = {}
    for time in sorted(times):
        at = frozenset({time})
        ways = found.setdefault(at, {})
        true: Counter[tuple[str, ...]] = Counter()
        for cats, n in made.tally.spread(INCIDENTS, at, COURSE).items():
            true[tuple(map(seen, COURSE, cats))] += n
        for cats in sorted(COURSES | true.keys()):
            ways[cats] = made.index[INCIDENTS, at, COURSE, cats] = len(made.truth)
            made.truth.append(true[cats])
            if cats not in COURSES:
                made._bind({ways[cats]: 1}, true[cats], true[cats])
        for dim in used:
            alike: dict[str, set[str]] = {}
            for cat in made.cats(dim):
                alike.setdefault(seen(dim, cat), set()).add(cat)
            for one, inside in alike.items():
                form = _on(ways, dim, one)
                made._bind(_less(form, made.form(INCIDENTS, at, place({dim: frozenset(inside)}))), 0, 0)
    return found


def _on(ways: Mapping[tuple[str, ...], int], dim: str, cat: str) -> dict[int, int]:
    """The courses that have a category."""
    return {var: 1 for cats, var in ways.items() if cats[COURSE.index(dim)] == cat}


def _about_nothing_said(made: World, at: Times, ways: Mapping[tuple[str, ...], int], settled: bool) -> None:
    """What is about staff, or was opened by mistake, is counted as "something else"; settled: also by who was told."""
    mine = {**_on(ways, "staff", "yes"), **{ways[cats]: 1 for cats in MISTAKEN}}
    other = {"kind": frozenset({OTHER})}
    rows = [(mine, place(other))]
    for cat in made.cats("referral") if settled else ():
        told = _on(ways, "referral", cat)
        rows.append(({var: 1 for var in mine if var in told}, place({**other, "referral": frozenset({cat})})))
    for form, where in rows:
        gap = _less(made.form(INCIDENTS, at, where), form)
        made._bind(gap, min(0, made.true(gap)))


def _no_slips(made: World, at: Times, ways: Mapping[tuple[str, ...], int]) -> None:
    """What is decided for a pupil is decided in the full procedure: a short record does not ask for it."""
    full = {var: made.most * factor for var, factor in _on(ways, "how", SAID).items()}
    form = _less(full, made.form(ACTIONS, at, EVERYWHERE))
    if made.true(form) >= 0:
        made._bind(form, 0)


def _sanctions(made: World, times: Times) -> None:
    """A sanction follows a judgement that there was substance, or an agency's that there was a crime (R9)."""
    broad = made.tally.dims["action"].broad
    sanctions = place({"action": frozenset(id for id, to in broad.items() if to == "sanction")})
    for time in sorted(times):
        at = frozenset({time})
        grounds = made.form(INCIDENTS, at, place({"substance": frozenset({"yes"})}))
        grounds = _less(grounds, made.form(INCIDENTS, at, place({"answer": frozenset({"crime"})})), -1)
        form = _less({var: made.most * factor for var, factor in grounds.items()}, made.form(ACTIONS, at, sanctions))
        if made.true(form) >= 0:
            made._bind(form, 0)


def _filters(made: World, periods: Iterable[Times]) -> None:
    """What was decided had been asked for, and what was put back had been agreed: where that is so of a period."""
    for when in sorted(periods, key=sorted):
        for earlier, later in ((("asked-allow", "asked-block"), ("agreed", "refused")), (("agreed",), ("reverted",))):
            form = _less(
                made.form(FILTERS, when, place({"filter": frozenset(earlier)})),
                made.form(FILTERS, when, place({"filter": frozenset(later)})),
            )
            if made.true(form) >= 0:
                made._bind(form, 0)


def _groups(made: World) -> tuple[Where, ...]:
    return tuple(place({"group": frozenset({cat})}) for cat in made.cats("group"))


def _nested(made: World, small: Times, large: Times) -> None:
    """Whoever was counted in a part of a period was counted in all of it, and as often."""
    for where in (EVERYWHERE, OFTEN, *_groups(made)):
        made._bind(_less(made.form(PUPILS, large, where), made.form(PUPILS, small, where)), 0)


def _covered(made: World, periods: Sequence[Times]) -> None:
    """A period's pupils are no more than those of the periods that make it up."""
    for whole in periods:
        inside = [one for one in periods if one < whole]
        if inside and frozenset[str]().union(*inside) == whole:
            for where in (EVERYWHERE, *_groups(made)):
                form: dict[int, int] = {}
                for one in inside:
                    form = _less(form, made.form(PUPILS, one, where), -1)
                made._bind(_less(form, made.form(PUPILS, whole, where)), 0)


def _pupils_and_parts(made: World, period: Times) -> None:
    """Every pupil counted had a part, and every part is a counted pupil's; a part more is that of one in two or more,
    who had no more parts than there were incidents."""
    more = max(made.tally.value(INCIDENTS, period, {}) - 1, 1)
    for cat in made.cats("group"):
        pupils = made.form(PUPILS, period, place({"group": frozenset({cat})}))
        often = made.form(PUPILS, period, place({"group": frozenset({cat}), **dict(OFTEN)}))
        parts = made.form(PARTS, period, place({"part-group": frozenset({cat})}))
        again = _less(parts, pupils)
        made._bind(_less(again, often), 0)
        made._bind(_less({var: more * factor for var, factor in often.items()}, again), 0)
        made._bind(_less(dict.fromkeys(pupils, made.most), parts), 0)
    everybody = made.form(PUPILS, period, EVERYWHERE)
    again = _less(made.form(PARTS, period, EVERYWHERE), everybody)
    made._bind(_less(again, made.form(PUPILS, period, OFTEN)), 0)


def _parts_and_incidents(made: World, times: Times) -> None:
    """Where no incident was about something, nobody had a part in one; and one in which no pupil had a part is about
    staff, but for those that a reader is taken to know of."""
    for time in sorted(times):
        one = frozenset({time})
        staff = made.form(INCIDENTS, one, place({"staff": frozenset({"yes"})}))
        for cat in made.cats("kind"):
            incidents = made.form(INCIDENTS, one, place({"kind": frozenset({cat})}))
            parts = made.form(PARTS, one, place({"part-kind": frozenset({cat})}))
            made._bind(_less(dict.fromkeys(incidents, made.most), parts), 0)
            about_pupils = _less(incidents, staff) if cat == OTHER else incidents
            gap = _less(parts, about_pupils)
            made._bind(gap, min(0, made.true(gap)))
            if cat == OTHER:
                made._bind(about_pupils, 0)


def _less(form: Form, other: Form, sign: int = 1) -> dict[int, int]:
    found = dict(form)
    for var, factor in other.items():
        found[var] = found.get(var, 0) - sign * factor
    return found
