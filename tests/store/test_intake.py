"""Taking a file in: whatever is chosen and whatever goes wrong, there is a plain sentence and nothing half done."""

from __future__ import annotations

import errno
import os
import socket
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esafety_tui.errors import EsafetyError, RefusedError, UsageError
from esafety_tui.store import intake, source
from tests.store import made_files as made
from tests.store.made_evidence import Kept, found
from tests.store.made_log import check

MIB = 1 << 20
not_windows = pytest.mark.skipif(os.name == "nt", reason="NOT TRIED: Windows has no such files, names or modes")


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


def test_what_is_taken_is_described(kept: Kept) -> None:
    path = kept.source(made.png(1920, 1080), "Screenshot (3).png")
    os.utime(path, ns=(1_700_000_000_123_456_789, 1_763_802_843_123_456_789))
    before = path.stat()
    taken = intake.take(kept.evidence, path)
    assert (taken.kind, taken.title, taken.width, taken.height) == ("png", "PNG picture", 1920, 1080)
    assert (taken.name, taken.modified, taken.note) == ("Screenshot (3).png", "2025-11-22T09:14:03.123Z", "")
    assert taken.key.id == taken.id
    for secret in (taken.key.wrapped, *taken.key.pairs.values()):
        assert secret
        assert repr(secret) not in repr(taken)
        assert repr(secret) not in repr(taken.key)
    after = path.stat()
    assert (after.st_mtime_ns, after.st_ino, after.st_atime_ns) == (
        before.st_mtime_ns,
        before.st_ino,
        before.st_atime_ns,
    )


