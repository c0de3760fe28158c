"""A kill, a full stick, a stick that fails: at every write, sync and rename of a backup and of a restore.

After each: the log is as it was, every backup that counts is whole, the one from before is still there, a folder into
which a log was put back holds a whole one or none, and the same thing can be done again.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from esafety_tui.store import backup_check, backup_files, restore, verify
from esafety_tui.store import database as databases
from esafety_tui.vault import header as headers
from esafety_tui.vault.home import Unlocked
from tests.store import faulty_backup, made_evidence, made_files
from tests.store.faulty_append import STRUCK
from tests.store.faulty_intake import opened
from tests.store.made_backup import back_up, write
from tests.store.made_log import check
from tests.store.test_faults import strace

__all__ = ["strace"]
pytestmark = pytest.mark.slow
SCRIPT = Path(faulty_backup.__file__)
#: How often to strike, and how often it must have hit before the job was done, or the test tests nothing.
TIMES = {"write": 8, "fsync": 14, "rename": 7}
LEAST = {
    ("backup", "write"): 4, ("backup", "fsync"): 8, ("backup", "rename"): 4,
    ("restore", "write"): 4, ("restore", "fsync"): 8, ("restore", "rename"): 3,
}  # fmt: skip


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """base/home with entries and two evidence files, and base/stick with a backup from before the second."""
    folder = tmp_path / "base"
    folder.mkdir()
    kept = made_evidence.found(folder)
    write(kept, 2)
    kept.exhibit()
    back_up(kept, 1)
    kept.exhibit(made_files.PDF + b"second")
    kept.database.close()
    return tmp_path


def strike(strace: str, base: Path, job: str, call: str, how: str) -> list[Path]:
    inject = [strace, "-f", "-qq", "-o", str(base / "trace"), "-e", f"trace={call}", "-e", f"inject={call}:{how}"]
    done = subprocess.run(
        [*inject, sys.executable, str(SCRIPT), job, call, str(TIMES[call]), str(base)],
        env={**os.environ, "PYTHONPATH": str(SCRIPT.parents[2])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [base / str(n) for n in range(1, TIMES[call] + 1)]


def look(folder: Path, job: str, unlocked: Unlocked) -> list[str]:
    """What a strike left is whole; gives what was said."""
    told = (folder / "told").read_text().splitlines()
    kept = opened(folder / "home", unlocked)
    report = check(kept.database)
    assert report.ok, (folder, told, report.findings)
    assert report.entries == 4
    found = backup_files.found_at(folder / "stick")
    for number, one in enumerate(found):
        scratch = folder / f"scratch-{number}"
        scratch.mkdir()
        report, _ = backup_check.check(one, scratch, unlocked.data_key)
        assert report.ok, (folder, told, one.name, report.findings)
    saved = sum(line.startswith("saved") for line in told)
    if job == "backup":
        assert saved + 1 <= len(found) <= saved + 2, "the one from before, those called saved, the one under way"
        assert back_up(kept, 30).seq == 4
    else:
        _put_back_or_not(folder, unlocked, told)
    kept.database.close()
    return told


def _put_back_or_not(folder: Path, unlocked: Unlocked, told: list[str]) -> None:
    home = folder / "back"
    if not headers.exists(home):
        assert not any(line.startswith("saved") for line in told)
        restore.restore(backup_files.found_at(folder / "stick")[0], home, unlocked.data_key)
    header = headers.peek(home)
    assert header.epoch != unlocked.header.epoch
    log = databases.open(home / header.database, unlocked.data_key, header.vault_id, header.epoch)
    assert verify.verify(log, cost=verify.NO_WORDS).ok
    log.close()


@pytest.mark.parametrize("job", ["backup", "restore"])
@pytest.mark.parametrize("call", ["write", "fsync", "rename"])
def test_a_kill_leaves_nothing_half(strace: str, base: Path, job: str, call: str) -> None:
    unlocked = opened(base / "base" / "home").opened
    told = [look(folder, job, unlocked) for folder in strike(strace, base, job, call, f"signal=KILL:when={STRUCK}")]
    assert sum(not lines for lines in told) >= LEAST[job, call]
    assert any("saved first" in lines for lines in told), "it was struck beyond the end too"


@pytest.mark.parametrize("job", ["backup", "restore"])
@pytest.mark.parametrize(("call", "error"), [("write", "ENOSPC"), ("fsync", "EIO")])
def test_a_failing_stick_is_told_and_counts_for_nothing(
    strace: str, base: Path, job: str, call: str, error: str
) -> None:
    unlocked = opened(base / "base" / "home").opened
    folders = strike(strace, base, job, call, f"error={error}:when={STRUCK}")
    told = [look(folder, job, unlocked) for folder in folders]
    failed = [lines for lines in told if not lines[0].startswith("saved")]
    assert len(failed) >= LEAST[job, call] - 2
    assert all(lines[-1] == "done" for lines in told), "it is told in words, and the program goes on"
    assert all("saved second" in lines or "There is a log here already" in lines for lines in failed)
    if error == "ENOSPC":
        assert all("full" in lines[0] for lines in failed), [lines[0] for lines in failed]
