"""esafety log and esafety show: what is in the log, as lines or as JSON."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from esafety_tui.cli import leaving, options
from esafety_tui.cli.text import clean, one_json, say, table
from esafety_tui.errors import UsageError

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session

app = typer.Typer(rich_markup_mode=None)

Json = Annotated[bool, typer.Option("--json", help="One JSON document.")]
Status = Literal["open", "waiting", "halted", "awaiting-police", "monitoring", "closed"]
Branch = Literal["undecided", "internal", "illegal"]
Class = Literal["ordinary", "suspicion"]
Due = Literal["any", "overdue", "week", "none"]
Period = Literal["this-term", "last-term", "this-year", "last-year"]
YesNo = Literal["yes", "no"]
Row = dict[str, Any]
_DAY = "DAY"
_PAGE = 500
#: Letters of one name, and of all the names of a line; `show` and --json have them whole.
_NAME, _NAMES = 40, 100


@app.command()
def log(
    context: typer.Context,
    search: Annotated[str, typer.Option(metavar="WORDS", help="Words anywhere in the incident.")] = "",
    status: Annotated[Status | None, typer.Option(help="Where it stands.")] = None,
    branch: Annotated[Branch | None, typer.Option(help="Internal, or possibly illegal.")] = None,
    kind: Annotated[str | None, typer.Option(metavar="KIND", help="What it is about, as the policy calls it.")] = None,
    since: Annotated[str | None, typer.Option(metavar=_DAY, help="Opened on this day or later (2026-03-02).")] = None,
    until: Annotated[str | None, typer.Option(metavar=_DAY, help="Opened on this day or earlier.")] = None,
    happened_since: Annotated[str | None, typer.Option(metavar=_DAY, help="Happened on this day or later.")] = None,
    happened_until: Annotated[str | None, typer.Option(metavar=_DAY, help="Happened on this day or earlier.")] = None,
    person: Annotated[str | None, typer.Option(metavar="NAME", help="Somebody involved: a name, or their id.")] = None,
    class_: Annotated[Class | None, typer.Option("--class", help="Ordinary, or a suspicion.")] = None,
    group: Annotated[str, typer.Option(metavar="GROUP", help="A class or group of pupils, as the policy has it.")] = "",
    whom: Annotated[str, typer.Option(metavar="KIND", help="Involves somebody of this kind: pupil, staff ...")] = "",
    period: Annotated[Period | None, typer.Option(help="Opened in this part of the policy's school year.")] = None,
    lead: Annotated[str, typer.Option(metavar="NAME", help="Who leads it: a name or a login.")] = "",
    police: Annotated[YesNo | None, typer.Option(help="Whether the police were told.")] = None,
    due: Annotated[Due | None, typer.Option(help="What is due in it.")] = None,
    exhibits: Annotated[YesNo | None, typer.Option(help="Whether it has exhibits.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 50,
    after: Annotated[str | None, typer.Option(metavar="REF", help="Go on after this incident.")] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="All that fits into a file: .csv, .jsonl, or .zip, which is encrypted."),
    ] = None,
    to: leaving.ToWhom = "",
    readable: leaving.Readable = False,
    medium: leaving.Medium = "",
    allowed_by: leaving.AllowedBy = "",
    passphrase_file: leaving.SecretFile = None,
    json: Json = False,
) -> None:
    """The incidents, newest first. With --out the list leaves this computer, and that is entered (R19)."""
    with options.signed_in(options.of(context)) as session:
        from esafety_tui.desk.logbook.logfilter import LogFilter

        if kind:
            _known(session, kind)
        wanted = LogFilter(
            search, status or "", class_ or "", branch or "", kind or "", group, whom, period or "",
            _day(since) or "", _day(until) or "", _day(happened_since) or "", _day(happened_until) or "", person or "",
            _lead(session, lead), police or "", due or "", exhibits or "",
        )  # fmt: skip
        if out is not None:
            from esafety_tui.desk.papers.leaving import Allowed

            leaving.seen(session, passphrase_file, out.suffix.casefold() == ".zip")
            written = session.browsing.exporting.log(out, Allowed(medium, to, allowed_by, plain=readable), wanted)
            leaving.told(session, written, passphrase_file, json)
            if written.how == "plain":
                leaving.warned(written)
            return
        rows = pages(partial(session.browsing.listed, wanted), limit, after or None)
        if json:
            one_json(rows)
            return
        _told_of_names(session, wanted.person)
        listed(rows, after or "", narrowed=not wanted.empty)
        if len(rows) == limit:
            say(f"There may be more: --after {rows[-1]['ref']}")


def _told_of_names(session: Session, person: str) -> None:
    """Above the list, in a practice log, that it is one; and who has another name now than the one that was given."""
    options.mark(session)
    for one in session.browsing.called_before(person):
        say(clean(str(one)))


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


def _lead(session: Session, typed: str) -> str:
    """The id of whoever is meant. UsageError where nobody is, so that nobody thinks they lead nothing."""
    if not typed.strip():
        return ""
    wanted = " ".join(typed.casefold().split())
    for id, person in session.register.people.items():
        if wanted in (person.login.casefold(), " ".join(person.name.casefold().split())):
            return id
    raise UsageError("Nobody here has that name", "A lead is one of the school's own.", "See esafety people list.")


def _day(typed: str | None) -> str | None:
    from esafety_tui.desk import clock

    if not typed:
        return None
    try:
        return clock.parse_day(typed)
    except UsageError as error:
        do = "Write it like 2026-03-02, 2 March or yesterday; leave the option out for the whole log."
        raise UsageError(error.title, "It has to be a day that exists.", do) from None


def listed(rows: list[dict[str, Any]], after: str = "", narrowed: bool = False) -> None:
    """The rows of a log as columns, or what to do where there is none. after: the incident behind which they begin;
    narrowed: whether a search or a filter was given."""
    if not rows and after:
        say(f"Nothing comes after {after}: that was the last page. From the beginning: leave --after out.")
        return
    if not rows and narrowed:
        say("Nothing in the log fits. Take a word or an option away; esafety log without any shows every incident.")
        return
    if not rows:
        say("Nothing in the log fits. A new incident begins with: esafety wizard")
        return
    from esafety_tui.cli.case_text import minute

    table(
        ("reference", "opened", "status", "class", "kind", "people", "next due"),
        (
            (
                row["ref"],
                minute(row["opened_at"]),
                row["status"],
                row["class"],
                ", ".join(row["kinds"]),
                _people(row["people"]),
                row["next_due"] or "",
            )
            for row in rows
        ),
    )


def _people(people: list[dict[str, Any]]) -> str:
    """Who they are: a name that is longer than any is cut, so that one cannot push the columns of all others away."""
    names = [clean(one["name"] or "not known") for one in people]
    told = ", ".join(name if len(name) <= _NAME else f"{name[: _NAME - 1]}…" for name in names)
    return told if len(told) <= _NAMES else f"{told[: _NAMES - 1]}…"


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
            related = session.browsing.persons.related(found["ref"])
            found["related"] = [{"ref": one.ref, "why": list(one.why)} for one in related]
        if json:
            one_json(found)
            return
        options.mark(session)
        from esafety_tui.cli import case_text

        case_text.told(session, found)
