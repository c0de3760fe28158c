"""An anonymous report as a reader gets it: the same cells as pages, as CSV and as JSON. Fixed words and counts alone:
nothing in it was written by a person, and no day is named but those of its period (R12)."""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from esafety_tui.reports.cells import HIDDEN, SMALL, ZERO
from esafety_tui.reports.disclosure import Answer
from esafety_tui.reports.figures import INCIDENTS, PARTS, PUPILS, UNITS
from esafety_tui.reports.plans import TOTAL, Grid
from esafety_tui.reports.typeset import typeset
from esafety_tui.reports.values import Head, Letterhead
from esafety_tui.reports.years import BESIDE

ABOUT = "About this report"
NUMBERS = {3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine", 10: "ten"}
COLUMNS = ("table", "unit", "row", "column", "shown")
#: Tables that run over terms are drawn as lines.
TRENDS = ("terms", "years")
NO_DETAILS = (
    "No kind of incident is told of by itself: where few are counted, what became of them could point to a child."
)
#: A long row of zeros says less than one line.
MANY_ZEROS = 2


@dataclass(frozen=True)
class Shown:
    """A table for reading. rows: (title, a sign per column); total: whether the last row is that of all; zeros: rows
    without any, named in one line; bars: (title, sign, length from 0 to 1) where it has one column; lines: (title,
    (sign, height from 0 to 1, or below 0 for a hidden number) per row) where it runs over terms; alike: the row that
    all of them are in, or ""; words: what it says where no row of it has a number, else ""."""

    id: str
    title: str
    unit: str
    cols: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    total: bool
    zeros: tuple[str, ...] = ()
    bars: tuple[tuple[str, str, float], ...] = ()
    lines: tuple[tuple[str, tuple[tuple[str, float], ...]], ...] = ()
    alike: str = ""
    words: str = ""


@dataclass(frozen=True)
class Anonymous:
    """A report for those who answer for the school. status: "draft", or by whose office and when it was issued;
    counted_up_to: the entry; frozen: what was not counted anew; says: fixed sentences for the first page."""

    letterhead: Letterhead
    head: Head
    title: str
    period: str
    days: str
    status: str
    issued: bool
    counted_up_to: int
    contributors: tuple[str, ...]
    says: tuple[str, ...]
    details: tuple[str, ...]
    tables: tuple[Shown, ...]
    key: tuple[tuple[str, str], ...]
    coarsened: tuple[str, ...]
    frozen: tuple[str, ...]


def render(report: Anonymous) -> bytes:
    """The pages, as PDF/A-2b. Raises TypesetError."""
    values = {"title": report.title, "sheet": report.letterhead, "head": report.head, "report": report}
    return typeset("report-governors", values, report.letterhead.made_at)


def as_csv(report: Anonymous) -> str:
    """What the report is, then every cell, a line each in the same columns; signs as on the pages. Titles of a policy
    that a spreadsheet would run are disarmed."""
    told = ((ABOUT, "", name, "", disarmed(said)) for name, said in about(report))
    return _lines((COLUMNS, *told)) + _figures(report)


def digest(report: Anonymous) -> str:
    """SHA-256 of the figures alone, as whoever issues them signs it: the lines of the CSV but for its columns' names
    and what is said about the report."""
    return hashlib.sha256(_figures(report).encode()).hexdigest()


def about(report: Anonymous) -> Iterator[tuple[str, str]]:
    """(name, value): whose it is, of which time, whether it is a draft, by whom and as which entry it was issued."""
    yield "report", report.title
    yield "school", report.letterhead.school
    yield "number", report.letterhead.reference or "none: a draft"
    yield "period", f"{report.period}. {report.days}"
    yield "status", report.status
    yield "contributed", ", ".join(report.contributors)
    yield "counted up to entry", str(report.counted_up_to)
    yield "entry", str(report.head.entry)
    yield "words", " ".join(report.head.words)
    yield "head", report.head.chain
    yield from (("of the time", line) for line in report.frozen)
    yield from (("told less finely", line) for line in report.coarsened)


def _figures(report: Anonymous) -> str:
    return _lines((*map(disarmed, cell[:4]), cell[4]) for cell in cells(report))


def _lines(rows: Iterable[tuple[str, ...]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def as_json(report: Anonymous) -> str:
    """The same cells, with what the first page says of the report."""
    told = {
        "report": report.title,
        "number": report.letterhead.reference,
        "issued": report.issued,
        "school": report.letterhead.school,
        "period": report.period,
        "days": report.days,
        "status": report.status,
        "counted_up_to": report.counted_up_to,
        "head": {"entry": report.head.entry, "words": " ".join(report.head.words), "chain": report.head.chain},
        "contributed": list(report.contributors),
        "key": dict(report.key),
        "of_the_time": list(report.frozen),
        "coarsened": list(report.coarsened),
        "cells": [dict(zip(COLUMNS, cell, strict=True)) for cell in cells(report)],
    }
    return json.dumps(told, indent=2, ensure_ascii=True) + "\n"


def cells(report: Anonymous) -> Iterator[tuple[str, str, str, str, str]]:
    """(table, unit, row, column, sign) for every cell of every table, in the order of the pages."""
    for table in report.tables:
        none = tuple((title, (ZERO,) * len(table.cols)) for title in table.zeros)
        inner = len(table.rows) - table.total
        for title, signs in (*table.rows[:inner], *none, *table.rows[inner:]):
            for col, sign in zip(table.cols, signs, strict=True):
                yield table.title, table.unit, title, col, sign


def disarmed(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def tables(answer: Answer) -> tuple[Shown, ...]:
    """What was counted altogether, and every table that says more than its total."""
    totals = {bare[0]: sign for bare, sign in _whole(answer).items() if sign not in (HIDDEN, ZERO)}
    found = []
    if totals:
        rows = tuple((UNITS[unit][:1].upper() + UNITS[unit][1:], (sign,)) for unit, sign in totals.items())
        found.append(Shown("totals", "Altogether", "in the whole period", ("Number",), rows, False))
    compared = any(one.plan is BESIDE and len(one.cols) > 1 for one in answer.grids)
    for one in answer.grids:
        if len(one.rows) == 1 and len(one.cols) == 1:
            continue
        if one.plan is not BESIDE and answer.shown[one.cells[one.rows[-1][0], TOTAL]] == ZERO:
            continue
        if one.plan.id != "terms" or not compared:  # The same numbers stand there.
            found.append(_shown(one, answer))
    return tuple(found)


def _shown(grid: Grid, answer: Answer) -> Shown:
    rows, zeros = [], []
    for row, title in grid.rows:
        signs = tuple(answer.shown[grid.cells[row, col]] for col, _ in grid.cols)
        if row != TOTAL and all(sign == ZERO for sign in signs) and grid.plan.id not in TRENDS:
            zeros.append(title)
        else:
            rows.append((title, signs))
    if len(zeros) <= MANY_ZEROS and len(rows) > 2:  # Few: better in their own place.
        zeros = []
        rows = [(title, tuple(answer.shown[grid.cells[row, col]] for col, _ in grid.cols)) for row, title in grid.rows]
    cols = tuple(title for _, title in grid.cols) if len(grid.cols) > 1 else ("Number",)
    return _drawn(Shown(
        grid.plan.id, (len(cols) == 1 and grid.plan.alone) or grid.plan.title, UNITS[grid.plan.unit], cols,
        tuple(rows), grid.rows[-1][0] == TOTAL, tuple(zeros),
    ), answer.threshold)  # fmt: skip


def _drawn(table: Shown, threshold: int) -> Shown:
    """With its picture: lines over terms, bars beside the numbers of one column, or the words that say it all."""
    inner = table.rows[:-1] if table.total else table.rows
    if table.id in TRENDS and table.total and len(inner) > 1:
        numbers = [int(sign) for _, signs in inner for sign in signs if sign.isdigit()]
        lines = (
            (col, tuple((signs[n], _height(signs[n], max([*numbers, 1]))) for _, signs in inner))
            for n, col in enumerate(table.cols)
        )
        return replace(table, lines=tuple(lines))
    if table.total and len(inner) == 1 and len(table.cols) == 1 and table.zeros:
        return replace(table, alike=inner[0][0])
    if table.total and len(table.cols) == 1 and not any(signs[0].isdigit() for _, signs in inner):
        return replace(table, words=_in_words(inner, threshold))
    if len(table.cols) == 1 and len(table.rows) > 1:
        return replace(table, bars=_bars(inner))
    return table


def _in_words(rows: Sequence[tuple[str, tuple[str, ...]]], threshold: int) -> str:
    """What a table of signs alone says."""
    alike: dict[str, list[str]] = {}
    for title, (sign,) in rows:
        alike.setdefault(sign, []).append(title)
    said = {SMALL: f"fewer than {NUMBERS.get(threshold, threshold)}", HIDDEN: "not shown", ZERO: "none"}
    return " ".join(
        f"{'; '.join(alike[sign])}: {words}{' of each' if sign == SMALL and len(alike[sign]) > 1 else ''}."
        for sign, words in said.items()
        if sign in alike
    )


def _height(sign: str, most: int) -> float:
    """Of a point of a line; a hidden number has none."""
    return int(sign) / most if sign.isdigit() else 0.0 if sign == ZERO else -1.0


def _bars(rows: Sequence[tuple[str, tuple[str, ...]]]) -> tuple[tuple[str, str, float], ...]:
    """Bars as long as their numbers; a hidden number has none, for its length would tell it."""
    numbers = [int(sign) if sign.isdigit() else 0 for _, (sign,) in rows]
    longest = max([*numbers, 1])
    return tuple((title, signs[0], number / longest) for (title, signs), number in zip(rows, numbers, strict=True))


def in_words(sign: str, threshold: int) -> str:
    """A sign inside a sentence."""
    fewer = f"fewer than {NUMBERS.get(threshold, threshold)}"
    return {ZERO: "no", SMALL: fewer, HIDDEN: "a number not shown of"}.get(sign, sign)


def key(threshold: int) -> tuple[tuple[str, str], ...]:
    """What the signs mean: those of the Department of Education's school census tables."""
    return (
        (ZERO, "none"),
        (SMALL, f"fewer than {NUMBERS.get(threshold, threshold)}, but not none"),
        (HIDDEN, "not shown, so that no number can be worked out; it may be any number"),
    )


def sentences(answer: Answer) -> tuple[str, ...]:
    """What the figures come to, in fixed words."""
    totals = {unit: sign for (unit, _, where), sign in _whole(answer).items() if not where}
    found = []
    if INCIDENTS in totals:
        found.append(f"{in_words(totals[INCIDENTS], answer.threshold).capitalize()} incidents were recorded.")
    if totals.get(PUPILS, HIDDEN) != HIDDEN:
        parts = totals.get(PARTS, HIDDEN)
        took = (
            "" if parts in (HIDDEN, ZERO) else f"; together they had {in_words(parts, answer.threshold)} parts in them"
        )
        found.append(f"{in_words(totals[PUPILS], answer.threshold).capitalize()} pupils were involved{took}.")
    found.append("Anything about a member of staff is counted in the totals and shown nowhere by itself.")
    found.append(
        "Not counted: a case that is kept apart for a few readers alone, or about somebody who reads all the others."
    )
    return tuple(found)


def _whole(answer: Answer) -> dict[tuple[str, frozenset[str], tuple[object, ...]], str]:
    found = {}
    for one in answer.grids:
        if one.plan is not BESIDE:
            bare = one.cells[TOTAL, TOTAL]
            found[bare[0], bare[1], bare[2]] = answer.shown[bare]
    return found  # type: ignore[return-value]


def details(answer: Answer) -> tuple[str, ...]:
    """Anonymous details of incidents: a fixed sentence for each kind that is large enough to be told of."""
    grid = next((one for one in answer.grids if one.plan.id == "settled" and len(one.rows) > 1), None)
    found = []
    for row, title in grid.rows[:-1] if grid else ():
        assert grid is not None
        total = answer.shown[grid.cells[row, TOTAL]]
        outcome = {col: answer.shown[grid.cells[row, col]] for col, _ in grid.cols}
        if not total.isdigit():
            continue
        what = f"{title}: {total} incidents."
        if outcome["none"].isdigit() and outcome["none"] == total:
            what += " All of them were dealt with within the school."
        elif outcome["none"].isdigit():
            what += f" {outcome['none']} of them were dealt with within the school."
        if outcome["police"].isdigit():
            what += f" The police were told of {outcome['police']}."
        if outcome["others"].isdigit():
            what += f" Social care or the authority, but not the police, were told of {outcome['others']}."
        found.append(what)
    some = any(unit == INCIDENTS and sign != ZERO for (unit, _, where), sign in _whole(answer).items() if not where)
    return tuple(found) or ((NO_DETAILS,) if some else ())


def to_data(report: Anonymous) -> dict[str, Any]:
    """What stands on the pages but for letterhead and head, as JSON values without fractions: for its entry."""
    left_out = ("letterhead", "head", "status", "issued", "contributors", "key", "counted_up_to")
    told: dict[str, Any] = {
        item.name: getattr(report, item.name) for item in dataclasses.fields(report) if item.name not in left_out
    }
    told["tables"] = [
        {item: getattr(one, item) for item in ("id", "title", "unit", "cols", "rows", "total", "zeros")}
        | {"bars": bool(one.bars)}
        for one in report.tables
    ]
    plain: dict[str, Any] = json.loads(json.dumps(told))
    return plain


def from_data(
    told: dict[str, Any], letterhead: Letterhead, head: Head, status: str, contributors: tuple[str, ...],
    counted_up_to: int, threshold: int,
) -> Anonymous:  # fmt: skip
    """An issued report out of its entry. Raises KeyError, TypeError or ValueError for what is not one."""
    return Anonymous(
        letterhead, head, told["title"], told["period"], told["days"], status, True, counted_up_to, contributors,
        tuple(told["says"]), tuple(told["details"]), tuple(_table_of(one, threshold) for one in told["tables"]),
        key(threshold), tuple(told["coarsened"]), tuple(told["frozen"]),
    )  # fmt: skip


def _table_of(told: dict[str, Any], threshold: int) -> Shown:
    rows = tuple((title, tuple(signs)) for title, signs in told["rows"])
    table = Shown(
        told["id"], told["title"], told["unit"], tuple(told["cols"]), rows, told["total"], tuple(told["zeros"])
    )
    return _drawn(table, threshold)
