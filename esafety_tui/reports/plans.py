"""The tables of an anonymous report, each from its finest shape to its broadest. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from esafety_tui.reports.cells import Where, place
from esafety_tui.reports.figures import ACTIONS, FILTERS, INCIDENTS, PARTS, PUPILS, Dimension
from esafety_tui.reports.suppress import Line
from esafety_tui.reports.world import Times

TOTAL = ""
TIME = "time"


@dataclass(frozen=True)
class Axis:
    """A side of a table: a dimension, or TIME; broad: in its broader categories."""

    dim: str
    broad: bool = False


@dataclass(frozen=True)
class Shape:
    """How finely a table is shown; without rows it is the total alone. what: in words, for what was coarsened."""

    rows: Axis | None = None
    cols: Axis | None = None
    what: str = "the total alone"

    def axes(self) -> tuple[Axis, ...]:
        """The sides that it has."""
        return tuple(axis for axis in (self.rows, self.cols) if axis is not None)


@dataclass(frozen=True)
class Plan:
    """A table to be made. strict: it tells of people, so nobody may see that a group is all in one place;
    alone: its title where it is shown in one column."""

    id: str
    title: str
    unit: str
    ladder: tuple[Shape, ...]
    strict: bool = False
    alone: str = ""


@dataclass(frozen=True)
class Grid:
    """A table of counts by place. rows, cols: (id, title), TOTAL last; cells: which count stands where."""

    plan: Plan
    shape: Shape
    rows: tuple[tuple[str, str], ...]
    cols: tuple[tuple[str, str], ...]
    cells: Mapping[tuple[str, str], tuple[str, Times, Where]]

    def lines(self) -> list[Line]:
        """Everything that adds up in it. Columns without one for all of them stand beside each other and do not."""
        found = []
        if len(self.rows) > 1 and self.rows[-1][0] == TOTAL:
            inner, strict = [id for id, _ in self.rows[:-1]], self._strict(self.shape.rows)
            found += [
                Line(tuple(self.cells[row, col] for row in inner), self.cells[TOTAL, col], strict)
                for col, _ in self.cols
            ]
        if len(self.cols) > 1 and self.cols[-1][0] == TOTAL:
            inner, strict = [id for id, _ in self.cols[:-1]], self._strict(self.shape.cols)
            found += [
                Line(tuple(self.cells[row, col] for col in inner), self.cells[row, TOTAL], strict)
                for row, _ in self.rows
            ]
        return found

    def _strict(self, axis: Axis | None) -> bool:
        """Whether nobody may see that all are in one place along an axis; that they are in one term says little."""
        return self.plan.strict and axis is not None and axis.dim != TIME


def grid(plan: Plan, shape: Shape, dims: Mapping[str, Dimension], terms: Sequence[tuple[str, str, Times]]) -> Grid:
    """The table of a plan in one of its shapes. terms: (key, title, time atoms) of the report's period, in order."""
    everything = frozenset[str]().union(*(times for _, _, times in terms))
    # One term alone is the whole period.
    across = None if shape.cols and shape.cols.dim == TIME and len(terms) == 1 else shape.cols
    rows, cols = _side(shape.rows, dims, terms), _side(across, dims, terms)
    cells = {}
    for row, _, row_where, row_times in rows:
        for col, _, col_where, col_times in cols:
            where = dict((*row_where, *col_where))
            cells[row, col] = (plan.unit, everything & row_times & col_times, place(where))
    return Grid(plan, shape, tuple(one[:2] for one in rows), tuple(one[:2] for one in cols), cells)


_Side = tuple[str, str, Where, Times]


def _side(axis: Axis | None, dims: Mapping[str, Dimension], terms: Sequence[tuple[str, str, Times]]) -> list[_Side]:
    everything = frozenset[str]().union(*(times for _, _, times in terms))
    total: _Side = (TOTAL, "All", (), everything)
    if axis is None:
        return [total]
    if axis.dim == TIME:
        return [*((key, title, (), times) for key, title, times in terms), total]
    dim = dims[axis.dim]
    if axis.broad:
        inside = {id: frozenset(fine for fine, to in dim.broad.items() if to == id) for id, _ in dim.broad_cats}
        cats = [(id, title, inside[id]) for id, title in dim.broad_cats]
    else:
        cats = [(id, title, frozenset({id})) for id, title in dim.cats]
    return [*((id, title, ((dim.id, inner),), everything) for id, title, inner in cats if inner), total]


