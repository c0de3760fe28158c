"""Somebody with the disk, an older copy and other tools: pages, files and folders put back, ends cut off, logs swapped.

Everything has to be told by the program, but for what only paper can tell: a whole older state of this computer, its
memory of the head with it. There the words copied into the book must tell it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import chdir, closing
from pathlib import Path

from sqlcipher3 import dbapi2

from esafety_tui.errors import EsafetyError
from esafety_tui.record import words
from tests.desk.made_school import rebuilt_as_it_was, shown_rows, unlock
from tests.torture import made
from tests.torture.bits import PAGE, backup_told, told
from tests.torture.tally import Tally

TAIL = 8


def run(place: Path, sample: int) -> Tally:
    """Each alteration in a copy of its own."""
    tally = Tally()
    made.base(place / "older")
    _younger(place)
    for alter in (_pages, _whole, _tails, _entries, _foreign):
        alter(tally, place, sample)
    return tally


def _younger(place: Path) -> None:
    """The same log some sittings later, in place/newer; another school's, in place/other."""
    shutil.copytree(place / "older", place / "newer")
    os.environ["ESAFETY_STATE"] = str(place / "newer" / "state")
    session = unlock(place / "newer" / "home")
    for _ in range(4):
        made.slip(session)
    session.close()
    made.base(place / "other")


def copy(place: Path) -> Path:
    there = place / "there"
    shutil.rmtree(there, ignore_errors=True)
    shutil.copytree(place / "newer", there)
    os.environ["ESAFETY_STATE"] = str(there / "state")
    return there


def attempt(
    tally: Tally, place: Path, what: str, alter: Callable[[Path], object], check: Callable[[Path], str] = told
) -> str:
    """Alter a copy; what the program says of it."""
    there = copy(place)
    with chdir(there):
        alter(there)
        try:
            said = check(there)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
            tally.inconsistent.append(f"{what}: {type(error).__name__} {error}")
            said = "-"
    tally.points += 1
    return said


def must_tell(
    tally: Tally, place: Path, what: str, alter: Callable[[Path], object], check: Callable[[Path], str] = told
) -> None:
    if not attempt(tally, place, what, alter, check):
        tally.undetected.append(f"{what}: nothing was said")


def _pages(tally: Tally, place: Path, sample: int) -> None:
    """Every page of the older file, put back one at a time: each is genuine. It is told; or it is of what is computed
    (the search index), the journal is whole, and the rows of the log are those of its entries."""
    older = (place / "older/home/log-1.db").read_bytes()
    newer = (place / "newer/home/log-1.db").read_bytes()
    starts = [at for at in range(0, len(older), PAGE) if older[at : at + PAGE] != newer[at : at + PAGE]]
    for at in starts[::sample]:

        def put(there: Path, at: int = at) -> None:
            (there / "home/log-1.db").write_bytes(newer[:at] + older[at : at + PAGE] + newer[at + PAGE :])

        what = f"page {at // PAGE + 1} of yesterday put back"
        if not attempt(tally, place, what, put):
            _computed(tally, place / "there", what)


def _computed(tally: Tally, there: Path, what: str) -> None:
    """Nothing was said: then what a person sees must be what the entries say, and a search must find it."""
    session = unlock(there / "home")
    try:
        seen = shown_rows(session), len(session.browsing.page().rows), session.browsing.counts()["status"]
        rebuilt_as_it_was(session)
        assert seen == (shown_rows(session), len(session.browsing.page().rows), session.browsing.counts()["status"])
    except (AssertionError, EsafetyError) as error:
        tally.undetected.append(f"{what}: nothing was said, and what is shown is of yesterday {str(error)[:80]}")
    finally:
        session.close()


def _whole(tally: Tally, place: Path, sample: int) -> None:
    """The older log, header, folder, and the folder with this computer's memory."""
    older = place / "older"

    def put(*names: str) -> Callable[[Path], None]:
        def into(there: Path) -> None:
            for name in names:
                target = there / name
                shutil.rmtree(target) if target.is_dir() else target.unlink()
                shutil.copytree(older / name, target) if (older / name).is_dir() else shutil.copy(older / name, target)

        return into

    must_tell(tally, place, "yesterday's log put back", put("home/log-1.db"))
    must_tell(tally, place, "yesterday's folder put back", put("home"))
    session = unlock(copy(place) / "home")
    seq, value = session.journal.head()
    paper = f"{seq} {words.head_words(value, session.unlocked.header.vault_id)}"
    session.close()
    if said := attempt(tally, place, "folder and memory put back", put("home", "state")):
        tally.inconsistent.append(f"folder and memory put back: told without paper, which cannot be: {said}")
    _by_paper(tally, place, paper, "yesterday's folder put back with this computer's memory of it")


def _by_paper(tally: Tally, place: Path, paper: str, what: str) -> None:
    """The words in the book tell it."""
    session = unlock(place / "there" / "home")
    found = session.care.verify(head=paper)
    session.close()
    tally.points += 1
    if found["ok"]:
        tally.undetected.append(f"{what}: not even the words on paper tell")
    else:
        tally.paper.append(what)


