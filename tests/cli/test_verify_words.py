"""What verify and the trail say of what could not be read, and of times in summer."""

from __future__ import annotations

from typing import Any

import pytest

from esafety_tui.cli import care
from esafety_tui.desk.logbook import trail

DAMAGED: dict[str, Any] = {
    "ok": False, "entries": 400, "words": "400 live alpha", "first_bad": None, "evidence_checked": 0, "tombstones": 0,
    "anchored": {"head": 1817, "since": -1417}, "findings": [{"seq": None, "text": "The database file is damaged."}],
}  # fmt: skip


def test_of_a_damaged_log_no_head_is_claimed(capsys: pytest.CaptureFixture[str]) -> None:
    care.verified(DAMAGED)
    said = capsys.readouterr().out
    assert "As far as it could be read: 400 live alpha" in said
    assert "at entry 1817, which could not be read" in said
    assert "-1417" not in said
    care.verified({**DAMAGED, "ok": True, "findings": [], "anchored": {"head": 390, "since": 10}})
    said = capsys.readouterr().out
    assert "Head: 400 live alpha" in said
    assert "10 entries since" in said


def test_the_times_of_wrong_tries_are_local_ones_of_their_day() -> None:
    said = trail._failed({"times": ["2026-07-01T09:14:03.000Z", "2026-01-05T09:14:03.000Z"]}, str)
    assert "10:14" in said, "British summer time"
    assert "9:14" in said
