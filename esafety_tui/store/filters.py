"""What somebody wants to see of the log, as a query of the search index and conditions on the rows.

Every filter is a tag in the index (projection.incident_tags), so that any mixture of them with words is one query that
gives the newest first. What a reduced row does not show (R10) needs full access before it can be asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, bindparam, case, or_
from sqlalchemy.sql.elements import ColumnElement

from esafety_tui.incident import reference
from esafety_tui.store import access, search
from esafety_tui.store.access import Reader
from esafety_tui.store.columns import incident
from esafety_tui.store.projection import happened_key, shown_status

#: Asking for one of these says more of a case than a reduced row shows.
_FULL = ("search", "class_", "branch", "kind", "group", "whom", "people", "police", "exhibits", "host", "linked")
_TAGS = {"class_": "c", "branch": "b", "kind": "k", "whom": "w", "host": "u", "linked": "n"}
_FLAGS = {"police": "o", "exhibits": "x", "due": "d"}


@dataclass(frozen=True)
class Wanted:
    """Which incidents. None (search: "") asks for all of them.

    status, class_, branch, kind: ids as in the contract. group: of a person involved; whom: a kind of person ("pupil",
    "staff"). people: any of these `who`. lead: a person id, "" for nobody. since, until: UTC ISO text compared with
    opened_at, `until` not included. host: of a site; linked: a reference that somebody linked it with. due: something
    is due, or nothing; due_before: an ISO day, not included. happened_since, happened_until: as since and until, of
    when it happened, or was opened where that was not said. ref: this one alone. also: references of cases in which
    the words of `search` stand where the index does not have them.
    """

    search: str = ""
    status: str | None = None
    class_: str | None = None
    branch: str | None = None
    kind: str | None = None
    group: str | None = None
    whom: str | None = None
    people: tuple[str, ...] | None = None
    lead: str | None = None
    police: bool | None = None
    exhibits: bool | None = None
    due: bool | None = None
    due_before: str | None = None
    since: str | None = None
    until: str | None = None
    happened_since: str | None = None
    happened_until: str | None = None
    ref: str | None = None
    host: str | None = None
    linked: str | None = None
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Narrowed:
    """A Wanted for one reader. match: the index's query, "" for none; shape: which conditions stand in the query.

    plain: the same without what only some readers may know of, where the index alone can then tell; else "".
    rest: what `plain` leaves out.
    """

    match: str
    shape: frozenset[str]
    values: dict[str, Any]
    plain: str = ""
    rest: str = ""


def narrowed(
    reader: Reader, wanted: Wanted, years: tuple[int, int], happened: tuple[int, int] = (0, 0)
) -> Narrowed | None:
    """None where nothing can match, whoever asks. years, happened: the first and the last in which a case was opened,
    or happened, where somebody asks for that."""
    words = ""
    if wanted.search.strip():
        terms = search.terms(wanted.search)
        if not terms:
            return None
        words = search.any_of((search.words_query(terms), *map(search.reference_query, wanted.also)))
    if wanted.people is not None and not wanted.people:
        return None
    # Who is shown no case in part is shown every status and lead as it is: the index tells all of it.
    in_part = not (reader is access.RULES or reader.reads_child_protection)
    full = any(getattr(wanted, name) is not None for name in _FULL if name != "search")
    # A reduced row shows its reference, so that what begins one is found there too; nothing else of it is.
    begun = reference.begun(wanted.search) if in_part and not full else ""
    full = full or bool(words and not begun)
    parts = [
        words, *_tags(wanted, in_part), _months(wanted.since, wanted.until, years, "ym"),
        _months(wanted.happened_since, wanted.happened_until, happened, "tq"), _own(reader),
    ]  # fmt: skip
    match = search.all_of(parts)
    names = ("since", "until", "due_before", "ref", *(("status", "lead") if in_part else ()))
    shape = {name for name in names if getattr(wanted, name) is not None}
    values: dict[str, Any] = {name: _text(getattr(wanted, name)) for name in shape}
    for name in ("happened_since", "happened_until"):
        if (at := getattr(wanted, name)) is not None:
            shape.add(name)
            values[name] = happened_key(at, 0)
    if full:
        shape.add("full")
    if begun:
        shape.add("begun")
        values |= {"begun": begun, "beyond": f"{begun}\uffff"}
    counted = not shape - {"full", "begun"}
    plain, rest = _counted(reader, match, full, bool(begun)) if counted else ("", "")
    return Narrowed(match, frozenset(shape), {**values, **access.values(reader)}, plain, rest)


def _tags(wanted: Wanted, in_part: bool) -> Iterator[str]:
    """A query for each filter that is set. in_part: some cases may be shown in part, and are looked at besides."""
    for name, about in _TAGS.items():
        value = getattr(wanted, name)
        if value is not None:
            yield search.tagged(search.tag(about, value))
    if wanted.group is not None:
        yield search.tagged(search.tag("g", wanted.group.casefold()))
    if wanted.people is not None:
        yield search.any_of(search.tagged(search.tag("p", who)) for who in wanted.people)
    for name, about in _FLAGS.items():
        there = getattr(wanted, name)
        if there is not None:
            flag = search.tagged(search.tag(about, "1"))
            yield flag if there else f"{_EVERY} NOT {flag}"
    if wanted.due_before is not None:
        yield search.tagged(search.tag("d", "1"))
    # Of a case that is seen only in part, nobody is shown to lead it, and it is open or closed.
    if wanted.status is not None:
        own = search.tagged(search.tag("s", wanted.status))
        also = in_part and wanted.status == shown_status("")
        yield search.any_of((own, f"{_PROTECTED} NOT {_CLOSED}")) if also else own
    if wanted.lead is not None:
        own = search.tagged(search.tag("l", wanted.lead))
        yield search.any_of((own, _PROTECTED)) if in_part and not wanted.lead else own


def _months(since: str | None, until: str | None, years: tuple[int, int], about: str) -> str:
    """The years and months (the letters of their tags) in which it may have been; the edges are compared besides."""
    if since is None and until is None:
        return ""
    first = max(since or "", f"{years[0]:04d}-01")[:7]
    last = min(until or "9999", f"{years[1]:04d}-12")[:7]
    found = []
    for year in range(years[0], years[1] + 1):
        months = [f"{year:04d}-{month:02d}" for month in range(1, 13)]
        inside = [month for month in months if first <= month <= last]
        found += [(about[0], months[0][:4])] if len(inside) == 12 else [(about[1], month) for month in inside]
    if not found:
        return search.tagged(search.tag(about[1], "none"))
    return search.any_of(search.tagged(search.tag(letter, value)) for letter, value in found)


def _own(reader: Reader) -> str:
    """Who reads only their own cases need not be shown the others to be refused them."""
    return "" if reader.may_read_all else _mine(reader)


def _mine(reader: Reader) -> str:
    return search.any_of(search.tagged(search.tag(about, reader.person_id)) for about in "lj")


def _counted(reader: Reader, match: str, full: bool, begun: bool) -> tuple[str, str]:
    """What the index can count by itself, because everybody who reads all may see it, and what is left to look at."""
    base = f"({match})" if match else _EVERY
    if reader is access.RULES:
        return base, ""
    if not reader.may_read_all:
        return "", ""
    if begun:
        return f"{base} NOT ({_SPECIAL} OR {_PROTECTED})", f"{base} AND ({_SPECIAL} OR {_PROTECTED})"
    if not full or reader.reads_child_protection:
        return f"{base} NOT {_SPECIAL}", f"{base} AND {_SPECIAL}"
    return (
        f"{base} NOT ({_SPECIAL} OR {_PROTECTED})",
        f"{base} AND ({_SPECIAL} OR ({_PROTECTED} AND ({_mine(reader)})))",
    )


_EVERY = search.tagged(search.tag("a"))
_PROTECTED = search.tagged(search.tag("h", "1"))
_CLOSED = search.tagged(search.tag("s", "closed"))
_SPECIAL = search.tagged(search.tag("z", "1"))
_SHOWN_STATUS = case((incident.c.status == "closed", "closed"), else_="open")


def conditions(shape: frozenset[str]) -> Iterator[ColumnElement[bool]]:
    """What a row must be, beside what the index says. One access clause stands in all of them."""
    yield access.FULL if "full" in shape else access.SEEN
    if "begun" in shape:
        begins = and_(incident.c.ref >= bindparam("begun"), incident.c.ref < bindparam("beyond"))
        yield or_(access.WHOLE, begins)
    if "status" in shape:
        # Somebody who sees a case only in part sees "open" or "closed", and may ask for no more than that.
        yield case((access.WHOLE, incident.c.status), else_=_SHOWN_STATUS) == bindparam("status")
    if "lead" in shape:
        yield case((access.WHOLE, incident.c.lead), else_="") == bindparam("lead")
    if "since" in shape:
        yield incident.c.opened_at >= bindparam("since")
    if "until" in shape:
        yield incident.c.opened_at < bindparam("until")
    if "happened_since" in shape:
        yield incident.c.happened_key >= bindparam("happened_since")
    if "happened_until" in shape:
        yield incident.c.happened_key < bindparam("happened_until")
    if "ref" in shape:
        yield incident.c.ref == bindparam("ref")
    if "due_before" in shape:
        yield incident.c.next_due < bindparam("due_before")
        yield incident.c.next_due != ""


def _text(value: str) -> str:
    """What can be handed to SQLite: half a surrogate pair cannot."""
    return value.encode("utf-8", "replace").decode("utf-8")
