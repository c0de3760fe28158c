"""To a place in the log by what somebody types: a month by its name alone, a year, a day."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from esafety_tui.desk import clock
from esafety_tui.desk.asks import Reply
from esafety_tui.screens import goto
from esafety_tui.widgets.logtable import Wish
from tests.desk import made_school


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("March", "2026-03-31"),
        ("mar", "2026-03-31"),
        ("JUNE", "2026-06-30"),
        ("Sept", "2026-09-30"),
        ("november", "2026-11-30"),
        ("December", "2025-12-31"),
        ("feb", "2026-02-28"),
        ("Sept 2024", "2024-09-30"),
        ("2025", "2025-12-31"),
        ("9999-12", "9999-12-31"),
        ("2 March", "2026-03-02"),
    ],
)
def test_a_month_is_gone_to_by_its_name(home: Path, monkeypatch: pytest.MonkeyPatch, typed: str, day: str) -> None:
    session = made_school.unlock(home)
    monkeypatch.setattr(clock, "present", lambda: datetime(2026, 11, 22, 12, tzinfo=UTC))
    assert goto.place_of(session, Reply("go", {"place": typed})) == Wish("day", day)
    session.close()
