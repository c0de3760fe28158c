"""Which backups are kept, and what the register knows of its copies."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from esafety_tui.register import copies, copy_events
from esafety_tui.register.copies import Copies, superfluous


def _term(day: date) -> str:
    return f"{day.year}-{'autumn' if day.month >= 9 else 'spring' if day.month < 4 else 'summer'}"


def _kept(days: list[date]) -> list[date]:
    newest_first = sorted(days, reverse=True)
    named = [(str(n), day) for n, day in enumerate(newest_first)]
    gone = set(superfluous(named, [_term(day) for day in newest_first]))
    return [day for name, day in named if name not in gone]


def test_a_year_of_daily_backups_leaves_seven_days_eight_weeks_and_each_term() -> None:
    first = date(2025, 9, 1)
    kept = _kept([first + timedelta(days=n) for n in range(365)])
    last = first + timedelta(days=364)
    assert kept[:7] == [last - timedelta(days=n) for n in range(7)]
    weeks = {day.isocalendar()[:2] for day in kept}
    assert len(weeks) >= 8
    assert date(2025, 12, 31) in kept
    assert date(2026, 3, 31) in kept
    assert len(kept) <= 7 + 8 + 3


def test_several_a_day_do_not_push_the_weeks_out() -> None:
    last = date(2026, 11, 20)
    days = [last] * 30 + [last - timedelta(weeks=n) for n in range(1, 10)]
    kept = _kept(days)
    assert kept.count(last) == 7
    assert last - timedelta(weeks=7) in kept
    assert last - timedelta(weeks=8) not in kept


@given(st.lists(st.dates(date(2020, 1, 1), date(2030, 1, 1)), max_size=60))
def test_the_newest_is_always_kept_and_so_is_one_of_each_term(days: list[date]) -> None:
    kept = _kept(days)
    assert {_term(day) for day in days} == {_term(day) for day in kept}
    if days:
        assert kept[0] == max(days)
    assert _kept(kept) == kept, "what is kept once is kept the next time"


def test_the_fold_knows_what_was_lost_and_what_was_left_out() -> None:
    known = Copies()
    assert known.restores == ()
    one = copy_events.Restored("aa", "x", 5, "00", "why", "p1", "p2", 9, "ff", [(7, "77"), (9, "ff")], ["e1"])
    copies.fold(known, 12, one)
    copies.fold(known, 20, copy_events.TakenAway("pc", "Office", "PC Quinn"))
    assert known.restores == (12,)
    assert known.acknowledged == {(7, "77"), (9, "ff")}
    assert known.left_out == {"e1"}
    assert set(known.away) == {"pc"}
    copies.fold(known, 21, copy_events.NotTaken("pc", "A mistake", "p1", "p2"))
    assert not known.away


def _over(chain: str, left: dict[str, int], *heads: tuple[int, str]) -> copy_events.TakenOver:
    return copy_events.TakenOver(chain, 1, "p1", "p2", left=left, heads=list(heads))


def test_a_taking_over_ends_only_the_loss_of_what_its_copy_held() -> None:
    known = Copies()
    first = copy_events.Restored("aa", "x", 5, "00", "why", "p1", "p2", 9, "ff", [(9, "ff")])
    copies.fold(known, 6, first)
    copies.fold(known, 7, _over("ff", {}, (9, "ff")))
    assert known.missing == ()
    second = copy_events.Restored("bb", "y", 7, "01", "why", "p1", "p2", 12, "zoo zoo", [(11, "ee")])
    copies.fold(known, 8, second)
    assert [(one.epoch, one.newest) for one in known.missing] == [("bb", 12)]
    copies.fold(known, 9, _over("ff", {}, (9, "ff")))
    assert [one.newest for one in known.missing] == [12], "the same copy once more brings nothing of it"
    copies.fold(known, 10, _over("dd", {"exhibit": 1}, (12, "zoo zoo")))
    assert [one.newest for one in known.missing] == [11], "what another copy held is still missing"
    copies.fold(known, 11, copy_events.MissingSettled("bb", 11, "Nothing is known", "p1", "p2", []))
    assert known.missing == ()
    assert known.left_there.keys() == {"dd"}, "what was said of a restore says nothing of that copy"


def test_what_two_people_settled_is_still_known_to_be_only_there() -> None:
    known = Copies()
    copies.fold(known, 5, _over("aa", {"exhibit": 1}))
    copies.fold(known, 6, _over("bb", {"person-added": 1}))
    copies.fold(known, 7, copy_events.MissingSettled("", 0, "It is on paper", "p1", "p2", ["aa"]))
    assert known.left_there.keys() == {"bb"}
    assert [(seq, one.left) for seq, one in known.left_settled.values()] == [(7, {"exhibit": 1})]
    copies.fold(known, 8, copy_events.MissingSettled("", 0, "Of an earlier program", "p1", "p2"))
    assert not known.left_there
    assert known.left_settled.keys() == {"aa", "bb"}
    copies.fold(known, 9, _over("aa", {}))
    assert known.left_settled.keys() == {"bb"}, "what comes after all is not only there"
