"""A home to try things on, cheap to open."""

from __future__ import annotations

from pathlib import Path

import pytest

from esafety_tui.vault import costs, home, tries
from tests.vault.made_home import ANN, BEN, FakeClock, Made


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(autouse=True)
def no_tries_left_over() -> None:
    tries._kept_here.clear()


@pytest.fixture
def made(tmp_path: Path) -> Made:
    path = tmp_path / "home"
    return Made(path, *home.create(path, "test", [ANN, BEN], costs.CHEAP))
