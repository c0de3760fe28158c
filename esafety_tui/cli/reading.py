"""esafety log and esafety show: what is in the log, as lines or as JSON."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from esafety_tui.cli import options
from esafety_tui.cli.text import clean, indented, one_json, page, say, table
from esafety_tui.errors import UsageError

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session

app = typer.Typer(rich_markup_mode=None)

Json = Annotated[bool, typer.Option("--json", help="One JSON document.")]
Status = Literal["open", "waiting", "halted", "awaiting-police", "monitoring", "closed"]
Branch = Literal["undecided", "internal", "illegal"]
Row = dict[str, Any]
_DAY = "DAY"
_PAGE = 500


@app.command()
def log(
    context: typer.Context,
    search: Annotated[str, typer.Option(metavar="WORDS", help="Words anywhere in the incident.")] = "",
    status: Annotated[Status | None, typer.Option(help="Where it stands.")] = None,
    branch: Annotated[Branch | None, typer.Option(help="Internal, or possibly illegal.")] = None,
    kind: Annotated[str | None, typer.Option(metavar="KIND", help="What it is about, as the policy calls it.")] = None,
    since: Annotated[str | None, typer.Option(metavar=_DAY, help="Opened on this day or later (2026-03-02).")] = None,
    until: Annotated[str | None, typer.Option(metavar=_DAY, help="Opened on this day or earlier.")] = None,
    person: Annotated[str | None, typer.Option(metavar="NAME", help="Somebody involved: a name, or their id.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 50,
    after: Annotated[str | None, typer.Option(metavar="REF", help="Go on after this incident.")] = None,
    json: Json = False,
) -> None:
    """The incidents, newest first."""
    with options.signed_in(options.of(context)) as session:
        if kind:
            _known(session, kind)
        page_of = partial(session.browsing.log, search, status, branch, kind, _day(since), _day(until), person or None)
        rows = pages(page_of, limit, after or None)
        if json:
            one_json(rows)
            return
        options.mark(session)
        listed(rows)
        if len(rows) == limit:
            say(f"There may be more: --after {rows[-1]['ref']}")


def pages(page_of: Callable[[int, str | None], list[Row]], limit: int, after: str | None) -> list[Row]:
    """Up to `limit` rows, fetched a page at a time so that the store is never held for long."""
    rows: list[Row] = []
    while len(rows) < limit:
        wanted = min(_PAGE, limit - len(rows))
        found = page_of(wanted, after)
        rows += found
        if len(found) < wanted:
            break
        after = found[-1]["ref"]
    return rows


def _known(session: Session, kind: str) -> None:
    """UsageError where no policy that this log was ever kept under has such a kind."""
    if session.pack.tables.kind(kind):
        return
    earlier = (session.pack_of(sha256) for sha256 in session.register.packs)
    if not any(pack.tables.kind(kind) for pack in earlier):
        ids = ", ".join(one.id for one in session.pack.tables.kinds)
        raise UsageError("No policy of this log has that kind", "Nothing was looked for.", f"Choose: {ids}.")


def _day(typed: str | None) -> str | None:
    from esafety_tui.desk import clock

    if not typed:
        return None
    try:
        return clock.parse_day(typed)
    except UsageError as error:
        do = "Write it like 2026-03-02, 2 March or yesterday; leave the option out for the whole log."
        raise UsageError(error.title, "It has to be a day that exists.", do) from None


def listed(rows: list[dict[str, Any]]) -> None:
    """The rows of a log as columns, or what to do where there is none."""
    if not rows:
        say("Nothing in the log fits. A new incident begins with: esafety wizard")
        return
    table(
        ("reference", "opened", "status", "class", "kind", "people", "next due"),
        (
            (
                row["ref"],
                _minute(row["opened_at"]),
                row["status"],
                row["class"],
                ", ".join(row["kinds"]),
                ", ".join(person["name"] or "not known" for person in row["people"]),
                row["next_due"] or "",
            )
            for row in rows
        ),
    )


@app.command()
def show(
    context: typer.Context,
    ref: Annotated[str, typer.Argument(metavar="REF", help="The incident.")],
    json: Json = False,
) -> None:
    """One incident: summary, chronology, people, sites, exhibits, actions, signatures."""
    with options.signed_in(options.of(context)) as session:
        found = session.browsing.show(ref)
        if not found.get("reduced"):
            session.casework.saw(found["ref"])
        if json:
            one_json(found)
            return
        options.mark(session)
        told(found)


def told(case: dict[str, Any]) -> None:
    """One incident as text, a part under each heading; a text of several lines is set in."""
    page(f"Incident {case['ref']}")
    for key, label in _SUMMARY:
        if value := case.get(key):
            value = _minute(value) if key.endswith("_at") else value
            page(f"{label}: {clean(', '.join(value) if isinstance(value, list) else value)}")
    if pack := case.get("pack"):
        page(f"Policy: {clean(pack.get('name', ''))}, version {clean(pack.get('version', ''))}")
    page(f"Police told: {'yes' if case.get('police_referred') else 'no'}")
    for key, heading in _PARTS:
        if rows := case.get(key):
            page("", heading)
            for row in rows:
                page(indented(_line(row)))


_SUMMARY = (
    ("opened_at", "Opened"),
    ("happened_at", "Happened"),
    ("status", "Status"),
    ("class", "Class"),
    ("branch", "Branch"),
    ("step", "Step"),
    ("kinds", "About"),
    ("lead", "Lead"),
    ("second", "Second person"),
    ("next_due", "Next due"),
    ("conclusion", "Conclusion"),
)
_PARTS = (
    ("people", "People"),
    ("chronology", "Chronology"),
    ("sites", "Sites and devices"),
    ("exhibits", "Exhibits"),
    ("judgements", "Judgements"),
    ("actions", "Actions"),
    ("signatures", "Signatures"),
)


def _minute(at: str) -> str:
    """A time as ISO 8601, to the minute of the place where it was written down."""
    return at[:16].replace("T", " ")


def _line(row: dict[str, Any]) -> str:
    if "seq" in row and "text" in row:
        return _entry(row)
    if "group" in row:
        about = (row["kind"], row["role"], row["group"])
        return ", ".join([row["name"] or "Not known yet", *(word for word in about if word)])
    shown = (f"{key.replace('_', ' ')}: {value}" for key, value in row.items() if value not in (None, "", []))
    return "; ".join(shown)


def _entry(row: dict[str, Any]) -> str:
    """An entry of the chronology: number, when, who, what, and what is special about it."""
    when = _minute(row["at"])
    who = row["by"] + (f" with {row['witness']}" if row.get("witness") else "")
    marks = [
        word for key, word in (("late", "recorded late"), ("clock_back", "the clock had gone back")) if row.get(key)
    ]
    happened = _minute(row.get("happened_at", ""))
    if happened and happened != when:
        marks.insert(0, f"happened {happened}")
    said = row["text"].replace("\r\n", "\n").replace("\n", "\n    ")
    return f"{row['seq']}  {when}  {who}: {said}" + (f" ({', '.join(marks)})" if marks else "")
