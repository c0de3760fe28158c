"""esafety away: the computer with the log was taken; the school goes on, and the other copy is for reading only."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from esafety_tui.cli import options
from esafety_tui.cli.copies import Json, Newest, Second, SecondFile, TheirFile, second_person, their_password
from esafety_tui.cli.text import clean, one_json, page, say
from esafety_tui.desk.copies.copy_words import LEAVE_IT

app = typer.Typer(
    rich_markup_mode=None,
    invoke_without_command=True,
    help="The computer was taken away: record it, and go on from the stick. Also: paper, back, take-over, not-taken.",
)

Other = Annotated[Path, typer.Argument(metavar="HOME", help="The folder of the copy that came back.")]


@app.callback()
def away(
    context: typer.Context,
    officer: Annotated[str, typer.Option(metavar="NAME", help="Who took it.")] = "",
    force: Annotated[str, typer.Option(metavar="NAME", help="The police force, or the organisation.")] = "",
    number: Annotated[str, typer.Option(metavar="NUMBER", help="The officer's number.")] = "",
    receipt: Annotated[str, typer.Option(metavar="TEXT", help="The number of the receipt they gave.")] = "",
    computer: Annotated[str, typer.Option(metavar="NAME", help="Which computer; else the one it must be.")] = "",
    when: Annotated[str, typer.Option(metavar="TIME", help='When: "8:30", "yesterday 14:00"; else now.')] = "",
    said: Annotated[str, typer.Option(metavar="TEXT", help="Anything else.")] = "",
    newest: Newest = "",
    witness: Second = "",
    witness_password_file: SecondFile = None,
    json: Json = False,
) -> None:
    """The computer was taken away: by whom, for what receipt. Without an officer's name: what to do."""
    if context.invoked_subcommand is not None:
        return
    if not officer:
        page(*WHAT_TO_DO)
        return
    from esafety_tui.desk.copies import copy_words, restoring, withheld
    from esafety_tui.desk.copies.away import Taking

    taking = Taking(officer, force, number, receipt, computer, when, said, newest)
    with options.signed_in(options.of(context)) as session:
        back = withheld.not_recorded(session)
        login, secret = second_person(session.kind, witness, witness_password_file) if back else ("", "")
        event = session.away.taken(taking, login, secret)
        if json:
            one_json({
                "computer": event.name, "officer": event.officer, "receipt": event.receipt, "head": event.head,
                "incidents": event.incidents, "open": event.open, "exhibits": event.exhibits, "sealed": event.sealed,
                "people": event.people,
            })  # fmt: skip
        restored = restoring.recorded(session) if back else None
        for text in copy_words.taken(event, event.computer == session.computer_id, restored):
            say(clean(text))


WHAT_TO_DO = (
    "The computer with the log is gone, or is about to go.",
    *(f"{number}. {text}" for number, text in enumerate(LEAVE_IT, 1)),
    "3. On another computer with this program: esafety --home NEW-FOLDER backup restore STICK",
    "4. Two people record it: esafety away --officer NAME --number NUMBER --receipt NUMBER --witness LOGIN",
    "5. Until then write on the numbered paper forms: esafety form --blank --out FILE.pdf",
    "A page with these commands, to print and keep with the stick: esafety away paper --out FILE.pdf",
)


@app.command()
def paper(
    context: typer.Context,
    out: Annotated[Path, typer.Option("--out", metavar="FILE.pdf", help="Where to.")],
    json: Json = False,
) -> None:
    """The page for the head of the school: how to get everything back on a new machine with two sheets."""
    with options.signed_in(options.of(context)) as session:
        session.away.paper(out)
        if json:
            one_json({"path": str(out)})
        say(f"Written: {clean(out)}. Print it and keep it with the recovery sheets; it holds no names and no secrets.")


@app.command()
def back(context: typer.Context, home: Other, their_password_file: TheirFile = None, json: Json = False) -> None:
    """The copy came back: compare it, and make it one for reading only."""
    from esafety_tui.desk.copies import copy_words

    given = options.of(context)
    with options.signed_in(given) as session:
        told = session.away.came_back(home, session.person.login, their_password(home, given, their_password_file))
        if json:
            one_json(told)
        else:
            options.mark(session)
            page(*copy_words.parted(told))
        say("That copy is for reading only from now on. Write in this one.")
        if told["only_there"]:
            say("Take over what was written there meanwhile: esafety away take-over HOME --witness LOGIN")


@app.command("take-over")
def take_over(
    context: typer.Context,
    home: Other,
    their_password_file: TheirFile = None,
    witness: Second = "",
    witness_password_file: SecondFile = None,
    json: Json = False,
) -> None:
    """What was written on the other copy meanwhile comes in as recorded late; two people agree."""
    from esafety_tui.desk.copies import copy_words

    given = options.of(context)
    with options.signed_in(given) as session:
        secret = their_password(home, given, their_password_file)
        login, second = second_person(session.kind, witness, witness_password_file)
        event, behind = session.away.take_over(home, session.person.login, secret, login, second)
        if json:
            told = {"entries": event.entries, "cases": event.cases, "noted": event.noted, "carried": event.carried}
            one_json({**told, "left": event.left or {}, "left_there": list(behind)})
        settled, _ = session.register.copies.left_settled.get(event.chain, (0, event))
        for text in copy_words.taken_over(event, behind, settled):
            say(clean(text))


@app.command("not-taken")
def not_taken(
    context: typer.Context,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why.")],
    witness: Second = "",
    witness_password_file: SecondFile = None,
) -> None:
    """It was not taken after all: two people agree, and this copy can be written again."""
    with options.signed_in(options.of(context)) as session:
        login, secret = second_person(session.kind, witness, witness_password_file)
        session.away.not_taken(reason, login, secret)
        say("Recorded. This copy can be written again.")
