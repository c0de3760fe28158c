"""esafety people: who can open the log."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from esafety_tui.cli import case_text, options, surroundings, typed
from esafety_tui.cli import sheets as papers
from esafety_tui.cli.copies import progress
from esafety_tui.cli.failing import tell
from esafety_tui.cli.leaving import AllowedBy, Json, Medium, Readable, ToWhom
from esafety_tui.cli.text import one_json, page, say, spoken, table
from esafety_tui.errors import RefusedError, UsageError

if TYPE_CHECKING:
    from esafety_tui.desk.asks import Ask, Reply
    from esafety_tui.desk.session import Session

app = typer.Typer(
    help="The people who can open the log: list, add, retire, role, password, recover, sheets, audit.",
    rich_markup_mode=None,
    no_args_is_help=True,
)

NewPassword = Annotated[
    Path | None, typer.Option("--new-password-file", metavar="FILE", help="It; only in a practice log.")
]
Login = Annotated[str, typer.Argument(metavar="[LOGIN]", help="Whose login; else it is asked.")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why.")]


@app.command("list")
def list_people(context: typer.Context, json: Json = False) -> None:
    """Everybody who has a login, now or earlier."""
    with options.signed_in(options.of(context)) as session:
        found = session.people.list()
        if json:
            one_json(found)
            return
        options.mark(session)
        table(
            ("login", "name", "role", "senior", "active"),
            ((row["login"], row["name"], row["title"], _word(row["senior"]), _word(row["active"])) for row in found),
        )


def _word(value: object) -> str:
    return "yes" if value else "no"


@app.command()
def add(
    context: typer.Context,
    new_password_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Their password; only in a practice log.")
    ] = None,
) -> None:
    """Give a colleague a login; they type their own password."""
    from esafety_tui.cli.asking import until_taken
    from esafety_tui.cli.conversation import Conversation

    with options.signed_in(options.of(context)) as session:
        session.people.may_add()
        talk = Conversation(
            typed.Lines(),
            lambda choice, field, filled: options.password_of(session.kind, new_password_file, f"{field.label}: "),
        )
        options.mark(session)
        message = until_taken(talk, session.people.add_ask, session.people.add_reply)
        if message is None:
            raise typer.Exit(talk.exit_code)
        say(message)


@app.command()
def retire(context: typer.Context, login: Login = "", reason: Reason = "") -> None:
    """End somebody's login: the log gets a new key, which their password cannot reach."""
    with options.signed_in(options.of(context)) as session:
        session.people.may_add()
        reply = partial(session.people.retire_reply, progress=progress(False))
        _change(session, session.people.retire_ask, reply, login, {"reason": reason})


@app.command()
def role(
    context: typer.Context,
    login: Login = "",
    role: Annotated[str, typer.Option("--role", metavar="ROLE", help="A role of the policy: policy show roles.")] = "",
    senior: Annotated[
        bool | None, typer.Option("--senior/--not-senior", help="A senior member of staff?", show_default=False)
    ] = None,
    reason: Reason = "",
) -> None:
    """Give somebody another role, from now on."""
    with options.signed_in(options.of(context)) as session:
        session.people.may_add()
        fields = {"role": role, "senior": "" if senior is None else _word(senior), "reason": reason}
        _change(session, session.people.role_ask, session.people.role_reply, login, fields)


def _change(
    session: Session, ask: Callable[[], Ask], reply: Callable[[Reply], str], login: str, fields: dict[str, str]
) -> None:
    """Ask what was not said in options, and do it. Where all of it was said nothing is asked."""
    from esafety_tui.cli.asking import until_taken
    from esafety_tui.cli.conversation import Conversation
    from esafety_tui.desk.asks import Reply

    given = {**fields, "person": _id_of(session, login)} if login else fields
    given = {id: text for id, text in given.items() if text}
    choice = ask().choices[0]
    options.mark(session)
    if set(given) == {field.id for field in choice.fields}:
        say(reply(Reply(choice.id, given)))
        return
    talk = Conversation(typed.Lines(), typed.field_password)
    message = until_taken(talk, ask, reply, given={choice.id: given})
    if message is None:
        raise typer.Exit(talk.exit_code)
    say(message)


def _id_of(session: Session, login: str) -> str:
    found = [str(one["id"]) for one in session.people.list() if str(one["login"]).casefold() == login.casefold()]
    if not found:
        raise UsageError("Nobody has that login", "It may be written otherwise.", "Look: esafety people list.")
    return found[0]


@app.command()
def password(context: typer.Context, new_password_file: NewPassword = None) -> None:
    """Change your own password; your signature stays the same."""
    from esafety_tui.desk.asks import Reply

    given = options.of(context)
    with options.signed_in(given) as session:
        ask = session.people.password_ask()
        files = {"old": given.password_file, "password": new_password_file, "again": new_password_file}
        options.mark(session)
        fields = {
            field.id: options.password_of(session.kind, files[field.id], f"{field.label}: ")
            for field in ask.choices[0].fields
        }
        say(session.people.password_reply(Reply(ask.choices[0].id, fields)))


