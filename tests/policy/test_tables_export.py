"""The tables as JSON, and what a school changed against the shipped pack."""

from __future__ import annotations

import json

import pytest

from esafety_tui.policy import export, load
from esafety_tui.policy.tables import Tables

FILE = "policy.toml"


def _changed(text: str, spires: Tables, *edits: tuple[str, str]) -> list[tuple[str, str]]:
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    return [(one["key"], one["change"]) for one in export.changed(load.tables(text, FILE), spires)]


def test_everything_is_json(either: Tables) -> None:
    shown = {
        "sanctions": export.sanctions(either),
        "actions": export.user_actions(either),
        "communications": export.communications(either),
        "roles": export.roles(either),
        "agencies": export.agencies(either),
    }
    assert json.loads(json.dumps(shown)) == shown


def test_roles_and_agencies(spires: Tables) -> None:
    principal = export.roles(spires)[0]
    assert principal["id"] == "principal"
    assert principal["may"] == sorted(principal["may"])
    assert {"id", "title", "senior", "may", "stands_in_for", "paper", "source", "confidence"} == set(principal)
    agencies = export.agencies(spires)
    assert [one["order"] for one in agencies] == sorted(one["order"] for one in agencies)
    gateway = next(one for one in agencies if one["id"] == "gateway")
    assert gateway["hours"] == [
        {"days": ["Mon", "Tue", "Wed", "Thu", "Fri"], "from": "09:00", "to": "17:00"},
    ]
    assert next(one for one in agencies if one["id"] == "psni")["hours"] == "always"


def test_communications(spires: Tables) -> None:
    shown = export.communications(spires)
    assert list(shown) == ["columns", "rows", "footnotes", "devices"]
    assert shown["rows"][3] == {
        "technology": "Taking photographs with a phone or camera",
        "staff": "Allowed at certain times; Allowed for selected staff",
        "pupils": "Not allowed",
        "footnotes": [2, 3],
    }
    assert [note["number"] for note in shown["footnotes"]] == [1, 2, 3, 4]


def test_the_same_pack_has_no_differences(either: Tables) -> None:
    assert export.changed(either, either) == []


@pytest.mark.parametrize(
    ("edit", "difference"),
    [
        (("threshold = 5", "threshold = 10"), ("threshold", "changed")),
        (('value = "101"', 'value = "102"'), ("agencies[psni].reach", "changed")),
        (('title = "Principal"', 'title = "Head"'), ("roles[principal].title", "changed")),
        (('may = ["log", "filtering"]', 'may = ["filtering", "log"]'), None),
        (('may = ["log", "filtering"]', 'may = ["log"]'), ("roles[safeguarding-team].may", "changed")),
        (("password_change_months = 12\n", ""), ("password_change_months", "removed")),
        (
            ('ticks = ["principal", "warning"]', 'ticks = ["principal"]'),
            ("staff.rows[careless-data].ticks", "changed"),
        ),
        (("[[kinds]]", '[[kinds]]\nid = "new"\ntitle = "New"\n[[kinds]]'), ("kinds[new]", "added")),
        (('[[kinds]]\nid = "money"\ntitle = "Money, games or gambling"\n', ""), ("kinds[money]", "removed")),
        (('[pack]\nid = "spires"', '[pack]\nid = "ours"'), ("pack.id", "changed")),
    ],
)
def test_one_difference(
    spires_text: str, spires: Tables, edit: tuple[str, str], difference: tuple[str, str] | None
) -> None:
    assert _changed(spires_text, spires, edit) == ([difference] if difference else [])


def test_several_differences_in_the_files_order(spires_text: str, spires: Tables) -> None:
    assert _changed(
        spires_text, spires, ("threshold = 5", "threshold = 6"), ('title = "Principal"', 'title = "Head"')
    ) == [("roles[principal].title", "changed"), ("threshold", "changed")]


def test_a_pack_without_a_matrix_lost_it(spires: Tables, woodside: Tables) -> None:
    keys = {one["key"]: one["change"] for one in export.changed(woodside, spires)}
    assert keys["pupil"] == "removed"
    assert keys["staff"] == "removed"
    assert keys["measures[spoken-to]"] == "added"
    assert keys["user_actions[grooming]"] == "removed"
    assert keys["pack.jurisdiction"] == "changed"
