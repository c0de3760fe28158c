"""Homes for the app: founded once, then copied, so that every test has its own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.desk import made_school


@pytest.fixture(scope="session", autouse=True)
def snapshot_folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Where the pictures' plugin puts what differed. A worker of a parallel run has lost the name of the folder that
    all of them share, together with every other TEXTUAL_* variable; run one after another to see the differences."""
    os.environ.setdefault("TEXTUAL_SNAPSHOT_TEMPDIR", str(tmp_path_factory.mktemp("snapshots")))


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed test home on the Spires policy."""
    folder = tmp_path_factory.mktemp("template")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ESAFETY_STATE", str(folder / "state"))
        made_school.found(folder / "home", "spires").close()
    return folder / "home"


@pytest.fixture
def home(template: Path, own_folders: Path) -> Path:
    """A home of this test's own, closed."""
    return made_school.copied(template, own_folders / "school")


@pytest.fixture
def nothing(own_folders: Path) -> Path:
    """A folder in which no log is yet."""
    return own_folders / "nothing"
