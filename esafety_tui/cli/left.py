"""esafety left: the register of what left this computer (R19)."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from esafety_tui.cli import case_text, options
from esafety_tui.cli.leaving import AllowedBy, Json, Medium, ToWhom
from esafety_tui.cli.text import one_json, say, table

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="What left this computer, on what, to whom.")

Item = Annotated[str, typer.Argument(metavar="ITEM", help="Its number in the list, like L7K3QM.")]
When = Annotated[str, typer.Option("--when", metavar="TIME", help='When it was: "14:05", "yesterday 9:30"; else now.')]
_HOW = {"zip": "encrypted", "plain": "can be read", "print-folder": "printed", "paper": "paper", "thing": "a thing"}


@app.command("list")
def listed(
    context: typer.Context,
    out_only: Annotated[bool, typer.Option("--out", help="Only what is still out.")] = False,
    json: Json = False,
) -> None:
    """What left, newest first."""
    with options.signed_in(options.of(context)) as session:
        found = session.leaving.left(out_only)
        if json:
            one_json(found)
            return
        options.mark(session)
        if not found:
            say("Nothing is out." if out_only else "Nothing has left.")
            return
        table(
            ("item", "left", "what", "incident", "how", "medium", "to whom", "allowed by", "where it is now"),
            (
                (
                    one["item"],
                    case_text.minute(str(one["left_at"])),
                    one["description"] or one["what"],
                    one["ref"],
                    _HOW.get(str(one["how"]), one["how"]),
                    one["medium"],
                    one["to_whom"],
                    one["allowed_by"],
                    one["ended"] or (f"signed for: {one['receipt']}" if one["receipt"] else "out"),
                )
                for one in found
            ),
        )


@app.command()
def add(
    context: typer.Context,
    description: Annotated[str, typer.Argument(metavar="WHAT", help="What left, in words.")],
    kind: Annotated[Literal["paper", "device", "other"], typer.Option("--kind", help="What sort of thing.")] = "other",
    ref: Annotated[str, typer.Option("--ref", metavar="REF", help="The incident it belongs to.")] = "",
    medium: Medium = "",
    to: ToWhom = "",
    allowed_by: AllowedBy = "",
    when: When = "",
    json: Json = False,
) -> None:
    """Something that left by another way: a print, a device, a stick."""
    from esafety_tui.desk.papers.leaving import Allowed

    with options.signed_in(options.of(context)) as session:
        item = session.leaving.add(kind, description, Allowed(medium, to, allowed_by), ref, when)
        if json:
            one_json({"item": item})
        say(f"Saved as {item}.")


@app.command()
def hand(
    context: typer.Context,
    item: Item,
    to: Annotated[str, typer.Option("--to", metavar="NAME", help="Who took it.")],
    force: Annotated[str, typer.Option(metavar="NAME", help="The police force, or the organisation.")] = "",
    number: Annotated[str, typer.Option(metavar="NUMBER", help="The officer's number.")] = "",
    reference: Annotated[str, typer.Option(metavar="TEXT", help="Their reference.")] = "",
    receipt: Annotated[str, typer.Option(metavar="TEXT", help="How they signed for it: page one, by pen.")] = "",
    when: When = "",
) -> None:
    """It was handed to somebody; with --receipt they signed for it."""
    from esafety_tui.desk.papers.leaving import Recipient

    with options.signed_in(options.of(context)) as session:
        session.leaving.hand_over(item, Recipient(to, force, number, reference), receipt, when)
        say("Saved.")
        if not receipt:
            say("Nobody has signed for it yet: have page one signed, and say it again with --receipt.")


@app.command()
def back(
    context: typer.Context,
    item: Item,
    how: Annotated[Literal["returned", "destroyed"], typer.Option("--how", help="Where it ended.")] = "returned",
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who brought it back or destroyed it.")] = "",
    note: Annotated[str, typer.Option(metavar="TEXT", help="Anything else.")] = "",
    when: When = "",
) -> None:
    """It came back, or was destroyed."""
    with options.signed_in(options.of(context)) as session:
        session.leaving.back(item, how, by, note, when)
        say("Saved.")
