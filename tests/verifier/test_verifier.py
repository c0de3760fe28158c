"""The verifier of data/verifier, written from FORMAT.md alone: what holds, and each way in which a log may not."""

from __future__ import annotations

import ast
import hashlib
import json
import shutil
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from esafety_tui.desk import clock, opening
from esafety_tui.desk.asks import Reply
from esafety_tui.desk.copies import restoring
from esafety_tui.record import canonical, chain, words
from tests.project.code_rules import imports
from tests.verifier.conftest import VERIFIER, Log, verify

pytestmark = pytest.mark.xdist_group("verifier")


def test_it_shares_no_code_with_the_program() -> None:
    known = {"argparse", "base64", "getpass", "hashlib", "hmac", "json", "os", "pathlib", "re", "sys", "unicodedata"}
    known |= {"cryptography", "sqlcipher3", "importlib", *(file.stem for file in VERIFIER.glob("*.py"))}
    named = {
        name.partition(".")[0]
        for file in VERIFIER.glob("*.py")
        for _, name in imports(ast.parse(file.read_text(encoding="utf-8")))
    }
    assert "sqlcipher3" in named
    assert named <= known


def test_a_log_that_holds_and_the_program_says_the_same(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {path: path.read_bytes() for path in log.home.rglob("*") if path.is_file()}
    told = verify(log)
    assert {path: path.read_bytes() for path in log.home.rglob("*") if path.is_file()} == before
    assert (told.status, told.error) == (0, "")
    monkeypatch.setenv("ESAFETY_STATE", str(log.state))
    session = opening.unlock(log.home, *log.people[0])
    own = session.care.verify()
    session.close()
    assert told.report == {name: own[name] for name in told.report}
    assert told.report["ok"]
    assert told.report["evidence_checked"] > 0
    for head in (own["words"], own["head"], f"{own['entries']} {own['head']}", own["words"].upper().replace(" ", "-")):
        assert verify(log, "--head", head).status == 0, head
    assert verify(log, "--heads", str(heads_file(log))).status == 0


def test_as_sentences(log: Log) -> None:
    told = verify(log, plain=True)
    assert (told.status, told.error) == (0, "")
    assert told.output.endswith("RESULT: everything holds\n")
    (log.home / "evidence" / "\x1b[2J\u202e.txt").write_text("x")
    told = verify(log, plain=True)
    assert told.status == 1
    assert told.output.isascii()
    assert told.output.replace("\n", "").isprintable()
    assert "SOMETHING DOES NOT HOLD" in told.output


def test_every_login_and_nobody_else(log: Log) -> None:
    assert all(verify(log, login=login, secret=password).status == 0 for login, password in log.people[1:3])
    wrong = [verify(log, secret="not the password"), verify(log, login="nobody")]
    assert [told.status for told in wrong] == [4, 4]
    assert wrong[0].error == wrong[1].error
    assert wrong[0].output == ""


def test_a_password_of_a_real_log_is_typed(log: Log) -> None:
    header = json.loads((log.home / "vault.json").read_bytes())
    header["kind"] = "school"
    body = {name: value for name, value in header.items() if name != "check"}
    header["check"] = hashlib.sha256(b"esafety/header-check/1\0" + canonical.encode(body)).hexdigest()
    (log.home / "vault.json").write_bytes(canonical.encode(header))
    told = verify(log)
    assert (told.status, "typed" in told.error) == (2, True)


def flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("part", [0.0, 0.01, 0.2, 0.5, 0.8, 0.999])
def test_one_flipped_byte_of_the_database(log: Log, part: float) -> None:
    flip(log.database, int(log.database.stat().st_size * part))
    told = verify(log)
    # In the first page it is no database any more; elsewhere the page is named.
    assert told.status == (5 if part == 0.0 else 1), told
    assert told.error if part == 0.0 else "damaged" in told.texts


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9])
def test_one_flipped_byte_of_the_header(log: Log, part: float) -> None:
    path = log.home / "vault.json"
    flip(path, int(path.stat().st_size * part))
    told = verify(log)
    assert (told.status, "damaged" in told.error) == (5, True)


