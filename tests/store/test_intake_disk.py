"""An intake on a disk that fails, is full or lies: a plain sentence, and nothing is left; memory stays flat."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from collections import namedtuple
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from esafety_tui.errors import EsafetyError, StoreError
from esafety_tui.store import intake
from esafety_tui.vault import files
from tests.store import made_files as made
from tests.store.made_evidence import Kept, found
from tests.store.made_log import check

MIB = 1 << 20
ROOT = Path(__file__).parents[2]


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    home = found(tmp_path)
    yield home
    home.database.close()


def refused(kept: Kept, path: Path, progress: intake.Progress | None = None) -> EsafetyError:
    """The error of an intake that must leave nothing."""
    with pytest.raises(EsafetyError) as caught:
        intake.take(kept.evidence, path, progress)
    assert kept.files() == []
    assert kept.journal.head()[0] == 0
    assert check(kept.database).ok
    assert str(path) not in str(caught.value) or len(str(path)) == 1
    return caught.value


def big(kept: Kept, chunks: int = 3) -> Path:
    return kept.source(made.big_pdf(chunks * MIB), "a big file")


# ---------------------------------------------------------------- a disk that fails


class Faults:
    """The n-th call of a kind fails with an error, and every one after it where it is lasting."""

    def __init__(self, name: str, number: int, n: int, lasting: bool = False) -> None:
        self.name, self.number, self.n, self.lasting, self.count = name, number, n, lasting, 0

    def __call__(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*values: Any, **named: Any) -> Any:
            self.count += 1
            if self.count == self.n or (self.lasting and self.count > self.n):
                raise OSError(self.number, os.strerror(self.number))
            return real(*values, **named)

        return call


CALLS: dict[str, tuple[Any, str]] = {
    "write": (os, "write"),
    "sync": (files, "sync"),
    "rename": (os, "rename"),
    "folder sync": (files, "sync_folder"),
    "new folder": (files, "private_folder"),
    "read back": (intake, "opened"),
}


def _title(kept: Kept, path: Path) -> str:
    """What an intake says when it fails; one that does not is removed again."""
    try:
        kept.evidence.discard(intake.take(kept.evidence, path).id)
    except StoreError as error:
        return error.title
    return ""


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EROFS])
def test_a_failing_disk_at_every_call(kept: Kept, call: str, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    path = big(kept, 34 if call == "sync" else 3)
    struck = 0
    for n in range(1, 60):
        fault = Faults(call, number, n)
        with monkeypatch.context() as patch:
            module, name = CALLS[call]
            patch.setattr(module, name, fault(getattr(module, name)))
            said = _title(kept, path)
        assert kept.files() == []
        if not said:
            break
        struck += 1
        assert said.startswith("Not saved")
        assert ("full" in said) == (number == errno.ENOSPC)
    assert struck >= {"write": 5, "sync": 3}.get(call, 1)
    assert check(kept.database).ok
    assert path.stat().st_size


def test_a_stick_that_is_pulled_out(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    path = big(kept)
    real = intake.evidence_file.fill
    count = 0

    def gone(file: Any, room: memoryview) -> int:
        nonlocal count
        count += 1
        if count == 2:
            raise OSError(errno.EIO, "no")
        return real(file, room)

    monkeypatch.setattr(intake.evidence_file, "fill", gone)
    assert refused(kept, path).title == "The file could not be read to its end"


def test_a_disk_that_does_not_keep_what_was_written(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    path = big(kept)
    real = intake.into_place

    def spoil(part: Path, final: Path) -> None:
        real(part, final)
        with final.open("r+b") as file:
            file.seek(2 * MIB)
            file.write(b"other")

    monkeypatch.setattr(intake, "into_place", spoil)
    assert "did not keep" in refused(kept, path).title


def test_a_cipher_that_was_given_other_bytes_is_found(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory that flips between hash and cipher: every seal holds, and the hash of what is read back does not."""
    path = big(kept)
    real = intake.Sealing.chunk

    def flip(self: Any, plain: memoryview, last: bool) -> memoryview:
        return real(self, memoryview(b"\x00" + bytes(plain[1:])), last)

    monkeypatch.setattr(intake.Sealing, "chunk", flip)
    assert "did not keep" in refused(kept, path).title


def test_a_full_disk(kept: Kept) -> None:
    """A real one: more than this process may write."""
    resource = pytest.importorskip("resource")
    path = big(kept)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    import signal

    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2 * MIB, hard))
    try:
        error = refused(kept, path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)
    assert "too large" in error.title


def test_a_file_that_will_not_fit_is_refused_before_it_is_copied(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    path, told = big(kept), []
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**9, 10**9, path.stat().st_size + 20 * MIB))
    assert "full" in refused(kept, path, lambda *done: told.append(done)).title
    assert told == []


def test_a_log_that_can_only_be_read_takes_nothing(kept: Kept) -> None:
    kept.database.read_only = True
    assert "only be read" in refused(kept, kept.source()).title


@pytest.mark.parametrize("there", ["file", "link"])
def test_something_else_in_the_place_of_the_folder(kept: Kept, there: str) -> None:
    elsewhere = kept.home.parent / "elsewhere"
    elsewhere.mkdir()
    if there == "file":
        kept.evidence.folder.write_bytes(b"")
    else:
        kept.evidence.folder.symlink_to(elsewhere)
    with pytest.raises(StoreError, match="not a folder of this log"):
        kept.take()
    assert list(elsewhere.iterdir()) == []


def test_memory_does_not_grow_with_the_file(kept: Kept) -> None:
    import tracemalloc

    path = kept.source(made.PDF, "sparse")
    os.truncate(path, 96 * MIB)
    kept.take()  # loads what there is to load
    tracemalloc.start()
    try:
        intake.take(kept.evidence, path)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 8 * MIB


WHOLE_PROCESS = """
import re, sys
from pathlib import Path
from tests.store.made_evidence import found
from esafety_tui.store import intake
kept = found(Path(sys.argv[1]))
kept.take()
def mib(name):
    return int(re.search(name + r":\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024
before = mib("VmRSS")
taken = intake.take(kept.evidence, Path(sys.argv[2]))
kept.name(taken)
for _ in kept.evidence.read(taken.id):
    pass
print(mib("VmHWM") - before)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="counts memory as Linux does")
def test_a_large_file_takes_no_more_of_the_machine(tmp_path: Path) -> None:
    path = tmp_path / "large.pdf"
    path.write_bytes(made.PDF)
    os.truncate(path, 256 * MIB)
    (tmp_path / "there").mkdir()
    done = subprocess.run(
        [sys.executable, "-c", WHOLE_PROCESS, str(tmp_path / "there"), str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert 0 <= int(done.stdout) < 64


def test_nothing_of_the_file_is_written_in_the_clear(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    canary = b"canary-in-a-picture"
    opened: list[str] = []
    real_open = os.open

    def watch(name: Any, flags: int, *more: Any, **others: Any) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR):
            opened.append(str(name))
        return real_open(name, flags, *more, **others)

    path = kept.source(made.png(extra=b"") + canary)
    monkeypatch.setattr(os, "open", watch)
    taken = intake.take(kept.evidence, path)
    monkeypatch.setattr(os, "open", real_open)
    assert [name for name in opened if name != os.devnull] == [str(kept.evidence.path(taken.id).with_suffix(".part"))]
    kept.name(taken)
    kept.database.close()
    for written in kept.home.rglob("*"):
        assert not written.is_file() or canary not in written.read_bytes()
