"""esafety report: the governors', the leadership's and the collated report; to issue one, and that it was seen."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from esafety_tui.cli import options
from esafety_tui.cli.text import clean, one_json, page, say, table
from esafety_tui.errors import UsageError

if TYPE_CHECKING:
    from esafety_tui.desk.account.reporting import Made
    from esafety_tui.desk.session import Session

app = typer.Typer(
    rich_markup_mode=None, no_args_is_help=True, help="Reports to governors, leadership and authority: draft, issue."
)

Json = Annotated[bool, typer.Option("--json", help="One JSON document.")]
Since = Annotated[str, typer.Option("--from", metavar="DAY", help="The first day (2025-09-01).")]
Until = Annotated[str, typer.Option("--to", metavar="DAY", help="The last day.")]
Out = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="FILE.pdf, FILE.csv or FILE.json.")]
Issue = Annotated[bool, typer.Option("--issue", help="Issue it, with your own password; without it, a draft.")]
Yes = Annotated[bool, typer.Option("--yes", help="With --issue: you have read what issuing takes from later reports.")]
Number = Annotated[str, typer.Argument(metavar="NUMBER", help="The report's number in the list, like G7K3QM.")]
Role = Annotated[str, typer.Option("--role", metavar="ROLE", help="Which role of the policy.")]


@app.command()
def governors(
    context: typer.Context, since: Since, until: Until, out: Out = None, issue: Issue = False, yes: Yes = False,
    json: Json = False,
) -> None:  # fmt: skip
    """The anonymous report to the governors, over whole terms."""
    _anonymous(context, "governors", since, until, out, issue, json, yes)


@app.command()
def collated(
    context: typer.Context,
    since: Since,
    until: Until,
    out: Out = None,
    to: Annotated[
        Literal["governors", "authority"],
        typer.Option("--for", help="For governors anonymous; for an authority a coded row per incident."),
    ] = "governors",
    issue: Issue = False,
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Collated incidents: anonymous for governors, or a coded row each for an authority that may see more."""
    if to == "governors":
        _anonymous(context, "collated", since, until, out, issue, json, yes)
        return
    if issue:
        raise UsageError("Rows for an authority are not issued", "They are no anonymous report.", "Leave --issue out.")
    with options.signed_in(options.of(context)) as session:
        made = session.reporting.authority(since, until, _named(out))
        _told(made, json, {})
        say(f"What the codes mean: {clean(made.dictionary)}. Small numbers are not hidden: not for governors.")


@app.command()
def leadership(context: typer.Context, since: Since, until: Until, out: Out = None, json: Json = False) -> None:
    """The leadership's report over any period: references and pseudonyms, what is open and overdue, trends."""
    with options.signed_in(options.of(context)) as session:
        _told(session.reporting.leadership(since, until, _named(out)), json, {})


@app.command("list")
def listed(context: typer.Context, json: Json = False) -> None:
    """What was issued, newest first."""
    with options.signed_in(options.of(context)) as session:
        found = session.reporting.listed()
        if json:
            one_json(found)
            return
        options.mark(session)
        if not found:
            say(
                "Nothing was issued yet. Issue one: esafety report governors --from DAY --to DAY --out FILE.pdf --issue"
            )
            return
        table(
            ("report", "for", "from", "to", "issued by", "entry", "seen by"),
            (
                (
                    one["report"], one["audience"], one["since"], one["until"], one["role"], one["entry"],
                    ", ".join(f"{seen['role']} {seen['on']}" for seen in one["seen"]),
                )
                for one in found
            ),
        )  # fmt: skip


@app.command()
def write(context: typer.Context, report: Number, out: Out = None, json: Json = False) -> None:
    """An issued report again, as it was issued."""
    with options.signed_in(options.of(context)) as session:
        found = session.reporting.issued(report)
        _told(session.reporting.write(found, _named(out)), json, {"issued": True})


