"""The leadership's monitoring report: exact figures where this reader may see everything, open and overdue cases by
reference, referrals, filtering, and who opened how much. Staff as S1, S2 ... with their role; no child (R11)."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from esafety_tui.desk import clock
from esafety_tui.desk.account import answerable, report_draft
from esafety_tui.desk.account.facts import Facts
from esafety_tui.desk.case.casework import STREAM
from esafety_tui.incident import events as e
from esafety_tui.reports.anonymous import disarmed
from esafety_tui.reports.facts import IncidentFact
from esafety_tui.reports.figures import INCIDENTS, PUPILS, UNITS, Tally, dimensions
from esafety_tui.reports.leadership import Compared, Leadership, OpenCase, render

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session

_OPEN = ("open", "waiting", "halted", "awaiting-police", "monitoring")
STATUS = {
    "open": "open", "waiting": "waiting for an answer", "halted": "halted", "monitoring": "watched",
    "awaiting-police": "waiting for the police",
}  # fmt: skip
_TABLES = ("kind", "class", "branch", "how", "substance", "referral", "answer", "refer-time", "status", "close-time",
           "bullying", "motive", "method", "group", "repeat", "action")  # fmt: skip
_NOW, _BEFORE = "now", "before"


def read(session: Session, facts: Facts, first: date, last: date, check: Callable[[], None]) -> None:
    """Read what `gather` will count, a case at a time; raises what `check` raises."""
    facts.between(_before(session, first, last)[0], last, reader=session.reader, check=check)


def gather(session: Session, facts: Facts, first: date, last: date) -> Leadership:
    """The report over two local days (both included), beside the same days a year before where the log is that old,
    else beside as many days before.

    Somebody who may not read everything gets it without figures: the governors' report counts everything, and with
    exact figures of the rest beside it they could take the one from the other (R10, R12).
    """
    begin, end, beside = _before(session, first, last)
    found = [
        fact
        for fact in facts.between(begin, last, reader=session.reader)
        if begin <= fact.day <= end or first <= fact.day <= last
    ]
    packs = [session.pack_of(sha256).tables for sha256 in session.register.packs]
    tally = Tally(found, dimensions(session.pack.tables, *packs), lambda fact: _NOW if fact.day >= first else _BEFORE)
    whole = answerable.sees_all(session)
    began = report_draft.began(session)
    return Leadership(
        report_draft.letterhead(session, ""), report_draft.head_of(session, session.journal.head()),
        _days(first, last), beside, "" if beside else f"Nothing to compare with: the log was begun on {_day(began)}.",
        session.role_title(session.person), _day(clock.local(*clock.now()).date()), "" if whole else _without(session),
        tuple(_tables(tally, bool(beside))) if whole else (), tuple(_open(session)), tuple(_referrals(found, first)),
        tuple(_viewed(session, first, last)) if whole else (),
        tuple(_filtering(session, first, last)),
    )  # fmt: skip


def _without(session: Session) -> str:
    who = " or ".join(role.title for role in answerable.seeing_all(session)) or "whoever reads every case"
    return (
        "Figures, and who opened records, are only in a leadership report that is made by somebody whose role reads "
        f"every case: {who}. The governors' and the collated report count everything."
    )


def _before(session: Session, first: date, last: date) -> tuple[date, date, str]:
    """The days to compare with, and what they are: "" where the log does not reach back to them."""
    year = timedelta(days=364)  # the same days of the week
    if first - year >= session.calendar.begun() and last - first < year:
        return first - year, last - year, f"of the year before ({_days(first - year, last - year)})"
    begin, end = first - (last - first) - timedelta(days=1), first - timedelta(days=1)
    if begin < report_draft.began(session):
        return first, last, ""
    return begin, end, f"of as many days before ({_days(begin, end)})"


def _day(one: date) -> str:
    return f"{one.day} {one:%B %Y}"


def _days(first: date, last: date) -> str:
    return f"{_day(first)} to {_day(last)}"


def _tables(tally: Tally, beside: bool) -> Iterator[Compared]:
    def row(title: str, unit: str, where: dict[str, frozenset[str]]) -> tuple[str, int, int | None]:
        now, before = (tally.value(unit, frozenset({time}), where) for time in (_NOW, _BEFORE))
        return title, now, before if beside else None

    for unit in (INCIDENTS, PUPILS):
        yield Compared(f"How many {UNITS[unit]}", UNITS[unit], (row(f"All {UNITS[unit]}", unit, {}),))
    for dim in (tally.dims[id] for id in _TABLES if id in tally.dims):
        rows = [row(title, dim.unit, {dim.id: frozenset({cat})}) for cat, title in dim.cats]
        yield Compared(dim.title, UNITS[dim.unit], tuple(one for one in rows if one[1] or one[2]))


def _open(session: Session) -> Iterator[OpenCase]:
    """What is not closed, the longest open first; nothing of what it is about. A case that is kept apart, or closed to
    somebody who reads all the others, is for its readers, and this paper for others too."""
    overdue = {line.ref for line in session.browsing.due() if line.overdue}
    today = clock.local(*clock.now()).date()
    rows = [row for status in _OPEN for row in session.browsing.log(status=status, limit=500)]
    closed = _closed(session, {str(row["ref"]) for row in rows})
    rows = [row for row in rows if session.compartments.of_ref(row["ref"]) is None and row["ref"] not in closed]
    for row in sorted(rows, key=lambda row: str(row["opened_at"])):
        opened = date.fromisoformat(str(row["opened_at"])[:10])
        yield OpenCase(
            row["ref"], STATUS.get(row["status"], row["status"]), (today - opened).days, row["next_due"][:10],
            row["ref"] in overdue,
        )  # fmt: skip


def _referrals(found: Iterable[IncidentFact], first: date) -> Iterator[tuple[str, str, str]]:
    """(reference, who was told, what they answered), in the order of recording."""
    names = {"police": "police", "care": "social care", "authority": "authority"}
    answers = {"no-crime": "no crime", "crime": "dealt with as a crime"}
    for fact in sorted(found, key=lambda fact: fact.seq):
        if fact.called and fact.day >= first:
            told = ", ".join(name for id, name in names.items() if id in fact.called)
            yield fact.ref, told, answers.get(fact.answered, "no answer yet")


def _closed(session: Session, refs: set[str]) -> set[str]:
    """Those cases that are closed to somebody who reads all the others."""
    shut_out = answerable.readers_of_all(session)
    return {ref for ref in refs if not shut_out.isdisjoint(session.casework.case(ref, as_rules=True).excluded)}


def _viewed(session: Session, first: date, last: date) -> Iterator[tuple[str, str, int, int]]:
    """(S1, role, openings, incidents) for everybody who opened a record in the period."""
    opened: dict[str, list[str]] = {}
    after = 0
    while entries := session.journal.of_kind(e.Viewed.kind, after):
        for entry in entries:
            if first <= clock.local(*entry.first_written).date() <= last:
                opened.setdefault(entry.author, []).append(entry.stream)
        after = entries[-1].seq
    closed = _closed(session, {one.removeprefix(STREAM) for found in opened.values() for one in found})
    left = {id: [one for one in found if one.removeprefix(STREAM) not in closed] for id, found in opened.items()}
    opened = {id: found for id, found in left.items() if found}
    people = session.register.people
    order = [id for id in people if id in opened] + [id for id in opened if id not in people]
    for n, id in enumerate(order, 1):
        person = people.get(id)
        role = session.pack.tables.role(person.role) if person else None
        yield f"S{n}", role.title if role else "somebody else", len(opened[id]), len(set(opened[id]))


def _filtering(session: Session, first: date, last: date) -> Iterator[tuple[str, int]]:
    """(what, how many): changes of the filter asked for, changed and put back in the period."""
    found = session.filtering.list()
    for what, key in (("asked for", "requested_at"), ("changed", "changed_at"), ("put back", "reverted_at")):
        days = [str(one[key])[:10] for one in found if one[key]]
        yield what, sum(first.isoformat() <= day <= last.isoformat() for day in days)
    yield "in force today", sum(one["status"] == "in-force" for one in found)


def file_of(report: Leadership, form: str) -> bytes:
    """The report as a file of one of the three kinds."""
    if form == ".pdf":
        return render(report)
    if form == ".json":
        left_out = ("letterhead", "head")
        told = {
            item.name: getattr(report, item.name) for item in dataclasses.fields(report) if item.name not in left_out
        }
        told["head"] = {"entry": report.head.entry, "words": " ".join(report.head.words), "chain": report.head.chain}
        told["tables"] = [dataclasses.asdict(one) for one in report.tables]
        told["open"] = [dataclasses.asdict(one) for one in report.open]
        return (
            json.dumps({"status": "not issued", "counted_up_to": report.head.entry, **told}, indent=2) + "\n"
        ).encode("ascii")
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(("table", "unit", "row", "this period", "the period before"))
    for row in _lines(report):
        writer.writerow([disarmed(str(cell)) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def _lines(report: Leadership) -> Iterator[tuple[str | int, ...]]:
    """All that the pages say, a line each; what has no number before leaves that cell empty."""
    head = report.head
    for name, said in (
        ("status", "not issued: written for the leadership, and entered as written"), ("period", report.period),
        ("beside", report.beside or report.alone), ("made by", report.made_by),
        ("made on", report.today), ("without figures", report.without or "no"),
        ("counted up to entry", str(head.entry)), ("words", " ".join(head.words)), ("head", head.chain),
    ):  # fmt: skip
        yield "About this report", "", name, said, ""
    for table in report.tables:
        yield from (
            (table.title, table.unit, title, now, "" if before is None else before) for title, now, before in table.rows
        )
    for one in report.open:
        stands = f"{one.status}, overdue since {one.due}" if one.overdue else one.status
        yield "Open and overdue today, of whatever period", "days open", f"{one.ref}: {stands}", one.days, ""
    for ref, told, answer in report.referrals:
        yield "Referrals", "", f"{ref}: told {told}", answer, ""
    for what, count in report.filtering:
        yield "The filter", "changes", what, count, ""
    for who, role, times, incidents in report.viewed:
        yield "Who opened records", "times opened", f"{who}, {role}, {incidents} incidents", times, ""
