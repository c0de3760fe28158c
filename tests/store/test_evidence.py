"""Evidence files: what goes in comes out, what was touched is found, and what is sealed cannot be opened again."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esafety_tui.errors import EsafetyError, StoreError
from esafety_tui.store import evidence_file
from esafety_tui.vault import keys
from tests.store import made_files as made
from tests.store.made_evidence import STREAM, Kept, entry, found
from tests.store.made_log import check, draft, stamp

MIB = 1 << 20


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    home = found(tmp_path)
    yield home
    home.database.close()


def sized(size: int) -> bytes:
    return (b"%PDF-1.7\n" + bytes(range(256)) * (size // 256 + 1))[:size]


@pytest.mark.parametrize("size", [9, MIB - 1, MIB, MIB + 1, 3 * MIB, 3 * MIB + 5])
def test_what_goes_in_comes_out(kept: Kept, size: int) -> None:
    data = sized(size)
    taken = kept.exhibit(data)
    stored = kept.evidence.path(taken.id).read_bytes()
    assert kept.bytes_of(taken.id) == data
    assert (taken.sha256, taken.size) == (hashlib.sha256(data).hexdigest(), size)
    assert (taken.stored_sha256, taken.stored_size) == (hashlib.sha256(stored).hexdigest(), len(stored))
    assert len(stored) == evidence_file.stored_size(size)
    assert data[:9] not in stored
    assert kept.files() == [f"{taken.id}.bin"]
    report = check(kept.database)
    assert (report.ok, report.evidence_checked, report.evidence_bad) == (True, 1, 0)


@given(st.binary(min_size=1, max_size=300), st.integers(0, 3))
@settings(max_examples=60)
def test_any_bytes_come_back(data: bytes, chunks: int) -> None:
    """With chunks of 100 bytes here would be another format: whole ones are put before the odd end."""
    data = bytes(chunks * MIB) + data
    key, vault, one = keys.new_key(), keys.new_id(), keys.new_id()
    sealing = evidence_file.Sealing(key, vault, one)
    stored = evidence_file.header(vault, one)
    at = 0
    for length, last in evidence_file.parts(len(data)):
        stored += sealing.chunk(memoryview(data)[at : at + length], last)
        at += length
    assert len(stored) == evidence_file.stored_size(len(data))
    import io

    assert b"".join(evidence_file.plain(io.BytesIO(stored), key, one)) == data


def _read_all(kept: Kept, id: str) -> str:
    """What reading says: the title of the error, or nothing."""
    try:
        kept.bytes_of(id)
    except EsafetyError as error:
        return error.title
    return ""


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Kept, str, bytes]]:
    """A home with one exhibit of three chunks, and its stored bytes."""
    home = found(tmp_path_factory.mktemp("three"))
    one = home.exhibit(sized(2 * MIB + 7)).id
    yield home, one, home.evidence.path(one).read_bytes()
    home.database.close()


@given(st.data())
@settings(max_examples=60)
def test_a_flipped_bit_is_found(three: tuple[Kept, str, bytes], data: st.DataObject) -> None:
    kept, one, stored = three
    edges = [0, 18, 19, 34, 35, 50, 51, 52, MIB + 66, MIB + 67, len(stored) - 1]
    at = data.draw(st.sampled_from(edges) | st.integers(0, len(stored) - 1))
    changed = bytearray(stored)
    changed[at] ^= 1 << data.draw(st.integers(0, 7))
    kept.evidence.path(one).write_bytes(changed)
    assert _read_all(kept, one) == "The item is damaged"
    report = check(kept.database)
    assert (report.ok, report.evidence_bad, report.first_bad) == (False, 1, 1)
    assert report.findings[0].text == "The evidence file of entry 1 was changed."
    kept.evidence.path(one).write_bytes(stored)


FIRST, SECOND, THIRD = (slice(51 + n * (MIB + 16), 51 + (n + 1) * (MIB + 16)) for n in range(3))
DAMAGE = {
    "cut by a byte": lambda s: s[:-1],
    "cut by its last chunk": lambda s: s[: THIRD.start],
    "cut to its header": lambda s: s[:51],
    "cut in its header": lambda s: s[:50],
    "emptied": lambda s: b"",
    "a byte longer": lambda s: s + b"\x00",
    "a chunk twice": lambda s: s[: SECOND.stop] + s[SECOND] + s[THIRD],
    "two chunks swapped": lambda s: s[:51] + s[SECOND] + s[FIRST] + s[THIRD],
    "a chunk dropped": lambda s: s[:51] + s[SECOND] + s[THIRD],
}


@pytest.mark.parametrize("name", DAMAGE)
def test_a_file_that_is_not_whole_is_found(three: tuple[Kept, str, bytes], name: str) -> None:
    kept, one, stored = three
    kept.evidence.path(one).write_bytes(DAMAGE[name](stored))
    assert _read_all(kept, one) == "The item is damaged"
    report = check(kept.database)
    assert (report.evidence_checked, report.evidence_bad, report.first_bad) == (1, 1, 1)
    kept.evidence.path(one).write_bytes(stored)


def test_another_exhibit_in_its_place_is_found(kept: Kept) -> None:
    one, two = kept.exhibit().id, kept.exhibit(made.png()).id
    kept.evidence.path(one).write_bytes(kept.evidence.path(two).read_bytes())
    assert _read_all(kept, one) == "The item is damaged"
    assert _read_all(kept, two) == ""
    assert check(kept.database).first_bad == 1


@pytest.mark.skipif(os.name == "nt", reason="NOT TRIED: Windows makes links and pipes otherwise")
@pytest.mark.parametrize("put", ["nothing", "folder", "link", "fifo"])
def test_a_missing_file_is_found(kept: Kept, put: str, tmp_path: Path) -> None:
    taken = kept.exhibit()
    path = kept.evidence.path(taken.id)
    elsewhere = tmp_path / "elsewhere"
    path.rename(elsewhere)
    if put == "folder":
        path.mkdir()
    elif put == "link":
        path.symlink_to(elsewhere)
    elif put == "fifo":
        os.mkfifo(path)
    assert _read_all(kept, taken.id) == "The item cannot be read"
    report = check(kept.database)
    assert (report.ok, report.evidence_bad, report.first_bad) == (False, 1, 1)


# ---------------------------------------------------------------- what no entry names


def test_an_orphan_is_found_and_stays(kept: Kept) -> None:
    named, orphan = kept.exhibit(), kept.take()
    report = check(kept.database)
    assert (report.ok, report.first_bad, report.evidence_checked, report.evidence_bad) == (False, None, 1, 0)
    assert orphan.id in report.findings[0].text
    assert kept.evidence.tidy() == 0
    assert kept.files() == sorted([f"{named.id}.bin", f"{orphan.id}.bin"])
    assert _read_all(kept, orphan.id) == "The item cannot be opened"  # its key was in memory only


def test_pieces_and_strays_are_found(kept: Kept) -> None:
    kept.exhibit()
    part = kept.evidence.folder / f"{'0' * 32}.part"
    part.write_bytes(b"half")
    (kept.evidence.folder / "Ash Linden.png").write_bytes(made.png())
    (kept.evidence.folder / ".DS_Store").write_bytes(b"")
    texts = [finding.text for finding in check(kept.database).findings]
    assert len(texts) == 2
    assert not any("Ash" in text for text in texts)
    assert kept.evidence.tidy() == 1
    assert not part.exists()
    assert len(check(kept.database).findings) == 1


def test_discard_removes_what_no_entry_names_and_nothing_else(kept: Kept) -> None:
    named, orphan = kept.exhibit(), kept.take()
    for taken in (named, orphan, orphan):
        kept.evidence.discard(taken.id)
    assert kept.files() == [f"{named.id}.bin"]
    late = kept.take()
    kept.database.close()
    kept.evidence.discard(late.id)  # whether an entry names it cannot be seen now
    assert kept.evidence.path(late.id).exists()


def test_an_entry_and_its_key_are_kept_together_or_not_at_all(kept: Kept) -> None:
    taken = kept.take()

    def fails(connection: object) -> None:
        kept.evidence.keep(connection, taken.key)  # type: ignore[arg-type]
        raise StoreError("no", "no")

    with pytest.raises(StoreError):
        kept.journal.append(STREAM, [draft("exhibited", **entry(taken))], stamp(), 0, also=fails)
    assert kept.journal.head()[0] == 0
    assert _read_all(kept, taken.id) == "The item cannot be opened"
    kept.evidence.discard(taken.id)
    assert kept.files() == []
    assert check(kept.database).ok


@pytest.mark.parametrize(
    "wrong",
    [
        {"evidence": "../../vault"},
        {"evidence": "x" * 32},
        {"evidence": 7},
        {"stored_sha256": ""},
        {"stored_size": 1},
        {"stored_size": None},
    ],
)
def test_an_entry_that_names_no_proper_file_is_found(kept: Kept, wrong: dict[str, object]) -> None:
    taken = kept.take()
    kept.journal.append(
        STREAM,
        [draft("exhibited", **{**entry(taken), **wrong})],
        stamp(),
        0,
        also=lambda connection: kept.evidence.keep(connection, taken.key),
    )
    report = check(kept.database)
    assert (report.evidence_checked, report.evidence_bad, report.first_bad) == (1, 1, 1)


def test_an_item_that_was_not_copied_names_no_file(kept: Kept) -> None:
    kept.journal.append(STREAM, [draft("exhibited", evidence=""), draft("exhibited")], stamp(), 0)
    report = check(kept.database)
    assert (report.ok, report.evidence_checked) == (True, 0)


def test_the_check_can_be_stopped_in_the_middle_of_a_file(kept: Kept) -> None:
    kept.exhibit(sized(3 * MIB))
    calls: list[tuple[int, int]] = []

    def stop(done: int, total: int) -> None:
        calls.append((done, total))
        if len(calls) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check(kept.database, progress=stop)
    assert calls == [(1, 1)] * 3
