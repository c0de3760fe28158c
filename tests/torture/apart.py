"""What has to hold of the cases of a log that are kept apart, whatever was done to it."""

from __future__ import annotations

from esafety_tui.desk.compartments import checking
from esafety_tui.desk.session import Session
from esafety_tui.store import enclosed, rows_check
from tests.desk.made_school import do


def sound(session: Session, absent: frozenset[str]) -> None:
    """Every page and entry of each that is open, the heads that the log has of it, its files; the others are there."""
    found = checking.check(session, absent, None, None)
    wrong = [one for one in found.findings if not one.left_over]  # what an intake left has no key, and is no part
    assert wrong == [], wrong
    for room in session.compartments.all():
        with room.database.reading() as connection:
            assert connection.exec_driver_sql("PRAGMA cipher_integrity_check").fetchall() == []
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        assert list(rows_check.check(room.database, "incident/")) == []


def tidy(session: Session) -> None:
    """In a log that may be written: folders of those alone that are in force, one file in each, every entry anchored;
    each goes on."""
    assert not [line for line in session.warnings if "apart" in line], session.warnings
    there = {path.name: path for path in (session.home / enclosed.FOLDER).glob("*")}
    known = {id: one for id, one in session.register.compartments.items() if not one.disposed}
    assert set(there) == set(known), "folders of cases that no entry names, or the other way round"
    for id, folder in there.items():
        logs = [path.name for path in folder.glob("log-*.db")]
        assert logs == [f"log-{known[id].generation}.db"], f"{id[:6]}: {logs}"
    for room in session.compartments.all():
        ref = room.stream.removeprefix("incident/")
        seq = room.journal.head()[0]
        assert known[room.id].anchors[-1].seq == seq, "not anchored"
        do(session, ref, "note", "add", text="It goes on")
        assert room.journal.head()[0] > seq
        assert session.register.compartments[room.id].anchors[-1].seq == room.journal.head()[0]
