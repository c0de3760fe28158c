"""An older copy put back, whole or a page of it; a damaged page; a file cut off."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from esafety_tui.errors import StoreError
from esafety_tui.record import words
from esafety_tui.store import database, verify
from esafety_tui.store.database import Database
from esafety_tui.store.journal import Journal
from esafety_tui.vault import heads
from tests.store.made_log import CHEAP, EPOCH, KEY, VAULT, check, draft, fill, fresh, incident, stamp


class TestOlderCopy:
    """An older copy of the whole file, put back."""

    @pytest.fixture
    def put_back(self, journal: Journal, log: Database, path: Path, tmp_path: Path) -> tuple[int, bytes]:
        """Five entries, a copy, three more, the copy put back; gives the head that was lost."""
        fill(journal, 5)
        log.close()
        shutil.copy(path, tmp_path / "older.db")
        again = database.open(path, KEY, VAULT, EPOCH)
        journal = Journal(again)
        journal.append("incident/9", [draft(), draft(), draft()], stamp(30), 0)
        lost = journal.head()
        again.close()
        shutil.copy(tmp_path / "older.db", path)
        return lost

    def test_it_is_found_with_the_head_file(self, put_back: tuple[int, bytes], reopen: Callable[[], Database]) -> None:
        report = check(reopen(), heads=heads.read_heads(VAULT))
        assert (report.ok, report.first_bad, report.entries) == (False, 6, 5)
        assert "older copy" in report.findings[0].text
        assert verify.verify_tail(reopen(), heads.read_heads(VAULT))

    def test_it_is_found_after_the_older_copy_was_written_on(
        self, put_back: tuple[int, bytes], reopen: Callable[[], Database]
    ) -> None:
        kept = heads.read_heads(VAULT)
        Journal(reopen()).append("incident/9", [draft()] * 4, stamp(40), 0)
        report = check(reopen(), heads=kept)
        assert (report.ok, report.first_bad) == (False, 8)
        assert "rewritten" in report.findings[0].text

    def test_without_the_head_file_only_paper_tells(
        self, put_back: tuple[int, bytes], reopen: Callable[[], Database]
    ) -> None:
        """The one thing the program cannot know by itself: the folder and this computer's head file both put back."""
        log = reopen()
        assert check(log).ok
        seq, value = put_back
        for paper in (f"{seq} {words.head_words(value, VAULT, CHEAP)}", value.hex(), f"{seq} {value.hex()}"):
            report = check(log, head=words.parse_head(paper))
            assert not report.ok, paper
        earlier = Journal(log).since(2)[0]
        good = f"{earlier.seq} {words.head_words(earlier.chain, VAULT, CHEAP)}"
        for paper in (good, earlier.chain.hex(), f"{earlier.seq} {earlier.chain.hex()}"):
            assert check(log, head=words.parse_head(paper)).ok, paper

    def test_a_history_rewritten_with_the_key_is_found_by_paper_alone(self, journal: Journal, log: Database) -> None:
        fill(journal, 6)
        seq, value = journal.head()
        with fresh() as other:
            forged = Journal(other, write_head=lambda *_: True)
            fill(forged, 6)
            assert check(other).ok
            paper = words.parse_head(f"{seq} {words.head_words(value, VAULT, CHEAP)}")
            report = check(other, head=paper)
        assert (report.ok, report.first_bad) == (False, 6)


def test_a_genuine_page_of_yesterday_is_found(journal: Journal, log: Database, path: Path) -> None:
    """Each page is sealed for its place, not for its time: every page of an older copy, put back one at a time.

    It is found; or it is of what can be made again (search index, rows of the log), and the journal is whole.
    """
    fill(journal, 12)
    log.close()
    older, page = path.read_bytes(), 4096
    with opened(path) as again:
        journal = Journal(again)
        for i in range(12):
            projected = incident(f"R{i % 3}")
            journal.append(f"late/{i % 3}", [draft(text="x" * 300)], stamp(50 + i), i // 3, projected)
        written = journal.since(0)
    newer = path.read_bytes()
    changed = found = 0
    for start in range(0, len(older), page):
        if older[start : start + page] == newer[start : start + page]:
            continue
        changed += 1
        path.write_bytes(newer[:start] + older[start : start + page] + newer[start + page :])
        try:
            with opened(path) as mixed:
                if not check(mixed, heads=heads.read_heads(VAULT)).ok:
                    found += 1
                    continue
                journal = Journal(mixed)
                assert journal.since(0) == written
                streams = [entry for stream in journal.streams() for entry in journal.read(stream)]
                assert sorted(streams, key=lambda entry: entry.seq) == written
        except StoreError:
            found += 1
    assert changed > found >= 6


@contextmanager
def opened(path: Path) -> Iterator[Database]:
    with closing(database.open(path, KEY, VAULT, EPOCH)) as log:
        yield log


def found_or_refused(path: Path) -> bool:
    """Whether the check finds something, or the file cannot be opened, which is said with exit status 5."""
    try:
        with opened(path) as log:
            return not check(log, heads=heads.read_heads(VAULT)).ok
    except StoreError as error:
        return error.exit_code == 5


@pytest.mark.parametrize("number", range(12))
def test_a_damaged_page_is_found_or_refused(journal: Journal, log: Database, path: Path, number: int) -> None:
    fill(journal, 40)
    log.close()
    content = bytearray(path.read_bytes())
    assert len(content) // 4096 > 12
    content[number * 4096 + 1000] ^= 4
    path.write_bytes(bytes(content))
    assert found_or_refused(path)


def test_a_file_cut_in_the_middle_is_found_or_refused(journal: Journal, log: Database, path: Path) -> None:
    fill(journal, 200)
    log.close()
    content = path.read_bytes()
    for keep in (len(content) - 4096, len(content) // 2, 8192, 4096, 100):
        path.write_bytes(content[:keep])
        assert found_or_refused(path), keep
