"""esafety backup: onto a labelled stick, checked before it counts; and the way back."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from esafety_tui.cli import case_text, options, typed
from esafety_tui.cli import sheets as papers
from esafety_tui.cli.copies import Json, Newest, Second, SecondFile, progress, second_person
from esafety_tui.cli.text import clean, one_json, page, say, table
from esafety_tui.errors import StoreError

if TYPE_CHECKING:
    from esafety_tui.desk.copies.restoring import PutBack
    from esafety_tui.store.backup_files import Backup

app = typer.Typer(
    rich_markup_mode=None, no_args_is_help=True, help="Backups: place, make, list, check, restore, record, settle."
)

From = Annotated[Path | None, typer.Option("--from", metavar="DIR", help="The stick; else where backups usually go.")]
To = Annotated[Path | None, typer.Option("--to", metavar="DIR", help="The stick; else where they usually go.")]
Name = Annotated[str, typer.Option("--name", metavar="NAME", help="Which backup; else the newest.")]
Label = Annotated[str, typer.Option("--label", metavar="NAME", help="The name that is written on the stick.")]


@app.command()
def place(
    context: typer.Context,
    folder: Annotated[Path | None, typer.Argument(metavar="[DIR]", help="The stick's folder.")] = None,
    label: Label = "",
    none: Annotated[bool, typer.Option("--none", help="No backup is made by itself any more.")] = False,
    json: Json = False,
) -> None:
    """Where backups go by themselves after every sitting; without DIR it is shown."""
    with options.signed_in(options.of(context)) as session:
        if none:
            session.copies.no_place()
        elif folder is not None:
            session.copies.set_place(folder, label)
        now = session.copies.place
        if json:
            one_json({"label": now.label if now else None, "folder": now.folder if now else None})
        elif now:
            page(f"Backups go to {clean(now.label)}, in {clean(now.folder)}.")
        else:
            page("Backups go nowhere by themselves: esafety backup place DIR --label NAME")


@app.command()
def make(
    context: typer.Context,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="DIR", help="The stick; else where they usually go.")
    ] = None,
    label: Label = "",
    json: Json = False,
) -> None:
    """Make a backup now: copied, opened, checked. ctrl+c stops it, and nothing half made is left."""
    from esafety_tui.desk.copies import copy_words

    with options.signed_in(options.of(context)) as session:
        made = session.copies.make(to, label, progress(json))
        if json:
            one_json({
                "path": str(made.path), "name": made.name, "label": made.label, "head": made.head, "size": made.size,
                "left_out": made.left_out, "missing": made.missing, "dropped": list(made.dropped),
            })  # fmt: skip
        for text in copy_words.made(made):
            say(clean(text))


@app.command("list")
def listed(context: typer.Context, where: From = None, json: Json = False) -> None:
    """The backups of this log, newest first."""
    from esafety_tui.desk.copies import backup_notices

    with options.signed_in(options.of(context)) as session:
        found = session.copies.listed(where)
        if json:
            one_json(found)
            return
        options.mark(session)
        if not found:
            none = backup_notices.put_back_from(session) or "There is no backup of this log yet"
            say(f"{none}: esafety backup make --to DIR --label NAME")
            return
        table(
            ("name", "made", "stick", "up to entry", "where it is", ""),
            (
                (one["name"], case_text.minute(str(one["at"])), one["label"], one["head"], _where(one), _remark(one))
                for one in found
            ),
        )


def _where(one: dict[str, Any]) -> str:
    if one["deleted"]:
        return "deleted"
    return {True: "on the stick that is in", False: "not on the stick that is in", None: "stick not in"}[
        one["on_stick"]
    ]


def _remark(one: dict[str, Any]) -> str:
    if not one["of_this_history"]:
        return "NOT of this log's history"
    if one["holds_sealed"]:
        return "holds what was sealed since: tell the police"
    return "holds what was destroyed: esafety retention backups" if one["holds_destroyed"] else ""


@app.command()
def check(context: typer.Context, where: From = None, name: Name = "", json: Json = False) -> None:
    """Prove that a backup can be put back: into a scratch folder, all of it read. Exit status 1 where it cannot."""
    from esafety_tui.desk.copies import copy_words

    with options.signed_in(options.of(context)) as session:
        told = session.copies.check(where, name, progress(json))
        if json:
            one_json(told)
        else:
            options.mark(session)
            page(*(clean(text) for text in copy_words.checked(told)))
        if not told["ok"]:
            say("Keep it, but make a new one, best on another stick.")
    raise typer.Exit(0 if told["ok"] else 1)


@app.command()
def restore(
    context: typer.Context,
    stick: Annotated[Path, typer.Argument(metavar="DIR", help="The stick, or the folder of one backup.")],
    name: Name = "",
    sheets: Annotated[bool, typer.Option("--sheets", help="With two recovery sheets instead of a password.")] = False,
    sheets_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Both sheets, a line each; only in a practice log.")
    ] = None,
    json: Json = False,
) -> None:
    """Put a log back into a folder that holds none (--home DIR). Nothing is ever written over."""
    from esafety_tui.desk.copies import copy_words, restoring

    given = options.of(context)
    one = restoring.choose(stick, name)
    if json is False:
        say(f"Putting back {one.name}, up to entry {one.seq}.")
    done = _restored(given, one, sheets or sheets_file is not None, sheets_file, json)
    if json is False and sys.stderr.isatty():
        say("")  # The percentage stands on a line of its own.
    if json:
        one_json({"home": str(done.home), "backup": done.backup, "head": done.head, "left_out": done.left_out,
                  "missing": done.missing, "sealed_later": done.later, "claimed": done.claimed,
                  "changed": done.changed, "proven": done.proven})  # fmt: skip
    say(f"Put back into {clean(done.home)}. It is for reading only until two people record it:")
    say("  esafety backup record --reason TEXT     or, where the computer was taken,     esafety away --officer NAME")
    for text in copy_words.put_back(done):
        say(text)


def _restored(given: options.Options, one: Backup, sheets: bool, file: Path | None, quiet: bool) -> PutBack:
    from esafety_tui.desk.copies import restoring
    from esafety_tui.store import backup_files

    if given.home.exists() and any(given.home.glob("vault.json")):
        raise StoreError(
            "There is a log here already", "A backup is never put back over a log.", "Name an empty folder: --home DIR."
        )
    kind = backup_files.header_of(one).kind
    if sheets:
        first, second = papers.two(kind, file, lambda first, second: restoring.opens(one, first, second))
        return restoring.with_sheets(one, given.home, first, second, progress(quiet))
    login = given.login or options.login_typed()
    secret = options.password_of(kind, given.password_file, "Password: ")
    return restoring.with_password(one, given.home, login, secret, progress(quiet))


@app.command()
def record(
    context: typer.Context,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; - reads standard input.")],
    newest: Newest = "",
    witness: Second = "",
    witness_password_file: SecondFile = None,
    json: Json = False,
) -> None:
    """Two people record that the log was put back, and why: it can be written again."""
    from esafety_tui.desk.copies import copy_words, restoring

    with options.signed_in(options.of(context)) as session:
        login, secret = second_person(session.kind, witness, witness_password_file)
        why = typed.read_text(Path("-"), "The reason") if reason == "-" else reason
        event = restoring.record(session, login, secret, why, newest)
        if json:
            one_json({"backup": event.backup, "head": event.head, "newest": event.newest or None,
                      "lost": [seq for seq, _ in event.lost]})  # fmt: skip
        for text in copy_words.recorded(event):
            say(text)


@app.command()
def settle(
    context: typer.Context,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="What became of it; - reads standard input.")],
    witness: Second = "",
    witness_password_file: SecondFile = None,
    json: Json = False,
) -> None:
    """Two people say what became of the entries that are missing since the log was put back."""
    from esafety_tui.desk.copies import copy_words, restoring

    with options.signed_in(options.of(context)) as session:
        login, secret = second_person(session.kind, witness, witness_password_file)
        why = typed.read_text(Path("-"), "What became of it") if reason == "-" else reason
        events = restoring.settle(session, login, secret, why)
        if json:
            one_json([{"epoch": one.epoch, "newest": one.newest, "left": one.left} for one in events])
        for text in copy_words.settled(events, session.register.copies):
            say(text)
