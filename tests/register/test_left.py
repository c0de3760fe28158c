"""What left, folded: out until it is back, destroyed or signed for."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from esafety_tui.record.payload import to_data
from esafety_tui.register import events as r
from esafety_tui.register.register import Register, fold, from_data

LEFT = r.Left("L2345", "bundle", "zip", "7KQ2-M9X", "Stick 3", "Pat Hale", "PC Example", "", "ab" * 32, 812)


def folded(*events: r.RegisterEvent) -> Register:
    return fold(enumerate(events, 1))


def test_what_left_is_out_until_it_ends() -> None:
    gone = folded(LEFT).gone["L2345"]
    assert (gone.out, gone.to_whom, gone.seq, gone.end) == (True, "PC Example", 1, None)
    back = r.LeftBack("L2345", "destroyed", "Val Orr")
    gone = folded(LEFT, back).gone["L2345"]
    assert (gone.out, gone.end, gone.end_seq) == (False, back, 2)


def test_a_hand_over_without_a_receipt_leaves_it_out() -> None:
    assert folded(LEFT, r.LeftHanded("L2345", "PC Other")).gone["L2345"].out
    gone = folded(LEFT, r.LeftHanded("L2345", "PC Other"), r.LeftHanded("L2345", "PC Other", "by pen")).gone["L2345"]
    assert (gone.out, gone.to_whom, gone.receipt) == (False, "PC Other", "by pen")


def test_what_never_left_can_neither_be_handed_over_nor_come_back() -> None:
    assert folded(r.LeftHanded("L9999", "PC Other"), r.LeftBack("L9999", "returned")).gone == {}


EVENTS = st.one_of(
    st.builds(r.Left, item=st.sampled_from("ab"), what=st.text(), how=st.text()),
    st.builds(r.LeftHanded, item=st.sampled_from("ab"), to_whom=st.text(), receipt=st.text()),
    st.builds(r.LeftBack, item=st.sampled_from("ab"), how=st.text()),
)


@given(st.lists(EVENTS))
def test_any_order_folds_and_reads_back_as_it_was_written(events: list[r.RegisterEvent]) -> None:
    read = [from_data(event.kind, event.version, to_data(event)) for event in events]
    assert read == events
    known = {event.item for event in events if isinstance(event, r.Left)}
    assert set(folded(*events).gone) == known
