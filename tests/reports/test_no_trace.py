"""The bytes of an exhibit leave no trace on a disk on their way to paper, whatever the typesetter does below Python."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.reports import outside

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
from esafety_tui.reports import record_form, kit
from tests.reports import sample
assert record_form.render(sample.form()).startswith(b"%PDF")
assert kit.paper_kit(sample.KIT).startswith(b"%PDF")
"""
CALLS = "open,openat,openat2,creat,memfd_create,rename,renameat,renameat2,link,linkat,mkdir,mkdirat,%network"
WRITES = re.compile(r"O_WRONLY|O_RDWR|O_CREAT|O_TMPFILE|creat\(|memfd_create\(|rename|link|mkdir")
SOCKETS = re.compile(r"socket\(|connect\(|sendto\(|bind\(")


def test_the_system_is_asked_to_write_nothing_and_to_reach_nobody(tmp_path):
    trace = tmp_path / "trace"
    subprocess.run(
        [outside.need("strace"), "-f", "-qq", "-e", f"trace={CALLS}", "-o", str(trace), sys.executable, "-c", PROGRAM],
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        timeout=120,
    )
    lines = trace.read_text(encoding="utf-8", errors="replace").splitlines()
    assert any("style.typ" in line for line in lines), "the trace sees nothing"
    assert [line for line in lines if WRITES.search(line) and "/dev/null" not in line] == []
    assert [line for line in lines if SOCKETS.search(line)] == []
