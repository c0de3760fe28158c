"""esafety check-machine: what about this computer could give the log away or lose it."""

from __future__ import annotations

from typing import Annotated

import typer

from esafety_tui.cli import options
from esafety_tui.cli.text import clean, one_json, page, say

app = typer.Typer(rich_markup_mode=None)

_SIGN = {"fine": "fine", "look": "LOOK", "cannot tell": "cannot tell"}


@app.command("check-machine")
def check_machine(
    context: typer.Context, json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False
) -> None:
    """Encryption, clock, cloud folders, free space, stick, printer. Needs no password, changes nothing."""
    from dataclasses import asdict

    from esafety_tui.desk.school import machine

    found = machine.check(options.of(context).home)
    if json:
        one_json([asdict(one) for one in found])
    else:
        for one in found:
            page(f"{_SIGN[one.state]:12} {clean(one.title)}: {clean(one.text)}")
            if one.do and one.state != machine.FINE:
                page(f"{'':12} {clean(one.do)}")
    todo = sum(one.state == machine.LOOK for one in found)
    if todo:
        say(f"{todo} {'thing' if todo == 1 else 'things'} to look at. What could not be told, a person has to look at.")
        raise typer.Exit(1)
