"""What a case keeps beside its words, as `show --json` gives it: sites, exhibits, devices, looks, the computer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from esafety_tui.desk import clock
from esafety_tui.desk.case.presence import not_proven
from esafety_tui.incident import events as e
from esafety_tui.incident.addresses import shown
from esafety_tui.incident.case import Case
from esafety_tui.incident.exhibits import Exhibit, Held, Look

Name = Callable[[str], str]


def kept(
    case: Case,
    name: Name,
    outside: Mapping[str, str] | None = None,
    absent: Mapping[str, str] | None = None,
    here: str = "",
) -> dict[str, list[dict[str, Any]] | dict[str, Any]]:
    """The objects by their names in `show --json`. outside: by mark, where copies of a sealed exhibit are that left;
    absent: by id, why the log has no file of one; here: the id of this computer."""
    elsewhere, gone = outside or {}, absent or {}
    return {
        "sites": sites(case, name),
        "exhibits": [
            exhibit(one, here) | {"outside": elsewhere.get(one.mark, ""), "absent": gone.get(one.id, "")}
            for one in case.exhibits.values()
        ],
        "custody": [device(held) for held in case.custody.values()],
        "looks": [look(one, name, case) for one in case.looks],
        "computer": computer(case),
    }


def nothing() -> dict[str, list[dict[str, Any]] | dict[str, Any]]:
    """The same for a reader who may not see any of it."""
    return {"sites": [], "exhibits": [], "custody": [], "looks": [], "computer": {}}


def sites(case: Case, name: Name) -> list[dict[str, Any]]:
    """The rows of the record. where: exactly as typed; shown_as: with the host's other spelling; at: of the entry.
    not_proven: how the second of those present is known, where that is not by their own password."""
    return [
        {
            "row": row.row,
            "form": row.form,
            "where": row.where,
            "shown_as": shown(row.where) if row.form == "site" else row.where,
            "concern": row.concern,
            "looked": row.looked,
            "present": [name(person) for person in row.present],
            "proof": row.proof,
            "not_proven": not_proven(case, list(row.present), row.proof, m.seq),
            "seen_at": row.seen_at,
            "at": clock.iso(m.at, m.off),
            "exhibits": [one.mark for one in case.exhibits.values() if one.row == row.row],
        }
        for m in case.moments
        if isinstance(row := m.event, e.RowAdded)
    ]


def exhibit(one: Exhibit, here: str) -> dict[str, Any]:
    """One exhibit; sha256 is null where nothing was copied, plain_copy where no
    plain copy lies in its old place any more; plain_copy_here: it lies on this computer, whose id is `here`."""
    return {
        "mark": one.mark,
        "sha256": one.sha256 or None,
        "sealed": one.sealed,
        "copied": one.copied,
        "description": one.description,
        "id": one.id,
        "row": one.row,
        "produced_by": one.by,
        "kind": one.file_kind,
        "size": one.size if one.copied else None,
        "width": one.width,
        "height": one.height,
        "source_name": one.source_name,
        "source_modified": clock.iso(one.source_modified),
        "source_removed": one.source_removed,
        "plain_copy": one.plain_copy or None,
        "plain_copy_here": bool(one.plain_copy) and one.computer == here,
        "where": one.where,
        "why": one.why,
        "at": clock.iso(one.at, one.off),
        "seq": one.seq,
    }


def device(held: Held) -> dict[str, Any]:
    """One device with every step of its custody."""
    taken, ended = held.taken, held.ended
    return {
        "id": held.id,
        "what": held.what,
        "from": taken.from_whom,
        "by": taken.by,
        "state": taken.state,
        "seal": taken.seal,
        "row": taken.row,
        "now_at": held.now_at,
        "ended": ended.how if ended else "",
        "reference": ended.reference if ended else "",
        "force": ended.force if ended else "",
        "number": ended.number if ended else "",
        "steps": [
            {
                "at": clock.iso(step.at, step.off),
                "happened_at": clock.iso(step.happened, step.happened_off) or None,
                "seq": step.seq,
                "kind": step.event.kind,
                "to": step.event.kept_at if isinstance(step.event, e.CustodyTaken) else step.event.to,
                "by": "" if isinstance(step.event, e.CustodyEnded) else step.event.by,
                "parent_signed": "" if isinstance(step.event, e.CustodyMoved) else step.event.parent_signed,
            }
            for step in held.steps
        ],
    }


def look(one: Look, name: Name, case: Case) -> dict[str, Any]:
    """One look, from start to stop."""
    return {
        "what": one.started.what,
        "started_at": clock.iso(one.at, one.off),
        "ended_at": clock.iso(one.ended_at, one.ended_off),
        "driver": name(one.started.driver),
        "present": [name(person) for person in one.people],
        "proof": one.proof,
        "not_proven": not_proven(case, one.people, one.proof, one.seq),
        "connection": one.started.connection,
        "filter": one.started.filter_state,
        "told_beforehand": one.started.told_beforehand,
        "reached": list(one.ended.reached) if one.ended else [],
    }


def computer(case: Case) -> dict[str, Any]:
    """The designated computer; empty before the first look."""
    found = case.computer
    return {"name": found.name, "place": found.place, "changed": found.changed} if found else {}
