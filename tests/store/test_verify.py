"""The check of the whole log: what was changed, taken, added, swapped, cut off or put back is found, and named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from esafety_tui.record import canonical, chain, words
from esafety_tui.store import verify
from esafety_tui.store.database import Database
from esafety_tui.store.journal import Journal
from esafety_tui.vault import heads
from tests.store.made_log import CHEAP, EPOCH, KEY, VAULT, check, draft, fill, fresh, raw, stamp

ENTRIES = 8


def test_a_sound_log_is_vouched_for(journal: Journal, log: Database) -> None:
    fill(journal, 200, streams=5)
    journal.append("incident/0", [draft() for _ in range(1003)], stamp(200), 40)
    pages: list[tuple[int, int]] = []
    report = check(
        log, heads=heads.read_heads(VAULT), anchored=1200, progress=lambda *done: pages.append((done[0], done[1]))
    )
    seq, value = journal.head()
    assert (report.ok, report.findings, report.first_bad, report.entries) == (True, [], None, 1203)
    assert (report.epoch, report.head, report.tombstones) == (EPOCH.hex(), value.hex(), 0)
    assert report.words == f"{seq} {words.head_words(value, VAULT, CHEAP)}"
    assert report.anchored == (1200, 3)
    assert pages == [(500, 1203), (1000, 1203), (1203, 1203)]
    assert verify.verify_tail(log, heads.read_heads(VAULT)) == []


def test_an_empty_log_is_sound(log: Database) -> None:
    report = check(log)
    assert (report.ok, report.entries, report.head) == (True, 0, chain.genesis(VAULT, EPOCH).hex())
    assert verify.verify_tail(log, []) == []


@dataclass(frozen=True)
class Hand:
    """A change by somebody with the key: statements, and the entry that must be named as the first bad one."""

    name: str
    do: Callable[[Any, int, int], int]


def _run(hands: Any, statement: str, *values: object) -> None:
    assert hands.execute(statement, values).rowcount != 0, "the change changed nothing"


def _swap(table: str, columns: tuple[str, ...]) -> Callable[[Any, int, int], int]:
    def do(hands: Any, at: int, other: int) -> int:
        names, places = ", ".join(columns), ", ".join(f"{column} = ?" for column in columns)
        one, two = (hands.execute(f"SELECT {names} FROM {table} WHERE seq = ?", (s,)).fetchone() for s in (at, other))  # noqa: S608
        for seq, values in ((at, two), (other, one)):
            hands.execute(f"UPDATE {table} SET {places} WHERE seq = ?", (*values, seq))  # noqa: S608
        return min(at, other)

    return do


def _swap_places(hands: Any, at: int, other: int) -> int:
    other = at + 2 if at + 2 <= ENTRIES else at - 2  # the same stream
    one, two = (hands.execute("SELECT n FROM listing WHERE seq = ?", (s,)).fetchone()[0] for s in (at, other))
    hands.execute("UPDATE listing SET n = -1 WHERE seq = ?", (at,))
    hands.execute("UPDATE listing SET n = ? WHERE seq = ?", (one, other))
    hands.execute("UPDATE listing SET n = ? WHERE seq = ?", (two, at))
    return min(at, other)


def _set(statement: str, *values: object) -> Callable[[Any, int, int], int]:
    def do(hands: Any, at: int, other: int) -> int:
        _run(hands, statement, *values, at)
        return at

    return do


def _take(*tables: str) -> Callable[[Any, int, int], int]:
    def do(hands: Any, at: int, other: int) -> int:
        for table in tables:
            _run(hands, f"DELETE FROM {table} WHERE seq = ?", at)  # noqa: S608
        return at

    return do


def _edit(hands: Any, at: int, other: int) -> int:
    """One letter of a record, the kind that changes what happened."""
    record = bytes(hands.execute("SELECT bytes FROM record WHERE seq = ?", (at,)).fetchone()[0])
    _run(hands, "UPDATE record SET bytes = ? WHERE seq = ?", record.replace(b"note", b"nope"), at)
    return at


def _edit_with_leaf(hands: Any, at: int, other: int) -> int:
    """The record and its leaf together, as one would who knows the format but not the chain."""
    salt, record = hands.execute("SELECT salt, bytes FROM record WHERE seq = ?", (at,)).fetchone()
    record = bytes(record).replace(b"note", b"nope")
    _run(hands, "UPDATE record SET bytes = ? WHERE seq = ?", record, at)
    _run(hands, "UPDATE entry SET leaf = ? WHERE seq = ?", chain.leaf(bytes(salt), record), at)
    return at


def _insert(hands: Any, at: int, other: int) -> int:
    """An entry slipped in: those after it move up by one."""
    for table in ("entry", "record", "listing"):
        hands.execute(f"UPDATE {table} SET seq = -(seq + 1) WHERE seq >= ?", (at,))  # noqa: S608
        hands.execute(f"UPDATE {table} SET seq = -seq WHERE seq < 0")  # noqa: S608
    record = canonical.encode({"v": 1, "seq": at, "data": {}})
    hands.execute("INSERT INTO record VALUES (?, zeroblob(32), ?)", (at, record))
    hands.execute("INSERT INTO entry VALUES (?, ?, zeroblob(32))", (at, chain.leaf(bytes(chain.SALT_BYTES), record)))
    hands.execute("INSERT INTO listing VALUES (?, 'new', 1, 'k', 'at', NULL, 'x')", (at,))
    return at


def _append(hands: Any, at: int, other: int) -> int:
    """An entry added at the end by other means."""
    hands.execute("INSERT INTO entry VALUES (?, zeroblob(32), zeroblob(32))", (ENTRIES + 1,))
    return ENTRIES + 1


HANDS = [
    Hand("a record edited", _edit),
    Hand("a record edited with its leaf", _edit_with_leaf),
    Hand("a salt changed", _set("UPDATE record SET salt = zeroblob(32) WHERE seq = ?")),
    Hand("a leaf changed", _set("UPDATE entry SET leaf = zeroblob(32) WHERE seq = ?")),
    Hand("a chain value changed", _set("UPDATE entry SET chain = zeroblob(32) WHERE seq = ?")),
    Hand("a record taken", _take("record")),
    Hand("an entry taken, its record left", _take("entry")),
    Hand("an entry taken whole", _take("listing", "record", "entry")),
    Hand("a copy taken", _take("listing")),
    Hand("two entries swapped", _swap("entry", ("leaf", "chain"))),
    Hand("two leaves swapped", _swap("entry", ("leaf",))),
    Hand("two records swapped", _swap("record", ("salt", "bytes"))),
    Hand("two records swapped without their salts", _swap("record", ("bytes",))),
    Hand("a kind changed", _set("UPDATE listing SET kind = 'x' WHERE seq = ?")),
    Hand("a time changed", _set("UPDATE listing SET at = ? WHERE seq = ?", "2020-01-01T00:00:00.000Z")),
    Hand("an author changed", _set('UPDATE listing SET "by" = ? WHERE seq = ?', "somebody")),
    Hand("a time of event added", _set("UPDATE listing SET happened = at WHERE seq = ?")),
    Hand("a stream changed", _set("UPDATE listing SET stream = 'other', n = 1 WHERE seq = ?")),
    Hand("two places swapped", _swap_places),
    Hand("a kind that is no text", _set("UPDATE listing SET kind = CAST(x'ff' AS TEXT) WHERE seq = ?")),
    Hand("marked as disposed of", _set("INSERT INTO disposal(by_entry, seq) VALUES (1, ?)")),
    Hand("an entry slipped in", _insert),
    Hand("an entry added", _append),
]


@settings(max_examples=60)
@given(st.sampled_from(HANDS), st.integers(1, ENTRIES), st.integers(1, ENTRIES))
def test_any_single_change_is_found_and_its_entry_named(hand: Hand, at: int, other: int) -> None:
    if at == other:
        other = at % ENTRIES + 1
    _damage_and_check(hand, at, other)


@pytest.mark.parametrize("hand", HANDS, ids=lambda hand: hand.name)
@pytest.mark.parametrize(("at", "other"), [(1, ENTRIES), (4, 5), (ENTRIES, 2)])
def test_each_kind_of_change_is_found(hand: Hand, at: int, other: int) -> None:
    _damage_and_check(hand, at, other)


def _damage_and_check(hand: Hand, at: int, other: int) -> None:
    with fresh() as log:
        journal = Journal(log)
        fill(journal, ENTRIES)
        kept = heads.read_heads(VAULT)
        heads.head_file(VAULT).unlink()
        with raw(log.path) as hands:
            first = hand.do(hands, at, other)
        report = check(log, heads=kept)
        assert not report.ok
        assert report.first_bad == first, report.findings
        assert all(finding.text for finding in report.findings)


@settings(max_examples=30)
@given(st.integers(0, ENTRIES - 1))
def test_a_log_cut_off_is_found_by_the_head_kept_outside(left: int) -> None:
    with fresh() as log:
        fill(Journal(log), ENTRIES)
        kept = heads.read_heads(VAULT)
        heads.head_file(VAULT).unlink()
        with raw(log.path) as hands:
            for table in ("listing", "record", "entry"):
                hands.execute(f"DELETE FROM {table} WHERE seq > ?", (left,))  # noqa: S608
        assert check(log).ok  # from inside nothing is missing
        report = check(log, heads=kept)
        assert (report.ok, report.first_bad, report.entries) == (False, left + 1, left)
        assert [finding.seq for finding in verify.verify_tail(log, kept)] == [left + 1]


@settings(max_examples=40)
@given(st.data())
def test_any_bit_of_any_kept_value_matters(data: st.DataObject) -> None:
    with fresh() as log:
        fill(Journal(log), 4)
        kept = [("entry", "leaf"), ("entry", "chain"), ("record", "salt"), ("record", "bytes")]
        table, column = data.draw(st.sampled_from(kept))
        seq = data.draw(st.integers(1, 4))
        with raw(log.path) as hands:
            query = f'SELECT "{column}" FROM {table} WHERE seq = ?'  # noqa: S608
            value = bytearray(hands.execute(query, (seq,)).fetchone()[0])
            bit = data.draw(st.integers(0, len(value) * 8 - 1))
            value[bit // 8] ^= 1 << bit % 8
            hands.execute(f'UPDATE {table} SET "{column}" = ? WHERE seq = ?', (bytes(value), seq))  # noqa: S608
        report = check(log)
        assert (report.ok, report.first_bad) == (False, seq)


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TRIGGER entry_no_delete",
        "CREATE TRIGGER quiet AFTER INSERT ON entry BEGIN DELETE FROM draft; END",
        "CREATE TABLE extra(x)",
        "ALTER TABLE draft ADD COLUMN x",
        "DROP INDEX listing_at",
        "CREATE VIEW v AS SELECT 1",
    ],
)
def test_guards_and_tables_changed_from_outside_are_found(
    journal: Journal, log: Database, path: Path, statement: str
) -> None:
    from esafety_tui.store import recipe

    fill(journal, 2)
    bare = recipe.connect(path, KEY)
    bare.execute(statement)
    bare.close()
    report = check(log)
    assert (report.ok, report.first_bad) == (False, None)
    assert "guards" in report.findings[0].text


def test_a_disposal_leaves_a_chain_that_verifies(journal: Journal, log: Database, path: Path) -> None:
    fill(journal, 6)
    ordered = journal.append("register", [draft("disposed", disposes=[[2, 2], [4, 6]])], stamp(9), 0)[0]
    with raw(path) as hands:
        for seq in (2, 4, 6):
            hands.execute("INSERT INTO disposal VALUES (?, ?)", (seq, ordered.seq))
            hands.execute("DELETE FROM record WHERE seq = ?", (seq,))
            hands.execute("DELETE FROM listing WHERE seq = ?", (seq,))
    report = check(log, heads=heads.read_heads(VAULT))
    assert (report.ok, report.findings, report.tombstones) == (True, [], 3)
    assert [entry.kind for entry in journal.since(0)] == ["noted", "disposed"] * 3 + ["disposed"]
    assert journal.read("incident/1") == []


def test_a_head_of_the_beginning_is_a_head(journal: Journal, log: Database) -> None:
    fill(journal, 2)
    assert check(log, heads=[heads.SeenHead(0, chain.genesis(VAULT, EPOCH), "")]).ok
    other = check(log, heads=[heads.SeenHead(0, bytes(32), "")])
    assert (other.ok, other.first_bad) == (False, 0)


def test_a_check_can_be_stopped(journal: Journal, log: Database) -> None:
    fill(journal, 3)

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check(log, progress=stop)
    assert check(log).ok


@example(steps=[1])
@settings(max_examples=10)
@given(steps=st.lists(st.integers(1, 3), min_size=1, max_size=6))
def test_whatever_is_written_verifies_with_every_head_ever_shown(steps: list[int]) -> None:
    with fresh() as log:
        journal = Journal(log)
        shown = [heads.SeenHead(*journal.head(), at="")]
        for after, count in enumerate(steps):
            journal.append(f"incident/{after}", [draft() for _ in range(count)], stamp(), 0)
            shown.append(heads.SeenHead(*journal.head(), at=""))
        assert check(log, heads=shown).ok
        assert verify.verify_tail(log, shown) == []
        heads.head_file(VAULT).unlink(missing_ok=True)