def _tables(hands: dbapi2.Connection) -> list[str]:
    """The tables that hold something for each entry."""
    names = [row[0] for row in hands.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return [name for name in names if "seq" in {row[1] for row in hands.execute(f'PRAGMA table_info("{name}")')}]


def _altered(change: Callable[[dbapi2.Connection], None]) -> Callable[[Path], None]:
    """Change the log with the key in hand, and put the triggers back so that nothing else shows."""

    def alter(there: Path) -> None:
        session = unlock(there / "home")
        key, path = session.unlocked.data_key, session.database.path
        session.close()
        with closing(dbapi2.connect(str(path), isolation_level=None)) as hands:
            hands.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
            triggers = hands.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for name, _ in triggers:
                hands.execute(f'DROP TRIGGER "{name}"')
            change(hands)
            for _, sql in triggers:
                hands.execute(sql)

    return alter


def _tails(tally: Tally, place: Path, sample: int) -> None:
    """The last entries cut off with the key in hand: told by this computer's memory; without it, by paper alone."""
    session = unlock(copy(place) / "home")
    last, value = session.journal.head()
    paper = f"{last} {words.head_words(value, session.unlocked.header.vault_id)}"
    session.close()
    for count in range(1, TAIL + 1, sample):

        def cut(hands: dbapi2.Connection, first: int = last - count + 1) -> None:
            for table in _tables(hands):
                hands.execute(f'DELETE FROM "{table}" WHERE seq >= ?', (first,))  # noqa: S608 - its own tables

        must_tell(tally, place, f"the last {count} entries cut off", _altered(cut))
        _cut_and_forgotten(tally, place, cut, paper, count)


def _cut_and_forgotten(
    tally: Tally, place: Path, cut: Callable[[dbapi2.Connection], None], paper: str, count: int
) -> None:  # fmt: skip
    there = copy(place)
    with chdir(there):
        _altered(cut)(there)
        shutil.rmtree(there / "state" / "heads")
        what = f"the last {count} entries cut off, and this computer's memory of them"
        if told(there):
            tally.points += 1
        else:
            _by_paper(tally, place, paper, what)


def _entries(tally: Tally, place: Path, sample: int) -> None:
    """Each entry in turn changed, dropped, and exchanged with the next, with the key in hand."""
    session = unlock(copy(place) / "home")
    last = session.journal.head()[0]
    session.close()

    def record(hands: dbapi2.Connection, seq: int) -> None:
        hands.execute(
            "UPDATE record SET bytes = CAST(replace(CAST(bytes AS TEXT), 'e', 'a') AS BLOB) WHERE seq = ?", (seq,)
        )

    def leaf(hands: dbapi2.Connection, seq: int) -> None:
        hands.execute("UPDATE entry SET leaf = randomblob(32) WHERE seq = ?", (seq,))

    def salt(hands: dbapi2.Connection, seq: int) -> None:
        hands.execute("UPDATE record SET salt = randomblob(32) WHERE seq = ?", (seq,))

    def drop(hands: dbapi2.Connection, seq: int) -> None:
        hands.execute("DELETE FROM record WHERE seq = ?", (seq,))

    def gone(hands: dbapi2.Connection, seq: int) -> None:
        hands.execute("DELETE FROM record WHERE seq = ?", (seq,))
        hands.execute("DELETE FROM listing WHERE seq = ?", (seq,))
        hands.execute("DELETE FROM entry WHERE seq = ?", (seq,))

    def swap(hands: dbapi2.Connection, seq: int) -> None:
        found = [hands.execute("SELECT salt, bytes FROM record WHERE seq = ?", (s,)).fetchone() for s in (seq, seq + 1)]
        for s, values in zip((seq + 1, seq), found, strict=True):
            hands.execute("UPDATE record SET salt = ?, bytes = ? WHERE seq = ?", (*values, s))

    for change in (record, leaf, salt, drop, gone, swap):
        for seq in range(1, last, max(3, sample * 3)):
            alter = _altered(lambda hands, change=change, seq=seq: change(hands, seq))  # type: ignore[misc]
            must_tell(tally, place, f"entry {seq}: {change.__name__}", alter)


def _foreign(tally: Tally, place: Path, sample: int) -> None:
    """Another school's files in the place of this one's."""
    other = place / "other"

    def take(name: str, theirs: str = "") -> Callable[[Path], None]:
        def into(there: Path) -> None:
            for target in sorted(there.glob(name)):
                source = next(other.glob(theirs or name))
                shutil.copy(source, target)

        return into

    for name in ("home/log-1.db", "home/vault.json", "home/evidence/*.bin"):
        must_tell(tally, place, f"another school's {name}", take(name))
    must_tell(tally, place, "a log of start now", take("home/log-1.db", "provisional/log-1.db"))
    for name in ("log-1.db", "vault.json", "backup.json"):
        must_tell(tally, place, f"another school's {name} in the backup", take(f"stick/*/*/*/{name}"), backup_told)
    must_tell(tally, place, "another school's evidence in the backup", take("stick/*/*/evidence/*.bin"), backup_told)
    must_tell(tally, place, "an older log as the backup", _older_in_backup, backup_told)


def _older_in_backup(there: Path) -> None:
    """The log as it is now, where the backup's list names the one of then."""
    for target in there.glob("stick/*/*/*/log-1.db"):
        shutil.copy(there / "home" / "log-1.db", target)
