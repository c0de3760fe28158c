"""esafety wizard and esafety slip: an incident as plain numbered lines."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from esafety_tui.cli import options
from esafety_tui.cli.witness import Passwords, Witness, WitnessFile, passwords_of

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session

app = typer.Typer(rich_markup_mode=None)


@app.command()
def wizard(
    context: typer.Context,
    ref: Annotated[str, typer.Argument(metavar="REF", help="The incident to go on with; none begins one.")] = "",
    witness: Witness = None,
    witness_password_file: WitnessFile = None,
    apart: Annotated[
        str,
        typer.Option(
            metavar="WHY", help="Begin an incident that is kept apart: only you can open it, until you name others."
        ),
    ] = "",
) -> None:
    """The procedure, one plain question at a time.

    A question takes one line: the number of an answer or its id. ? explains, b goes back, ! says that this may be
    illegal, t lists what else can be done with the case, q keeps everything and leaves, as the end of input does.
    A text ends with a dot alone on a line; inside it the commands are .? .b .! .q
    """
    given = options.of(context)
    with options.signed_in(given) as session:
        passwords = passwords_of(session, given, witness, witness_password_file)
        raise typer.Exit(walk(session, ref, passwords, apart))


def walk(session: Session, ref: str, passwords: Passwords, apart: str = "") -> int:
    """Begin an incident, or go on with the one named, until the person leaves. Gives the exit status.

    The reference is the last line, also when something goes wrong on the way.
    """
    from esafety_tui.cli.conversation import Conversation
    from esafety_tui.cli.text import indented, page, say
    from esafety_tui.cli.typed import Lines
    from esafety_tui.cli.walk import Walk
    from esafety_tui.incident import reference

    talk = Conversation(Lines(), partial(passwords.secret, session))
    began = not ref
    ref = reference.tidy(ref) or ref or session.casework.begin(apart)
    if not began:
        session.casework.saw(ref)
    case = Walk(session, ref, talk, passwords)
    options.mark(session)
    if began:
        say(f"Reference: {ref}")
    elif so_far := session.casework.ask(ref).so_far:
        page("Recorded so far:", *(indented(line) for line in so_far))
    remind(session)
    try:
        case.go()
    finally:
        page("", f"Reference: {ref}")
    return talk.exit_code


def remind(session: Session) -> None:
    """R1: what was recorded in this person's name waits for them to confirm; it never stands before a new record."""
    from esafety_tui.cli.text import say

    if waiting := len(session.to_confirm()):
        entries = "1 entry was" if waiting == 1 else f"{waiting} entries were"
        say(f"{entries} recorded in your name. See and confirm it when there is time: esafety mine.")


@app.command()
def slip(
    context: typer.Context,
    from_: Annotated[
        Path | None,
        typer.Option("--from", metavar="FILE.csv", help="A batch: one slip a line; - reads standard input."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="What became of each slip, as JSON.")] = False,
    everyday: Annotated[
        bool,
        typer.Option("--all-everyday", help="In every line nobody is in danger, no crime, no member of staff did it."),
    ] = False,
) -> None:
    """An ordinary incident in six fields, or a batch of staff slips."""
    given = options.of(context)
    with options.signed_in(given) as session:
        if from_ is not None:
            from esafety_tui.cli.batch import record

            raise typer.Exit(record(session, from_, json, everyday))
        raise typer.Exit(one_slip(session, passwords_of(session, given), json))


def one_slip(session: Session, passwords: Passwords, json: bool = False) -> int:
    """Ask for one slip and record it; where it is more than that the full procedure begins. Gives the exit status."""
    from esafety_tui.cli.asking import until_taken
    from esafety_tui.cli.conversation import Conversation
    from esafety_tui.cli.text import one_json, page, say
    from esafety_tui.cli.typed import Lines

    talk = Conversation(Lines(), partial(passwords.secret, session))
    options.mark(session)
    saved = until_taken(talk, session.slips.ask, session.slips.reply)
    if saved is None:
        return talk.exit_code
    say(saved.message)
    if session.casework.case(saved.ref).standing.status != "closed":
        return walk(session, saved.ref, passwords)
    if json:
        one_json({"ref": saved.ref})
    else:
        page("", f"Reference: {saved.ref}")
    return 0
