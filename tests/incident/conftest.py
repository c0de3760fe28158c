"""The packs that come with the program, and the people of a sitting."""

from __future__ import annotations

import pytest

from esafety_tui import resources
from esafety_tui.incident.here import Here, Second
from esafety_tui.policy.pack import PROCEDURE_FILE, Pack, parse

PACKS = [name for name in resources.packs() if (resources.pack_dir(name) / PROCEDURE_FILE).is_file()]
_READ: dict[str, Pack] = {}

SECOND = Second("p2", "proven", True)
TWO = Here("p1", senior=True, second=SECOND)
ALONE = Here("p1", senior=True)
SITTINGS = {
    "two": TWO,
    "attested": Here("p1", senior=True, second=Second("p2", "attested", True)),
    "alone": ALONE,
    "second is part of it": Here("p1", senior=True, second=Second("p2", "proven", True, conflict=True)),
    "second not senior": Here("p1", senior=True, second=Second("p2", "guest", False)),
    "second is the lead": Here("p1", senior=True, second=Second("p1", "proven", True)),
    "lead not senior": Here("p1", senior=False, second=SECOND),
    "lead is part of it": Here("p1", senior=True, conflict=True, second=SECOND),
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
