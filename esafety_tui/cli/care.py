"""esafety verify, anchor, join and mine: looking after the log."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from esafety_tui.cli import options, typed
from esafety_tui.cli.copies import TheirFile, their_password
from esafety_tui.cli.text import clean, one_json, page, say
from esafety_tui.errors import UsageError

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session

app = typer.Typer(rich_markup_mode=None)

#: What any other finding means.
NOT_HELD = (
    "An entry, or an evidence file, is not as it was written: the disk failed, an older copy was put back, or somebody "
    "changed it. Which of these, only a comparison with a backup or with the words on paper can tell.",
    'Compare them: esafety verify --head "412 word ...", esafety verify --against DIR, esafety backup check.',
)
Json = Annotated[bool, typer.Option("--json", help="One JSON document.")]


@app.command()
def verify(
    context: typer.Context,
    head: Annotated[
        str, typer.Option(metavar='"N WORD ..."', help="Number and six words as they stand on paper, or 64 digits.")
    ] = "",
    against: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Compare with another folder that holds this log.")
    ] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Say what each finding means and what to do.")] = False,
    their_password_file: TheirFile = None,
    json: Json = False,
) -> None:
    """Check the whole journal and every evidence file. Exit status 1 where something does not hold."""
    given = options.of(context)
    if their_password_file and against is None:
        raise UsageError("There is no other copy", "--their-password-file is for one.", "Name it: --against DIR.")
    with options.signed_in(given) as session:
        report = session.care.verify(head=head or None)
        if against is not None:
            secret = their_password(against, given, their_password_file)
            report = compared(report, session, against, secret)
        if json:
            one_json(report)
        else:
            options.mark(session)
            verified(report, explain)
    raise typer.Exit(0 if report["ok"] else 1)


def compared(report: dict[str, Any], session: Session, home: Path, secret: str) -> dict[str, Any]:
    """The report with what a comparison with another copy of the log says: this log has to hold all of it. secret: the
    reader's password in that copy.

    Raises UsageError where it is another log; StoreError, NotLetInError as opening any log does.
    """
    told = session.away.compared(home, session.person.login, secret)
    found = list(report["findings"])
    if told["explained"]:
        pass  # The entries say why they part: nothing is wrong with this log.
    elif told["first_different"]:
        text = "It is not the same in the other copy: the two have parted here."
        found.append({"seq": told["first_different"], "text": text})
    elif told["only_there"]:
        text = f"The other copy has {told['only_there']} more: this one is older, or its end was cut off."
        found.append({"seq": told["common"] + 1, "text": text})
    if not told["sound"]:
        found.append({"seq": None, "text": "The other copy does not hold together in itself."})
    bad = [one["seq"] for one in found if one["seq"] is not None]
    return {**report, "ok": not found, "first_bad": min(bad, default=None), "findings": found, "against": told}


def verified(report: dict[str, Any], explain: bool = False) -> None:
    """What verify found, as sentences; explain: and what it means."""
    from esafety_tui.desk.copies import copy_words
    from esafety_tui.desk.logbook import care

    calm = care.calm(report)
    headline = calm or ("Everything holds" if report["ok"] else "SOMETHING DOES NOT HOLD")
    page(f"{headline}: {report['entries']} entries checked.")
    # Where something is damaged, what comes after it was perhaps not read.
    page(f"{'Head' if report['ok'] or calm else 'As far as it could be read'}: {clean(report['words'])}")
    if report.get("evidence_checked"):
        page(f"Evidence files: {report['evidence_checked']} checked, {report['evidence_bad']} not as recorded.")
    for gone in report.get("not_here", ()):
        files = copy_words.counted(gone["files"], "other is", "others are")
        page(f"Evidence files: {files} not here. {care.not_here(gone)}")
    if report.get("tombstones"):
        page(f"Entries disposed of by the retention rule: {report['tombstones']}.")
    if report.get("moved_apart"):
        page(f"Entries of cases that are kept apart since, and lie with them: {report['moved_apart']}.")
    if report.get("apart_disposed"):
        page(f"Cases kept apart that were disposed of, with their files: {report['apart_disposed']}.")
    if against := report.get("against"):
        page("The other copy:", *(f"  {clean(text)}" for text in copy_words.parted(against)))
    if memory := report.get("memory"):
        page(clean(memory))
    for text in report.get("missing", ()):
        page(clean(text))
    if paper := report.get("paper"):
        page(clean(paper))
    if book := report.get("book"):
        page(clean(book))
    elif (anchored := report.get("anchored")) and anchored["since"] < 0:
        page(f"Last copied into the book at entry {anchored['head']}, which could not be read.")
    elif anchored:
        page(f"Last copied into the book at entry {anchored['head']}; {anchored['since']} entries since.")
    else:
        page("The words were never copied into the bound book: esafety anchor.")
    if report["first_bad"] is not None:
        page(f"First entry that does not hold: {report['first_bad']}")
    for finding in report.get("findings", []):
        where = f"Entry {finding['seq']}: " if finding["seq"] is not None else ""
        page(f"  {where}{clean(finding['text'])}")
    left_over = any(one.get("left_over") for one in report.get("findings", []))
    if left_over and (calm or explain):
        page(*care.LEFT_OVER)
    if explain and not report["ok"] and not calm:
        page(*NOT_HELD)
    if not report["ok"] and not calm:
        say("Change nothing. Keep this computer as it is, tell the head of the school, and record on paper.")


@app.command()
def anchor(
    context: typer.Context,
    done: Annotated[bool, typer.Option("--done", help="They are copied: record it without asking.")] = False,
    json: Json = False,
) -> None:
    """The words to copy into the bound book, and the record that it was done."""
    with options.signed_in(options.of(context)) as session:
        if not json and not done:
            options.mark(session)
            to_the_book(session)
            return
        seq, words, digits = session.care.anchor()
        if json:
            one_json({"seq": seq, "words": _head(seq, words), "hex": digits, "recorded": done})
        else:
            options.mark(session)
            page(_head(seq, words), digits)
        if done:
            session.care.record_anchor()
            say("Recorded.")


def to_the_book(session: Session) -> None:
    """Show the words, ask whether they are copied, record it."""
    seq, words, digits = session.care.anchor()
    page(_head(seq, words), digits)
    if _copied():
        session.care.record_anchor()
        say("Recorded.")


def _head(seq: int, words: str) -> str:
    return words if words.split(" ", 1)[0] == str(seq) else f"{seq} {words}"


def _copied() -> bool:
    from esafety_tui.cli.conversation import Conversation
    from esafety_tui.desk.asks import Ask, Choice, Reply

    ask = Ask(
        "anchor",
        "Copy the number and the six words into the bound book by hand. Is it done?",
        (Choice("yes", "They are copied"), Choice("no", "Not now")),
        ("Together they prove later that nothing before this entry was changed.",),
    )
    answer = Conversation(typed.Lines(), typed.field_password).ask(ask)
    return isinstance(answer, Reply) and answer.choice == "yes"


@app.command()
def mine(
    context: typer.Context,
    confirm: Annotated[bool, typer.Option("--confirm", help="All of it is right.")] = False,
    dispute: Annotated[int | None, typer.Option(metavar="N", help="The entry with this number is not right.")] = None,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why; - reads standard input.")] = "",
    json: Json = False,
) -> None:
    """What was recorded in your name; confirm it, or say what is wrong with it."""
    with options.signed_in(options.of(context)) as session:
        if dispute is not None:
            session.dispute(dispute, typed.read_text(Path("-"), "The reason") if reason == "-" else reason)
            say("Recorded.")
        lines = session.mine()
        if json:
            one_json([{"seq": line.seq, "at": line.at, "text": line.text} for line in lines])
        else:
            options.mark(session)
            page(*(f"{line.seq}  {clean(line.at)}  {clean(line.text)}" for line in lines))
        if confirm:
            session.confirm_mine()
            say("Confirmed.")
        elif not lines:
            say("Nothing was recorded in your name since you last confirmed.")


def own_entries(session: Session) -> None:
    """R1: ask about what was recorded in the person's name, until it is confirmed or put off."""
    from esafety_tui.cli.asking import until_taken
    from esafety_tui.cli.conversation import Conversation
    from esafety_tui.desk.asks import Ask, Choice, Field, Reply

    def question() -> Ask:
        page("", "What was recorded in your name:")
        page(*(f"{line.seq}  {clean(line.at)}  {clean(line.text)}" for line in session.mine()))
        return Ask(
            "mine",
            "Is all of it right?",
            (
                Choice("confirm", "All of it is right"),
                Choice(
                    "dispute",
                    "One of these is not right",
                    (
                        Field("seq", "Number of the entry", "number", True),
                        Field("reason", "What is wrong", "text", True),
                    ),
                ),
                Choice("later", "Decide later"),
            ),
        )

    def reply(answer: Reply) -> str:
        if answer.choice == "confirm":
            session.confirm_mine()
        elif answer.choice == "dispute":
            if not answer.fields["seq"].isdecimal():
                raise UsageError("That is no entry", "Entries are numbered.", "Type the number at its left.")
            session.dispute(int(answer.fields["seq"]), answer.fields["reason"])
        return answer.choice

    talk = Conversation(typed.Lines(), typed.field_password)
    while session.to_confirm() and until_taken(talk, question, reply) == "dispute":
        say("Saved.")


@app.command()
def join(
    context: typer.Context,
    home: Annotated[Path, typer.Argument(metavar="HOME", help="The folder of the provisional log.")],
    their_login: Annotated[str, typer.Option("--their-login", metavar="LOGIN", help="A login of that log.")] = "",
    their_password_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Its password; only in a practice log.")
    ] = None,
    json: Json = False,
) -> None:
    """Take over a provisional log (start now): its entries come in as recorded late, each still whose it was."""
    from esafety_tui.desk import opening
    from esafety_tui.desk.copies.carried import taken_for

    with options.signed_in(options.of(context)) as session:
        kind = opening.peek(home).kind
        if not kind:
            raise options.no_log_here()
        login = their_login or options.login_typed()
        secret = options.password_of(kind, their_password_file, "Password of that log: ")
        entries = session.care.join(home, login, secret)
        if json:
            one_json({"entries": entries})
        say(f"{entries} {'entry was' if entries == 1 else 'entries were'} taken over.")
        for text in taken_for(session.register):
            say(clean(text))
