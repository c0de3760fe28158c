"""A paper form that is typed in afterwards (issue: for when the machine is down or gone)."""

from __future__ import annotations

import pytest

from esafety_tui.desk import clock
from esafety_tui.desk.forms.base import Step
from esafety_tui.desk.session import Session
from esafety_tui.errors import UsageError
from esafety_tui.incident import commands as c
from esafety_tui.incident import events as e
from tests.desk.made_school import VAL, answer, checked, do, unlock
from tests.desk.plain import plainly

#: As the blank form prints it.
NUMBER = "BLANK-200302-0905-K7QM"


def test_entries_from_a_paper_form_say_so(session: Session) -> None:
    ref = session.casework.begin()
    for wrong in (
        {"number": " ", "when": "yesterday 9:30"},
        {"number": "12", "when": "yesterday 9:30"},
        {"number": NUMBER, "when": "tomorrow"},
    ):
        with pytest.raises(UsageError) as error:
            do(session, ref, "paper", "type-in", **wrong)
        plainly(error.value)
    do(session, ref, "paper", "type-in", number=NUMBER.lower(), when="yesterday 9:30")
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
    assert f"paper form {NUMBER}, written " in " ".join(rows)
    assert not next(row for text, row in rows.items() if "Today again" in text)["late"]
    checked(session)


def test_nobody_wrote_on_a_form_before_it_was_printed(session: Session) -> None:
    ref = session.casework.begin()
    today = f"{clock.present():%y%m%d}"
    for number, when in (
        (f"BLANK-{today}-0905-K7QM", "yesterday 9:30"), (f"BLANK-{today}-0000-K7QM", "yesterday"),
        ("BLANK-261340-0905-K7QM", "yesterday"), ("BLANK-200302-0905-K7QM", "2020-03-02 09:04"),
    ):  # fmt: skip
        with pytest.raises(UsageError) as error:
            do(session, ref, "paper", "type-in", number=number, when=when)
        plainly(error.value)
    assert session.paper == {}
    do(session, ref, "paper", "type-in", number="BLANK-200302-0905-K7QM", when="2020-03-02 09:05")


def test_what_is_done_now_is_never_as_old_as_the_paper(session: Session) -> None:
    ref = session.casework.begin()
    do(session, ref, "paper", "type-in", number=NUMBER, when="yesterday 9:30")
    do(session, ref, "second", "sign-in", login=VAL.login, password=VAL.password)
    session.casework.run(ref, [Step(c.Record(e.ClockChecked("the same", 0)))])
    do(session, ref, "note", "add", text="What the form says")
    do(session, ref, "paper", "end")
    moments = session.casework.case(ref).moments
    old = [m.event.kind for m in moments if m.late or "T09:30" in m.happened]
    assert old == ["noted"], "the note alone stood on the paper"
    kinds = [m.event.kind for m in moments]
    assert "clock-checked" in kinds
    assert "second-joined" in kinds


def test_a_form_that_was_left_half_typed_in_says_so(session: Session) -> None:
    ref = session.casework.begin()
    do(session, ref, "paper", "type-in", number=NUMBER, when="yesterday 9:30")
    do(session, ref, "note", "add", text="What the form says")
    session.close()
    again = unlock(session.home)
    try:
        do(again, ref, "note", "add", text="Today")
        do(again, ref, "note", "add", text="And this")
        texts = [str(row["text"]) for row in again.browsing.chronology(ref)]
        assert len([one for one in texts if "had not been ended" in one]) == 1
        assert next(m for m in again.casework.case(ref).moments if "Today" in str(m.event)).late is False
    finally:
        again.close()
