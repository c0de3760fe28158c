"""Opening, closing, and what goes wrong with the file: always a plain sentence, exit status 5, and nothing lost."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from esafety_tui.errors import StoreError
from esafety_tui.store import database, recipe, schema
from esafety_tui.store.browse import Browse
from esafety_tui.store.database import Database
from esafety_tui.store.drafts import Drafts
from esafety_tui.store.journal import Journal
from esafety_tui.store.troubles import NewerLog, NotThisLog, StreamMoved
from tests.store.made_log import EPOCH, KEY, LEADER, VAULT, draft, fill, incident, raw, stamp

CANARY = "Canary Zebedee Quillfeather"


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_recipe_is_on_the_connection(log: Database) -> None:
    wanted = {"journal_mode": "delete", "synchronous": 3, "secure_delete": 1, "foreign_keys": 1}
    wanted |= {"recursive_triggers": 1, "trusted_schema": 0, "temp_store": 2, "cache_size": -8192}
    with log.reading() as connection:
        for name, value in wanted.items():
            assert connection.exec_driver_sql(f"PRAGMA {name}").scalar() == value, name
        assert connection.exec_driver_sql("PRAGMA cipher_version").scalar()


def test_more_of_the_file_is_in_memory_only_while_much_of_it_is_written(log: Database) -> None:
    def pages() -> object:
        with log.reading() as connection:
            return connection.exec_driver_sql("PRAGMA cache_size").scalar()

    with log.roomy():
        assert pages() == -recipe.ROOMY_KIB
    assert pages() == -recipe.CACHE_KIB
    with log.roomy():
        log.close()  # as a lock does: there is nothing left whose memory could be given back


def test_an_old_sqlite_is_refused(path: Path, log: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recipe.dbapi2, "sqlite_version_info", (3, 51, 2))
    with pytest.raises(StoreError) as told:
        database.open(path, KEY, VAULT, EPOCH)
    assert told.value.exit_code == 5
    assert "too old" in told.value.what


def test_a_setting_that_does_not_take_is_refused(path: Path, log: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recipe, "_SETTINGS", (("synchronous", "NORMAL", 3),))
    with pytest.raises(StoreError):
        database.open(path, KEY, VAULT, EPOCH)


@pytest.mark.parametrize("key", [bytes(32), bytes(range(1, 33))])
def test_a_wrong_key_and_damage_are_one_sentence(path: Path, log: Database, key: bytes) -> None:
    log.close()
    before = digest(path)
    with pytest.raises(NotThisLog) as wrong:
        database.open(path, key, VAULT, EPOCH)
    assert digest(path) == before
    path.write_bytes(b"not a database at all, only some text" * 300)
    with pytest.raises(NotThisLog) as damaged:
        database.open(path, KEY, VAULT, EPOCH)
    assert (str(wrong.value), wrong.value.exit_code) == (str(damaged.value), 5)


@pytest.mark.parametrize(("vault", "epoch"), [(b"x" * 16, EPOCH), (VAULT, b"x" * 16)])
def test_another_vaults_file_is_refused(path: Path, log: Database, vault: bytes, epoch: bytes) -> None:
    with pytest.raises(NotThisLog):
        database.open(path, KEY, vault, epoch)


def test_an_empty_or_missing_file_is_refused_and_not_made(path: Path) -> None:
    with pytest.raises(StoreError, match="reached"):
        database.open(path, KEY, VAULT, EPOCH)
    assert not path.exists()
    path.touch()
    with pytest.raises(NotThisLog):
        database.open(path, KEY, VAULT, EPOCH)
    assert path.stat().st_size == 0


def test_a_database_of_something_else_under_the_key_is_refused(path: Path) -> None:
    path.touch()
    other = recipe.connect(path, KEY)
    other.execute("CREATE TABLE x(y)")
    other.close()
    with pytest.raises(NotThisLog):
        database.open(path, KEY, VAULT, EPOCH)


def test_a_newer_log_is_refused_and_untouched(path: Path, log: Database) -> None:
    log.close()
    with raw(path) as hands:
        hands.execute("UPDATE meta SET value = ? WHERE key = 'schema'", (str(schema.VERSION + 1),))
    before = digest(path)
    with pytest.raises(NewerLog, match="newer"):
        database.open(path, KEY, VAULT, EPOCH)
    assert digest(path) == before


def test_creating_never_writes_over_anything(path: Path, log: Database) -> None:
    before = digest(path)
    with pytest.raises(StoreError, match="already"):
        database.create(path, KEY, VAULT, EPOCH)
    assert digest(path) == before


def test_creating_where_nothing_can_be_written(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be written"):
        database.create(tmp_path / "missing" / "log-1.db", KEY, VAULT, EPOCH)


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
def test_the_file_is_for_its_owner_alone(path: Path, log: Database) -> None:
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_closed_log_says_so(log: Database) -> None:
    log.close()
    log.close()
    with pytest.raises(StoreError, match="closed"):
        Journal(log).head()


def test_a_path_with_every_odd_sign(tmp_path: Path) -> None:
    folder = tmp_path / "a%20b ?c#d é"
    folder.mkdir()
    log = database.create(folder / "log 1?mode=memory.db", KEY, VAULT, EPOCH)
    fill(Journal(log), 1)
    log.close()
    assert [item.name for item in folder.iterdir()] == ["log 1?mode=memory.db"]


def test_a_busy_file_is_told_and_nothing_is_lost(
    path: Path, log: Database, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(journal, 1, streams=1)
    log.close()
    monkeypatch.setattr(recipe, "BUSY_SECONDS", 0.05)
    other = database.open(path, KEY, VAULT, EPOCH)
    with raw(path), pytest.raises(StoreError, match="busy") as told:
        Journal(other).append("incident/0", [draft()], stamp(), 1)
    assert told.value.exit_code == 5
    assert Journal(other).append("incident/0", [draft()], stamp(), 1)[0].seq == 2
    other.close()


def test_a_full_disk_leaves_the_log_and_the_draft(journal: Journal, log: Database) -> None:
    Drafts(log).save("q", {"typed": "half"})
    written = fill(journal, 3, streams=1)
    with log.reading() as connection:
        driver = connection.connection.dbapi_connection
        assert driver is not None
        driver.set_authorizer(None)
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    big = draft(text="x" * 50_000)
    with pytest.raises(StoreError, match="full") as told:
        journal.append("incident/0", [big], stamp(), 3, incident(), clear_draft="q")
    assert told.value.exit_code == 5
    assert journal.since(0) == written
    assert Drafts(log).load("q") == {"typed": "half"}
    with log.reading() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    assert journal.append("incident/0", [big], stamp(), 3, incident(), clear_draft="q")[0].seq == 4


READ_ONLY = """
import os, sys
from pathlib import Path
from esafety_tui.errors import StoreError
from esafety_tui.store import database
from tests.store.made_log import *
with fresh() as warm:  # everything is loaded before this becomes somebody who may not even read the program
    fill(Journal(warm), 1)
