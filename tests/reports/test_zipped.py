"""The zip while it is made: stopped, out of room, unreadable: whatever happens, nothing is left behind."""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from mnemonic import Mnemonic

from esafety_tui.errors import EsafetyError, StoreError, UsageError
from esafety_tui.reports import pending, zipped
from esafety_tui.reports.pending import Stopped
from esafety_tui.reports.zipped import Member, of_bytes
from tests.reports.made_bundle import SECRET

AT = datetime(2026, 11, 22, 10, 15, tzinfo=UTC)


def members(count: int = 4, size: int = 3000) -> list[Member]:
    return [of_bytes(f"bag/{n}.txt", bytes([n]) * size, packs=n % 2 == 0) for n in range(count)]


def write(out: Path, some: list[Member], progress: zipped.Progress | None = None) -> zipped.Packed:
    total = sum(one.size for one in some)
    with zipped.packing(out, SECRET, AT, total, progress) as pack:
        done = pack.write(some)
        pack.keep()
    return done


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_is_kept_has_the_hash_that_is_told(tmp_path: Path) -> None:
    done = write(tmp_path / "a.zip", members())
    data = (tmp_path / "a.zip").read_bytes()
    assert (zipped.hashlib.sha256(data).hexdigest(), len(data)) == (done.sha256, done.size)
    assert left(tmp_path) == ["a.zip"]
    assert (tmp_path / "a.zip").stat().st_mode & 0o777 == 0o600


def test_progress_reaches_its_end_and_never_goes_back(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    write(tmp_path / "a.zip", members(), lambda done, total: told.append((done, total)))
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1]


def test_stopping_at_every_step_leaves_nothing(tmp_path: Path) -> None:
    steps: list[int] = []
    write(tmp_path / "whole.zip", members(), lambda done, total: steps.append(done))
    assert len(steps) > 7, "both passes can be stopped"
    (tmp_path / "whole.zip").unlink()
    for last in range(len(steps)):
        answers = iter([False] * last + [True])
        with pytest.raises(Stopped) as stopped:
            write(tmp_path / "a.zip", members(), lambda done, total, answers=answers: next(answers))  # type: ignore[misc]
        assert stopped.value.exit_code == 130
        assert left(tmp_path) == []


class Failing(io.FileIO):
    """A file whose n-th write, or read, fails."""

    def __init__(self, descriptor: int, strike: Callable[[str], None]) -> None:
        super().__init__(descriptor, "r+b")
        self._strike = strike

    def write(self, data: Any) -> int:
        self._strike("write")
        return super().write(data)

    def read(self, size: int | None = -1) -> bytes:
        self._strike("read")
        return super().read(size)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EFBIG])
@pytest.mark.parametrize("call", ["write", "read"])
def test_a_disk_that_fails_at_any_point_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int
) -> None:
    for when in range(1, 200):
        seen = {"write": 0, "read": 0}

        def strike(what: str, seen: dict[str, int] = seen, when: int = when) -> None:
            seen[what] += 1
            if what == call and seen[what] >= when:
                raise OSError(number, os.strerror(number))

        monkeypatch.setattr(pending, "open", lambda descriptor, mode: Failing(descriptor, strike), raising=False)
        try:
            write(tmp_path / "a.zip", members())
        except StoreError:
            assert left(tmp_path) == []
            continue
        assert when > 4
        return
    pytest.fail("it never came through")


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_sync_or_a_rename_that_fails_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.EIO, "no")

    monkeypatch.setattr(os, call, fail)
    with pytest.raises(StoreError):
        write(tmp_path / "a.zip", members())
    assert left(tmp_path) == []


def test_a_member_that_cannot_be_read_leaves_nothing(tmp_path: Path) -> None:
    class Sealed(EsafetyError):
        pass

    def refuse() -> Iterator[bytes]:
        yield b"x"
        raise Sealed("sealed", "it is")

    with pytest.raises(Sealed):
        write(tmp_path / "a.zip", [*members(2), Member("bag/x.bin", refuse, 5)])
    assert left(tmp_path) == []


@pytest.mark.parametrize(
    "bad", [Member("b/x", lambda: (b"abc",), 2), Member("b/x", lambda: (b"a",), 1, False, "0" * 64)]
)
def test_bytes_that_are_not_those_recorded_do_not_leave(tmp_path: Path, bad: Member) -> None:
    with pytest.raises(StoreError, match="not what was recorded"):
        write(tmp_path / "a.zip", [*members(1), bad])
    assert left(tmp_path) == []


def test_what_is_read_back_otherwise_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Lying(Failing):
        def read(self, size: int | None = -1) -> bytes:
            data = super().read(size)
            return data[:-1] + bytes([data[-1] ^ 1]) if len(data) > 1000 else data

    monkeypatch.setattr(pending, "open", lambda descriptor, mode: Lying(descriptor, lambda _: None), raising=False)
    with pytest.raises(StoreError, match="read back"):
        write(tmp_path / "a.zip", members())
    assert left(tmp_path) == []


@pytest.mark.parametrize("kind", ["file", "folder", "link"])
def test_nothing_that_is_there_is_written_over(tmp_path: Path, kind: str) -> None:
    out = tmp_path / "a.zip"
    match kind:
        case "file":
            out.write_text("mine")
        case "folder":
            out.mkdir()
        case "link":
            out.symlink_to(tmp_path / "nowhere")
    with pytest.raises(UsageError):
        write(out, members())
    assert left(tmp_path) == ["a.zip"]
    assert kind != "file" or out.read_text() == "mine"


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="folder"):
        write(tmp_path / "no" / "a.zip", members())


def test_what_a_kill_left_is_used_up(tmp_path: Path) -> None:
    (tmp_path / "a.zip.esafety.part").write_bytes(b"half")
    write(tmp_path / "a.zip", members())
    assert left(tmp_path) == ["a.zip"]


def test_a_passphrase_is_long_enough_and_new_each_time() -> None:
    made = {zipped.passphrase() for _ in range(50)}
    assert len(made) == 50
    known = set(Mnemonic("english").wordlist)
    for one in made:
        *words, digits = one.split("-")
        assert len(words) == 6
        assert set(words) <= known
        assert len(digits) == 4
        assert digits.isdecimal()
    assert len(known) ** 6 * 10**4 > 2**77


@pytest.mark.parametrize("name", ["/etc/x", "../x", "a/../b", "a\\b", "a\nb", ".x", "", "é", "a//b", "a/"])
def test_only_plain_names_go_in(name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        of_bytes(name, b"")
