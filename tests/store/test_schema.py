"""The shape of the database, and the header read quickly out of a record."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esafety_tui.record import canonical
from esafety_tui.store import closed, database, header, links, projection, schema
from esafety_tui.store import journal as journals
from esafety_tui.store.database import Database
from esafety_tui.store.journal import Journal
from tests.store.made_log import EPOCH, KEY, VAULT, fill, make_old, raw

# Of schema version 1, for ever: logs already written have it. Where this fails after an update of SQLAlchemy, the
# fingerprint has to be made to come out the same; where a table was changed on purpose, the version goes up.
VERSION_1 = "6d8cabffd81c7cb4e79177deb1816d705b9e129f6502c37d50fc21e9a5b9bba5"
VERSION_2 = "8fe61ddec9b8ab0c5bb6fd76345725b88d53d897a231df08d5a2bd7530603f68"
VERSION_3 = "209bf165161e58ab7d0963d3102dc7d240eb8950cb7cb9b34f5b35fdd30b6917"
VERSION_4 = "61b0b08c850c2ab028c68f7faea90df22162756fd8ba209b1502093dd69aa965"


def test_the_fingerprints_are_those_of_every_log_already_written(log: Database) -> None:
    assert schema.VERSION == 4
    known = [VERSION_1, VERSION_2, VERSION_3, VERSION_4]
    assert [schema.expected(version).hex() for version in (1, 2, 3, 4)] == known
    with log.reading() as connection:
        assert schema.found(connection) == schema.expected()


@pytest.mark.parametrize("version", [1, 2, 3])
def test_a_log_of_an_earlier_version_is_as_this_one_afterwards_and_keeps_every_entry(
    path: Path, log: Database, journal: Journal, version: int
) -> None:
    written = fill(journal, 5)
    log.close()
    with raw(path) as hands:
        make_old(hands, version)
    again = database.open(path, KEY, VAULT, EPOCH)
    with again.reading() as connection:
        assert (schema.version(connection), schema.found(connection)) == (4, schema.expected())
    kinds = {entry.kind for entry in written}
    assert [entry.seq for kind in kinds for entry in Journal(again).of_kind(kind)] == [
        entry.seq for kind in kinds for entry in written if entry.kind == kind
    ]
    assert projection.stale(again) == (version < 3)
    again.close()


def test_entries_of_a_kind_are_found_by_it_and_those_of_a_case_by_their_case(log: Database) -> None:
    def plan(query: str, *values: object) -> str:
        with log.reading() as connection:
            return " ".join(str(row[3]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", values))

    assert "listing_kind (kind=? AND rowid>?)" in plan(journals._OF_KIND, "signed", 0, 500)
    assert "listing_kind" not in plan(links._ENTRIES, "incident/x")
    assert "listing_kind" not in plan(closed._NAMED, "[]")
    assert "listing_kind" not in plan(closed._CLOSED._sql, *(1 for _ in closed._CLOSED._names))
    assert "listing_kind" not in plan(journals.COLUMNS + journals._LATEST.format("?"), "signed", 9, 5)


TAIL = ',"happened":null,"hoff":null,"kind":"x","late":false,"off":0,"proof":"none","pv":1,"seq":9,"stream":"s","v":1,'
texts = st.text(max_size=12) | st.sampled_from(['"', "\\", '\\"', TAIL, TAIL + '"witness":null}', "é", "\x00", "null"])
headers = st.fixed_dictionaries(
    {
        "v": st.just(1),
        "seq": st.integers(1, 2**40),
        "stream": texts,
        "kind": texts,
        "pv": st.integers(1, 3),
        "at": texts,
        "off": st.integers(-720, 720),
        "happened": st.none() | texts,
        "hoff": st.none() | st.just(60),
        "by": texts,
        "witness": st.none() | texts,
        "proof": texts,
        "computer": texts,
        "late": st.booleans(),
        "clockback": st.booleans(),
        "data": st.dictionaries(texts, texts | st.none() | st.dictionaries(texts, texts, max_size=2), max_size=3),
    }
)
COPIED = ("seq", "stream", "kind", "at", "happened", "by")


@given(headers, st.sampled_from(COPIED), texts)
def test_the_quick_way_says_what_reading_the_whole_record_says(made: dict[str, Any], changed: str, other: str) -> None:
    try:
        record = canonical.encode(made)
    except canonical.CanonicalError:
        return  # keys that are one in NFC, half surrogates: never written
    whole: Any = canonical.decode(record)
    copies = {name: whole[name] for name in COPIED}
    assert header.agrees(record, **copies)
    copies[changed] = 7 if changed == "seq" else other
    assert header.agrees(record, **copies) == (copies[changed] == whole[changed])


def test_a_record_that_cannot_be_read_agrees_with_nothing() -> None:
    for record in (b"", b"{}", b"\xff" * 50, b'{"seq":1}', b"[]"):
        assert header.told(record) is None
        assert not header.agrees(record, 1, "s", "k", "t", None, "b")