@app.command()
def recover(
    context: typer.Context,
    sheets_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Two sheets, a line each; only in a practice log.")
    ] = None,
    new_password_file: NewPassword = None,
) -> None:
    """A password is forgotten: two of the three recovery sheets give somebody a new one."""
    from esafety_tui.desk import loading, opening
    from esafety_tui.desk.school import recovering

    given = options.of(context)
    kind = opening.peek(given.home).kind
    if not kind:
        raise options.no_log_here()
    surroundings.not_for_others()
    loading.begin()
    if not given.login and not sys.stdin.isatty():
        raise options.nobody_named()  # Before the page: nobody could go on from it.
    ask = recovering.ask()
    page(ask.title, "", *(spoken(line) for line in ask.guidance), "")
    login = given.login or options.login_typed()
    first, second = papers.two(kind, sheets_file, lambda first, second: recovering.opens(given.home, first, second))
    session = _let_in(given.home, kind, {"first": first, "second": second, "login": login}, new_password_file)
    try:
        options.mark(session)
        say("The new password holds from now on. First of all, the new sheets:")
        _sheets(session)
    finally:
        session.close()


def _let_in(home: Path, kind: str, fields: dict[str, str], file: Path | None) -> Session:
    """The new password, and the login, asked again where they are not taken: the sheets need not be typed twice."""
    from esafety_tui.desk.asks import Reply
    from esafety_tui.desk.school import recovering

    while True:
        new = options.password_of(kind, file, "The new password, at least ten characters: ")
        again = new if file else options.password_of(kind, None, "The same password again: ")
        fields |= {"password": new, "again": again}
        try:
            return recovering.reply(home, Reply(recovering.ask().choices[0].id, fields), progress(False))
        except (UsageError, RefusedError) as error:
            if file or (isinstance(error, RefusedError) and error.rule):
                raise
            tell(error)
            if isinstance(error, UsageError):
                fields["login"] = options.login_typed()


@app.command()
def audit(
    context: typer.Context,
    about: Annotated[
        str, typer.Option(metavar="PART", help="opened, printed, exported, failed or people; else all of it.")
    ] = "",
    person: Annotated[str, typer.Option(metavar="LOGIN", help="Only what this person did.")] = "",
    since: Annotated[str, typer.Option(metavar="DAY", help="From this day on.")] = "",
    until: Annotated[str, typer.Option(metavar="DAY", help="Up to this day, which is included.")] = "",
    limit: Annotated[int, typer.Option(min=0, help="At most so many, the newest first; 0 for all.")] = 200,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write all of it: .csv, .jsonl, or .zip (encrypted).")
    ] = None,
    medium: Medium = "",
    to: ToWhom = "",
    allowed_by: AllowedBy = "",
    readable: Readable = False,
    json: Json = False,
) -> None:
    """The audit trail: who opened, printed, exported, failed to come in, and when (R13)."""
    from esafety_tui.cli.leaving import seen, told
    from esafety_tui.desk import clock
    from esafety_tui.desk.papers.leaving import Allowed

    first, last = (clock.parse_day(day) if day else "" for day in (since, until))
    with options.signed_in(options.of(context)) as session:
        trail = session.people.trail
        if out is not None:
            seen(session, None, out.suffix.casefold() == ".zip")
            allowed = Allowed(medium, to, allowed_by, plain=readable)
            told(session, trail.export(out, allowed, about, person, first, last), None, json)
            return
        found = trail.traces(about, person, first, last, limit)
        if json:
            one_json([one.row() for one in found])
            return
        options.mark(session)
        if not found:
            say("Nothing of that kind is in the log.")
            return
        table(
            ("entry", "when", "who", "case", "what"),
            ((str(one.seq), case_text.minute(one.at), one.who, one.ref, one.what) for one in found),
        )


@app.command()
def sheets(context: typer.Context) -> None:
    """Make three new recovery sheets; the ones before open nothing from then on."""
    with options.signed_in(options.of(context)) as session:
        options.mark(session)
        _sheets(session)


def _sheets(session: Session) -> None:
    """Make the sheets where none are being shown, show them, and go on once they are written down."""
    from esafety_tui.cli.asking import until_taken
    from esafety_tui.cli.conversation import Conversation

    talk = Conversation(typed.Lines(), lambda choice, field, filled: "")
    asked = session.sheets
    message = until_taken(talk, asked.ask, asked.reply) if not asked.open else ""
    if asked.open:
        with papers.shown():
            while message is not None and asked.open:
                say(message)
                message = until_taken(talk, asked.ask, asked.reply)
    if message is None:
        raise typer.Exit(talk.exit_code)
    say(message)