if os.getuid() == 0:
    os.setuid(65534)
log = database.open(Path(sys.argv[1]), KEY, VAULT, EPOCH)
journal = Journal(log, write_head=lambda *_: True)
assert log.read_only and journal.head()[0] == 2 and len(journal.read("incident/0")) == 1
try:
    journal.append("incident/0", [draft()], stamp(), 1)
except StoreError as error:
    assert error.exit_code == 5 and "only be read" in str(error), str(error)
    assert journal.head()[0] == 2
    print("told")
"""


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
@pytest.mark.parametrize("writable_file", [False, True])
def test_a_folder_that_can_only_be_read(writable_file: bool) -> None:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "log-1.db"
        log = database.create(path, KEY, VAULT, EPOCH)
        fill(Journal(log), 2)
        log.close()
        before = digest(path)
        path.chmod(0o666 if writable_file else 0o444)
        path.parent.chmod(0o555)
        done = subprocess.run([sys.executable, "-c", READ_ONLY, str(path)], capture_output=True, text=True, check=False)
        path.parent.chmod(0o755)
        assert done.stdout == "told\n", done.stderr
        assert digest(path) == before


def test_threads_share_one_connection_one_after_the_other(journal: Journal, log: Database) -> None:
    def work(stream: str) -> None:
        for after in range(10):
            journal.append(stream, [draft()], stamp(), after, incident(ref=stream))
            Browse(log).incidents(LEADER, search="jamie")

    threads = [threading.Thread(target=work, args=(f"incident/{i}",)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [entry.seq for entry in journal.since(0)] == list(range(1, 41))


RACE = """
import sys
from pathlib import Path
from tests.store.made_log import *
from esafety_tui.store import database
from esafety_tui.store.troubles import StreamMoved
journal = Journal(database.open(Path(sys.argv[1]), KEY, VAULT, EPOCH))
written = moved = 0
print("ready", flush=True)
sys.stdin.readline()
for i in range(15):
    for stream in ("shared", sys.argv[2]):
        try:
            journal.append(stream, [draft(i=i)], stamp(i), journal.count(stream))
            written += 1
        except StreamMoved:
            moved += 1
print(written, moved, flush=True)
"""


def test_racing_writers_make_one_chain_or_are_told(path: Path, log: Database, reopen: Callable[[], Database]) -> None:
    log.close()
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", RACE, str(path), f"own-{i}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for i in range(3)
    ]
    for racer in racers:
        assert racer.stdout is not None
        assert racer.stdout.readline() == "ready\n"
    told = [racer.communicate("go\n", timeout=60)[0].split() for racer in racers]
    written = sum(int(one[0]) for one in told)
    entries = Journal(reopen()).since(0)
    assert [entry.seq for entry in entries] == list(range(1, written + 1))
    assert sum(int(one[1]) for one in told) + written == 3 * 30
    from esafety_tui.store.verify import verify
    from tests.store.made_log import CHEAP

    assert verify(reopen(), cost=CHEAP).ok


def test_two_openers_one_moves_the_other(path: Path, log: Database, journal: Journal) -> None:
    other = database.open(path, KEY, VAULT, EPOCH)
    fill(journal, 1, streams=1)
    with pytest.raises(StreamMoved):
        Journal(other).append("incident/0", [draft()], stamp(), 0)
    other.close()


def test_nothing_typed_is_in_clear_on_the_disk(tmp_path: Path, path: Path, log: Database, journal: Journal) -> None:
    Drafts(log).save("q", {"typed": CANARY})
    made = incident(name=CANARY, text=CANARY * 50, title=CANARY)
    seen: list[bytes] = []

    def look(entries: object) -> object:
        with log.reading() as connection:  # force what is half written out into the files
            for i in range(300):
                connection.exec_driver_sql("INSERT INTO draft VALUES (?, ?, '')", (f"{CANARY}{i}", CANARY * 300))
            connection.exec_driver_sql("SELECT body FROM draft ORDER BY body || key").fetchall()
        seen.extend(item.read_bytes() for item in tmp_path.rglob("*") if item.is_file())
        return made

    journal.append("incident/A", [draft(text=CANARY * 2000)], stamp(), 0, look)  # type: ignore[arg-type]
    log.close()
    seen.extend(item.read_bytes() for item in tmp_path.rglob("*") if item.is_file())
    assert len(seen) >= 3  # the journal file was among them
    for clear in (CANARY.encode(), b"Zebedee", b"SQLite format", b"CREATE TABLE"):
        assert not any(clear in content for content in seen)
