"""What is pasted arrives in its own order (a testimony must not come out in another)."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st
from textual import events

from esafety_tui.widgets import pasting
from esafety_tui.widgets.pasting import BEGIN, END, PasteParser

PASTED = st.text(st.sampled_from(["a", "b", " ", "\n", "\x1b", "[", "2", "0", "1", "~", "é", "/"]), max_size=40)


def told(data: str, pieces: int) -> list[events.Event]:
    """What a terminal's bytes come to, handed over in pieces."""
    parser = PasteParser()
    size = max(1, len(data) // pieces)
    return [event for at in range(0, len(data), size) for event in parser.feed(data[at : at + size])]


@given(PASTED, st.integers(1, 60))
@example("alpha [/x] \x1b[31m beta gamma", 1)
@example("word\x1b", 3)
@example("\x1b[20", 60)
def test_a_paste_is_one_text_in_its_own_order(pasted: str, pieces: int) -> None:
    if END in pasted:
        return  # the terminal itself would have ended the paste there
    found = told(f"x{BEGIN}{pasted}{END}y", pieces)
    words = [event.text for event in found if isinstance(event, events.Paste)]
    assert "".join(words) == pasted.replace("\x1b", "␛")
    assert len(words) <= 1
    assert [event.key for event in found if isinstance(event, events.Key)] == ["x", "y"]


def test_the_drivers_use_it() -> None:
    pasting.install()
    from textual.drivers import linux_driver

    assert linux_driver.XTermParser is PasteParser
