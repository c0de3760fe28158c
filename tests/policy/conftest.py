"""The two packs that come with the program, read once."""

from __future__ import annotations

import pytest

from esafety_tui import resources
from esafety_tui.policy import load
from esafety_tui.policy.tables import Tables

FILE = "policy.toml"


def _text(name: str) -> str:
    path = resources.pack_dir(name) / FILE
    return load.text_of(path.read_bytes(), f"{name}/{FILE}")


@pytest.fixture(scope="session")
def spires_text() -> str:
    return _text("spires")


@pytest.fixture(scope="session")
def spires(spires_text: str) -> Tables:
    return load.tables(spires_text, FILE)


@pytest.fixture(scope="session")
def woodside() -> Tables:
    return load.tables(_text("woodside-park"), FILE)


@pytest.fixture(params=["spires", "woodside-park"])
def either(request: pytest.FixtureRequest, spires: Tables, woodside: Tables) -> Tables:
    return spires if request.param == "spires" else woodside
