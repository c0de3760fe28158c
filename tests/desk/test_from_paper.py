"""A paper form that is typed in afterwards (issue: for when the machine is down or gone)."""

from __future__ import annotations

import pytest

from esafety_tui.desk.session import Session
from esafety_tui.errors import UsageError
from tests.desk.driver import answer, do
from tests.desk.made_school import checked
from tests.desk.plain import plainly


def test_entries_from_a_paper_form_say_so(session: Session) -> None:
    ref = session.casework.begin()
    for wrong in ({"number": " ", "when": "yesterday 9:30"}, {"number": "12", "when": "tomorrow"}):
        with pytest.raises(UsageError) as error:
            do(session, ref, "paper", "type-in", **wrong)
        plainly(error.value)
    do(session, ref, "paper", "type-in", number="12", when="yesterday 9:30")
    answer(session, ref, "no")
    do(session, ref, "note", "add", text="What the form says", when="yesterday 9:45")
    do(session, ref, "paper", "end")
    do(session, ref, "note", "add", text="Today again")
    rows = {row["text"]: row for row in session.browsing.chronology(ref)}
    typed = next(row for text, row in rows.items() if text.startswith("Is anyone in danger"))
    assert typed["late"]
    assert "T09:30" in typed["happened_at"]
    noted = next(row for text, row in rows.items() if "What the form says" in text)
    assert noted["late"]
    assert "T09:45" in noted["happened_at"]
    assert "paper form 12" in " ".join(rows)
    assert not next(row for text, row in rows.items() if "Today again" in text)["late"]
    checked(session)