def test_a_header_changed_on_purpose(log: Log) -> None:
    header = json.loads((log.home / "vault.json").read_bytes())
    header["slots"] = header["slots"][:1]
    body = {name: value for name, value in header.items() if name != "check"}
    header["check"] = hashlib.sha256(b"esafety/header-check/1\0" + canonical.encode(body)).hexdigest()
    (log.home / "vault.json").write_bytes(canonical.encode(header))
    told = verify(log)
    assert (told.status, "has not the key" in told.error) == (5, True)


def test_nothing_there(log: Log) -> None:
    log.database.unlink()
    assert verify(log).status == 5
    (log.home / "vault.json").unlink()
    assert verify(log).status == 5


def test_another_schools_database(log: Log, another: Log) -> None:
    shutil.copy(another.database, log.database)
    told = verify(log)
    assert (told.status, "another's" in told.error) == (5, True)
    assert verify(another).status == 0


def heads_file(log: Log) -> Path:
    return log.state / "heads" / f"{log.vault().hex()}.json"


def test_the_tail_dropped_is_told_by_a_head_kept_outside_and_by_nothing_else(log: Log) -> None:
    whole = verify(log).report
    last = whole["entries"]
    with log.tools() as connection:
        for table in ("record", "listing", "entry"):
            connection.execute(f"DELETE FROM {table} WHERE seq > ?", (last - 3,))  # noqa: S608
    assert verify(log).status == 0, "nothing inside can tell"
    for options in (["--heads", str(heads_file(log))], ["--head", whole["words"]]):
        told = verify(log, *options)
        assert (told.status, told.report["first_bad"]) == (1, last - 2), options
        assert "was seen before" in told.texts
    assert verify(log, "--head", whole["head"]).status == 1


def record(connection: dbapi2.Connection, kind: str = "") -> tuple[int, bytes]:
    """An entry and its record: the first of a kind, or one in the middle."""
    query = "SELECT r.seq, r.bytes FROM record r JOIN listing l USING (seq) WHERE kind = ? OR seq = ? ORDER BY 1"
    found: tuple[int, bytes] = connection.execute(query, (kind, 0 if kind else 25)).fetchone()
    return found


def rewritten(log: Log, connection: dbapi2.Connection, seq: int, told: bytes) -> None:
    """Another record for an entry, and every chain value from there on made anew: what a key-holder can do."""
    rows = dict(connection.execute("SELECT seq, leaf FROM entry WHERE seq >= ?", (seq,)).fetchall())
    (salt,) = connection.execute("SELECT salt FROM record WHERE seq = ?", (seq,)).fetchone()
    rows[seq] = chain.leaf(salt, told)
    connection.execute("UPDATE record SET bytes = ? WHERE seq = ?", (told, seq))
    (value,) = connection.execute("SELECT chain FROM entry WHERE seq = ?", (seq - 1,)).fetchone()
    for number, leaf in sorted(rows.items()):
        value = chain.link(value, number, leaf)
        connection.execute("UPDATE entry SET leaf = ?, chain = ? WHERE seq = ?", (leaf, value, number))


def test_a_record_changed(log: Log) -> None:
    with log.tools() as connection:
        seq, told = record(connection)
        connection.execute("UPDATE record SET bytes = ? WHERE seq = ?", (told.replace(b'"v":1', b'"v":2'), seq))
    told_by = verify(log)
    assert (told_by.status, told_by.report["first_bad"]) == (1, seq)
    assert f"The record of entry {seq} was changed." in told_by.texts


@pytest.mark.parametrize("table", ["entry", "record", "listing"])
def test_a_row_taken_out_of_the_middle(log: Log, table: str) -> None:
    with log.tools() as connection:
        connection.execute(f"DELETE FROM {table} WHERE seq = 20")  # noqa: S608
    told = verify(log)
    assert (told.status, told.report["first_bad"]) == (1, 20)


def test_two_entries_swapped(log: Log) -> None:
    with log.tools() as connection:
        for old, new in ((20, 0), (21, 20), (0, 21)):
            connection.execute("UPDATE entry SET seq = ? WHERE seq = ?", (new, old))
    assert verify(log).report["first_bad"] == 20


