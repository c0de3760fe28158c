"""Two copies of one log: how far they are the same, and where they part."""

from __future__ import annotations

from dataclasses import dataclass

from esafety_tui.store.database import Database
from esafety_tui.store.journal import Journal


@dataclass(frozen=True)
class Parting:
    """common: the last entry that both hold; here, there: the last entry of each.

    first: the first entry that differs, None where one is the beginning of the other. A chain value stands for every
    entry before it, so this holds where both journals hold together in themselves (verify).
    """

    common: int
    here: int
    there: int

    @property
    def first(self) -> int | None:
        """The number of the first entry that is not the same in both."""
        return self.common + 1 if self.common < min(self.here, self.there) else None


def parting(here: Database, there: Database) -> Parting:
    """Where two open copies of one log part. Reads a handful of entries of each, however long they are."""
    mine, theirs = Journal(here), Journal(there)
    last_here, last_there = mine.head()[0], theirs.head()[0]
    low, high = here.base, min(last_here, last_there)
    if mine.chain_at(low) != theirs.chain_at(there.base):
        return Parting(0, last_here, last_there)
    while low < high:
        middle = (low + high + 1) // 2
        value = mine.chain_at(middle)
        if value is not None and value == theirs.chain_at(middle):
            low = middle
        else:
            high = middle - 1
    return Parting(low, last_here, last_there)


def counts(database: Database) -> tuple[int, int, int, int, int]:
    """What a log holds, in numbers alone: incidents, those not closed, evidence files, sealed ones, people they are
    about."""
    asked = (
        "SELECT count(*) FROM incident",
        "SELECT count(*) FROM incident WHERE status <> 'closed'",
        "SELECT count(*) FROM evidence_key",
        "SELECT count(*) FROM evidence_key WHERE state = 'sealed'",
        "SELECT count(DISTINCT who) FROM incident_person",
    )
    with database.reading() as connection:
        first, second, third, fourth, fifth = (int(connection.exec_driver_sql(one).scalar() or 0) for one in asked)
    return first, second, third, fourth, fifth


def evidence_ids(database: Database) -> frozenset[str]:
    """The ids of all evidence files that a log has a key for."""
    with database.reading() as connection:
        return frozenset(str(row[0]) for row in connection.exec_driver_sql("SELECT id FROM evidence_key").fetchall())
