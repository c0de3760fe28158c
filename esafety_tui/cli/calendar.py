"""esafety calendar: what comes round by the school's policy."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from esafety_tui.cli import options, typed
from esafety_tui.cli.leaving import Json
from esafety_tui.cli.text import one_json, say, table

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="What comes round by the school's policy.")


@app.command("list")
def listed(
    context: typer.Context,
    due: Annotated[bool, typer.Option("--due", help="Only what is to be done by now.")] = False,
    done: Annotated[bool, typer.Option("--done", help="What was done instead, newest first.")] = False,
    json: Json = False,
) -> None:
    """Reviews, reports, meetings, checks: what is to be done next of each, soonest first."""
    with options.signed_in(options.of(context)) as session:
        if done:
            marked = session.calendar.done()
            if json:
                one_json(marked)
                return
            options.mark(session)
            _done(marked)
            return
        found = session.calendar.due() if due else session.calendar.owed()
        if json:
            one_json([{**asdict(one), "open": one.open} for one in found])
            return
        options.mark(session)
        if not found:
            say("Nothing is to be done by now.")
            return
        table(
            ("id", "due", "for", "who", "what"),
            ((one.id, _due(one.due, one.overdue), one.named, one.who, one.what) for one in found),
        )


def _due(day: str, overdue: bool) -> str:
    return f"{day}, OVERDUE" if overdue else day


def _done(marked: list[dict[str, object]]) -> None:
    if not marked:
        say("Nothing was marked as done yet.")
        return
    table(
        ("done", "by", "period from", "what", "note"),
        (
            (str(one["at"])[:10], one["by"], one["period"], one["what"], one["note"] if one["needed"] else
             f"not needed: {one['note']}")
            for one in marked
        ),
    )  # fmt: skip


@app.command("done")
def mark_done(
    context: typer.Context,
    id: Annotated[str, typer.Argument(metavar="ID", help="Its id in the list.")],
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="What was done, or where it is written.")] = "",
    when: Annotated[str, typer.Option("--when", metavar="TIME", help="When it was; else now.")] = "",
    not_needed: Annotated[bool, typer.Option("--not-needed", help="It is not needed this time: say why.")] = False,
) -> None:
    """It is done, with a note. Without --note it is asked."""
    from esafety_tui.cli.asking import until_taken
    from esafety_tui.cli.conversation import Conversation
    from esafety_tui.desk.asks import Reply

    with options.signed_in(options.of(context)) as session:
        calendar = session.calendar
        if note:
            choice = "not-needed" if not_needed else "done"
            say(calendar.reply(id, Reply(choice, {"note": note, "when": when})).message)
            return
        options.mark(session)
        talk = Conversation(typed.Lines(), lambda choice, field, filled: "")
        saved = until_taken(talk, lambda: calendar.ask(id), lambda reply: calendar.reply(id, reply))
        if saved is None:
            raise typer.Exit(talk.exit_code)
        say(saved.message)
