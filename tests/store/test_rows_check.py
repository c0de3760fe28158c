"""Rows of the log that are older than the entries they show are found, and cases without a row."""

from __future__ import annotations

from esafety_tui.store import rows_check
from esafety_tui.store.database import Database
from esafety_tui.store.journal import Journal
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