@not_windows
def test_the_folder_and_the_files_are_for_this_user_alone(kept: Kept) -> None:
    taken = kept.take()
    assert stat.S_IMODE(kept.evidence.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(kept.evidence.path(taken.id).stat().st_mode) == 0o600


def test_the_same_file_twice_is_two_files_that_nobody_can_compare(kept: Kept) -> None:
    one, two = kept.exhibit(), kept.exhibit()
    assert one.sha256 == two.sha256
    assert one.id != two.id
    assert one.stored_sha256 != two.stored_sha256
    assert check(kept.database).evidence_checked == 2


# ---------------------------------------------------------------- names

NAMES = (
    *(
        "-rf",
        "--help",
        "a\nb",
        "a\tb",
        "\x1b]0;title\x07",
        "[bold]",
        "x" * 251 + ".png",
        "CON",
        "nul.txt",
        "name. ",
        " ",
    ),
    *("\u202egnp.exe", "e\u0301", "\u00e9", "$(reboot)", "`x`", "%s%n", "'\"", "🙂", "\u009b2J"),
)


@not_windows
@pytest.mark.parametrize("name", NAMES)
def test_hostile_names_are_only_text(kept: Kept, name: str) -> None:
    path = kept.source(made.png(), name)
    taken = intake.take(kept.evidence, path)
    assert taken.name == name
    kept.name(taken, source_name=taken.name)
    assert check(kept.database).ok


@pytest.mark.skipif(sys.platform != "linux", reason="names are bytes on Linux alone")
def test_a_name_that_is_no_text(kept: Kept) -> None:
    path = Path(os.fsdecode(os.fsencode(kept.home.parent) + b"/\xff\xfe.png"))
    path.write_bytes(made.png())
    taken = intake.take(kept.evidence, path)
    assert taken.name == "\\xff\\xfe.png"
    kept.name(taken, source_name=taken.name)


@pytest.mark.parametrize("path", ["no such file", "a\x00b", "x" * 300, "", "a file/b"])
def test_what_is_not_there(kept: Kept, path: str) -> None:
    kept.source()
    error = refused(kept, kept.home.parent / path if path else Path())
    assert isinstance(error, UsageError)


@pytest.mark.parametrize("when", [-(10**18), 0, 2**31 * 10**9, 4102444800 * 10**9, 253402300800 * 10**9, 2**62])
def test_any_time_of_the_source(kept: Kept, when: int) -> None:
    path = kept.source()
    try:
        os.utime(path, ns=(when, when))
    except OSError:
        pytest.skip("this file system cannot hold such a time")
    modified = intake.take(kept.evidence, path).modified
    assert modified == "" or (len(modified) == 24 and modified.endswith("Z"))


@given(st.integers(-(2**70), 2**70))
@settings(max_examples=200)
def test_a_time_is_told_or_left_out(when: int) -> None:
    told = source._modified(when)
    assert told == "" or (len(told) == 24 and told[4] == told[7] == "-")


# ---------------------------------------------------------------- what is no ordinary file


def test_a_folder(kept: Kept) -> None:
    assert refused(kept, kept.home.parent).title == "This is a folder"


@not_windows
@pytest.mark.parametrize("to", ["file", "folder", "itself", "nowhere", "/dev/zero"])
def test_a_link(kept: Kept, to: str) -> None:
    link = kept.home.parent / "link"
    targets = {"file": kept.source(), "folder": kept.home, "itself": link, "nowhere": kept.home / "no"}
    link.symlink_to(targets.get(to, Path(to)))
    assert refused(kept, link).title == "This is a link to another place"


def test_a_hard_link_is_a_file(kept: Kept) -> None:
    twin = kept.home.parent / "twin"
    os.link(kept.source(), twin)
    assert intake.take(kept.evidence, twin).kind == "pdf"


@not_windows
def test_a_pipe_does_not_make_it_wait(kept: Kept) -> None:
    pipe = kept.home.parent / "pipe"
    os.mkfifo(pipe)
    assert refused(kept, pipe).title == "This is not a file"


@not_windows
def test_a_socket(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(kept.home.parent)
    with socket.socket(socket.AF_UNIX) as there:
        there.bind("channel")
        assert refused(kept, kept.home.parent / "channel").title == "This is not a file"


@not_windows
@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null", "/dev/tty", "/dev/random"])
def test_a_device(kept: Kept, device: str) -> None:
    if not Path(device).exists():
        pytest.skip("not on this system")
    assert refused(kept, Path(device)).title == "This is not a file"


@not_windows
@pytest.mark.parametrize("other", ["fifo", "link", "file"])
def test_put_in_its_place_after_it_was_looked_at(kept: Kept, other: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path, real = kept.source(), os.lstat
    second = kept.source(made.png(), "second")

    def swap(looked: Any) -> os.stat_result:
        seen = real(looked)
        if looked == path:
            path.unlink()
            if other == "fifo":
                os.mkfifo(path)
            elif other == "link":
                path.symlink_to(second)
            else:
                second.rename(path)
            monkeypatch.setattr(os, "lstat", real)
        return seen

    monkeypatch.setattr(os, "lstat", swap)
    titles = {"fifo": "This is not a file", "link": "This is a link", "file": "This file changed"}
    assert refused(kept, path).title.startswith(titles[other])


def test_an_empty_file(kept: Kept) -> None:
    assert refused(kept, kept.source(b"")).title == "This file is empty"


def test_a_file_that_may_not_be_read(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    path, real = kept.source(), os.open

    def deny(name: Any, *more: Any, **others: Any) -> int:
        if name == path:
            raise PermissionError(errno.EACCES, "no", str(path))
        return real(name, *more, **others)

    monkeypatch.setattr(os, "open", deny)
    assert refused(kept, path).title == "This file may not be read"


@pytest.mark.parametrize(
    "data",
    [made.PAGE, made.SAVED_PAGE, made.archive(), made.png() + made.archive(), b"\x00" * 99],
    ids=["page", "saved page", "archive", "picture and archive", "noise"],
)
def test_what_could_hold_pictures_unseen(kept: Kept, data: bytes) -> None:
    assert isinstance(refused(kept, kept.source(data, "picture.png")), RefusedError)


# ---------------------------------------------------------------- while it is read


def big(kept: Kept, chunks: int = 3) -> Path:
    return kept.source(made.big_pdf(chunks * MIB), "a big file")


CHANGES: dict[str, Callable[[Path], object]] = {
    "grows": lambda path: path.open("ab").write(b"more"),
    "is cut": lambda path: os.truncate(path, 2 * MIB),
    "is emptied": lambda path: os.truncate(path, 0),
    "is written over": lambda path: path.write_bytes(path.read_bytes()[:-5] + b"other"),
    "is replaced": lambda path: (
        path.rename(path.with_name("old")),
        path.write_bytes(path.with_name("old").read_bytes()),
    ),
    "is moved away": lambda path: path.rename(path.with_name("moved")),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("after", [1, 2])
def test_a_file_that_changes_while_it_is_read(kept: Kept, change: str, after: int) -> None:
    path = big(kept)
    calls = 0

    def progress(done: int, total: int) -> None:
        nonlocal calls
        calls += 1
        if calls == after:
            CHANGES[change](path)

    error = refused(kept, path, progress)
    assert "changed while" in error.title or "read to its end" in error.title


def test_progress_counts_to_the_end(kept: Kept) -> None:
    told: list[tuple[int, int]] = []
    path = big(kept)
    size = path.stat().st_size
    intake.take(kept.evidence, path, lambda *both: told.append(both))
    assert told == sorted(told)
    assert len(told) == 8
    assert {total for _, total in told} == {2 * size}
    assert told[-1] == (2 * size, 2 * size)


@pytest.mark.parametrize("at", range(1, 9))
def test_it_can_be_stopped_at_any_time(kept: Kept, at: int) -> None:
    calls: list[int] = []

    def stop(done: int, total: int) -> bool:
        calls.append(done)
        return len(calls) == at

    error = refused(kept, big(kept), stop)
    assert isinstance(error, intake.Stopped)
    assert len(calls) == at


def test_what_interrupts_it_leaves_nothing(kept: Kept) -> None:
    def interrupt(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        intake.take(kept.evidence, big(kept), interrupt)
    assert kept.files() == []
