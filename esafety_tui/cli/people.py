"""esafety people: who can open the log."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from esafety_tui.cli import options, typed
from esafety_tui.cli.text import one_json, say, table

app = typer.Typer(help="The people who can open the log: list, add.", rich_markup_mode=None, no_args_is_help=True)


@app.command("list")
def list_people(
    context: typer.Context, json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False
) -> None:
    """Everybody who has a login, now or earlier."""
    with options.signed_in(options.of(context)) as session:
        found = session.people.list()
        if json:
            one_json(found)
            return
        options.mark(session)
        table(
            ("login", "name", "role", "senior", "active"),
            ((row["login"], row["name"], row["title"], _word(row["senior"]), _word(row["active"])) for row in found),
        )


def _word(value: object) -> str:
    return "yes" if value else "no"


@app.command()
def add(
    context: typer.Context,
    new_password_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Their password; only in a practice log.")
    ] = None,
) -> None:
    """Give a colleague a login; they type their own password."""
    from esafety_tui.cli.asking import until_taken
    from esafety_tui.cli.conversation import Conversation

    with options.signed_in(options.of(context)) as session:
        session.people.may_add()
        talk = Conversation(
            typed.Lines(),
            lambda choice, field, filled: options.password_of(session.kind, new_password_file, f"{field.label}: "),
        )
        options.mark(session)
        message = until_taken(talk, session.people.add_ask, session.people.add_reply)
        if message is None:
            raise typer.Exit(talk.exit_code)
        say(message)


@app.command()
def sheets(context: typer.Context) -> None:
    """Make three new recovery sheets; the ones before open nothing from then on."""
    from esafety_tui.cli.asking import until_taken
    from esafety_tui.cli.conversation import Conversation

    with options.signed_in(options.of(context)) as session:
        talk = Conversation(typed.Lines(), lambda choice, field, filled: "")
        options.mark(session)
        asked = session.sheets
        message = until_taken(talk, asked.ask, asked.reply)
        while message is not None and asked.open:
            say(message)
            message = until_taken(talk, asked.ask, asked.reply)
        if message is None:
            raise typer.Exit(talk.exit_code)
        say(message)
