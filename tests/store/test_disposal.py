"""Disposal: whole streams go, no page of the file holds a word of them, and the chain verifies (R16)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from esafety_tui.errors import StoreError
from esafety_tui.store import database, disposal, rekey
from esafety_tui.store.browse import Browse
from esafety_tui.store.database import Database
from esafety_tui.store.disposal import Gone
from esafety_tui.store.drafts import Drafts
from esafety_tui.store.journal import Journal
from esafety_tui.store.search import tidy
from esafety_tui.vault import rekeying
from esafety_tui.vault.rekeying import NewKey
from tests.store import bare_pages, made_files
from tests.store.made_evidence import Kept, entry, found
from tests.store.made_log import LEADER, check, draft, incident, raw, stamp

NAME, WORD, TYPED = "Zebedee Quux", "xylocarp", "quokkafied"
CANARIES = ("zebedee", "quux", WORD, TYPED)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    home = found(tmp_path)
    yield home
    home.database.close()


def write_cases(kept: Kept, cases: int = 30, gone: int = 7, words: int = 400) -> None:
    """Cases in turn, so that their rows lie among each other; one of them holds the canaries, with long records."""
    for i in range(4):
        for case in range(cases):
            ours = case == gone
            text = f"{WORD} " * words if ours else f"plain words of {case} " * 30
            shown = incident(
                f"K{case:02d}", NAME if ours else f"Jamie Weir {case}", WORD * ours + f" case{case} note{i}",
                who=f"pupil-{case}",
            )  # fmt: skip
            kept.journal.append(f"incident/{case}", [draft(text=text, by=NAME * ours)], stamp(i), i, shown)
    Drafts(kept.database).save(f"K{gone:02d}/account", {"typed": TYPED})
    Drafts(kept.database).save("K08/account", {"typed": "half"})


def take_out(kept: Kept, *streams: str, **more: Any) -> tuple[Path, NewKey, int]:
    """Dispose of streams; gives the new file, which no header names yet, its key, and how many records went."""
    gone = Gone(streams, **more)
    made = rekeying.again(kept.home, kept.opened.data_key)
    copy = rekey.build(kept.database, kept.home, kept.opened.data_key, made)
    order = draft("ordered", disposes=disposal.entries(copy, streams))
    written = Journal(copy, lambda *_: True).append("register", [order], stamp(59), 0)[0]
    copy.close()
    path = kept.home / made.header.database
    count = disposal.take_out(path, made.data_key, gone, written.seq)
    disposal.sound(path, made.data_key, kept.database, (written.seq, written.chain), count)
    return path, made, count


def opened(kept: Kept, path: Path, made: NewKey) -> Database:
    return database.open(path, made.data_key, kept.database.vault_id, kept.database.header_epoch)


def test_no_page_holds_a_word_of_it_and_the_chain_verifies(kept: Kept) -> None:
    write_cases(kept)
    assert all(bare_pages.holds(kept.database.path, kept.opened.data_key, word) for word in CANARIES)
    path, made, count = take_out(kept, "incident/7", drafts=("K07/",))
    assert count == 4
    assert not any(bare_pages.holds(path, made.data_key, word) for word in CANARIES)
    assert bare_pages.holds(path, made.data_key, "plain words of 8")  # and it is the file that was read
    log = opened(kept, path, made)
    report = check(log, files=None)
    assert (report.ok, report.findings, report.tombstones) == (True, [], 4)
    journal, browse = Journal(log, lambda *_: True), Browse(log)
    assert journal.read("incident/7") == []
    assert [one.data["text"] for one in journal.read("incident/8")] == [
        one.data["text"] for one in kept.journal.read("incident/8")
    ]
    assert browse.incidents(LEADER, search=WORD) == []
    assert [row.ref for row in browse.incidents(LEADER, search="case8")] == ["K08"]
    assert len(browse.incidents(LEADER, limit=100)) == 29
    assert Drafts(log).keys() == ["K08/account"]
    assert journal.append("incident/8", [draft()], stamp(59), 4)
    assert check(log, files=None).ok
    log.close()


def test_nothing_hangs_on_it_that_could_be_guessed(kept: Kept) -> None:
    """Neither the name nor its number nor a count stays in any table that is shown."""
    write_cases(kept)
    path, made, _ = take_out(kept, "incident/7", "incident/9", drafts=("K07/",))
    log = opened(kept, path, made)
    with log.reading() as connection:

        def ask(query: str) -> list[tuple[Any, ...]]:
            return [tuple(row) for row in connection.exec_driver_sql(query).fetchall()]

        assert ask("SELECT count FROM tally WHERE name = 'common'") == [(28,)]
        assert ask("SELECT count(*) FROM incident_person") == ask("SELECT count(*) FROM due") == [(28,)]
        assert ask("SELECT count(*) FROM words") == [(28,)]
        assert ask("SELECT 1 FROM incident_person WHERE who IN ('pupil-7', 'pupil-9')") == []
        assert ask("PRAGMA freelist_count") == [(0,)]
        assert ask("SELECT by_entry, count(*) FROM disposal GROUP BY 1") == [(121, 8)]
    log.close()


def test_the_index_that_was_merged_before_forgets_it_too(kept: Kept) -> None:
    write_cases(kept)
    for _ in range(50):
        tidy(kept.database)
    with kept.database.writing() as connection:
        connection.exec_driver_sql("INSERT INTO words(words) VALUES ('optimize')")  # one segment alone
    path, made, _ = take_out(kept, "incident/7", drafts=("K07/",))
    assert not any(bare_pages.holds(path, made.data_key, word) for word in CANARIES)


def test_twice_and_by_another_order(kept: Kept) -> None:
    write_cases(kept)
    path, made, _ = take_out(kept, "incident/7", drafts=("K07/",))
    log = opened(kept, path, made)
    journal = Journal(log, lambda *_: True)
    order = journal.append("register", [draft("ordered", disposes=disposal.entries(log, ["incident/3"]))], stamp(59), 1)
    log.close()
    assert disposal.take_out(path, made.data_key, Gone(("incident/3",)), order[0].seq) == 4
    log = opened(kept, path, made)
    assert check(log, files=None).tombstones == 8
    assert check(log, files=None).ok
    log.close()


def test_a_disposal_that_no_entry_ordered_is_named(kept: Kept) -> None:
    """By other tools with the key in hand: the rows of the disposal alone convince nobody."""
    write_cases(kept, cases=3, gone=1)
    kept.journal.append("register", [draft("ordered", disposes=[[1, 1], [4, "x"], "no", [7]])], stamp(59), 0)
    with raw(kept.database.path, kept.opened.data_key) as hands:
        for seq, by in ((1, 13), (2, 13), (4, 13), (5, 3), (7, 99)):
            hands.execute("INSERT INTO disposal VALUES (?, ?)", (seq, by))
            hands.execute("DELETE FROM record WHERE seq = ?", (seq,))
            hands.execute("DELETE FROM listing WHERE seq = ?", (seq,))
    report = check(kept.database, files=None)
    assert not report.ok
    said = {finding.seq for finding in report.findings if "does not say so" in finding.text}
    assert said == {2, 4, 5, 7}


def test_a_new_file_that_lost_something_else_is_refused(kept: Kept) -> None:
    write_cases(kept, cases=3, gone=1)
    path, made, count = take_out(kept, "incident/1")
    log = opened(kept, path, made)
    head = Journal(log).head()
    log.close()
    with raw(path, made.data_key) as hands:
        hands.execute("DELETE FROM record WHERE seq = 1")
    with pytest.raises(StoreError, match="not sound"):
        disposal.sound(path, made.data_key, kept.database, head, count)
    with pytest.raises(StoreError, match="not sound"):
        disposal.sound(path, made.data_key, kept.database, head, count + 1)


def test_a_stream_that_is_not_there_is_no_disposal(kept: Kept) -> None:
    write_cases(kept, cases=2, gone=1)
    with pytest.raises(ValueError, match="without entries"):
        disposal.entries(kept.database, ["incident/9"])


# ---------------------------------------------------------------- evidence


def test_the_key_and_the_file_go_and_what_another_case_names_stays(kept: Kept) -> None:
    ours, shared = kept.exhibit(), kept.exhibit(made_files.png())
    same_bytes = kept.take()  # the same picture, kept for another case: a file and a key of its own
    for at, taken in enumerate((shared, same_bytes)):
        kept.journal.append(
            "incident/B", [draft("exhibited", **entry(taken))], stamp(), at,
            also=(lambda connection: kept.evidence.keep(connection, same_bytes.key)) if at else None,
        )  # fmt: skip
    ids = disposal.evidence_of(kept.database, ["incident/A"])
    assert ids == [ours.id]
    path, made, _ = take_out(kept, "incident/A", evidence=tuple(ids))
    assert disposal.remove_files(kept.home, [*ids, "../vault", "0" * 32]) == 1
    assert not kept.evidence.path(ours.id).exists()
    log = opened(kept, path, made)
    report = check(log)
    assert (report.ok, report.evidence_checked, report.findings) == (True, 2, [])
    with log.reading() as connection:
        there = {str(row[0]) for row in connection.exec_driver_sql("SELECT id FROM evidence_key").fetchall()}
    assert there == {shared.id, same_bytes.id}
    log.close()


def test_who_else_names_somebody_is_found_letter_for_letter(kept: Kept) -> None:
    write_cases(kept, cases=3, gone=1)
    kept.journal.append("incident/2", [draft(text=f'She said "{NAME}", twice')], stamp(9), 4)
    kept.journal.append("register", [draft(text='Zoë \u0000 "Q" %_\'')], stamp(9), 0)
    assert disposal.mentions(kept.database, [NAME], ["incident/1"]) == [(13, "incident/2")]
    assert disposal.mentions(kept.database, ['Zoë \u0000 "Q" %_\'', " "], ["incident/1"]) == [(14, "register")]
    assert disposal.mentions(kept.database, ["", "%"], ["incident/1"]) == [(14, "register")]
    assert disposal.mentions(kept.database, [], ["incident/1"]) == []


# ---------------------------------------------------------------- pairs


def test_pairs_of_numbers() -> None:
    assert disposal.ranges([5, 1, 2, 3, 3, 9]) == [[1, 3], [5, 5], [9, 9]]
    assert disposal.ranges([]) == []
