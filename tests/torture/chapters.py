"""The chapters of the torture, by name: what each tries, and the function that does it."""

from __future__ import annotations

import importlib
from pathlib import Path

from tests.torture import faults
from tests.torture.tally import Tally

#: name -> the file of this folder whose `run(place, sample)` tries it.
OTHERS = {
    "two processes at once": "races",
    "the clock goes wrong": "clocks",
    "a bit flipped in every page of every file": "bits",
    "put back, cut off, swapped": "swaps",
    "cases kept apart: put back, cut off, swapped": "swaps_apart",
    "escapes to the terminal": "escapes",
    "what stays on the disk and in memory": "canaries",
    "no network": "sockets",
    "tests that try more here": "longer",
}
#: What takes longest comes first: nothing is left to run alone at the end. The first mostly waits for a terminal.
_LONG = ("escapes to the terminal", "tests that try more here", "a bit flipped in every page of every file")
NAMES = (
    *_LONG,
    *sorted(faults.CHAPTERS, key=lambda name: "pwrite64" not in name),
    *(name for name in OTHERS if name not in _LONG),
)


def run(name: str, place: Path, sample: int) -> Tally:
    """Try a chapter in a folder of its own; its parent is shared by all."""
    if name in faults.CHAPTERS:
        return faults.run(place, sample, name)
    place.mkdir()
    tally: Tally = importlib.import_module(f"tests.torture.{OTHERS[name]}").run(place, sample)
    return tally
