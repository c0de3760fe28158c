"""A school whose every reference and time is known beforehand, so that a picture of it is the same each time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from esafety_tui.desk import clock
from esafety_tui.desk.case.casework import Casework
from esafety_tui.desk.logbook.care import Care
from esafety_tui.desk.school import setup
from esafety_tui.incident import reference
from esafety_tui.screens import due, listing
from tests.desk import made_school
from tests.desk.made_school import VAL, answer, do

MORNING = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
WORDS = (41, "anchor bridge candle dragon engine forest", "0123456789abcdef" * 4)


class Today(date):
    """The day of the pictures."""

    @classmethod
    def today(cls) -> date:
        return date(2026, 3, 4)


@contextmanager
def frozen(minutes: int = 24 * 60, cases: int = 50) -> Iterator[None]:
    """Time stands still `minutes` after the morning; references, words and this computer's name are known.

    cases: how many references were given out before.
    """
    refs = (reference.make([(7 * n + 3 * place) % 31 for place in range(reference.LENGTH)]) for n in count(cases + 1))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: clock.of(MORNING + timedelta(minutes=minutes)))
        patch.setattr(Casework, "new_reference", lambda self: next(refs))
        patch.setattr(Care, "anchor", lambda self: WORDS)
        patch.setattr(clock, "today", Today.today)
        for room in (listing, due):
            patch.setattr(room, "date", Today)
        patch.setattr(setup.platform, "node", lambda: "office-pc")
        yield


def make(folder: Path) -> Path:
    """A home with an internal case waiting for its second person, a halted one, and a slip. Ruth's, closed."""
    with frozen(0, 0), pytest.MonkeyPatch.context() as patch:
        patch.setenv("ESAFETY_STATE", str(folder / "state"))
        session = made_school.found(folder / "home", "spires")
        first = session.casework.begin()
        for choice in ("no", "no", "done"):
            answer(session, first, choice)
        told = "Unkind messages about a pupil in the class chat last night, seen by several children."
        answer(session, first, "recorded", how="told", by="Mrs Lee", named="yes", place="Class chat", summary=told)
        answer(session, first, "add", kind="pupil", role="affected", name="Ann Lee", group="P6")
        answer(session, first, "add", kind="pupil", role="subject", name="Bo Ray", group="P6")
        answer(session, first, "go-on")
        answer(session, first, "recorded", kind="message")
        second = session.casework.begin()
        answer(session, second, "no")
        answer(session, second, "yes")
        answer(session, second, "no")
        record = made_school.offered(session.slips.ask(), "record")
        what, done = "A phone was out in class.", "Put away, parents told."
        session.slips.reply(made_school.fill(record, name="Cy Dun", kind="device", what=what, done=done))
        do(session, first, "second", "sign-in", login=VAL.login, password=VAL.password)
        do(session, first, "note", "add", text="Both were told not to answer any message.")
        session.close()
    return folder / "home"
