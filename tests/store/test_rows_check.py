"""Rows of the log that are older than the entries they show are found, and cases without a row."""

from __future__ import annotations

import pytest

from esafety_tui.store import rows_check, sides
from esafety_tui.store.database import Database
from esafety_tui.store.journal import Journal
from esafety_tui.store.projection import DueRow, Projection
from tests.store.made_log import draft, incident, stamp


def test_an_older_row_and_a_missing_one_are_found(journal: Journal, log: Database) -> None:
    journal.append("incident/A", [draft()], stamp(), 0, incident("K7Q-2M"))
    journal.append("incident/A", [draft()], stamp(), 1, incident("K7Q-2M"))
    assert list(rows_check.check(log, "incident/")) == []
    with log.writing() as connection:
        connection.exec_driver_sql("UPDATE incident SET last_seq = 1")
    ((seq, text),) = rows_check.check(log, "incident/")
    assert seq == 2
    assert "K7Q-2M" in text
    with log.writing() as connection:
        connection.exec_driver_sql("DELETE FROM incident")
    assert [seq for seq, _ in rows_check.check(log, "incident/")] == [1]


def _whole(journal: Journal, log: Database) -> None:
    journal.append("incident/A", [draft()], stamp(), 0, incident("K7Q-2M", excluded=("pat",)))
    journal.append("incident/B", [draft()], stamp(), 0, incident("B7Q-2M"))
    assert list(rows_check.check(log, "incident/")) == []


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM incident_excluded", "UPDATE incident_excluded SET person = 'val'", "DELETE FROM due",
        "UPDATE due SET due = '2026-11-01'", "DELETE FROM incident_person", "UPDATE incident_person SET who = 'w2'",
        "INSERT INTO incident_excluded SELECT max(id), 'pat' FROM incident",
    ],
)  # fmt: skip
def test_rows_beside_a_case_that_are_of_another_time_are_found(journal: Journal, log: Database, change: str) -> None:
    """What a page of an older copy that fits its place comes to."""
    _whole(journal, log)
    with log.writing() as connection:
        connection.exec_driver_sql(change)
    found = list(rows_check.check(log, "incident/"))
    assert found
    assert all("an older part was put back" in text for _, text in found)


def test_a_count_of_another_time_is_found(journal: Journal, log: Database) -> None:
    _whole(journal, log)
    with log.writing() as connection:
        connection.exec_driver_sql("UPDATE tally SET count = count + 1")
    ((seq, text),) = rows_check.check(log, "incident/")
    assert (seq, "counts" in text) == (None, True)


def test_what_is_due_in_the_register_is_compared_with_its_entries(journal: Journal, log: Database) -> None:
    row = ("setup", "Set the school up", "", "", "")
    journal.append("register", [draft()], stamp(), 0, Projection(None, (), (DueRow(*row),)))
    assert list(rows_check.check_due(log, "register", [row])) == []
    assert [seq for seq, _ in rows_check.check_due(log, "register", [])] == [1]
    assert list(rows_check.check_due(log, "nothing", [])) == []


def test_more_cases_than_a_page(journal: Journal, log: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sides, "PAGE", 3)
    for n in range(8):
        journal.append(f"incident/{n}", [draft()], stamp(), 0, incident(f"R{n}", excluded=(f"p{n}",)))
    assert list(sides.others(log)) == []
    with log.writing() as connection:
        connection.exec_driver_sql("UPDATE incident_excluded SET person = 'x' WHERE person IN ('p2', 'p7')")
    assert [ref for ref, _ in sides.others(log)] == ["R2", "R7"]
