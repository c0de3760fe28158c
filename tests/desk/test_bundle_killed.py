"""The program is killed at every call that touches a bundle on its way out: at most a `.part` stays, and what left
without an entry is nothing."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tests.desk import test_killed
from tests.desk.test_killed import Server, opened, points

server, before = test_killed.server, test_killed.before

pytestmark = pytest.mark.slow


def test_a_bundle(server: Server, before: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = server.folder / "bundle.strace"

    def watched(name: str) -> tuple[str, ...]:
        place = server.folder / name
        return ("-P", str(place / "bundle.zip"), "-P", str(place / "bundle.zip.esafety.part"))

    calls = "trace=" + ",".join(test_killed.CALLS)
    _, said, end = server.run("bundle", before, "bundle-whole", "-o", str(log), *watched("bundle-whole"), "-e", calls)
    assert (said[-1], end) == ("done", 0)
    everywhere = points(log)
    assert {"write", "fsync"} <= {call for call, _ in everywhere}
    assert any(call.startswith("rename") for call, _ in everywhere)
    writes = [point for point in everywhere if point[0] == "write"]
    some = {*writes[:: max(1, len(writes) // 6)], *writes[-1:]}  # one write is like the other until the last
    everywhere = [point for point in everywhere if point[0] != "write" or point in some]
    entered_only = died = 0
    for i, (call, nth) in enumerate(everywhere):
        name = f"bundle-{i}"
        inject = (
            "-o",
            "/dev/null",
            *watched(name),
            "-e",
            f"trace={call}",
            "-e",
            f"inject={call}:signal=KILL:when={nth}",
        )
        place, said, end = server.run("bundle", before, name, *inject)
        died += end == -9
        with monkeypatch.context() as patch:
            patch.setenv("ESAFETY_STATE", str(place / "state"))
            session = opened(place / "home")
            left = session.leaving.left()
            there = {path.name for path in place.iterdir() if path.name.startswith("bundle")}
            session.close()
        assert there <= {"bundle.zip"} or there == {"bundle.zip.esafety.part"}
        assert left or "bundle.zip" not in there, "nothing leaves without an entry"
        if "bundle.zip" in there:
            assert zipfile.ZipFile(place / "bundle.zip").namelist()
        entered_only += bool(left) and "bundle.zip" not in there
    assert died >= len(everywhere) - 2
    assert entered_only >= 1, "the entry comes before the name"
