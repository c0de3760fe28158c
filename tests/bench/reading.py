"""What it costs to check the whole log, and its newest part at unlock, beside reading the same entries."""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from pathlib import Path

from esafety_tui.store import recipe, verify
from esafety_tui.vault import heads
from tests.bench import places
from tests.bench.measure import Result, clock, medians

PAGE = 500
READ = (
    "SELECT e.seq, e.leaf, e.chain, r.salt, r.bytes FROM entry e JOIN record r ON r.seq = e.seq"
    " WHERE e.seq > ? ORDER BY e.seq LIMIT ?"
)


def bench(homes: Mapping[int, Path], runs: int) -> list[Result]:
    """The table "Integrity", as far as it is about entries."""
    results = []
    for size, home in homes.items():
        session = places.unlock(home)
        try:
            results += [_whole(session, size, runs), _tail(session, size, runs)]
        finally:
            session.close()
    return results


def _whole(session: places.Session, size: int, runs: int) -> Result:
    entries = session.journal.head()[0]
    floor, product = medians(runs, lambda: _read(session), lambda: clock(session.care.verify))
    floor_is = "reading them, a page of 500 at a time, over a new connection"
    what = f"verify, {size:,} incidents, {entries:,} entries"
    return Result(what, floor, product, 1.5, floor_is=floor_is, note=_parts(session))


def _tail(session: places.Session, size: int, runs: int) -> Result:
    seen = heads.read_heads(session.unlocked.header.vault_id)
    took = statistics.median(clock(lambda: verify.verify_tail(session.database, seen)) for _ in range(runs))
    return Result(f"the check at unlock, {size:,} incidents", None, took, 10.0, note="aim: 10 ms")


def _read(session: places.Session) -> float:
    driver = recipe.connect(session.database.path, session.unlocked.data_key, 4096)
    try:
        return clock(lambda: _all_pages(driver))
    finally:
        driver.close()


def _all_pages(driver: recipe.dbapi2.Connection) -> None:
    last = 0
    while page := driver.execute(READ, (last, PAGE)).fetchall():
        last = page[-1][0]


def _parts(session: places.Session) -> str:
    """What of it is not reading entries: the six words cost an Argon2id of their own, whatever the size."""
    words = clock(session.care.anchor)
    pages = clock(lambda: _sealed(session))
    return f"of it, whatever the size: the six words {words:.0f} ms; every page's own seal: {pages:.0f} ms"


def _sealed(session: places.Session) -> None:
    with session.database.another() as other, other.reading() as connection:
        connection.exec_driver_sql("PRAGMA cipher_integrity_check").fetchall()
