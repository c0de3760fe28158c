"""Changes of the filter: the fold, and by enumeration that nobody changes a filter alone."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from esafety_tui.record.payload import to_data
from esafety_tui.register import events as r
from esafety_tui.register import filtering as f
from esafety_tui.register.register import fold, from_data

BEFORE, END, AFTER = "2026-03-01", "2026-03-31", "2026-04-01"
#: Everybody there can be: two who decide, somebody senior, somebody who is neither.
PEOPLE = (
    f.Somebody("ann", True, True),
    f.Somebody("bob", True, True),
    f.Somebody("sen", False, True),
    f.Somebody("tea", False, False),
)


def asked(ends: str = "", change: str = "allow") -> r.FilterRequested:
    return r.FilterRequested("F1", change, "x.example", "site", "p7", "P7", "History", "Mrs Lee", BEFORE, ends)


def change(*events: r.RegisterEvent, ends: str = "") -> f.Change:
    return fold(enumerate((asked(ends), *events), 1)).filters["F1"]


def done(act: f.Act, first: f.Somebody, second: f.Somebody | None) -> r.RegisterEvent:
    """The entry that the desk writes for an act that the rules allow."""
    with_ = second.person if second else ""
    match act:
        case "agree":
            return r.FilterDecided("F1", "agreed", first.person, with_)
        case "refuse":
            return r.FilterDecided("F1", "refused", first.person)
        case "change":
            return r.FilterChanged("F1", "Technician")
        case "revert":
            return r.FilterReverted("F1", "Technician", "", first.person, with_)
        case _:
            return r.FilterCorrected("F1", "other", "text", "reason")


def walks(ends: str, today: str) -> Iterator[tuple[f.Change, tuple[tuple[f.Act, str, str], ...]]]:
    """Every change that can be reached, with one way to it: all acts by all people, alone and with everybody."""
    start: tuple[r.RegisterEvent, ...] = ()
    seen: set[tuple[object, ...]] = set()
    queue: list[tuple[tuple[r.RegisterEvent, ...], tuple[tuple[f.Act, str, str], ...]]] = [(start, ())]
    while queue:
        events, way = queue.pop()
        here = change(*events, ends=ends)
        key = (here.status, here.decided, here.reverted, bool(here.corrections))
        if key in seen:
            continue
        seen.add(key)
        yield here, way
        for act, first, second in product(f.ACTS, PEOPLE, (None, *PEOPLE)):
            if f.refusal(here, act, today, first, second) is None and len(way) < 5:
                step = (act, first.person, second.person if second else "")
                queue.append(((*events, done(act, first, second)), (*way, step)))


def test_nobody_changes_a_filter_alone_by_enumeration() -> None:
    count = in_force = 0
    for ends, today in product(("", END), (BEFORE, END, AFTER)):
        for here, way in walks(ends, today):
            count += 1
            if here.changed is not None:
                in_force += 1
                assert here.decided is not None
                pair = {here.decided.first, here.decided.second}
                assert len(pair) == 2, way
                assert "tea" not in pair, way
                assert here.decided.first in ("ann", "bob"), way
            if here.status == "reverted":
                assert here.reverted is not None
                agreed_end = bool(ends) and ends <= today
                two = here.reverted.second not in ("", here.reverted.first, "tea")
                assert agreed_end or (two and here.reverted.first in ("ann", "bob")), way
    assert count > 100
    assert in_force > 20


def test_what_is_allowed_is_exactly_this() -> None:
    """Every state, act, person and second person against the rule as one would say it aloud."""
    agreed, changed = r.FilterDecided("F1", "agreed", "ann", "bob"), r.FilterChanged("F1", "T")
    back = r.FilterReverted("F1", "T", "", "ann", "bob")
    states: dict[str, tuple[r.RegisterEvent, ...]] = {
        "requested": (), "refused": (r.FilterDecided("F1", "refused", "ann"),), "agreed": (agreed,),
        "in-force": (agreed, changed), "reverted": (agreed, changed, back), "dropped": (agreed, back),
    }  # fmt: skip
    for (status, events), act, first, second, (ends, today) in product(
        states.items(), f.ACTS, PEOPLE, (None, *PEOPLE), (("", AFTER), (END, BEFORE), (END, END), (END, AFTER))
    ):
        here = change(*events, ends=ends)
        assert here.status == status
        two = second is not None and second.person != first.person and second.person != "tea"
        team = first.person in ("ann", "bob")
        over = bool(ends) and today >= ends
        expected = {
            "agree": status == "requested" and team and two,
            "refuse": status == "requested" and team,
            "change": status == "agreed",
            "revert": status == "agreed" or (status == "in-force" and (over or (team and two))),
            "correct": True,
        }[act]
        no = f.refusal(here, act, today, first, second)
        assert (no is None) == expected, (status, act, first, second, ends, today)
        if no is not None:
            assert all((no.title, no.what, no.do, no.whose))


def test_what_came_first_stays() -> None:
    first = r.FilterDecided("F1", "refused", "ann", "", "Not now")
    here = change(first, r.FilterDecided("F1", "agreed", "bob", "ann"), r.FilterChanged("F1", "T"))
    assert (here.status, here.decided, here.changed) == ("refused", first, None)


def test_until_when_the_next_step_is_to_be_done() -> None:
    agreed, changed = r.FilterDecided("F1", "agreed", "ann", "bob"), r.FilterChanged("F1", "T")
    assert [change(*events, ends=END).due for events in ((), (agreed,), (agreed, changed))] == [BEFORE, BEFORE, END]
    assert change(agreed, changed).due == ""
    assert change(agreed, changed, r.FilterReverted("F1", "T", "", "ann"), ends=END).due == ""


WORDS = st.text(max_size=8)
ITEMS = st.sampled_from(["F1", "F2"])
EVENTS = st.one_of(
    st.builds(
        r.FilterRequested, item=ITEMS, change=WORDS, what=WORDS, sort=WORDS, whom=WORDS, whom_title=WORDS,
        reason=WORDS, asked_by=WORDS, starts=WORDS, ends=WORDS,
    ),
    st.builds(r.FilterDecided, item=ITEMS, decision=st.sampled_from(["agreed", "refused"]), first=WORDS, second=WORDS),
    st.builds(r.FilterChanged, item=ITEMS, done_by=WORDS),
    st.builds(r.FilterReverted, item=ITEMS, done_by=WORDS, reason=WORDS, first=WORDS),
    st.builds(r.FilterCorrected, item=ITEMS, about=WORDS, text=WORDS, reason=WORDS),
    st.builds(r.CalendarDone, item=ITEMS, period=WORDS, note=WORDS, refs=st.lists(WORDS, max_size=2)),
)  # fmt: skip


@given(st.lists(EVENTS, max_size=12))
def test_any_order_folds_and_reads_back_as_it_was_written(events: list[r.RegisterEvent]) -> None:
    assert [from_data(event.kind, event.version, to_data(event)) for event in events] == events
    found = fold(enumerate(events, 1))
    assert set(found.filters) == {event.item for event in events if isinstance(event, r.FilterRequested)}
    assert all(one.status in f._STANDS for one in found.filters.values())
    assert found.calendar == [event for event in events if isinstance(event, r.CalendarDone)]
