"""What a case says of another one is for those who may read that: in the list of entries, in what corrects or names it,
in a search, and in the raw records of a bundle (R10)."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from esafety_tui.desk.logbook.logfilter import LogFilter
from esafety_tui.desk.papers.leaving import Allowed
from esafety_tui.desk.papers.left_list import described
from esafety_tui.desk.session import Session
from esafety_tui.errors import RefusedError
from tests.desk.handed import STICK, unpacked
from tests.desk.made_school import CORA, RUTH, VAL, Colleague, do
from tests.desk.test_side_doors import hidden

__all__ = ["hidden"]
TOLD = ("zebra", "giraffe", "okapi")


@pytest.fixture
def pack() -> str:
    return "spires"


@pytest.fixture
def quoted(sign_in: Callable[..., Session], hidden: dict[str, str]) -> dict[str, str]:
    """The link to the case that the vice-principal may not read is corrected, that too, and a note names it."""
    session, slip = sign_in(), hidden["slip"]
    link = next(m.seq for m in session.casework.case(slip).moments if getattr(m.event, "ref", "") == hidden["closed"])
    do(session, slip, "correct", "correct", seq=str(link), text="It was Zebra himself", reason="A slip of the pen")
    last = session.browsing.chronology(slip)[-1]["seq"]
    do(session, slip, "correct", "correct", seq=str(last), text="And Giraffe", reason="Another")
    do(session, slip, "note", "add", text=f"See {hidden['closed'].replace('-', '').lower()} about Okapi")
    do(session, slip, "note", "add", text="Of this case alone")
    return hidden


@pytest.mark.parametrize(("reader", "count"), [(RUTH, 3), (VAL, 0)], ids=["lead", "excluded"])
def test_what_corrects_or_names_a_hidden_link_is_hidden_with_it(
    sign_in: Callable[..., Session], quoted: dict[str, str], reader: Colleague, count: int
) -> None:
    session = sign_in(reader)
    rows = session.browsing.show(quoted["slip"])["chronology"]
    told = " ".join(row["text"] for row in rows).casefold()
    assert sum(word in told for word in TOLD) == count
    assert "Of this case alone" in [row["text"] for row in rows]
    so_far = " ".join(session.casework.ask(quoted["slip"]).so_far).casefold()
    assert sum(word in so_far for word in TOLD) == count
    for word in TOLD:
        assert session.browsing.listed(LogFilter(search=word)) == []
        assert session.browsing.matches(quoted["slip"], word) == ()


def test_the_bundle_of_who_may_not_read_the_other_case_holds_nothing_of_it_and_is_whole(
    sign_in: Callable[..., Session], quoted: dict[str, str], tmp_path: Path
) -> None:
    session = sign_in(VAL)
    bag = unpacked(session.leaving.bundle(quoted["slip"], tmp_path / "bundle.zip", STICK), tmp_path / "open")
    for name in ("chronology.jsonl", "proof/chain.jsonl"):
        text = (bag / "data" / name).read_text().casefold()
        assert "this case alone" in text
        assert not [word for word in (*TOLD, quoted["closed"].casefold(), "the same two") if word in text]
    done = subprocess.run([sys.executable, "-I", "verify.py"], cwd=bag, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_a_link_told_without_its_reason_is_in_the_chain_by_its_leaf_and_that_is_said(
    sign_in: Callable[..., Session], quoted: dict[str, str], tmp_path: Path
) -> None:
    session = sign_in(CORA)
    bag = unpacked(
        session.leaving.bundle(quoted["slip"], tmp_path / "bundle.zip", replace(STICK, by="Ruth Carson")),
        tmp_path / "open",
    )
    chain = (bag / "data" / "proof" / "chain.jsonl").read_text()
    assert "The same two." in chain
    assert "The same three." not in chain
    apart = [line["seq"] for line in map(json.loads, chain.splitlines()[1:]) if line.get("withheld")]
    told = [json.loads(line) for line in (bag / "data" / "chronology.jsonl").read_text().splitlines()]
    assert [row["kind"] for row in told if row["seq"] in apart] == ["linked"]
    done = subprocess.run([sys.executable, "-I", "verify.py"], cwd=bag, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert f"may not read: {apart[0]}" in done.stdout


def test_the_register_and_the_trail_count_the_cases_that_a_reader_may_know_of(
    sign_in: Callable[..., Session], hidden: dict[str, str], tmp_path: Path
) -> None:
    session = sign_in()
    given = Allowed(to_whom="The Chair", by="Ruth Carson")
    session.browsing.exporting.log(tmp_path / "all.zip", given)
    session.browsing.exporting.log(tmp_path / "one.zip", given, refs=[hidden["closed"]])
    for reader, told in ((RUTH, ["one incident", "3 incidents"]), (VAL, ["2 incidents"])):
        session = sign_in(reader)
        rows = session.leaving.left()
        assert [str(row["description"]).removeprefix("A list of ").partition(" of ")[0] for row in rows] == told
        with suppress(RefusedError):
            trail = [one.what.removeprefix("A list of ") for one in session.people.trail.traces() if one.kind == "left"]
            assert [one.partition(" of ")[0] for one in trail] == told
    recorded = [entry.data["description"] for entry in session.journal.of_kind("left")]
    assert recorded == ["A list of incidents of the log"] * 2
    assert described(session, "A list of 149 incidents of the log (open)", [hidden["slip"], hidden["closed"]]) == (
        "A list of one incident of the log (open)"
    )
