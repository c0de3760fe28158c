"""Homes for the app: founded once, then copied, so that every test has its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet

from esafety_tui.desk import pin
from esafety_tui.desk.case import evidence
from tests.desk import made_school
from tests.desk.driver import INTERNAL, Driver
from tests.desk.test_evidence import png


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


@pytest.fixture(scope="session", autouse=True)
def cheap_digits() -> Iterator[None]:
    """The six digits are hashed slowly on purpose; not here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pin.Cost.__init__, "__defaults__", (1, 8, 1))
        yield


@pytest.fixture(scope="session", autouse=True)
def sheets_read_once() -> Iterator[None]:
    """Every app of the tests reads the same style sheets in few sets of colours: each is parsed once."""
    parsed: dict[tuple[Any, ...], list[RuleSet]] = {}
    parse = Stylesheet._parse_rules

    def known(sheet: Stylesheet, *source: Any, **how: Any) -> list[RuleSet]:
        key = (tuple(sheet._variables.items()), source, tuple(sorted(how.items())))
        if key not in parsed:
            parsed[key] = parse(sheet, *source, **how)
        return parsed[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Stylesheet, "_parse_rules", known)
        yield


@pytest.fixture(scope="session")
def at_record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed test home with one case that waits at the record's box."""
    folder = tmp_path_factory.mktemp("record")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ESAFETY_STATE", str(folder / "state"))
        session = made_school.found(folder / "home", "spires")
        Driver(session).until(session.casework.begin(), "review", INTERNAL)
        session.close()
    return folder / "home"


@pytest.fixture
def record_home(at_record: Path, own_folders: Path) -> Path:
    """A home of this test's own, closed, its one case at the record's box."""
    return made_school.copied(at_record, own_folders / "school")


@pytest.fixture
def shots(own_folders: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """This computer's screenshot folder, with one screenshot of some days ago."""
    folder = own_folders / "Screenshots"
    folder.mkdir()
    (folder / "Screenshot 1.png").write_bytes(png())
    os.utime(folder / "Screenshot 1.png", (1_772_500_000, 1_772_500_000))
    monkeypatch.setattr(evidence, "screenshot_folder", lambda: folder)
    return folder
