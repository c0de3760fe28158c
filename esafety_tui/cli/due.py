"""esafety due: what is due, overdue first; an action done, a day put off."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Literal

import typer

from esafety_tui.cli import options
from esafety_tui.cli.leaving import Json
from esafety_tui.cli.text import one_json, say, table

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="What is due, overdue first.")

Ref = Annotated[str, typer.Argument(metavar="REF", help="The incident.")]
Item = Annotated[str, typer.Argument(metavar="ITEM", help="Its number in the list.")]
Reason = Annotated[str, typer.Option(metavar="TEXT", help="What was done, or why not.")]


@app.command("list")
def listed(
    context: typer.Context,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only what is overdue.")] = False,
    kind: Annotated[
        Literal["action", "answer", "countersign", "attested", "calendar", "filtering", "retention", "other"] | None,
        typer.Option(help="Only what is of this kind."),
    ] = None,
    period: Annotated[
        Literal["this-term", "last-term", "this-year", "last-year"] | None,
        typer.Option(help="Only what is or was due in this part of the policy's school year."),
    ] = None,
    json: Json = False,
) -> None:
    """Actions, answers awaited, countersignatures, the calendar: overdue first, then what comes soonest."""
    with options.signed_in(options.of(context)) as session:
        found = session.browsing.dues.lines(kind or "", overdue, period or "")
        if json:
            one_json([asdict(one) for one in found])
            return
        options.mark(session)
        if not found:
            say("Nothing is overdue." if overdue else "Nothing is due.")
            return
        table(
            ("due", "incident", "item", "who", "what"),
            (
                (f"{one.due}, OVERDUE" if one.overdue else one.due, one.ref, one.id, one.owner, one.what)
                for one in found
            ),
        )


@app.command()
def done(
    context: typer.Context,
    ref: Ref,
    item: Item,
    reason: Reason = "",
    not_done: Annotated[bool, typer.Option("--not-done", help="It was not done; the reason says why.")] = False,
    when: Annotated[str, typer.Option(metavar="TIME", help='When it was done: "14:05", "yesterday"; else now.')] = "",
) -> None:
    """An action was done, or was not."""
    with options.signed_in(options.of(context)) as session:
        session.browsing.dues.done(ref, item, not not_done, reason, when)
        say("Saved.")


@app.command()
def postpone(
    context: typer.Context,
    ref: Ref,
    item: Item,
    until: Annotated[str, typer.Option(metavar="DAY", help="The new day, like 2026-03-02 or 2 March.")],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why it is put off.")],
) -> None:
    """Put something off to another day, with the reason."""
    with options.signed_in(options.of(context)) as session:
        session.browsing.dues.postpone(ref, item, until, reason)
        say("Saved.")