def _one(dim: str, what: str = "one column", then: tuple[Shape, ...] = ()) -> tuple[Shape, ...]:
    return (Shape(Axis(dim), None, what), *then, Shape())


#: The tables of the governors' report, in its order.
GOVERNORS = (
    Plan("terms", "Incidents by term", INCIDENTS, _one(TIME, "term by term")),
    Plan("kinds", "What the incidents were about", INCIDENTS,
         (Shape(Axis("kind"), Axis(TIME), "by term"), *_one("kind", "for the whole period")), True),
    Plan("how", "How they came to light", INCIDENTS, _one("how")),
    Plan("class", "Everyday incidents and suspicions", INCIDENTS, _one("class")),
    Plan("branch", "Which way they went", INCIDENTS, _one("branch")),
    Plan("substance", "Whether there was substance", INCIDENTS, _one("substance")),
    Plan("referral", "Who outside was told", INCIDENTS, _one("referral")),
    Plan("answer", "What the agencies answered", INCIDENTS, _one("answer")),
    Plan("refer-time", "From the record to the first call", INCIDENTS, _one("refer-time")),
    Plan("status", "Where they stand", INCIDENTS, _one("status")),
    Plan("close-time", "From the record to the end", INCIDENTS, _one("close-time")),
    Plan("bullying", "Bullying, and what became of it", INCIDENTS, _one("bullying")),
    Plan("motive", "What mainly moved the bullying", INCIDENTS, _one("motive")),
    Plan("method", "How the bullying was mainly done", INCIDENTS, _one("method")),
    Plan("settled", "How each kind was settled", INCIDENTS,
         (Shape(Axis("kind"), Axis("referral"), "by kind"), Shape())),
    Plan("groups", "Pupils involved, by group", PUPILS,
         (Shape(Axis("group"), None, "by year"), Shape(Axis("group", True), None, "by key stage"), Shape()), True),
    Plan("repeat", "Pupils in more than one incident", PUPILS, _one("repeat")),
    Plan("parts", "What pupils of each group were involved in", PARTS,
         (Shape(Axis("part-kind"), Axis("part-group"), "by year"),
          Shape(Axis("part-kind"), Axis("part-group", True), "by key stage"),
          Shape(Axis("part-kind"), None, "for all pupils together"), Shape()), True,
         "What pupils were involved in"),
    Plan("actions", "What was decided for pupils", ACTIONS,
         _one("action", "action by action", (Shape(Axis("action", True), None, "in two groups"),))),
    Plan("filter", "Changes of the filter", FILTERS, _one("filter")),
)  # fmt: skip

_COLLATED = ("terms", "kinds", "class", "referral", "status", "bullying", "motive", "settled", "groups", "actions")
#: The collated report: what happened and what followed, without how it was found and how long it took.
COLLATED = tuple(plan for plan in GOVERNORS if plan.id in _COLLATED)


def possible(plans: Iterable[Plan], dims: Mapping[str, Dimension]) -> tuple[Plan, ...]:
    """Those of the tables for which this policy has the lists."""
    return tuple(plan for plan in plans if all(axis.dim in (TIME, *dims) for axis in _axes(plan)))


def _axes(plan: Plan) -> Iterator[Axis]:
    for shape in plan.ladder:
        yield from shape.axes()


def in_order(where: Where) -> tuple[int, list[tuple[str, list[str]]]]:
    """The same order on every run, whatever order sets are kept in."""
    return len(where), [(dim, sorted(cats)) for dim, cats in where]


def fine(ids: Iterable[str], dims: Mapping[str, Dimension]) -> list[Where]:
    """Every combination of single categories of these dimensions."""
    found: list[dict[str, frozenset[str]]] = [{}]
    for dim in ids:
        found = [{**one, dim: frozenset({cat})} for one in found for cat, _ in dims[dim].cats]
    return [place(one) for one in found]
