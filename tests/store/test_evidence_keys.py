"""Keys of evidence files: what is sealed cannot be opened again (R5), and logs of before are brought up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from esafety_tui.errors import EsafetyError, RefusedError, StoreError
from esafety_tui.store import database, evidence_file, recipe, schema, verify
from esafety_tui.store.evidence import Evidence
from esafety_tui.vault import changes, keys, sheets
from tests.store import made_files as made
from tests.store.made_evidence import STREAM, Kept, found, fresh
from tests.store.made_log import check, draft, make_old, raw, stamp

MIB = 1 << 20


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    home = found(tmp_path)
    yield home
    home.database.close()


def _title(kept: Kept, id: str) -> str:
    with pytest.raises(EsafetyError) as caught:
        kept.bytes_of(id)
    return caught.value.title


# ---------------------------------------------------------------- sealed (R5)


def test_sealed_is_sealed(kept: Kept) -> None:
    one, two = kept.exhibit(), kept.exhibit(made.png())
    before = kept.evidence.path(one.id).read_bytes()
    kept.seal(one.id)
    with pytest.raises(RefusedError) as caught:
        kept.evidence.read(one.id)
    assert (caught.value.exit_code, caught.value.rule) == (3, "R5")
    assert kept.bytes_of(two.id) == made.png()
    assert kept.evidence.sealed() == {one.id}
    assert kept.evidence.path(one.id).read_bytes() == before  # never deleted, never rewritten
    assert check(kept.database).ok
    kept.evidence.path(one.id).write_bytes(before[:-1])
    assert check(kept.database).evidence_bad == 1  # and still checked
    assert kept.seal(one.id) == {}  # twice is harmless


def test_a_key_that_is_not_as_the_entries_say_is_found(kept: Kept) -> None:
    one, two = kept.exhibit(), kept.exhibit(made.png())
    given = kept.seal(one.id)
    with kept.database.writing() as connection:
        kept.evidence.give_back(connection, given)  # as an older copy of the table would
    report = check(kept.database)
    assert [finding.text for finding in report.findings] == [
        "The evidence file of entry 1 can still be opened, though entry 3 sealed it."
    ]
    kept.journal.append(STREAM, [draft("seal-undone", exhibits=[f"x-{one.id}"])], stamp(), 3)
    assert check(kept.database).ok
    with kept.database.writing() as connection:
        kept.evidence.seal(connection, [two.id])
    report = check(kept.database)
    assert (report.evidence_bad, report.first_bad) == (1, 2)
    assert report.findings[0].text == "The evidence file of entry 2 is sealed, though no entry says so."


def test_a_key_that_is_gone_is_found(kept: Kept) -> None:
    kept.exhibit()
    with kept.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM evidence_key")
    assert "nobody can open it" in check(kept.database).findings[0].text


def test_sealing_is_in_the_same_transaction_as_its_entry(kept: Kept) -> None:
    one = kept.exhibit()
    with pytest.raises(StoreError):
        kept.seal(one.id, "f" * 32)  # one that has no key: nothing of it is done
    assert kept.bytes_of(one.id) == made.PDF
    assert kept.journal.count(STREAM) == 1


def test_nothing_in_the_home_opens_a_sealed_file(kept: Kept) -> None:
    """With the data key, the whole database and every page of it: the key is nowhere but under the sheets' pairs."""
    one = kept.exhibit()
    with kept.database.reading() as connection:
        wrapped = bytes(connection.exec_driver_sql("SELECT wrapped FROM evidence_key").scalar() or b"")
    header, data_key = kept.opened.header, kept.opened.data_key
    file_key = keys.unwrap_evidence(wrapped, data_key, header.vault_id, bytes.fromhex(one.id))
    kept.seal(one.id)
    kept.database.close()
    left = _pages(kept.database.path, data_key)
    with raw(kept.database.path, data_key) as hands:
        row = hands.execute("SELECT state, wrapped, pair_ab, pair_ac, pair_bc FROM evidence_key").fetchone()
    assert row[:2] == ("sealed", None)
    assert len(left) > 50_000
    assert wrapped[:24] not in left
    assert file_key not in left
    for blob in row[2:]:
        assert blob in left  # the scan does see what is there
        with pytest.raises(keys.WrongKeyError):
            keys.unwrap_evidence(blob[:60], data_key, header.vault_id, bytes.fromhex(one.id))


