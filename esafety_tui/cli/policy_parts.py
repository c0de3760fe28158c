"""The parts of a policy as data and as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from esafety_tui.cli.text import clean, indented, page, table
from esafety_tui.policy import export
from esafety_tui.policy.procedure import ABOUT

if TYPE_CHECKING:
    from esafety_tui.desk.policies.policy_pages import Page
    from esafety_tui.policy.pack import Pack


#: What a police trigger asks for.
FORCES = {"must": "The police have to be told", "advice-first": "An agency is asked for advice first"}
#: A ticked cell.
TICK = "✓"


def as_data(pack: Pack, part: str | None) -> Any:
    """The JSON of one part (contract.md), or of the overview."""
    tables = pack.tables
    match part:
        case "sanctions":
            return export.sanctions(tables)
        case "actions":
            return export.user_actions(tables)
        case "communications":
            return export.communications(tables)
        case "procedure":
            return pack.procedure.model_dump(mode="json", by_alias=True)
        case "roles":
            return export.roles(tables)
        case "agencies":
            return export.agencies(tables)
        case "devices":
            return export.communications(tables)["devices"]
        case "triggers":
            return [export.plain(trigger) for trigger in tables.triggers]
        case "notes":
            return [export.plain(note) for note in tables.notes]
    return {
        **export.plain(tables.pack),
        "sha256": pack.sha256,
        "first_minute": export.plain(tables.first_minute),
        "notes": [export.plain(note) for note in tables.notes],
    }


def told(pack: Pack, part: str | None) -> None:
    """One part, or the overview, as text."""
    writers = {
        "sanctions": _sanctions,
        "actions": _actions,
        "communications": _communications,
        "procedure": _procedure,
        "roles": _roles,
        "agencies": _agencies,
        "devices": _devices,
        "triggers": _triggers,
        "notes": _notes,
    }
    writers.get(part or "", _overview)(pack)


def read(found: Page) -> None:
    """A page of the adopted policy as text; of a table, the names of the columns that are ticked."""
    page(clean(found.title), "", *(clean(text) for text in found.intro if text))
    for part in found.parts:
        page("", *([clean(part.title)] if part.title else []))
        for row in part.rows:
            page(*([f"- {clean(row.text)}"] if row.text else []), *(indented(clean(more)) for more in row.more if more))
            pairs = zip(part.columns, row.cells, strict=False)
            ticked = [title if cell == TICK else f"{title} ({cell})" for title, cell in pairs if cell]
            if ticked:
                page(indented(clean("; ".join(ticked))))
            if row.source or row.confidence != "policy":
                gap = "" if row.confidence == "policy" else " [filled in by this pack]"
                page(indented(f"from: {clean(row.source) or 'not said'}{gap}"))


def _overview(pack: Pack) -> None:
    info = pack.tables.pack
    page(clean(info.summary), f"From: {clean(info.source_title)}", f"SHA-256: {pack.sha256}")
    _notes(pack)
    page("", "Parts: sanctions, actions, communications, devices, triggers, procedure, roles, agencies, notes.")


def _notes(pack: Pack) -> None:
    for note in pack.tables.notes:
        page("", clean(note.title), indented(clean(note.text)))


def _triggers(pack: Pack) -> None:
    page("What goes to the police.")
    for one in pack.tables.triggers:
        never = " It is never looked at or copied." if one.never_copy else ""
        page("", clean(one.title), indented(f"{clean(one.question)} {FORCES[one.force]}.{never}"))


def _devices(pack: Pack) -> None:
    found = export.communications(pack.tables)["devices"]
    if not found:
        page("This policy has no table of devices.")
    for device in found:
        page("", clean(device["device"]))
        page(*(f"  {clean(key)}: {clean(value)}" for key, value in device.items() if key != "device" and value))


def _sanctions(pack: Pack) -> None:
    found = export.sanctions(pack.tables)
    if not found:
        page("This policy has no table of sanctions. What it allows:")
        page(*(f"  {clean(measure.whom)}: {clean(measure.title)}" for measure in pack.tables.measures))
    for side, matrix in found.items():
        page(f"For {side}")
        for row in matrix["rows"]:
            page("", clean(row["incident"]), *(f"  - {clean(action)}" for action in row["actions"]))
        page("")


def _actions(pack: Pack) -> None:
    rows = export.user_actions(pack.tables)
    if not rows:
        page("This policy has no table of user actions.")
        return
    table(
        ("level", "police", "never copy", "activity"),
        ((row["level_name"], _yes(row["police"]), _yes(row["never_copy"]), row["activity"]) for row in rows),
    )


def _communications(pack: Pack) -> None:
    found = export.communications(pack.tables)
    if found["rows"]:
        table(
            ("technology", "staff", "pupils", "footnotes"),
            (
                (row["technology"], row["staff"], row["pupils"], ", ".join(map(str, row["footnotes"])))
                for row in found["rows"]
            ),
            widest=60,
        )
        page("", *(f"{note['number']}  {clean(note['text'])}" for note in found["footnotes"]))
    else:
        page("This policy has no table of communications.")
    if found["devices"]:
        _devices(pack)


def _procedure(pack: Pack) -> None:
    for node in pack.procedure.node:
        page("", f"{node.id}  {clean(node.title)}  ({node.kind}, {node.lane})")
        page(indented(clean(" ".join(node.text.split()))))
        for one in node.variant:
            page(f"  {ABOUT[one.about]}: {clean(one.title or node.title)}")
            page(indented(clean(" ".join(one.text.split()))))
        for choice in node.choice:
            page(f"  {choice.id}  {clean(choice.label)}: to {choice.to}")


def _roles(pack: Pack) -> None:
    table(
        ("id", "title", "senior", "may"),
        (
            (row["id"], row["title"], _yes(row["senior"]), ", ".join(row["may"]) or ("paper" if row["paper"] else ""))
            for row in export.roles(pack.tables)
        ),
    )


def _agencies(pack: Pack) -> None:
    for agency in export.agencies(pack.tables):
        page("", f"{agency['order']}  {clean(agency['title'])}", indented(clean(agency["what_for"])))
        for way in agency["reach"]:
            confirm = " (to be confirmed)" if way["needs_confirming"] else ""
            page(f"  {clean(way['kind'])}: {clean(way['value']) or 'not known yet'}{confirm}")


def _yes(value: object) -> str:
    return "yes" if value else "no"
