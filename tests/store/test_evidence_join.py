"""The evidence of a log that is taken over comes along, or nothing of it does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from esafety_tui.errors import RefusedError, StoreError
from esafety_tui.store import evidence_join
from esafety_tui.store.evidence_join import brought
from esafety_tui.store.journal import Draft
from esafety_tui.vault import keys, sheets
from tests.store import made_files as made
from tests.store.made_evidence import STREAM, Kept, found
from tests.store.made_log import check, stamp

LARGE = made.PDF + bytes(3 << 20)


@pytest.fixture
def both(tmp_path: Path) -> Iterator[tuple[Kept, Kept]]:
    """Our log, with an exhibit, and another with an open and a sealed one."""
    homes = []
    for name in ("ours", "theirs"):
        (tmp_path / name).mkdir()
        homes.append(found(tmp_path / name))
    ours, theirs = homes
    ours.exhibit()
    theirs.exhibit(LARGE)
    theirs.seal(theirs.exhibit(made.png()).id)
    yield ours, theirs
    for home in homes:
        home.database.close()


def join(ours: Kept, theirs: Kept, also: Callable[[], None] = lambda: None) -> list[str]:
    """Take the other log's entries over, as the desk does; gives the ids of its files."""
    entries = theirs.journal.read(STREAM)
    ids = [entry.data["evidence"] for entry in entries if entry.kind == "exhibited"]
    with brought(ours.evidence, theirs.evidence, ids) as rows:

        def keep(connection: Any) -> None:
            for row in rows:
                ours.evidence.keep(connection, row)
            also()

        drafts = [Draft(entry.kind, entry.data) for entry in entries]
        ours.journal.append("incident/B", drafts, stamp(), 0, also=keep)
    return ids


def test_files_come_along_as_they_are(both: tuple[Kept, Kept]) -> None:
    ours, theirs = both
    ids = join(ours, theirs)
    for id in ids:
        assert ours.evidence.path(id).read_bytes() == theirs.evidence.path(id).read_bytes()
    assert ours.bytes_of(ids[0]) == LARGE
    report = check(ours.database)
    assert (report.ok, report.evidence_checked) == (True, 3)


def test_sealed_stays_sealed_to_the_sheets_of_its_log(both: tuple[Kept, Kept]) -> None:
    ours, theirs = both
    id = join(ours, theirs)[1]
    with pytest.raises(RefusedError):
        ours.evidence.read(id)
    header, secret = theirs.opened.header, dict(sheets.read(sheet.text) for sheet in theirs.sheets)
    private = keys.pair_key(secret["A"], secret["C"], header.vault_id, header.sheet_set, "AC")
    row = ours.evidence.row(id)
    assert keys.unseal_evidence(row.pairs["AC"], private, header.vault_id, bytes.fromhex(id), "AC")


def test_an_open_one_is_sealed_to_our_sheets(both: tuple[Kept, Kept]) -> None:
    ours, theirs = both
    id = join(ours, theirs)[0]
    header, secret = ours.opened.header, dict(sheets.read(sheet.text) for sheet in ours.sheets)
    private = keys.pair_key(secret["B"], secret["C"], header.vault_id, header.sheet_set, "BC")
    assert keys.unseal_evidence(ours.evidence.row(id).pairs["BC"], private, header.vault_id, bytes.fromhex(id), "BC")


def _fail() -> None:
    raise StoreError("no", "no")


def test_entries_that_are_not_kept_leave_no_file(both: tuple[Kept, Kept]) -> None:
    ours, theirs = both
    before = ours.files()
    with pytest.raises(StoreError, match=r"^no"):
        join(ours, theirs, _fail)
    assert ours.files() == before
    assert check(ours.database).ok
    join(ours, theirs)  # and it can be tried again
    assert check(ours.database).ok


@pytest.mark.parametrize("number", [0, 1])
def test_a_missing_file_stops_it(both: tuple[Kept, Kept], number: int) -> None:
    ours, theirs = both
    before = ours.files()
    ids = [entry.data["evidence"] for entry in theirs.journal.read(STREAM) if entry.kind == "exhibited"]
    theirs.evidence.path(ids[number]).unlink()
    with pytest.raises(StoreError, match="could not be taken over"):
        join(ours, theirs)
    assert ours.files() == before


def test_a_copy_that_is_not_the_same_stops_it(both: tuple[Kept, Kept], monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = both
    before, real, count = ours.files(), evidence_join.opened, 0

    def spoil(path: Path) -> Any:
        nonlocal count
        count += 1
        if count == 2:
            path.write_bytes(path.read_bytes()[:-1])
        return real(path)

    monkeypatch.setattr(evidence_join, "opened", spoil)
    with pytest.raises(StoreError, match="could not be taken over"):
        join(ours, theirs)
    assert ours.files() == before


def test_a_file_that_is_kept_here_is_never_written_over(both: tuple[Kept, Kept]) -> None:
    ours, _ = both
    id = ours.journal.read(STREAM)[0].data["evidence"]
    with pytest.raises(StoreError), brought(ours.evidence, ours.evidence, [id]):
        pass
    assert ours.bytes_of(id) == made.PDF
