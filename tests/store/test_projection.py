"""Projections: only what changed is written, and everything can be thrown away and made again."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import TableClause

from esafety_tui.store import columns, projection, search
from esafety_tui.store.browse import Browse
from esafety_tui.store.database import Database
from esafety_tui.store.journal import Draft, Entry, Journal
from esafety_tui.store.projection import DueRow, IncidentRow, PersonRow, Projection
from tests.store.made_log import LEADER, draft, fresh, incident, stamp

TABLES = ("incident", "incident_person", "incident_excluded", "due")


def fold(stream: str, entries: list[Entry]) -> Projection | None:
    """A small school of its own: the newest value of each field, every person, every due item still open."""
    if stream == "silent":
        return None
    told: dict[str, Any] = {}
    people, due, text = [], {}, []
    for entry in entries:
        told |= {key: value for key, value in entry.data.items() if key in ("status", "title")}
        if "name" in entry.data:
            people.append(PersonRow(f"P{entry.n}", entry.data["name"], "pupil", "subject", entry.data["name"], ""))
        if "due" in entry.data:
            due[f"d{entry.n}"] = DueRow(f"d{entry.n}", "Ring", "lead-1", entry.data["due"], stream)
        if entry.data.get("done"):
            due.clear()
        text.append(str(entry.data.get("text", "")))
    if stream == "register":
        return Projection(due=tuple(due.values()))
    row = IncidentRow(stream, entries[0].at, excluded=("x",) if told.get("status") == "halted" else (), **told)
    return Projection(row, tuple(people), tuple(due.values()), " ".join(text))


def rows(log: Database) -> dict[str, list[Any]]:
    """All that is projected, and what the search index finds."""
    found: dict[str, list[Any]] = {}
    with log.reading() as connection:
        for table in TABLES:
            found[table] = sorted(map(tuple, connection.exec_driver_sql(f"SELECT * FROM {table}").fetchall()))  # noqa: S608
        for word in ("alpha", "beta", "gamma"):
            query = "SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid"
            found[word] = list(connection.exec_driver_sql(query, (word,)).scalars().all())
    return found


payloads = st.fixed_dictionaries(
    {},
    optional={
        "status": st.sampled_from(["open", "halted", "closed"]),
        "title": st.sampled_from(["one", "two"]),
        "name": st.sampled_from(["Ann Ash", "Bob Birch"]),
        "due": st.sampled_from(["2026-12-01", "2026-12-02"]),
        "done": st.booleans(),
        "text": st.sampled_from(["alpha", "beta gamma", "alpha"]),
    },
)


@settings(max_examples=40)
@given(st.lists(st.tuples(st.sampled_from(["A", "B", "register", "silent"]), payloads), min_size=1, max_size=12))
def test_rebuilding_gives_what_was_kept_live(steps: list[Any]) -> None:
    with fresh() as log:
        journal = Journal(log)
        for stream, data in steps:
            seen = journal.read(stream)

            def make(new: list[Entry], stream: str = stream, seen: list[Entry] = seen) -> Projection | None:
                return fold(stream, seen + new)

            journal.append(stream, [Draft("told", data)], stamp(), len(seen), make)
        live = rows(log)
        assert projection.rebuild(journal, fold) == len(journal.streams())
        assert rows(log) == live


def test_a_rebuild_that_fails_leaves_everything(journal: Journal, log: Database) -> None:
    journal.append("A", [draft()], stamp(), 0, incident())
    live = rows(log)

    def broken(stream: str, entries: list[Entry]) -> Projection:
        raise KeyError(stream)

    with pytest.raises(KeyError):
        projection.rebuild(journal, broken)
    assert rows(log) == live


def test_an_answer_that_changes_no_words_leaves_the_index_alone(journal: Journal, log: Database) -> None:
    journal.append("A", [draft()], stamp(), 0, incident(step="R1"))
    with log.reading() as connection:
        before = connection.exec_driver_sql("SELECT count(*) FROM words_idx").scalar()
    for i in range(5):
        journal.append("A", [draft()], stamp(), i + 1, incident(step=f"R{i}"))
    with log.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM words_idx").scalar() == before
    assert Browse(log).incidents(LEADER)[0].step == "R4"


def segments(log: Database) -> int:
    """How many pieces the search index is in: each costs every search a little."""
    with log.reading() as connection:
        return int(connection.exec_driver_sql("SELECT count(DISTINCT segid) FROM words_idx").scalar_one())


def test_tidying_changes_no_answer_and_a_purge_leaves_nothing_behind(journal: Journal, log: Database) -> None:
    for i in range(40):
        journal.append("A", [draft()], stamp(), i, incident(text=f"canary{i} word"))
    before = segments(log)
    search.tidy(log)
    assert segments(log) < before
    with log.writing() as connection:
        search.purge(connection)
    with log.reading() as connection:
        blocks = b"".join(connection.exec_driver_sql("SELECT block FROM words_data").scalars().all())
    assert b"anary38" not in blocks
    assert Browse(log).incidents(LEADER, search="canary39")
    assert not Browse(log).incidents(LEADER, search="canary38")


def test_a_projection_without_entries_is_a_fault_of_the_program(log: Database) -> None:
    with pytest.raises(ValueError, match="without entries"), log.writing() as connection:
        projection.write(connection, "A", incident())


def test_the_names_for_queries_are_those_of_the_tables(log: Database) -> None:
    from esafety_tui.store.tables import TABLES as declared

    known = {model.__tablename__: model for model in declared}
    for clause in vars(columns).values():
        if isinstance(clause, TableClause) and clause.name != "words":
            table = getattr(known[clause.name], "__table__")  # noqa: B009
            assert list(clause.c.keys()) == [column.name for column in table.columns]


def test_opening_and_writing_do_not_load_sqlmodel() -> None:
    program = (
        "import sys, esafety_tui.store.journal, esafety_tui.store.browse, esafety_tui.store.verify;"
        "sys.exit('sqlmodel' in sys.modules or 'sqlalchemy.orm' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
