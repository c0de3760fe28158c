"""What somebody wants to see of the log, in the words of the log: each filter a plain text, "" for all."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from esafety_tui.desk import clock
from esafety_tui.desk.logbook import labels
from esafety_tui.incident import reference
from esafety_tui.policy.tables import Tables, term_of
from esafety_tui.store.filters import Wanted

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session

WEEK = 7
_LAST = "9999-12-31"


@dataclass(frozen=True)
class LogFilter:
    """Filters of the log; together they narrow. "" asks for all.

    status, class_, branch, kind: ids as in the contract. group: the title of a pupil group; whom: a kind of person
    (labels.WHOM). since, until: days (ISO) of opening, both included; happened_since, happened_until: of what happened;
    period: labels.PERIOD. person: a `who` id or part of a name.
    lead: a person id. police, exhibits: "yes" or "no". due: labels.DUE.
    """

    search: str = ""
    status: str = ""
    class_: str = ""
    branch: str = ""
    kind: str = ""
    group: str = ""
    whom: str = ""
    period: str = ""
    since: str = ""
    until: str = ""
    happened_since: str = ""
    happened_until: str = ""
    person: str = ""
    lead: str = ""
    police: str = ""
    due: str = ""
    exhibits: str = ""

    @property
    def empty(self) -> bool:
        """Nothing is narrowed."""
        return not any(getattr(self, item.name).strip() for item in fields(self))

    def without(self, field: str) -> LogFilter:
        """The same without one of its filters."""
        return replace(self, **{field: ""})


@dataclass(frozen=True)
class Chip:
    """A filter that is set, in words; `field` is its name in LogFilter."""

    field: str
    text: str


def chips(session: Session, filter: LogFilter) -> tuple[Chip, ...]:
    """Every filter that is set, in words."""
    return tuple(
        Chip(item.name, _said(session, item.name, value))
        for item in fields(filter)
        if (value := getattr(filter, item.name).strip())
    )


def _said(session: Session, field: str, value: str) -> str:
    known = {
        "status": labels.STATUS, "class_": labels.CLASS, "branch": labels.BRANCH, "whom": labels.WHOM,
        "period": labels.PERIOD, "due": labels.DUE,
    }.get(field, {}).get(value, value)  # fmt: skip
    match field:
        case "search":
            return f'words: "{value}"'
        case "kind":
            return f"about: {kind_title(session, value)}"
        case "person":
            return f"person: {session.browsing.name_of(value)}"
        case "lead":
            return f"lead: {session.name(value)}"
        case "police":
            return "the police were told" if value == "yes" else "the police were not told"
        case "exhibits":
            return "with exhibits" if value == "yes" else "without exhibits"
        case "since" | "until":
            return f"{'from' if field == 'since' else 'to'} {value}"
        case "happened_since" | "happened_until":
            return f"happened {'from' if field == 'happened_since' else 'to'} {value}"
        case "group" | "whom" | "class_" | "status" | "branch":
            name = {"group": "group", "whom": "about", "class_": "class", "status": "status", "branch": "branch"}[field]
            return f"{name}: {known}"
    return known


def kind_title(session: Session, id: str) -> str:
    """What the policies of this log call a kind; its id where none does."""
    for sha256 in reversed(session.register.packs):
        kind = session.pack_of(sha256).tables.kind(id)
        if kind:
            return kind.title
    return id


def wanted(session: Session, filter: LogFilter, today: date | None = None) -> Wanted:
    """The same for the store. Raises UsageError for a day that is none."""
    today = today or clock.today()
    since, until = filter.since.strip(), filter.until.strip()
    if filter.period in labels.PERIOD:
        first, last = period(session.pack.tables, filter.period, today)
        days = [clock.parse_day(day) if day else "" for day in (since, until)]
        since, until = max(days[0], first.isoformat()), min(days[1] or _LAST, last.isoformat())
    people = None
    if filter.person.strip():
        people = session.browsing.who(filter.person)
    ref = reference.tidy(filter.search)
    if ref and session.browse.incident(session.reader, ref) is None:
        ref = ""  # a word that only looks like a reference
    return Wanted(
        search="" if ref else filter.search,
        also=() if ref else session.browsing.link_reasons.found(filter.search),
        ref=ref or None,
        status=filter.status or None,
        class_=filter.class_ or None,
        branch=filter.branch or None,
        kind=filter.kind or None,
        group=filter.group or None,
        whom=filter.whom or None,
        people=people,
        lead=filter.lead or None,
        police={"yes": True, "no": False}.get(filter.police),
        exhibits={"yes": True, "no": False}.get(filter.exhibits),
        due={"any": True, "overdue": True, "week": True, "none": False}.get(filter.due),
        due_before={
            "overdue": today.isoformat(),
            "week": (today + timedelta(days=WEEK + 1)).isoformat(),
        }.get(filter.due),
        since=clock.midnight(since)[0] if since else None,
        until=clock.midnight(until, 1)[0] if until else None,
        happened_since=clock.midnight(filter.happened_since)[0] if filter.happened_since.strip() else None,
        happened_until=clock.midnight(filter.happened_until, 1)[0] if filter.happened_until.strip() else None,
    )


def period(tables: Tables, name: str, today: date) -> tuple[date, date]:
    """The first and the last day of a period of the policy's calendar (labels.PERIOD) as seen from a day."""
    if name.endswith("term"):
        first, last = _term(tables, today)
        return (first, last) if name == "this-term" else _term(tables, first - timedelta(days=1))
    year = _year(tables, today)
    if name == "last-year":
        year = _year(tables, year - timedelta(days=1))
    return year, _year(tables, year + timedelta(days=370)) - timedelta(days=1)


def _term(tables: Tables, day: date) -> tuple[date, date]:
    """A term runs until the next one begins: its holidays belong to it."""
    here = term_of(tables, day).starts
    first = _latest(here, day)
    starts = sorted(_next(term.starts, first) for term in tables.terms)
    return first, starts[0] - timedelta(days=1)


def _year(tables: Tables, day: date) -> date:
    return _latest(tables.school_year_starts, day)


def _latest(mark: str, day: date) -> date:
    """The last day with this month and day, not after `day`."""
    found = _on(mark, day.year)
    return found if found <= day else _on(mark, day.year - 1)


def _next(mark: str, day: date) -> date:
    """The first day with this month and day, after `day`."""
    found = _on(mark, day.year)
    return found if found > day else _on(mark, day.year + 1)


def _on(mark: str, year: int) -> date:
    month, day = (int(part) for part in mark.split("-"))
    return date(year, month, min(day, 28) if month == 2 else day)
