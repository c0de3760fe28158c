"""One process a home."""

import errno
import signal
import subprocess
import sys
import time

import pytest
from filelock import FileLock

from esafety_tui.errors import StoreError
from esafety_tui.vault.lock import home_lock

HOLDER = """
import sys
from pathlib import Path
from esafety_tui.errors import StoreError
from esafety_tui.vault.lock import home_lock
try:
    with home_lock(Path(sys.argv[1])):
        print("held", flush=True)
        sys.stdin.read()
except StoreError as refused:
    print(refused.title, flush=True)
    sys.exit(refused.exit_code)
"""


def start(folder):
    """A process that holds the home until its standard input is closed."""
    command = [sys.executable, "-c", HOLDER, str(folder)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_a_second_process_is_told_and_a_killed_one_leaves_nothing(tmp_path):
    with start(tmp_path) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(StoreError, match="already open") as refused, home_lock(tmp_path):
            pytest.fail("two processes held one home")
        assert refused.value.exit_code == 5
        assert refused.value.do
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        with home_lock(tmp_path) as held:
            assert held


def test_of_several_racing_processes_one_holds_the_home(tmp_path):
    racers = [start(tmp_path) for _ in range(4)]
    said = [racer.stdout.readline().strip() for racer in racers]
    codes = []
    for racer in racers:
        racer.communicate(timeout=30)
        codes.append(racer.returncode)
    assert sorted(zip(said, codes, strict=True)) == [("The log is already open", 5)] * 3 + [("held", 0)]


def test_in_one_process_too_and_under_another_name_of_the_folder(tmp_path):
    (tmp_path / "home").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "home")
    began = time.monotonic()
    with home_lock(tmp_path / "home"):
        for name in ("home", "link"):
            with pytest.raises(StoreError, match="already open"), home_lock(tmp_path / name):
                pytest.fail("held twice")
    assert time.monotonic() - began < 5
    with home_lock(tmp_path / "link") as held:
        assert held


def test_it_is_let_go_when_the_work_fails(tmp_path):
    with pytest.raises(ValueError, match="the work"), home_lock(tmp_path):
        raise ValueError("the work")
    with home_lock(tmp_path) as held:
        assert held


def test_no_such_folder(tmp_path):
    with pytest.raises(StoreError, match="no such folder"), home_lock(tmp_path / "gone"):
        pytest.fail("locked what is not there")
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="no such folder"), home_lock(tmp_path / "file"):
        pytest.fail("locked a file")
    assert not (tmp_path / "gone").exists()


def test_a_missing_folder_is_made_where_that_is_asked_for(tmp_path):
    with home_lock(tmp_path / "new" / "home", make=True) as held:
        assert held
    assert (tmp_path / "new" / "home").stat().st_mode & 0o777 == 0o700
    (tmp_path / "file").touch()
    with pytest.raises(StoreError), home_lock(tmp_path / "file" / "home", make=True):
        pytest.fail("made a folder in a file")


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES, errno.EPERM])
def test_a_read_only_folder_can_be_read_without_a_lock(tmp_path, monkeypatch, number):
    def fail(self, timeout=None):
        raise OSError(number, "no")

    monkeypatch.setattr(FileLock, "acquire", fail)
    with home_lock(tmp_path) as held:
        assert held is False


TROUBLES = [
    (OSError(errno.ENOSPC, "x"), "disk is full"),
    (OSError(errno.EIO, "x"), "disk did not answer"),
    (NotImplementedError(), "cannot be locked"),
]


@pytest.mark.parametrize(("error", "title"), TROUBLES)
def test_a_disk_that_cannot_lock_is_said_plainly(tmp_path, monkeypatch, error, title):
    def fail(self, timeout=None):
        raise error

    monkeypatch.setattr(FileLock, "acquire", fail)
    with pytest.raises(StoreError, match=title), home_lock(tmp_path):
        pytest.fail("locked")
