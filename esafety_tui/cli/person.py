"""esafety person: one person over all incidents, and two records of one person."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from esafety_tui.cli import case_text, options
from esafety_tui.cli.leaving import Json
from esafety_tui.cli.text import clean, indented, one_json, page, say, table
from esafety_tui.errors import UsageError
from esafety_tui.incident import reference
from esafety_tui.incident.wording import ROLES

if TYPE_CHECKING:
    from esafety_tui.desk.logbook.persons import Part, PersonPage
    from esafety_tui.desk.session import Session

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="One person over all incidents.")

Who = Annotated[str, typer.Argument(metavar="PERSON", help="A name, or the id of one record (log --json).")]
Other = Annotated[str, typer.Argument(metavar="OTHER", help="The id of another record.")]
Apart = Annotated[str, typer.Argument(metavar="OTHER", help="The id of the joined record, or an incident.")]
Reason = Annotated[str, typer.Option(metavar="TEXT", help="How you know.")]


@app.command()
def show(context: typer.Context, who: Who, json: Json = False) -> None:
    """Every incident of one person: their part in it, and what was decided."""
    with options.signed_in(options.of(context)) as session:
        found = _found(session, who)
        if json:
            one_json(asdict(found))
            return
        options.mark(session)
        page(clean(", ".join((found.name or "not known", *found.groups))))
        for other, name, reason in found.joined:
            page(f"Also recorded as {clean(name)} ({clean(other)}): {clean(reason)}")
        for named in found.namesakes:
            page(f"Another record has this name: {clean(named)}. One person? esafety person join")
        for part in found.parts:
            page("", *(indented(line) for line in _lines(part)))
        if found.more:
            say(f"There are older ones: esafety log --person {found.who}")


@app.command()
def join(
    context: typer.Context,
    who: Who,
    other: Other,
    reason: Reason,
    different: Annotated[
        bool, typer.Option("--different", help="They are one person although the names or kinds differ.")
    ] = False,
) -> None:
    """Two records are of one person: what was decided before counts for both (R9)."""
    with options.signed_in(options.of(context)) as session:
        session.browsing.persons.join(who, other, reason, different)
        say("Saved. Both are shown as one person.")


@app.command()
def part(context: typer.Context, who: Who, other: Apart, reason: Reason) -> None:
    """They are two people after all: a joined record, or one incident that is of somebody else of the same name."""
    with options.signed_in(options.of(context)) as session:
        persons = session.browsing.persons
        if ref := reference.tidy(other):
            persons.apart(who, ref, reason)
        else:
            persons.part(who, other, reason)
        say("Saved. Each stands for itself again.")


def _found(session: Session, typed: str) -> PersonPage:
    """The page of whoever is meant. UsageError where nobody is, or several: then they are listed."""
    exact = session.browsing.persons.page(typed.strip())
    if exact is not None:
        return exact
    people = {one.who: one for one in session.browse.people_matching(session.reader, typed) if one.who}
    before = session.browsing.called_before(typed)
    people = {one.person.who: one.person for one in before} | people
    for one in before:
        say(clean(str(one)))
    # Records that were joined are one person.
    groups = {frozenset(session.browsing.persons.records(who)) for who in people}
    if len(groups) == 1:
        page = session.browsing.persons.page(next(iter(people)))
        if page is not None:
            return page
    if not groups:
        raise UsageError(
            "Nobody of that name",
            "No incident that you can open names them so, or did before.",
            "Try part of the name.",
        )
    table(("id", "name", "kind", "group"), ((one.who, one.name, one.kind, one.group) for one in people.values()))
    raise UsageError("Several people have that name", "They are listed.", "Name one of them by the id.")


def _lines(part: Part) -> list[str]:
    kinds = ", ".join(part.kinds)
    lines = [
        f"{part.ref}, {case_text.minute(part.opened_at)}: {case_text.STATUS.get(part.status, part.status)}; {kinds}",
        f"{ROLES.get(part.role, part.role)}{f', {part.group}' if part.group else ''}",
    ]
    if part.row:
        lines.append(part.row)
    lines += [f"{title}: {'; '.join(said for said in (decided, end) if said)}" for title, decided, end in part.actions]
    told = {"yes": "The parents were told.", "no": "The parents were not told."}.get(part.parents, "")
    ended = (*part.earlier, part.corrected[:1].upper() + part.corrected[1:])
    return [clean(line) for line in (*lines, told, part.outcome, part.conclusion, *ended) if line]
