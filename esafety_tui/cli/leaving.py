"""esafety form and esafety bundle: the papers of one incident, and all of it for the police (R13, R19)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from esafety_tui.cli import options
from esafety_tui.cli.text import clean, one_json, say
from esafety_tui.errors import StoreError, UsageError

if TYPE_CHECKING:
    from esafety_tui.desk.papers.leaving import Allowed, Written
    from esafety_tui.desk.session import Session

app = typer.Typer(rich_markup_mode=None)

Json = Annotated[bool, typer.Option("--json", help="One JSON document.")]
Medium = Annotated[str, typer.Option("--medium", metavar="LABEL", help="The label of the school's own stick or disc.")]
ToWhom = Annotated[str, typer.Option("--to", metavar="NAME", help="Whom it is for.")]
AllowedBy = Annotated[str, typer.Option("--allowed-by", metavar="NAME", help="Who allowed it; else you, if senior.")]
Readable = Annotated[
    bool, typer.Option("--readable", help="Plain all the same: anybody who finds the file can read the names in it.")
]
SecretFile = Annotated[
    Path | None,
    typer.Option("--passphrase-file", metavar="FILE", help="Write the passphrase there; only in a practice log."),
]


@app.command()
def form(
    context: typer.Context,
    ref: Annotated[str, typer.Argument(metavar="[REF]", help="The incident; not needed with --blank.")] = "",
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="A .zip is encrypted; a .pdf can be read by anybody who finds it."),
    ] = None,
    blank: Annotated[bool, typer.Option("--blank", help="The paper kit instead: card, empty form, slip.")] = False,
    medium: Medium = "",
    to: ToWhom = "",
    allowed_by: AllowedBy = "",
    passphrase_file: SecretFile = None,
    json: Json = False,
) -> None:
    """The record of reviewing devices / internet sites, as a PDF or an encrypted zip."""
    given = options.of(context)
    if blank:
        _blank(given, out, json)
        return
    if not ref:
        raise UsageError("Which incident?", "The form is that of one incident.", "Give its reference, or --blank.")
    if out is None and not sys.stdin.isatty():
        raise UsageError("Where to?", "The form needs a file to be written to.", "Say --out FILE.pdf or FILE.zip.")
    with options.signed_in(given) as session:
        encrypted = out is not None and out.suffix.casefold() == ".zip"
        seen(session, passphrase_file, encrypted)
        written = session.leaving.form(ref, out, _allowed(medium, to, allowed_by))
        told(session, written, passphrase_file, json)
        if written.how == "plain":
            warned(written)
        if out is None:
            _printed(written.path)


@app.command()
def bundle(
    context: typer.Context,
    ref: Annotated[str, typer.Argument(metavar="REF", help="The incident.")],
    out: Annotated[
        Path,
        typer.Option(
            "--out", metavar="FILE.zip", help="Where to: a new, labelled stick of the school's, never a visitor's."
        ),
    ],
    medium: Medium = "",
    to: ToWhom = "",
    allowed_by: AllowedBy = "",
    passphrase_file: SecretFile = None,
    json: Json = False,
) -> None:
    """The hand-over bundle: papers, exhibits and proof in one encrypted zip that anybody can check. ctrl+c stops it."""
    with options.signed_in(options.of(context)) as session:
        seen(session, passphrase_file, True)
        at_hand = sys.stdin.isatty() and not json
        written = session.leaving.bundle(ref, out, _allowed(medium, to, allowed_by), _progress(json), at_hand)
        told(session, written, passphrase_file, json)
        if written.stick:
            say(f"The stick is exhibit {written.stick}: write that on its label too.")
        else:
            say("Which stick it went on is not recorded: label the stick, and say it next time with --medium LABEL.")
        if written.withheld:
            say(f"Listed and not included: {clean(', '.join(written.withheld))}.")
        say("READ-ME-FIRST.pdf in it is page one, with a receipt to sign by pen.")
        say(f"Once it is handed over: esafety left hand {written.item} --to NAME")
        if written.page_one:
            _printed(written.page_one)


def _allowed(medium: str, to: str, by: str) -> Allowed:
    from esafety_tui.desk.papers.leaving import Allowed

    return Allowed(medium, to, by)


def seen(session: Session, file: Path | None, encrypted: bool) -> None:
    """Before anything is written: a passphrase that nobody would see, or that a file would keep, is refused."""
    if file is not None and not session.demo:
        raise UsageError(
            "A passphrase is not kept in a file here",
            "That works only in a practice log (esafety demo, esafety setup --test).",
            "Leave the option out, and write the passphrase down from the screen.",
        )
    if file is not None and file.exists():
        raise UsageError("There is such a file already", "The passphrase was to go there.", "Choose another name.")
    if encrypted and not session.demo and not sys.stderr.isatty():
        raise UsageError(
            "Nobody would see the passphrase",
            "It is shown once, on a terminal, and kept nowhere.",
            "Run this in a terminal window.",
        )


def told(session: Session, written: Written, file: Path | None, json: bool) -> None:
    """What was written: as data where it was asked for, the passphrase once on the terminal."""
    told: dict[str, Any] = {
        "path": str(written.path),
        "item": written.item,
        "how": written.how,
        "sha256": written.sha256,
        "size": written.size,
        "up_to": written.up_to,
        "included": list(written.included),
        "withheld": list(written.withheld),
        "stick": written.stick or None,
    }
    if json:
        # In a school's own log a secret goes to a terminal and nowhere else.
        one_json({**told, **({"passphrase": written.passphrase or None} if session.demo else {})})
    say(f"Written: {clean(written.path)} ({written.item} in the register of what left).")
    if not written.passphrase:
        return
    # Shown first: if it cannot be written to its file, it has been seen all the same.
    say(f"Passphrase, shown once and kept nowhere: {written.passphrase}")
    say("Write it on paper, and give it apart from the file.")
    if file is not None:
        _keep_secret(file, written.passphrase)


def warned(written: Written) -> None:
    """That a file which was written plain is open to everybody, and what becomes of it (R19)."""
    say(
        f"{clean(written.path.name)} can be read by anybody who finds it. It is in the register as "
        f"{written.item}: destroy it or have it signed for (esafety left back {written.item}, "
        f"esafety left hand {written.item}). An encrypted file instead: --out FILE.zip (R19)."
    )


def _keep_secret(file: Path, secret: str) -> None:
    from esafety_tui.reports import pending

    with pending.dropped(pending.Plain(file)) as plain:
        plain.write(f"{secret}\n".encode("ascii"))
        plain.keep()


def _printed(path: Path) -> None:
    """At a terminal: the copy stays in the print folder as long as it takes to print it."""
    say(f"Print it from there: {clean(path)}")
    print("Then press enter: the copy is removed. ", end="", file=sys.stderr, flush=True)
    sys.stdin.readline()


def _progress(quiet: bool) -> Any:
    """A line that counts up on a terminal; None elsewhere."""
    if quiet or not sys.stderr.isatty():
        return None
    last = -1

    def tell(done: int, total: int) -> None:
        nonlocal last
        percent = 100 * done // max(total, 1)
        if percent != last:
            last = percent
            print(f"\r{percent} %", end="\n" if percent == 100 else "", file=sys.stderr, flush=True)

    return tell


def _blank(given: options.Options, out: Path | None, json: bool) -> None:
    """The paper kit: of the school's own policy where somebody signs in, else of one that comes with the program."""
    if out is None:
        raise UsageError("Where to?", "The papers need a file to be written to.", "Say --out FILE.pdf.")
    if _own_log(given):
        with options.signed_in(given) as session:
            session.leaving.blank(out)
    else:
        from esafety_tui.desk.papers import blank_papers

        pack = blank_papers.shipped(out)
        say(f"These are the papers of {clean(pack)}, which comes with the program. Your own: esafety --as LOGIN form.")
    if json:
        one_json({"path": str(out)})
    say(f"Written: {clean(out)}. It holds no names.")


def _own_log(given: options.Options) -> bool:
    """Whether there is a log, and somebody who could open it: the papers are needed most when neither is at hand."""
    from esafety_tui.desk import opening

    if not given.login and not sys.stdin.isatty():
        return False
    try:
        return opening.peek(given.home).exists
    except StoreError:
        return False