def _pages(path: Path, data_key: bytes) -> bytes:
    """Every page of the file in the clear, free ones too: SQLCipher 4, a page's IV before the 64 bytes of its seal."""
    whole, clear = path.read_bytes(), []
    for at in range(0, len(whole), 4096):
        page = whole[at + (0 if at else 16) : at + 4096]
        opening = Cipher(AES(data_key), CBC(page[-80:-64])).decryptor()
        clear.append(opening.update(page[:-80]))
    return b"".join(clear)


def test_two_sheets_open_a_sealed_file_and_one_does_not(kept: Kept) -> None:
    """What the police may be given one day: FORMAT.md's way, by hand, from paper."""
    data = made.PDF + bytes(MIB)
    one = kept.exhibit(data)
    kept.seal(one.id)
    header = kept.opened.header
    secret = dict(sheets.read(sheet.text) for sheet in kept.sheets)
    with kept.database.reading() as connection:
        sealed = connection.exec_driver_sql("SELECT pair_ab, pair_ac, pair_bc FROM evidence_key").one()
    for pair, blob in zip(("AB", "AC", "BC"), sealed, strict=True):
        private = keys.pair_key(secret[pair[0]], secret[pair[1]], header.vault_id, header.sheet_set, pair)
        key = keys.unseal_evidence(bytes(blob), private, header.vault_id, bytes.fromhex(one.id), pair)
        with kept.evidence.path(one.id).open("rb") as file:
            assert b"".join(evidence_file.plain(file, key, bytes.fromhex(one.id))) == data
        wrong = keys.pair_key(secret[pair[0]], secret[pair[0]], header.vault_id, header.sheet_set, pair)
        with pytest.raises(keys.WrongKeyError):
            keys.unseal_evidence(bytes(blob), wrong, header.vault_id, bytes.fromhex(one.id), pair)


def test_a_mistake_is_undone_with_what_was_given_and_with_nothing_else(kept: Kept) -> None:
    one, two = kept.exhibit(), kept.exhibit(made.png())
    given = kept.seal(one.id)
    kept.seal(two.id)
    with pytest.raises(StoreError), kept.database.writing() as connection:
        kept.evidence.give_back(connection, {two.id: given[one.id]})
    with kept.database.writing() as connection:
        kept.evidence.give_back(connection, given)
    assert kept.bytes_of(one.id) == made.PDF
    assert kept.evidence.sealed() == {two.id}


# ---------------------------------------------------------------- keys that change


def test_what_is_sealed_is_sealed_to_the_sheets_of_that_day(kept: Kept) -> None:
    one, two = kept.exhibit(), kept.exhibit(made.png())
    kept.seal(two.id)
    kept.opened.header, papers = changes.new_sheets(kept.home, kept.opened.data_key)
    kept.seal(one.id)
    header = kept.opened.header
    secret = dict(sheets.read(sheet.text) for sheet in papers)
    private = keys.pair_key(secret["A"], secret["B"], header.vault_id, header.sheet_set, "AB")
    with kept.database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT id, sheet_set, pair_ab FROM evidence_key").fetchall()
    sets = {row[0]: (row[1], bytes(row[2])) for row in rows}
    assert (sets[one.id][0], sets[two.id][0]) == (2, 1)
    assert keys.unseal_evidence(sets[one.id][1], private, header.vault_id, bytes.fromhex(one.id), "AB")
    with pytest.raises(keys.WrongKeyError):
        keys.unseal_evidence(sets[two.id][1], private, header.vault_id, bytes.fromhex(two.id), "AB")


class _Turned:
    """The same vault under a new data key."""

    def __init__(self, kept: Kept, data_key: bytes) -> None:
        self.header, self.data_key = kept.opened.header, data_key


