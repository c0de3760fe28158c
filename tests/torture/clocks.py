"""The computer's clock goes back an hour, a year, to 1970, or far ahead: the order stays, and nothing stops.

No library that lies about the time is needed: every name by which the program reads a clock is given another one.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any, Self

from esafety_tui.desk.session import Session
from esafety_tui.errors import EsafetyError
from tests.desk.made_school import do
from tests.torture import faults, jobs, made
from tests.torture.tally import Tally


def moments() -> dict[str, datetime]:
    """What the clock says instead."""
    now = datetime.now(UTC)
    return {
        "an hour back": now - timedelta(hours=1),
        "a year back": now - timedelta(days=365),
        "1970": datetime(1970, 1, 1, 0, 0, 5, tzinfo=UTC),
        "the first hour that comes twice": datetime(now.year, 10, 25, 0, 30, tzinfo=UTC),
        "the second hour that comes twice": datetime(now.year, 10, 25, 1, 30, tzinfo=UTC),
        "2038": datetime(2038, 1, 19, 3, 14, 8, tzinfo=UTC),
        "2099": datetime(2099, 12, 31, 23, 59, 59, tzinfo=UTC),
    }


@contextmanager
def clock_at(moment: datetime) -> Iterator[None]:
    """Every part of the program reads this time; it goes on from there."""
    begun = datetime.now(UTC)

    class Elsewhen(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            there = moment + (datetime.now(UTC) - begun)
            if tz is not None:
                return cls.fromtimestamp(there.timestamp(), tz)
            local = datetime.fromtimestamp(there.timestamp())  # which of two equal hours it is goes with it
            return cls(*local.timetuple()[:6], local.microsecond, fold=local.fold)

    class Day(type(begun.date())):  # type: ignore[misc]
        @classmethod
        def today(cls) -> Any:
            return Elsewhen.now().date()

    changed: list[tuple[Any, str, Any]] = []
    for name, module in list(sys.modules.items()):
        if name.startswith("esafety_tui."):
            for known, real, other in (("datetime", datetime, Elsewhen), ("date", type(begun.date()), Day)):
                if getattr(module, known, None) is real:
                    changed.append((module, known, real))
                    setattr(module, known, other)
    try:
        yield
    finally:
        for module, known, real in changed:
            setattr(module, known, real)


def _work(session: Session, place: Path, facts: dict[str, Any]) -> Iterator[str]:
    """A day's work, a step at a time; gives what was done."""
    do(session, facts["account"], "note", "add", text="Written by a wrong clock")
    yield "a note"
    jobs._reply(session, facts)
    yield "an answer"
    made.slip(session)
    yield "a slip"
    session.browsing.due()
    yield "what is due"
    assert session.browsing.chronology(facts["account"])
    yield "the chronology"
    assert len(session.browsing.page().rows) == 6
    yield "the log"
    session.filtering.list()
    yield "the filter"
    first = session.reporting.periods()[0]
    session.reporting.draft("governors", first.since, first.until)
    yield "a report"
    session.copies.make(place / "stick")
    yield "a backup"
    assert session.copies.check(place / "stick")["ok"]
    yield "the backup checked"


def run(place: Path, sample: int) -> Tally:
    """Each moment: a sitting in it, then one by the right clock, and the whole log looked at."""
    tally = Tally()
    made.base(place / "base")
    for name, moment in list(moments().items())[::sample]:
        there = place / "there"
        shutil.copytree(place / "base", there)
        with chdir(there):
            facts = jobs.go_to(there)
            try:
                _sitting(tally, name, moment, there, facts)
            except (EsafetyError, AssertionError, ValueError, OverflowError, OSError) as error:
                tally.inconsistent.append(f"{name}: {type(error).__name__} {error}")
        shutil.rmtree(there)
    return tally


def _sitting(tally: Tally, name: str, moment: datetime, there: Path, facts: dict[str, Any]) -> None:
    jobs.opened(there / "home").close()  # what is loaded late is loaded now
    with clock_at(moment):
        session = jobs.opened(there / "home")
        last = session.journal.head()[0]
        for _ in _work(session, there, facts):
            tally.points += 1
        written = session.journal.since(last)
        session.close()
    assert abs(datetime.fromisoformat(written[0].at.replace("Z", "+00:00")) - moment) < timedelta(minutes=5), written[
        0
    ].at
    again = jobs.opened(there / "home")
    try:
        do(again, facts["account"], "note", "add", text="By the right clock")
        faults.sound(again)
        rows = again.browsing.chronology(facts["account"])
        assert [row["text"] for row in rows if "clock" in row["text"]][-2:] != [], "the notes are there"
        seqs = [entry.seq for entry in again.journal.since(0)]
        assert seqs == list(range(1, len(seqs) + 1)), "the order is not that of the entries"
        back = any(row["clock_back"] for row in rows)
        if back is not True:
            tally.undetected.append(f"{name}: no entry says that the clock had gone back")
        assert again.browsing.due() is not None
        tally.points += 3
    finally:
        again.close()
