"""A sample of what `make torture` tries whole, of what no other quick test tries."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.torture import bits, clocks, commands, faults, jobs_more, repeats, swaps
from tests.torture.tally import Tally, printed

pytestmark = pytest.mark.slow
#: Each is a point of a job that the tests of the rooms do not strike.
JOBS = [
    "another role",
    "a log taken over",
    "the restore recorded",
    "two sheets used",
    "rows made again",
    "another policy adopted",
    "a report issued",
]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder; what a chapter does to the environment is undone."""
    monkeypatch.setenv("ESAFETY_STATE", os.environ["ESAFETY_STATE"])
    return tmp_path


def nothing_found(tally: Tally, at_least: int) -> None:
    assert tally.faults == [], printed(tally)
    assert tally.points >= at_least


def test_a_sample_of_every_kind_of_fault(place: Path) -> None:
    if why := faults.missing():
        if os.environ.get("CI"):
            pytest.fail(why)
        pytest.skip(f"NO FAULTS WERE TRIED: {why}")
    faults.ready(place, JOBS)
    for chapter, sample, least in (("kill at pwrite64", 60, 3), ("disk full at pwrite64", 20, 3)):
        nothing_found(faults.run(place / chapter.replace(" ", "-"), sample, chapter), least)


def test_a_bit_here_and_there(place: Path) -> None:
    nothing_found(bits.run(place, 40), 30)


def test_pages_ends_and_logs_exchanged(place: Path) -> None:
    tally = swaps.run(place, 24)
    nothing_found(tally, 20)
    assert tally.paper, "what only paper can find, it finds"


def test_the_clock_goes_wrong(place: Path) -> None:
    nothing_found(clocks.run(place, 4), 20)


def test_every_command_is_driven() -> None:
    assert len(commands.named()) > 70
    assert commands.not_driven() == frozenset()


def test_every_command_that_writes_is_struck_by_a_job() -> None:
    assert not set(jobs_more.STRUCK) & jobs_more.UNSTRUCK
    assert set(jobs_more.STRUCK) | jobs_more.UNSTRUCK == commands.named()
    assert set(jobs_more.STRUCK.values()) <= set(jobs_more.ALL)


def test_what_repeats_is_passed_over_and_no_kind_is() -> None:
    page, sync = repeats.Call("pwrite64", "log-#.db"), repeats.Call("fsync", "log-#.db")
    kinds = repeats.kinds([sync, *[page] * 50, sync])["pwrite64"]
    tried = repeats.thinned(kinds, 4, 0)
    assert {1, 2, 49, 50} <= set(tried)
    assert 4 < len(tried) < 12
    assert {kinds[n - 1] for n in tried} == set(kinds)
    assert repeats.thinned(kinds, 60, 0) == list(range(1, 51))