def test_a_copy_for_finding_that_says_something_else(log: Log) -> None:
    with log.tools() as connection:
        connection.execute("UPDATE listing SET happened = '2020-01-01T12:00:00.001Z' WHERE seq = 30")
    told = verify(log)
    assert (told.report["first_bad"], "copies" in told.texts) == (30, True)


def test_a_history_rewritten_with_the_key(log: Log) -> None:
    """Sound in itself, but for signatures over what was there before; the head on paper tells."""
    whole = verify(log).report
    with log.tools() as connection:
        seq, told = record(connection, "signed")
        rewritten(log, connection, seq, told.replace(b'"statement":"', b'"statement":"No. '))
    found = verify(log)
    assert (found.status, found.report["first_bad"]) == (1, seq)
    assert f"The signature of entry {seq} does not hold for its words." in found.texts
    with_paper = verify(log, "--head", whole["words"])
    assert "was rewritten there or earlier" in with_paper.texts


def test_a_signature_with_another_key(log: Log) -> None:
    with log.tools() as connection:
        seq, told = record(connection, "signed")
        data = json.loads(told)
        data["data"]["public_key"] = "00" * 32
        rewritten(log, connection, seq, canonical.encode(data))
    found = verify(log)
    assert (found.report["first_bad"], "not the signer's" in found.texts) == (seq, True)


@pytest.mark.parametrize(
    "data",
    [
        '{"disposes":[["a",{}]]}',
        '{"disposes":7}',
        '{"evidence":{},"exhibit":[],"stored_sha256":5,"stored_size":"x"}',
        '{"exhibits":[[]],"people":7}',
        '{"how":"password","over_chain":"00","over_seq":"x","person":[],"statement":5}',
        "[]",
    ],
)
def test_a_key_holder_who_writes_nonsense_is_named_and_nothing_breaks(log: Log, data: str) -> None:
    with log.tools() as connection:
        for at, kind in enumerate(("exhibited", "sealed", "signed", "home-joined", "restored", "recovered")):
            (told,) = connection.execute("SELECT bytes FROM record WHERE seq = ?", (40 + at,)).fetchone()
            changed = {**json.loads(told), "kind": kind, "data": json.loads(data)}
            rewritten(log, connection, 40 + at, canonical.encode(changed))
            connection.execute("UPDATE listing SET kind = ? WHERE seq = ?", (kind, 40 + at))
    told_by = verify(log)
    assert (told_by.status, told_by.report["first_bad"] in range(40, 46)) == (1, True), told_by
    assert told_by.report["findings"]


def test_a_table_that_holds_no_hashes(log: Log) -> None:
    with log.tools() as connection:
        connection.execute("UPDATE entry SET leaf = 'text' WHERE seq = 30")
    told = verify(log)
    assert (told.status, told.report["first_bad"]) == (1, 30)


def test_a_record_that_is_not_in_its_one_form(log: Log) -> None:
    with log.tools() as connection:
        seq, told = record(connection)
        rewritten(log, connection, seq, told.replace(b'"v":1', b'"v": 1'))
    found = verify(log)
    assert (found.report["first_bad"], "not in the form" in found.texts) == (seq, True)


