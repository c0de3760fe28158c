"""A damaged log accuses no exhibit: of a file whose entry cannot be read nothing is said but that."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from esafety_tui.desk.session import Session
from esafety_tui.store.verify import verify
from tests.desk.handed import pack as pack
from tests.desk.made_school import CHEAP_WORDS, do
from tests.desk.test_evidence import keep, looked, png

PAGE = 4096


@pytest.fixture
def damaged(sign_in: Callable[..., Session], home: Path, tmp_path: Path) -> Session:
    """A log with an exhibit, in which from some page on one byte of each is another."""
    from tests.desk.driver import INTERNAL, Driver

    session = sign_in()
    ref = session.casework.begin()
    Driver(session).until(ref, "review", INTERNAL)
    looked(session, ref)
    (tmp_path / "shot.png").write_bytes(png())
    keep(session, ref, tmp_path / "shot.png")
    for number in range(30):
        do(session, ref, "note", "add", text=f"Note {number} " + "y" * 600)
    log = session.database.path
    data = bytearray(log.read_bytes())
    for place in range(PAGE * 40 + 100, len(data), PAGE):
        data[place] ^= 4
    log.write_bytes(data)
    return session


def test_what_it_belongs_to_cannot_be_told(damaged: Session) -> None:
    report = verify(damaged.database, cost=CHEAP_WORDS)
    said = [one.text for one in report.findings]
    assert not report.ok
    assert report.evidence_checked == 0, "its entry could not be read"
    assert not any("broken off" in text or "put there" in text for text in said)
    assert sum("cannot be told what it belongs to" in text for text in said) == 1
    assert not any(one.left_over for one in report.findings)
