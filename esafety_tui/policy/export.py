"""The tables as plain lists and dicts for `policy show --json`, and what a school changed in its pack. Pure."""

from __future__ import annotations

from typing import Any

from esafety_tui.policy.tables import Matrix, Model, Tables

Json = dict[str, Any]


def sanctions(tables: Tables) -> Json:
    """`{"pupil": {"actions": [...], "rows": [{"incident", "actions"}]}, "staff": {...}}`, all of it titles.

    The order is the policy's; a policy without a matrix gives {}.
    """
    sides = (("pupil", tables.pupil), ("staff", tables.staff))
    return {side: _matrix(matrix) for side, matrix in sides if matrix is not None}


def _matrix(matrix: Matrix) -> Json:
    titles = {action.id: action.title for action in matrix.actions}
    return {
        "actions": list(titles.values()),
        "rows": [{"incident": row.incident, "actions": [titles[tick] for tick in row.ticks]} for row in matrix.rows],
    }


def user_actions(tables: Tables) -> list[Json]:
    """A list of {activity, level (1 to 5), level_name, police, never_copy}, in the policy's order."""
    return [
        {
            "activity": action.activity,
            "level": action.level,
            "level_name": tables.levels[action.level - 1],
            "police": action.police,
            "never_copy": action.never_copy,
        }
        for action in tables.user_actions
    ]


def communications(tables: Tables) -> Json:
    """{columns: {staff, pupils}, rows: [{technology, staff, pupils, footnotes}], footnotes, devices}.

    footnotes: a list of {number, text}; devices: a list of {device, owner, and each line's title: its value}.
    """
    return {
        "columns": {
            "staff": list(tables.communication_columns.staff),
            "pupils": list(tables.communication_columns.pupils),
        },
        "rows": [
            {
                "technology": row.technology,
                "staff": row.staff,
                "pupils": row.pupils,
                "footnotes": list(row.footnotes),
            }
            for row in tables.communications
        ],
        "footnotes": [{"number": note.number, "text": note.text} for note in tables.footnotes],
        "devices": _devices(tables),
    }


def _devices(tables: Tables) -> list[Json]:
    if tables.devices is None:
        return []
    columns = tables.devices.columns
    return [
        {
            "device": column.title,
            "owner": column.owner,
            **{row.title: row.values[at] for row in tables.devices.rows},
        }
        for at, column in enumerate(columns)
    ]


def roles(tables: Tables) -> list[Json]:
    """A list of {id, title, senior, may (sorted), stands_in_for, paper, source, confidence}."""
    return [{**plain(role), "may": sorted(role.may)} for role in tables.roles]


def agencies(tables: Tables) -> list[Json]:
    """A list of {id, title, purpose, what_for, reach, hours, instead, order, emergency, source, confidence}.

    Whom to ring first comes first.
    """
    ordered = sorted(tables.agencies, key=lambda agency: agency.order)
    return [plain(agency) for agency in ordered]


def plain(entry: Model) -> Json:
    """Any entry as JSON types, under the keys that the file uses."""
    return entry.model_dump(mode="json", by_alias=True)


def changed(tables: Tables, shipped: Tables) -> list[Json]:
    """Where a school's pack differs from the shipped one: a list of {key, change ("changed" | "added" | "removed")}.

    Keys are dotted, in the file's order; an entry of a list goes by its id. One only moved within its list is
    not listed.
    """
    return list(_differences("", _dump(shipped), _dump(tables)))


def _dump(tables: Tables) -> Json:
    found = plain(tables)
    for role in found["roles"]:
        role["may"] = sorted(role["may"])
    return found


def _differences(key: str, before: Any, after: Any) -> list[Json]:
    if before == after:
        return []
    left, right = _parts(before), _parts(after)
    if left is None or right is None:
        return [{"key": key, "change": _change(before, after)}]
    found: list[Json] = []
    for part in [*left, *(name for name in right if name not in left)]:
        at = part if part.startswith("[") else f".{part}" if key else part
        if part not in right:
            found.append({"key": key + at, "change": "removed"})
        elif part not in left:
            found.append({"key": key + at, "change": "added"})
        else:
            found += _differences(key + at, left[part], right[part])
    return found


def _change(before: Any, after: Any) -> str:
    if before is None:
        return "added"
    return "removed" if after is None else "changed"


def _parts(value: Any) -> dict[str, Any] | None:
    """The named parts of a table or of a list of entries with ids; None for a value that is compared as a whole."""
    if isinstance(value, dict):
        return value
    if isinstance(value, list) and all(isinstance(one, dict) and "id" in one for one in value):
        return {f"[{one['id']}]": one for one in value}
    return None
