"""To a place in the log by what somebody types: a month by its name alone, a year, a day."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from esafety_tui.desk import clock
from esafety_tui.desk.asks import Reply
from esafety_tui.errors import UsageError
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


def test_what_has_the_form_of_a_reference_and_is_not_there_is_said_so(home: Path) -> None:
    session = made_school.unlock(home)
    ref = session.casework.begin()
    assert goto.place_of(session, Reply("go", {"place": ref.lower()})) == Wish("ref", ref)
    for typed in ("ZZZZ-ZZZ", "zzzzzzz", "7KQ2-M9B"):
        with pytest.raises(UsageError, match="No such case"):
            goto.place_of(session, Reply("go", {"place": typed}))
    with pytest.raises(UsageError, match="no place in the log"):
        goto.place_of(session, Reply("go", {"place": "the bus"}))
    session.close()
