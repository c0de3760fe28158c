"""esafety policy: the packs that come with the program, a school's own, and whether a pack is safe."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from esafety_tui.cli import options, typed
from esafety_tui.cli.failing import tell
from esafety_tui.cli.text import clean, indented, one_json, page, say, table
from esafety_tui.cli.witness import Witness, WitnessFile, passwords_of
from esafety_tui.errors import PackError

if TYPE_CHECKING:
    from esafety_tui.policy.pack import Pack

app = typer.Typer(
    help="The school's policy: list, show, read, check, new, adopt.", rich_markup_mode=None, no_args_is_help=True
)

Json = Annotated[bool, typer.Option("--json", help="One JSON document.")]
PackOption = Annotated[
    str, typer.Option("--pack", metavar="P", help="A pack by name, or a folder that holds one. None: the log's own.")
]
Part = Literal[
    "sanctions", "actions", "communications", "devices", "triggers", "procedure", "roles", "agencies", "notes"
]  # fmt: skip


@app.command("list")
def list_packs(context: typer.Context, json: Json = False) -> None:
    """The packs that come with the program."""
    from esafety_tui.desk.policies import packs

    found = [packs.load(name) for name in packs.names()]
    if json:
        one_json(
            [
                {
                    "pack": pack.name,
                    "name": pack.tables.pack.name,
                    "school": pack.tables.pack.school,
                    "version": pack.version,
                    "sha256": pack.sha256,
                }
                for pack in found
            ]
        )
        return
    table(
        ("pack", "version", "school", "summary"),
        ((pack.name, pack.version, pack.tables.pack.school, pack.tables.pack.summary) for pack in found),
    )


@app.command()
def show(
    context: typer.Context,
    part: Annotated[Part | None, typer.Argument(help="Which part; none gives an overview.")] = None,
    pack: PackOption = "",
    json: Json = False,
) -> None:
    """What a policy says, part by part, in its own order."""
    from esafety_tui.cli import policy_parts

    found = chosen(options.of(context), pack)
    if json:
        one_json(policy_parts.as_data(found, part))
        return
    page(f"{clean(found.tables.pack.name)}, version {clean(found.version)}", "")
    policy_parts.told(found, part)


@app.command()
def read(
    context: typer.Context,
    page_id: Annotated[
        str, typer.Argument(metavar="PAGE", help="Which page, by its id or number; none lists them.")
    ] = "",
    ref: Annotated[
        str, typer.Option("--ref", metavar="REF", help="A case: its own policy, what applies now first.")
    ] = "",
    json: Json = False,
) -> None:
    """The policy that the log has adopted, page by page, each entry with where it comes from."""
    from dataclasses import asdict

    from esafety_tui.cli import policy_parts
    from esafety_tui.errors import UsageError

    with options.signed_in(options.of(context)) as session:
        pages = session.policy.pages(ref)
        found = [one for number, one in enumerate(pages, 1) if page_id in ("", one.id, str(number))]
        if not found:
            raise UsageError("There is no such page", "", f"Choose: {', '.join(one.id for one in pages)}.")
        if json:
            one_json([asdict(one) for one in found])
            return
        options.mark(session)
        if page_id:
            policy_parts.read(found[0])
        else:
            table(("number", "page", "title"), ((n, one.id, one.title) for n, one in enumerate(pages, 1)))


@app.command()
def check(
    context: typer.Context,
    named: Annotated[str, typer.Argument(metavar="PACK", help="The same as --pack.")] = "",
    pack: PackOption = "",
    json: Json = False,
) -> None:
    """Search all that could happen under a policy: which safeguards hold. Exit status 1 where one fails."""
    from esafety_tui.proof import check as prove

    try:
        report = prove(chosen(options.of(context), pack or named)).as_data()
    except PackError as error:
        # A pack that cannot be read is what a check is there to find: a finding, not a wrong command.
        if json:
            one_json(_broken(pack or named, error))
        else:
            tell(error)
        raise typer.Exit(1) from None
    if json:
        one_json(report)
    else:
        _proved(report)
    raise typer.Exit(0 if report["ok"] else 1)


def _broken(named: str, error: PackError) -> dict[str, Any]:
    """The report on a pack that cannot be read: nothing searched, one finding (contract.md)."""
    return {
        "ok": False,
        "pack": named,
        "sha256": "",
        **dict.fromkeys(("nodes", "edges", "states", "moves"), 0),
        "properties": [],
        "findings": [{"rule": "pack", "example": [], "text": str(error)}],
    }


def _proved(report: dict[str, Any]) -> None:
    for line in report["properties"]:
        page(f"{'holds' if line['holds'] else 'FAILS'}  {clean(line['rule'])}  {clean(line['text'])}")
    for finding in report["findings"]:
        page("", f"{clean(finding['rule'])}: {clean(finding['text'])}")
        page(*(indented(clean(step)) for step in finding["example"]))
    page(
        "",
        f"{clean(report['pack'])}: {report['nodes']} boxes, {report['edges']} answers, {report['states']} states and "
        f"{report['moves']} moves searched.",
        "Everything holds." if report["ok"] else "This policy is not safe to adopt as it is.",
    )


@app.command()
def new(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that does not exist yet, or is empty.")],
    from_: Annotated[str, typer.Option("--from", metavar="P", help="The pack to begin with.")],
) -> None:
    """Begin a school's own policy as a copy of a pack: two files that a person can read and correct."""
    from esafety_tui.desk.policies import packs

    made = packs.new(folder, from_)
    page(str(made))
    say("Correct policy.toml and procedure.toml there, then run: esafety policy check --pack, with that folder.")


