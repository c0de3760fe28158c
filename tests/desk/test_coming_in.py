"""Coming in: wrong passwords, a second opener, folders that cannot be written, a full disk, an older copy."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from esafety_tui.desk import opening
from esafety_tui.desk.asks import Reply
from esafety_tui.desk.school import setup
from esafety_tui.desk.session import Session
from esafety_tui.errors import EsafetyError, NotLetInError, StoreError
from esafety_tui.vault import tries
from tests.desk.made_school import PAT, RUTH, VAL, answer, answers, checked, do, fill, found, unlock
from tests.desk.plain import plainly


def test_nothing_is_known_without_a_password_but_that_there_is_a_log(home: Path, tmp_path: Path) -> None:
    facts = opening.peek(home)
    assert (facts.exists, facts.kind, facts.demo) == (True, "test", True)
    nothing = opening.peek(tmp_path / "nothing")
    assert (nothing.exists, nothing.kind, nothing.demo) == (False, "", False)
    with pytest.raises(StoreError) as error:
        unlock(tmp_path / "nothing")
    plainly(error.value)


@pytest.mark.parametrize(
    ("login", "password"),
    [("ruth", "wrong"), ("nobody", RUTH.password), ("", ""), ("ruth", ""), ("", RUTH.password), ("ruth", VAL.password)],
)
def test_wrong_names_and_passwords_get_the_same_sentence(home: Path, login: str, password: str) -> None:
    with pytest.raises(NotLetInError) as error:
        opening.unlock(home, login, password)
    plainly(error.value)
    assert str(error.value) == str(_refused(home, "another", "wrong one"))
    assert (error.value.exit_code, unlock(home).close()) == (4, None)


def _refused(home: Path, login: str, password: str) -> NotLetInError:
    with pytest.raises(NotLetInError) as error:
        opening.unlock(home, login, password)
    return error.value


def test_a_login_is_the_same_in_capitals(home: Path) -> None:
    session = opening.unlock(home, "RUTH", RUTH.password)
    assert session.person.name == RUTH.name
    session.close()


def test_after_the_third_wrong_password_everybody_waits_even_the_right_one(home: Path) -> None:
    for _ in range(3):
        _refused(home, "ruth", "wrong")
    waiting = _refused(home, "ruth", RUTH.password)
    assert isinstance(waiting, tries.BackingOffError)
    plainly(waiting)
    assert 0 < waiting.seconds <= 5
    # The wait goes by.
    kept = json.loads((home / tries.FILE).read_text())
    (home / tries.FILE).write_text(json.dumps({**kept, "until": 0}))
    unlock(home).close()
    _refused(home, "ruth", "wrong")
    unlock(home).close()


def test_the_card_shows_while_waiting_and_when_all_else_fails(home: Path) -> None:
    for _ in range(4):
        _refused(home, "ruth", "wrong")
    title, lines = opening.first_card(home)[:2]
    assert title
    assert any("ring" in line.casefold() for line in lines)
    (home / opening.CARD_FILE).write_bytes(b"\xff\xfe\x00")
    assert opening.first_card(home)[1]
    (home / opening.CARD_FILE).unlink()
    assert opening.first_card(home)[1]


def test_a_second_opener_is_told_that_it_is_open(home: Path) -> None:
    session = unlock(home)
    with pytest.raises(StoreError) as error:
        unlock(home, VAL)
    plainly(error.value)
    assert error.value.exit_code == 5
    answer(session, session.casework.begin(), "no")
    session.close()
    session.close()
    unlock(home, VAL).close()


def test_a_second_process_is_told_so_too(home: Path) -> None:
    session = unlock(home)
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from esafety_tui.desk import opening\n"
        "from esafety_tui.errors import StoreError\n"
        "try:\n"
        "    opening.unlock(Path(sys.argv[1]), 'val', sys.argv[2])\n"
        "except StoreError as error:\n"
        "    print(error.title)\n"
    )
    run = [sys.executable, "-c", script, str(home), VAL.password]
    told = subprocess.run(run, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "The log is already open"
    session.close()


def test_after_closing_nothing_can_be_done(home: Path) -> None:
    session = unlock(home)
    ref = session.casework.begin()
    session.close()
    for call in (lambda: session.casework.ask(ref), session.casework.begin, session.browsing.log, session.care.verify):
        with pytest.raises(StoreError) as error:
            call()
        plainly(error.value)


@pytest.mark.parametrize("spoil", ["vault.json", "log-1.db"])
@pytest.mark.parametrize("how", ["cut", "changed", "empty", "gone"])
def test_a_damaged_home_is_said_to_be_damaged_and_left_alone(home: Path, spoil: str, how: str) -> None:
    path = home / spoil
    data = path.read_bytes()
    middle = len(data) // 2
    if how == "gone":
        path.unlink()
    else:
        path.write_bytes({"cut": data[:middle], "changed": data[:100] + b"\0\0\0\0" + data[104:], "empty": b""}[how])
    after = path.read_bytes() if path.exists() else None
    with pytest.raises(EsafetyError) as error:
        unlock(home)
    plainly(error.value)
    assert error.value.exit_code == 5
    assert (path.read_bytes() if path.exists() else None) == after
    # The lock was let go: with the file put right the log opens.
    path.write_bytes(data)
    unlock(home).close()


# -- places that cannot be written


def mounted(folder: Path, *options: str) -> None:
    """Mount something on `folder`, or say aloud why this cannot be tried here."""
    reason = None
    if os.name != "posix" or os.geteuid() != 0 or not shutil.which("mount"):
        reason = "mounting a small disk needs root"
    elif subprocess.run(["mount", *options, str(folder)], capture_output=True, check=False).returncode:
        reason = "this machine does not let a test mount a small disk"
    if reason and os.environ.get("CI"):
        pytest.fail(reason)
    if reason:
        pytest.skip(reason)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted(folder, "-t", "tmpfs", "-o", "size=2m", "tmpfs")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture
def read_only(home: Path, tmp_path: Path) -> Iterator[Callable[[], Path]]:
    """Puts the home on a medium that cannot be written, and gives where."""
    folder = tmp_path / "read-only"
    folder.mkdir()
    made: list[Path] = []

    def make() -> Path:
        made.append(folder)
        mounted(folder, "--bind", str(home))
        subprocess.run(["mount", "-o", "remount,bind,ro", str(folder)], check=True)
        return folder

    yield make
    for one in made:
        subprocess.run(["umount", "-l", str(one)], check=False, capture_output=True)


def fill_up(disk: Path) -> Path:
    """Leave no room on a disk."""
    ballast = disk / "ballast"
    file = os.open(ballast, os.O_CREAT | os.O_WRONLY)
    with contextlib.suppress(OSError):  # until it is full
        while True:
            os.write(file, b"\0" * 4096)
    os.close(file)
    return ballast


def test_a_full_disk_is_said_plainly_and_nothing_is_lost(small_disk: Path, pack: str) -> None:
    session = found(small_disk / "home", pack)
    ref = session.casework.begin()
    answer(session, ref, "no")
    ballast = fill_up(small_disk)
    head = session.journal.head()
    for write in (
        lambda: session.casework.reply(ref, Reply("no")),
        lambda: do(session, ref, "note", "add", text="x" * 200_000),
        session.casework.begin,
        session.care.record_anchor,
    ):
        with pytest.raises(StoreError) as error:
            write()
        plainly(error.value)
        assert "full" in error.value.title.casefold()
    assert session.journal.head() == head
    assert session.casework.ask(ref).id == "could-be"
    assert session.browsing.log()[0]["ref"] == ref
    session.close()
    again = unlock(small_disk / "home")
    assert again.journal.head() == head
    again.close()
    ballast.unlink()
    later = unlock(small_disk / "home")
    answer(later, ref, "no")
    checked(later)
    later.close()


def test_a_log_is_not_half_made_on_a_full_disk(small_disk: Path, pack: str) -> None:
    folder = small_disk.parent / "passwords"
    folder.mkdir()
    told = answers(folder, pack)
    ballast = fill_up(small_disk)
    with pytest.raises(StoreError) as error:
        setup.found(small_disk / "home", told, test=True)
    plainly(error.value)
    assert not opening.peek(small_disk / "home").exists
    ballast.unlink()
    session, _ = setup.found(small_disk / "home", told, test=True)
    checked(session)
    session.close()


def test_a_medium_that_can_only_be_read_is_read(home: Path, read_only: Callable[[], Path]) -> None:
    session = unlock(home)
    ref = session.casework.begin()
    answer(session, ref, "no")
    session.close()
    session = unlock(read_only())
    assert session.casework.ask(ref).id == "could-be"
    assert session.browsing.show(ref)["status"] == "open"
    assert session.browsing.chronology(ref)
    assert session.care.verify()["ok"]
    for write in (session.casework.begin, session.care.record_anchor, lambda: session.casework.reply(ref, Reply("no"))):
        with pytest.raises(StoreError) as error:
            write()
        plainly(error.value)
    session.close()
    session = unlock(read_only(), PAT)
    assert session.browsing.show(ref)["status"] == "open"
    assert any("could not be recorded" in notice for notice in session.browsing.home().notices)
    session.close()


def test_start_now_where_nothing_can_be_written_says_so(tmp_path: Path) -> None:
    choice = opening.start_ask().choices[0]
    start = fill(choice, name="Ruth Carson", password="copper lantern walks", again="copper lantern walks")
    for place in (tmp_path / "file" / "home", Path("/proc/nowhere/home")):
        if place.parts[1] != "proc":
            (tmp_path / "file").write_text("not a folder")
        with pytest.raises(StoreError) as error:
            opening.start_reply(place, start)
        plainly(error.value)


# -- an older copy


def test_an_older_copy_put_back_is_noticed_at_once_and_found_by_verify(
    home: Path, sign_in: Callable[..., Session]
) -> None:
    session = sign_in()
    ref = session.casework.begin()
    session.close()
    old = (home / "log-1.db").read_bytes()
    session = sign_in()
    answer(session, ref, "no")
    session.close()
    (home / "log-1.db").write_bytes(old)
    session = sign_in()
    assert any("older copy" in notice for notice in session.browsing.home().notices)
    report = session.care.verify()
    assert not report["ok"]
    assert report["first_bad"] == session.journal.head()[0] + 1
    # Going on writing does not wash it away.
    for choice in ("no", "no", "done"):
        answer(session, ref, choice)
    assert not session.care.verify()["ok"]
    session.close()
    session = sign_in()
    assert any("rewritten" in notice or "older copy" in notice for notice in session.browsing.home().notices)


@pytest.mark.parametrize("pack", ["spires"], indirect=True)
def test_words_copied_to_paper_are_checked(home: Path, sign_in: Callable[..., Session]) -> None:
    session = sign_in()
    ref = session.casework.begin()
    seq, words, digits = session.care.anchor()
    session.care.record_anchor()
    answer(session, ref, "no")
    for head in (f"{seq} {words}", f"{seq}  {words.upper()}", digits):
        assert session.care.verify(head)["ok"]
    first, *rest = words.split()
    swapped = " ".join([*rest, first])
    assert not session.care.verify(f"{seq} {swapped}")["ok"]
    assert session.care.verify()["anchored"] == {"head": seq, "since": 2}
    for wrong in ("five words are too few here", "12 nonsense nonsense nonsense nonsense nonsense nonsense", "zz" * 32):
        with pytest.raises(EsafetyError) as error:
            session.care.verify(wrong)
        plainly(error.value)
