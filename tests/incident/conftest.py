"""The packs that come with the program, and the people of a sitting."""

from __future__ import annotations

import pytest

from esafety_tui import resources
from esafety_tui.incident.here import Here, Kept, Second
from esafety_tui.policy.pack import PROCEDURE_FILE, Pack, parse

PACKS = [name for name in resources.packs() if (resources.pack_dir(name) / PROCEDURE_FILE).is_file()]
_READ: dict[str, Pack] = {}

SECOND = Second("p2", "proven", True)
#: The question before looking was answered for this.
ASKED = Kept(asked_what="a site")
TWO = Here("p1", senior=True, second=SECOND, kept=ASKED)
ALONE = Here("p1", senior=True)
SITTINGS = {
    "two": TWO,
    "attested": Here("p1", senior=True, second=Second("p2", "attested", True), kept=ASKED),
    "alone": ALONE,
    "second is part of it": Here("p1", senior=True, second=Second("p2", "proven", True, conflict=True), kept=ASKED),
    "second not senior": Here("p1", senior=True, second=Second("p2", "guest", False), kept=ASKED),
    "second is the lead": Here("p1", senior=True, second=Second("p1", "proven", True), kept=ASKED),
    "lead not senior": Here("p1", senior=False, second=SECOND, kept=ASKED),
    "lead is part of it": Here("p1", senior=True, conflict=True, second=SECOND, kept=ASKED),
}


def read(name: str) -> Pack:
    """A pack of the program."""
    if name not in _READ:
        folder = resources.pack_dir(name)
        texts = [(folder / file).read_text(encoding="utf-8") for file in ("policy.toml", PROCEDURE_FILE)]
        _READ[name] = parse(texts[0], texts[1])
    return _READ[name]


@pytest.fixture(scope="session")
def spires() -> Pack:
    return read("spires")
