"""What a door asks before a report is written, issued, contributed to or seen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from esafety_tui.desk import clock
from esafety_tui.desk.account import answerable
from esafety_tui.desk.account.reporting import Period
from esafety_tui.desk.asks import Ask, Choice, Field, Option, Reply, chosen, filled_in
from esafety_tui.desk.case.evidence import chosen_path
from esafety_tui.errors import UsageError

if TYPE_CHECKING:
    from esafety_tui.desk.session import Session

AUDIENCES = {
    "governors": "The governors, anonymous",
    "collated": "Collated for the governors, anonymous",
    "leadership": "The leadership, with references",
}
ONLY_WHOLE_TERMS = "An anonymous report covers whole terms, and what one report told, the next may not tell apart."


def ask(session: Session, audience: str, period: Period) -> Ask:
    """What can be done with this report: write a draft, issue it, take part in it, note who has seen one. What is not
    anonymous may cover any days: the leadership's, and rows for an authority."""
    name = f"{audience}-{period.since[:7]}"
    out = Field("out", "Where to: a folder, or a file that ends in .pdf, .csv or .json", "line", True,
                value=str(Path.home() / f"{name}.pdf"))  # fmt: skip
    if audience == "leadership":
        choices: tuple[Choice, ...] = (
            Choice("write", "Write it", (out, *_any_days(period)), "That it was written is recorded."),
        )
        return Ask("report", f"{AUDIENCES[audience]}: {period.title}", choices, kind="task")
    parts, sees = (tuple(Option(role.id, role.title) for role in roles)
                   for roles in (answerable.taking_part(session), answerable.seeing(session)))  # fmt: skip
    taken = session.register.reports.roles_for(audience, *session.reporting.whole_terms(period.since, period.until))
    password = Field("password", "Your own password", "secret", True)
    choices = (
        Choice("write", "Write the draft, to be read before it is issued", (out,)),
        Choice("took-part", "Somebody took part in the draft", (
            Field("role", "In which role", "pick", True, options=parts),
            Field("name", "Their full name: kept here, printed nowhere", "line", True),
            Field("note", "A remark: kept here, printed nowhere", "line"))),
        Choice("issue", "Issue it, and write it", (out, password, _sure(session, audience, period)),
               "From then on its figures stand as they are. It is signed with your password."),
    )  # fmt: skip
    if taken:
        there = tuple(Option(role.id, role.title) for role in session.pack.tables.roles if role.id in taken)
        choices += (Choice("took-no-part", "Somebody did not take part after all", (
            Field("role", "In which role", "pick", True, options=there), Field("reason", "Why", "line", True))),
        )  # fmt: skip
    if audience == "collated":
        rows = Field("out", "Where to: a file that ends in .csv or .json", "line", True,
                     value=str(Path.home() / f"incidents-{period.since[:7]}.csv"))  # fmt: skip
        choices += (
            Choice("rows", "A coded row for each incident, for an authority that may see more",
                   (rows, *_any_days(period)),
                   "No names, but small numbers are not hidden: never for governors. What the codes mean is written "
                   "beside it. That it was written is recorded."),
        )  # fmt: skip
    issued = [one for one in session.reporting.listed() if one["audience"] == audience]
    if issued:
        numbers = tuple(Option(one["report"], f"{one['report']}, {one['since']} to {one['until']}") for one in issued)
        which = Field("report", "Which report", "pick", True, options=numbers, value=numbers[0].id)
        choices += (
            Choice("seen", "An issued report was seen", (
                which, Field("role", "By whom", "pick", True, options=sees),
                Field("on", "On which day (empty: today)", "line"))),
            Choice("again", "Write an issued report again", (which, out)),
        )  # fmt: skip
    return Ask("report", f"{AUDIENCES[audience]}: {period.title}", choices, (ONLY_WHOLE_TERMS,), kind="task")


def _sure(session: Session, audience: str, period: Period) -> Field:
    """The question before something is issued, with all that it takes from later reports in the question itself."""
    draft = session.reporting.counted(audience, period.since, period.until)
    known = " ".join(draft.cost) if draft else "First wait until the preview is counted."
    yes = (Option("yes", "Yes, issue it"),) if draft else ()
    return Field("sure", f"{known} Issue it now?", "pick", True, options=(*yes, Option("no", "No, not now")))


def _any_days(period: Period) -> tuple[Field, Field]:
    """Other days than the period's, for what may be told over any."""
    return (Field("since", "From which day", "line", True, value=period.since),
            Field("until", "To which day", "line", True, value=period.until))  # fmt: skip


def _days(fields: dict[str, str], period: Period) -> tuple[str, str]:
    """The days that were typed, else the period's."""
    typed = (fields.get(id, "").strip() for id in ("since", "until"))
    since, until = (clock.parse_day(text) if text else usual
                    for text, usual in zip(typed, (period.since, period.until), strict=True))  # fmt: skip
    return since, until


def reply(session: Session, audience: str, period: Period, given: Reply) -> str:
    """Do it; gives what to say. Raises what `Reporting` raises."""
    reporting = session.reporting
    choice = chosen(ask(session, audience, period).choices, given.choice)
    fields = filled_in(choice.fields, given.fields)
    days = period.since, period.until
    match choice.id:
        case "took-part":
            return reporting.contribute(audience, *days, fields["role"], fields["name"], fields["note"])
        case "took-no-part":
            reporting.take_back(audience, *days, fields["role"], fields["reason"])
            return "Saved: they did not take part."
        case "seen":
            reporting.seen(fields["report"], fields["role"], fields["on"])
            return "Saved: who has seen it."
    out = chosen_path(fields["out"])
    if out.is_dir():
        name = "incidents-{}.csv" if choice.id == "rows" else f"{audience}-{{}}.pdf"
        out = out / name.format(period.since[:7])
    match choice.id:
        case "again":
            reporting.write(reporting.issued(fields["report"]), out)
        case "issue" if fields["sure"] != "yes":
            raise UsageError("It is not issued", "You said: not now.", "Leave with escape, or answer yes.")
        case "issue":
            number = reporting.issue_into(audience, *days, fields["password"], out)
            return f"Issued as {number}, and written: {out}"
        case "rows":
            made = reporting.authority(*_days(fields, period), out)
            return f"Written: {out}, and what its codes mean: {made.dictionary}"
        case _ if audience == "leadership":
            reporting.leadership(*_days(fields, period), out)
        case _:
            reporting.write(reporting.draft(audience, *days).report, out)
    return f"Written: {out}"