@app.command()
def contribute(
    context: typer.Context,
    audience: Annotated[Literal["governors", "collated"], typer.Argument(help="Which report.")],
    since: Since,
    until: Until,
    role: Role,
    name: Annotated[
        str, typer.Option("--name", metavar="NAME", help="Who took part: kept here, printed nowhere.")
    ] = "",
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="A remark: kept here, printed nowhere.")] = "",
    back: Annotated[str, typer.Option("--take-back", metavar="REASON", help="They did not take part after all.")] = "",
) -> None:
    """Somebody whom the policy names took part in the draft; the report prints their role."""
    with options.signed_in(options.of(context)) as session:
        if back:
            session.reporting.take_back(audience, since, until, role, back)
            say("Saved.")
        else:
            say(session.reporting.contribute(audience, since, until, role, name, note))


@app.command()
def seen(
    context: typer.Context,
    report: Number,
    role: Role,
    on: Annotated[str, typer.Option("--on", metavar="DAY", help="When; else today.")] = "",
) -> None:
    """A governor, or whoever it was for, has seen an issued report."""
    with options.signed_in(options.of(context)) as session:
        session.reporting.seen(report, role, on)
        say("Saved.")


def _anonymous(
    context: typer.Context, audience: str, since: str, until: str, out: Path | None, issue: bool, json: bool, yes: bool
) -> None:
    from esafety_tui.desk.account.reporting import issued_already

    given = options.of(context)
    with options.signed_in(given) as session:
        reporting = session.reporting
        if out is None and not issue:
            _shown(session, audience, since, until, json)
            return
        path = _named(out)
        _free(path)
        number = ""
        if issue:
            draft = reporting.draft(audience, since, until)
            for line in draft.cost:
                say(line)
            if draft.warns and not yes:
                raise UsageError(
                    "It is not issued yet", "What issuing it takes from later reports stands above.",
                    "Say --yes as well, once you have read it.",
                )  # fmt: skip
            secret = options.password_of(session.kind, given.password_file, "Your password again, to issue it: ")
            number = reporting.issue(audience, since, until, secret)
            report = reporting.issued(number)
        else:
            report = reporting.draft(audience, since, until).report
        with issued_already(number) if number else nullcontext():
            made = reporting.write(report, path)
        _told(made, json, {"issued": issue, "coarsened": list(report.coarsened)})
        say(f"It covers whole terms: {report.period}." + ("" if issue else " It is a draft until it is issued."))
        for line in (*report.coarsened, *report.frozen):
            say(line)
        if number:
            say(f"Issued as {number}. Once a governor has read it: esafety report seen {number} --role ROLE")


def _shown(session: Session, audience: str, since: str, until: str, json: bool) -> None:
    """The draft as lines, or as data."""
    from esafety_tui.reports import anonymous

    report = session.reporting.draft(audience, since, until).report
    if json:
        import json as plain

        one_json(plain.loads(anonymous.as_json(report)))
        return
    options.mark(session)
    page(report.title, f"{report.period}. {report.status}.", *report.says, *report.details)
    for one in report.tables:
        page("", one.title)
        table((one.unit, *one.cols), ((title, *signs) for title, signs in one.rows))
        if one.zeros:
            page(f"None (-): {'; '.join(one.zeros)}.")
    page("", *(f"{sign}  {meaning}" for sign, meaning in report.key), *report.coarsened, *report.frozen)


def _named(out: Path | None) -> Path:
    if out is None:
        raise UsageError("Where to?", "The report needs a file to be written to.", "Say --out FILE.pdf.")
    return out


def _free(out: Path) -> None:
    """Before a report is issued: the file it goes into can be made. Raises UsageError."""
    from esafety_tui.desk.account.reporting import form_of
    from esafety_tui.reports import pending

    form_of(out)
    pending.refuse_existing(out)


def _told(made: Made, json: bool, more: dict[str, Any]) -> None:
    if json:
        one_json({"path": str(made.path), "report": made.report, "sha256": made.sha256, "size": made.size, **more})
    say(f"Written: {clean(made.path)}.")
