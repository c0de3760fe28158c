"""What a crash while a file was kept leaves behind: said as it is, with what to do, and without alarm."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from esafety_tui.cli.care import verified
from esafety_tui.desk.logbook.care import LEFT_OVER, only_left_over
from esafety_tui.desk.opening import BROKEN_OFF
from esafety_tui.desk.session import Session

SignIn = Callable[..., Session]

ORPHAN = "0123456789abcdef" * 2


@pytest.fixture(params=("spires",))
def pack(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_a_file_that_no_entry_names_is_told_calmly(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    folder = session.home / "evidence"
    folder.mkdir(exist_ok=True)
    (folder / f"{ORPHAN}.bin").write_bytes(b"what was encrypted so far")
    report = session.care.verify()
    assert not report["ok"], "it is a finding all the same"
    assert only_left_over(report)
    assert report["first_bad"] is None
    verified(report)
    told = capsys.readouterr()
    said = " ".join((told.out + told.err).split())
    assert "The log holds, and a broken-off intake left something over" in said
    assert all(text in said for text in LEFT_OVER)
    assert "DOES NOT HOLD" not in said
    assert "Change nothing" not in said
    # With anything else beside it, it is no longer only that.
    (folder / "picture.png").write_bytes(b"put there")
    report = session.care.verify()
    assert not only_left_over(report)
    verified(report, explain=True)
    told = capsys.readouterr()
    said = " ".join((told.out + told.err).split())
    assert "SOMETHING DOES NOT HOLD" in said
    assert LEFT_OVER[0] in said
    assert "Compare them: esafety verify --head" in said


def test_a_piece_that_was_removed_is_said_at_unlocking(session: Session, sign_in: SignIn) -> None:
    folder = session.home / "evidence"
    folder.mkdir(exist_ok=True)
    (folder / f"{ORPHAN}.part").write_bytes(b"half of it")
    again = sign_in()
    assert BROKEN_OFF in again.warnings
    assert list(folder.iterdir()) == []
    assert again.care.verify()["ok"]
    assert BROKEN_OFF not in sign_in().warnings
