"""The journal: what is added, how it hangs together, and what is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from esafety_tui.record import canonical, chain
from esafety_tui.store.database import Database
from esafety_tui.store.drafts import Drafts
from esafety_tui.store.journal import Draft, Journal, Part, Stamp
from esafety_tui.store.troubles import StreamMoved
from esafety_tui.vault import heads
from tests.store.made_log import EPOCH, VAULT, draft, fill, incident, stamp


def test_an_entry_comes_back_as_it_was_given(journal: Journal) -> None:
    made = Draft("reported", {"how": "told", "n": 3}, pv=2, happened=("2026-11-21T15:00:00.000Z", 60), late=True)
    by = Stamp("2026-11-22T09:14:03.123Z", 0, "lead-1", "second-1", "proven", "pc-1")
    (written,) = journal.append("incident/A", [made], by, after=0)
    assert journal.read("incident/A") == [written]
    assert (written.seq, written.n, written.kind, written.pv, written.data) == (1, 1, "reported", 2, made.data)
    assert (written.happened, written.hoff, written.late) == ("2026-11-21T15:00:00.000Z", 60, True)
    assert (written.by, written.witness, written.proof, written.computer) == ("lead-1", "second-1", "proven", "pc-1")


def test_each_entry_follows_from_the_one_before(journal: Journal, log: Database) -> None:
    written = fill(journal, 7, streams=3)
    value = chain.genesis(VAULT, EPOCH)
    with log.reading() as connection:
        rows = connection.exec_driver_sql("SELECT seq, salt, bytes FROM record ORDER BY seq").fetchall()
    for entry, (seq, salt, record) in zip(written, rows, strict=True):
        value = chain.link(value, seq, chain.leaf(salt, record))
        assert (entry.seq, entry.chain) == (seq, value)
    assert journal.head() == (7, value)
    assert len({row[1] for row in rows}) == 7  # a salt of its own each


def test_the_record_has_the_header_that_the_format_names(journal: Journal, log: Database) -> None:
    journal.append("incident/A", [draft("noted", text="Übung")], stamp(3), after=0)
    with log.reading() as connection:
        record = connection.exec_driver_sql("SELECT bytes FROM record").scalar_one()
    assert canonical.decode(record, strict=True) == {
        "v": 1,
        "seq": 1,
        "stream": "incident/A",
        "kind": "noted",
        "pv": 1,
        "at": stamp(3).at,
        "off": 0,
        "happened": None,
        "hoff": None,
        "by": "lead-1",
        "witness": None,
        "proof": "none",
        "computer": "pc-1",
        "late": False,
        "clockback": False,
        "data": {"text": "Übung"},
    }


def test_an_empty_journal_begins_at_genesis(journal: Journal) -> None:
    assert journal.head() == (0, chain.genesis(VAULT, EPOCH))
    assert (journal.read("incident/A"), journal.since(0), journal.streams()) == ([], [], [])


@pytest.mark.parametrize("after", [0, 1, 3])
def test_a_stream_that_moved_is_refused_and_nothing_is_written(journal: Journal, after: int) -> None:
    fill(journal, 2, streams=1)
    with pytest.raises(StreamMoved) as told:
        journal.append("incident/0", [draft()], stamp(9), after, incident())
    assert told.value.exit_code == 5
    assert journal.head()[0] == 2


def test_two_streams_are_written_together_or_not_at_all(journal: Journal) -> None:
    both = [Part("incident/A", [draft()], 0, incident()), Part("register", [draft("left"), draft("left")], 0)]
    written = journal.append_many(both, stamp())
    assert [[entry.seq for entry in part] for part in written] == [[1], [2, 3]]
    with pytest.raises(StreamMoved):
        journal.append_many([Part("incident/B", [draft()], 0), Part("register", [draft()], 9)], stamp(1))
    assert (journal.head()[0], journal.streams()) == (3, ["incident/A", "register"])


def test_a_long_stream_is_read_whole_and_in_order(journal: Journal) -> None:
    journal.append("incident/A", [draft(i=i) for i in range(1203)], stamp(), 0)
    assert [entry.data["i"] for entry in journal.read("incident/A")] == list(range(1203))
    assert journal.count("incident/A") == 1203
    assert len(journal.since(0, 10_000)) == 500
    assert [entry.seq for entry in journal.since(1200)] == [1201, 1202, 1203]


def test_a_clock_that_went_back_is_marked(journal: Journal) -> None:
    marks = [
        journal.append("incident/A", [draft()], stamp(minute), after)[0].clockback
        for after, minute in enumerate((10, 11, 5, 6, 11, 12))
    ]
    assert marks == [False, False, True, True, False, False]


def test_the_head_is_kept_outside_after_each_commit(journal: Journal) -> None:
    fill(journal, 3)
    (head,) = heads.read_heads(VAULT)
    assert (head.seq, head.chain) == journal.head()
    assert journal.head_kept


def test_a_head_that_cannot_be_kept_does_not_lose_the_entry(log: Database) -> None:
    journal = Journal(log, write_head=lambda vault, seq, value: False)
    journal.append("incident/A", [draft()], stamp(), 0)
    assert journal.head()[0] == 1
    assert not journal.head_kept


def test_the_projection_may_be_made_from_what_was_written(journal: Journal, log: Database) -> None:
    journal.append("incident/A", [draft()], stamp(), 0, lambda entries: incident(title=f"entry {entries[0].seq}"))
    with log.reading() as connection:
        assert connection.exec_driver_sql("SELECT title, last_seq FROM incident").one() == ("entry 1", 1)


def test_a_draft_goes_with_the_answer_that_confirms_it(journal: Journal, log: Database) -> None:
    drafts = Drafts(log)
    drafts.save("incident/A:told", {"words": "half a sent"}, "2026-11-22T09:00:00.000Z")
    with pytest.raises(StreamMoved):
        journal.append("incident/A", [draft()], stamp(), 5, clear_draft="incident/A:told")
    assert drafts.load("incident/A:told") == {"words": "half a sent"}
    journal.append("incident/A", [draft()], stamp(), 0, clear_draft="incident/A:told")
    assert drafts.load("incident/A:told") is None


def test_it_is_all_there_after_closing(journal: Journal, log: Database, reopen: Callable[[], Database]) -> None:
    written = fill(journal, 5)
    log.close()
    assert Journal(reopen()).since(0) == written


@pytest.mark.parametrize("bad", [{"x": 1.5}, {"x": "\ud800"}, {"x": 2**60}])
def test_what_has_no_canonical_form_is_refused_and_the_log_goes_on(journal: Journal, bad: dict[str, object]) -> None:
    with pytest.raises(canonical.CanonicalError):
        journal.append("incident/A", [draft(), Draft("noted", bad)], stamp(), 0)
    assert journal.append("incident/A", [draft()], stamp(), 0)[0].seq == 1


@pytest.mark.parametrize("at", ["", "2026-11-22", "2026-11-22T09:14:03Z", "2026-11-22T09:14:03.123+00:00"])
def test_a_time_that_cannot_be_compared_is_a_fault_of_the_program(at: str) -> None:
    with pytest.raises(ValueError, match="UTC"):
        Stamp(at, 0, "lead-1")


def test_names_are_not_in_the_text_of_an_entry(journal: Journal) -> None:
    (entry,) = journal.append("incident/A", [draft(name="Jamie Weir")], stamp(), 0)
    assert "Weir" not in repr(entry)
