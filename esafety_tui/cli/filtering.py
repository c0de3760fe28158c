"""esafety filtering: changes of the filter, asked for, decided by two, done, put back."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from esafety_tui.cli import options, typed
from esafety_tui.cli.leaving import AllowedBy, Json, Medium, Readable, ToWhom
from esafety_tui.cli.text import clean, indented, one_json, page, say, table
from esafety_tui.cli.witness import Witness, WitnessFile, passwords_of
from esafety_tui.errors import UsageError

if TYPE_CHECKING:
    from esafety_tui.desk.asks import Ask, Reply
    from esafety_tui.desk.case.casework import Saved
    from esafety_tui.desk.papers.leaving import Written
    from esafety_tui.desk.session import Session

app = typer.Typer(
    rich_markup_mode=None, no_args_is_help=True, help="Changes of the filter: who asked, who agreed, why."
)

Item = Annotated[str, typer.Argument(metavar="NUMBER", help="The change's number in the list, like F7K3QM.")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why, without a pupil's name.")]
By = Annotated[str, typer.Option("--by", metavar="NAME", help="Who did it: the technician's name or firm.")]
When = Annotated[str, typer.Option("--when", metavar="TIME", help='When it was: "14:05", "yesterday 9:30"; else now.')]
Status = Annotated[
    str, typer.Option(metavar="S", help="open, requested, agreed, in-force, reverted, refused or dropped.")
]
Search = Annotated[str, typer.Option("--search", metavar="WORDS", help="Only those with these words.")]


@app.command("list")
def listed(
    context: typer.Context,
    search: Search = "",
    status: Status = "",
    month: Annotated[str, typer.Option(metavar="YYYY-MM", help="What happened in a month, or was in force.")] = "",
    json: Json = False,
) -> None:
    """The changes, newest first."""
    with options.signed_in(options.of(context)) as session:
        found = session.filtering.list(status, search, month)
        if json:
            one_json(found)
            return
        options.mark(session)
        if not found:
            say(
                "Nothing is found." if search or status or month else "Nobody has asked for a change of the filter yet."
            )
            return
        _table(found)


def _table(found: list[dict[str, Any]]) -> None:
    from esafety_tui.desk.filters.filtering_list import STATUS, asked_words, span_words

    table(
        ("number", "where it stands", "days", "agreed by", "what"),
        (
            (
                one["item"],
                STATUS[one["status"]] + (", OVERDUE" if one["overdue"] else ""),
                span_words(one),
                ", ".join(one["decided_by"]),
                asked_words(one),
            )
            for one in found
        ),
    )


@app.command()
def show(context: typer.Context, item: Item, json: Json = False) -> None:
    """One change, with everything recorded about it."""
    from esafety_tui.desk.filters.filtering_list import told

    with options.signed_in(options.of(context)) as session:
        one = session.filtering.show(item)
        if json:
            one_json(one)
            return
        options.mark(session)
        page(one["item"], "", *(indented(clean(line)) for line in told(one)))


@app.command()
def request(
    context: typer.Context,
    change: Annotated[Literal["allow", "block"] | None, typer.Option("--change", help="What is asked for.")] = None,
    what: Annotated[str, typer.Option("--what", metavar="SITE", help="The site or category.")] = "",
    sort: Annotated[Literal["site", "category"], typer.Option("--sort", help="Which of the two.")] = "site",
    whom: Annotated[
        str, typer.Option("--for", metavar="WHOM", help="everyone, pupils, staff, a year (p6), stage:NAME, or user.")
    ] = "",
    user: Annotated[str, typer.Option(metavar="NAME", help="With --for user: which one.")] = "",
    reason: Reason = "",
    asked_by: Annotated[str, typer.Option("--asked-by", metavar="NAME", help="Who asks; else you.")] = "",
    starts: Annotated[str, typer.Option("--from", metavar="DAY", help="The first day; else today.")] = "",
    ends: Annotated[str, typer.Option("--until", metavar="DAY", help="The last day; else it is to stay.")] = "",
    ref: Annotated[str, typer.Option(metavar="REF", help="The incident that led to it.")] = "",
    when: When = "",
    json: Json = False,
) -> None:
    """Ask for a change. Without options it is asked line by line."""
    fields = {
        "change": change or "", "what": what, "sort": sort, "whom": whom, "user": user, "reason": reason,
        "starts": starts, "ends": ends, "ref": ref, "when": when, **({"asked_by": asked_by} if asked_by else {}),
    }  # fmt: skip
    said = change or what or whom or reason
    _run(context, "request", "", "request" if said else "", fields, json=json)


@app.command()
def decide(
    context: typer.Context,
    item: Item,
    agree: Annotated[bool, typer.Option("--agree", help="Both of you agree; needs --witness.")] = False,
    refuse: Annotated[bool, typer.Option("--refuse", help="The filter stays as it is; needs --reason.")] = False,
    reason: Reason = "",
    witness: Witness = None,
    witness_password_file: WitnessFile = None,
    when: When = "",
    json: Json = False,
) -> None:
    """Decide: two responsible people, neither alone. Without --agree or --refuse it is asked."""
    if agree and refuse:
        raise UsageError("Agreed or refused?", "It cannot be both.", "Say one of the two.")
    choice = "agree" if agree else "refuse" if refuse else ""
    _run(context, "decide", item, choice, {"reason": reason, "when": when}, witness, witness_password_file, json)


@app.command()
def done(
    context: typer.Context,
    item: Item,
    by: By = "",
    note: Annotated[str, typer.Option(metavar="TEXT", help="Anything to add.")] = "",
    when: When = "",
    json: Json = False,
) -> None:
    """The filter was changed as agreed: by whom, and when."""
    fields = {"done_by": by, "note": note, "when": when}
    _run(context, "change", item, "change" if by else "", fields, json=json)


@app.command()
def revert(
    context: typer.Context,
    item: Item,
    by: By = "",
    reason: Reason = "",
    when: When = "",
    witness: Witness = None,
    witness_password_file: WitnessFile = None,
    json: Json = False,
) -> None:
    """The filter was put back. Before the end that was agreed it needs two people, as the change did."""
    fields = {"done_by": by, "reason": reason, "when": when}
    _run(context, "revert", item, "*" if by or reason else "", fields, witness, witness_password_file, json)


@app.command()
def correct(
    context: typer.Context,
    item: Item,
    about: Annotated[
        str, typer.Option(metavar="PART", help="what, whom, reason, dates, asked_by, decision, done_by, other.")
    ] = "other",
    text: Annotated[str, typer.Option(metavar="TEXT", help="How it is right.")] = "",
    reason: Reason = "",
    json: Json = False,
) -> None:
    """Something in the record of a change is wrong: put the right words beside it."""
    fields = {"about": about, "text": text, "reason": reason}
    _run(context, "correct", item, "correct" if text else "", fields, json=json)


@app.command()
def paper(
    context: typer.Context,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="A .pdf; a .zip is encrypted.")],
    month: Annotated[str, typer.Option(metavar="YYYY-MM", help="Which month; else this one.")] = "",
    medium: Medium = "",
    to: ToWhom = "",
    allowed_by: AllowedBy = "",
    json: Json = False,
) -> None:
    """The month on one page for the safeguarding governor and the technician. No pupil is named."""
    from esafety_tui.desk.filters.filtering import today
    from esafety_tui.desk.papers.leaving import Allowed

    with options.signed_in(options.of(context)) as session:
        _seen(session, out)
        chosen = month or today().isoformat()[:7]
        _written(session, session.filtering.paper(chosen, out, Allowed(medium, to, allowed_by)), json)


@app.command()
def export(
    context: typer.Context,
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="A .csv, a .jsonl, or a .zip, which is encrypted.")
    ],
    search: Search = "",
    status: Status = "",
    medium: Medium = "",
    to: ToWhom = "",
    allowed_by: AllowedBy = "",
    readable: Readable = False,
    json: Json = False,
) -> None:
    """The changes as data. What leaves is in the register (esafety left)."""
    from esafety_tui.desk.papers.leaving import Allowed

    with options.signed_in(options.of(context)) as session:
        _seen(session, out)
        given = session.filtering.export(out, Allowed(medium, to, allowed_by, plain=readable), search, status)
        _written(session, given, json)


def _seen(session: Session, out: Path) -> None:
    from esafety_tui.cli import leaving

    leaving.seen(session, None, out.suffix.casefold() == ".zip")


def _written(session: Session, given: Written, json: bool) -> None:
    if json:
        told = {"path": str(given.path), "item": given.item, "how": given.how, "sha256": given.sha256}
        one_json({**told, **({"passphrase": given.passphrase or None} if session.demo else {})})
    say(f"Written: {clean(given.path)} ({given.item} in the register of what left).")
    if given.passphrase:
        say(f"Passphrase, shown once and kept nowhere: {given.passphrase}")
        say("Write it on paper, and give it apart from the file.")
    elif given.how == "plain":
        say(f"It can be read by anybody who finds it. Once it is gone: esafety left back {given.item} --how destroyed")


def _run(
    context: typer.Context,
    step: str,
    item: str,
    choice: str,
    fields: Mapping[str, str],
    witness: list[str] | None = None,
    witness_files: list[Path] | None = None,
    json: bool = False,
) -> None:
    """One step: from the options where they say the answer (`choice`, "*" for the only one), else asked."""
    from esafety_tui.desk.asks import Reply

    given = options.of(context)
    with options.signed_in(given) as session:
        passwords = passwords_of(session, given, witness, witness_files)
        desk = session.filtering
        if choice:
            ask = desk.ask(step, item)
            chosen = ask.choices[0] if choice == "*" else ask.choice(choice)
            assert chosen is not None, "every step has these answers"
            filled = dict(fields)
            if passwords.witness and any(field.id == "login" for field in chosen.fields):
                filled["login"] = passwords.witness
                secret = next(field for field in chosen.fields if field.id == "password")
                filled["password"] = passwords.secret(session, chosen, secret, filled)
            saved: Saved | None = desk.reply(step, Reply(chosen.id, filled), item)
        else:
            options.mark(session)
            saved = _asked(session, step, item, partial(passwords.secret, session))
        assert saved is not None, "who leaves has left"
        if json:
            one_json(desk.show(saved.ref))
        say(saved.message)


def _asked(session: Session, step: str, item: str, secret: Any) -> Saved:
    """The same, asked line by line. Exits where the person leaves."""
    from esafety_tui.cli.asking import until_taken
    from esafety_tui.cli.conversation import Conversation

    def ask() -> Ask:
        return session.filtering.ask(step, item)

    def reply(reply: Reply) -> Saved:
        return session.filtering.reply(step, reply, item)

    talk = Conversation(typed.Lines(), secret)
    saved = until_taken(talk, ask, reply, draft=session.filtering.draft(step, item))
    if saved is None:
        raise typer.Exit(talk.exit_code)
    return saved