def test_a_new_data_key_leaves_the_files_as_they_are(kept: Kept) -> None:
    one = kept.exhibit()
    stored = kept.evidence.path(one.id).read_bytes()
    turned = Evidence(kept.home, kept.database, _Turned(kept, keys.new_key()))
    with kept.database.writing() as connection:
        assert turned.rewrap(connection, kept.opened.data_key) == 1
    assert b"".join(turned.read(one.id)) == made.PDF
    assert kept.evidence.path(one.id).read_bytes() == stored
    assert _title(kept, one.id) == "The item cannot be opened"  # the old key opens nothing any more


def test_a_locked_vault_reads_nothing(kept: Kept) -> None:
    one = kept.exhibit()
    kept.opened.close()
    with pytest.raises(StoreError, match="locked"):
        kept.evidence.read(one.id)


@pytest.mark.parametrize("id", ["", "../vault", "F" * 32, "0" * 31, "0" * 32 + "\n"])
def test_what_is_no_id_reaches_no_path(kept: Kept, id: str) -> None:
    with pytest.raises(ValueError, match="not the id"):
        kept.evidence.path(id)
    with pytest.raises(StoreError):
        kept.evidence.read(id)


# ---------------------------------------------------------------- logs of before


def _make_old(kept: Kept) -> None:
    """Turn the log into one of version 1, as it was written before there were evidence files."""
    kept.database.close()
    with raw(kept.database.path, kept.opened.data_key) as hands:
        make_old(hands, 1)


def _open(kept: Kept) -> database.Database:
    header = kept.opened.header
    return database.open(kept.database.path, kept.opened.data_key, header.vault_id, header.epoch)


def test_an_older_log_is_brought_up(kept: Kept) -> None:
    kept.journal.append(STREAM, [draft()], stamp(), 0)
    _make_old(kept)
    log = _open(kept)
    with log.reading() as connection:
        assert (schema.version(connection), schema.found(connection)) == (schema.VERSION, schema.expected())
    again = Kept(kept.home, kept.opened, kept.sheets, log)
    taken = again.exhibit()
    assert again.bytes_of(taken.id) == made.PDF
    assert check(log).ok
    log.close()


def test_an_older_log_that_can_only_be_read_stays_as_it_is(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    kept.journal.append(STREAM, [draft()], stamp(), 0)
    _make_old(kept)
    before = kept.database.path.read_bytes()
    monkeypatch.setattr(database, "_can_write", lambda *_: False)
    log = _open(kept)
    report = verify.verify(log, cost=verify.words.Cost(1, 8, 1))
    assert (report.ok, report.entries) == (True, 1), report.findings
    log.close()
    assert kept.database.path.read_bytes() == before


def test_a_broken_off_change_of_version_is_begun_again(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    _make_old(kept)
    real = schema.added
    monkeypatch.setattr(schema, "added", lambda version: (*real(version), "CREATE TABLE nonsense("))
    with pytest.raises(Exception, match="incomplete input"):
        _open(kept)
    monkeypatch.setattr(schema, "added", real)
    log = _open(kept)
    assert check(log).ok
    log.close()


def test_a_log_that_lies_about_its_version_is_refused(kept: Kept) -> None:
    kept.database.close()
    with raw(kept.database.path, kept.opened.data_key) as hands:
        hands.execute("UPDATE meta SET value = '1' WHERE key = 'schema'")
    with pytest.raises(StoreError, match="cannot be opened"):
        _open(kept)


def test_the_keys_may_be_changed_by_the_program_and_the_rest_may_not() -> None:
    assert "evidence_key" not in recipe.KEPT
    with fresh() as kept:
        kept.exhibit()
        with pytest.raises(StoreError), kept.database.writing() as connection:
            connection.exec_driver_sql("UPDATE evidence_key SET state = 'open', wrapped = NULL")
        with pytest.raises(StoreError), kept.database.writing() as connection:
            connection.exec_driver_sql("UPDATE evidence_key SET state = 'gone'")
