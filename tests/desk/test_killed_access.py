"""Killed at every write while somebody's login ends and the log gets a new key: the old log whole, or the new one."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from esafety_tui.desk import opening
from esafety_tui.errors import NotLetInError
from tests.desk import test_killed
from tests.desk.made_school import TIM
from tests.desk.test_killed import Server, before, killed_at_each_point, opened, unavailable

__all__ = ["before"]

pytestmark = pytest.mark.slow
EVERY_POINT = test_killed.points


@pytest.fixture(scope="module")
def running(quick_folder: Path) -> Iterator[Server]:
    if not shutil.which("strace"):
        unavailable("killing at every write needs strace")
    folder = Path(tempfile.mkdtemp(prefix="killed-access-", dir=quick_folder))
    server = Server(folder)
    yield server
    server.close()


def some(log: Path) -> list[tuple[str, int]]:
    """Every sync, rename and unlink, and some of the many writes: each page is written twice. Torture tries all."""
    found = EVERY_POINT(log)
    writes = [one for one in found if "write" in one[0]]
    return [one for one in found if one not in writes or writes.index(one) % 24 in (0, 1)]


def test_somebody_leaves(running: Server, before: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not os.environ.get("ESAFETY_TORTURE"):
        monkeypatch.setattr(test_killed, "points", some)
    seen = set()
    for home, said in killed_at_each_point(running, "leave", before, monkeypatch, every=7):
        session = opened(home)
        assert not session.warnings, "a head was remembered that no log holds"
        gone = not next(p.active for p in session.register.people.values() if p.login == TIM.login)
        assert gone or not said, "what was confirmed did not hold"
        assert [path.name for path in home.glob("log-*")] == [session.unlocked.header.database]
        session.close()
        if gone:
            with pytest.raises(NotLetInError):
                opening.unlock(home, TIM.login, TIM.password)
        else:
            opening.unlock(home, TIM.login, TIM.password).close()
        seen.add(gone)
    assert seen == {True, False}
