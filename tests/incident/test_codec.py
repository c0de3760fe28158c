"""Entries are read for ever: every kind goes to JSON and back, and what version 1 wrote is read by every later one."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esafety_tui.incident import commands as c
from esafety_tui.incident import events as e
from esafety_tui.incident.case import Moment, fold
from esafety_tui.incident.codec import KINDS, UPCASTS, from_data, to_data
from esafety_tui.incident.decide import decide
from esafety_tui.incident.here import Refusal
from esafety_tui.policy.pack import Pack
from tests.incident.conftest import TWO

SAMPLES = sorted((Path(__file__).parent / "samples").glob("*.json"))
PLAIN = (str, int, float, bool, list, dict, type(None))


def _events(cls: type[e.Event]) -> st.SearchStrategy[e.Event]:
    return st.builds(cls, **{field.name: _values(str(field.type)) for field in dataclasses.fields(cls)})


def _values(kind: str) -> st.SearchStrategy[Any]:
    return {
        "str": st.text(),
        "int": st.integers(-(2**53), 2**53),
        "int | None": st.none() | st.integers(0, 120),
        "bool": st.booleans(),
        "list[str]": st.lists(st.text(), max_size=4),
        "dict[str, str]": st.dictionaries(st.text(), st.text(), max_size=4),
    }[kind]


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=25)
@given(data=st.data())
def test_an_event_goes_to_json_and_back(kind: str, data: st.DataObject) -> None:
    event = data.draw(_events(KINDS[kind]))
    payload = json.loads(json.dumps(to_data(event)))
    assert from_data(kind, KINDS[kind].version, payload) == event


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_what_an_older_version_wrote_is_read_for_ever(path: Path) -> None:
    sample = json.loads(path.read_text(encoding="utf-8"))
    for payload in sample["payloads"]:
        event = from_data(sample["kind"], sample["version"], payload)
        assert type(event) is KINDS[sample["kind"]]
        if KINDS[sample["kind"]].version == sample["version"]:
            assert to_data(event) == payload


def test_every_kind_has_a_sample_of_every_version() -> None:
    kept = {(sample["kind"], sample["version"]) for sample in (json.loads(p.read_text("utf-8")) for p in SAMPLES)}
    assert kept == {(kind, version) for kind, cls in KINDS.items() for version in range(1, cls.version + 1)}
    assert set(UPCASTS) == {(kind, version) for kind, version in kept if version < KINDS[kind].version}


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_payload_that_lacks_something_needed_is_not_guessed(path: Path) -> None:
    sample = json.loads(path.read_text(encoding="utf-8"))
    least = sample["payloads"][-1]
    for name in least:
        short = {key: value for key, value in least.items() if key != name}
        assert isinstance(from_data(sample["kind"], 1, short), e.Unknown)


@pytest.mark.parametrize(
    ("kind", "version", "data"),
    [
        ("invented-later", 1, {"x": 1}),
        ("noted", 2, {"text": "from a later version"}),
        ("noted", 1, {"text": ["no", "text"]}),
        ("noted", 1, {}),
        ("", 1, {}),
        ("unknown", 1, {"name": "a", "data": {}}),
    ],
)
def test_an_unknown_entry_leaves_a_case_readable_and_not_writable(
    kind: str, version: int, data: dict[str, Any], spires: Pack
) -> None:
    opened = e.Opened("A1", "spires", "1", "ab", "p1", "danger", "start")
    event = from_data(kind, version, data)
    assert event == e.Unknown(kind, data)
    case = fold([Moment(opened, 1), Moment(event, 2), Moment(e.Noted("after"), 3)])
    assert len(case.moments) == 3
    assert not case.writable
    for command in (c.Record(e.Noted("a note")), c.Halt("no"), c.Answer("danger", "no"), c.Close("closed", "x")):
        outcome = decide(spires, case.standing, TWO, command)
        assert isinstance(outcome, Refusal)
        assert "newer version" in outcome.what
