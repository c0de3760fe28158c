"""What one model alone cannot see: ids used twice, and names in one table that no other table defines. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Protocol

from esafety_tui.policy.tables import Matrix, Tables


class HasId(Protocol):
    @property
    def id(self) -> str: ...


@dataclass(frozen=True)
class Problem:
    """Something wrong at a dotted key: entries of a list by their id where they have one, else counted from 1."""

    key: str
    text: str


def problems(tables: Tables) -> list[Problem]:
    """Everything in a pack that does not join up, in the file's order; empty when all references resolve."""
    return [
        *_twice(tables),
        *_people(tables),
        *_agencies(tables),
        *_matrices(tables),
        *_communications(tables),
        *_bullying(tables),
        *_reports(tables),
    ]


def _lists(tables: Tables) -> Iterator[tuple[str, Sequence[HasId]]]:
    for name in (
        "notes", "roles", "agencies", "never_copy", "triggers", "kinds", "measures", "user_actions", "communications",
        "suspicion_steps", "retention", "calendar", "groups", "terms", "breaks",
    ):  # fmt: skip
        yield name, getattr(tables, name)
    for side in ("pupil", "staff"):
        matrix = tables.matrix(side)
        if matrix is not None:
            yield f"{side}.actions", matrix.actions
            yield f"{side}.rows", matrix.rows
    if tables.devices is not None:
        yield "devices.columns", tables.devices.columns
        yield "devices.rows", tables.devices.rows
    if tables.bullying is not None:
        for name in ("motives", "methods", "outcomes"):
            yield f"bullying.{name}", getattr(tables.bullying, name)


def _twice(tables: Tables) -> Iterator[Problem]:
    for name, entries in _lists(tables):
        ids = [entry.id for entry in entries]
        for id in dict.fromkeys(ids):
            if ids.count(id) > 1:
                yield Problem(f"{name}[{id}].id", f'the id "{id}" is used {ids.count(id)} times: expected once each')
    numbers = [str(note.number) for note in tables.footnotes]
    for number in dict.fromkeys(numbers):
        if numbers.count(number) > 1:
            yield Problem("footnotes", f"number {number} is used {numbers.count(number)} times: expected once")


def _named(key: str, id: str, what: str, table: str, entries: Iterable[HasId]) -> Iterator[Problem]:
    known = [entry.id for entry in entries]
    if id not in known:
        close = get_close_matches(id, known, 1)
        hint = f'did you mean "{close[0]}"?' if close else f"expected one of: {', '.join(known)}."
        yield Problem(key, f'"{id}" is not {what} of this pack ({table}); {hint}')


def _bullying(tables: Tables) -> Iterator[Problem]:
    for id in tables.bullying.kinds if tables.bullying else ():
        yield from _named("bullying.kinds", id, "a kind of incident", "[[kinds]]", tables.kinds)


def _reports(tables: Tables) -> Iterator[Problem]:
    if tables.reports is None:
        return
    for name in ("issued_by", "taking_part", "seen_by"):
        for id in getattr(tables.reports, name):
            yield from _named(f"reports.{name}", id, "a role", "[[roles]]", tables.roles)
    if tables.reports.marks is not None:
        yield from _named("reports.marks", tables.reports.marks, "an item", "[[calendar]]", tables.calendar)


def _people(tables: Tables) -> Iterator[Problem]:
    for role in tables.roles:
        key = f"roles[{role.id}].stands_in_for"
        if role.stands_in_for == role.id:
            yield Problem(key, "expected another role: nobody stands in for themselves")
        elif role.stands_in_for is not None:
            yield from _named(key, role.stands_in_for, "a role", "[[roles]]", tables.roles)
    for item in tables.calendar:
        yield from _named(f"calendar[{item.id}].who", item.who, "a role", "[[roles]]", tables.roles)
    for measure in tables.measures:
        key = f"measures[{measure.id}].decided_by"
        yield from _named(key, measure.decided_by, "a role", "[[roles]]", tables.roles)
        if measure.refers_to is not None:
            key = f"measures[{measure.id}].refers_to"
            yield from _named(key, measure.refers_to, "a role", "[[roles]]", tables.roles)


def _agencies(tables: Tables) -> Iterator[Problem]:
    for agency in tables.agencies:
        key = f"agencies[{agency.id}].instead"
        if agency.instead is not None:
            yield from _named(key, agency.instead, "an agency", "[[agencies]]", tables.agencies)
            yield from _circle(tables, agency.id, key)
    for trigger in tables.triggers:
        key = f"triggers[{trigger.id}].agency"
        yield from _named(key, trigger.agency, "an agency", "[[agencies]]", tables.agencies)
    for at, id in enumerate(tables.first_minute.ring, 1):
        yield from _named(f"first_minute.ring[{at}]", id, "an agency", "[[agencies]]", tables.agencies)


def _circle(tables: Tables, start: str, key: str) -> Iterator[Problem]:
    """`instead` has to lead on: coming back to the start would send a person round in a ring at night."""
    seen, agency = {start}, tables.agency(start)
    while agency is not None and agency.instead is not None and agency.instead not in seen:
        seen.add(agency.instead)
        agency = tables.agency(agency.instead)
    if agency is not None and agency.instead == start:
        yield Problem(key, "expected a way on: following instead from here comes back to this same agency")


def _matrices(tables: Tables) -> Iterator[Problem]:
    for side in ("pupil", "staff"):
        matrix = tables.matrix(side)
        if matrix is not None:
            yield from _matrix(tables, side, matrix)


def _matrix(tables: Tables, side: str, matrix: Matrix) -> Iterator[Problem]:
    for action in matrix.actions:
        key = f"{side}.actions[{action.id}].decided_by"
        yield from _named(key, action.decided_by, "a role", "[[roles]]", tables.roles)
        if action.refers_to is not None:
            key = f"{side}.actions[{action.id}].refers_to"
            yield from _named(key, action.refers_to, "a role", "[[roles]]", tables.roles)
    order = [action.id for action in matrix.actions]
    for row in matrix.rows:
        key = f"{side}.rows[{row.id}].ticks"
        for at, tick in enumerate(row.ticks, 1):
            yield from _named(f"{key}[{at}]", tick, "an action", f"[[{side}.actions]]", matrix.actions)
        if all(tick in order for tick in row.ticks):
            places = [order.index(tick) for tick in row.ticks]
            if places != sorted(set(places)):
                yield Problem(key, f"expected each action once, in the order of [[{side}.actions]]")
    if sum(row.continued for row in matrix.rows) > 1:
        yield Problem(f"{side}.rows", "expected continued = true on one row at most")


def _communications(tables: Tables) -> Iterator[Problem]:
    numbers = {note.number for note in tables.footnotes}
    for row in tables.communications:
        sides = (
            ("staff", row.staff_marks, tables.communication_columns.staff),
            ("pupil", row.pupil_marks, tables.communication_columns.pupils),
        )
        for side, marks, columns in sides:
            for at, mark in enumerate(marks, 1):
                key = f"communications[{row.id}].{side}_marks[{at}]"
                if mark.level not in columns:
                    yield Problem(f"{key}.level", f"expected one of the columns: {', '.join(columns)}")
                if mark.footnote and mark.footnote not in numbers:
                    yield Problem(f"{key}.footnote", f"there is no footnote {mark.footnote} in [[footnotes]]")
    if tables.devices is not None:
        width = len(tables.devices.columns)
        for line in tables.devices.rows:
            if len(line.values) != width:
                yield Problem(f"devices.rows[{line.id}].values", f"expected {width} values, one for each column")
