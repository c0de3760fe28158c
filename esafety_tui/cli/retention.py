"""esafety retention: whose time has come, legal holds, and destroying records by the decision of two people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from esafety_tui.cli import options
from esafety_tui.cli.leaving import Json
from esafety_tui.cli.text import clean, one_json, page, say, table
from esafety_tui.cli.witness import Passwords, Witness, WitnessFile, passwords_of
from esafety_tui.errors import UsageError

if TYPE_CHECKING:
    from esafety_tui.desk.asks import Choice
    from esafety_tui.desk.retention.times import Line
    from esafety_tui.desk.retention.traces import Disposal, Holding
    from esafety_tui.desk.session import Session

app = typer.Typer(
    rich_markup_mode=None, no_args_is_help=True, help="How long records are kept. Nothing is ever destroyed by itself."
)

Refs = Annotated[list[str], typer.Argument(metavar="REF...", help="The incident, or several.")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why, without a pupil's name.")]


@app.command()
def due(
    context: typer.Context,
    held: Annotated[bool, typer.Option("--held", help="Instead those under a legal hold.")] = False,
    json: Json = False,
) -> None:
    """Records that were kept as long as the policy says: two people decide about each."""
    with options.signed_in(options.of(context)) as session:
        found = session.retention.held() if held else session.retention.due()
        if json:
            one_json([_line(one) for one in found])
            return
        options.mark(session)
        if not found:
            say("No record is held." if held else "No record has come to the end of its time.")
        _lines(found)
        _backups(session, session.retention.backups())


@app.command()
def show(context: typer.Context, ref: Annotated[str, typer.Argument(metavar="REF")], json: Json = False) -> None:
    """How long one record is kept, and what stands in the way of destroying it."""
    with options.signed_in(options.of(context)) as session:
        one = session.retention.line(ref)
        if json:
            one_json(_line(one))
            return
        options.mark(session)
        _lines([one])


@app.command()
def hold(
    context: typer.Context,
    ref: Refs,
    reason: Reason = "",
    asked_by: Annotated[str, typer.Option("--asked-by", metavar="WHO", help="The police, a court, a solicitor.")] = "",
    json: Json = False,
) -> None:
    """A legal hold: it is not destroyed, whatever the rule says. One person is enough."""
    _run(context, "hold", ref, {"reason": reason, "asked_by": asked_by}, None, None, json)


@app.command()
def release(
    context: typer.Context,
    ref: Refs,
    reason: Reason = "",
    witness: Witness = None,
    witness_password_file: WitnessFile = None,
    json: Json = False,
) -> None:
    """End a legal hold: two people agree."""
    _run(context, "release", ref, {"reason": reason}, witness, witness_password_file, json)


@app.command()
def keep(
    context: typer.Context,
    ref: Refs,
    until: Annotated[str, typer.Option("--until", metavar="DAY", help="The day on which you are asked again.")] = "",
    reason: Reason = "",
    witness: Witness = None,
    witness_password_file: WitnessFile = None,
    json: Json = False,
) -> None:
    """Its time has come, and two people keep it longer."""
    _run(context, "keep", ref, {"until": until, "reason": reason}, witness, witness_password_file, json)


@app.command()
def dispose(
    context: typer.Context,
    ref: Refs,
    reason: Reason = "",
    direction: Annotated[
        str, typer.Option("--police-direction", metavar="TEXT", help="For sealed files: who directed it, when, number.")
    ] = "",
    witness: Witness = None,
    witness_password_file: WitnessFile = None,
    json: Json = False,
) -> None:
    """Destroy records whose time has come, for good: two people decide."""
    _run(context, "dispose", ref, {"reason": reason, "direction": direction}, witness, witness_password_file, json)


@app.command()
def done(context: typer.Context, json: Json = False) -> None:
    """What was destroyed, when, and by whose decision."""
    with options.signed_in(options.of(context)) as session:
        found = session.retention.disposals()
        if json:
            one_json([_disposal(one) for one in found])
            return
        options.mark(session)
        if not found:
            say("Nothing was destroyed.")
            return
        table(
            ("entry", "when", "records", "entries", "files", "decided by"),
            (
                (str(one.number), one.at[:16].replace("T", " "), ", ".join(str(case.get("ref")) for case in one.cases),
                 str(one.entries), str(one.files), f"{one.first}, {one.second}")
                for one in found
            ),
        )  # fmt: skip


@app.command()
def certificate(
    context: typer.Context,
    number: Annotated[int, typer.Argument(metavar="ENTRY", help="The number in esafety retention done.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE.pdf", help="Where to.")],
    json: Json = False,
) -> None:
    """The certificate of destruction, to sign and file. No pupil is named on it."""
    with options.signed_in(options.of(context)) as session:
        session.retention.certificate(number, out)
        if json:
            one_json({"path": str(out)})
        say(f"Written: {clean(out)}.")


@app.command()
def backups(
    context: typer.Context,
    destroy: Annotated[bool, typer.Option("--destroy", help="Delete them from the stick that is in.")] = False,
    stick: Annotated[
        Path | None, typer.Option("--from", metavar="FOLDER", help="The stick, if not the usual one.")
    ] = None,
    json: Json = False,
) -> None:
    """The backups that still hold what was destroyed, and with --destroy their end."""
    with options.signed_in(options.of(context)) as session:
        gone = session.retention.destroy_backups(stick) if destroy else []
        found = session.retention.backups()
        if json:
            one_json({"holding": [asdict(one) for one in found], "destroyed": gone})
            return
        options.mark(session)
        if gone:
            say(f"Deleted from the stick: {', '.join(gone)}.")
        if not found:
            say("No backup that this log knows of still holds anything that was destroyed.")
        _backups(session, found)


def _run(
    context: typer.Context,
    step: str,
    refs: Sequence[str],
    fields: dict[str, str],
    witness: list[str] | None,
    files: list[Path] | None,
    json: bool,
) -> None:
    from esafety_tui.desk.asks import Reply

    given = options.of(context)
    with options.signed_in(given) as session:
        passwords = passwords_of(session, given, witness, files)
        ask = session.retention.ask(step, refs)
        choice = ask.choices[0]
        filled = {**fields, **_second(session, choice, passwords)} if not choice.refused else fields
        saved = session.retention.reply(step, Reply(choice.id, filled), refs)
        if json:
            one_json({"records": saved.ref.split(", "), "entry": session.journal.head()[0], "message": saved.message})
        say(saved.message)


def _second(session: Session, choice: Choice, passwords: Passwords) -> dict[str, str]:
    """The login and password of the second person, where the step asks for one."""
    secret = next((field for field in choice.fields if field.id == "password"), None)
    if secret is None:
        return {}
    if not passwords.witness:
        raise UsageError("A second person is needed", "Two people decide this.", "Name them: --witness LOGIN.")
    filled = {"login": passwords.witness}
    return {**filled, "password": passwords.secret(session, choice, secret, filled)}


def _line(one: Line) -> dict[str, Any]:
    return {**asdict(one), "ready": one.ready}


def _disposal(one: Disposal) -> dict[str, Any]:
    return {**asdict(one), "cases": [dict(case) for case in one.cases]}


def _lines(found: Iterable[Line]) -> None:
    for one in found:
        source = ["The policy itself gives no years: these are a suggestion."] if one.reconstructed else []
        held = [f"HELD: {one.held}"] if one.held else []
        stands = [f"First: {text}" for text in one.blocked]
        page(f"{one.ref}: {one.due or 'for good'}", f"{one.why}.", *source, *held, *stands, *one.told, "")


def _backups(session: Session, found: Sequence[Holding]) -> None:
    from esafety_tui.desk.retention import traces

    if found:
        still = "backup made before still holds" if len(found) == 1 else "backups made before still hold"
        page(
            f"{len(found)} {still} what was destroyed: delete with esafety retention backups --destroy.",
            traces.before_deleting(session),
            *(f"  {one.name} on {one.label}" for one in found),
        )