@app.command()
def adopt(
    context: typer.Context,
    named: Annotated[str, typer.Argument(metavar="PACK", help="A pack by name, or a folder; none asks.")] = "",
    witness: Witness = None,
    witness_password_file: WitnessFile = None,
) -> None:
    """Adopt a policy: two people, and the day the Board of Governors agreed."""
    from esafety_tui.cli.asking import until_taken
    from esafety_tui.cli.conversation import Conversation

    given = options.of(context)
    known = _adopted(given, named) if named else {}
    with options.signed_in(given) as session:
        passwords = passwords_of(session, given, witness, witness_password_file)
        talk = Conversation(typed.Lines(), partial(passwords.secret, session))
        options.mark(session)
        message = until_taken(talk, session.people.adopt_ask, session.people.adopt_reply, {"adopt": known})
        if message is None:
            raise typer.Exit(talk.exit_code)
        say(message)


def _adopted(given: options.Options, named: str) -> dict[str, str]:
    """The fields of adopting that the name of a pack or its folder fills in. Raises PackError and UsageError."""
    from esafety_tui.desk.policies import packs

    chosen(given, named)  # a broken pack is told before anybody signs
    return {"pack": named, "folder": ""} if named in packs.names() else {"pack": "folder", "folder": named}


def chosen(given: options.Options, named: str) -> Pack:
    """The pack named; without a name the log's own for whoever signs in, else the first that comes with the program."""
    from esafety_tui.desk import opening
    from esafety_tui.desk.policies import packs

    if named:
        try:
            return packs.load(named)
        except PackError as error:
            raise PackError(error.title, error.what, _again(error.do, named)) from None
    if given.login and opening.peek(given.home).exists:
        with options.signed_in(given) as session:
            return session.pack
    first = packs.names()[0]
    say(
        f"This is the pack {first} that comes with the program. Another: --pack NAME. "
        "The one in force in a log: esafety --as LOGIN policy ..."
    )
    return packs.load(first)


def _again(do: str, named: str) -> str:
    """What to do about a broken pack, ending with the command that checks the very pack that was given."""
    command = "esafety policy check"
    pack = f'{command} --pack "{named}"' if " " in named else f"{command} --pack {named}"
    if do.endswith(command):
        return do.removesuffix(command) + pack
    return f"{do} Then check it again with: {pack}"
