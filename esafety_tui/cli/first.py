"""esafety card, setup and demo: what comes before there is a log."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from esafety_tui.cli import options, typed
from esafety_tui.cli.text import clean, one_json, page, say, table
from esafety_tui.errors import StoreError

app = typer.Typer(rich_markup_mode=None)


@app.command()
def card(
    context: typer.Context, json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False
) -> None:
    """The first minute: what to do now, without a password."""
    title, lines, practice = card_of(options.of(context).home)
    if json:
        one_json({"title": title, "lines": list(lines)})
        return
    page(*([options.DEMO] if practice else []), title, "", *lines)


def card_of(home: Path) -> tuple[str, tuple[str, ...], bool]:
    """Title and lines of the card, and whether the home is a practice log. Never fails (R0)."""
    from esafety_tui.desk import opening

    try:
        practice = opening.peek(home).demo
    except StoreError:
        practice = False  # A damaged home is told when it is opened; the card shows all the same.
    title, lines = opening.first_card(home)
    return title, lines, practice


@app.command()
def setup(
    context: typer.Context,
    answers: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The answers as TOML; - reads standard input.")
    ] = None,
    test: Annotated[
        bool, typer.Option("--test", help="Make a practice log, in which passwords may come from files.")
    ] = False,
) -> None:
    """Set the school up: policy, this computer, the people and their passwords."""
    from esafety_tui.cli import founding

    given = options.of(context)
    if answers is not None and test:
        founding.practice(given.home, answers)
    else:
        raise typer.Exit(founding.asked(given, "test" if test else "school", answers))


@app.command()
def demo(
    context: typer.Context,
    incidents: Annotated[int, typer.Option(min=0, max=100_000, metavar="N", help="How many incidents.")] = 40,
    random_seed: Annotated[int, typer.Option(metavar="S", help="The same number makes the same log.")] = 1,
    no_open: Annotated[bool, typer.Option("--no-open", help="Make it and print where it is.")] = False,
    drill: Annotated[bool, typer.Option("--drill", help="One practice case for a colleague.")] = False,
    pack: Annotated[str, typer.Option(metavar="P", help="The policy: a pack by name, or a folder.")] = "spires",
    json: Annotated[bool, typer.Option("--json", help="One JSON document; opens nothing.")] = False,
) -> None:
    """A throw-away log with made-up incidents, to look around in or to practise with."""
    from esafety_tui.desk.demo import demonstration as desk

    # Never the folder of ESAFETY_HOME or the usual one: a practice log there would stand in the real one's place.
    home = options.of(context).named or _fresh_folder()
    if os.environ.get("ESAFETY_HOME") and options.of(context).named is None:
        say(f"ESAFETY_HOME is not used for a practice log; it is in {clean(str(home))}. Name a folder with --home.")
    made = desk.make(home, incidents, random_seed, pack, drill, progress=_counted())
    if no_open or json or not typed.both_ends_are_a_terminal():
        one_json(made)
        return
    _introduced(made)
    typed.Lines().read("Press enter to open it. ")
    from esafety_tui.app import run_app

    raise typer.Exit(run_app(home))


def _counted() -> Callable[[int, int], None] | None:
    """How far it is, on one line, where somebody watches."""
    if not sys.stderr.isatty():
        return None

    def told(done: int, of: int) -> None:
        print(f"\r{done} of {of} incidents", end="\n" if done == of else "", file=sys.stderr, flush=True)

    return told


def _introduced(made: dict[str, Any]) -> None:
    """Who can sign in to the practice log, and with what."""
    page(options.DEMO, f"It is in {clean(made['home'])}.", "")
    people = made["people"]
    table(
        ("login", "role", "password"),
        ((one["login"], one["role"], typed.password_from(Path(one["password_file"]))) for one in people),
    )
    if "ref" in made:
        page("", f"The practice case: {clean(made['ref'])}")


def _fresh_folder() -> Path:
    import tempfile

    return Path(tempfile.mkdtemp(prefix="esafety-demo-")) / "home"
