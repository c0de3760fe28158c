"""Very large demonstration logs, made once and kept in a cache folder outside the checkout: for the bench alone.

A small demonstration is told through the desk; its cases are then written again and again under other names, on
earlier days, straight into the journal: the same bytes as the desk would write, so that `verify` finds nothing. What
was signed, kept as a file or attested is left out of the copies: it belongs to one case and one head.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from esafety_tui.desk import opening
from esafety_tui.desk.case.casework import STREAM
from esafety_tui.desk.case.summary import case_of, project
from esafety_tui.desk.demo import demonstration as demo
from esafety_tui.desk.session import Session
from esafety_tui.incident import reference
from esafety_tui.store.journal import Draft, Entry, Journal, Part, Stamp
from esafety_tui.store.projection import DueRow, PersonRow, Projection
from tests.bench.measure import say

#: Goes up where the logs have to be made anew: another schema, other entries.
VERSION = 2
TOLD = 60
#: Copies in one transaction.
TOGETHER = 250
TOGETHER_IN_A_VAST_ONE = 2_000
YEARS = 12
#: Up to this many incidents the copies are as they were told; beyond, most of them are everyday ones, as in a school.
WHOLE = 50_000
EVERYDAY = 0.85
_STOPS = frozenset({"signed", "exhibited", "printed", "bundled", "handed-over", "sealed"})
_FIRST = ("Ash", "Birch", "Cedar", "Elm", "Hazel", "Linden", "Maple", "Oak", "Poplar", "Rowan", "Willow", "Yew")
_LAST = ("Barrow", "Brook", "Field", "Ford", "Glade", "Heath", "Hill", "Marsh", "Mead", "Moor", "Stone", "Wood")


def cache() -> Path:
    """Where the logs are kept: ESAFETY_BENCH_CACHE, else this user's cache folder."""
    named = os.environ.get("ESAFETY_BENCH_CACHE")
    return Path(named) if named else Path.home() / ".cache" / "esafety-bench"


def home(incidents: int) -> tuple[Path, str]:
    """A demonstration with so many incidents, and a login of it; made where it is not there yet."""
    kept = cache() / f"log-{VERSION}-{incidents}"
    facts = kept / "facts.json"
    if not facts.exists():
        shutil.rmtree(kept, ignore_errors=True)
        kept.mkdir(parents=True, mode=0o700)
        say(f"making a log of {incidents:,} incidents in {kept}; it is kept for the next time ...")
        facts.write_text(json.dumps({"login": _make(kept / "home", incidents)}), encoding="utf-8")
    return kept / "home", str(json.loads(facts.read_text(encoding="utf-8"))["login"])


def unlock(folder: Path, login: str) -> Session:
    """Open one."""
    return opening.unlock(folder, login, demo.PASSWORD)


def _make(folder: Path, incidents: int) -> str:
    with tempfile.TemporaryDirectory(prefix="esafety-bulk-") as state:
        before = os.environ.get("ESAFETY_STATE")
        os.environ["ESAFETY_STATE"] = state
        try:
            people = demo.make(folder, min(TOLD, incidents))["people"]
            login = next(one["login"] for one in people if one["role"] == "designated-teacher")
            session = unlock(folder, login)
            try:
                _fill(session, incidents - min(TOLD, incidents), vast=incidents > WHOLE)
            finally:
                session.close()
            return str(login)
        finally:
            if before is None:
                del os.environ["ESAFETY_STATE"]
            else:
                os.environ["ESAFETY_STATE"] = before


@dataclass(frozen=True)
class Pattern:
    """A case that was told, up to the first thing that belongs to it alone."""

    entries: tuple[Entry, ...]
    pack_sha256: str

    @property
    def people(self) -> list[tuple[str, str]]:
        """(who, name) of everybody in it."""
        return [(str(e.data["who"]), str(e.data.get("name", ""))) for e in self.entries if "who" in e.data]


def _patterns(session: Session) -> list[Pattern]:
    found = []
    for stream in session.journal.streams():
        if stream.startswith(STREAM):
            told = list(itertools.takewhile(lambda entry: entry.kind not in _STOPS, session.journal.read(stream)))
            case = case_of(told)
            made = project(case, session.pack_of(case.pack_sha256))
            if len(told) > 3 and not any(row.id.startswith("attested") for row in made.due):
                found.append(Pattern(tuple(told), case.pack_sha256))
    return sorted(found, key=lambda pattern: len(pattern.entries))


