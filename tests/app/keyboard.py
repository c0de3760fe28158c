"""Answering a question by keys alone: numbers, letters, enter and tab, as somebody without a mouse does."""

from __future__ import annotations

from textual.widgets import Input, Static, TextArea

from esafety_tui.widgets.filepick import FileInput
from esafety_tui.widgets.pick import Pick
from tests.app.driver import Hands


async def by_keys(hands: Hands, choice: str, **given: str) -> None:
    """Choose by its number, go through its fields with what is given, record. A file is given as keys, "down down"."""
    panel = hands.panel
    assert panel.ask is not None
    ids = [one.id for one in panel.ask.choices]
    assert choice in ids, f"{panel.ask.id} offers {ids}"
    if panel.chosen is None or panel.chosen.id != choice:
        await hands.press(*str(ids.index(choice) + 1))
    group = panel.group
    if group is None:
        await hands.press("enter")
        return
    boxes = list(group)
    assert set(given) <= {box.field.id for box in boxes}, [box.field.id for box in boxes]
    if hands.app.focused is not boxes[0].entry:
        await hands.press("enter")
    for box in boxes:
        assert hands.app.focused is box.entry, f"{box.field.id} is next"
        await _fill(hands, box.entry, given.get(box.field.id, ""))
        last = box is boxes[-1]
        await hands.press(("ctrl+r" if last else "tab") if isinstance(box.entry, TextArea) else "enter")


async def _fill(hands: Hands, entry: object, text: str) -> None:
    if not text:
        return
    if isinstance(entry, Pick):
        ids = [option.id if option.id == text else option.label for option in entry._options]
        await hands.press(*str(ids.index(text) + 1))
    elif isinstance(entry, FileInput):
        await hands.press(*text.split())
    else:
        if isinstance(entry, Input) and entry.value:
            await hands.press("end", "ctrl+u")  # what a draft had put there
        await hands.type(text)


async def do(hands: Hands, id: str) -> None:
    """Do what has this id on the evidence page, by its number."""
    from esafety_tui.screens.evidence import EvidenceScreen

    page = hands.app.screen
    assert isinstance(page, EvidenceScreen), hands.top
    ids = [row.choice.id for row in page.choices.rows]
    assert id in ids, ids
    await hands.press(*str(ids.index(id) + 1), "enter")


def marked(hands: Hands) -> str:
    """What the evidence page says comes next."""
    from esafety_tui.screens.evidence import EvidenceScreen

    page = hands.app.screen
    assert isinstance(page, EvidenceScreen), hands.top
    return page.choices.chosen.id if page.choices.chosen else ""


def said(hands: Hands) -> str:
    """What the screen says, on one line and without its frames."""
    return " ".join(word for word in hands.shown.split() if word not in "│▌▐▊▎█")


def refused(hands: Hands) -> str:
    """Why not, as the present question says it; empty where it does not."""
    trouble = hands.only("#ask-trouble", Static)
    return str(trouble.content) if trouble.display else ""
