"""Cases that are kept apart: older pages and files put back, files exchanged and taken away, entries changed and cut
off with the key in hand. The log has the head of each, so all of it is told without paper.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sqlcipher3 import dbapi2

from esafety_tui.desk.session import Session
from esafety_tui.store import enclosed
from tests.desk.made_school import do, unlock
from tests.torture import made, swaps
from tests.torture.bits import PAGE, backup_told
from tests.torture.tally import Tally

#: Where the cases are; in the home, and in a backup of it.
HOME, BACKUP = f"home/{enclosed.FOLDER}", f"stick/*/*/*/{enclosed.FOLDER}"


def run(place: Path, sample: int) -> Tally:
    """Each alteration in a copy of its own."""
    tally = Tally()
    made.base(place / "base")
    made.grown(place / "grown")
    shutil.copytree(place / "grown", place / "newer")
    os.environ["ESAFETY_STATE"] = str(place / "newer" / "state")
    session = unlock(place / "newer" / "home")
    for name in ("apart", "moved"):
        for _ in range(3):
            do(session, made.facts(place / "grown")[name], "note", "add", text="Later words, of another day")
    session.close()
    for path in sorted((place / "newer").glob(f"{HOME}/*/log-*.db")):
        _pages(tally, place, path.relative_to(place / "newer"), sample)
    _files(tally, place)
    for name in ("apart", "moved"):
        _entries(tally, place, name, sample)
    return tally


def _pages(tally: Tally, place: Path, path: Path, sample: int) -> None:
    """Every page of the older file, put back one at a time; where nothing is told, nothing of yesterday is shown."""
    older, newer = (place / "grown" / path).read_bytes(), (place / "newer" / path).read_bytes()
    starts = [at for at in range(0, len(older), PAGE) if older[at : at + PAGE] != newer[at : at + PAGE]]
    for at in starts[::sample]:

        def put(there: Path, at: int = at) -> None:
            (there / path).write_bytes(newer[:at] + older[at : at + PAGE] + newer[at + PAGE :])

        what = f"page {at // PAGE + 1} of yesterday put back in a case kept apart"
        if not swaps.attempt(tally, place, what, put):
            _shown(tally, place, what)


def _shown(tally: Tally, place: Path, what: str) -> None:
    """Nothing was said: what a person sees is that of the newer log."""
    seen = []
    for home in (place / "there/home", place / "newer/home"):
        session = unlock(home)
        seen.append([*session.browsing.page().rows, session.browsing.counts(), session.browsing.home().open])
        session.close()
    if repr(seen[0]) != repr(seen[1]):
        tally.undetected.append(f"{what}: nothing was said, and what is shown is of yesterday")


def _files(tally: Tally, place: Path) -> None:
    """Whole files, in the home and on the stick."""

    def older(there: Path) -> None:
        for path in there.glob(f"{HOME}/*/log-*.db"):
            shutil.copy(place / "grown" / path.relative_to(there), path)

    def exchanged(where: str) -> Callable[[Path], None]:
        def exchange(there: Path) -> None:
            one, other = sorted(there.glob(f"{where}/*/log-*.db"))
            kept = one.read_bytes()
            one.write_bytes(other.read_bytes())
            other.write_bytes(kept)

        return exchange

    def gone(what: str) -> Callable[[Path], None]:
        def remove(there: Path) -> None:
            (path,) = list(there.glob(what))[:1]
            shutil.rmtree(path) if path.is_dir() else path.unlink()

        return remove

    def anothers(what: str) -> Callable[[Path], None]:
        def put(there: Path) -> None:
            (path,) = there.glob(what)
            shutil.copy(next((there / "home/evidence").glob("*.bin")), path)

        return put

    swaps.must_tell(tally, place, "yesterday's files of cases kept apart", older)
    swaps.must_tell(tally, place, "two cases kept apart, exchanged", exchanged(HOME))
    swaps.must_tell(tally, place, "two cases kept apart, exchanged in the backup", exchanged(BACKUP), backup_told)
    for kind, what in (("its file", "*/log-*.db"), ("its folder", "*"), ("its exhibit", "*/evidence/*.bin")):
        swaps.must_tell(tally, place, f"a case kept apart without {kind}", gone(f"{HOME}/{what}"))
    swaps.must_tell(tally, place, "a case kept apart with another's exhibit", anothers(f"{HOME}/*/evidence/*.bin"))
    for kind, what in (("its file", "*/log-*.db"), ("its folder", "*")):
        swaps.must_tell(
            tally, place, f"a case kept apart without {kind} in the backup", gone(f"{BACKUP}/{what}"), backup_told
        )
    shared = f"stick/*/*/{enclosed.FOLDER}/*/evidence/*.bin"
    swaps.must_tell(tally, place, "its exhibit gone from the backup", gone(shared), backup_told)
    swaps.must_tell(tally, place, "its exhibit exchanged in the backup", anothers(shared), backup_told)


Change = Callable[[dbapi2.Connection, int], object]
CHANGES: dict[str, Change] = {
    "the record changed": lambda hands, seq: hands.execute(
        "UPDATE record SET bytes = CAST(replace(CAST(bytes AS TEXT), 'e', 'a') AS BLOB) WHERE seq = ?", (seq,)
    ),
    "the leaf changed": lambda hands, seq: hands.execute(
        "UPDATE entry SET leaf = randomblob(32) WHERE seq = ?", (seq,)
    ),
    "the record gone": lambda hands, seq: hands.execute("DELETE FROM record WHERE seq = ?", (seq,)),
    "everything from there on gone": lambda hands, seq: [
        hands.execute(f"DELETE FROM {table} WHERE seq >= ?", (seq,))  # noqa: S608 - its own tables
        for table in ("record", "listing", "entry")
    ],
}


def _entries(tally: Tally, place: Path, name: str, sample: int) -> None:
    """Entries of one case, each changed with the key in hand."""
    ref = made.facts(place / "newer")[name]
    session = unlock(swaps.copy(place) / "home")
    room = session.compartments.of_ref(ref)
    assert room
    seqs = list(range(room.database.base + 1, room.journal.head()[0] + 1))
    session.close()
    for what, change in CHANGES.items():
        for seq in seqs[:: 3 * sample]:
            alter = _with_the_key(ref, change, seq)
            swaps.must_tell(tally, place, f"{name}, entry {seq - seqs[0] + 1}: {what}", alter)


def _with_the_key(ref: str, change: Change, seq: int) -> Callable[[Path], None]:
    def alter(there: Path) -> None:
        session: Session = unlock(there / "home")
        room = session.compartments.of_ref(ref)
        assert room
        key, path = room.key.data_key, room.database.path
        session.close()
        with closing(dbapi2.connect(str(path), isolation_level=None)) as hands:
            hands.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
            triggers = hands.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for trigger, _ in triggers:
                hands.execute(f'DROP TRIGGER "{trigger}"')
            change(hands, seq)
            for _, sql in triggers:
                hands.execute(sql)

    return alter