def _fill(session: Session, incidents: int, vast: bool) -> None:
    patterns, rng = _patterns(session), random.Random(1)
    shortest = [one for one in patterns if len(one.entries) == len(patterns[0].entries)]
    together = TOGETHER_IN_A_VAST_ONE if vast else TOGETHER
    refs = _references(session, rng)
    journal = Journal(session.database, lambda *_: True)
    newest = datetime.now(UTC)
    oldest = newest - timedelta(days=365 * YEARS)
    done = 0
    while done < incidents:
        count = min(together, incidents - done)
        # The told cases are the newest by their numbers and the copies by theirs: the days follow the copies.
        at = oldest + (newest - oldest) * (done / max(incidents, 1))
        stamp = Stamp(f"{at:%Y-%m-%dT%H:%M:%S}.000Z", 0, session.person.id, computer=session.computer_id)
        chosen = [rng.choice(shortest if vast and rng.random() < EVERYDAY else patterns) for _ in range(count)]
        drawn = {id(pattern): _drawn(session, pattern, stamp) for pattern in {id(one): one for one in chosen}.values()}
        journal.append_many([_copy(pattern, drawn[id(pattern)], stamp, next(refs), rng) for pattern in chosen], stamp)
        done += count
        if done % (together * 40) == 0:
            say(f"  {done:,}")


def _drawn(session: Session, pattern: Pattern, stamp: Stamp) -> Projection:
    """What the log would keep of the case as told, had it been told at that time."""
    happened = _before(stamp)
    entries = [
        replace(e, at=stamp.at, off=0, by=stamp.by, witness=None, proof="none", clockback=False, late=False,
                happened=happened if e.happened else None, hoff=0 if e.happened else None)
        for e in pattern.entries
    ]  # fmt: skip
    return project(case_of(entries), session.pack_of(pattern.pack_sha256))


def _before(stamp: Stamp) -> str:
    at = datetime.fromisoformat(stamp.at.replace("Z", "+00:00")) - timedelta(hours=3)
    return f"{at:%Y-%m-%dT%H:%M:%S}.000Z"


def _references(session: Session, rng: random.Random) -> Iterator[str]:
    """References that are drawn as the desk draws them, none twice."""
    given = {stream.removeprefix(STREAM) for stream in session.journal.streams()}
    while True:
        ref = reference.make([rng.randrange(len(reference.ALPHABET)) for _ in range(reference.LENGTH)])
        if ref not in given:
            given.add(ref)
            yield ref


def _copy(pattern: Pattern, drawn: Projection, stamp: Stamp, ref: str, rng: random.Random) -> Part:
    assert drawn.incident is not None
    told = drawn.incident.ref
    others = {told: ref}
    for who, name in pattern.people:
        new = f"{rng.choice(_FIRST)} {rng.choice(_LAST)}"
        others |= {who: "w" + new.replace(" ", "-").casefold(), **({name: new} if name else {})}
    happened = (_before(stamp), 0)
    drafts = [Draft(e.kind, _renamed(e.data, others), e.pv, happened if e.happened else None) for e in pattern.entries]
    return Part(STREAM + ref, drafts, 0, _redrawn(drawn, ref, others))


def _redrawn(drawn: Projection, ref: str, others: dict[str, str]) -> Projection:
    assert drawn.incident is not None
    row = replace(drawn.incident, ref=ref, title=_said(drawn.incident.title, others))
    people = tuple(replace(one, who=others.get(one.who, one.who), name=others.get(one.name, one.name))
                   for one in drawn.people)  # fmt: skip
    due = tuple(DueRow(one.id, _said(one.what, others), one.owner, one.due, ref) for one in drawn.due)
    return Projection(row, people, due, _said(drawn.text, others))


def _renamed(data: dict[str, Any], others: dict[str, str]) -> dict[str, Any]:
    return {key: _said(value, others) if isinstance(value, str) else value for key, value in data.items()}


def _said(text: str, others: dict[str, str]) -> str:
    for old, new in others.items():
        if old in text:
            text = text.replace(old, new)
    return text


def differing(session: Session, most: int = 50) -> list[str]:
    """References of copies whose rows are not those that the desk itself would make of their entries."""
    found = []
    for stream in _newest(session, most):
        case = case_of(session.journal.read(stream))
        made = project(case, session.pack_of(case.pack_sha256))
        row = session.browse.incident(session.reader, case.ref)
        assert made.incident is not None
        people: tuple[PersonRow, ...] = made.people
        if row is None or (not row.reduced and (row.title, row.next_due, row.people) != (
            made.incident.title, made.incident.next_due, people
        )):  # fmt: skip
            found.append(case.ref)
    return found


def _newest(session: Session, most: int) -> Iterator[str]:
    with session.database.reading() as connection:
        query = "SELECT stream FROM incident ORDER BY id DESC LIMIT ?"
        yield from connection.exec_driver_sql(query, (most,)).scalars().all()
