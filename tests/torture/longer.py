"""Tests of `make test` that try a part there, and everything here (ESAFETY_TORTURE=1); and the matrix of readers and
doors, the walks past the triggers, the markup, which are tried whole there too and belong to the proof."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.torture.tally import Tally
from tests.torture.terminal import ROOT

#: file -> in which list a failure of it belongs.
FILES = {
    "tests/desk/test_side_doors.py": "canaries",
    "tests/desk/test_killed_keeping.py": "lost", "tests/desk/test_bundle_killed.py": "lost",
    "tests/store/test_append_only.py": "undetected", "tests/store/test_verify.py": "undetected",
    "tests/store/test_evidence.py": "undetected", "tests/store/test_intake_disk.py": "inconsistent",
    "tests/reports/test_attacks.py": "canaries", "tests/reports/test_no_trace.py": "canaries",
    "tests/reports/test_same_again.py": "inconsistent", "tests/desk/test_report_sequences.py": "inconsistent",
    "tests/app/test_log.py": "inconsistent", "tests/proof/test_any_chart.py": "inconsistent",
    "tests/app/test_hostile.py": "escapes", "tests/app/test_lock.py": "canaries",
    "tests/store/test_sniff.py": "inconsistent", "tests/desk/test_walks.py": "inconsistent",
}  # fmt: skip


def run(place: Path, sample: int) -> Tally:
    """Each file in turn; a test that passed is a point."""
    tally = Tally()
    for file, kind in list(FILES.items())[::sample]:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", file, "-v", "-p", "no:cacheprovider", "--tb=line"], cwd=ROOT,
            capture_output=True, text=True, env={**os.environ, "ESAFETY_TORTURE": "1", "CI": "true"},
        )  # fmt: skip
        passed = re.search(r"(\d+) passed", done.stdout)
        tally.points += int(passed[1]) if passed else 0
        if file.endswith("test_side_doors.py") and passed:
            tally.points += 3 * 13 - 3  # three readers, each at thirteen doors, in three tests
        if done.returncode:
            getattr(tally, kind).append(
                f"{file}: {' / '.join(line for line in done.stdout.splitlines()[-12:] if line)}"
            )
        tally.left_out += [line for line in done.stdout.splitlines() if line.startswith("SKIPPED")]
    return tally
