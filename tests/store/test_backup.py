"""Backups: checked before they count, whole or not there, and the way back under a new epoch."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from esafety_tui.errors import StoreError, UsageError
from esafety_tui.record import chain
from esafety_tui.store import backup, backup_check, backup_files, compare, copying, restore, verify
from esafety_tui.store import database as databases
from esafety_tui.store.copying import Stopped
from esafety_tui.store.evidence_check import Where
from esafety_tui.store.journal import Journal
from esafety_tui.vault import header as headers
from esafety_tui.vault import home as vault
from tests.store import made_evidence, made_files
from tests.store.made_backup import back_up, opened, put_back, stick, write
from tests.store.made_evidence import Kept
from tests.store.made_log import check, draft, raw, stamp


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    """A home with a few entries and two evidence files."""
    found = made_evidence.found(tmp_path)
    write(found)
    found.exhibit()
    found.exhibit(made_files.PDF + b"second")
    yield found
    found.database.close()


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_backup_comes_back_as_the_log_was(kept: Kept) -> None:
    made = back_up(kept)
    assert (made.seq, made.chain) == kept.journal.head()
    assert len(made.evidence) == 2
    home, header, came = put_back(kept, made)
    assert (came.backup, came.seq, came.missing) == (made.name, made.seq, ())
    assert header.epoch != kept.opened.header.epoch
    assert header.generation == kept.opened.header.generation + 1
    log = opened(home, header, kept.opened.data_key)
    assert [entry.chain for entry in Journal(log).since(0)] == [entry.chain for entry in kept.journal.since(0)]
    assert check(log).ok
    assert files(home / "evidence") == files(kept.home / "evidence")
    assert restore.came_from(log) == came
    log.close()
    with vault.unlock(home, "ann", "a password") as let_in:
        assert let_in.data_key == kept.opened.data_key
    assert vault.open_with_sheets(home, kept.sheets[0].text, kept.sheets[2].text) == kept.opened.data_key


def test_the_log_goes_on_while_and_after_a_backup_is_made(kept: Kept) -> None:
    asked = []

    def progress(done: int, total: int) -> None:
        asked.append((done, total))
        if len(asked) == 3:
            write(kept, 1)

    made = back_up(kept, progress=progress)
    assert made.seq < kept.journal.head()[0]
    assert asked
    assert all(0 <= done <= total for done, total in asked)
    assert check(kept.database).ok


def test_the_genesis_of_a_restored_log_is_that_of_its_beginning(kept: Kept) -> None:
    home, header, _ = put_back(kept, back_up(kept))
    log = opened(home, header, kept.opened.data_key)
    began = kept.opened.header.epoch
    assert log.epoch == began
    assert log.header_epoch == header.epoch
    assert Journal(log).chain_at(0) == chain.genesis(header.vault_id, began)
    assert check(log).epoch == header.epoch.hex()
    log.close()
    with pytest.raises(StoreError):
        databases.open(home / header.database, kept.opened.data_key, header.vault_id, began)


def test_a_restored_log_is_backed_up_and_restored_again(kept: Kept, tmp_path: Path) -> None:
    home, header, _ = put_back(kept, back_up(kept))
    again = Kept(home, vault.unlock(home, "ann", "a password"), [], opened(home, header, kept.opened.data_key))
    write(again, 2)
    made = back_up(again, 5)
    third, newest, came = put_back(again, made, "third")
    log = opened(third, newest, kept.opened.data_key)
    assert came.seq == made.seq == again.journal.head()[0]
    assert check(log).ok
    assert log.epoch == kept.opened.header.epoch
    log.close()
    again.database.close()


def test_nothing_is_written_over(kept: Kept) -> None:
    made = back_up(kept)
    before = files(kept.home)
    with pytest.raises(StoreError, match="already"):
        restore.restore(made, kept.home, kept.opened.data_key)
    assert files(kept.home) == before
    # A lone database is somebody's log too, as long as no restore says that it left it.
    lone = kept.home.parent / "lone"
    lone.mkdir()
    (lone / "log-1.db").write_bytes(b"somebody's")
    with pytest.raises(StoreError, match="already"):
        restore.restore(made, lone, kept.opened.data_key)
    assert (lone / "log-1.db").read_bytes() == b"somebody's"


def test_what_a_broken_off_restore_left_is_cleared_by_the_next(kept: Kept) -> None:
    made = back_up(kept)
    home = kept.home.parent / "back"
    (home / "evidence").mkdir(parents=True)
    restore._begin(home)
    (home / "log-2.db").write_bytes(b"half")
    (home / "evidence" / f"{made.evidence[0]}.bin").write_bytes(b"half")
    (home / "notes.txt").write_text("the school's own")
    restore.restore(made, home, kept.opened.data_key)
    assert not (home / restore.UNDER_WAY).exists()
    assert (home / "notes.txt").read_text() == "the school's own"
    assert files(home / "evidence") == files(kept.home / "evidence")


def test_an_empty_note_beside_a_whole_log_clears_nothing(kept: Kept) -> None:
    made = back_up(kept)
    (kept.home / "vault.json").unlink()
    (kept.home / restore.UNDER_WAY).touch()
    before = files(kept.home)
    with pytest.raises(StoreError, match="already"):
        restore.restore(made, kept.home, kept.opened.data_key)
    assert files(kept.home) == before


def test_sealed_bytes_never_go_along_nor_come_back(kept: Kept) -> None:
    first = back_up(kept, 1)
    sealed, still_open = first.evidence
    kept.seal(sealed)
    shutil.rmtree(first.pool)
    second = back_up(kept, 2)
    assert second.left_out == (sealed,)
    assert second.evidence == (still_open,)
    assert [path.stem for path in second.pool.iterdir()] == [still_open]
    home, header, came = put_back(kept, second)
    assert came.left_out == (sealed,)
    assert [path.stem for path in (home / "evidence").iterdir()] == [still_open]
    log = opened(home, header, kept.opened.data_key)
    assert not check(log).ok, "what is missing is said"
    assert check(log, files=Where(absent=frozenset({sealed}))).ok
    log.close()


def test_an_older_backup_does_not_bring_back_what_was_sealed_since(kept: Kept) -> None:
    first = back_up(kept, 1)
    sealed, still_open = first.evidence
    kept.seal(sealed)
    write(kept, 1)
    back_up(kept, 2)
    assert (first.pool / f"{sealed}.bin").exists(), "nothing that was sealed is deleted either"
    home, _, came = put_back(kept, first)
    assert (came.left_out, came.later, came.missing) == ((), (sealed,), ())
    assert [path.stem for path in (home / "evidence").iterdir()] == [still_open]


def test_evidence_is_copied_once_for_all_backups(kept: Kept) -> None:
    first = back_up(kept, 1)
    stamps = {path.name: path.stat().st_mtime_ns for path in first.pool.iterdir()}
    kept.exhibit(made_files.PDF + b"another")
    second = back_up(kept, 2)
    assert first.pool == second.pool
    assert {name: (second.pool / name).stat().st_mtime_ns for name in stamps} == stamps
    assert len(second.evidence) == 3
    assert sorted(path.stem for path in second.pool.iterdir()) == sorted(second.evidence)


@pytest.mark.parametrize("what", ["database", "evidence", "manifest", "header", "old page"])
def test_damage_to_a_backup_is_found_before_it_is_put_back(kept: Kept, what: str, tmp_path: Path) -> None:
    made = back_up(kept)
    path = {
        "database": made.database,
        "evidence": backup_files.evidence_file(made.pool, made.evidence[0]),
        "manifest": made.folder / backup_files.MANIFEST,
        "header": made.folder / headers.FILE,
        "old page": made.database,
    }[what]
    data = bytearray(path.read_bytes())
    if what == "old page":
        write(kept, 1)
        later = back_up(kept, 1).database.read_bytes()
        at = next(at for at in range(len(data) - 4096, 0, -4096) if data[at : at + 4096] != later[at : at + 4096])
        data[at : at + 4096] = later[at : at + 4096]
    else:
        data[len(data) // 2] ^= 1
    path.write_bytes(data)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    if what == "manifest":
        # One bit may leave a list that can be read: then its head is not that of the copy.
        found = backup_files.backups(made.folder.parent, made.vault_id)
        key = kept.opened.data_key
        assert all(one == made for one in found) or not backup_check.check(found[0], scratch, key)[0].ok
        return
    try:
        assert not backup_check.check(made, scratch, kept.opened.data_key)[0].ok
    except StoreError:
        assert what != "evidence"
    if what == "evidence":
        home, _, came = put_back(kept, made)
        assert came.missing == (made.evidence[0],), "the log itself comes back, and what is missing is said"
        assert not (home / "evidence" / path.name).exists()
        return
    with pytest.raises(StoreError):
        put_back(kept, made)
    assert not headers.exists(kept.home.parent / "back")
    assert not list((kept.home.parent / "back").glob("log-*"))


def test_a_copy_that_is_not_sound_does_not_count(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    copied = copying.copy

    def flipping(source: Path, target: Path, meter: copying.Meter) -> str:
        done = copied(source, target, meter)
        if target.suffix == ".db":
            data = bytearray(target.read_bytes())
            data[9000] ^= 4
            target.write_bytes(data)
        return done

    monkeypatch.setattr(copying, "copy", flipping)
    with pytest.raises(StoreError):
        back_up(kept)
    assert backup_files.backups(stick(kept).of(kept.database.vault_id), kept.database.vault_id) == []
    assert not list(stick(kept).root.glob("*/*.part"))


def test_a_stick_that_does_not_keep_what_is_written_is_told(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copying, "hashed", lambda path, meter: "0" * 64)
    with pytest.raises(StoreError, match="did not keep"):
        back_up(kept)
    place = stick(kept)
    assert not list(place.root.glob("**/*.bin*"))
    assert backup_files.backups(place.of(kept.database.vault_id), kept.database.vault_id) == []


def test_a_damaged_evidence_file_does_not_keep_the_log_from_being_backed_up(kept: Kept) -> None:
    path = next((kept.home / "evidence").iterdir())
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    made = back_up(kept)
    assert made.missing == (path.stem,)
    assert len(list(made.pool.iterdir())) == 1


def test_a_damaged_log_makes_no_backup(kept: Kept) -> None:
    with raw(kept.database.path, kept.opened.data_key) as hands:
        hands.execute("UPDATE record SET bytes = CAST(bytes || ' ' AS BLOB) WHERE seq = 2")
    with pytest.raises(StoreError, match="does not hold together"):
        back_up(kept)


def test_no_room_is_told_before_anything_is_copied(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(kept.home)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=copying.LEFT_FREE + 1000))
    with pytest.raises(StoreError, match="not enough room"):
        back_up(kept)
    assert not list((kept.home.parent / "stick").iterdir()), "neither a folder nor a label is left on it"


def test_a_stick_that_was_labelled_before_keeps_its_label(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    root = stick(kept).root
    usage = shutil.disk_usage(kept.home)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=1000))
    with pytest.raises(StoreError, match="not enough room"):
        back_up(kept)
    assert [path.name for path in root.iterdir()] == [backup_files.MARKER]
    assert backup_files.label_of(root) == "Stick A"


def test_it_can_be_stopped_anywhere(kept: Kept) -> None:
    steps = 0

    def count(done: int, total: int) -> None:
        nonlocal steps
        steps += 1

    back_up(kept, 0, count)
    folder = stick(kept).of(kept.database.vault_id)
    one = backup_files.backups(folder, kept.database.vault_id)[0]
    for stop in range(0, steps, 2):
        shutil.rmtree(one.pool, ignore_errors=True)
        left = [stop]

        def asked(done: int, total: int, left: list[int] = left) -> bool:
            left[0] -= 1
            return left[0] < 0

        with pytest.raises(Stopped):
            back_up(kept, 1, asked)
        assert backup_files.backups(folder, kept.database.vault_id) == [one]
        assert not [path for path in folder.rglob("*") if path.suffix == ".part"]
    home = kept.home.parent / "back"
    with pytest.raises(Stopped):
        restore.restore(one, home, kept.opened.data_key, lambda done, total: True)
    assert not headers.exists(home)
    assert not list(home.glob("log-*"))


def test_the_gate_is_asked_and_closes(kept: Kept) -> None:
    asked = 0

    def gate() -> None:
        nonlocal asked
        asked += 1
        if asked == 3:
            raise StoreError("Sealed meanwhile", "So it does not leave.")

    with pytest.raises(StoreError, match="Sealed meanwhile"):
        backup.make(kept.home, kept.database, kept.opened.data_key, stick(kept), "2026-11-22T09:00:00.000Z", gate)
    assert backup_files.backups(stick(kept).of(kept.database.vault_id), kept.database.vault_id) == []


def test_a_stick_has_a_label_and_keeps_it(kept: Kept, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    bare.mkdir()
    with pytest.raises(UsageError, match="no label"):
        backup_files.place_at(bare)
    with pytest.raises(UsageError):
        backup_files.place_at(bare, "two\nlines")
    assert backup_files.place_at(bare, "Stick B").label == "Stick B"
    assert backup_files.place_at(bare / backup_files.FOLDER).label == "Stick B"
    with pytest.raises(UsageError, match="another stick"):
        backup_files.place_at(bare, "Stick C")
    with pytest.raises(UsageError, match="not there"):
        backup_files.place_at(tmp_path / "nowhere", "Stick C")


def test_two_at_the_same_second_are_two(kept: Kept) -> None:
    first, second = back_up(kept, 1), back_up(kept, 1)
    assert first.name != second.name
    found = backup_files.found_at(kept.home.parent / "stick")
    assert {one.name for one in found} == {first.name, second.name}
    backup_files.drop(first)
    assert [one.name for one in backup_files.found_at(second.folder.parent)] == [second.name]


def test_hostile_lists_of_contents_are_no_backups(kept: Kept) -> None:
    made = back_up(kept)
    manifest = made.folder / backup_files.MANIFEST
    whole = manifest.read_text()
    for broken in ("", "[]", "{", whole.replace(made.evidence[0], "../../../etc/passwd"), whole[:-20],
                   whole.replace('"v": 1', '"v": 2'), "[" * 100_000):  # fmt: skip
        manifest.write_text(broken)
        with pytest.raises(StoreError):
            backup_files.read(made.folder)
        assert backup_files.found_at(made.folder.parent) == []


def test_a_log_that_is_withheld_is_read_and_not_written(kept: Kept) -> None:
    why = StoreError("Held back", "Until two people say so.")
    kept.database.withhold(why)
    assert kept.journal.head()[0] == 5
    with pytest.raises(StoreError, match="Held back"):
        write(kept, 1)
    kept.database.withhold(None)
    write(kept, 1)
    assert check(kept.database).ok


def test_where_two_copies_part(kept: Kept) -> None:
    home, header, _ = put_back(kept, back_up(kept))
    other = opened(home, header, kept.opened.data_key)
    assert compare.parting(kept.database, other) == compare.Parting(5, 5, 5)
    write(kept, 2)
    assert compare.parting(kept.database, other) == compare.Parting(5, 7, 5)
    theirs = Journal(other, lambda *_: True)
    theirs.append("incident/B", [draft(text="elsewhere")], stamp(), 0)
    found = compare.parting(kept.database, other)
    assert found == compare.Parting(5, 7, 6)
    assert found.first == 6
    assert compare.parting(other, kept.database).first == 6
    assert verify.verify(other).entries == 6
    other.close()


def test_logs_that_never_were_one_part_at_the_beginning(kept: Kept, tmp_path: Path) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    other = made_evidence.found(folder)
    write(other)
    assert compare.parting(kept.database, other.database) == compare.Parting(0, 5, 3)
    other.database.close()
