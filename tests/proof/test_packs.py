"""Both packs are proven safe, in little time, and the same each time."""

from __future__ import annotations

import json

import pytest

from esafety_tui.policy.pack import Pack
from esafety_tui.proof import check
from esafety_tui.proof.properties import PROPERTIES
from tests.proof.conftest import PACKS, proved, read


@pytest.mark.parametrize("name", PACKS)
def test_a_pack_of_the_program_holds(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    report = proved(name)
    with capsys.disabled():
        print(f"\n{name}: {report.nodes} boxes, {report.edges} answers, {report.states} states, {report.moves} moves")
    assert [(finding.rule, finding.text, finding.example) for finding in report.findings] == []
    assert report.ok
    assert all(line.holds for line in report.properties)


@pytest.mark.parametrize("name", PACKS)
def test_the_search_is_large_enough_to_mean_something_and_small_enough_to_wait_for(name: str) -> None:
    report = proved(name)
    chart = read(name).procedure
    assert report.nodes == len(chart.node)
    assert report.edges == sum(len(node.choice) for node in chart.node)
    assert 1_000 < report.states < 100_000
    assert report.moves > 5 * report.states


def test_the_search_finds_the_same_each_time(small: Pack) -> None:
    seen: list[int] = []
    assert check(small, seen.append) == check(small)
    assert seen
    assert seen == sorted(seen)


@pytest.mark.parametrize("name", PACKS)
def test_the_report_as_data_is_what_the_contract_says(name: str) -> None:
    data = json.loads(json.dumps(proved(name).as_data()))
    assert set(data) == {"ok", "pack", "sha256", "nodes", "edges", "states", "moves", "properties", "findings"}
    assert (data["pack"], data["sha256"]) == (name, read(name).sha256)
    assert [line["rule"] for line in data["properties"]] == [rule for rule, _ in PROPERTIES]
    assert all(set(line) == {"rule", "text", "holds"} for line in data["properties"])


def test_each_property_is_a_plain_sentence() -> None:
    rules = [rule for rule, _ in PROPERTIES]
    assert len(rules) == len(set(rules))
    assert {"R0", "R1", "R3", "R4", "R6", "R8", "R9", "R10", "R18", "end", "call"} <= set(rules)
    for _, text in PROPERTIES:
        assert text.endswith(".")
        assert "!" not in text
