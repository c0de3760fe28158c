"""Files of another time in the folder of a log: nothing is begun over them, nothing is swept away that a later header
names, and what this computer cannot remember is said."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from esafety_tui.desk import opening
from esafety_tui.desk.asks import Reply
from esafety_tui.desk.copies import put_over
from esafety_tui.desk.school import setup
from esafety_tui.desk.session import Session
from esafety_tui.errors import StoreError
from esafety_tui.store import generations
from esafety_tui.vault import heads
from tests.desk import made_school
from tests.desk.made_school import PAT, TIM, VAL, do
from tests.desk.test_access import retire

SignIn = Callable[..., Session]
START = {"name": "Eve Marsh", "password": "slow amber window", "again": "slow amber window", "senior": "yes"}


@pytest.fixture
def pack() -> str:
    return "spires"


def files(folder: Path) -> dict[str, bytes]:
    """Every file of a home but the lock."""
    found = (path for path in folder.rglob("*") if path.is_file() and path.name != "lock")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


@pytest.mark.parametrize("left", ["log", "evidence", "compartments"])
def test_nothing_is_begun_over_a_log_whose_header_is_missing(
    home: Path, sign_in: SignIn, tmp_path: Path, left: str
) -> None:
    sign_in(PAT).close()
    shutil.move(home / "vault.json", tmp_path / "vault.json")
    if left != "log":
        (home / "log-1.db").unlink()
        (home / left).mkdir(exist_ok=True)
        (home / left / f"{'ab' * 16}{'.bin' if left == 'evidence' else ''}").write_bytes(b"kept")
    before = files(home)
    answers = made_school.answers(tmp_path, "spires")
    for begin in (
        lambda: setup.found(home, answers, test=True),
        lambda: opening.start_reply(home, Reply("start", {**START, "policy": "spires"})),
        lambda: opening.peek(home),
        lambda: opening.unlock(home, PAT.login, PAT.password),
    ):
        with pytest.raises(StoreError, match=r"header is missing.*vault\.json"):
            begin()
    assert files(home) == before
    if left == "log":
        shutil.copy(tmp_path / "vault.json", home)
        assert sign_in(PAT).care.verify()["ok"]


def test_a_set_up_that_was_killed_before_its_header_can_be_begun_again(home: Path, tmp_path: Path) -> None:
    (home / "vault.json").unlink()
    generations.begin(home / "log-2.db")  # a note of something else is no leave
    with pytest.raises(StoreError, match="header is missing"):
        opening.peek(home)
    generations.drop(home / "log-2.db")
    (home / "making-1").write_bytes(b"")
    assert not opening.peek(home).exists
    opening.start_reply(home, Reply("start", {**START, "policy": "spires"})).close()
    assert not list(home.glob("making-*"))


def test_a_later_file_of_the_log_is_left_said_and_located(home: Path, sign_in: SignIn, tmp_path: Path) -> None:
    sign_in(PAT).close()
    shutil.copytree(home, tmp_path / "older")
    retire(sign_in(PAT), TIM)
    sign_in(PAT).close()
    later = (home / "log-2.db").read_bytes()
    shutil.copytree(tmp_path / "older", home, dirs_exist_ok=True)
    shutil.rmtree(heads.state_folder())
    again = sign_in(VAL)
    assert (home / "log-2.db").read_bytes() == later
    assert any("log-2.db" in text and "esafety verify" in text for text in again.warnings)
    report = again.care.verify()
    assert not report["ok"]
    assert any("log-2.db" in one["text"] for one in report["findings"])
    with pytest.raises(StoreError, match="may not be the log"):
        again.care.anchor()
    with pytest.raises(StoreError, match="A later file of the log"):
        retire(sign_in(PAT), TIM)
    assert (home / "log-2.db").read_bytes() == later
    again.close()


def test_a_later_file_of_a_case_kept_apart_is_left_said_and_located(
    home: Path, sign_in: SignIn, tmp_path: Path
) -> None:
    session = sign_in()
    ref = session.casework.begin("It is about a colleague.")
    val = next(p.id for p in session.register.people.values() if p.login == VAL.login)
    do(session, ref, "apart", "add", person=val, reason="She leads the team.")
    session.close()
    shutil.copytree(home, tmp_path / "older")
    session = sign_in()
    do(session, ref, "exclude", "exclude", person=val, reason="She is named in it.")
    session.close()
    (later,) = (home / "compartments").glob("*/log-2.db")
    kept = later.read_bytes()
    shutil.copytree(home / "compartments", tmp_path / "newer")
    shutil.rmtree(home)
    shutil.copytree(tmp_path / "older", home)
    shutil.rmtree(home / "compartments")
    shutil.copytree(tmp_path / "newer", home / "compartments")
    shutil.rmtree(heads.state_folder())
    for who in (TIM, made_school.RUTH):
        again = sign_in(who)
        assert later.read_bytes() == kept
        assert any("log-2.db" in text and "kept apart" in text for text in again.warnings)
        assert any("log-2.db" in one["text"] for one in again.care.verify()["findings"])


def test_what_this_program_broke_off_is_swept_away_without_a_word(home: Path, sign_in: SignIn) -> None:
    generations.begin(home / "log-2.db")
    (home / "log-2.db").write_bytes(b"half")
    (home / "log-2.db-journal").write_bytes(b"half")
    session = sign_in(PAT)
    assert not session.warnings
    assert [path.name for path in (*home.glob("log-*"), *home.glob("making-*"))] == ["log-1.db"]
    assert session.care.verify()["ok"]
    retire(session, TIM)
    assert [path.name for path in (*home.glob("log-*"), *home.glob("making-*"))] == ["log-2.db"]


@pytest.mark.parametrize("spoilt", ["garbage", "folder", "file", "state"])
def test_a_memory_that_cannot_be_read_is_said(home: Path, sign_in: SignIn, spoilt: str) -> None:
    session = sign_in(PAT)
    session.casework.begin()
    session.close()
    (kept,) = (heads.state_folder() / "heads").glob("*.json")
    if spoilt == "garbage":
        kept.write_bytes(b"\0")
    elif spoilt == "folder":
        kept.unlink()
        kept.mkdir()
    else:
        folder = kept.parent if spoilt == "file" else kept.parent.parent
        shutil.rmtree(folder)
        folder.write_bytes(b"")
    again = sign_in(PAT)
    assert put_over.FORGOTTEN in again.warnings
    report = again.care.verify()
    assert not report["ok"]
    assert [one["text"] for one in report["findings"]] == [put_over.FORGOTTEN]
    assert bool(report["memory"]) == (spoilt != "garbage")
    again.casework.begin()
    again.close()
    assert (put_over.FORGOTTEN in sign_in(PAT).warnings) == (spoilt != "garbage")


def test_a_memory_that_cannot_be_kept_is_said(home: Path, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_in(PAT).close()
    shutil.rmtree(heads.state_folder() / "heads", ignore_errors=True)
    monkeypatch.setattr(heads.os, "access", lambda *_: False)
    again = sign_in(PAT)
    assert put_over.NOT_KEPT in again.warnings
    report = again.care.verify()
    assert (report["ok"], report["memory"]) == (True, put_over.NOT_KEPT)


@pytest.mark.parametrize(
    ("times", "earlier"), [([1, 2], 10**15 - 1), ([1], 1), ([4_102_444_800_000], 0), (list(range(200)), 200_000)]
)
def test_tries_that_cannot_be_are_said_and_left_out(
    home: Path, sign_in: SignIn, times: list[int], earlier: int
) -> None:
    told = {"v": 2, "wrong": 0, "until": 0, "times": times, "earlier": earlier}
    (home / "tries.json").write_text(json.dumps(told))
    session = sign_in(PAT)
    assert any("says what cannot be" in text for text in session.warnings)
    assert not any(str(earlier + len(times)) in text or "2100" in text for text in session.warnings)
    entered = [one.data for one in session.journal.of_kind("failed-unlocks")]
    assert sum(len(one["times"]) + one.get("earlier", 0) for one in entered) == min(
        sum(ms < 10**9 for ms in times), 199
    )
    assert not any("cannot be" in text for text in sign_in(PAT).warnings)


def test_as_many_as_are_kept_and_some_before_them_can_be(home: Path, sign_in: SignIn) -> None:
    told = {"v": 2, "wrong": 0, "until": 0, "times": list(range(1000, 1200)), "earlier": 7}
    (home / "tries.json").write_text(json.dumps(told))
    session = sign_in(PAT)
    assert any("207 times" in text or "206 times" in text for text in session.warnings), session.warnings
    assert not any("cannot be" in text for text in session.warnings)


def test_a_damaged_page_that_opening_needs_is_named(home: Path, sign_in: SignIn) -> None:
    sign_in(PAT).close()
    whole = (home / "log-1.db").read_bytes()
    refused = []
    for page in range(1, len(whole) // 4096 + 1):
        at = (page - 1) * 4096 + 2000
        (home / "log-1.db").write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        try:
            sign_in(PAT).close()
        except StoreError as error:
            refused.append((page, f"{error.title}: {error.what}"))
    assert len(refused) > 2
    # The page is named, or the entry in it that cannot be read.
    assert [text for page, text in refused if page > 1 and f": {page}." not in text and "Entry " not in text] == []
