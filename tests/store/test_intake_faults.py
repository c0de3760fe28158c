"""A kill or a failing disk at every write, sync, rename and unlink of one intake and its entry.

After each: no entry without its bytes; bytes without an entry are found, named, and nobody can open them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.store import faulty_append, faulty_intake
from tests.store.made_evidence import STREAM, found
from tests.store.made_log import check
from tests.store.test_faults import ROOT, strace

__all__ = ["strace"]  # a fixture

pytestmark = pytest.mark.slow
DATA = b"%PDF-1.7\n" + bytes(1 << 21) + b"the end"
# How often to strike, and how often it must have hit before the entry was saved.
TIMES = {"write": 5, "fsync": 8, "rename": 2, "pwrite64": 22, "unlink": 2}
LEAST = {"write": 4, "fsync": 5, "rename": 1, "pwrite64": 15, "unlink": 1}


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A folder with base/: a home with an entry of its own, and a file to take in."""
    folder = tmp_path / "base"
    folder.mkdir()
    kept = found(folder)
    kept.exhibit()
    kept.database.close()
    (folder / "source").write_bytes(DATA)
    return tmp_path


def strike(strace: str, base: Path, call: str, how: str) -> list[Path]:
    """Run the intakes with each struck at another `call`; gives the folders of those that were."""
    inject = [strace, "-f", "-qq", "-o", os.devnull, "-e", f"trace={call}", "-e", f"inject={call}:{how}"]
    done = subprocess.run(
        [*inject, sys.executable, faulty_intake.__file__, call, str(TIMES[call]), str(base)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [base / str(n) for n in range(1, TIMES[call] + 1)]


def look(folder: Path, orphans: int) -> list[str]:
    """Check what a strike left, with at most so many files that no entry names; gives what the program said."""
    told = (folder / "told").read_text().splitlines()
    kept = faulty_intake.opened(folder / "home")
    entries = kept.journal.read(STREAM)[1:]
    report = check(kept.database)
    where = (folder, told, report.findings, kept.files())
    assert report.evidence_checked == 1 + len(entries), where
    assert (report.evidence_bad, report.first_bad) == (0, None), where
    assert len(report.findings) <= orphans, where
    for entry in entries:
        assert kept.bytes_of(entry.data["evidence"]) == DATA
    with kept.database.reading() as connection:
        ids = {str(row[0]) for row in connection.exec_driver_sql("SELECT id FROM evidence_key").fetchall()}
    assert len(ids) == 1 + len(entries)
    saved = [line.split()[1] for line in told if line.startswith("saved")]
    held = [entry.data["answer"] for entry in entries]
    if "done" in told:
        assert held == saved, where
    else:
        assert held[: len(saved)] == saved, where
        assert len(held) <= len(saved) + 1, where
    kept.evidence.tidy()
    assert not [name for name in kept.files() if name.endswith(".part")]
    kept.exhibit()  # and the log can go on
    kept.database.close()
    shutil.rmtree(folder)
    return told


@pytest.mark.parametrize("call", TIMES)
def test_a_kill_at_every_call_leaves_no_entry_without_its_bytes(strace: str, base: Path, call: str) -> None:
    told = [look(folder, 1) for folder in strike(strace, base, call, f"signal=KILL:when={faulty_append.STRUCK}")]
    assert len([lines for lines in told if not lines]) >= LEAST[call]


@pytest.mark.parametrize(("call", "error"), [("write", "ENOSPC"), ("fsync", "EIO"), ("rename", "EIO")])
def test_a_failing_disk_leaves_nothing(strace: str, base: Path, call: str, error: str) -> None:
    told = [look(folder, 0) for folder in strike(strace, base, call, f"error={error}:when={faulty_append.STRUCK}")]
    failed = [lines for lines in told if lines[0].startswith("Not saved")]
    assert len(failed) >= LEAST[call] - 1
    assert all(lines[-1] == "done" for lines in told)
    assert all("saved second" in lines for lines in failed)
    if error == "ENOSPC":
        assert all("full" in lines[0] for lines in failed)
