"""The policy's calendar at the desk: due with its lead time, done with a note, a review after a serious incident."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from esafety_tui.desk.asks import Reply
from esafety_tui.desk.logbook import calendar, dues
from esafety_tui.desk.session import Session
from esafety_tui.errors import UsageError
from tests.desk.driver import ILLEGAL, INTERNAL, Driver
from tests.desk.made_school import PACKS, checked, fill, offered, rebuilt_as_it_was
from tests.desk.plain import plainly


@pytest.fixture
def pack(request: pytest.FixtureRequest) -> str:
    """One policy, but for tests that say both."""
    return str(getattr(request, "param", PACKS[0]))


BOTH = pytest.mark.parametrize("pack", PACKS, indirect=True)


def on(patch: pytest.MonkeyPatch, day: date) -> None:
    """It is another day."""

    class Day(date):
        @classmethod
        def today(cls) -> date:
            return day

    patch.setattr(calendar, "today", lambda: day)
    patch.setattr(dues, "date", Day)


def test_it_is_due_from_its_lead_time_on_and_overdue_after(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    one = next(one for one in session.calendar.owed() if one.every == "every year")
    due = date.fromisoformat(one.due)
    for day, shown, late in (
        (due - timedelta(days=43), False, False), (due - timedelta(days=42), True, False), (due, True, False),
        (due + timedelta(days=1), True, True),
    ):  # fmt: skip
        on(monkeypatch, day)
        found = [line for line in session.browsing.due() if (line.about, line.id) == ("calendar", one.id)]
        assert [line.overdue for line in found] == ([late] if shown else []), day


@BOTH
def test_done_with_a_note_it_comes_again(session: Session) -> None:
    one = session.calendar.owed()[0]
    before = len(session.calendar.owed())
    session.calendar.reply(one.id, fill(offered(session.calendar.ask(one.id), "done"), note="In the meeting."))
    assert len(session.calendar.owed()) == before
    again = next(other for other in session.calendar.owed() if other.id == one.id)
    assert again.due > one.due
    (done,) = session.calendar.done()
    assert (done["item"], done["what"], done["note"], done["needed"]) == (one.id, one.what, "In the meeting.", True)
    checked(session)
    rebuilt_as_it_was(session)


def test_not_needed_says_why(session: Session) -> None:
    one = session.calendar.owed()[0]
    with pytest.raises(UsageError) as refused:
        session.calendar.reply(one.id, Reply("not-needed", {"note": " "}))
    plainly(refused.value)
    session.calendar.reply(one.id, Reply("not-needed", {"note": "Nothing happened this month."}))
    assert session.calendar.done()[0]["needed"] is False


def test_nothing_is_done_before_the_time_for_which_it_is_owed(session: Session) -> None:
    one = session.calendar.owed()[0]
    with pytest.raises(UsageError, match="before it was owed"):
        session.calendar.reply(one.id, Reply("done", {"note": "x", "when": "2010-01-01 10:00"}))
    assert list(session.calendar.done()) == []
    session.calendar.reply(one.id, Reply("done", {"note": "x", "when": ""}))


@pytest.mark.parametrize("id", ["no-such-thing", "after/no-such-thing", ""])
def test_what_is_not_owed_cannot_be_marked(session: Session, id: str) -> None:
    with pytest.raises(UsageError) as refused:
        session.calendar.reply(id, Reply("done", {"note": "x"}))
    plainly(refused.value)


@BOTH
def test_a_review_is_proposed_after_a_serious_incident(session: Session) -> None:
    assert not [one for one in session.calendar.due() if one.refs]
    driver, ref = Driver(session), session.casework.begin()
    driver.until(ref, "await", ILLEGAL)
    driver.until(ref, "close", {**ILLEGAL, **INTERNAL, "await": "crime"})
    driver.end(ref)
    assert session.browsing.show(ref)["police_referred"]
    (one,) = [one for one in session.calendar.due() if one.refs]
    assert (one.refs, one.id.startswith("after/")) == ((ref,), True)
    assert any(line.id == one.id and line.about == "calendar" for line in session.browsing.due())
    session.calendar.reply(one.id, Reply("done", {"note": "Reviewed with the Board."}))
    assert not [one for one in session.calendar.due() if one.refs]
    assert session.calendar.done()[0]["refs"] == [ref]
    # The review of the year is still to come: it was done sooner, not instead.
    assert any(other.id == one.id.removeprefix("after/") for other in session.calendar.owed())