def test_what_was_disposed_of_leaves_tombstones_and_the_chain_holds(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESAFETY_STATE", str(log.state))
    years = timedelta(days=40 * 366)
    monkeypatch.setattr(clock, "now", lambda: clock.of(datetime.now().astimezone() + years))
    session = opening.unlock(log.home, *log.people[0])
    ref = next(line.ref for line in session.retention.due() if line.ready)
    login, password = log.people[1]
    filled = {"reason": "The rule says so", "login": login, "password": password}
    session.retention.reply("dispose", Reply("dispose", filled), (ref,))
    own = session.care.verify()
    session.close()
    told = verify(log)
    assert (told.status, told.report["findings"]) == (0, [])
    assert told.report["tombstones"] == own["tombstones"] > 0


def test_a_record_taken_away_under_the_name_of_a_disposal(log: Log) -> None:
    with log.tools() as connection:
        for table in ("record", "listing"):
            connection.execute(f"DELETE FROM {table} WHERE seq = 25")  # noqa: S608
        connection.execute("INSERT INTO disposal (seq, by_entry) VALUES (25, 30)")
    told = verify(log)
    assert (told.status, told.report["first_bad"], "did not order it" in told.texts) == (1, 25, True)


def evidence(log: Log) -> Path:
    return sorted((log.home / "evidence").glob("*.bin"))[0]


def test_evidence_files(log: Log) -> None:
    file = evidence(log)
    whole = file.read_bytes()
    flip(file, len(whole) // 2)
    assert "was changed" in verify(log).texts
    file.write_bytes(whole[:-1])
    assert "size" in verify(log).texts
    file.unlink()
    told = verify(log)
    assert (told.status, told.report["evidence_bad"], "missing" in told.texts) == (1, 1, True)
    file.write_bytes(whole)
    (file.parent / f"{'ab' * 16}.bin").write_bytes(b"x")
    assert "No entry names" in verify(log).texts


def test_a_key_of_evidence_that_the_entries_say_is_otherwise(log: Log) -> None:
    with log.tools() as connection:
        connection.execute("UPDATE evidence_key SET state = CASE state WHEN 'open' THEN 'sealed' ELSE 'open' END")
    assert "sealed or open" in verify(log).texts


@pytest.mark.parametrize("head", ["", "412", "word word", "412 grief patrol pluck pipe fatal kitte", "ff" * 31])
def test_what_is_no_head(log: Log, head: str) -> None:
    if head:
        assert verify(log, "--head", head).status == 2
    assert verify(log, "--heads", str(log.home / "none")).status == 2


def test_the_words_of_another_log(log: Log) -> None:
    paper = f"5 {words.head_words(b'1' * 32, log.vault())}"
    told = verify(log, "--head", paper)
    assert (told.status, told.report["first_bad"]) == (1, 5)


def test_a_restored_log_until_two_people_have_recorded_it(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESAFETY_STATE", str(log.state))
    stick = log.home.parent / "stick"
    stick.mkdir()
    with_session = opening.unlock(log.home, *log.people[0])
    with_session.copies.make(stick, "Stick A")
    with_session.casework.begin()
    lost = with_session.care.anchor()
    with_session.close()
    monkeypatch.setenv("ESAFETY_STATE", str(log.home.parent / "state-2"))
    there = Log(log.home.parent / "there", log.home.parent / "state-2", log.people)
    restoring.with_password(restoring.choose(stick), there.home, *log.people[0])
    told = verify(there)
    assert (told.status, "put back from a backup" in told.texts) == (1, True)
    again = opening.unlock(there.home, *log.people[0])
    restoring.record(again, *log.people[1], "The disk failed", f"{lost[0]} {lost[1]}")
    again.close()
    assert verify(there).status == 0
    # What was lost is known, by its value and in the words that stand on paper, and no accusation.
    again = opening.unlock(there.home, *log.people[0])
    ((_, event),) = again.register.copies.restored.values()
    again.close()
    assert (event.newest, event.newest_chain) == (lost[0], lost[1])
    for head in (f"{lost[0]} {lost[1]}", lost[2], f"{lost[0]} {lost[2]}"):
        told = verify(there, "--head", head)
        assert (told.status, told.report["findings"]) == (0, []), head
    swapped = " ".join(reversed(lost[1].split()))
    assert verify(there, "--head", f"{lost[0]} {swapped}").status == 1
    assert verify(there, "--head", f"{lost[0] - 1} {lost[1]}").status == 1


def test_whoever_stops_reading_gets_no_traceback(log: Log) -> None:
    login, secret = log.people[0]
    file = log.home.parent / "password"
    file.write_text(secret)
    told = [sys.executable, "-I", "-B", str(VERIFIER), str(log.home), "--login", login, "--password-file", str(file)]
    done = subprocess.Popen(told, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert done.stdout is not None
    assert done.stderr is not None
    done.stdout.close()
    said = done.stderr.read()
    assert done.wait() == 5
    assert said == ""
