"""The pages of a policy as plain values, in the policy's own order: tables, and entries with their source."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from esafety_tui.desk.asks import Box
from esafety_tui.policy.pack import Pack
from esafety_tui.policy.parts import CommMark
from esafety_tui.policy.procedure import ABOUT, Node
from esafety_tui.policy.tables import Agency, Matrix, Role, Tables
from esafety_tui.register import calendar

YES = "✓"
CELLS = {"yes": YES, "no": "✗", "n/a": "–", "": ""}
MAY = {
    "lead": "leads a case",
    "review": "is one of the two who review",
    "log": "reads and keeps the log",
    "read-cp": "reads child-protection cases",
    "countersign": "countersigns ordinary records",
    "decide-sanction": "decides warnings and sanctions",
    "decide-exclusion": "decides exclusions",
    "decide-suspension": "decides suspensions",
    "principal": "is the head of the school",
    "chair": "is the Chair of Governors",
    "settings": "adds colleagues",
    "filtering": "decides about the filter, with a second person",
}
FORCES = {"must": "goes to the police in any case", "advice-first": "an agency's advice first"}
#: Gives how an agency is reached, a line each.
Numbers = Callable[[Agency], tuple[str, ...]]


@dataclass(frozen=True)
class Row:
    """An entry. cells: one for each column of its part; more: what else it says, a paragraph each."""

    text: str
    cells: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    source: str = ""
    confidence: str = "policy"


@dataclass(frozen=True)
class Part:
    """Entries under a heading; with columns they are a table."""

    title: str
    rows: tuple[Row, ...]
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Page:
    """A page. chart: the flowchart is drawn on it."""

    id: str
    title: str
    intro: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    chart: bool = False


def pages(pack: Pack, numbers: Numbers) -> Iterator[Page]:
    """Every page of a policy but the first, which says whose it is."""
    tables = pack.tables
    card = tables.first_minute
    ring = tuple(agency_row(one, tables, numbers(one)) for id in card.ring if (one := tables.agency(id)))
    lines = tuple(Row(f"{number}  {said}") for number, said in enumerate(card.lines, 1))
    yield Page("card", "First minute", (card.footer,),
               (Part(card.title, (*lines, Row("", source=card.source, confidence=card.confidence))),
                Part("Ring", ring)))  # fmt: skip
    yield _actions(tables)
    yield _communications(tables)
    yield _devices(tables)
    yield _matrix(tables, "pupil", tables.pupil)
    yield _matrix(tables, "staff", tables.staff)
    yield _chart(pack)
    steps = tuple(Row(one.title, (), (one.text,), one.source, one.confidence) for one in tables.suspicion_steps)
    yield Page("suspicion", "A suspicion", (_said(steps, "This policy has no list of steps for a suspicion."),),
               (Part("", steps),))  # fmt: skip
    yield Page("police", "Police", (), (_triggers(tables), _never(tables)))
    yield _bullying(tables)
    yield Page("roles", "Roles", (), (Part("", tuple(_role(one, tables) for one in tables.roles)),))
    agencies = tuple(agency_row(one, tables, numbers(one)) for one in sorted(tables.agencies, key=lambda a: a.order))
    yield Page("agencies", "Agencies", ("Whom to ring first stands first.",), (Part("", agencies),))
    yield _calendar(tables)


def boxes(pack: Pack) -> list[Box]:
    """The flowchart with nobody on it."""
    return [
        Box(node.id, node.short or node.title, node.kind, node.lane, "ahead",
            tuple((choice.label, choice.to) for choice in node.choice))
        for node in pack.procedure.node
    ]  # fmt: skip


def beside(node: Node, tables: Tables) -> Iterator[Part]:
    """What of the tables belongs to a box."""
    if node.form == "review":
        yield _never(tables)
    if node.form == "triggers":
        yield _triggers(tables)
    if node.form == "decisions":
        for whom, title in (("pupil", "For pupils"), ("staff", "For staff")):
            matrix = tables.matrix(whom)
            if matrix is not None:
                yield _table(matrix, title)


def agency_row(agency: Agency, tables: Tables, numbers: tuple[str, ...]) -> Row:
    """An agency with how and when to reach it, and whom instead."""
    more = [agency.what_for, *numbers, _hours(agency)]
    instead = tables.agency(agency.instead) if agency.instead else None
    if instead is not None:
        more.append(f"When nobody answers there: {instead.title}")
    return Row(agency.title, (), tuple(more), agency.source, agency.confidence)


def paragraphs(text: str) -> list[str]:
    """A text of a file in its paragraphs, each in one piece."""
    return [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]


def _actions(tables: Tables) -> Page:
    rows = []
    for one in tables.user_actions:
        marks = [*(["goes to the police"] if one.police else []), *(["never copied"] if one.never_copy else [])]
        cells = tuple(YES if level == one.level else "" for level in range(1, len(tables.levels) + 1))
        rows.append(Row(one.activity, cells, tuple([", ".join(marks)] if marks else []), one.source, one.confidence))
    found = tuple(rows)
    return Page("actions", "User actions", (_said(found, "This policy has no table of user actions."),),
                (Part("", found, tables.levels),))  # fmt: skip


def _communications(tables: Tables) -> Page:
    staff, pupils = tables.communication_columns.staff, tables.communication_columns.pupils

    def cells(columns: tuple[str, ...], marks: tuple[CommMark, ...]) -> tuple[str, ...]:
        there = {mark.level: mark.footnote for mark in marks}
        return tuple(f"{YES}{there[one] or ''}" if one in there else "" for one in columns)

    rows = tuple(
        Row(
            one.technology,
            cells(staff, one.staff_marks) + cells(pupils, one.pupil_marks),
            (),
            one.source,
            one.confidence,
        )
        for one in tables.communications
    )
    heads = tuple(f"Staff: {one}" for one in staff) + tuple(f"Pupils: {one}" for one in pupils)
    notes = tuple(Row(f"{one.number}  {one.text}", (), (), one.source, one.confidence) for one in tables.footnotes)
    return Page("communications", "Communications", (_said(rows, "This policy has no table of communications."),),
                (Part("", rows, heads), Part("Footnotes", notes)))  # fmt: skip


def _devices(tables: Tables) -> Page:
    found = tables.devices
    if found is None:
        return Page("devices", "Devices", ("This policy has no table of devices.",))
    rows = tuple(Row(one.title, tuple(CELLS[value] for value in one.values), (), one.source, one.confidence)
                 for one in found.rows)  # fmt: skip
    heads = tuple(f"{one.title} ({'the school' if one.owner == 'school' else 'their own'})" for one in found.columns)
    where = tuple(Row(one.title, (), (), one.source, one.confidence) for one in found.columns)
    intro = "✓ yes, ✗ no, – does not apply; an empty cell is empty in the school's own paper."
    return Page("devices", "Devices", (intro,), (Part("", rows, heads), Part("Where the columns come from", where)))


def _matrix(tables: Tables, whom: str, matrix: Matrix | None) -> Page:
    title = "Actions: pupils" if whom == "pupil" else "Actions: staff"
    if matrix is None:
        measures = tuple(
            Row(one.title, (), (f"decided by: {_title(tables, one.decided_by)}",), one.source, one.confidence)
            for one in tables.measures
            if one.whom == whom
        )
        return Page(whom, title, ("This policy has no table of misuse. What it allows, mildest first:",),
                    (Part("", measures),))  # fmt: skip
    decided = tuple(
        Row(one.title, (), (f"decided by: {_title(tables, one.decided_by)}",), one.source, one.confidence)
        for one in matrix.actions
    )
    intro = "A tick is what may be done, not what must be done. Who decides each of them stands below."
    return Page(whom, title, (intro,), (_table(matrix, ""), Part("Who decides", decided)))


def _table(matrix: Matrix, title: str) -> Part:
    rows = tuple(
        Row(one.incident, tuple(YES if action.id in one.ticks else "" for action in matrix.actions), (), one.source,
            one.confidence)
        for one in matrix.rows
    )  # fmt: skip
    return Part(title, rows, tuple(action.title for action in matrix.actions))


def _chart(pack: Pack) -> Page:
    chart = pack.procedure
    titles = {node.id: node.short or node.title for node in chart.node}
    rows = tuple(
        Row(node.title, (), (*paragraphs(node.text), *_variants(node),
            *(f"{one.label} ▸ {titles[one.to]}" for one in node.choice)), node.source, node.confidence)
        for node in chart.node
    )  # fmt: skip
    source = f"From: {chart.source}" if chart.source else ""
    sure = (
        "Put together by this pack: compare it with the school's printed one." if chart.confidence != "policy" else ""
    )
    return Page("chart", "Flowchart", tuple(one for one in (chart.title, source, sure, *chart.note) if one),
                (Part("Box by box", rows),), True)  # fmt: skip


def _variants(node: Node) -> Iterator[str]:
    """How a box reads about a colleague, or about the head of the school."""
    for one in node.variant:
        yield f"{ABOUT[one.about]}: {one.title or node.title}"
        yield from paragraphs(one.text)


def _triggers(tables: Tables) -> Part:
    rows = tuple(
        Row(one.title, (), (one.question, FORCES[one.force] + (", never copied" if one.never_copy else "")), one.source,
            one.confidence)
        for one in tables.triggers
    )  # fmt: skip
    return Part("What goes to the police", rows)


def _never(tables: Tables) -> Part:
    rows = tuple(Row(one.title, (), (one.question,), one.source, one.confidence) for one in tables.never_copy)
    return Part("What must never be looked at again or copied", rows)


def _bullying(tables: Tables) -> Page:
    found = tables.bullying
    if found is None:
        return Page("bullying", "Bullying", ("This policy has no lists for a record of bullying.",))
    lists = (("What moved it", found.motives), ("How", found.methods), ("What became of it", found.outcomes))
    asks = Part("What asks for it", (Row(found.law, (), (), found.source, found.confidence),))
    parts = (Part(title, tuple(Row(one.title) for one in listed)) for title, listed in lists)
    return Page("bullying", "Bullying", ("Recorded with a case where pupils are on both sides, alleged or found.",),
                (asks, *parts))  # fmt: skip


def _role(role: Role, tables: Tables) -> Row:
    about = ["senior"] if role.senior else []
    about += ["no login: gets paper"] if role.paper else []
    about += [f"stands in for: {_title(tables, role.stands_in_for)}"] if role.stands_in_for else []
    does = [said for id, said in MAY.items() if id in role.may]
    more = tuple(text for text in (", ".join(about), ", ".join(does)) if text)
    return Row(role.title, (), more, role.source, role.confidence)


def _calendar(tables: Tables) -> Page:
    comes = tuple(
        Row(
            one.title, (),
            (f"{calendar.EACH[one.every]}, by: {_title(tables, one.who)}, shown {calendar.lead(one)} days before"
             + ("; sooner after a serious incident" if one.after_incident else ""),),
            one.source, one.confidence,
        )
        for one in tables.calendar
    )  # fmt: skip
    kept = tuple(
        Row(one.title, (), (f"{one.years} years from {one.basis}, then: {one.then}",), one.source, one.confidence)
        for one in tables.retention
    )
    terms = tuple(Row(f"{one.title}, from {one.starts}", (), (), one.source, one.confidence) for one in tables.terms)
    return Page("calendar", "Calendar", (),
                (Part("What comes round", comes), Part("How long it is kept", kept), Part("Terms", terms)))  # fmt: skip


def _hours(agency: Agency) -> str:
    if agency.hours == "always":
        return "At any hour."
    return "; ".join(f"{', '.join(one.days)} {one.from_} to {one.to}" for one in agency.hours)


def _title(tables: Tables, role: str) -> str:
    found = tables.role(role)
    return found.title if found else role


def _said(rows: tuple[Row, ...], nothing: str) -> str:
    return "" if rows else nothing
