"""Killed at every write while a record is destroyed: the record is there whole, or no word, key or file of it is."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from esafety_tui.store.verify import verify
from tests.desk.made_school import CHEAP_WORDS, found
from tests.desk.retained import suspicion
from tests.desk.test_killed import Server, killed_at_each_point, opened, server
from tests.store import bare_pages

__all__ = ["server"]

pytestmark = pytest.mark.slow
WORD = b"the message, as a whole"


@pytest.fixture
def before(quick_folder: Path, own_folders: Path) -> Path:
    """A home with a closed case that keeps a file, and one that goes on."""
    place = quick_folder / own_folders.name
    place.mkdir()
    shutil.copytree(os.environ["ESAFETY_STATE"], place / "state", dirs_exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ESAFETY_STATE", str(place / "state"))
        session = found(place / "home", "spires")
        suspicion(session, files=1)
        session.casework.begin()
        session.close()
    return place


def test_a_record_is_destroyed(server: Server, before: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = set()
    for home, said in killed_at_each_point(server, "dispose", before, monkeypatch, every=61, names=False):
        session = opened(home)
        assert not [text for text in session.warnings if "verify" in text], "a head was remembered that no log holds"
        there = len(session.browsing.log()) == 2
        assert not (said and there), "what was confirmed did not hold"
        assert bool(list((home / "evidence").glob("*.bin"))) == there
        report = verify(session.database, cost=CHEAP_WORDS)
        assert (report.ok, report.tombstones > 0, report.evidence_checked) == (True, not there, int(there))
        key, path = session.unlocked.data_key, session.database.path
        assert any(WORD in page.lower() for page in bare_pages.pages(path, key)) == there
        assert [one.name for one in home.glob("log-*")] == [path.name]
        session.close()
        seen.add(there)
    assert seen == {True, False}
